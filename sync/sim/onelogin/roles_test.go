package onelogin_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

func TestRoleLists(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	for query, want := range map[string][]int64{
		"":                      {admins, readers, bare},
		"?name=aws-*":           {admins, readers},
		"?name=aws":             {},
		"?role_name=aws-admins": {admins},
		"?app_id=500001":        {admins, readers},
		"?app_name=AWS*":        {admins, readers},
		"?app_name=Nothing":     {},
		"?name=":                {admins, readers, bare},
		"?sort=-name":           {bare, readers, admins},
	} {
		if got := rowIDs(tn.want(200, "GET", "/api/2/roles"+query, "").rows(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	plain := tn.want(200, "GET", "/api/2/roles", "").rows(t)[0]
	if _, has := plain["users"]; has || plain["apps"] == nil {
		t.Errorf("without fields: %v", plain)
	}
	full := tn.want(200, "GET", "/api/2/roles?fields=apps,users,admins", "").rows(t)[1]
	if len(full["users"].([]any)) != 2 || len(full["apps"].([]any)) != 1 || len(full["admins"].([]any)) != 1 {
		t.Errorf("with fields: %v", full)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.IgnoreRoleFields = true })
	if got := tn.want(200, "GET", "/api/2/roles?fields=apps,users,admins", "").rows(t)[1]; got["users"] != nil {
		t.Errorf("fields ignored: %v", got)
	}
	if one := tn.want(200, "GET", "/api/2/roles/700001", "").object(t); len(one) != 2 || one["name"] != "aws-admins" {
		t.Errorf("one role: %v, want id and name alone", one)
	}
	tn.want(404, "GET", "/api/2/roles/1", "")
}

func TestRolePeople(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	rows := tn.want(200, "GET", "/api/2/roles/700001/users", "").rows(t)
	if len(rows) != 1 || rows[0]["name"] != "Given001 Family" || rows[0]["assigned"] != true || rows[0]["username"] != "user001" {
		t.Errorf("role users: %v", rows)
	}
	rows = tn.want(200, "GET", "/api/2/roles/700001/users?include_unassigned=true", "").rows(t)
	if len(rows) != 3 || rows[1]["assigned"] != false {
		t.Errorf("with unassigned: %v", rows)
	}
	if got := tn.want(200, "GET", "/api/2/roles/700002/users?name=*002*", "").rows(t); len(got) != 1 {
		t.Errorf("by name: %v", got)
	}
	if got := rowIDs(tn.want(200, "GET", "/api/2/roles/700001/apps", "").rows(t)); !slices.Equal(got, []int64{appID}) {
		t.Errorf("role apps: %v", got)
	}
	if got := rowIDs(tn.want(200, "GET", "/api/2/roles/700001/apps?assigned=false", "").rows(t)); !slices.Equal(got, []int64{otherApp}) {
		t.Errorf("other apps: %v", got)
	}
	for _, path := range []string{"users", "admins", "apps"} {
		tn.want(404, "GET", "/api/2/roles/1/"+path, "")
	}
}

func TestRoleUserWrites(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	if r := tn.want(200, "POST", "/api/2/roles/700001/users", "[102,101]"); !slices.Equal(rowIDs(r.rows(t)), []int64{102, 101}) {
		t.Errorf("POST: %s", r.body)
	}
	if got := tn.triggers(); !slices.Equal(got, []int64{102}) {
		t.Errorf("triggers %v, want the one who is new", got)
	}
	tn.want(204, "DELETE", "/api/2/roles/700001/users", "[101]")
	if got := tn.triggers(); !slices.Equal(got, []int64{101}) {
		t.Errorf("triggers %v", got)
	}
	for _, method := range []string{"POST", "DELETE"} {
		r := tn.want(400, method, "/api/2/roles/700001/users", `{"users":[101]}`)
		if r.object(t)["message"] != "Expected array in request" {
			t.Errorf("%s with an object: %s", method, r.body)
		}
	}
	tn.want(422, "POST", "/api/2/roles/700001/users", "[9]")
	tn.want(200, "POST", "/api/2/roles/700001/admins", "[102]")
	tn.want(204, "DELETE", "/api/2/roles/700002/admins", "[101]")
	if got := rowIDs(tn.want(200, "GET", "/api/2/roles/700001/admins", "").rows(t)); !slices.Equal(got, []int64{102}) {
		t.Errorf("admins: %v", got)
	}
	if got := tn.events("event_type_id=147,148"); len(got) != 2 || got[0]["role_name"] != "aws-admins" {
		t.Errorf("events: %v", got)
	}
}

func TestRolePut(t *testing.T) {
	const rename = `{"name":"renamed","users":[],"apps":[],"admins":[]}`
	members := func(tn *tenant) int {
		return len(tn.want(200, "GET", "/api/2/roles/700002/users", "").rows(t))
	}
	kind := newTenant(t, 3, onelogin.Knobs{})
	kind.want(200, "PUT", "/api/2/roles/700002", rename)
	if members(kind) != 3 || kind.want(200, "GET", "/api/2/roles/700002", "").object(t)["name"] != "renamed" {
		t.Error("by default a role PUT must rename and ignore the arrays")
	}
	wiping := newTenant(t, 3, onelogin.Knobs{WipingRolePut: true})
	wiping.want(200, "PUT", "/api/2/roles/700002", `{"name":"only the name"}`)
	if members(wiping) != 3 {
		t.Error("a PUT without the arrays wiped the members")
	}
	wiping.want(200, "PUT", "/api/2/roles/700002", rename)
	if members(wiping) != 0 {
		t.Error("with the knob empty arrays must wipe the members")
	}
	if got := wiping.triggers(); len(got) != 0 {
		t.Errorf("a role PUT triggered %v", got)
	}
}

func TestRoleLife(t *testing.T) {
	tn := newTenant(t, 3, onelogin.Knobs{})
	made := tn.want(201, "POST", "/api/2/roles", `{"name":"new","users":[101],"apps":[500001]}`).object(t)
	if len(made) != 1 {
		t.Errorf("POST: %v", made)
	}
	tn.want(422, "POST", "/api/2/roles", `{}`)
	tn.want(200, "PUT", "/api/2/roles/700003/apps", "[500001,500002]")
	tn.want(422, "PUT", "/api/2/roles/700003/apps", "[1]")
	tn.want(204, "DELETE", "/api/2/roles/700001", "")
	tn.want(404, "GET", "/api/2/roles/700001", "")
	if got := tn.events("event_type_id=1802"); len(got) != 1 || got[0]["role_name"] != "aws-admins" || got[0]["role_id"] != 700001.0 {
		t.Errorf("the deleted role's event: %v", got)
	}
	if got := tn.triggers(); !slices.Equal(got, []int64{101}) {
		t.Errorf("triggers %v, want those who were in the deleted role", got)
	}
}

func TestPolicyGroupsAreNotTheTargets(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	groups := tn.want(200, "GET", "/api/1/groups", "").object(t)["data"].([]any)
	if len(groups) != 2 || groups[0].(map[string]any)["reference"] != nil || groups[1].(map[string]any)["reference"] != "ext" {
		t.Errorf("groups: %v", groups)
	}
	tn.want(200, "GET", "/api/1/groups/31", "")
	tn.want(404, "GET", "/api/1/groups/1", "")
}
