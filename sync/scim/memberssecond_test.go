package scim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// Groups are believed as the filter shows them, the second time where somebody is expected in an empty one. Where none
// shows anybody though some should, three users say the same, however many there are, and one search finds somebody.
func TestGroupsThatShowNobodyAreAskedTwiceWhereSomebodyIsExpected(t *testing.T) {
	for name, c := range map[string]struct {
		shown map[string]int
		want  model.CoverageState
		asked int
	}{
		"as expected":        {map[string]int{"g0": 3, "g1": 7, "g2": 130}, model.Complete, 3},
		"one group is empty": {map[string]int{"g0": 3, "g2": 130}, model.Complete, 4},
		"all are empty":      {nil, model.Complete, 6 + 3 + 1},
	} {
		s := serve(t, filterTarget(150, 3, func(id string) ([]object, int) { return userRows(c.shown[id]), 200 }))
		sizes := []int{3, 7, 130}
		l := loadAll(t, client(t, s.URL, AWS), func(g int) int { return sizes[g] })
		wantCoverage(t, name, l.membersC, c.want)
		if got := len(s.asked()) - 2; got != c.asked {
			t.Errorf("%s: %d requests, want %d", name, got, c.asked)
		}
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
