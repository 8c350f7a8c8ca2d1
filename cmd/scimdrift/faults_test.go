package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// faulty is one row of the table: how the services misbehave, and which parts may then not be called complete. With no
// part named, the load must recover and give exactly the right findings.
type faulty struct {
	name    string
	arrange func(t *testing.T, s *sim.Server)
	world   func(w *world.World)
	// scim replaces the current AWS profile.
	scim *scim.Knobs
	// config bends the configuration file.
	config func(text string) string
	// lost are parts as "source.users"; each must not be complete.
	lost []string
	// may is set where both recovering and admitting are right.
	may bool
	// dead: neither side can be read.
	dead bool
}

func arm(faults ...fault.Fault) func(*testing.T, *sim.Server) {
	return func(t *testing.T, s *sim.Server) {
		t.Helper()
		if _, err := s.Faults.Add(faults...); err != nil {
			t.Fatal(err)
		}
	}
}

func page(p fault.Paging) func(*testing.T, *sim.Server) {
	return func(_ *testing.T, s *sim.Server) {
		s.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.Paging = []fault.Paging{p} })
	}
}

func paging(p fault.Paging) *scim.Knobs {
	k := scim.Current().Unlimited()
	k.Paging = []fault.Paging{p}
	return &k
}

const (
	usersPath  = `^/[^/]+/scim/v2/Users`
	groupsPath = `^/[^/]+/scim/v2/Groups`
)

