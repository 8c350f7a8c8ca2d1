package onelogin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func person(n int) object {
	return object{
		"id": n, "email": fmt.Sprintf("u%d@corp.example", n), "username": fmt.Sprintf("u%d", n),
		"firstname": "U", "lastname": fmt.Sprint(n),
	}
}

func detail(n, status, state int) object {
	p := person(n)
	p["status"], p["state"], p["external_id"] = status, state, nil
	return p
}

// account serves app 500 with users 1 to n on the roll.
func account(n int) *fake {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
	roll := []any{}
	for i := 1; i <= n; i++ {
		roll = append(roll, person(i))
	}
	f.HandleFunc("GET /api/2/apps/500/users", rows(roll...))
	return f
}

func details(from, to int) (out []any) {
	for i := from; i <= to; i++ {
		out = append(out, detail(i, 1, 1))
	}
	return out
}

func TestUsersAreTheRollWithDetails(t *testing.T) {
	f := account(3)
	// 9: app_id ignored
	f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1), detail(2, 2, 1), detail(3, 3, 0), detail(9, 1, 1)))
	users, cov := connect(t, f).Users(t.Context(), nil)
	if !cov.Complete() || len(users) != 4 || users[3].ID != "9" || users[3].Assigned {
		t.Fatalf("%d users, %v", len(users), cov)
	}
	if users[0].UserName != "u1@corp.example" || !users[0].Active || users[1].Active ||
		users[1].Standing != "suspended" ||
		!users[2].Active || !users[2].Assigned {
		t.Errorf("got %+v", users)
	}
}

func TestMissingDetailsAreFetchedOneByOneIfFew(t *testing.T) {
	f := account(5)
	f.HandleFunc("GET /api/2/users", rows(details(1, 3)...))
	f.HandleFunc("GET /api/2/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(detail(int(r.PathValue("id")[0]-'0'), 2, 1))
	})
	users, cov := connect(t, f).Users(t.Context(), nil)
	if !cov.Complete() || len(users) != 5 || users[3].Standing != "suspended" || users[4].Standing != "suspended" {
		t.Errorf("%v %+v", cov, users)
	}
}

func TestUsersWithoutDetailsArePartial(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"list refused":        says(403, `{"name":"ForbiddenError","message":"scope"}`),
		"list broken":         says(502, "<html>"),
		"no status in it":     rows(person(1), person(2)),
		"users not found":     rows(),
		"list of other shape": says(200, `{"data":[]}`),
	} {
		f := account(2)
		f.HandleFunc("GET /api/2/users", h)
		f.HandleFunc("GET /api/2/users/{id}", says(404, `{"message":"gone"}`))
		users, cov := connect(t, f).Users(t.Context(), nil)
		if cov.State != model.Partial || len(users) != 2 || users[0].Email != "u1@corp.example" ||
			!strings.Contains(cov.Reason, "2 of 2") {
			t.Errorf("%s: %v, %d users", name, cov, len(users))
		}
	}
}

func TestRollDecidesCoverage(t *testing.T) {
	for name, tt := range map[string]struct {
		roll http.HandlerFunc
		want model.CoverageState
	}{
		"refused":    {says(403, `{}`), model.Unknown},
		"broken":     {says(200, `[{"id":1},`), model.Unknown},
		"one short":  {says(200, `[{"id":1}]`, "Total-Count", "2"), model.Partial},
		"empty":      {says(200, `[]`), model.Complete}, // whether that is believed is for the load to judge
		"no headers": {says(200, `[{"id":1}]`), model.Complete},
	} {
		f := newFake()
		f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
		f.HandleFunc("GET /api/2/apps/500/users", tt.roll)
		f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1)))
		if _, cov := connect(t, f).Users(t.Context(), nil); cov.State != tt.want {
			t.Errorf("%s: %v, want %v", name, cov, tt.want)
		}
	}
}

func TestUnreadableUserNameIsNotGuessed(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("_macro_", "{firstname}.{lastname}")))
	f.HandleFunc("GET /api/2/apps/500/users", rows(person(1)))
	f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1)))
	if _, cov := connect(t, f).Users(t.Context(), nil); cov.State != model.Partial ||
		!strings.Contains(cov.Reason, "user_name") {
		t.Errorf("got %v", cov)
	}
	users, cov := connect(t, f, func(o *Options) { o.UserNameField = "username" }).Users(t.Context(), nil)
	if !cov.Complete() || users[0].UserName != "u1" {
		t.Errorf("got %v %+v", cov, users)
	}
}

