package onelogin

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// tenant is a simulated OneLogin with an app, users in roles, rules and events.
type tenant struct {
	world  *world.World
	server *sim.Server
	faults *fault.Set
	client *Client
}

func startTenant(t *testing.T, users int, knobs sim.Knobs, scope string) *tenant {
	t.Helper()
	w := world.New(1, nil)
	src := &w.Source
	src.Credentials = []world.Credential{{ClientID: "client-id-0001", ClientSecret: "client-secret-0002", Scope: scope}}
	app := &world.App{
		ID: 500, Name: "AWS IAM Identity Center", ProvisioningEnabled: true, Direct: map[int64]bool{},
		Parameters: []world.Parameter{
			{Key: "groups", Label: "Groups", ProvisionedEntitlements: true},
			{Key: "scimusername", Label: "scimusername", UserAttributeMappings: "email"},
		}, Rules: []world.Rule{
			{
				ID: 1, Name: "on", Match: "all", Enabled: true, Position: 1,
				Actions: []world.Action{{Action: "set_groups", Value: []string{"aws-a"}}},
			},
			{
				ID: 2, Name: "off", Match: "all",
				Actions: []world.Action{{Action: "set_groups", Value: []string{"aws-b"}}},
			},
		},
	}
	src.Apps[500] = app
	for r := int64(1); r <= 5; r++ {
		src.Roles[r] = &world.Role{
			ID: r, Name: fmt.Sprint("role ", r), Users: map[int64]bool{},
			Apps: map[int64]bool{500: r <= 3},
		}
		if r > 3 {
			src.Roles[r].Apps = map[int64]bool{}
		}
	}
	for i := int64(1); i <= int64(users); i++ {
		id := 10_000_000_000 + i // beyond 32 bits
		status := 1
		if i%10 == 0 {
			status = 2
		}
		src.Users[id] = &world.User{
			ID: id, Email: fmt.Sprintf("u%d@corp.example", i), FirstName: "U",
			LastName: fmt.Sprint(i), State: 1, Status: status,
		}
		src.Roles[1+i%3].Users[id] = true
	}
	stranger := int64(20_000_000_000)
	src.Users[stranger] = &world.User{ID: stranger, Email: "stranger@corp.example", State: 1, Status: 1}
	now := w.Now()
	for i := range 120 {
		src.Events = append(src.Events, world.Event{
			ID: int64(i + 1), At: now.Add(time.Duration(i-120) * time.Minute),
			Type: []int{51, 64, 1802, 8}[i%4],
		})
	}
	s := &tenant{world: w, server: sim.New(w, knobs, nil), faults: &fault.Set{}}
	s.client = connect(t, s.faults.Wrap(fault.OneLogin, s.server))
	return s
}

func (s *tenant) served() map[string]int {
	n := map[string]int{}
	for _, r := range s.server.Requests() {
		n[r.Method+" "+r.Path]++
	}
	return n
}

