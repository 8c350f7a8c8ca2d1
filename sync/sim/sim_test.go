package sim_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves a scenario with jobs that run only when the test says so, and a target that does not throttle.
func start(t *testing.T, scenario string, change func(*tenants.Tenant)) (*sim.Server, *tenants.Tenant) {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{
		Scenario: scenario, Seed: 7,
		Now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(tenant)
	}
	knobs := scim.Current().Unlimited()
	s, err := sim.Start(context.Background(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true, SCIM: &knobs,
		Connection: sim.Connection{
			Roles: tenants.RolesPattern, NudgeAttribute: tenants.NudgeAttribute,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Engine.Wait = func(context.Context, time.Duration) error { return nil }
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, tenant
}

// press posts to the control page.
func press(t *testing.T, s *sim.Server, path string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %s", path, resp.Status)
	}
}

// memberships are the target's groups with their members' user names.
func memberships(tenant *tenants.Tenant) map[string][]string {
	tenant.World.Lock()
	defer tenant.World.Unlock()
	groups := map[string][]string{}
	for _, g := range tenant.World.Target.Groups {
		members := []string{}
		for id := range g.Members {
			members = append(members, tenant.World.Target.Users[id].UserName)
		}
		slices.Sort(members)
		groups[g.DisplayName] = members
	}
	return groups
}

// expected is the truth by the roles: every role that grants the app, is named aws-… and has an active user.
func expected(tenant *tenants.Tenant) (groups map[string][]string, users []string) {
	tenant.World.Lock()
	defer tenant.World.Unlock()
	src := &tenant.World.Source
	groups = map[string][]string{}
	for _, r := range src.Roles {
		if !r.Apps[tenant.AppID] || !strings.HasPrefix(r.Name, "aws-") {
			continue
		}
		for id := range r.Users {
			if u := src.Users[id]; u != nil && u.Active() {
				groups[pushed(r)] = append(groups[pushed(r)], u.Email)
			}
		}
		slices.Sort(groups[pushed(r)])
	}
	for id := range src.Assigned(tenant.AppID) {
		if src.Users[id].Active() {
			users = append(users, src.Users[id].Email)
		}
	}
	slices.Sort(users)
	return groups, users
}

// pushed is what a role's group is called at the target.
func pushed(r *world.Role) string { return strings.TrimSpace(r.Name) }

// emptyTarget forgets everything that was ever provisioned.
func emptyTarget(tenant *tenants.Tenant) {
	w := tenant.World
	w.Target.UserOrder, w.Target.GroupOrder = nil, nil
	clear(w.Target.Users)
	clear(w.Target.Groups)
	clear(w.Source.Logins)
	clear(w.Source.Apps[tenant.AppID].Entitlements)
}

func TestReapplyFillsAnEmptyTarget(t *testing.T) {
	s, tenant := start(t, "clean", emptyTarget)
	press(t, s, fmt.Sprintf("/__sim/console/apps/%d/reapply", tenant.AppID))
	if n := len(memberships(tenant)); n != 0 {
		t.Fatalf("%d groups before the job has run", n)
	}
	press(t, s, "/__sim/jobs/run")
	groups, users := expected(tenant)
	if got := memberships(tenant); !maps.EqualFunc(got, groups, slices.Equal[[]string]) {
		t.Errorf("groups at the target: %v\nwant %v", got, groups)
	}
	got := []string{}
	for _, u := range tenant.World.Target.Users {
		got = append(got, u.UserName)
	}
	slices.Sort(got)
	if !slices.Equal(got, users) || len(users) == 0 {
		t.Errorf("users at the target: %v\nwant %v", got, users)
	}
	for _, login := range tenant.World.Source.Logins {
		if login.RemoteID != "" && login.State != "provisioned" {
			t.Errorf("a login is %s", login.State)
		}
	}
}
