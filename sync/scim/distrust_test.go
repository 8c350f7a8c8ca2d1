package scim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

var filterValue = regexp.MustCompile(`eq "([^"]*)"`)

// filterTarget answers lists and one of the membership filters by a function of the id in the filter.
func filterTarget(users, groups int, members func(id string) (rows []object, status int)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var rows []object
		switch filter := r.URL.Query().Get("filter"); {
		case strings.HasPrefix(filter, "userName "):
			rows = slices.DeleteFunc(userRows(users),
				func(u object) bool { return u["userName"] != filterValue.FindStringSubmatch(filter)[1] })
		case filter != "":
			found, status := members(filterValue.FindStringSubmatch(filter)[1])
			if status != 200 {
				reply(rw, status, `{"schemas":["e"],"detail":"no"}`)
				return
			}
			rows = found
		case r.URL.Path == "/Users":
			rows = userRows(users)
		default:
			for i := range groups {
				rows = append(rows, groupRow(i, []object{})) // as AWS does, whoever is in it
			}
		}
		if rows == nil {
			rows = []object{}
		}
		reply(rw, 200, object{"itemsPerPage": len(rows), "Resources": rows})
	}
}

func TestAFilterThatIsIgnoredIsNotBelieved(t *testing.T) {
	everybody := func(string) ([]object, int) { return userRows(20), 200 }
	oneHasGone := func(string) ([]object, int) { return userRows(19), 200 }
	for name, c := range map[string]struct {
		groups   int
		members  func(string) ([]object, int)
		requests int // beside the two lists
	}{
		"everybody, one group":   {1, everybody, 2},
		"everybody, many groups": {9, everybody, 2}, // found out at the first
		"one who has gone":       {9, oneHasGone, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, filterTarget(20, c.groups, c.members))
			adapter := client(t, s.URL, AWS)
			l := loadAll(t, adapter, func(int) int { return 3 })
			wantCoverage(t, "memberships", l.membersC, model.Unknown)
			for g, list := range l.lists {
				if list.Unknown == "" || len(list.IDs) > 0 {
					t.Errorf("group %d: %+v", g, list)
				}
			}
			if got := len(s.asked()) - 2; got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if list, err := adapter.MembersOf(t.Context(), "g0"); err != nil || list.Unknown == "" {
				t.Errorf("a single group is believed after that: %+v %v", list, err)
			}
		})
	}
}

func TestGroupsOfEverybodyAreBelieved(t *testing.T) {
	for name, unknown := range map[string]int{
		"an unknown group is empty": 200, "an unknown group is a 404": 404,
		"an unknown group is a 400": 400,
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, filterTarget(20, 3, func(id string) ([]object, int) {
				if strings.HasPrefix(id, "g") {
					return userRows(20), 200
				}
				return nil, unknown
			}))
			l := loadAll(t, client(t, s.URL, AWS), func(int) int { return 5 })
			wantCoverage(t, "memberships", l.membersC, model.Complete)
			if len(s.asked()) != 2+3+1 {
				t.Errorf("%d requests", len(s.asked()))
			}
			// Where the source expects everybody there is nothing to suspect.
			before := len(s.asked())
			loadAll(t, client(t, s.URL, AWS), func(int) int { return 20 })
			if got := len(s.asked()) - before; got != 2+3 {
				t.Errorf("%d requests for what was expected", got)
			}
		})
	}
}

func TestAnIgnoredFilterByUserIsNotBelieved(t *testing.T) {
	for what, shown := range map[string]int{"every group": 40, "one has gone": 39} {
		s := serve(t, filterTarget(3, 40, func(string) ([]object, int) {
			rows := make([]object, 0, shown)
			for i := range shown {
				rows = append(rows, groupRow(i, nil))
			}
			return rows, 200
		}))
		l := loadAll(t, client(t, s.URL, AWS), nil)
		wantCoverage(t, what+": memberships", l.membersC, model.Unknown)
		if len(s.asked()) != 2+1+1 {
			t.Errorf("%s: asked %v", what, s.asked())
		}
	}
}

