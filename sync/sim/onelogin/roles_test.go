package onelogin_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

func TestRoleLists(t *testing.T) {
	tn := newTenant(t, 2, onelogin.Knobs{})
	for query, want := range map[string][]int64{
		"":               {admins, readers, bare},
		"?name=aws-*":    {admins, readers},
		"?name=aws":      {},
		"?app_id=500001": {admins, readers},
		"?name=":         {admins, readers, bare},
	} {
		if got := rowIDs(tn.want(200, "GET", "/api/2/roles"+query, "").rows(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	plain := tn.want(200, "GET", "/api/2/roles", "").rows(t)[0]
	if _, has := plain["users"]; has || plain["apps"] == nil {
		t.Errorf("without fields: %v", plain)
	}
	full := tn.want(200, "GET", "/api/2/roles?fields=apps,users", "").rows(t)[1]
	if len(full["users"].([]any)) != 2 || len(full["apps"].([]any)) != 1 {
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
	if len(rows) != 1 || rows[0]["name"] != "Given001 Family" || rows[0]["assigned"] != true ||
		rows[0]["username"] != "user001" {
		t.Errorf("role users: %v", rows)
	}
	if got := rowIDs(tn.want(200, "GET", "/api/2/roles/700001/apps", "").rows(t)); !slices.Equal(got, []int64{appID}) {
		t.Errorf("role apps: %v", got)
	}
	for _, path := range []string{"users", "apps"} {
		tn.want(404, "GET", "/api/2/roles/1/"+path, "")
	}
}
