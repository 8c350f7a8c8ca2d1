package scim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// sized is a group with so many of the users as members.
func sized(group, n int) object {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i + 1
	}
	return groupRow(group, members(ids...))
}

// cuts is a server that shows so many members of a group at most, and knows all of them.
func cuts(most, users int, groups ...object) *generic {
	g := &generic{users: userRows(users), groups: groups}
	shown := func(row object) object {
		all := row["members"].([]object)
		return object{"id": row["id"], "displayName": row["displayName"], "members": all[:min(len(all), most)]}
	}
	whole := g.groups
	g.groups = nil
	for _, row := range whole {
		g.groups = append(g.groups, shown(row))
	}
	g.single = g.find
	g.filter = func(_, attribute, value string) []object {
		for _, row := range whole {
			if attribute == membersFilter && row["id"] == value {
				return userRows(len(row["members"].([]object)))
			}
		}
		return nil
	}
	return g
}

// A list of members that ends at a size at which servers cut is doubted, unless another list is longer, the size is the
// expected one, or another way shows them all. Only that group is unknown then, never its neighbours.
func TestAListThatEndsAtARoundSize(t *testing.T) {
	t.Parallel()
	noFilter := func(g *generic) { g.filter = func(string, string, string) []object { return nil } }
	for _, size := range roundSizes() {
		for name, c := range map[string]struct {
			server  *generic
			change  func(*generic)
			expect  []int
			unknown bool
			members int
		}{
			"cut, and nothing else tells": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), noFilter,
				[]int{size + 30, 5},
				true, size,
			},
			"cut, and nobody expects a size": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), noFilter, nil, true,
				size,
			},
			"whole, and nothing else tells": {
				cuts(size+1, size+30, sized(0, size), sized(1, 5)), noFilter, nil, true,
				size,
			},
			"whole, and expected so": {
				cuts(size+1, size+30, sized(0, size), sized(1, 5)), noFilter,
				[]int{size, 5},
				false, size,
			},
			"another is longer": {
				cuts(size+1, size+30, sized(0, size), sized(1, size+1)), noFilter,
				[]int{-1, 5},
				false, size,
			},
			"cut, the filter shows them all": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), func(*generic) {},
				[]int{size + 30, 5},
				false, size + 30,
			},
			"whole, the filter agrees": {
				cuts(size+1, size+30, sized(0, size), sized(1, 5)), func(*generic) {},
				nil, false, size,
			},
			"cut, a filter that lists everybody": {
				cuts(size, size+30, sized(0, size+10), sized(1, 5)),
				func(g *generic) { g.filter = func(string, string, string) []object { return userRows(size + 30) } },
				nil, true, size,
			},
			"cut in the list, whole alone": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), func(g *generic) {
					noFilter(g)
					g.single = func(id string) any {
						return map[string]any{
							"g0": sized(0, size+30),
							"g1": sized(1, 5),
						}[id]
					}
				}, []int{size + 30, 5}, false, size + 30,
			},
			"cut in the list, whole alone, and nobody expects a size": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), func(g *generic) {
					noFilter(g)
					g.single = func(id string) any {
						return map[string]any{"g0": sized(0, size+30), "g1": sized(1, 5)}[id]
					}
				}, nil, false, size + 30,
			},
			"cut, the users name their groups": {
				cuts(size, size+30, sized(0, size+30), sized(1, 5)), func(g *generic) {
					noFilter(g)
					for _, u := range g.users {
						u["groups"] = []object{{"value": "g0"}}
					}
				}, []int{size + 30, 5}, false, size + 30,
			},
		} {
			if few := name == "cut, and nothing else tells" || name == "another is longer"; size != 100 && !few {
				continue // the way in which a doubt is settled has nothing to do with the size
			}
			c.change(c.server)
			_, adapter := c.server.start(t)
			var expect func(int) int
			if c.expect != nil {
				expect = func(i int) int { return c.expect[i] }
			}
			l := loadAll(t, adapter, expect)
			if got := l.lists[0]; (got.Unknown != "") != c.unknown || len(got.IDs) != c.members ||
				l.lists[1].Unknown != "" {
				t.Errorf("%d, %s: %d members, %q; the other group %q", size, name, len(got.IDs), got.Unknown,
					l.lists[1].Unknown)
			}
			if c.unknown != (l.membersC.State == model.Partial) {
				t.Errorf("%d, %s: %v", size, name, l.membersC)
			}
			one, err := adapter.MembersOf(t.Context(), "g0")
			if name == "cut, the users name their groups" { // they are not all read again for one group
				c.unknown, c.members = true, size
			}
			if err != nil || (one.Unknown != "") != c.unknown || len(one.IDs) != c.members {
				t.Errorf("%d, %s, alone: %d members, %q %v", size, name, len(one.IDs), one.Unknown, err)
			}
		}
	}
}

