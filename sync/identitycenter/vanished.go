package identitycenter

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/smithy-go"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// vanished says what a write of an account assignment names and AWS does not know any more: its own answer is a
// ResourceNotFoundException whatever it is, and the settings are seldom to blame in the middle of a run. Two lists
// tell; what they leave open is said in AWS's words. Errors of other kinds keep their words.
func (c *Client) vanished(ctx context.Context, action string, b map[string]string, err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != "ResourceNotFoundException" {
		return c.explain(action, err)
	}
	sets, listed := c.permissionSets(ctx, aws.String(b[keyInstance]))
	if listed != nil {
		return c.explain(action, err) // the instance itself may be another
	}
	if set := b[keyPermissionSet]; !slices.Contains(sets, set) {
		return transport.Explain(err, "the permission set %s is not in IAM Identity Center any more; if the access "+
			"is still wanted, assign a set that is there to the account %s by hand", c.setName(set), b[keyTarget])
	}
	if accounts := c.accounts(ctx); accounts != nil {
		if _, there := accounts[b[keyTarget]]; !there {
			return transport.Explain(err, "the account %s is not in the organization any more, so nothing can be "+
				"assigned in it; if it was meant to stay, look for it in AWS Organizations", b[keyTarget])
		}
	}
	return transport.Explain(err, "AWS does not know what the account assignment names, although its permission set "+
		"is there (%s: %s); look for the account %s and for the group or user in the AWS console", action,
		api.ErrorMessage(), b[keyTarget])
}

// setName is what a permission set is called, as far as it was ever asked for, with the ARN that tells it for certain.
func (c *Client) setName(arn string) string {
	c.names.mu.Lock()
	defer c.names.mu.Unlock()
	if name := c.names.sets[arn]; name != "" {
		return name + " (" + arn + ")"
	}
	return cmp.Or(arn, "of no name")
}

func (c *Client) permissionSets(ctx context.Context, instance *string) ([]string, error) {
	return walk(func(token *string) ([]string, *string, error) {
		out, err := c.admin.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{
			InstanceArn: instance,
			MaxResults:  aws.Int32(perPage), NextToken: token,
		})
		if err != nil {
			return nil, nil, c.explain("sso:ListPermissionSets", err)
		}
		return out.PermissionSets, out.NextToken, nil
	}, func(arn string) string { return arn }, nil)
}
