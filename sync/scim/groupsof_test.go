package scim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
)

func names(groups []model.GroupRef) (out []string) {
	for _, g := range groups {
		out = append(out, g.Name)
	}
	return out
}

func TestTheGroupsOfAUserAtAWS(t *testing.T) {
	// User 0 is in every second group of 230, user 1 in all but those, user 2 in none.
	s := simulate(t, 3, 230, func(g int) []int { return []int{g % 2} }, nil)
	c := client(t, s.url, AWS)
	order := s.world.Target.UserOrder
	for user, want := range []int{115, 115, 0} {
		groups, incomplete, err := c.GroupsOf(t.Context(), order[user])
		if err != nil || incomplete != "" || len(groups) != want {
			t.Fatalf("user %d: %d groups, %q, %v", user, len(groups), incomplete, err)
		}
		for _, g := range groups {
			if there := s.world.Target.Groups[g.ID]; there == nil || there.DisplayName != g.Name ||
				!there.Members[order[user]] {
				t.Errorf("user %d: %+v", user, g)
			}
		}
	}
	if _, _, err := c.GroupsOf(t.Context(), "00000000-0000-4000-8000-00000000dead"); err == nil ||
		!strings.Contains(err.Error(), "gone") {
		t.Errorf("a user who is gone: %v", err)
	}
	for _, id := range []string{"", "..", "%2e"} {
		if _, _, err := c.GroupsOf(t.Context(), id); err == nil {
			t.Errorf("asked for the groups of %q", id)
		}
	}
	s.fail(t, fault.Fault{Path: "Groups", Kind: fault.ServerError})
	if groups, _, err := c.GroupsOf(t.Context(), order[0]); err == nil {
		t.Errorf("a failed read gave %d groups", len(groups))
	}
	s.faults.Clear()
	s.fail(t, fault.Fault{Path: `Groups\?cursor=`, Kind: fault.Answer, Body: `{"Resources":[],"nextCursor":"same"}`})
	if groups, incomplete, err := c.GroupsOf(t.Context(), order[0]); err != nil || incomplete == "" ||
		len(groups) != 100 {
		t.Errorf("a walk that never ends: %d groups, %q, %v", len(groups), incomplete, err)
	}
	full := simulate(t, 130, 1, func(int) []int {
		all := make([]int, 130)
		for i := range all {
			all[i] = i
		}
		return all
	}, nil)
	full.fail(t, fault.Fault{Path: `Users\?cursor=.`, Kind: fault.Answer, Body: `{"Resources":[],"nextCursor":"same"}`})
	list, err := client(t, full.url, AWS).MembersOf(t.Context(), full.world.Target.GroupOrder[0])
	if err != nil || list.Unknown == "" || len(list.IDs) != 100 {
		t.Errorf("a walk over members that never ends: %d, %q, %v", len(list.IDs), list.Unknown, err)
	}
}

func TestTheGroupsOfAUserWhereTheyCannotBeListed(t *testing.T) {
	old := simulate(t, 3, 4, func(int) []int { return []int{0} },
		func(k *simulator.Knobs) { *k = simulator.Legacy().Unlimited() })
	groups, incomplete, err := client(t, old.url, AWS).GroupsOf(t.Context(), old.world.Target.UserOrder[0])
	if err != nil || !strings.Contains(incomplete, "AWS lens") || len(groups) != 0 {
		t.Errorf("the old generation: %v %q %v", groups, incomplete, err)
	}
	ignores := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
		reply(rw, 200, object{"Resources": []object{groupRow(1, []object{}), groupRow(2, []object{})}})
	})
	groups, incomplete, err = client(t, ignores.URL, AWS).GroupsOf(t.Context(), "u1")
	if err != nil || !strings.Contains(incomplete, "groups of a user") || len(groups) != 0 {
		t.Errorf("a filter that is ignored: %v %q %v", groups, incomplete, err)
	}
	if named, told, err := client(t, ignores.URL, AWS).NamedGroups(t.Context(), "u1"); told || err != nil {
		t.Errorf("a filter that is ignored names %v (%v, %v)", named, told, err)
	}
}

