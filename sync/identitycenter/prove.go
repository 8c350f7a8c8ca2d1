package identitycenter

import (
	"context"
	"errors"
	"fmt"
)

// ErrUnproven says that there was no record by which token and store could be held together.
var ErrUnproven = errors.New("there was no record of the SCIM endpoint by which it could be told that the AWS lens reads the same directory; read again")

// Prove tells whether the SCIM endpoint and this identity store are one directory: both give a record the same id, and no call maps
// one to the other (github.com/awslabs/ssosync lists through the one and writes through the other). The ids are records that the
// endpoint has just shown; that some of them were deleted since proves nothing, so that one that is here is enough.
func (c *Client) Prove(ctx context.Context, users, groups []string) error {
	const tries = 3
	if len(users)+len(groups) == 0 {
		return ErrUnproven
	}
	for _, id := range users[:min(tries, len(users))] {
		if _, found, err := c.GetUser(ctx, id); found || err != nil {
			return err
		}
	}
	for _, id := range groups[:min(tries, len(groups))] {
		if _, found, err := c.GetGroup(ctx, id); found || err != nil {
			return err
		}
	}
	store, err := c.storeOf(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("the identity store %s does not know the records of the SCIM endpoint: token and store belong to two directories; "+
		"check aws.region, aws.identity_store_id and target.url", *store)
}
