package scim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// neverShown: no group shows a member although there are users. They may all be empty, or the target hides them.
const neverShown = "the target shows no member of any group, in the list of groups, in a single one or in its users, " +
	"which need not mean that all are empty; compare memberships at the target"

// readGeneric takes the members out of the groups. Servers differ in where they show them: in the list, only in the
// single group, only in the users, or nowhere; what they leave out must not pass for empty.
func (m *memberRead) readGeneric(ctx context.Context) ([]model.MemberList, model.Coverage, []model.User) {
	r := genericRead{
		memberRead: m, listed: m.c.observed.snapshot().groups, seen: m.c.observed.snapshot().users,
		singles: make([]*readGroup, len(m.groups)), errs: make([]error, len(m.groups)),
	}
	lists, coverage := r.read(ctx)
	if coverage.Complete() && len(r.unlisted) > 0 {
		coverage = model.PartialCoverage(unlistedReason(r.unlisted))
	}
	return lists, coverage, r.unlisted
}

func unlistedReason(users []model.User) string {
	names := make([]string, 0, maxExamples)
	for i := range users[:min(len(users), maxExamples)] {
		names = append(names, model.Visible(users[i].UserName))
	}
	slices.Sort(names)
	return fmt.Sprintf("the list of users leaves out %s whom groups name (such as %s); there may be others, so look "+
		"at the target why it does not list them", model.Counted(len(users), "user", "users"),
		strings.Join(names, ", "))
}

const maxExamples = 3

type genericRead struct {
	*memberRead

	listed map[string]readGroup
	seen   observedUsers

	// singles are the groups that were read one by one, and errs what failed of that. No two goroutines read the same.
	singles []*readGroup
	errs    []error
	// unlisted are the users whom the list of users left out.
	unlisted []model.User
}

func (r *genericRead) read(ctx context.Context) ([]model.MemberList, model.Coverage) {
	usersExist := len(r.users) > 0 || !r.seen.complete
	ask, reason := r.groupsToRead(ctx, usersExist)
	hides := reason == neverShown
	if reason == "" {
		r.readSingles(ctx, ask)
		if usersExist && !r.c.observed.believesEmpty() && !r.believesLone(ctx) {
			// A single record that could not be read may be the one that has members.
			reason, hides = neverShown, !slices.ContainsFunc(r.errs, func(err error) bool { return err != nil })
		}
	}
	if reason != "" {
		if r.seen.groups != nil {
			return r.listsFromUsers()
		}
		lists, coverage := unknownMembers(len(r.groups), reason)
		for i := range lists {
			lists[i].Hidden = hides
		}
		return lists, coverage
	}
	lists := r.memberLists(ctx)
	r.progress.report(len(r.groups), len(r.groups))
	return lists, model.CoverageOfMembers(lists)
}

// groupsToRead decides which groups have to be read one by one, or why that is no use. Those are such as the list shows
// empty and should not be, and all where the list shows fewer members than the groups themselves: the one that lacks
// most of what is expected tells, of those with members where the list shows any.
func (r *genericRead) groupsToRead(ctx context.Context, usersExist bool) (ask []int, reason string) {
	all := make([]int, len(r.groups))
	shows := r.c.observed.showsMembers() || !usersExist
	most, lacks := -1, 0
	for i := range all {
		all[i] = i
		seen, listed := r.listed[r.groups[i].ID]
		if !listed || len(seen.members) == 0 && r.expect.sizeOf(i) > 0 {
			ask = append(ask, i)
		}
		lack := r.expect.sizeOf(i) - seen.memberCount()
		if seen.showsMembers() == shows && (lack > lacks || !shows && most < 0) {
			most, lacks = i, lack
		}
	}
	if most < 0 {
		return ask, ""
	}
	one, err := r.readSingle(ctx, most)
	switch {
	case shows && (err != nil || one.memberCount() <= r.listed[r.groups[most].ID].memberCount()):
		r.errs[most] = nil // the list still stands for itself
		return ask, ""
	case err != nil && transport.StatusOf(err) != http.StatusForbidden: // that may be about this one alone
		return nil, r.c.reason(err)
	case err == nil && !one.hasMembers:
		return nil, neverShown
	}
	// Where the list shows no member of any, an empty one is no word on the others.
	return all, ""
}

func (r *genericRead) readSingle(ctx context.Context, i int) (readGroup, error) {
	if r.singles[i] == nil && r.errs[i] == nil {
		one, found, err := r.c.readRecord(ctx, ofGroups, r.groups[i].ID)
		switch {
		case found:
			r.singles[i] = &one.group
		case err == nil:
			err = &shortfall{reason: "the group was gone when its members were read; reload"}
		}
		r.errs[i] = err
	}
	if r.errs[i] != nil {
		return readGroup{}, r.errs[i]
	}
	return *r.singles[i], nil
}

