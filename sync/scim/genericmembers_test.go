package scim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// Rights may be given record by record. Where nothing but refusals comes, the rest is not asked for.
func TestAForbiddenGroupLeavesTheOthersToBeRead(t *testing.T) {
	for forbidden, want := range map[int]struct {
		asked int
		state model.CoverageState
	}{1: {30, model.Partial}, 30: {1 + inFlight, model.Unknown}} {
		g := &generic{users: userRows(5), noMembers: true}
		for i := range 30 {
			g.groups = append(g.groups, groupRow(i, members(1+i%5)))
		}
		g.single = g.find
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			for i := range forbidden {
				if r.URL.Path == fmt.Sprintf("/Groups/g%d", i) {
					reply(rw, 403, `{"detail":"not yours"}`)
					return
				}
			}
			g.ServeHTTP(rw, r)
		})
		l := loadAll(t, client(t, s.URL, Generic), func(g int) int { return 30 - g })
		wantCoverage(t, fmt.Sprint(forbidden), l.membersC, want.state)
		asked := 0
		for _, one := range s.asked() {
			if strings.HasPrefix(one, "/Groups/") {
				asked++
			}
		}
		if asked > want.asked || (l.lists[29].Unknown == "") != (forbidden == 1) || l.lists[0].Unknown == "" {
			t.Errorf("%d forbidden, %d asked: %+v", forbidden, asked, l.lists)
		}
	}
}

func TestMembersAreFoundWhereverTheServerShowsThem(t *testing.T) {
	for name, c := range map[string]struct {
		groups   []object
		change   func(*generic)
		expect   []int
		want     [][]string
		coverage model.CoverageState
		singles  int // groups read one by one
	}{
		"in the list": {
			groups: []object{groupRow(0, members(1, 2)), groupRow(1, members())}, expect: []int{2, 0},
			want: [][]string{{"u1", "u2"}, nil}, coverage: model.Complete,
		},
		"in the list, an empty group has no attribute": {
			groups: []object{groupRow(0, members(1)), groupRow(1, nil)}, expect: []int{1, -1},
			want: [][]string{{"u1"}, nil}, coverage: model.Complete,
		},
		"in the list, but one that should not be empty is": {
			groups: []object{groupRow(0, members(1)), groupRow(1, nil)}, expect: []int{1, 5},
			want: [][]string{{"u1"}, nil}, coverage: model.Complete, singles: 1,
		},
		"the list shows the first of each only": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2)), groupRow(2, members(4))},
			expect: []int{1, 3, -1},
			change: func(g *generic) {
				whole := map[string]any{
					"g0": groupRow(0, members(1)), "g1": groupRow(1, members(2, 3)),
					"g2": groupRow(2, members(4, 1)),
				}
				g.single = func(id string) any { return whole[id] }
			},
			want: [][]string{{"u1"}, {"u2", "u3"}, {"u4", "u1"}}, coverage: model.Complete, singles: 3,
		},
		"the list shows fewer than expected, as the group does": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2))}, expect: []int{1, 3},
			want: [][]string{{"u1"}, {"u2"}}, coverage: model.Complete, singles: 1,
		},
		"the list shows fewer than expected, and groups cannot be read": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2))}, expect: []int{1, 3},
			change: func(g *generic) { g.single = func(string) any { return nil } },
			want:   [][]string{{"u1"}, {"u2"}}, coverage: model.Complete, singles: 1,
		},
		"only in the single group": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2, 3)), groupRow(2, members())},
			change: func(g *generic) { g.noMembers = true }, want: [][]string{{"u1"}, {"u2", "u3"}, nil},
			coverage: model.Complete, singles: 3,
		},
		"only in the single group, the list shows empty ones": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2, 3))}, expect: []int{1, 2},
			change: func(g *generic) { g.emptyInList = true }, want: [][]string{{"u1"}, {"u2", "u3"}},
			coverage: model.Complete,
			singles:  2,
		},
		"all groups are empty in both places": { // as @boxyhq/saml-jackson 26.2 shows every group, whoever is in it
			groups: []object{groupRow(0, members()), groupRow(1, members())}, expect: []int{3, 4},
			want: [][]string{nil, nil}, coverage: model.Unknown, singles: 2,
		},
		"all groups are empty in both places, and the users name theirs": {
			groups: []object{groupRow(0, members()), groupRow(1, members())},
			change: func(g *generic) { g.users[0]["groups"] = []object{{"value": "g0"}} },
			want:   [][]string{{"u1"}, nil}, coverage: model.Complete, singles: 2,
		},
		"only in the single group, and the one asked first is empty": {
			groups: []object{groupRow(0, members()), groupRow(1, members(2, 3))},
			change: func(g *generic) { g.emptyInList = true }, want: [][]string{nil, {"u2", "u3"}},
			coverage: model.Complete,
			singles:  2,
		},
		"nowhere": {
			groups: []object{groupRow(0, nil), groupRow(1, nil)}, want: [][]string{nil, nil}, coverage: model.Unknown,
			singles: 1,
		},
		"nowhere, the list shows empty ones as AWS does": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2))},
			change: func(g *generic) {
				g.emptyInList = true
				g.single = func(id string) any { return object{"id": id, "displayName": "x"} }
			},
			want: [][]string{nil, nil}, coverage: model.Unknown, singles: 1,
		},
		"only in the users": {
			groups: []object{groupRow(0, nil), groupRow(1, nil)},
			change: func(g *generic) {
				g.users[0]["groups"] = []object{{"value": "g0"}, {"value": "g1", "type": "indirect"}}
				g.users[2]["groups"] = []object{{"value": "g0", "type": "direct"}}
			},
			want: [][]string{{"u1", "u3"}, nil}, coverage: model.Complete, singles: 1,
		},
		"empty in the users, too": {
			groups: []object{groupRow(0, nil)},
			change: func(g *generic) {
				for _, u := range g.users {
					u["groups"] = []object{}
				}
			},
			want: [][]string{nil}, coverage: model.Unknown, singles: 1,
		},
		"a single group cannot be read": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2)), groupRow(2, members(3))},
			expect: []int{9, 1, 1},
			change: func(g *generic) {
				g.noMembers = true
				g.single = func(id string) any {
					if id == "g1" {
						return nil
					}
					return g.find(id)
				}
			},
			want: [][]string{{"u1"}, nil, {"u3"}}, coverage: model.Partial, singles: 3,
		},
		"only in the users, and one of them cannot be read": {
			groups: []object{groupRow(0, nil)},
			change: func(g *generic) {
				g.users[0]["groups"] = []object{{"value": "g0"}}
				g.users[3] = object{"userName": "x@corp.example"}
			},
			want: [][]string{{"u1"}}, coverage: model.Unknown, singles: 1,
		},
		"no group can be read where the list shows none": {
			groups: []object{groupRow(0, members(1)), groupRow(1, members(2))},
			change: func(g *generic) { g.noMembers, g.single = true, func(string) any { return nil } },
			want:   [][]string{nil, nil}, coverage: model.Unknown, singles: 1,
		},
		"members without an id": {
			groups: []object{groupRow(0, []object{{"display": "Ana"}, {"value": "u1"}}), groupRow(1, members(2))},
			want:   [][]string{{"u1"}, {"u2"}}, coverage: model.Partial,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := &generic{users: userRows(4), groups: c.groups}
			g.single = g.find
			if c.change != nil {
				c.change(g)
			}
			s, adapter := g.start(t)
			var expect func(int) int
			if c.expect != nil {
				expect = func(i int) int { return c.expect[i] }
			}
			l := loadAll(t, adapter, expect)
			wantCoverage(t, "memberships", l.membersC, c.coverage)
			for i, list := range l.lists {
				if diff := cmp.Diff(c.want[i], append([]string(nil), list.IDs...)); diff != "" {
					t.Errorf("group %d: %s", i, diff)
				}
			}
			singles := 0
			for _, ask := range s.asked() {
				if strings.HasPrefix(ask, "/Groups/") {
					singles++
				}
			}
			if singles != c.singles {
				t.Errorf("%d groups were read one by one, want %d", singles, c.singles)
			}
		})
	}
}