func TestOneUserWhoCannotBeReadLeavesEveryGroupUnknown(t *testing.T) {
	s := serve(t, filterTarget(4, 40, func(id string) ([]object, int) {
		if id == "u3" {
			return nil, 404
		}
		return []object{groupRow(1, nil)}, 200
	}))
	l := loadAll(t, client(t, s.URL, AWS), nil)
	wantCoverage(t, "memberships", l.membersC, model.Partial)
	for g, list := range l.lists {
		if list.Unknown == "" {
			t.Errorf("group %d passes for known", g)
		}
	}
}

func TestAGroupThatCameMeanwhileShowsByUser(t *testing.T) {
	s := serve(t, filterTarget(4, 40, func(id string) ([]object, int) {
		if !strings.HasPrefix(id, "u") {
			return nil, 200
		}
		return []object{{"id": "new-" + id, "displayName": "new"}}, 200
	}))
	l := loadAll(t, client(t, s.URL, AWS), nil)
	wantCoverage(t, "memberships", l.membersC, model.Partial)
}

func TestAnIncompleteUserListIsNoGroundToReadByUser(t *testing.T) {
	target := filterTarget(4, 40, func(id string) ([]object, int) {
		if id == "g0" { // where no group shows anybody a few users are asked all the same
			return userRows(1), 200
		}
		return nil, 200
	})
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "cursor" && r.URL.Path == "/Users" {
			reply(rw, 200, object{"itemsPerPage": 4, "nextCursor": "x", "Resources": userRows(4)})
			return
		}
		if r.URL.Query().Get("cursor") == "x" {
			reply(rw, 500, "")
			return
		}
		target(rw, r)
	})
	l := loadAll(t, client(t, s.URL, AWS), nil)
	wantCoverage(t, "users", l.usersC, model.Partial)
	for _, ask := range s.asked() {
		if strings.Contains(ask, "members.value") {
			t.Fatalf("asked by user: %s", ask)
		}
	}
	if got := fmt.Sprint(l.membersC); got != "complete" {
		t.Errorf("memberships %s", got)
	}
}

// Without cursors the answer of a filter has the legacy envelope, and ends at a page without a sign.
func TestMembersWithoutACursorMayBeCut(t *testing.T) {
	members := map[string]int{"g1": 2, "g2": 49, "g3": 50}
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		rows := userRows(30)
		switch q := r.URL.Query(); {
		case q.Has("cursor"):
			reply(rw, 400, `{"detail":"no cursor here"}`)
			return
		case q.Has("filter"):
			rows = userRows(members[filterValue.FindStringSubmatch(q.Get("filter"))[1]])
		case r.URL.Path == "/Groups":
			rows = groupRows(3)
		}
		reply(rw, 200, object{"totalResults": len(rows), "startIndex": 1, "Resources": rows})
	})
	l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return g })
	wantCoverage(t, "memberships", l.membersC, model.Partial)
	if l.lists[0].Unknown != "" || len(l.lists[1].IDs) != 49 || l.lists[1].Unknown != "" || l.lists[2].Unknown == "" {
		t.Errorf("%+v", l.lists)
	}
}

func TestAVerdictIsRevisedByTheNextRead(t *testing.T) {
	ignores := true
	s := serve(t, filterTarget(20, 3, func(id string) ([]object, int) {
		if ignores {
			return userRows(20), 200
		}
		return userRows(map[string]int{"g0": 1, "g1": 2, "g2": 3}[id]), 200
	}))
	c := client(t, s.URL, AWS)
	wantCoverage(t, "an ignored filter", loadAll(t, c, nil).membersC, model.Unknown)
	ignores = false
	wantCoverage(t, "a filter that works", loadAll(t, c, nil).membersC, model.Complete)
	if list, err := c.MembersOf(t.Context(), "g1"); err != nil || list.Unknown != "" || len(list.IDs) != 2 {
		t.Errorf("%+v %v", list, err)
	}
}

