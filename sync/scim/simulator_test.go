package scim

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simulator "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// simulation is the simulated Identity Center over real HTTP.
type simulation struct {
	world  *world.World
	server *simulator.Server
	faults *fault.Set
	url    string
}

// simulate makes a directory of so many users and groups; members gives the users of a group, as numbers from 0.
func simulate(t testing.TB, users, groups int, members func(group int) []int, change func(*simulator.Knobs)) *simulation {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }
	s := &simulation{world: world.New(7, now), faults: &fault.Set{}}
	target := &s.world.Target
	target.TenantID, target.Tokens = "tenant", []world.Token{{Value: testToken}}
	for i := range users {
		name := fmt.Sprintf("user%d@corp.example", i)
		target.AddUser(&world.TargetUser{
			ID: s.world.NewUUID(), UserName: name, DisplayName: fmt.Sprintf("User %d", i), GivenName: "User", FamilyName: fmt.Sprint(i),
			Email: name, EmailType: "work", Active: i%7 != 0, ExternalID: fmt.Sprintf("ext-%d", i),
		})
	}
	for g := range groups {
		group := &world.TargetGroup{ID: s.world.NewUUID(), DisplayName: fmt.Sprintf("group %d", g), Members: map[string]bool{}}
		for _, u := range members(g) {
			group.Members[target.UserOrder[u]] = true
		}
		target.AddGroup(group)
	}
	knobs := simulator.Current().Unlimited()
	if change != nil {
		change(&knobs)
	}
	s.server = simulator.New(s.world, simulator.Options{Knobs: &knobs, Clock: now, KeepRequests: 100_000})
	web := httptest.NewServer(s.faults.Wrap(fault.SCIM, s.server))
	t.Cleanup(web.Close)
	s.url = web.URL + "/tenant/scim/v2/"
	return s
}

func (s *simulation) fail(t *testing.T, f fault.Fault) {
	t.Helper()
	if _, err := s.faults.Add(f); err != nil {
		t.Fatal(err)
	}
}

// load is a whole read in the way of a loader: both lists at the same time, then the members.
type load struct {
	users                     []model.User
	groups                    []model.Group
	lists                     []model.MemberList
	extra                     []model.User
	usersC, groupsC, membersC model.Coverage
}

func loadAll(t testing.TB, c *Client, expect func(group int) int) (l load) {
	t.Helper()
	var both sync.WaitGroup
	both.Go(func() { l.users, l.usersC = c.Users(t.Context(), nil) })
	both.Go(func() { l.groups, l.groupsC = c.Groups(t.Context(), nil) })
	both.Wait()
	var sizes []int
	if expect != nil {
		for g := range l.groups {
			sizes = append(sizes, expect(g))
		}
	}
	l.lists, l.membersC, l.extra = c.Memberships(t.Context(), l.users, l.groups, sizes, nil)
	return l
}

