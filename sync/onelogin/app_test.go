package onelogin

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

const appJSON = `{"id":500,"name":"AWS IAM Identity Center","role_ids":[7,"8"],"provisioning":{"enabled":true},
		"parameters":{
 "saml_username":{"label":"Subject NameID","user_attribute_mappings":"username","provisioned_entitlements":false},
 "scimusername":{"label":"SCIM Username","user_attribute_mappings":"%MAP%","user_attribute_macros":"%MACRO%",
		"values":["x"]},
 "default_group":{"label":"Default group","provisioned_entitlements":false},
 "g1":{"label":"Groups","provisioned_entitlements":true,"values":""}}}`

func appWith(mapping, macro string) string {
	return strings.NewReplacer("%MAP%", mapping, "%MACRO%", macro).Replace(appJSON)
}

func TestApp(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("username", "")))
	app, err := connect(t, f).App(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if app.ID != "500" || app.Name != "AWS IAM Identity Center" || !slices.Equal(app.RoleIDs, []string{"7", "8"}) ||
		app.Provisioning != model.Yes || app.GroupsIncluded != model.Yes || app.UserNameField != "username" {
		t.Errorf("got %+v", app)
	}
}

func TestAppWithOddShapes(t *testing.T) {
	for name, body := range map[string]string{
		"nothing known": `{"id":"500"}`, "nulls": `{"id":500,"role_ids":null,"provisioning":null,"parameters":null}`,
		"arrays":   `{"id":500,"provisioning":[],"parameters":[]}`,
		"no label": `{"id":500,"parameters":{"x":{"label":null}}}`,
	} {
		f := newFake()
		f.HandleFunc("GET /api/2/apps/500", says(200, body))
		app, err := connect(t, f).App(t.Context())
		if err != nil || app.ID != "500" || app.Provisioning != model.Unsaid || app.GroupsIncluded != model.Unsaid ||
			app.UserNameField != "" {
			t.Errorf("%s: %+v, %v", name, app, err)
		}
	}
}

func TestUserNameMapping(t *testing.T) {
	for _, tt := range []struct{ mapping, macro, want string }{
		{"email", "", "email"},
		{"samaccountname", "{email}", "samaccountname"},
		{"_macro_", "{email}", "email"},
		{"_macro_", "{firstname}.{lastname}", "{firstname}.{lastname}"},
		{"custom_attribute_aws", "", "custom_attribute_aws"},
	} {
		app, err := decodeApp([]byte(appWith(tt.mapping, tt.macro)))
		if err != nil || app.UserNameField != tt.want {
			t.Errorf("%+v: got %q, %v", tt, app.UserNameField, err)
		}
	}
}

func TestHowPeopleSignIn(t *testing.T) {
	for method, want := range map[string]string{
		`2`: model.SignInSAML, `"2"`: model.SignInSAML, `8`: "OpenID Connect", `0`: "password", `9`: "method 9",
		`null`: "", `{}`: "",
	} {
		if app, err := decodeApp([]byte(`{"id":5,"auth_method":` + method + `}`)); err != nil || app.SignIn != want {
			t.Errorf("%s: got %q, %v, want %q", method, app.SignIn, err, want)
		}
	}
	if app, err := decodeApp([]byte(`{"id":5}`)); err != nil || app.SignIn != "" {
		t.Errorf("unsaid: got %q, %v", app.SignIn, err)
	}
}

func TestUnknownAppSaysWhatToSet(t *testing.T) {
	f := newFake()
	f.HandleFunc("/", says(404, `{"statusCode":404,"name":"NotFoundError","message":"no"}`))
	_, err := connect(t, f).App(t.Context())
	if err == nil || !strings.Contains(err.Error(), "app_id") || !strings.Contains(err.Error(), "500") {
		t.Errorf("got %v", err)
	}
}

func TestAppByName(t *testing.T) {
	byName := func(pattern string, h *fake) (model.App, error) {
		return connect(t, h, func(o *Options) { o.AppID, o.AppName = 0, pattern }).App(t.Context())
	}
	apps := rows(object{"id": 500, "name": "AWS Prod"}, object{"id": 501, "name": "AWS Test"},
		object{"id": 502, "name": "Wiki"})
	f := newFake()
	f.HandleFunc("GET /api/2/apps", apps)
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
	if app, err := byName("aws p*", f); err != nil || app.ID != "500" {
		t.Errorf("got %+v, %v", app, err)
	}
	for pattern, want := range map[string]string{
		"AWS*":  "AWS Prod (app_id 500), AWS Test (app_id 501)",
		"Okta*": "none of the 3", "[": "no pattern",
	} {
		if _, err := byName(pattern, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pattern, err, want)
		}
	}
	half := newFake()
	half.HandleFunc("GET /api/2/apps", says(200, `[{"id":500,"name":"AWS Prod"}]`, "Total-Count", "2", "Total-Pages",
		"1"))
	if _, err := byName("AWS*", half); err == nil || !strings.Contains(err.Error(), "not read completely") {
		t.Errorf("half a list of apps named one: %v", err)
	}
}

// A load begins with its app, which its parts share; the next load must see what has changed.
func TestOneLoadReadsTheAppOnce(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
	f.HandleFunc("GET /api/2/apps/500/users", rows())
	f.HandleFunc("GET /api/2/users", rows())
	f.HandleFunc("GET /api/2/roles", rows())
	c := connect(t, f)
	for load := 1; load <= 3; load++ {
		if _, err := c.App(t.Context()); err != nil {
			t.Fatal(err)
		}
		var parts sync.WaitGroup
		parts.Go(func() { _, _ = c.Users(t.Context(), nil) })
		parts.Go(func() { _, _, _ = c.Roles(t.Context(), nil) })
		parts.Wait()
		n := 0
		for _, r := range f.requests() {
			if r == "GET /api/2/apps/500" {
				n++
			}
		}
		if n != load {
			t.Fatalf("load %d: the app was read %d times", load, n)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	good := Options{URL: "https://acme.onelogin.com", ClientID: "i", ClientSecret: "s", AppID: 1}
	for want, spoil := range map[string]func(*Options){
		"client_secret": func(o *Options) { o.ClientSecret = "" }, "app_name": func(o *Options) { o.AppID = 0 },
		"app_id -1":                       func(o *Options) { o.AppID = -1 },
		"rate_share":                      func(o *Options) { o.RateShare = 1.5 },
		"plain http is for loopback only": func(o *Options) { o.URL = "http://acme.onelogin.com" },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