// A test that fails says nothing of the filter: the next question tries it again, and no sentence blames anything else.
func TestATestOfAFilterThatFailedIsMadeAgain(t *testing.T) {
	fails := true
	s := serve(t, filterTarget(20, 3, func(id string) ([]object, int) {
		switch {
		case strings.HasPrefix(id, "g"):
			return userRows(2), 200
		case strings.HasPrefix(id, "u"):
			return groupRows(2), 200
		case fails:
			return nil, 403
		}
		return nil, 200
	}))
	c := client(t, s.URL, AWS)
	for _, fails = range []bool{true, false} {
		list, err := c.MembersOf(t.Context(), "g1")
		if (err != nil) != fails || list.Unknown != "" || len(list.IDs) != 0 == fails {
			t.Errorf("members, fails %v: %+v %v", fails, list, err)
		}
		groups, incomplete, errGroups := c.GroupsOf(t.Context(), "u1")
		if (errGroups != nil) != fails || incomplete != "" || len(groups) != 0 == fails {
			t.Errorf("groups, fails %v: %+v %q %v", fails, groups, incomplete, errGroups)
		}
		if _, told, err := c.NamedGroups(t.Context(), "u1"); (err != nil) != fails || told == fails {
			t.Errorf("named groups, fails %v: %v %v", fails, told, err)
		}
		if fails && (!strings.Contains(err.Error(), membersFilter) ||
			!strings.Contains(errGroups.Error(), groupsFilter)) {
			t.Errorf("%q, %q", err, errGroups)
		}
	}
}

func TestASingleGroupOfAnUntestedTargetIsTestedOnce(t *testing.T) {
	ignores := filterTarget(20, 3, func(string) ([]object, int) { return userRows(20), 200 })
	list, err := client(t, serve(t, ignores).URL, AWS).MembersOf(t.Context(), "g1")
	if err != nil || list.Unknown == "" || len(list.IDs) != 0 {
		t.Errorf("%d members, %q, %v", len(list.IDs), list.Unknown, err)
	}
	s := serve(t, filterTarget(20, 3, func(id string) ([]object, int) {
		return userRows(map[string]int{"g1": 2}[id]), 200
	}))
	c := client(t, s.URL, AWS)
	for range 3 {
		if list, err = c.MembersOf(t.Context(), "g1"); err != nil || list.Unknown != "" || len(list.IDs) != 2 {
			t.Errorf("%+v %v", list, err)
		}
	}
	if got := len(s.asked()); got != 3+1 {
		t.Errorf("%d requests", got)
	}
}

// Where everybody is expected in the group that is asked first, the filter is put to the test by the others.
func TestAFilterThatIsIgnoredIsFoundOutByTheOtherGroups(t *testing.T) {
	s := serve(t, filterTarget(20, 3, func(string) ([]object, int) { return userRows(20), 200 }))
	l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return []int{20, 3, 3}[g] })
	wantCoverage(t, "memberships", l.membersC, model.Unknown)
}

// A filter that names no group of somebody who is in one proves nothing of anybody.
func TestAFilterThatForgetsSomebodyNamesNoGroups(t *testing.T) {
	s := serve(t, filterTarget(20, 3, func(id string) ([]object, int) {
		if strings.HasPrefix(id, "g") {
			return userRows(2), 200
		}
		return nil, 200
	}))
	c := client(t, s.URL, AWS)
	wantCoverage(t, "memberships", loadAll(t, c, nil).membersC, model.Complete)
	if named, told, err := c.NamedGroups(t.Context(), "u9"); told || err == nil ||
		!strings.Contains(err.Error(), "its no proves nothing") {
		t.Errorf("%v %v %v", named, told, err)
	}
}
