package scim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// once gives the first answer for a group the first time and the second from then on.
func once(first, then map[string]int) func(id string) ([]object, int) {
	asked := map[string]bool{}
	return func(id string) ([]object, int) {
		n := then[id]
		if !asked[id] {
			n = first[id]
		}
		asked[id] = true
		return userRows(n), 200
	}
}

// A group that should have members is not believed to be empty, nor cut at a page, before it was asked twice.
func TestSurprisingMembershipsAreAskedTwice(t *testing.T) {
	sound := map[string]int{"g0": 3, "g1": 7, "g2": 130}
	for name, c := range map[string]struct {
		first, then map[string]int
		requests    int // beside the two lists
		want        model.CoverageState
		g1, g2      int
	}{
		"sound":                 {sound, sound, 3, model.Complete, 7, 130},
		"one answer went empty": {map[string]int{"g0": 3, "g2": 130}, sound, 4, model.Complete, 7, 130},
		"one group is empty": {
			map[string]int{"g0": 3, "g2": 130},
			map[string]int{"g0": 3, "g2": 130},
			4,
			model.Complete, 0, 130,
		},
		"cut at a page":      {map[string]int{"g0": 3, "g1": 7, "g2": 100}, sound, 4, model.Complete, 7, 130},
		"cut at half a page": {map[string]int{"g0": 3, "g1": 7, "g2": 50}, sound, 4, model.Complete, 7, 130},
		"a hundred members it is": {
			map[string]int{"g0": 3, "g1": 7, "g2": 100},
			map[string]int{"g2": 100},
			4,
			model.Complete, 7, 100,
		},
		"the filter gives nothing":  {nil, nil, 6, model.Unknown, 0, 0},
		"nothing but the first two": {nil, map[string]int{"g1": 7}, 6, model.Complete, 7, 0},
	} {
		t.Run(name, func(t *testing.T) {
			answers := once(c.first, c.then)
			gate := make(chan struct{}, 1)
			s := serve(t, filterTarget(150, 3, func(id string) ([]object, int) {
				gate <- struct{}{}
				defer func() { <-gate }()
				return answers(id)
			}))
			sizes := []int{3, 7, 130}
			l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return sizes[g] })
			wantCoverage(t, "memberships", l.membersC, c.want)
			if len(l.lists[1].IDs) != c.g1 || len(l.lists[2].IDs) != c.g2 {
				t.Errorf("%d and %d members", len(l.lists[1].IDs), len(l.lists[2].IDs))
			}
			if got := len(s.asked()) - 2; got != c.requests {
				t.Errorf("%d requests, want %d: %v", got, c.requests, s.asked())
			}
		})
	}
}

// Where users are few, a target on which every group is empty is asked the other way round.
func TestEmptyGroupsAreConfirmedByTheUsers(t *testing.T) {
	for name, c := range map[string]struct {
		of   func(user string) []object
		want model.CoverageState
	}{
		"no user is in any": {func(string) []object { return nil }, model.Complete},
		"a user is in one":  {func(string) []object { return []object{groupRow(1, nil)} }, model.Unknown},
		// Nobody is expected in it, but one way says that somebody is in and the other that nobody is.
		"a user is in another":  {func(string) []object { return []object{groupRow(2, nil)} }, model.Unknown},
		"an ignored group only": {func(string) []object { return []object{groupRow(7, nil)} }, model.Complete},
	} {
		s := serve(t, filterTarget(4, 3, func(id string) ([]object, int) {
			if strings.HasPrefix(id, "u") {
				return c.of(id), 200
			}
			return nil, 200
		}))
		sizes := []int{2, 1, -1}
		l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return sizes[g] })
		if l.membersC.State != c.want {
			t.Errorf("%s: %v", name, l.membersC)
		}
	}
}

