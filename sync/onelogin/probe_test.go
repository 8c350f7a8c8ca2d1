package onelogin

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestTheBudgetIsToldInSecondsFromNow(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.HandleFunc("GET /auth/rate_limit", says(200,
		`{"status":{"error":false},"data":{"X-RateLimit-Limit":5000,"X-RateLimit-Remaining":"4988",`+
			`"X-RateLimit-Reset":832}}`))
	before := time.Now()
	got, err := connect(t, f).AskBudget(t.Context())
	if err != nil || !got.Known || got.Limit != 5000 || got.Remaining != 4988 ||
		got.Reset.Before(before.Add(832*time.Second)) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestABudgetOfAnotherShapeIsNotKnown(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.HandleFunc("GET /auth/rate_limit", says(200, `{"data":{}}`))
	if got, err := connect(t, f).AskBudget(t.Context()); err != nil || got.Known {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheProbeOverTheSimulator(t *testing.T) {
	t.Parallel()
	s := startTenant(t, 3, sim.Knobs{}, "manage_all")
	if got, err := s.client.AskBudget(t.Context()); err != nil || got.Limit != 5000 {
		t.Errorf("budget %+v, %v", got, err)
	}
	if _, err := s.client.Login(t.Context(), "10000000001"); err != nil {
		t.Errorf("state: %v", err)
	}
}

// TestNeedsNamesEveryReadingRequest: a refusal of any path that this package asks for must name its scope, hints aside.
func TestNeedsNamesEveryReadingRequest(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][2]string{
		"/auth/oauth2/v2/token": {"the login", ""}, "/auth/rate_limit": {},
		"/api/2/apps": {"the app", "Read All"}, "/api/2/apps/5": {"the app", "Read All"},
		"/api/2/apps/5/users": {"the app's users", "Read All"},
		"/api/2/apps/5/rules": {"app rules", "Manage All"}, "/api/2/apps/5/rules/actions/set_groups/values": {},
		"/api/2/users": {"users", "Read Users"}, "/api/2/users/7": {"users", "Read Users"},
		"/api/2/users/7/apps": {"provisioning states of users", "Read Users"},
		"/api/2/roles":        {"roles", "Read Users"}, "/api/2/roles/9/users": {
			"the users of single roles",
			"Read All",
		},
		"/api/1/events": {"events", "Read Users"}, "/elsewhere": {},
	} {
		what, scope := Needs(path)
		if got := [2]string{what, scope}; got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// TestWhatTheSimulatorRefusesIsWhatNeedsSays: with each scope, every path that a load asks for is refused exactly if
// the named scope is larger.
func TestWhatTheSimulatorRefusesIsWhatNeedsSays(t *testing.T) {
	t.Parallel()
	rank := map[string]int{
		"read_users": 1, "read_all": 2, "manage_all": 3, "Read Users": 1, "Read All": 2,
		"Manage All": 3,
	}
	for _, held := range []string{"read_users", "read_all", "manage_all"} {
		refused, allowed := map[string]bool{}, map[string]bool{}
		s := startTenant(t, 3, sim.Knobs{IgnoreRoleFields: true}, held)
		watched := connect(t, s.server, func(o *Options) {
			o.HTTP.Recorder = transport.NewRecorder(200)
		})
		// The app cannot be read with the smallest scope, and without it nothing else is: ask for each path by itself.
		for _, path := range []string{
			"/api/2/apps/500", "/api/2/apps/500/users", "/api/2/apps/500/rules", "/api/2/users",
			"/api/2/users/10000000001/apps",
			"/api/2/roles", "/api/1/events",
		} {
			_, scope := Needs(path)
			_, err := watched.api.Do(t.Context(), transport.Request{Method: http.MethodGet, Path: path})
			if status := transport.StatusOf(err); status == http.StatusUnauthorized || status == http.StatusForbidden {
				refused[path] = true
			} else if err == nil {
				allowed[path] = true
			}
			if refused[path] != (rank[scope] > rank[held]) || refused[path] == allowed[path] {
				t.Errorf("with %s, %s needs %s and got %v", held, path, scope, err)
			}
		}
	}
}

func TestParametersKeepNamesRaw(t *testing.T) {
	t.Parallel()
	app, err := decodeApp([]byte(`{"id":5,"parameters":{
		"z\u001b[2J":{"label":"\u202eevil","user_attribute_mappings":"department","include_in_saml_assertion":"1"},
		"groups":{"label":"Groups","provisioned_entitlements":true,"safe_entitlements_enabled":true,"values":["a",
		"b"],"default_values":"c"},
		"blank":{"label":null,"user_attribute_mappings":"_macro_","user_attribute_macros":"{email}",
		"include_in_saml_assertion":false,"default_values":"d"},
		"odd":{"label":7,"values":{"x":1}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Parameter{
		{
			Key: "blank", Mapping: "_macro_", Macro: "{email}", Value: "d", Defaults: []string{"d"},
			InAssertion: model.No,
		},
		{
			Key: "groups", Label: "Groups", Value: "a,b", Defaults: []string{"c"}, Values: []string{"a", "b"},
			Included: model.Yes, Safe: model.Yes,
		},
		{Key: "odd", Label: "7", Value: `{"x":1}`},
		{Key: "z\x1b[2J", Label: "\u202eevil", Mapping: "department", InAssertion: model.Yes},
	}
	if diff := cmp.Diff(want, app.Parameters); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, shape := range []string{`[]`, `null`, `"x"`, `{"a":3}`} {
		if got, err := decodeApp([]byte(`{"id":5,"parameters":` + shape + `}`)); err != nil ||
			len(got.Parameters) != 0 {
			t.Errorf("%s gives %v, %v", shape, got.Parameters, err)
		}
	}
}
