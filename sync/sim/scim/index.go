package scim

import (
	"slices"
	"sort"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// index finds records by their unique attributes. It belongs to the server and is used under the world's lock, yet the
// world is changed by others too, who know nothing of it. Therefore a hit counts only if the record still has the value,
// and a miss is settled by looking at every record (about 10 ms for 100,000), so that what others write is always
// found. What goes unseen until a record is added or removed is only a second record that somebody gives the same value by
// assigning to its field: add such a twin with AddUser or AddGroup instead.
type index struct {
	users, groups                    roll
	userNames, emails, userExternals keys
	groupNames, groupExternals       keys
	members                          map[string][]string
}

// keys are ids by folded value.
type keys map[string][]string

func (k keys) add(value, id string) {
	if value == "" {
		return
	}
	folded := fold(value)
	if !slices.Contains(k[folded], id) {
		k[folded] = append(k[folded], id)
	}
}

// follow brings the index up to the world.
func (x *index) follow(t *world.Target) {
	fresh, changed := x.users.follow(t.UserOrder)
	if changed || x.userNames == nil {
		x.userNames, x.emails, x.userExternals = keys{}, keys{}, keys{}
	}
	for _, id := range fresh {
		if u := t.Users[id]; u != nil {
			x.user(u)
		}
	}
	fresh, changed = x.groups.follow(t.GroupOrder)
	if changed || x.groupNames == nil {
		x.groupNames, x.groupExternals, x.members = keys{}, keys{}, map[string][]string{}
	}
	for _, id := range fresh {
		if g := t.Groups[id]; g != nil {
			x.group(g)
		}
	}
}

// user notes a user's values after a write; the former ones stay and no longer count.
func (x *index) user(u *world.TargetUser) {
	x.userNames.add(u.UserName, u.ID)
	x.emails.add(u.Email, u.ID)
	x.userExternals.add(u.ExternalID, u.ID)
}

// group notes a group's values after a write.
func (x *index) group(g *world.TargetGroup) {
	x.groupNames.add(g.DisplayName, g.ID)
	x.groupExternals.add(g.ExternalID, g.ID)
}

// usersBy finds the users whose attribute has the value, in list order.
func (x *index) usersBy(t *world.Target, k keys, value string, folded bool, attr func(*world.TargetUser) string) []string {
	ids := k.find(value, func(id string) bool {
		u := t.Users[id]
		return u != nil && same(attr(u), value, folded)
	})
	if ids == nil && value != "" {
		for id, u := range t.Users {
			if same(attr(u), value, folded) {
				ids = append(ids, id)
				k.add(value, id)
			}
		}
	}
	return x.users.sort(ids)
}

// groupsBy finds the groups whose attribute has the value, in list order.
func (x *index) groupsBy(t *world.Target, k keys, value string, folded bool, attr func(*world.TargetGroup) string) []string {
	ids := k.find(value, func(id string) bool {
		g := t.Groups[id]
		return g != nil && same(attr(g), value, folded)
	})
	if ids == nil && value != "" {
		for id, g := range t.Groups {
			if same(attr(g), value, folded) {
				ids = append(ids, id)
				k.add(value, id)
			}
		}
	}
	return x.groups.sort(ids)
}

func (k keys) find(value string, holds func(id string) bool) []string {
	var ids []string
	for _, id := range k[fold(value)] {
		if holds(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *roll) sort(ids []string) []string {
	slices.SortFunc(ids, func(a, b string) int { return r.seq[a] - r.seq[b] })
	return ids
}

// memberIDs are the ids of a group's members, sorted. The list is made anew for the first page of a walk and kept for
// the others: sorting 100,000 ids for each page would cost seconds. Who leaves the group meanwhile has to be left out by the
// caller; who joins is in the next walk.
func (x *index) memberIDs(g *world.TargetGroup, firstPage bool) []string {
	ids, ok := x.members[g.ID]
	if !ok || firstPage {
		ids = make([]string, 0, len(g.Members))
		for id, in := range g.Members {
			if in {
				ids = append(ids, id)
			}
		}
		sort.Strings(ids)
		x.members[g.ID] = ids
	}
	return ids
}