// A target that shows memberships in its users only tells a later program of them by the filter on users. Nobody is an
// answer once that found somebody, and where it is ignored or refused nothing is told.
func TestMembersThatOnlyUsersShowAreFoundByTheFilter(t *testing.T) {
	t.Parallel()
	const shown, empty, unknown = "u1 u2", "nobody", "unknown"
	users := userRows(3)
	for _, i := range []int{0, 1} {
		users[i]["groups"] = []object{{"value": "g1"}}
	}
	users[2]["groups"] = []object{{"value": "g1", "type": "indirect"}} // through another group, as RFC 7643 has it
	having := func(_, _, value string) []object {
		if value == "g1" {
			return users
		}
		return []object{}
	}
	for name, c := range map[string]struct {
		target generic
		asked  []string
		want   []string
	}{
		"heeded":       {generic{filter: having}, []string{"g1", "g2"}, []string{shown, empty}},
		"not seen yet": {generic{filter: having}, []string{"g2", "g1", "g2"}, []string{unknown, shown, empty}},
		"ignored":      {generic{}, []string{"g1", "g2"}, []string{unknown, unknown}},
		"refused":      {generic{refuses: true}, []string{"g1", "g2"}, []string{unknown, unknown}},
	} {
		g := c.target
		g.users, g.groups = users, []object{groupRow(1, []object{}), groupRow(2, []object{})}
		g.single = g.find
		_, reader := g.start(t)
		l := loadAll(t, reader, nil)
		_, later := g.start(t)
		later.Recall(t.Context(), l.users, l.groups)
		for i, id := range c.asked {
			list, err := later.MembersOf(t.Context(), id)
			got := strings.Join(list.IDs, " ")
			switch {
			case list.Unknown != "":
				got = unknown
			case got == "":
				got = empty
			}
			if got != c.want[i] || err != nil || list.Hidden != (got == unknown) {
				t.Errorf("%s, %s: %s %v, not %s", name, id, got, err, c.want[i])
			}
		}
	}
}

func TestAFailedUserListIsNoGroundToBelieveEmptyGroups(t *testing.T) {
	g := &generic{groups: []object{groupRow(0, nil), groupRow(1, nil)}}
	g.single = g.find
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/Users" {
			reply(rw, 403, "")
			return
		}
		g.ServeHTTP(rw, r)
	})
	l := loadAll(t, client(t, s.URL, Generic), nil)
	wantCoverage(t, "users", l.usersC, model.Unknown)
	wantCoverage(t, "memberships", l.membersC, model.Unknown)
}

func TestNestedGroupsAreNoted(t *testing.T) {
	g := &generic{users: userRows(2), groups: []object{
		groupRow(0, []object{{"value": "g1", "type": "Group"}, {"value": "u1"}}), groupRow(1, members(2)),
	}}
	_, c := g.start(t)
	l := loadAll(t, c, nil)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if diff := cmp.Diff([]string{"u1"}, l.lists[0].IDs); diff != "" {
		t.Error(diff)
	}
	if notes := c.Notes(); len(notes) != 1 || !strings.Contains(notes[0], "group-0") {
		t.Errorf("notes %q", notes)
	}
}

// Some servers show members nowhere and answer a filter on users. It is believed only if it names nobody for a group
// that cannot exist, and somebody for one that does.