// truth compares a read that is called complete with the world.
func (s *simulation) truth(t fataler, l load) {
	t.Helper()
	s.world.Lock()
	defer s.world.Unlock()
	ids := map[string]bool{}
	for _, u := range append(append([]model.User(nil), l.users...), l.extra...) {
		want := s.world.Target.Users[u.ID]
		if want == nil || want.UserName != u.UserName || want.Active != u.Active || want.Email != u.Email || want.ExternalID != u.ExternalID || ids[u.ID] {
			t.Fatalf("user %+v stands for %+v", u, want)
		}
		ids[u.ID] = true
	}
	if l.usersC.Complete() && len(ids) != len(s.world.Target.Users) {
		t.Fatalf("users complete with %d of %d", len(ids), len(s.world.Target.Users))
	}
	if l.groupsC.Complete() && len(l.groups) != len(s.world.Target.Groups) {
		t.Fatalf("groups complete with %d of %d", len(l.groups), len(s.world.Target.Groups))
	}
	if l.membersC.Complete() && len(l.lists) != len(l.groups) {
		t.Fatalf("members complete with %d lists for %d groups", len(l.lists), len(l.groups))
	}
	for g, list := range l.lists {
		if list.Unknown != "" {
			if l.membersC.Complete() {
				t.Fatalf("members complete though those of group %d are not known", g)
			}
			continue
		}
		want := s.world.Target.Groups[l.groups[g].ID].Members
		for _, id := range list.IDs {
			if !want[id] {
				t.Fatalf("group %d: %s is no member", g, id)
			}
		}
		if len(list.IDs) != len(want) {
			t.Fatalf("group %d: %d of %d members", g, len(list.IDs), len(want))
		}
	}
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// upTo gives the first n users, some other ones, to each group.
func upTo(size func(group int) int, users int) func(int) []int {
	return func(g int) (members []int) {
		for i := range size(g) {
			members = append(members, (i+g)%users)
		}
		return members
	}
}

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
	s := simulate(t, 130, 11, upTo(func(g int) int { return g * 9 }, 130), nil)
	whole := simulator.Current().Unlimited()
	rapid.Check(t, func(rt *rapid.T) {
		k := whole
		k.PageSize = rapid.IntRange(5, 100).Draw(rt, "page")
		k.Paging = simulator.Paging{
			Sizes:      rapid.SliceOfN(rapid.SampledFrom([]int{0, 3, 17, 100}), 0, 4).Draw(rt, "sizes"),
			Duplicates: rapid.IntRange(0, 2).Draw(rt, "duplicates"),
			LoopAt:     rapid.SampledFrom([]int{0, 0, 2, 4}).Draw(rt, "loop"),
		}
		if len(k.Paging.Sizes) > 0 && k.Paging.Sizes[0] == 0 {
			k.Paging.Sizes[0] = 40
		}
		k.SingleUseCursors = rapid.Bool().Draw(rt, "single use")
		s.server.SetKnobs(k)
		l := loadAll(t, client(t, s.url, AWS), nil)
		s.truth(rt, l)
		if k.Paging.LoopAt == 0 && (!l.usersC.Complete() || !l.groupsC.Complete() || !l.membersC.Complete()) {
			rt.Fatalf("nothing was lost, yet users are %s, groups %s, memberships %s", l.usersC, l.groupsC, l.membersC)
		}
		if k.Paging.LoopAt == 2 && l.usersC.State != model.Partial {
			rt.Fatalf("a cursor that loops gives users %s", l.usersC)
		}
	})
}

func TestARowThatVanishesMidWalkComesBackWithTheMembers(t *testing.T) {
	s := simulate(t, 250, 3, upTo(func(int) int { return 250 }, 250), func(k *simulator.Knobs) { k.Paging.VanishRow = 120 })
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

func TestFaultsNeverMakeTheDirectorySmaller(t *testing.T) {
	for name, f := range map[string]fault.Fault{
		"an empty answer, first page":    {Path: `/Users\?cursor$`, Kind: fault.Empty, Times: 1},
		"an empty answer, later page":    {Path: `/Users\?cursor=`, Kind: fault.Empty, Times: 1},
		"an empty answer, groups":        {Path: `/Groups\?cursor$`, Kind: fault.Empty, Times: 1},
		"429 a few times":                {Kind: fault.Throttle, Times: 3},
		"500 a few times":                {Kind: fault.ServerError, Times: 3},
		"HTML a few times":               {Kind: fault.BadGateway, Times: 3},
		"truncated JSON":                 {Kind: fault.Truncate, Times: 3},
		"a reset in the body":            {Kind: fault.ResetInBody, Times: 3},
		"a lost answer":                  {Kind: fault.LoseAnswer, Times: 3},
		"500 for ever from the 2nd page": {Path: `/Users\?cursor=`, Kind: fault.ServerError},
		"403 from the 2nd page":          {Path: `/Users\?cursor=`, Kind: fault.Forbidden},
		"HTML with 200":                  {Path: `/Users\?cursor=`, Kind: fault.Answer, Body: "<html>sign in</html>"},
		"another document with 200":      {Path: `/Users\?cursor=`, Kind: fault.Answer, Body: `{}`},
		"one group fails":                {Path: `groups\.value`, Kind: fault.ServerError, After: 3, Times: 5},
		"one group redirects":            {Path: `groups\.value`, Kind: fault.Redirect, Location: "https://elsewhere.example", After: 3, Times: 1},
		"all groups but one fail":        {Path: `groups\.value`, Kind: fault.ServerError, After: 1},
		"all groups are forbidden":       {Path: `groups\.value`, Kind: fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulate(t, 330, 40, upTo(func(g int) int { return 5 * g }, 330), nil)
			s.fail(t, f)
			l := loadAll(t, client(t, s.url, AWS), nil)
			s.truth(t, l)
			struckForGood := f.Times == 0 || strings.Contains(name, "one group")
			whole := l.usersC.Complete() && l.groupsC.Complete() && l.membersC.Complete()
			if whole == struckForGood {
				t.Errorf("users %s, groups %s, memberships %s", l.usersC, l.groupsC, l.membersC)
			}
			if strings.Contains(f.Path, "Users") && struckForGood && (l.usersC.State != model.Partial || len(l.users) != 100) {
				t.Errorf("%d users kept, %s", len(l.users), l.usersC)
			}
		})
	}
}

