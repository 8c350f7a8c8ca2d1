package onelogin_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

func TestUserFilters(t *testing.T) {
	tn := newTenant(t, 12, onelogin.Knobs{})
	tn.w.Lock()
	u := tn.w.Source.Users[103]
	u.ExternalID, u.FirstName, u.GroupID = "hr-77", "Ana", 31
	u.Custom["cost_center"] = "CC1"
	tn.w.Unlock()
	since := url.QueryEscape(tn.clock.Now().Add(-90 * time.Minute).Format(time.RFC3339))
	for query, want := range map[string][]int64{
		"email=user003@corp.example":  {103},
		"email=USER003@corp.example":  {103},
		"email=user003":               {}, // exact without an asterisk
		"email=*003@*":                {103},
		"email=user01*":               {110, 111, 112},
		"username=user004":            {104},
		"firstname=Ana":               {103},
		"lastname=Fam":                {},
		"external_id=hr-77":           {103},
		"user_ids=104,101,9999":       {101, 104},
		"app_id=500002":               {101},
		"updated_since=" + since:      {101, 102},
		"app_id=500001&firstname=Ana": {103},
	} {
		if got := rowIDs(tn.want(200, "GET", "/api/2/users?"+query, "").rows(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, blank := range []string{"email=", "user_ids=", "app_id="} {
		if got := tn.want(200, "GET", "/api/2/users?"+blank, "").rows(t); len(got) != 12 {
			t.Errorf("%s: %d rows; a blank filter widens to the whole tenant", blank, len(got))
		}
	}
}

func TestUserShapes(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	slim := tn.want(200, "GET", "/api/2/users", "").rows(t)[0]
	if _, has := slim["role_ids"]; has || slim["custom_attributes"] != nil {
		t.Errorf("a list item has too much: %v", slim)
	}
	asked := tn.want(200, "GET", "/api/2/users?fields=email,role_ids,custom_attributes", "").rows(t)[0]
	if len(asked) != 4 || asked["email"] != "user001@corp.example" || len(asked["role_ids"].([]any)) != 3 {
		t.Errorf("fields: %v", asked)
	}
	full := tn.want(200, "GET", "/api/2/users/101", "").object(t)
	custom := full["custom_attributes"].(map[string]any)
	if v, has := custom["cost_center"]; !has || v != nil || len(custom) != 2 {
		t.Errorf("custom attributes: %v, want every attribute of the tenant as null", custom)
	}
	if got := full["role_ids"].([]any); len(got) != 3 || full["external_id"] != nil || full["status"] != 1.0 {
		t.Errorf("the user: %v", full)
	}
	if o := tn.want(404, "GET", "/api/2/users/999", "").object(t); o["name"] != "NotFoundError" ||
		o["statusCode"] != 404.0 {
		t.Errorf("an unknown user: %v, want E2", o)
	}
}

func TestUserAppsAreTheStatusSource(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	if got := tn.want(200, "GET", "/api/2/users/101/apps", "").rows(t); !slices.Equal(rowIDs(got), []int64{otherApp}) {
		t.Errorf("without ignore_visibility: %v; the app off the portal must be hidden", got)
	}
	rows := tn.want(200, "GET", "/api/2/users/101/apps?ignore_visibility=true", "").rows(t)
	if len(rows) != 2 || rows[0]["login_id"] != 900001.0 || rows[0]["provisioning_state"] != "provisioning_failed" ||
		rows[0]["provisioning_status"] != "enabling_failed" || rows[0]["provisioning_enabled"] != true {
		t.Errorf("with ignore_visibility: %v", rows)
	}
	rows = tn.want(200, "GET", "/api/2/users/102/apps?ignore_visibility=true", "").rows(t)
	if len(rows) != 1 || rows[0]["login_id"] != nil || rows[0]["provisioning_state"] != nil {
		t.Errorf("a user without a login: %v", rows)
	}
	tn.want(404, "GET", "/api/2/users/999/apps", "")
}

// triggers gives the users for whom the engine was asked to run since the last call.
func (tn *tenant) triggers() (out []int64) {
	jobs := tn.engine.Pending()
	for _, j := range jobs[tn.seen:] {
		if j.Kind == engine.UserEvent {
			out = append(out, j.User)
		}
	}
	tn.seen = len(jobs)
	return out
}

func TestPutUserTriggersProvisioning(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	touch := func(v string) string { return `{"custom_attributes":{"scimdrift_touch":"` + v + `"}}` }
	for _, c := range []struct {
		name, query, body string
		want              []int64
	}{
		{"custom attribute", "", touch("1"), []int64{101}},
		{"the same again", "", touch("1"), nil},
		{"disabled", "?mappings=disabled", touch("2"), nil},
		{"async", "?mappings=async", touch("3"), []int64{101}},
		{"field", "", `{"department":"Finance"}`, []int64{101}},
		{"empty", "", `{}`, nil},
		{"read-only field", "", `{"last_login":"2026-01-01T00:00:00Z"}`, nil},
	} {
		tn.want(200, "PUT", "/api/2/users/101"+c.query, c.body)
		if got := tn.triggers(); !slices.Equal(got, c.want) {
			t.Errorf("%s: triggered %v, want %v", c.name, got, c.want)
		}
	}
	tn.want(200, "PUT", "/api/2/users/101?mappings=sync", touch("4"))
	if jobs := tn.engine.Pending(); len(jobs) != 4 || !jobs[3].Due.Equal(tn.clock.Now()) ||
		jobs[2].Due.Equal(tn.clock.Now()) {
		t.Errorf("sync: %v; the job must not wait", jobs)
	}
	tn.triggers()
	o := tn.want(200, "GET", "/api/2/users/101", "").object(t)
	if o["department"] != "Finance" || o["custom_attributes"].(map[string]any)["scimdrift_touch"] != "4" {
		t.Errorf("after all that: %v", o)
	}
	types := map[float64]int{}
	for _, e := range tn.events("user_id=101") {
		types[e["event_type_id"].(float64)]++
	}
	if types[529] != 8 || types[14] != 5 {
		t.Errorf("events: %v, want 529 for each of 8 calls and 14 for each of 5 changes", types)
	}
}

func TestPutUserRefusals(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	for path, c := range map[string]struct {
		body   string
		status int
	}{
		"/api/2/users/999":                {`{}`, 404},
		"/api/2/users/101":                {`[]`, 400},
		"/api/2/users/101?mappings=later": {`{}`, 422},
		"/api/2/users/101?a":              {`{"custom_attributes":{"undefined":"x"}}`, 422},
		"/api/2/users/101?b":              {`{"title":7}`, 422},
	} {
		r := tn.want(c.status, "PUT", path, c.body)
		if c.status == 422 && r.object(t)["name"] != "UnprocessableEntityError" {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	if got := tn.triggers(); len(got) != 0 {
		t.Errorf("refused writes triggered %v", got)
	}
}

func TestHostileNamesStayAsTheyAre(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	name := "\x1b[2J<script>\u202e\u200b" + strings.Repeat("é", 500)
	tn.w.Lock()
	tn.w.Source.Users[101].FirstName = name
	tn.w.Unlock()
	if o := tn.want(200, "GET", "/api/2/users/101", "").object(t); o["firstname"] != name {
		t.Errorf("the name changed: %q", o["firstname"])
	}
	if page := tn.raw("GET", "/apps/500001/edit/", "", nil); strings.Contains(page.body, "<script>") ||
		!strings.Contains(page.body, "&lt;script&gt;") {
		t.Error("the console page shows a name as markup")
	}
}
