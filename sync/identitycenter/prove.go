package identitycenter

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/aws/smithy-go"
)

// ErrUnproven says that there was no record by which token and store could be held together.
var ErrUnproven = errors.New("there was no record of the SCIM endpoint by which it could be told that the AWS lens " +
	"reads the same directory; read again")

// Require has every question but those of Prove wait for a proof that this store is the directory that is written to.
func (c *Client) Require(proof func(ctx context.Context) error) { c.proof = proof }

// provingKey marks the questions of the proof.
type provingKey struct{}

// Prove tells whether the SCIM endpoint and this identity store are one directory: both give a record the same id, and
// no call maps one to the other (github.com/awslabs/ssosync lists through the one and writes through the other). The
// ids are records that the endpoint has just shown; that some of them were deleted since proves nothing, so that one
// that is here is enough. Where users may not be asked for, groups have to do: their ids prove as much. Nothing but a
// record that is found proves anything.
func (c *Client) Prove(ctx context.Context, users, groups []string) error {
	const tries = 3
	ctx = context.WithValue(ctx, provingKey{}, true)
	if len(users)+len(groups) == 0 {
		return ErrUnproven
	}
	var withheld error // why users could not be asked for
	for _, id := range users[:min(tries, len(users))] {
		_, found, err := c.GetUser(ctx, id)
		if isAccessDenied(err) {
			withheld = err
			break
		}
		if found || err != nil {
			return err
		}
	}
	for _, id := range groups[:min(tries, len(groups))] {
		_, found, err := c.GetGroup(ctx, id)
		if found {
			return nil
		}
		if err != nil {
			return cmp.Or(withheld, err)
		}
	}
	if withheld != nil {
		return withheld
	}
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("the identity store %s does not know the records of the SCIM endpoint: token and store belong "+
		"to two directories; check aws.region, aws.identity_store_id and target.url", *store)
}

func isAccessDenied(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "AccessDeniedException" || api.ErrorCode() == "AccessDenied")
}
