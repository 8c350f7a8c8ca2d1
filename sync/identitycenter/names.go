package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// nameCache has what ids are called, as far as the credentials may read it: an id is enough to act on.
type nameCache struct {
	mu       transport.ContextMutex
	asked    bool // for the accounts
	accounts map[string]string
	sets     map[string]string
}

// withNames fills in what account and permission set are called, as far as the credentials may know.
func (c *Client) withNames(ctx context.Context, a model.Assignment) model.Assignment {
	a.PermissionSet = c.knownSetName(ctx, a.PermissionSetARN)
	release, err := c.names.mu.Lock(ctx)
	if err != nil {
		return a // whoever gave up wants no names
	}
	defer release()
	if !c.names.asked {
		c.names.asked = true
		c.names.accounts = c.accountNames(ctx)
	}
	a.Account = c.names.accounts[a.AccountID]
	return a
}

// knownSetName is what a permission set is called; empty if the credentials may not know.
func (c *Client) knownSetName(ctx context.Context, arn string) string {
	release, err := c.names.mu.Lock(ctx)
	if err != nil {
		return ""
	}
	defer release()
	name, known := c.names.sets[arn]
	if known {
		return name
	}
	instance, err := c.resolveInstance(ctx)
	if err != nil {
		return ""
	}
	out, err := c.admin.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{
		InstanceArn: instance, PermissionSetArn: aws.String(arn),
	})
	if err == nil && out.PermissionSet != nil {
		name = aws.ToString(out.PermissionSet.Name)
	}
	if ctx.Err() == nil {
		if c.names.sets == nil {
			c.names.sets = map[string]string{}
		}
		c.names.sets[arn] = name // a refusal would only be repeated
	}
	return name
}

// accountNames gives the names of all accounts. Without organizations:ListAccounts they go by their ids.
func (c *Client) accountNames(ctx context.Context) map[string]string {
	const perPage = 20 // the most that Organizations gives at once
	rows, err := walk(ctx, c, organizations.NewListAccountsPaginator(c.orgs, &organizations.ListAccountsInput{
		MaxResults: aws.Int32(perPage),
	}), func(out *organizations.ListAccountsOutput) []orgtypes.Account { return out.Accounts },
		func(a orgtypes.Account) string { return aws.ToString(a.Id) }, nil)
	if err != nil {
		return nil
	}
	byID := make(map[string]string, len(rows))
	for i := range rows {
		byID[aws.ToString(rows[i].Id)] = aws.ToString(rows[i].Name)
	}
	return byID
}
