package identitycenter

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/scimdrift/scimdrift/model"
)

// Dangling finds account assignments whose principal is gone: AWS removes none with it. known are the ids of users and
// groups that are there; of others it asks. It asks for the accounts of a permission set, or for who is assigned to it
// in one of them, at most so many times; rest is why there may be more, empty if these are all.
func (c *Client) Dangling(
	ctx context.Context, known map[string]bool, most int,
) (found []model.Assignment, rest string, err error) {
	instance, err := c.resolveInstance(ctx)
	if err != nil {
		return nil, "", err
	}
	sets, err := c.permissionSets(ctx, instance)
	if err != nil {
		return nil, "", err
	}
	there := maps.Clone(known)
	listed := map[model.Principal][]model.Assignment{}
	defer func() {
		c.mu.Lock()
		c.lastAssignments = listed
		c.mu.Unlock()
	}()
	asked, rest := 0, fmt.Sprintf("only the first %d lists of accounts and assignments were looked through", most)
	for _, set := range sets {
		if asked++; asked > most {
			return sortAssignments(found), rest, nil
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
				return sortAssignments(found), rest, nil
			}
			dangling, err := c.danglingIn(ctx, instance, set, account, there, listed)
			if err != nil {
				return nil, "", err
			}
			found = append(found, dangling...)
		}
	}
	return sortAssignments(found), "", nil
}

func (c *Client) danglingIn(
	ctx context.Context, instance *string, set, account string, there map[string]bool,
	listed map[model.Principal][]model.Assignment,
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
			if is, err = c.principalExists(ctx, of); err != nil {
				return nil, err
			}
			there[of.ID] = is
		}
		a := model.Assignment{
			AccountID: account, PermissionSetARN: set, PrincipalType: of.Type, PrincipalID: of.ID,
		}
		if is {
			listed[of] = append(listed[of], a)
		} else {
			found = append(found, c.withNames(ctx, a))
		}
	}
	return found, nil
}

func (c *Client) principalExists(ctx context.Context, of model.Principal) (bool, error) {
	if of.Type == model.SubjectUser {
		_, found, err := c.GetUser(ctx, of.ID)
		return found, err
	}
	_, found, err := c.GetGroup(ctx, of.ID)
	return found, err
}
