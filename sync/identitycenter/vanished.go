package identitycenter

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/smithy-go"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// explainMissing says what a write of an account assignment names and AWS does not know any more: its own answer is a
// ResourceNotFoundException whatever it is, and the settings are seldom to blame in the middle of a run. Two lists
// tell; what they leave open is said in AWS's words. Errors of other kinds keep their words.
func (c *Client) explainMissing(ctx context.Context, b map[string]string, err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != "ResourceNotFoundException" {
		return c.explain(err)
	}
	sets, listed := c.permissionSets(ctx, aws.String(b[keyInstance]))
	if listed != nil {
		return c.explain(err) // the instance itself may be another
	}
	if set := b[keyPermissionSet]; !slices.Contains(sets, set) {
		return transport.Explain(err, "the permission set %s is not in IAM Identity Center any more; if the access "+
			"is still wanted, assign a set that is there to the account %s by hand",
			c.permissionSetName(ctx, set)+" ("+set+")", b[keyTarget])
	}
	if accounts := c.accountNames(ctx); accounts != nil {
		if _, there := accounts[b[keyTarget]]; !there {
			return transport.Explain(err, "the account %s is not in the organization any more, so nothing can be "+
				"assigned in it; if it was meant to stay, look for it in AWS Organizations", b[keyTarget])
		}
	}
	return transport.Explain(err, "AWS does not know what the account assignment names, although its permission set "+
		"is there (%s: %s); look for the account %s and for the group or user in the AWS console", iamAction(err),
		api.ErrorMessage(), b[keyTarget])
}

func (c *Client) permissionSets(ctx context.Context, instance *string) ([]string, error) {
	return walk(ctx, c, ssoadmin.NewListPermissionSetsPaginator(c.admin, &ssoadmin.ListPermissionSetsInput{
		InstanceArn: instance, MaxResults: aws.Int32(perPage),
	}), func(out *ssoadmin.ListPermissionSetsOutput) []string { return out.PermissionSets },
		func(arn string) string { return arn }, nil)
}