// An endpoint that finds nothing by whatever filter does not show that groups are empty, whichever way it is asked.
func TestFiltersThatFindNothingShowNoGroupEmpty(t *testing.T) {
	for name, c := range map[string]struct{ users, groups int }{"asked by group": {4, 3}, "asked by user": {3, 40}} {
		sound := filterTarget(c.users, c.groups, func(string) ([]object, int) { return nil, 200 })
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("filter") {
				reply(rw, 200, object{"Resources": []object{}})
				return
			}
			sound(rw, r)
		})
		l := loadAll(t, client(t, s.URL, AWS), func(int) int { return 2 })
		if l.membersC.State != model.Unknown || !strings.Contains(l.lists[0].Unknown, "userName") {
			t.Errorf("%s: %v", name, l.membersC)
		}
	}
}

func TestASecondQuestionThatFailsLeavesTheGroupUnknown(t *testing.T) {
	asked := false
	s := serve(t, filterTarget(30, 2, func(id string) ([]object, int) {
		if id == "g0" {
			return userRows(3), 200
		}
		if asked {
			return nil, 404
		}
		asked = true
		return nil, 200
	}))
	l := loadAll(t, client(t, s.URL, AWS), func(int) int { return 3 })
	wantCoverage(t, "memberships", l.membersC, model.Partial)
	if l.lists[0].Unknown != "" || l.lists[1].Unknown == "" {
		t.Errorf("%+v", l.lists)
	}
}

// Read by user, a group that nobody shows is asked for its members.
func TestGroupsThatNoUserShowsAreAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		members, status int
		want            model.CoverageState
	}{
		"both ways agree":           {0, 200, model.Complete},
		"the group shows somebody":  {1, 200, model.Partial},
		"the group cannot be asked": {0, 400, model.Partial},
	} {
		s := serve(t, filterTarget(3, 40, func(id string) ([]object, int) {
			if strings.HasPrefix(id, "u") {
				return []object{groupRow(1, nil)}, 200
			}
			return userRows(c.members), c.status
		}))
		l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return map[int]int{1: 3, 2: 2}[g] })
		if l.membersC.State != c.want || (c.want == model.Complete) != (l.lists[2].Unknown == "") ||
			l.lists[1].Unknown != "" || len(l.lists[1].IDs) != 3 {
			t.Errorf("%s: %v %+v", name, l.membersC, l.lists[:3])
		}
		if got := len(s.asked()); got != 2+3+1 {
			t.Errorf("%s: %d requests", name, got)
		}
	}
}

// On AWS a group is empty if the filter says so, and where it says so of every group, whatever is expected, a few
// active users must say the same: a filter that went blind would make every group look deletable.
func TestEmptyGroupsEverywhereAreHeldAgainstAFewUsers(t *testing.T) {
	for name, c := range map[string]struct {
		of     func(user string) ([]object, int)
		want   model.CoverageState
		asked  int
		groups int
	}{
		"no user is in any": {func(string) ([]object, int) { return nil, 200 }, model.Complete, 3, 3},
		"the third is in one": {func(u string) ([]object, int) {
			return map[string][]object{"u3": {groupRow(1, nil)}}[u], 200
		}, model.Unknown, 3, 3},
		"users cannot be asked":    {func(string) ([]object, int) { return nil, 400 }, model.Unknown, 3, 3},
		"read by user, none is in": {func(string) ([]object, int) { return nil, 200 }, model.Complete, 40, 60},
	} {
		s := serve(t, filterTarget(40, c.groups, func(id string) ([]object, int) {
			if strings.HasPrefix(id, "u") {
				return c.of(id)
			}
			return nil, 200
		}))
		l := loadAll(t, client(t, s.URL, AWS), nil)
		asked := 0
		for _, one := range s.asked() {
			if strings.Contains(one, "members.value") {
				asked++
			}
		}
		if l.membersC.State != c.want || asked != c.asked {
			t.Errorf("%s: %v, %d users were asked, want %v and %d", name, l.membersC, asked, c.want, c.asked)
		}
	}
	// The other way round: no user shows a group, and a group shows a member.
	s := serve(t, filterTarget(3, 40, func(id string) ([]object, int) {
		if strings.HasPrefix(id, "u") {
			return nil, 200
		}
		return userRows(2), 200
	}))
	if l := loadAll(t, client(t, s.URL, AWS), nil); l.membersC.State != model.Unknown || l.lists[30].Unknown == "" {
		t.Errorf("a group shows members whom no user shows, and is believed: %v %+v", l.membersC, l.lists[:2])
	}
}
