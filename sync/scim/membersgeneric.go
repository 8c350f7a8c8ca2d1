package scim

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

// membershipsGeneric takes the members out of the groups. Servers differ in where they show them: in the list, only in
// the single group, only in the users, or nowhere; what they leave out must not pass for empty.
func (c *Client) membershipsGeneric(
	ctx context.Context, users []model.User, groups []model.Group, expect []int, told progress,
) ([]model.MemberList, model.Coverage) {
	if len(groups) == 0 {
		return nil, model.CompleteCoverage()
	}
	r := genericRead{
		c: c, groups: groups, expect: expect, told: told,
		listed: c.seen.lastGroups(), single: map[int]readGroup{}, errs: map[int]error{},
	}
	seen := c.seen.lastUsers()
	asked, reason := r.toAsk(ctx, len(users) > 0 || !seen.complete)
	if reason != "" {
		if seen.groups != nil {
			return r.fromUsers(seen)
		}
		if lists, ok := r.byFilter(ctx); ok {
			return lists, coverageOf(lists)
		}
		return unknownMembers(len(groups), reason)
	}
	r.askEach(ctx, asked)
	lists := make([]model.MemberList, len(groups))
	for i := range groups {
		lists[i] = r.members(i)
	}
	r.told.tell(len(groups), len(groups))
	return lists, coverageOf(lists)
}

type genericRead struct {
	c      *Client
	groups []model.Group
	expect estimates
	listed map[string]readGroup
	told   progress

	mu     sync.Mutex
	single map[int]readGroup
	errs   map[int]error
}

// toAsk decides which groups have to be read one by one, or why that is no use.
func (r *genericRead) toAsk(ctx context.Context, usersExist bool) (ask []int, reason string) {
	var unlisted, doubtful []int
	for i := range r.groups {
		seen, ok := r.listed[r.groups[i].ID]
		switch {
		case !ok:
			unlisted = append(unlisted, i)
		case len(seen.members) == 0 && r.expect.of(i) > 0:
			doubtful = append(doubtful, i)
		}
	}
	if r.c.seen.showsMembers() || !usersExist {
		return append(unlisted, doubtful...), ""
	}
	// No group of the list has a member although there are users: either all are empty, or lists do not show members. The
	// largest one, by the estimate, tells.
	largest := 0
	for i := range r.groups {
		if r.expect.of(i) > r.expect.of(largest) {
			largest = i
		}
	}
	one := r.read(ctx, largest)
	err := r.errs[largest]
	switch {
	case err != nil:
		return nil, r.c.reason(err)
	case !one.hasMembers:
		return nil, "the target shows no members, neither in the list of groups nor in a single one; compare memberships at the target"
	}
	// An empty list is no word on the other groups, even where the list of groups shows it empty as well: this one may be so,
	// and the list may show no member of any.
	return r.all(), ""
}

func (r *genericRead) all() []int {
	all := make([]int, len(r.groups))
	for i := range all {
		all[i] = i
	}
	return all
}

// read reads one group by itself, unless that was done before.
func (r *genericRead) read(ctx context.Context, i int) readGroup {
	r.mu.Lock()
	seen, done := r.single[i]
	r.mu.Unlock()
	if done {
		return seen
	}
	got, found, err := r.c.groupRecord(ctx, r.groups[i].ID)
	if err == nil && !found {
		err = &shortfall{reason: "the group was gone when its members were read; reload"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.single[i], r.errs[i] = got, err
	return got
}

func (r *genericRead) askEach(ctx context.Context, ask []int) {
	errs := each(ctx, len(ask), func(ctx context.Context, i int) error {
		r.read(ctx, ask[i])
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.errs[ask[i]]
	}, func(done int) { r.told.tell(len(r.groups)-len(ask)+done, len(r.groups)) })
	for i, err := range errs {
		r.errs[ask[i]] = err
	}
}

// members is what is known of a group in the end.
func (r *genericRead) members(i int) model.MemberList {
	if err := r.errs[i]; err != nil {
		return model.MemberList{IDs: r.listed[r.groups[i].ID].members, Unknown: r.c.reason(err)}
	}
	group, ok := r.single[i]
	if !ok {
		group = r.listed[r.groups[i].ID]
	}
	r.c.seen.noteNested(group)
	return memberList(group)
}

// memberList turns the members of a row into a list. Members without an id are somebody.
func memberList(r readGroup) model.MemberList {
	result := model.MemberList{IDs: r.members}
	if r.nameless > 0 {
		result.Unknown = fmt.Sprintf("%d members came without an id; look at the group at the target", r.nameless)
	}
	return result
}

// fromUsers takes the memberships from the users' own groups attribute.
func (r *genericRead) fromUsers(seen userSightings) ([]model.MemberList, model.Coverage) {
	lists := make([]model.MemberList, len(r.groups))
	for i := range r.groups {
		lists[i].IDs = seen.groups[r.groups[i].ID]
		if !seen.complete {
			lists[i].Unknown = "this target shows memberships in its users only, and those were not all read; reload"
		}
	}
	return lists, coverageOf(lists)
}

func (c *Client) membersOfGeneric(ctx context.Context, groupID string) (model.MemberList, error) {
	r, found, err := c.groupRecord(ctx, groupID)
	switch {
	case err != nil:
		return model.MemberList{}, err
	case !found:
		return model.MemberList{}, errors.New("the group is gone from the target; reload all groups")
	case !r.hasMembers && c.seen.justCreated(groupID):
		return model.MemberList{}, nil
	case !r.hasMembers && c.seen.verdict() == filterVerdict{judged: true}:
		members, err := c.membersByFilter(ctx, groupID)
		return model.MemberList{IDs: members}, err
	case !r.hasMembers && !c.seen.showsSingly():
		return model.MemberList{Unknown: "the target did not show the members of this group, which need not mean that it is empty; compare at the target"}, nil
	}
	return memberList(r), nil
}
