package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// examined is the documented JSON of doctor, read back without the product's own types.
type examined struct {
	Schema     int
	Connection string
	Checks     []checkSeen
}

type checkSeen struct {
	ID, Result, Seen, Todo, Link, Menu string
	Attributes                         []attributeSeen
}

type attributeSeen struct {
	FieldName    string   `json:"field_name"`
	TagKey       string   `json:"tag_key"`
	Attribute    string   `json:"onelogin_attribute"`
	Flag         string   `json:"flag"`
	InAssertion  string   `json:"in_assertion"`
	WithoutValue []string `json:"without_value"`
	UnfitValue   []string `json:"unfit_value"`
	Unread       *int     `json:"unread"`
	Wrong        []string `json:"wrong"`
}

func doctorJSON(t *testing.T, args ...string) (examined, int) {
	t.Helper()
	out, errs, code := runCLI(t, append([]string{"doctor", "-o", "json"}, args...)...)
	var e examined
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		t.Fatalf("not the documented JSON: %v\n%s\n%s", err, out, errs)
	}
	return e, code
}

func (e examined) mends() (ids []string) {
	for _, c := range e.Checks {
		if c.Result == "mend" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func (e examined) check(t *testing.T, id string) checkSeen {
	t.Helper()
	for _, c := range e.Checks {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no check %s", id)
	return e.Checks[0]
}

// setupFindings are those of check, which must be what doctor says is to mend.
func setupFindings(c checked) (kinds []string) {
	for _, f := range c.Findings {
		if strings.HasPrefix(f.Kind, "setup-") {
			kinds = append(kinds, f.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func TestDoctorOfEveryScenario(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"drift":                {"setup-pending-approvals", "setup-stale-entitlements"},
		"clean":                nil,
		"lingering-groups":     nil,
		"deleted-in-aws-first": {"setup-rule-redundant", "setup-stale-entitlements"},
		"nothing-syncs":        {"setup-pending-approvals"},
		"groups-not-included":  {"setup-groups-not-included"},
		"access-attributes":    {"setup-access-attributes"},
		"first-setup":          {"setup-provisioning-off", "setup-groups-not-included"},
	}
	for _, s := range tenants.Scenarios() {
		if s.Name == "large" {
			continue // its set-up is that of drift
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			e, code := doctorJSON(t, "--demo", "--scenario", s.Name)
			if diff := cmp.Diff(want[s.Name], e.mends()); diff != "" {
				t.Errorf("to mend (-want +got):\n%s", diff)
			}
			wantCode := exitOK
			if len(want[s.Name]) > 0 {
				wantCode = exitDrift
			}
			if code != wantCode || e.Schema != 1 || e.Connection != "demo" {
				t.Errorf("exit %d, want %d; schema %d, connection %q", code, wantCode, e.Schema, e.Connection)
			}
			for _, c := range e.Checks {
				if c.Result == "unknown" {
					t.Errorf("%s is not known on two sides that answer: %s", c.ID, c.Seen)
				}
			}
			checks, _ := checkJSON(t, "--demo", "--scenario", s.Name)
			mends := e.mends()
			slices.Sort(mends)
			if diff := cmp.Diff(mends, setupFindings(checks)); diff != "" {
				t.Errorf("check finds something else than doctor (-doctor +check):\n%s", diff)
			}
		})
	}
}

func TestDoctorPointsAtTheSetting(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string]struct{ id, seen, menu, link string }{
		"groups-not-included": {
			"setup-groups-not-included", "not included in user provisioning",
			"the app > Parameters", "/edit/#parameters",
		},
		"nothing-syncs": {
			"setup-pending-approvals", "40 tasks wait for approval", "Users > Pending > Approve",
			"/edit/#users",
		},
		"deleted-in-aws-first": {
			"setup-stale-entitlements", "gone from the target", "Entitlements > Refresh",
			"/edit/#provisioning",
		},
	} {
		e, _ := doctorJSON(t, "--demo", "--scenario", scenario)
		c := e.check(t, want.id)
		if c.Result != "mend" || !strings.Contains(c.Seen, want.seen) || !strings.HasSuffix(c.Menu, want.menu) ||
			!strings.HasSuffix(c.Link, want.link) {
			t.Errorf("%s: %+v", scenario, c)
		}
	}
}

// TestDoctorNamesTheMissingScope: whatever way OneLogin says no, the rest still works and the scope is named.
func TestDoctorNamesTheMissingScope(t *testing.T) {
	t.Parallel()
	parts := map[string]struct{ path, what, scope string }{
		"rules":  {`/rules`, "app rules", "Manage All"},
		"events": {`/api/1/events`, "events", "Read Users"},
		"states": {`/users/\d+/apps`, "provisioning states of users", "Read Users"},
	}
	for part, p := range parts {
		for _, status := range []int{401, 403, 404, 429} {
			t.Run(fmt.Sprint(part, "/", status), func(t *testing.T) {
				t.Parallel()
				tenant := build(t, "nothing-syncs")
				path := serve(t, tenant, &faulty{arrange: arm(fault.Fault{
					Service: fault.OneLogin, Path: p.path, Kind: fault.Answer, Status: status,
					Body: `{"statusCode":403,"name":"Error","message":"no"}`,
					// A wait that is longer than we wait ends the retries at once.
					Headers: map[string]string{"Retry-After": "3600"},
				})})
				e, code := doctorJSON(t, "--config", path)
				c := e.check(t, "setup-source-scopes")
				result, wantCode := "mend", exitDrift
				if status == 429 {
					result = "look"
					wantCode = code // nothing-syncs has something to mend where the states can be read
				}
				if c.Result != result || code != wantCode ||
					!strings.Contains(c.Seen, fmt.Sprintf("%s refused with %d", p.what, status)) ||
					!strings.Contains(c.Todo, p.scope) {
					t.Errorf("exit %d, %+v", code, c)
				}
				if got := e.check(t, "setup-target-token"); got.Result != "fine" {
					t.Errorf("the target was read all the same: %+v", got)
				}
			})
		}
	}
}

func build(t *testing.T, scenario string) *tenants.Tenant {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: scenario, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestDoctorWithACredentialThatIsTooSmall(t *testing.T) {
	t.Parallel()
	tenant := build(t, "clean")
	tenant.World.Source.Credentials[0].Scope = "read_all"
	e, code := doctorJSON(t, "--config", serve(t, tenant, &faulty{}))
	c := e.check(t, "setup-source-scopes")
	if code != exitDrift || c.Result != "mend" || !strings.Contains(c.Todo, "Manage All") ||
		!strings.HasSuffix(c.Menu, "API Credentials") {
		t.Errorf("exit %d: %+v", code, c)
	}
	if c := e.check(t, "setup-no-group-rule"); c.Result != "unknown" || !strings.Contains(c.Seen, "not read in full") {
		t.Errorf("rules that cannot be read: %+v", c)
	}
}

func TestDoctorWhereASideDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f    faulty
		code int
		// unknown are checks that must say so, mend the one that says what is wrong.
		unknown []string
		mend    string
	}{
		"target down": {
			f: faulty{arrange: arm(fault.Fault{
				Service: fault.SCIM, Kind: fault.Redirect,
				Location: "http://198.51.100.7/elsewhere",
			})},
			code: exitFailed, unknown: []string{"setup-target-token", "setup-mispaired", "setup-target-capabilities"},
		},
		"wrong SCIM token": {
			f: faulty{config: replaceLine("token", `token = "wrong"`)}, code: exitDrift,
			unknown: []string{"setup-mispaired"}, mend: "setup-target-token",
		},
		"SCIM network rule": {
			f: faulty{arrange: arm(fault.Fault{Service: fault.SCIM, Kind: fault.Forbidden})}, code: exitDrift,
			unknown: []string{"setup-stale-entitlements"}, mend: "setup-target-token",
		},
		"wrong OneLogin secret": {
			f: faulty{config: replaceLine("client_secret", `client_secret = "wrong"`)}, code: exitDrift,
			unknown: []string{
				"setup-provisioning-off", "setup-reapply-due", "setup-no-group-rule",
				"setup-pending-approvals",
			}, mend: "setup-source-scopes",
		},
		"both wrong": {
			f: faulty{config: func(text string) string {
				return replaceLine("token", `token = "wrong"`)(replaceLine("client_secret", `client_secret = "wrong"`)(
					text))
			}}, code: exitDrift, unknown: []string{"setup-mispaired"}, mend: "setup-target-token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, code := doctorJSON(t, "--config", serve(t, build(t, "clean"), &c.f))
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			for _, id := range c.unknown {
				if got := e.check(t, id); got.Result != "unknown" || len(got.Seen) < 20 {
					t.Errorf("%+v", got)
				}
			}
			if c.mend != "" && e.check(t, c.mend).Result != "mend" {
				t.Errorf("%+v", e.check(t, c.mend))
			}
		})
	}
}

// TestDoctorAsksLittleMoreThanCheck: check never sends doctor's own questions, and doctor sends at most five of them.
func TestDoctorAsksLittleMoreThanCheck(t *testing.T) {
	t.Parallel()
	count := func(command string) (requests int, paths map[string]bool) {
		tenant := build(t, "clean")
		knobs := scim.Current().Unlimited()
		s, err := sim.Start(t.Context(), sim.Options{
			World: tenant.World, AppID: tenant.AppID, SCIM: &knobs, Manual: true,
			Connection: sim.Connection{From: "roles", Roles: tenants.RolesPattern},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		path := t.TempDir() + "/config.toml"
		if err := os.WriteFile(path, []byte(s.Config()), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := runCLI(t, command, "--config", path); code != exitOK {
			t.Fatalf("%s ended with %d: %s", command, code, errs)
		}
		paths = map[string]bool{}
		for _, r := range s.OneLogin.Requests() {
			paths[r.Path] = true
		}
		return len(s.OneLogin.Requests()) + len(s.SCIM.Requests()), paths
	}
	check, checkPaths := count("check")
	doctor, _ := count("doctor")
	if doctor <= check || doctor > check+5 {
		t.Errorf("check sends %d requests and doctor %d", check, doctor)
	}
	if checkPaths["/auth/rate_limit"] {
		t.Error("check asks for the rate limit")
	}
}

// TestDoctorReadsAccessControlAttributes goes all the way from OneLogin's JSON.
func TestDoctorReadsAccessControlAttributes(t *testing.T) {
	t.Parallel()
	tenant := build(t, "clean")
	app := tenant.World.Source.Apps[tenant.AppID]
	app.Parameters = append(app.Parameters, world.Parameter{
		Key: "https://aws.amazon.com/SAML/Attributes/AcessControl:\x1b[31mTeam\n", Label: "Team",
		UserAttributeMappings: "department", IncludeInSAMLAssertion: true,
	})
	path := serve(t, tenant, &faulty{})
	e, code := doctorJSON(t, "--config", path)
	c := e.check(t, "setup-access-attributes")
	if code != exitDrift || c.Result != "mend" || !strings.Contains(c.Seen, "AcessControl:\x1b[31mTeam\n") {
		t.Errorf("exit %d: %+v", code, c)
	}
	out, _, _ := runCLI(t, "doctor", "--config", path)
	for _, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("the text lets %U through", r)
		}
	}
	if !strings.Contains(out, "<U+001B>[31mTeam<U+000A>") {
		t.Errorf("the name is not shown:\n%s", out)
	}
}

func TestDoctorNamesConnectionsOnTheSameTarget(t *testing.T) {
	t.Parallel()
	path := serve(t, build(t, "clean"), &faulty{config: func(text string) string {
		_, connection, _ := strings.Cut(text, "\n\n")
		return text + "\n" + strings.ReplaceAll(connection, "connections.sim", "connections.other")
	}})
	e, code := doctorJSON(t, "--config", path)
	if c := e.check(t, "setup-shared-target"); code != exitOK || c.Result != "look" ||
		!strings.Contains(c.Seen, "other") {
		t.Errorf("exit %d: %+v", code, c)
	}
}

func TestDoctorTakesTextAndJSONOnly(t *testing.T) {
	t.Parallel()
	if _, errs, code := runCLI(t, "doctor", "--demo", "-o", "csv"); code != exitFailed ||
		!strings.Contains(errs, "-o takes text or json") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