func faults() []faulty {
	legacy := scim.Legacy().Unlimited()
	offset := paging(fault.Paging{List: "users", Sizes: []int{40}, Vanish: true})
	table := []faulty{
		{name: "nothing"},
		{name: "OneLogin 429 with Retry-After", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/users", Kind: fault.Throttle, RetryAfter: 1, Times: 1})},
		{name: "OneLogin 429 without Retry-After", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/roles", Kind: fault.Throttle, Times: 2})},
		{name: "OneLogin 400 rate_limit_exceeded", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/apps", Kind: fault.ThrottleAs400, Times: 2})},
		{name: "SCIM 429 with Retry-After", arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath, Kind: fault.Throttle, RetryAfter: 1, Times: 1})},
		{name: "SCIM 429 without Retry-After", arrange: arm(fault.Fault{Service: fault.SCIM, Path: groupsPath, Kind: fault.Throttle, Times: 2})},
		{name: "SCIM 429 for ever on users", arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath + `\?cursor`, Kind: fault.Throttle}), lost: []string{"target.users"}},
		{name: "OneLogin 500 once", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/users", Kind: fault.ServerError, Times: 1})},
		{name: "OneLogin 500 for ever on users", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: `/api/2/users\?`, Kind: fault.ServerError}), lost: []string{"source.users"}},
		{name: "OneLogin HTML 502", arrange: arm(fault.Fault{Service: fault.OneLogin, Kind: fault.BadGateway, Times: 2, After: 1})},
		{name: "SCIM HTML 502", arrange: arm(fault.Fault{Service: fault.SCIM, Kind: fault.BadGateway, Times: 2})},
		{name: "reset before the answer", arrange: arm(fault.Fault{Service: fault.SCIM, Kind: fault.Reset, Times: 2, After: 3})},
		{name: "OneLogin reset in the body", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/users", Kind: fault.ResetInBody, Times: 1})},
		{name: "SCIM reset in the body", arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath, Kind: fault.ResetInBody, Times: 1})},
		{name: "OneLogin truncated JSON", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/roles", Kind: fault.Truncate, Times: 1})},
		{name: "SCIM truncated JSON", arrange: arm(fault.Fault{Service: fault.SCIM, Path: groupsPath, Kind: fault.Truncate, Times: 1})},
		{name: "SCIM truncated JSON for ever", arrange: arm(fault.Fault{Service: fault.SCIM, Path: groupsPath, Kind: fault.Truncate}), lost: []string{"target.groups"}},
		{name: "one group's members cannot be read", arrange: arm(fault.Fault{Service: fault.SCIM, Path: `groups\.value`, After: 3, Kind: fault.Forbidden}), lost: []string{"target.memberships"}},
		{name: "rules are forbidden", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/rules", Kind: fault.Forbidden}), lost: []string{"source.rules"}},
		{name: "events are forbidden", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/1/events", Kind: fault.Forbidden}), lost: []string{"source.events"}},
		{name: "app is forbidden", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: `/api/2/apps/\d+$`, Kind: fault.Forbidden}), lost: []string{"source.users", "source.groups"}},
		{name: "OneLogin empty page with a next cursor", arrange: page(fault.Paging{List: "users", Sizes: []int{20, 0}})},
		{name: "OneLogin short pages", arrange: page(fault.Paging{Sizes: []int{25}})},
		{name: "OneLogin duplicates", arrange: page(fault.Paging{Duplicates: 1}), may: true, lost: []string{"source.users"}},
		{name: "OneLogin totals change", arrange: page(fault.Paging{List: "users", Total: true}), may: true, lost: []string{"source.users"}},
		{name: "OneLogin repeated cursor", arrange: page(fault.Paging{List: "users", LoopAt: 1}), may: true, lost: []string{"source.users"}},
		{name: "OneLogin row vanishes from users", arrange: page(fault.Paging{List: "users", Vanish: true}), may: true, lost: []string{"source.users"}},
		{name: "OneLogin row vanishes from the roll", arrange: page(fault.Paging{List: "app_users", Vanish: true}), may: true, lost: []string{"source.users"}},
		{name: "OneLogin users truncated", arrange: page(fault.Paging{List: "users", EndAt: 2}), may: true, lost: []string{"source.users"}},
		{name: "app users suddenly empty", arrange: page(fault.Paging{List: "app_users", Empty: true}), lost: []string{"source.users"}},
		{name: "users suddenly empty", arrange: page(fault.Paging{List: "users", Empty: true}), may: true, lost: []string{"source.users"}},
		{name: "roles suddenly empty", arrange: page(fault.Paging{List: "roles", Empty: true}), lost: []string{"source.groups", "source.memberships"}},
		{name: "role fields ignored", arrange: func(_ *testing.T, s *sim.Server) {
			s.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.IgnoreRoleFields = true })
		}},
		{name: "null cursors as strings", arrange: func(_ *testing.T, s *sim.Server) {
			s.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.NullCursorString = true; k.DashedEventNames = true; k.UsersPageMax = 100 })
		}},
		{name: "SCIM short and empty pages", scim: paging(fault.Paging{Sizes: []int{7, 0, 100, 1}})},
		{name: "SCIM repeated cursor", scim: paging(fault.Paging{Sizes: []int{20}, LoopAt: 2}), lost: []string{"target.users"}},
		{name: "SCIM duplicates", scim: paging(fault.Paging{Sizes: []int{40}, Duplicates: 3})},
		{name: "SCIM row vanishes", scim: offset, may: true, lost: []string{"target.users"}},
		{name: "legacy AWS with more rows than a page", scim: &legacy, lost: []string{"target.users", "target.memberships"}},
		{name: "SCIM token expires mid-walk", arrange: arm(fault.Fault{
			Service: fault.SCIM, After: 6, Kind: fault.Answer, Status: 401, Body: `{"message":"expired"}`,
		}), lost: []string{"target.memberships"}},
		{name: "OneLogin refuses a token that it gives out again", arrange: arm(fault.Fault{
			Service: fault.OneLogin, Path: `/apps/\d+/users`, Kind: fault.Answer, Status: 401,
			Body: `{"statusCode":401,"name":"UnauthorizedError","message":"Unauthorized"}`,
		}), lost: []string{"source.users"}},
		{name: "wrong OneLogin secret", config: replaceLine("client_secret", `client_secret = "wrong"`), lost: []string{"source.users", "source.groups", "source.rules", "source.events"}},
		{name: "wrong SCIM token", config: replaceLine("token", `token = "wrong"`), lost: []string{"target.users", "target.groups", "target.memberships"}},
		{name: "both wrong", config: func(text string) string {
			return replaceLine("token", `token = "wrong"`)(replaceLine("client_secret", `client_secret = "wrong"`)(text))
		}, dead: true},
		{name: "redirect to another host", arrange: arm(fault.Fault{Service: fault.SCIM, Path: usersPath, Kind: fault.Redirect, Location: "http://198.51.100.7/elsewhere"}), lost: []string{"target.users"}},
		{name: "OneLogin redirects to another host", arrange: arm(fault.Fault{Service: fault.OneLogin, Path: "/api/2/roles", Kind: fault.Redirect, Location: "http://198.51.100.7/elsewhere"}), lost: []string{"source.groups"}},
		{name: "Read All credential", world: func(w *world.World) { w.Source.Credentials[0].Scope = "read_all" }, lost: []string{"source.rules"}},
		{name: "a status that nobody documents", world: func(w *world.World) {
			for _, u := range w.Source.Users {
				if u.Status == 2 { // taken for active, they would be unsynced or inactive
					u.Status = 99
				}
			}
		}, lost: []string{"source.users"}},
		{name: "a state that nobody documents", world: func(w *world.World) {
			for id, u := range w.Source.Users {
				if id%7 == 0 { // taken for unlicensed, they would be still active
					u.State = 9
				}
			}
		}, lost: []string{"source.users"}},
		{name: "credential's owner deleted", world: func(w *world.World) { w.Source.Credentials[0].OwnerDeleted = true }, lost: []string{"source.users"}},
	}
	return table
}

