package scim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// roundSizes are where servers are known to cut a list of members without a sign: FusionAuth/fusionauth-issues 2784 and
// wso2/product-is 7211 at 100, others at what their pages hold.
func roundSizes() []int { return []int{50, 100, 200, 250, 500, 1000} }

// memberCount is how many members a row showed, of every sort.
func (r readGroup) memberCount() int { return len(r.members) + len(r.nested) + r.withoutID }

func (r readGroup) showsMembers() bool { return len(r.members) > 0 }

// maybeCut: a list of so many may have been cut. It ends at a round size, and none at this target was longer.
func (c *Client) maybeCut(size int) bool {
	return slices.Contains(roundSizes(), size) && c.observed.snapshot().longestList <= size
}

// cutReasons gives for each row the reason not to take its members for all, "" if they are all; rows that another way
// completes are replaced. A size that is the one expected is no surprise. Else the single record, the users' own groups
// and the filter are asked, in this order.
func (r *genericRead) cutReasons(ctx context.Context, rows []readGroup) []string {
	why := make([]string, len(rows))
	var suspects []int
	for i := range rows {
		if r.errs[i] == nil && r.c.maybeCut(rows[i].memberCount()) {
			suspects = append(suspects, i)
		}
	}
	if len(suspects) == 0 {
		return why
	}
	var ask []int
	for _, i := range suspects {
		switch users := r.membersByUsers(i, rows[i]); {
		case users != nil:
			rows[i].members = users
		case rows[i].memberCount() != r.expect.sizeOf(i):
			ask = append(ask, i)
		}
	}
	for at, err := range transport.Each(ctx, len(ask), inFlight, func(ctx context.Context, at int) error {
		i := ask[at]
		row := rows[i]
		if one, err := r.readSingle(ctx, i); err == nil && one.memberCount() > row.memberCount() {
			row = one
		}
		rows[i], why[i] = r.c.completeByFilter(ctx, row)
		return nil
	}, nil) {
		if err != nil {
			why[ask[at]] = r.c.reason(err)
		}
	}
	for _, i := range suspects {
		if why[i] == "" {
			r.c.observed.setMark(r.groups[i].ID, func(m *groupMark) { m.settledSize = rows[i].memberCount() })
		}
	}
	return why
}

// membersByUsers gives the members of a group by the users' own groups, if these name all that the group shows.
func (r *genericRead) membersByUsers(i int, row readGroup) []string {
	users := r.seen.groups[r.groups[i].ID]
	if !r.seen.complete || len(users) == 0 || !coversAll(users, row.members) {
		return nil
	}
	return users
}

// coversAll reports whether some ids are all of those that references name.
func coversAll(ids, refs []string) bool {
	there := make(map[string]bool, len(ids))
	for _, id := range ids {
		there[canonicalID(id)] = true
	}
	return !slices.ContainsFunc(refs, func(ref string) bool { return !there[canonicalID(ref)] })
}

// completeByFilter settles a list that ends at a round size by the filter on users, which has pages. It is believed
// where it names everybody whom the group shows, and nobody for a group that cannot exist.
func (c *Client) completeByFilter(ctx context.Context, r readGroup) (readGroup, string) {
	if !c.maybeCut(r.memberCount()) {
		return r, ""
	}
	why := fmt.Sprintf("the target shows exactly %d members of it, no list here is longer, and no other way tells "+
		"whether it is cut there; count them at the target", r.memberCount())
	members, told := c.membersByFilter(ctx, r.group.ID)
	if !told || len(members) < len(r.members) || !coversAll(members, r.members) {
		return r, why
	}
	r.members = members
	return r, ""
}

// membersByFilter asks for the users who have a group. Nobody is an answer once the filter was seen to find somebody.
// Who has it through another group is none of its members.
func (c *Client) membersByFilter(ctx context.Context, groupID string) (members []string, told bool) {
	known, err := c.discovered.featuresOrNone(ctx, c)
	if err != nil || known.noFilter {
		return nil, false
	}
	found, err := readOnce(ctx, c, membersList(groupID), decodeUser)
	c.addUnlisted(ctx, model.Map(found, func(r **readUser) member { return &(*r).user }))
	if err != nil || c.filterDistrust(ctx, ofUsers) != nil {
		return nil, false
	}
	k := questionKind{ofUsers, membersFilter}
	c.observed.update(func() {
		c.observed.filterFound[k] = c.observed.filterFound[k] || len(found) > 0
		told = c.observed.filterFound[k]
	})
	for _, r := range found {
		if !slices.Contains(r.indirect, groupID) || slices.Contains(r.groups, groupID) {
			members = append(members, r.user.ID)
		}
	}
	return members, told
}

// compareWithList holds the record of a group against the list, which some servers cut and others keep for a while. A
// record that shows more is the fuller one. One that shows fewer may have lost somebody meanwhile, or be cut: then the
// list is asked once more.
func (c *Client) compareWithList(ctx context.Context, r readGroup) (readGroup, string) {
	before, listed := c.observed.snapshot().groups[r.group.ID]
	listed = listed && !c.observed.markOf(r.group.ID).written
	lost := func(row readGroup) bool {
		return slices.ContainsFunc(row.members, func(ref string) bool { return !slices.Contains(r.members, ref) })
	}
	if !listed || !lost(before) {
		return r, ""
	}
	now, found := c.readListed(ctx, r.group)
	if found && len(now.members) > 0 == (len(r.members) > 0) && !lost(now) {
		c.observed.replaceGroup(now)
		return r, ""
	}
	shown := r.memberCount()
	if found && lost(now) {
		before = now
	}
	for _, ref := range before.members {
		if !slices.Contains(r.members, ref) {
			r.members = append(slices.Clip(r.members), ref)
		}
	}
	return r, fmt.Sprintf("the list of groups shows %d members of it, and its own record %d; look at the group at the "+
		"target", before.memberCount(), shown)
}

func (c *Client) readListed(ctx context.Context, g model.Group) (readGroup, bool) {
	if strings.TrimSpace(g.Name) == "" {
		return readGroup{}, false
	}
	byName := search{ofGroups, nameAttribute(ofGroups), g.Name, g.Name}
	rows, err := c.search(ctx, byName, c.decodeRow(ofGroups))
	at := slices.IndexFunc(rows, func(r row) bool { return r.id == g.ID })
	if err != nil || at < 0 {
		return readGroup{}, false
	}
	return rows[at].group, true
}

func memberIDs(members []member) []string {
	return model.Map(members, func(m *member) string { return (*m).ID })
}