func (r *genericRead) readSingles(ctx context.Context, ask []int) {
	errs := transport.Each(ctx, len(ask), inFlight, func(ctx context.Context, i int) error {
		_, err := r.readSingle(ctx, ask[i])
		return err
	}, func(done int) { r.progress.report(len(r.groups)-len(ask)+done, len(r.groups)) })
	for i, err := range errs {
		r.errs[ask[i]] = err
	}
}

func (r *genericRead) memberLists(ctx context.Context) []model.MemberList {
	rows, lists := make([]readGroup, len(r.groups)), make([]model.MemberList, len(r.groups))
	for i := range rows {
		rows[i] = r.listed[r.groups[i].ID]
		if r.singles[i] != nil {
			rows[i] = *r.singles[i]
		}
	}
	cut := r.cutReasons(ctx, rows)
	who, err := r.c.resolveReferences(ctx, rows)
	for i := range rows {
		lists[i] = memberList(rows[i], who)
		r.c.observed.remarkMembers(&rows[i], &lists[i])
		switch {
		case r.errs[i] != nil:
			lists[i].Unknown = r.c.reason(r.errs[i])
		case err != nil:
			lists[i].Unknown = r.c.reason(err)
		case lists[i].Unknown == "":
			lists[i].Unknown = cut[i]
		}
	}
	met := map[string]bool{}
	for i := range rows {
		for _, ref := range rows[i].members {
			if one := who[ref]; one.unlisted != nil && !met[one.user] {
				met[one.user] = true
				r.unlisted = append(r.unlisted, *one.unlisted)
			}
		}
	}
	return lists
}

func (r *genericRead) listsFromUsers() ([]model.MemberList, model.Coverage) {
	lists := make([]model.MemberList, len(r.groups))
	for i := range r.groups {
		lists[i].IDs = r.seen.groups[r.groups[i].ID]
		if !r.seen.complete {
			lists[i].Unknown = "this target shows memberships in its users only, and those were not all read; reload"
		}
	}
	return lists, model.CoverageOfMembers(lists)
}

// membersShown are the members that a group's own record shows.
func (c *Client) membersShown(ctx context.Context, r readGroup) (model.MemberList, error) {
	groupID := r.group.ID
	r, why := c.compareWithList(ctx, r)
	if len(r.members) == 0 && r.withoutID == 0 && why == "" && !c.observed.believesEmpty() {
		return c.emptyOrUnknown(ctx, groupID)
	}
	was := c.observed.markOf(groupID)
	if n := r.memberCount(); why == "" && c.maybeCut(n) && !was.written && was.settledSize != n {
		r, why = c.completeByFilter(ctx, r)
	}
	lists, err := c.memberLists(ctx, []readGroup{r})
	if err != nil {
		return model.MemberList{}, err
	}
	c.observed.remarkMembers(&r, &lists[0])
	if lists[0].Unknown == "" {
		lists[0].Unknown = why
	}
	return lists[0], nil
}

// emptyOrUnknown is what is known of a group without members where nobody has seen that the target shows any.
func (c *Client) emptyOrUnknown(ctx context.Context, groupID string) (model.MemberList, error) {
	if c.observed.markOf(groupID).created {
		return model.MemberList{}, nil
	}
	if c.observed.snapshot().groups == nil { // nothing was listed yet: one page tells whether this target shows members
		p, err := c.readPageFrom(ctx, ofGroups, 1, "")
		for _, raw := range p.rows {
			if _, r, broken := c.decodeGroup(raw); err == nil && broken == nil {
				c.observed.noteShown(r)
			}
		}
		if c.observed.believesEmpty() {
			return model.MemberList{}, nil
		}
	}
	if members, told := c.membersByFilter(ctx, groupID); told {
		return model.MemberList{IDs: members}, nil
	}
	return model.MemberList{
		Hidden: true,
		Unknown: "the target did not show the members of this group, which need not mean that it is empty: it shows " +
			"none of any; compare at the target",
	}, nil
}

// believesLone reports whether a target that shows no member may be believed because it has one user and one group:
// that is no pattern. The user's own record and the filter by members must not say otherwise.
func (r *genericRead) believesLone(ctx context.Context) bool {
	if len(r.users) != 1 || len(r.groups) != 1 || !r.seen.complete || r.errs[0] != nil {
		return false
	}
	user, found, err := r.c.readRecord(ctx, ofUsers, r.users[0].ID)
	if err != nil || !found || len(user.user.groups) > 0 {
		return false
	}
	if p, err := r.c.readPage(ctx, ofGroups, equalsFilter(groupsFilter, r.users[0].ID)); err == nil && len(p.rows) > 0 {
		if heeds, err := r.c.heedsFilter(ctx, ofGroups, groupsFilter); err != nil || heeds != model.No {
			return false
		}
	}
	if ctx.Err() != nil {
		return false
	}
	r.c.observed.update(func() { r.c.observed.loneBelieved = true })
	return true
}