// Whom the filter shows beside the list of users is not asked for one by one.
func TestMembersWhomTheFilterShowsAreNotAskedForAgain(t *testing.T) {
	t.Parallel()
	g := cuts(100, 130, sized(0, 130), sized(1, 5))
	g.users = g.users[:110]
	s, c := g.start(t)
	l := loadAll(t, c, nil)
	if len(l.lists[0].IDs) != 130 || l.lists[0].Unknown != "" || len(l.extra) != 20 || count(s, "/Users/") > 0 {
		t.Errorf("%d members, %q, %d beside the list, %d questions", len(l.lists[0].IDs), l.lists[0].Unknown,
			len(l.extra), count(s, "/Users/"))
	}
	wantCoverage(t, "memberships", l.membersC, model.Partial)
}

// Forty groups of exactly a hundred, as many as the source expects, are no sign of a cut.
func TestManyGroupsOfARoundSizeAreBelievedWhereItIsExpected(t *testing.T) {
	t.Parallel()
	var groups []object
	for i := range 40 {
		groups = append(groups, sized(i, 100))
	}
	g := cuts(101, 120, groups...)
	s, c := g.start(t)
	l := loadAll(t, c, func(int) int { return 100 })
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if n := count(s, "/Groups/"); n != 0 {
		t.Errorf("%d questions for groups that are as expected", n)
	}
}

// The record of a group is held against the list. It may show more, and is the fuller one. It may show fewer because
// somebody has left: then the list by now says the same. Where they go on to differ nobody knows who is in it.
func TestTheRecordOfAGroupIsHeldAgainstTheList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		single, now []object
		want        []string
		unknown     bool
	}{
		"the same": {members(1, 2, 3), members(1, 2, 3), []string{"u1", "u2", "u3"}, false},
		"the record shows more": {
			members(1, 2, 3, 4), members(1, 2, 3),
			[]string{"u1", "u2", "u3", "u4"},
			false,
		},
		"the record shows fewer":        {members(1, 2), members(1, 2, 3), []string{"u1", "u2", "u3"}, true},
		"the record shows nobody":       {members(), members(1, 2, 3), []string{"u1", "u2", "u3"}, true},
		"the record shows others":       {members(1, 2, 4), members(1, 2, 3), []string{"u1", "u2", "u3", "u4"}, true},
		"somebody has left meanwhile":   {members(1, 2), members(1, 2), []string{"u1", "u2"}, false},
		"all have left meanwhile":       {members(), members(), nil, false},
		"the record has not members":    {nil, members(1, 2, 3), []string{"u1", "u2", "u3"}, true},
		"one left, and the list is cut": {members(1, 2), members(1), []string{"u1", "u2"}, false},
	} {
		g := &generic{users: userRows(5), groups: []object{groupRow(0, members(1, 2, 3)), groupRow(1, members(5))}}
		g.filter = func(_, attribute, value string) (out []object) {
			for _, row := range g.groups {
				if attribute == "displayName" && row["displayName"] == value {
					out = append(out, row)
				}
			}
			return out
		}
		g.single = g.find
		_, adapter := g.start(t)
		loadAll(t, adapter, nil)
		g.groups[0] = groupRow(0, c.now)
		g.single = func(string) any { return groupRow(0, c.single) }
		got, err := adapter.MembersOf(t.Context(), "g0")
		slices.Sort(got.IDs)
		if err != nil || fmt.Sprint(got.IDs) != fmt.Sprint(c.want) || (got.Unknown != "") != c.unknown {
			t.Errorf("%s: %v %q %v, want %v", name, got.IDs, got.Unknown, err, c.want)
		}
	}
}

// One user and one group are no pattern: if all ways say that the group is empty, it is. With two of either the target
// may be hiding members, as it may where any way says otherwise.
func TestOneUserAndOneEmptyGroupAreBelieved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		users, groups int
		change        func(*generic)
		want          model.CoverageState
	}{
		"one of each": {1, 1, func(*generic) {}, model.Complete},
		"two users":   {2, 1, func(*generic) {}, model.Unknown},
		"two groups":  {1, 2, func(*generic) {}, model.Unknown},
		"the filter finds him in it": {
			1, 1, func(g *generic) { g.filter = memberOf("u1", g.groups[0]) },
			model.Unknown,
		},
		"the filter is ignored": {
			1, 1,
			func(g *generic) { g.filter = func(string, string, string) []object { return g.groups } }, model.Complete,
		},
		"his own record names it": {
			1, 1, func(g *generic) { g.ownGroups = []object{{"value": "g0"}} },
			model.Unknown,
		},
		"the record has no such attribute": {1, 1, func(g *generic) { g.groups[0] = groupRow(0, nil) }, model.Unknown},
	} {
		g := &generic{users: userRows(c.users), filter: func(string, string, string) []object { return nil }}
		for i := range c.groups {
			g.groups = append(g.groups, groupRow(i, members()))
		}
		g.single = g.find
		c.change(g)
		_, adapter := g.start(t)
		l := loadAll(t, adapter, nil)
		if l.membersC.State != c.want {
			t.Errorf("%s: %v", name, l.membersC)
		}
		one, err := adapter.MembersOf(t.Context(), "g0")
		if err != nil || (one.Unknown == "") != (c.want == model.Complete) {
			t.Errorf("%s, alone: %+v %v", name, one, err)
		}
	}
}

func memberOf(user string, group object) func(path, attribute, value string) []object {
	return func(path, attribute, value string) []object {
		if path == "/Groups" && attribute == groupsFilter && value == user {
			return []object{group}
		}
		return nil
	}
}
