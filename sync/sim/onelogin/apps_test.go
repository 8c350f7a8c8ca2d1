package onelogin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestApps(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	slim := tn.want(200, "GET", "/api/2/apps?name=*identity*", "").rows(t)
	if len(slim) != 1 || slim[0]["visible"] != false {
		t.Fatalf("apps by name: %v", slim)
	}
	for _, field := range []string{"provisioning", "parameters", "configuration", "role_ids"} {
		if _, has := slim[0][field]; has {
			t.Errorf("a list item shows %s", field)
		}
	}
	for query, want := range map[string]int{"name=Identity": 0, "name=": 2} {
		if got := tn.want(200, "GET", "/api/2/apps?"+query, "").rows(t); len(got) != want {
			t.Errorf("%s: %d apps, want %d", query, len(got), want)
		}
	}
	full := tn.want(200, "GET", "/api/2/apps/500001", "")
	for _, secret := range []string{"very-secret", "target.invalid", "approve", "on_remove"} {
		if strings.Contains(strings.ToLower(full.body), secret) {
			t.Errorf("the app shows %q, which only the console knows", secret)
		}
	}
	groups := full.object(t)["parameters"].(map[string]any)["groups"].(map[string]any)
	if groups["values"] != "" || len(groups["default_values"].([]any)) != 2 ||
		groups["provisioned_entitlements"] != true {
		t.Errorf("the groups parameter: %v; a string must stay a string and an array an array", groups)
	}
	if !strings.Contains(full.body, `"default_values":["a","b"]`) &&
		!strings.Contains(full.body, `"default_values":["a", "b"]`) {
		t.Errorf("default values: %s", full.body)
	}
	tn.want(404, "GET", "/api/2/apps/1", "")
	users := tn.want(200, "GET", "/api/2/apps/500001/users", "").rows(t)
	if len(users) != 3 || len(users[0]) != 5 {
		t.Errorf("app users: %v; no provisioning field may be there", users)
	}
	tn.want(404, "GET", "/api/2/apps/1/users", "")
}

func TestGuessedPathsAnswer404(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	for _, path := range []string{
		"/api/2/apps/500001/sync_logins", "/api/2/apps/500001/rules/apply", "/api/2/apps/500001/rules/801/dryrun",
		"/api/2/apps/500001/rules/refresh_entitlements", "/api/2/apps/500001/reapply_mappings", "/api/2/rate_limits",
		"/api/2/events",
		"/api/2/users/101/apps/500001/approve", "/api/2/users/101/apps/500001/retry", "/api/2/apps/500001/conditions",
		"/api/2/connectors/search",
	} {
		for _, method := range []string{"POST", "PUT"} {
			r := tn.want(404, method, path, "{}")
			if o := r.object(t); o["statusCode"] != 404.0 || o["name"] != "NotFoundError" {
				t.Errorf("%s %s: %s, want E2", method, path, r.body)
			}
		}
	}
	if len(tn.pressed()) != 0 || len(tn.triggers()) != 0 {
		t.Errorf("a guessed path did something: %v", tn.pressed())
	}
	if o := tn.want(404, "GET", "/api/1/nothing", "").object(t); o["status"].(map[string]any)["error"] != true {
		t.Errorf("v1: %v, want E1", o)
	}
}

func TestConsole(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	for _, path := range []string{"/apps/500001/edit", "/apps/500001/edit/"} {
		r := tn.raw("GET", path, "", nil)
		for _, want := range []string{
			`id="provisioning"`, `id="mappings"`, `id="users"`, `id="parameters"`, `id="configuration"`, `id="access"`,
			">Refresh<", ">Reapply entitlement mappings<", ">Sync logins<", ">Retry<", "aws-stale",
		} {
			if r.status != 200 || !strings.Contains(r.body, want) {
				t.Errorf("%s: %d, lacks %q", path, r.status, want)
			}
		}
		if strings.Contains(r.body, "very-secret") || strings.Contains(r.body, ">Approve<") {
			t.Errorf("%s shows the token, or a button for nobody", path)
		}
	}
	tn.w.Lock()
	for _, login := range tn.w.Source.Logins {
		login.State, login.Pending = "provisioning_pending_approval", "create"
	}
	tn.w.Unlock()
	if r := tn.raw("GET", "/apps/500001/edit/", "", nil); !strings.Contains(r.body, ">Approve<") {
		t.Error("no Approve button for a pending user")
	}
	for _, button := range []string{
		"refresh", "reapply", "sync-logins", "approve?user=101", "retry?user=101",
		"approve-all",
	} {
		r := tn.raw("POST", "/__sim/console/apps/500001/"+button, "", nil)
		if r.status != 303 || !strings.HasPrefix(r.header.Get("Location"), "/apps/500001/edit/") {
			t.Errorf("%s: %d to %q", button, r.status, r.header.Get("Location"))
		}
	}
	want := []string{
		"refresh 500001 0", "reapply 500001 0", "sync-logins 500001 0", "approve 500001 101",
		"retry 500001 101", "approve 500001 101",
	}
	if !slices.Equal(tn.pressed(), want) {
		t.Errorf("pressed %v, want %v", tn.pressed(), want)
	}
	for _, nothing := range []string{
		"apps/500001/explode", "apps/1/refresh", "apps/500001/approve",
		"apps/500001/approve?user=7",
	} {
		if r := tn.raw("POST", "/__sim/console/"+nothing, "", nil); r.status != 404 {
			t.Errorf("%s: %d, want 404", nothing, r.status)
		}
	}
	if r := tn.raw("GET", "/apps/1/edit/", "", nil); r.status != 404 {
		t.Errorf("an unknown app: %d", r.status)
	}
}

