package scim

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
)

// membersShown are the members that a group's own record shows.
func (c *Client) membersShown(ctx context.Context, r readGroup) (model.MemberList, error) {
	groupID := r.group.ID
	r, why := c.likeTheList(ctx, r)
	if len(r.members) == 0 && r.nameless == 0 && why == "" && !c.seen.believesEmpty() {
		return c.perhapsEmpty(ctx, groupID)
	}
	if n := r.size(); why == "" && c.suspect(n) && !c.seen.wasWritten(groupID) && !c.seen.settledAt(groupID, n) {
		r, why = c.uncut(ctx, r)
	}
	who, err := c.settle(ctx, r.members)
	if err != nil {
		return model.MemberList{}, err
	}
	list := c.memberList(r, who)
	if list.Unknown == "" {
		list.Unknown = why
	}
	return list, nil
}

// perhapsEmpty is what is known of a group that shows nobody at a target of which nobody has seen that it shows
// members.
func (c *Client) perhapsEmpty(ctx context.Context, groupID string) (model.MemberList, error) {
	if c.seen.justCreated(groupID) {
		return model.MemberList{}, nil
	}
	if c.seen.verdict() == (filterVerdict{judged: true}) {
		members, err := c.membersByFilter(ctx, groupID)
		return model.MemberList{IDs: members}, err
	}
	if c.seen.lastGroups() == nil { // nothing was listed yet: one page tells whether this target shows members
		p, err := c.pageFrom(ctx, ofGroups, 1)
		for _, raw := range p.rows {
			if r, broken := c.decodeGroup(raw); err == nil && broken == nil {
				c.seen.noteShown(r)
			}
		}
		if c.seen.believesEmpty() {
			return model.MemberList{}, nil
		}
	}
	return model.MemberList{
		Hidden:  true,
		Unknown: "the target did not show the members of this group, which need not mean that it is empty: it shows none of any; compare at the target",
	}, nil
}

// lone reports whether a target that shows no member may be believed because it has one user and one group: that is no
// pattern. The user's own record and the filter by members must not say otherwise.
func (r *genericRead) lone(ctx context.Context) bool {
	if len(r.users) != 1 || len(r.groups) != 1 || !r.seen.complete || r.errs[0] != nil {
		return false
	}
	raw, found, err := r.c.rawRecord(ctx, ofUsers, r.users[0].ID)
	if err != nil || !found {
		return false
	}
	if user, err := decodeUser(raw); err != nil || len(user.groups) > 0 {
		return false
	}
	p, err := r.c.page(ctx, ofGroups, equals(groupsFilter, r.users[0].ID))
	if err == nil && len(p.rows) > 0 && r.c.tryFilter(ctx, styleNone, ofGroups, groupsFilter) == "" ||
		ctx.Err() != nil {
		return false
	}
	r.c.seen.believeLone()
	return true
}
