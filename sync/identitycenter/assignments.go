package identitycenter

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// names are what ids are called, as far as the credentials may read it: an id is enough to act on.
type names struct {
	turn     transport.Turn
	asked    bool // for the accounts
	accounts map[string]string
	sets     map[string]string
}

// Assignments gives the account assignments that name a principal, and not what a user has through groups.
func (c *Client) Assignments(ctx context.Context, of model.Principal) ([]model.Assignment, error) {
	instance, err := c.instanceOf(ctx)
	if err != nil {
		return nil, err
	}
	kind := principalType(of.Type)
	pages := ssoadmin.NewListAccountAssignmentsForPrincipalPaginator(c.admin,
		&ssoadmin.ListAccountAssignmentsForPrincipalInput{
			InstanceArn: instance, PrincipalId: aws.String(of.ID), PrincipalType: kind, MaxResults: aws.Int32(perPage),
		})
	rows, err := walk(ctx, c, pages, func(
		out *ssoadmin.ListAccountAssignmentsForPrincipalOutput,
	) []types.AccountAssignmentForPrincipal {
		return out.AccountAssignments
	}, func(a types.AccountAssignmentForPrincipal) string {
		return aws.ToString(a.AccountId) + " " + aws.ToString(a.PermissionSetArn) + " " + aws.ToString(a.PrincipalId)
	}, nil)
	if err != nil {
		return nil, err
	}
	out := make([]model.Assignment, 0, len(rows))
	for i := range rows {
		if aws.ToString(rows[i].PrincipalId) != of.ID || rows[i].PrincipalType != kind {
			continue // of a group that the user is in
		}
		out = append(out, c.named(ctx, model.Assignment{
			AccountID: aws.ToString(rows[i].AccountId), PermissionSetARN: aws.ToString(rows[i].PermissionSetArn),
			PrincipalType: of.Type, PrincipalID: of.ID,
		}))
	}
	return out, nil
}

func principalType(of model.SubjectType) types.PrincipalType {
	if of == model.SubjectUser {
		return types.PrincipalTypeUser
	}
	return types.PrincipalTypeGroup
}

// named fills in what account and permission set are called, as far as the credentials may know.
func (c *Client) named(ctx context.Context, a model.Assignment) model.Assignment {
	a.PermissionSet = c.setKnownAs(ctx, a.PermissionSetARN)
	release, err := c.names.turn.Take(ctx)
	if err != nil {
		return a // whoever gave up wants no names
	}
	defer release()
	if !c.names.asked {
		c.names.asked = true
		c.names.accounts = c.accounts(ctx)
	}
	a.Account = c.names.accounts[a.AccountID]
	return a
}

// setKnownAs is what a permission set is called; empty if the credentials may not know.
func (c *Client) setKnownAs(ctx context.Context, arn string) string {
	release, err := c.names.turn.Take(ctx)
	if err != nil {
		return ""
	}
	defer release()
	name, known := c.names.sets[arn]
	if known {
		return name
	}
	instance, err := c.instanceOf(ctx)
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

// accounts gives the names of all accounts. Without organizations:ListAccounts they go by their ids.
func (c *Client) accounts(ctx context.Context) map[string]string {
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

// Dangling finds account assignments whose principal is gone: AWS removes none with it. known are the ids of users and
// groups that are there; of others it asks. It asks for the accounts of a permission set, or for who is assigned to it
// in one of them, at most so many times; rest is why there may be more, empty if these are all.
func (c *Client) Dangling(
	ctx context.Context, known map[string]bool, most int,
) (found []model.Assignment, rest string, err error) {
	instance, err := c.instanceOf(ctx)
	if err != nil {
		return nil, "", err
	}
	sets, err := c.permissionSets(ctx, instance)
	if err != nil {
		return nil, "", err
	}
	there := maps.Clone(known)
	asked, rest := 0, fmt.Sprintf("only the first %d lists of accounts and assignments were looked through", most)
	for _, set := range sets {
		if asked++; asked > most {
			return sorted(found), rest, nil
		}
		pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(c.admin,
			&ssoadmin.ListAccountsForProvisionedPermissionSetInput{
				InstanceArn: instance, PermissionSetArn: aws.String(set), MaxResults: aws.Int32(perPage),
			})
		accounts, err := walk(ctx, c, pages, func(
			out *ssoadmin.ListAccountsForProvisionedPermissionSetOutput,
		) []string {
			return out.AccountIds
		}, func(id string) string { return id }, nil)
		if err != nil {
			return nil, "", err
		}
		for _, account := range accounts {
			if asked++; asked > most {
				return sorted(found), rest, nil
			}
			dangling, err := c.danglingIn(ctx, instance, set, account, there)
			if err != nil {
				return nil, "", err
			}
			found = append(found, dangling...)
		}
	}
	return sorted(found), "", nil
}

func sorted(found []model.Assignment) []model.Assignment {
	slices.SortFunc(found, func(a, b model.Assignment) int {
		return cmp.Compare(a.String()+a.PrincipalID, b.String()+b.PrincipalID)
	})
	return found
}

// Assigned reports whether an account assignment is there, by the list of its account and permission set. What hangs on
// a principal that is gone is in it; whether lists by principal have it is not documented.
func (c *Client) Assigned(ctx context.Context, a model.Assignment) (bool, error) {
	instance, err := c.instanceOf(ctx)
	if err != nil {
		return false, err
	}
	rows, err := c.assignedIn(ctx, instance, a.PermissionSetARN, a.AccountID)
	return slices.ContainsFunc(rows, func(row types.AccountAssignment) bool {
		return aws.ToString(row.PrincipalId) == a.PrincipalID && row.PrincipalType == principalType(a.PrincipalType)
	}), err
}

func (c *Client) assignedIn(
	ctx context.Context, instance *string, set, account string,
) ([]types.AccountAssignment, error) {
	return walk(ctx, c, ssoadmin.NewListAccountAssignmentsPaginator(c.admin, &ssoadmin.ListAccountAssignmentsInput{
		InstanceArn: instance, PermissionSetArn: aws.String(set), AccountId: aws.String(account),
		MaxResults: aws.Int32(perPage),
	}), func(out *ssoadmin.ListAccountAssignmentsOutput) []types.AccountAssignment {
		return out.AccountAssignments
	},
		func(a types.AccountAssignment) string {
			return string(a.PrincipalType) + " " + aws.ToString(a.PrincipalId)
		}, nil)
}

func (c *Client) danglingIn(
	ctx context.Context, instance *string, set, account string, there map[string]bool,
) (found []model.Assignment, err error) {
	rows, err := c.assignedIn(ctx, instance, set, account)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		of := model.Principal{Type: model.SubjectGroup, ID: aws.ToString(rows[i].PrincipalId)}
		if rows[i].PrincipalType == types.PrincipalTypeUser {
			of.Type = model.SubjectUser
		}
		is, asked := there[of.ID]
		if !asked {
			if is, err = c.exists(ctx, of); err != nil {
				return nil, err
			}
			there[of.ID] = is
		}
		if !is {
			found = append(found, c.named(ctx, model.Assignment{
				AccountID: account, PermissionSetARN: set,
				PrincipalType: of.Type, PrincipalID: of.ID,
			}))
		}
	}
	return found, nil
}

func (c *Client) exists(ctx context.Context, of model.Principal) (bool, error) {
	if of.Type == model.SubjectUser {
		_, found, err := c.GetUser(ctx, of.ID)
		return found, err
	}
	_, found, err := c.GetGroup(ctx, of.ID)
	return found, err
}