func TestTheGroupsOfAUserAtOtherServers(t *testing.T) {
	byMember := func(g *generic) {
		g.filter = func(_, attribute, value string) (found []object) {
			for _, row := range g.groups {
				for _, ref := range row["members"].([]object) {
					if attribute == "members.value" && ref["value"] == value {
						found = append(found, row)
					}
				}
			}
			return found
		}
	}
	bare := func(members any, usersNameThem bool) func(*generic) {
		return func(g *generic) {
			var even []object
			for i := range g.groups {
				if g.groups[i] = groupRow(i, members); i%2 == 0 {
					even = append(even, object{"value": g.groups[i]["id"]})
				}
			}
			if usersNameThem {
				g.users[0]["groups"] = even
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*generic)
		whole  bool
		most   int // requests
	}{
		"a filter that works": {byMember, true, 5},
		"ignores filters":     {func(*generic) {}, true, 6},
		"says it has none": {
			func(g *generic) { g.config = object{"filter": object{"supported": false}} }, true,
			4,
		},
		"refuses filters":               {func(g *generic) { g.refuses = true }, true, 6},
		"members in single groups only": {func(g *generic) { g.noMembers = true }, true, 50},
		"empty members in the list":     {func(g *generic) { g.emptyInList = true }, true, 50},
		"a filter, and no members":      {func(g *generic) { byMember(g); g.noMembers = true }, true, 5},
		"members nowhere":               {func(g *generic) { g.noMembers, g.single = true, nil }, false, 50},
		"the user names a group more": {func(g *generic) {
			g.users[0]["groups"] = []object{
				{"value": "g2"},
				{"value": "g1"},
			}
		}, false, 6},
		"the user names his groups": {func(g *generic) {
			g.users[0]["groups"] = []object{{"value": "g0"}, {"value": "g5", "type": "indirect"}}
		}, true, 6},
		"no group has members":                           {bare(nil, false), false, 50},
		"all say that they are empty":                    {bare([]object{}, false), false, 50},
		"no group has members, users name theirs":        {bare(nil, true), true, 50},
		"all say that they are empty, users name theirs": {bare([]object{}, true), true, 50},
		"a filter that never finds anything": {func(g *generic) {
			g.filter = func(string, string,
				string,
			) []object {
				return nil
			}
		}, true, 8},
		"a member without an id in one group": {
			func(g *generic) { g.groups[1]["members"] = []object{{"display": "x"}} },
			false, 6,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := &generic{users: userRows(9)}
			for i := range 24 {
				g.groups = append(g.groups, groupRow(i, members(i%2+1, 9)))
			}
			g.single = g.find
			c.change(g)
			s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				if id, one := strings.CutPrefix(r.URL.Path, "/Users/"); one {
					for _, row := range g.users {
						if row["id"] == id {
							reply(rw, 200, row)
							return
						}
					}
					reply(rw, 404, "")
					return
				}
				g.ServeHTTP(rw, r)
			})
			target := client(t, s.URL, Generic)
			groups, incomplete, err := target.GroupsOf(t.Context(), "u1")
			if err != nil || (incomplete == "") != c.whole {
				t.Fatalf("%v, %q, %v", names(groups), incomplete, err)
			}
			var want []string
			for i := range 12 {
				want = append(want, groupRow(2*i, nil)["displayName"].(string))
			}
			if diff := cmp.Diff(want, names(groups)); c.whole && diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if n := len(s.asked()); n > 1+c.most { // one tells where groups are
				t.Errorf("%d requests: %v", n, s.asked())
			}
			if _, _, err := target.GroupsOf(t.Context(), "u99"); err == nil || !strings.Contains(err.Error(), "gone") {
				t.Errorf("a user who is gone: %v", err)
			}
		})
	}
}

// A record that names no group is believed where groups show no members, if the record of somebody in one names it.
func TestAUserInNoGroupWhereUsersNameTheirs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		own           []object // what every user's own record names
		listed, whole bool
	}{
		"records name them":                  {nil, false, true},
		"records name them, and were listed": {nil, true, true},
		"the list alone does":                {[]object{}, false, false},
		"the list alone does, and was read":  {[]object{}, true, false},
	} {
		g := &generic{users: userRows(3), groups: []object{groupRow(0, nil)}, ownGroups: c.own}
		g.single = g.find
		g.users[1]["groups"] = []object{{"value": "g0"}}
		_, target := g.start(t)
		if c.listed {
			loadAll(t, target, nil)
		}
		groups, incomplete, err := target.GroupsOf(t.Context(), "u1")
		if err != nil || len(groups) > 0 || (incomplete == "") != c.whole {
			t.Errorf("%s: %v, %q, %v", name, names(groups), incomplete, err)
		}
	}
}

// Whom the other members of groups mean is nothing to one user, however many of them nobody has any more.
func TestTheGroupsOfAUserTellOfThatUserAlone(t *testing.T) {
	t.Parallel()
	var gone []object
	for i := range maxLookups + 10 {
		gone = append(gone, object{"value": fmt.Sprint("gone-", i)})
	}
	g := &generic{users: userRows(2), groups: []object{
		groupRow(0, append(members(1), gone...)), groupRow(1, append(members(2), gone[0])),
	}}
	g.single = g.find
	_, reader := g.start(t)
	l := loadAll(t, reader, nil)
	s, later := g.start(t)
	later.Recall(t.Context(), l.users, l.groups)
	groups, incomplete, err := later.GroupsOf(t.Context(), "u2")
	if err != nil || incomplete != "" || len(groups) != 1 || groups[0].ID != "g1" {
		t.Errorf("%v, %q, %v", names(groups), incomplete, err)
	}
	for _, ask := range s.asked() {
		if strings.Contains(ask, "gone-") {
			t.Errorf("it asks %s", ask)
		}
	}
	if list, err := later.MembersOf(t.Context(), "g1"); err != nil || list.Unknown != "" || len(list.Dangling) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestARecordIsKeptAsTheTargetAnswersIt(t *testing.T) {
	user := `{ "id":"u1",  "userName":"a", "x":1.50, "big":12345678901234567890, "name":{"formatted":"\u00e4"} }`
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/Users/u1":
			reply(rw, 200, user)
		case "/Groups/g1":
			reply(rw, 200, `{"id":"other"}`)
		case "/Groups/g2":
			reply(rw, 200, `[]`)
		case "/Groups/g3":
			reply(rw, 500, "")
		default:
			reply(rw, 404, scimGone)
		}
	})
	c := client(t, s.URL, Generic)
	if r, found, err := c.Record(t.Context(), model.SubjectUser, "u1", false); string(r.Raw) != user || !found ||
		err != nil || !json.Valid(r.Raw) {
		t.Errorf("%s %v %v", r.Raw, found, err)
	}
	if r, found, err := c.Record(t.Context(), model.SubjectUser, "u2", false); found || err != nil || r.Raw != nil {
		t.Errorf("nobody: %s %v %v", r.Raw, found, err)
	}
	for _, id := range []string{"g1", "g2", "g3", "", ".."} {
		if _, found, err := c.Record(t.Context(), model.SubjectGroup, id, false); err == nil || found {
			t.Errorf("%q: %v", id, found)
		}
	}
}