// Who has the app is known without it, and which field is the userName is not.
func TestUsersOfAnAppThatCannotBeReadAreKnownByTheRollAlone(t *testing.T) {
	f := account(2)
	f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1), detail(2, 1, 1)))
	broken := http.NewServeMux()
	broken.Handle("/", f)
	broken.HandleFunc("GET /api/2/apps/500", says(403, `{"message":"no"}`))
	users, cov := connect(t, broken).Users(t.Context(), nil)
	if cov.State != model.Partial || !strings.Contains(cov.Reason, "which field is sent as userName") ||
		len(users) != 2 || !users[0].RollOnly {
		t.Errorf("%v %+v", cov, users)
	}
}

// A field that a list of users leaves out is read from the user's own record.
func TestAUserWhoIsLookedUpIsReadInFull(t *testing.T) {
	f := account(1)
	full := detail(1, 1, 1)
	full["samaccountname"] = "jo"
	f.HandleFunc("GET /api/2/users", rows(detail(1, 1, 1)))
	f.HandleFunc("GET /api/2/users/1", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(full)
	})
	f.HandleFunc("GET /api/2/users/1/apps", says(200, `[{"id":500,"login_id":9}]`))
	c := connect(t, f, func(o *Options) { o.UserNameField = "samaccountname" })
	if u, found, err := c.FindUser(t.Context(), "u1@corp.example"); err != nil || !found || u.UserName != "jo" ||
		u.RollOnly {
		t.Errorf("%+v %v %v", u, found, err)
	}
}

func TestFindUser(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
	// so that a no can be held against a user who has the app
	f.HandleFunc("GET /api/2/apps/500/users", rows(person(2)))
	f.HandleFunc("GET /api/2/users", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("email") == "" {
			t.Error("an empty filter was sent")
		}
		rows(detail(1, 1, 1), detail(2, 2, 1))(w, r) // the filter is not honoured
	})
	f.HandleFunc("GET /api/2/users/2/apps", says(200, `[{"id":499},{"id":500,"login_id":9}]`))
	f.HandleFunc("GET /api/2/users/1/apps", says(200, `[{"id":499}]`))
	c := connect(t, f)
	for email, want := range map[string]string{
		"U2@Corp.example": "2 true true", "u1@corp.example": "1 true false",
		"u3@corp.example": " false false",
	} {
		u, found, err := c.FindUser(t.Context(), email)
		if got := fmt.Sprint(u.ID, " ", found, " ", u.Assigned); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", email, got, err, want)
		}
	}
	before := len(f.requests())
	for _, email := range []string{"", "  "} {
		if _, found, err := c.FindUser(t.Context(), email); err == nil || found {
			t.Errorf("%q was looked up", email)
		}
	}
	if len(f.requests()) != before {
		t.Error("a refused look-up was sent")
	}
}

func TestUserApps(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/users/7/apps", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "ignore_visibility=true" {
			t.Errorf("asked with %q", r.URL.RawQuery)
		}
		says(200,
			`[{"id":500,"name":"AWS","login_id":900001,"provisioning_status":"disabling_pendding_approval",`+
				`"provisioning_state":"brand_new_state","provisioning_enabled":true},{"id":"3"}]`)(w, r)
	})
	got, err := connect(t, f).UserApps(t.Context(), "7")
	want := map[string]model.Login{"500": {
		ID: "900001", Status: "disabling_pending_approval", State: "brand_new_state", Enabled: model.Yes,
	}, "3": {}}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := connect(t, f).UserApps(t.Context(), ""); err == nil {
		t.Error("no user gave no error")
	}
}

func TestLogin(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/users/7/apps",
		says(200,
			`[{"id":3,"provisioning_state":"provisioned"},{"id":500,"login_id":9,"provisioning_status":null,`+
				`"provisioning_state":"modifying_failed"}]`))
	f.HandleFunc("GET /api/2/users/8/apps", says(200, `[{"id":3,"login_id":4,"provisioning_state":"provisioned"}]`))
	c := connect(t, f)
	if got, err := c.Login(t.Context(), "7"); err != nil || got != (model.Login{ID: "9", State: "modifying_failed"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := c.Login(t.Context(), "8"); err != nil || got != (model.Login{}) {
		t.Errorf("a user without the app has %+v, %v", got, err)
	}
	if _, err := c.Login(t.Context(), "9"); !isNotFound(err) {
		t.Errorf("a user who is gone gives %v", err)
	}
}
