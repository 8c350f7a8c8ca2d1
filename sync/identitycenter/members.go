package identitycenter

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const inFlight = 8

type member = types.GroupMembership

var errGroupGone = errors.New("the group is gone from the identity store; reload all groups")

// MembersOf gives the members of a group.
func (c *Client) MembersOf(ctx context.Context, groupID string) (model.MemberList, error) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return model.MemberList{}, err
	}
	pages := identitystore.NewListGroupMembershipsPaginator(c.store, &identitystore.ListGroupMembershipsInput{
		IdentityStoreId: store, GroupId: aws.String(groupID), MaxResults: aws.Int32(perPage),
	})
	rows, err := walk(ctx, c, pages,
		func(out *identitystore.ListGroupMembershipsOutput) []member { return out.GroupMemberships },
		memberID, nil)
	if isRecordGone(err, types.ResourceTypeGroup) {
		return model.MemberList{}, errGroupGone
	}
	if err != nil {
		return model.MemberList{}, err
	}
	return model.MemberList{IDs: model.Map(rows, func(m *member) string { return memberID(*m) })}, nil
}

// memberID is empty for a member of a kind that is none of ours, which makes the list one that cannot be believed.
func memberID(m member) string {
	if user, ok := m.MemberId.(*types.MemberIdMemberUserId); ok {
		return user.Value
	}
	return ""
}

// Memberships asks every group for its members. No user can be left out of the list of users without being left out
// here too, so that extra is always empty.
func (c *Client) Memberships(
	ctx context.Context, _ []model.User, groups []model.Group, _ []int, told progress,
) (lists []model.MemberList, coverage model.Coverage, extra []model.User) {
	lists = c.Members(ctx, model.Map(groups, func(g *model.Group) string { return g.ID }), told)
	return lists, model.CoverageOfMembers(lists), nil
}

// Members gives a list for each of some groups. What cannot be read is unknown with its reason.
func (c *Client) Members(ctx context.Context, groupIDs []string, told progress) []model.MemberList {
	ctx = transport.BeginPart(ctx)
	lists := make([]model.MemberList, len(groupIDs))
	transport.Each(ctx, len(groupIDs), inFlight, func(ctx context.Context, i int) error {
		list, err := c.MembersOf(ctx, groupIDs[i])
		if err != nil {
			list = model.MemberList{Unknown: err.Error()}
		}
		lists[i] = list
		return nil // what failed is in the lists
	}, func(done int) {
		if told != nil {
			told(done, len(groupIDs))
		}
	})
	return lists
}

// GroupsOf gives the groups that a user is in, and reads their names one by one.
func (c *Client) GroupsOf(ctx context.Context, userID string) (groups []model.GroupRef, incomplete string, err error) {
	ids, _, err := c.NamedGroups(ctx, userID)
	if err != nil {
		return nil, "", err
	}
	for _, id := range ids {
		group, found, err := c.GetGroup(ctx, id)
		if err != nil {
			return nil, "", err
		}
		if found {
			groups = append(groups, model.GroupRef{ID: group.ID, Name: group.Name})
		}
	}
	return groups, "", nil
}

// NamedGroups gives the ids of the groups that a user is in.
func (c *Client) NamedGroups(ctx context.Context, userID string) (ids []string, told bool, err error) {
	store, err := c.resolveStoreID(ctx)
	if err != nil {
		return nil, false, err
	}
	pages := identitystore.NewListGroupMembershipsForMemberPaginator(c.store,
		&identitystore.ListGroupMembershipsForMemberInput{
			IdentityStoreId: store, MemberId: &types.MemberIdMemberUserId{Value: userID},
			MaxResults: aws.Int32(perPage),
		})
	rows, err := walk(ctx, c, pages,
		func(out *identitystore.ListGroupMembershipsForMemberOutput) []member { return out.GroupMemberships },
		func(m member) string { return aws.ToString(m.GroupId) }, nil)
	return model.Map(rows, func(m *member) string { return aws.ToString(m.GroupId) }), err == nil, err
}