func TestATargetThatIsDownIsNotAskedForEveryGroup(t *testing.T) {
	s := simulate(t, 300, 120, upTo(func(int) int { return 3 }, 300), nil)
	c := client(t, s.url, AWS)
	users, _ := c.Users(t.Context(), nil)
	groups, _ := c.Groups(t.Context(), nil)
	before := c.Requests()
	s.fail(t, fault.Fault{Kind: fault.Forbidden})
	_, coverage, _ := c.Memberships(t.Context(), users, groups, nil, nil)
	wantCoverage(t, "forbidden memberships", coverage, model.Unknown)
	if n := c.Requests() - before; n != 1 {
		t.Errorf("%d requests for one refusal", n)
	}
	s.faults.Clear()
	s.fail(t, fault.Fault{Kind: fault.ServerError, After: 1})
	before = c.Requests()
	lists, coverage, _ := c.Memberships(t.Context(), users, groups, nil, nil)
	wantCoverage(t, "failing memberships", coverage, model.Partial)
	if n := c.Requests() - before; n > 1+5*(giveUpAfter+inFlight) {
		t.Errorf("%d requests to a target that is down", n)
	}
	known := 0
	for _, list := range lists {
		if list.Unknown == "" {
			known++
		}
	}
	if known != 1 {
		t.Errorf("the members of %d groups pass for known", known)
	}
}

func TestReasonsNameTheCause(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 1 }, 3), nil)
	for name, c := range map[string]struct {
		url, token string
		fault      *fault.Fault
		want       []string
	}{
		"deleted token":   {token: "other", want: []string{"401", "expired", "deleted", "tenant id"}},
		"wrong tenant":    {url: strings.Replace(s.url, "/tenant/", "/tenant2/", 1), want: []string{"401", "tenant id"}},
		"network rule":    {fault: &fault.Fault{Kind: fault.Forbidden}, want: []string{"403", "permission", "network rule"}},
		"wrong base URL":  {fault: &fault.Fault{Kind: fault.Answer, Status: 404, Body: "<html><title>Not here</title></html>"}, want: []string{"404", "Not here", "base URL"}},
		"throttled":       {fault: &fault.Fault{Kind: fault.Throttle}, want: []string{"429", "rate_share"}},
		"a long wait":     {fault: &fault.Fault{Kind: fault.Throttle, RetryAfter: 3600}, want: []string{"rate", "wait"}},
		"a login page":    {fault: &fault.Fault{Kind: fault.Answer, Body: "<html>sign in</html>"}, want: []string{"JSON", "URL"}},
		"a broken target": {fault: &fault.Fault{Kind: fault.BadGateway}, want: []string{"502", "Bad Gateway"}},
		"echoed token":    {fault: &fault.Fault{Kind: fault.Answer, Status: 418, Body: `{"detail":["bad ` + testToken + `"]}`}, want: []string{"418", "bad"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.faults.Clear()
			if c.fault != nil {
				s.fail(t, *c.fault)
			}
			o := Options{URL: s.url, Token: testToken, RateShare: Unlimited}
			o.HTTP.Backoff, o.HTTP.MaxBackoff = time.Microsecond, time.Microsecond
			if c.url != "" {
				o.URL = c.url
			}
			if c.token != "" {
				o.Token = c.token
			}
			adapter, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			defer adapter.Close()
			users, coverage := adapter.Users(t.Context(), nil)
			wantCoverage(t, "users", coverage, model.Unknown)
			if len(users) != 0 {
				t.Errorf("%d users", len(users))
			}
			for _, word := range c.want {
				if !strings.Contains(coverage.Reason, word) {
					t.Errorf("%q does not say %q", coverage.Reason, word)
				}
			}
			if strings.Contains(coverage.Reason, o.Token) {
				t.Errorf("%q holds the token", coverage.Reason)
			}
		})
	}
}

