package scim

import (
	"cmp"
	"context"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// byFilter asks for the users of each group where no record shows members. ok is false where the filter proves nothing: the
// target has none, lists somebody for a group that cannot exist, or knows nobody in any group.
func (r *genericRead) byFilter(ctx context.Context) (lists []model.MemberList, ok bool) {
	known, err := r.c.features.once(ctx, r.c)
	if err != nil || known.noFilter || r.c.tryFilter(ctx, styleNone, ofUsers, membersFilter) != "" {
		return nil, false
	}
	lists = make([]model.MemberList, len(r.groups))
	order := r.all()
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.expect.of(b), r.expect.of(a)) })
	// The largest ones tell whether there is any use in asking the others.
	for _, part := range [][]int{order[:min(len(order), few)], order[min(len(order), few):]} {
		errs := each(ctx, len(part), func(ctx context.Context, i int) (err error) {
			lists[part[i]].IDs, err = r.c.membersByFilter(ctx, r.groups[part[i]].ID)
			return err
		}, func(done int) { r.told.tell(done, len(r.groups)) })
		for i, err := range errs {
			ok = ok || err == nil && len(lists[part[i]].IDs) > 0
			if err != nil {
				lists[part[i]].Unknown = r.c.reason(err)
			}
		}
		if !ok {
			return nil, false
		}
	}
	r.c.seen.judge("") // it has shown somebody, and nobody where nobody can be
	var named []string
	for i := range lists {
		named = append(named, lists[i].IDs...)
	}
	if who, err := r.c.settle(ctx, named); err == nil {
		r.unlisted = who.unlisted
	}
	return lists, true
}

// membersByFilter gives the ids of a group's users by the filter on users.
func (c *Client) membersByFilter(ctx context.Context, groupID string) ([]string, error) {
	rows := newRoll("members", decodeMember(nil))
	err := c.walkGeneric(ctx, membersList(groupID), rows.add)
	c.meet(ctx, rows.rows)
	if err != nil {
		return ids(rows.rows), err
	}
	return ids(rows.rows), rows.verdict()
}

func ids(members []member) []string {
	out := make([]string, len(members))
	for i := range members {
		out[i] = members[i].ID
	}
	return out
}