func TestWholeTenant(t *testing.T) {
	for name, knobs := range map[string]sim.Knobs{
		"as documented": {},
		"odd but honest": {
			UsersPageMax: 100, NullCursorString: true, IgnoreRoleFields: true, NoRateHeaders: true,
		},
		"short pages": {Paging: []fault.Paging{{Sizes: []int{25}}}},
		"empty page":  {Paging: []fault.Paging{{Sizes: []int{1000, 0}}}},
		"duplicates":  {Paging: []fault.Paging{{Duplicates: 1}}},
		"moved once":  {Paging: []fault.Paging{{List: "users", Total: true, Times: 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := startTenant(t, 320, knobs, "manage_all")
			s.checkApp(t)
			s.checkUsers(t)
			s.checkRoles(t)
			s.checkEvents(t)
		})
	}
}

func (s *tenant) checkApp(t *testing.T) {
	t.Helper()
	app, err := s.client.App(t.Context())
	if err != nil || !slices.Equal(app.RoleIDs, []string{"1", "2", "3"}) || app.GroupsIncluded != model.Yes ||
		app.UserNameField != "email" {
		t.Errorf("app %+v, %v", app, err)
	}
	rules, _, cov := s.client.Rules(t.Context())
	if !cov.Complete() || len(rules) != 2 || rules[1].Enabled {
		t.Errorf("rules %+v, %v", rules, cov)
	}
}

func (s *tenant) checkUsers(t *testing.T) {
	t.Helper()
	users, cov := s.client.Users(t.Context(), nil)
	suspended := 0
	for _, u := range users {
		if u.Standing == "suspended" && !u.Active {
			suspended++
		}
	}
	if !cov.Complete() || len(users) != 320 || suspended != 32 {
		t.Errorf("%d users, %d suspended, %v", len(users), suspended, cov)
	}
}

func (s *tenant) checkRoles(t *testing.T) {
	t.Helper()
	roles, groups, memberships := s.client.Roles(t.Context(), nil)
	members := 0
	for _, r := range roles {
		if r.Grants {
			members += len(r.Users.IDs)
		}
	}
	if !groups.Complete() || !memberships.Complete() || len(roles) != 5 || members != 320 {
		t.Errorf("%d roles, %d members, %v, %v", len(roles), members, groups, memberships)
	}
}

func (s *tenant) checkEvents(t *testing.T) {
	t.Helper()
	events, cov := s.client.Events(t.Context(), s.world.Now().Add(-time.Hour), nil)
	count := map[int]int{}
	for _, e := range events {
		count[e.Type]++
	}
	// Of the 120 events a minute apart a quarter are deleted roles, wanted however old; the window and its overlap hold
	// 65.
	if n := count[51] + count[64]; !cov.Complete() || count[1802] != 30 || n < 32 || n > 34 || len(events) != n+30 {
		t.Errorf("events by type %v, %v", count, cov)
	}
}

func TestNoMoreRequestsThanNeeded(t *testing.T) {
	s := startTenant(t, 2100, sim.Knobs{}, "manage_all")
	_, _ = s.client.App(t.Context())
	_, _ = s.client.Users(t.Context(), nil)
	_, _, _ = s.client.Roles(t.Context(), nil)
	_, _, _ = s.client.Rules(t.Context())
	_, _ = s.client.Events(t.Context(), s.world.Now().Add(-time.Hour), nil)
	want := map[string]int{
		"POST /auth/oauth2/v2/token": 1, "GET /api/2/apps/500": 1, "GET /api/2/apps/500/users": 3,
		"GET /api/2/users": 42,
		"GET /api/2/roles": 1, "GET /api/2/apps/500/rules": 2, "GET /api/1/events": 2,
	}
	if got := s.served(); fmt.Sprint(got) != fmt.Sprint(want) || s.client.Requests() != s.server.RequestCount() {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if b := s.client.Budget(); !b.Known || b.Limit != 5000 || b.Remaining <= 0 {
		t.Errorf("budget %+v", b)
	}
}

func TestPagingFaultsAreNeverTakenForTheWhole(t *testing.T) {
	for kind, paging := range map[string]fault.Paging{
		"vanish": {Vanish: true}, "truncated": {EndAt: 2},
		"totals": {Total: true},
	} {
		for _, list := range []string{"users", "app_users"} {
			n := 320
			if list == "app_users" {
				n = 2100
			}
			paging.List = list
			s := startTenant(t, n, sim.Knobs{Paging: []fault.Paging{paging}}, "manage_all")
			users, cov := s.client.Users(t.Context(), nil)
			if cov.State == model.Unknown || cov.Complete() && len(users) != n {
				t.Errorf("%s of %s: %d users, %v", kind, list, len(users), cov)
			}
			if list == "app_users" && cov.State != model.Partial {
				t.Errorf("%s of %s: %d users, %v", kind, list, len(users), cov)
			}
		}
	}
}

func TestPassingFaultsPass(t *testing.T) {
	for _, kind := range []fault.Kind{
		fault.Throttle, fault.ThrottleAs400, fault.ServerError, fault.BadGateway,
		fault.Reset, fault.ResetInBody, fault.Truncate, fault.LoseAnswer,
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := startTenant(t, 320, sim.Knobs{}, "manage_all")
			if err := s.faults.Add(fault.Fault{Kind: kind, Path: "/api/", After: 1, Times: 3}); err != nil {
				t.Fatal(err)
			}
			users, cov := s.client.Users(t.Context(), nil)
			if !cov.Complete() || len(users) != 320 {
				t.Errorf("%d users, %v", len(users), cov)
			}
		})
	}
}