func TestLookupsAgainstTheSimulator(t *testing.T) {
	s := simulate(t, 30, 3, upTo(func(int) int { return 2 }, 30), nil)
	hostile := `we"ird\name` + "\u202e'&+%=#"
	s.world.Lock()
	target := &s.world.Target
	target.AddGroup(&world.TargetGroup{ID: s.world.NewUUID(), DisplayName: hostile})
	someone := *target.Users[target.UserOrder[3]]
	group := target.GroupOrder[1]
	s.world.Unlock()
	c := client(t, s.url, AWS)

	for _, name := range []string{someone.UserName, strings.ToUpper(someone.UserName)} {
		if u, found, err := c.FindUser(t.Context(), name, ""); err != nil || !found || u.ID != someone.ID {
			t.Errorf("%s: %+v %v %v", name, u, found, err)
		}
	}
	if u, found, err := c.FindUser(t.Context(), "nobody@corp.example", someone.ExternalID); err != nil || !found || u.ID != someone.ID {
		t.Errorf("by external id: %+v %v %v", u, found, err)
	}
	if _, found, err := c.FindUser(t.Context(), "nobody@corp.example", "ext-none"); err != nil || found {
		t.Errorf("nobody was found: %v %v", found, err)
	}
	if g, found, err := c.FindGroup(t.Context(), hostile); err != nil || !found || g.Name != hostile {
		t.Errorf("the group with the hostile name: %+v %v %v", g, found, err)
	}
	before := c.Requests()
	if _, _, err := c.FindUser(t.Context(), "", ""); err == nil {
		t.Error("a search for nothing was made")
	}
	if _, _, err := c.FindGroup(t.Context(), "  "); err == nil {
		t.Error("a search for a nameless group was made")
	}
	for _, id := range []string{"", ".", ".."} {
		if _, _, err := c.GetUser(t.Context(), id); err == nil {
			t.Errorf("a user with the id %q was asked for", id)
		}
	}
	if _, err := c.MembersOf(t.Context(), ""); err == nil {
		t.Error("the members of no group were asked for")
	}
	if c.Requests() != before {
		t.Error("an empty question was sent")
	}

	if u, found, err := c.GetUser(t.Context(), someone.ID); err != nil || !found || u.UserName != someone.UserName {
		t.Errorf("%+v %v %v", u, found, err)
	}
	if _, found, err := c.GetGroup(t.Context(), "00000000-0000-4000-8000-00000000dead"); err != nil || found {
		t.Errorf("a group that is not there: %v %v", found, err)
	}
	if list, err := c.MembersOf(t.Context(), group); err != nil || len(list.IDs) != 2 || list.Unknown != "" {
		t.Errorf("%+v %v", list, err)
	}
	s.fail(t, fault.Fault{Kind: fault.Answer, Status: 404, Body: `{"message":"Not Found"}`})
	if _, found, err := c.GetGroup(t.Context(), group); err == nil {
		t.Errorf("a gateway's 404 passed for the word of the target: %v", found)
	}
}

func TestMembersOfAnOldEndpointAreUnknown(t *testing.T) {
	s := simulate(t, 3, 1, upTo(func(int) int { return 2 }, 3), func(k *simulator.Knobs) { *k = simulator.Legacy().Unlimited() })
	c := client(t, s.url, AWS)
	list, err := c.MembersOf(t.Context(), s.world.Target.GroupOrder[0])
	if err != nil || list.Unknown == "" || len(list.IDs) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}
