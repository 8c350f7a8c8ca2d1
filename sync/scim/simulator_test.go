package scim

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

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
func simulate(t testing.TB, users, groups int, members func(group int) []int,
	change func(*simulator.Knobs),
) *simulation {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }
	s := &simulation{world: world.New(7, now), faults: &fault.Set{}}
	target := &s.world.Target
	target.TenantID, target.Tokens = "tenant", []world.Token{{Value: bearer}}
	for i := range users {
		name := fmt.Sprintf("user%d@corp.example", i)
		target.AddUser(&world.TargetUser{
			ID: s.world.NewUUID(), UserName: name, DisplayName: fmt.Sprintf("User %d", i), GivenName: "User",
			FamilyName: strconv.Itoa(i),
			Email:      name, EmailType: "work", Active: i%7 != 0, ExternalID: fmt.Sprintf("ext-%d", i),
		})
	}
	for g := range groups {
		group := &world.TargetGroup{
			ID: s.world.NewUUID(), DisplayName: fmt.Sprintf("group %d", g),
			Members: map[string]bool{}, Created: time.Unix(int64(1e9+g), 0),
		}
		for _, u := range members(g) {
			group.Members[target.UserOrder[u]] = true
		}
		target.AddGroup(group)
	}
	knobs := simulator.Current().Unlimited()
	if change != nil {
		change(&knobs)
	}
	s.server = simulator.New(s.world, knobs)
	s.server.Clock = now
	web := httptest.NewServer(s.faults.Wrap(fault.SCIM, s.server))
	t.Cleanup(web.Close)
	s.url = web.URL + "/tenant/scim/v2/"
	return s
}

func (s *simulation) fail(t *testing.T, f fault.Fault) {
	t.Helper()
	if err := s.faults.Add(f); err != nil {
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
		if want == nil || want.UserName != u.UserName || want.Active != u.Active || want.Email != u.Email ||
			want.ExternalID != u.ExternalID || ids[u.ID] {
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
	for _, g := range l.groups {
		if want := s.world.Target.Groups[g.ID].Created.UTC().Truncate(time.Second); !g.Created.Equal(want) {
			t.Fatalf("group %s was made at %s, want %s", g.Name, g.Created, want)
		}
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
