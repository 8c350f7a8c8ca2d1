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
)

// faulty is one row of the table: how the services misbehave, and which parts may then not be called complete. With no
// part named, the load must recover and give exactly the right findings.
type faulty struct {
	name    string
	arrange func(t *testing.T, s *sim.Server)
	// scim replaces the current AWS profile.
	scim *scim.Knobs
	// config bends the configuration file.
	config func(text string) string
	// lost are parts as "source.users"; each must not be complete.
	lost []string
	// dead: neither side can be read.
	dead bool
}

func arm(faults ...fault.Fault) func(*testing.T, *sim.Server) {
	return func(t *testing.T, s *sim.Server) {
		t.Helper()
		if err := s.Faults.Add(faults...); err != nil {
			t.Fatal(err)
		}
	}
}

const usersPath = `^/[^/]+/scim/v2/Users`

// faults are five telling rows of the table "a bad read is never drift", which stands whole in
// sync/load/faults_test.go: what the program prints and the code that it ends with follow from what is read. One
// passes by itself, one is refused for ever, one answers an empty list, one ends a list too soon without a word, and
// one leaves nothing to be read.
func faults() []faulty {
	legacy := scim.Legacy().Unlimited()
	return []faulty{
		{
			name: "OneLogin 400 rate_limit_exceeded",
			arrange: arm(fault.Fault{
				Service: fault.OneLogin, Path: "/api/2/apps", Kind: fault.ThrottleAs400,
				Times: 2,
			}),
		},
		{
			name: "SCIM 429 for ever on users", lost: []string{"target.users"},
			// It asks to wait for longer than anybody does: how a rate limit is sat out is the client's own story.
			arrange: arm(fault.Fault{
				Service: fault.SCIM, Path: usersPath + `\?(cursor|startIndex)`, Kind: fault.Throttle, RetryAfter: 3600,
			}),
		},
		{name: "roles suddenly empty", arrange: func(_ *testing.T, s *sim.Server) {
			s.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.Paging = []fault.Paging{{List: "roles", Empty: true}} })
		}, lost: []string{"source.groups", "source.memberships"}},
		{
			name: "legacy AWS with more rows than a page", scim: &legacy,
			lost: []string{"target.users", "target.memberships"},
		},
		{name: "both wrong", config: func(text string) string {
			return replaceLine("token", `token = "wrong"`)(replaceLine("client_secret", `client_secret = "wrong"`)(
				text))
		}, dead: true},
	}
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

// paged builds the tenant of the fault tables, whose users fill more than one page of either side.
func paged(t *testing.T) *tenants.Tenant {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Users: 130, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestFaultsNeverBecomeDrift(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant := paged(t)
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
		World: tenant.World, AppID: tenant.AppID, SCIM: &knobs, Manual: true,
		Connection: sim.Connection{From: "roles", Roles: tenants.RolesPattern},
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
	if len(f.lost) == 0 {
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
			t.Errorf("exit %d, complete %v: it should have recovered\nsource %v\ntarget %v", code, c.Complete,
				c.Source.Coverage, c.Target.Coverage)
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
		// proof that cannot be read makes a group unclaimed
		if _, ok := want[key(p)]; !ok && p.Kind != "group-unclaimed" {
			t.Errorf("not true: %+v", p)
		}
	}
}