func replaceLine(key, with string) func(string) string {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			if strings.HasPrefix(line, key+" ") {
				lines[i] = with
			}
		}
		return strings.Join(lines, "\n")
	}
}

// paged builds the tenant of the fault tables, whose users fill more than one page of either side, and bends it if it is to be bent.
func paged(t *testing.T, bend func(*world.World)) *tenants.Tenant {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Users: 130, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if bend != nil {
		bend(tenant.World)
	}
	return tenant
}

func TestFaultsNeverBecomeDrift(t *testing.T) {
	t.Parallel()
	for _, f := range some(faults()) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant := paged(t, f.world)
			path := serve(t, tenant, &f)
			if f.dead {
				out, errs, code := runCLI(t, "check", "--config", path)
				if code != exitFailed || out != "" || !strings.Contains(errs, "neither side could be read") {
					t.Errorf("exit %d\n%s\n%s", code, out, errs)
				}
				return
			}
			c, code := checkJSON(t, "--config", path)
			f.judge(t, c, code, tenant.Truth)
		})
	}
}

// serve starts the simulation as the row wants it and writes the configuration that connects to it.
func serve(t *testing.T, tenant *tenants.Tenant, f *faulty) string {
	t.Helper()
	knobs := scim.Current().Unlimited()
	if f.scim != nil {
		knobs = *f.scim
	}
	s, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, SCIM: &scim.Options{Knobs: &knobs}, Manual: true,
		Connection: sim.Connection{From: "roles", Roles: tenant.RolesPattern},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if f.arrange != nil {
		f.arrange(t, s)
	}
	text := replaceLine("dialect", "dialect = \"aws\"\nrate_share = 100")(s.Config())
	if f.config != nil {
		text = f.config(text)
	}
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (f *faulty) judge(t *testing.T, c checked, code int, truth tenants.Truth) {
	t.Helper()
	if f.may && c.Complete {
		for i := range c.Findings { // the fault may also keep a cause from being found
			if c.Findings[i].Cause == "unknown" {
				c.Findings[i].Cause = ""
			}
		}
		for i := range truth {
			for _, got := range c.Findings {
				if got.Cause == "" && got.Kind == truth[i].Kind && got.Subject.TargetID == truth[i].TargetID {
					truth[i].Cause = ""
				}
			}
		}
	}
	if len(f.lost) == 0 || f.may && c.Complete {
		// the fault may also keep a direct question from being answered, and then nothing is certain
		for i := range c.Findings {
			for _, is := range truth {
				if got := &c.Findings[i]; got.Confidence == "likely" && got.Kind == is.Kind &&
					got.Subject.Name == is.Subject {
					got.Confidence = is.Confidence
				}
			}
		}
		wantTruth(t, c, truth)
		if code != exitDrift || !c.Complete {
			t.Errorf("exit %d, complete %v: it should have recovered\nsource %v\ntarget %v", code, c.Complete, c.Source.Coverage, c.Target.Coverage)
		}
		return
	}
	if code != exitIncomplete || c.Complete {
		t.Errorf("exit %d, complete %v; want %d, false", code, c.Complete, exitIncomplete)
	}
	for _, part := range f.lost {
		side, name, _ := strings.Cut(part, ".")
		coverage := c.Source.Coverage[name]
		if side == "target" {
			coverage = c.Target.Coverage[name]
		}
		if !strings.HasPrefix(coverage, "partial: ") && !strings.HasPrefix(coverage, "unknown: ") {
			t.Errorf("%s is called %q", part, coverage)
		}
	}
	want := wanted(truth)
	for _, p := range given(c.Findings, want) {
		if _, ok := want[key(p)]; !ok && p.Kind != "group-unclaimed" { // proof that cannot be read makes a group unclaimed
			t.Errorf("not true: %+v", p)
		}
	}
}
