package scim

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
)

func TestAWholeDirectoryTakesTheLeastRequests(t *testing.T) {
	sizes := func(g int) int { return []int{0, 1, 3, 100, 101, 250}[g%6] }
	s := simulate(t, 1030, 60, upTo(sizes, 1030), nil)
	c := client(t, s.url, AWS)
	l := loadAll(t, c, sizes)
	s.truth(t, l)
	wantCoverage(t, "users", l.usersC, model.Complete)
	wantCoverage(t, "groups", l.groupsC, model.Complete)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if len(l.users) != 1030 || len(l.groups) != 60 || len(l.extra) != 0 {
		t.Errorf("%d users, %d groups, %d extra", len(l.users), len(l.groups), len(l.extra))
	}
	want := 11 + 1
	for g := range 60 {
		want += max(1, (sizes(g)+99)/100)
	}
	if got := s.server.RequestCount(); got != want || c.Requests() != want {
		t.Errorf("%d requests arrived and %d were counted, %d would do", got, c.Requests(), want)
	}
}

func TestManyGroupsAndFewUsersAreReadByUser(t *testing.T) {
	sizes := func(g int) int { return g % 3 }
	s := simulate(t, 12, 150, upTo(sizes, 12), nil)
	c := client(t, s.url, AWS)
	l := loadAll(t, c, sizes)
	s.truth(t, l)
	wantCoverage(t, "memberships", l.membersC, model.Complete)
	if got := s.server.RequestCount(); got != 1+2+12 {
		t.Errorf("%d requests, 15 would do", got)
	}
}

func TestIgnoredGroupsAreNoStrangersByUser(t *testing.T) {
	s := simulate(t, 4, 30, upTo(func(int) int { return 2 }, 4), nil)
	c := client(t, s.url, AWS)
	users, _ := c.Users(t.Context(), nil)
	groups, _ := c.Groups(t.Context(), nil)
	lists, coverage, _ := c.Memberships(t.Context(), users, groups[5:], nil, nil)
	wantCoverage(t, "memberships without the ignored groups", coverage, model.Complete)
	if len(lists) != 25 || len(lists[0].IDs) != 2 {
		t.Errorf("%d lists, the first with %v", len(lists), lists[0].IDs)
	}
}

func TestTheOldGenerationIsCutAndSaysSo(t *testing.T) {
	legacy := func(k *simulator.Knobs) { *k = simulator.Legacy().Unlimited() }
	for _, c := range []struct {
		users int
		want  model.CoverageState
	}{{0, model.Complete}, {49, model.Complete}, {50, model.Partial}, {51, model.Partial}, {400, model.Partial}} {
		s := simulate(t, c.users, 3, func(int) []int { return nil }, legacy)
		l := loadAll(t, client(t, s.url, AWS), nil)
		s.truth(t, l)
		wantCoverage(t, fmt.Sprintf("%d users", c.users), l.usersC, c.want)
		wantCoverage(t, "3 groups", l.groupsC, model.Complete)
		wantCoverage(t, "memberships", l.membersC, model.Unknown)
		if len(l.users) != min(c.users, 50) {
			t.Errorf("%d of %d users", len(l.users), c.users)
		}
		if c.want == model.Partial && !strings.Contains(l.usersC.Reason, "full page") {
			t.Errorf("the reason %q does not say that the page is full", l.usersC.Reason)
		}
		// Two forms of the cursor, two lists, and one question about members; an empty list is asked for twice.
		if got := s.server.RequestCount(); got > 6 {
			t.Errorf("%d users: %d requests to an old endpoint", c.users, got)
		}
	}
}

func TestPagesOfAnyShapeGiveEveryRowOrACoverage(t *testing.T) {
	s := simulate(t, 60, 5, upTo(func(g int) int { return g * 11 }, 60), nil)
	whole := simulator.Current().Unlimited()
	rapid.Check(t, func(rt *rapid.T) {
		k := whole
		k.PageSize = rapid.IntRange(5, 60).Draw(rt, "page")
		pages := fault.Paging{
			Sizes:      rapid.SliceOfN(rapid.SampledFrom([]int{0, 7, 17, 100}), 0, 4).Draw(rt, "sizes"),
			Duplicates: rapid.IntRange(0, 2).Draw(rt, "duplicates"),
			LoopAt:     rapid.SampledFrom([]int{0, 0, 2, 4}).Draw(rt, "loop"),
		}
		if len(pages.Sizes) > 0 && pages.Sizes[0] == 0 {
			pages.Sizes[0] = 40
		}
		k.Paging = []fault.Paging{pages}
		k.SingleUseCursors = rapid.Bool().Draw(rt, "single use")
		s.server.SetKnobs(k)
		l := loadAll(t, client(t, s.url, AWS), nil)
		s.truth(rt, l)
		if pages.LoopAt == 0 && (!l.usersC.Complete() || !l.groupsC.Complete() || !l.membersC.Complete()) {
			rt.Fatalf("nothing was lost, yet users are %s, groups %s, memberships %s", l.usersC, l.groupsC, l.membersC)
		}
		if pages.LoopAt == 2 && k.PageSize < 30 && len(pages.Sizes) == 0 && l.usersC.State != model.Partial {
			rt.Fatalf("a cursor that loops gives users %s", l.usersC)
		}
	})
}

func TestARowThatVanishesMidWalkComesBackWithTheMembers(t *testing.T) {
	s := simulate(t, 250, 3, upTo(func(int) int { return 250 }, 250),
		func(k *simulator.Knobs) { k.Paging = []fault.Paging{{List: "users", Vanish: true}} })
	c := client(t, s.url, AWS)
	users, _ := c.Users(t.Context(), nil)
	if len(users) != 249 {
		t.Fatalf("%d users; the row did not vanish", len(users))
	}
	groups, _ := c.Groups(t.Context(), nil)
	lists, coverage, extra := c.Memberships(t.Context(), users, groups, []int{250, 250, 250}, nil)
	s.truth(t, load{users: users, groups: groups, lists: lists, extra: extra, membersC: coverage})
	if len(extra) != 1 {
		t.Errorf("%d users were found again", len(extra))
	}
}