// TestTheConsolesBoxes: saving one is in the log as an edit of the app, and pushes nothing by itself.
func TestTheConsolesBoxes(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	app := tn.w.Source.Apps[500001]
	for _, box := range []struct {
		path, before, after string
		on                  func() bool
	}{
		{
			"include?parameter=groups", "Leave out Groups", "Include Groups",
			func() bool { return app.Parameters[1].ProvisionedEntitlements },
		},
		{
			"approval", "Require admin approval", "Require no approval",
			func() bool { return app.ApproveCreate && app.ApproveUpdate },
		},
		{"provisioning", "Disable provisioning", "Enable provisioning", func() bool { return app.ProvisioningEnabled }},
	} {
		was := box.on()
		for _, shown := range []string{box.before, box.after} {
			if page := tn.raw("GET", "/apps/500001/edit/", "", nil).body; !strings.Contains(page, ">"+shown+"<") {
				t.Errorf("the page has no button %s", shown)
			}
			if r := tn.raw("POST", "/__sim/console/apps/500001/boxes/"+box.path, "", nil); r.status != 303 {
				t.Errorf("%s: %d", box.path, r.status)
			}
			if was = !was; box.on() != was {
				t.Errorf("%s: the box is %t", box.path, !was)
			}
		}
	}
	app.Disconnected, app.ProvisioningEnabled, app.Parameters[1].ProvisionedEntitlements = true, false, false
	tn.raw("POST", "/__sim/console/apps/500001/boxes/settings", "", nil)
	if app.Disconnected || !app.ProvisioningEnabled || !app.Parameters[1].ProvisionedEntitlements {
		t.Error("the settings are not as provisioning needs them")
	}
	app.Rules = append(app.Rules, world.Rule{ID: 9, Name: world.RedundantRule + "it"})
	rules := len(app.Rules)
	tn.raw("POST", "/__sim/console/apps/500001/boxes/rules", "", nil)
	if len(app.Rules) != rules-1 {
		t.Errorf("%d rules are left of %d", len(app.Rules), rules)
	}
	edits := 0
	for _, e := range tn.w.Source.Events {
		if e.Type == 601 && e.AppID == 500001 {
			edits++
		}
	}
	if edits != 8 || len(tn.pressed()) > 0 {
		t.Errorf("%d edits of the app are logged, want 8; pressed %v", edits, tn.pressed())
	}
	for _, nothing := range []string{
		"500001/boxes/explode", "500001/boxes/include", "500001/boxes/rules",
		"1/boxes/approval",
	} {
		if r := tn.raw("POST", "/__sim/console/apps/"+nothing, "", nil); r.status != 404 {
			t.Errorf("%s: %d, want 404", nothing, r.status)
		}
	}
}

func TestRequestsAreCounted(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	tn.srv.ResetRequests()
	tn.get("/api/2/users?email=a")
	tn.do("PUT", "/api/2/users/101", `{"title":"x"}`)
	tn.login("manage_all")
	log := tn.srv.Requests()
	if tn.srv.RequestCount() != 3 || len(log) != 3 {
		t.Fatalf("%d requests, want 3", tn.srv.RequestCount())
	}
	if log[0].Query != "email=a" || log[0].Status != 200 || log[1].Body != `{"title":"x"}` || log[0].Bytes == 0 {
		t.Errorf("the log: %+v", log)
	}
	if log[2].Body != "" {
		t.Errorf("the log kept a secret: %q", log[2].Body)
	}
}
