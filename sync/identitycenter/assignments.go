package identitycenter

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/scimdrift/scimdrift/model"
)

// Assignments gives the account assignments that name a principal, and not what a user has through groups. A list by
// principal that lacks what the list of an account still has is an error: what nobody knows of is lost with a delete.
func (c *Client) Assignments(ctx context.Context, of model.Principal) ([]model.Assignment, error) {
	instance, err := c.resolveInstance(ctx)
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
		out = append(out, c.withNames(ctx, model.Assignment{
			AccountID: aws.ToString(rows[i].AccountId), PermissionSetARN: aws.ToString(rows[i].PermissionSetArn),
			PrincipalType: of.Type, PrincipalID: of.ID,
		}))
	}
	c.mu.Lock()
	listed := c.lastAssignments[of]
	c.mu.Unlock()
	for _, a := range listed {
		if slices.ContainsFunc(out, func(b model.Assignment) bool {
			return a.AccountID == b.AccountID && a.PermissionSetARN == b.PermissionSetARN
		}) {
			continue
		}
		still, err := c.Assigned(ctx, a)
		if err != nil || still {
			return nil, cmp.Or(err, fmt.Errorf("AWS lists an account assignment of %s in account %s and leaves it out "+
				"of those of the %s; look in IAM Identity Center, and read again", of.ID, a.AccountID, of.Type))
		}
		c.unlist(of, a.AccountID, a.PermissionSetARN)
	}
	return out, nil
}

// unlist forgets an assignment that a list by account had, and that is gone by now.
func (c *Client) unlist(of model.Principal, account, set string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if listed := c.lastAssignments[of]; len(listed) > 0 {
		c.lastAssignments[of] = slices.DeleteFunc(slices.Clone(listed), func(a model.Assignment) bool {
			return a.AccountID == account && a.PermissionSetARN == set
		})
	}
}

func principalType(of model.SubjectType) types.PrincipalType {
	if of == model.SubjectUser {
		return types.PrincipalTypeUser
	}
	return types.PrincipalTypeGroup
}

func sortAssignments(found []model.Assignment) []model.Assignment {
	slices.SortFunc(found, func(a, b model.Assignment) int {
		return cmp.Compare(a.String()+a.PrincipalID, b.String()+b.PrincipalID)
	})
	return found
}

// Assigned reports whether an account assignment is there, by the list of its account and permission set. What hangs on
// a principal that is gone is in it; whether lists by principal have it is not documented.
func (c *Client) Assigned(ctx context.Context, a model.Assignment) (bool, error) {
	instance, err := c.resolveInstance(ctx)
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