func TestLastingFaultsAreToldAndKeepWhatWasRead(t *testing.T) {
	for _, kind := range []fault.Kind{
		fault.ServerError, fault.BadGateway, fault.Forbidden, fault.Reset,
		fault.ResetInBody, fault.Truncate,
	} {
		s := startTenant(t, 2100, sim.Knobs{}, "manage_all")
		if err := s.faults.Add(fault.Fault{Kind: kind, Path: `/apps/500/users\?.*page=2`}); err != nil {
			t.Fatal(err)
		}
		users, cov := s.client.Users(t.Context(), nil)
		if cov.State != model.Partial || len(users) < 1000 || len(users) >= 2100 ||
			!strings.Contains(cov.Reason, "of 2100 read") {
			t.Errorf("%s: %d users, %v", kind, len(users), cov)
		}
	}
}

func TestRateLimitOfTheHour(t *testing.T) {
	for _, status := range []int{429, 400} {
		s := startTenant(t, 320, sim.Knobs{HourlyLimit: 4, OverLimitStatus: status}, "manage_all")
		users, cov := s.client.Users(t.Context(), nil)
		if cov.Complete() || !strings.Contains(cov.Reason, "hourly limit") || !strings.Contains(cov.Reason, "wait") {
			t.Errorf("%d: %d users, %v", status, len(users), cov)
		}
	}
}

func TestScopes(t *testing.T) {
	for _, status := range []int{401, 403} {
		s := startTenant(t, 30, sim.Knobs{ScopeStatus: status}, "read_all")
		if users, cov := s.client.Users(t.Context(), nil); !cov.Complete() || len(users) != 30 {
			t.Errorf("%d users, %v", len(users), cov)
		}
		if _, _, cov := s.client.Rules(t.Context()); cov.State != model.Unknown ||
			!strings.Contains(cov.Reason, "Manage All") {
			t.Errorf("%d: %v", status, cov)
		}
	}
}

func TestExpiredTokenIsRenewed(t *testing.T) {
	s := startTenant(t, 30, sim.Knobs{}, "manage_all")
	for range 3 {
		if users, cov := s.client.Users(t.Context(), nil); !cov.Complete() || len(users) != 30 {
			t.Errorf("%d users, %v", len(users), cov)
		}
		s.server.ExpireTokens()
	}
}

func TestFindUserInTheTenant(t *testing.T) {
	s := startTenant(t, 30, sim.Knobs{}, "manage_all")
	for email, want := range map[string]string{
		"U7@corp.example": "true true", "stranger@corp.example": "true false",
		"nobody@corp.example": "false false",
	} {
		u, found, err := s.client.FindUser(t.Context(), email)
		if got := fmt.Sprint(found, " ", u.Assigned); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", email, got, err, want)
		}
	}
}

func TestNothingListens(t *testing.T) {
	srv := httptest.NewServer(nil)
	c := connect(t, nil, func(o *Options) { o.URL = srv.URL })
	srv.Close()
	_, cov := c.Users(t.Context(), nil)
	if cov.State != model.Unknown || !strings.Contains(cov.Reason, "check the network") {
		t.Errorf("got %v", cov)
	}
}
