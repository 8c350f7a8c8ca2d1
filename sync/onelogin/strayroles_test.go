package onelogin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func TestARoleWithoutANameWasNotRead(t *testing.T) {
	for _, name := range []any{nil, "", "  "} {
		roles, groups, memberships, f := rolesOf(t, rows(
			object{"id": 7, "name": "aws-dev", "users": []int{1}}, object{"id": 8, "name": name, "users": []int{2}},
		), nil)
		if groups.State != model.Partial || memberships.State != model.Partial ||
			!strings.Contains(groups.Reason, "role 8 has no name") || len(roles) != 1 {
			t.Errorf("%q: %v %v %v", name, groups, memberships, roles)
		}
		if len(f.requests()) != 3 {
			t.Errorf("asked %v", f.requests())
		}
	}
}

func TestRolesThatTheListLeftOut(t *testing.T) {
	list := rows(object{"id": 7, "name": "aws-dev", "users": []int{1}},
		object{"id": 9, "name": "wiki", "users": []int{}})
	dev := `{"id":7,"name":"aws-dev"}`
	for name, c := range map[string]struct {
		body   string
		status int
		listed string // the answer about a role that is listed; "" is a 404
		state  model.CoverageState
		roles  int
	}{
		"there":                  {`{"id":8,"name":"aws-ops"}`, 200, dev, model.Partial, 3},
		"deleted":                {`{"message":"gone"}`, 404, dev, model.Complete, 2},
		"all answers are 404":    {`{"message":"gone"}`, 404, "", model.Partial, 2},
		"refused":                {`{"message":"no"}`, 403, dev, model.Partial, 2},
		"an answer of no one":    {`{}`, 200, dev, model.Partial, 2},
		"an answer of another":   {`{"id":9,"name":"wiki"}`, 200, dev, model.Partial, 2},
		"there, but has no name": {`{"id":8}`, 200, dev, model.Partial, 2},
	} {
		f := newFake()
		f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", ""))) // role_ids 7 and 8
		f.HandleFunc("GET /api/2/roles", list)
		f.HandleFunc("GET /api/2/roles/8", says(c.status, c.body))
		if c.listed != "" {
			f.HandleFunc("GET /api/2/roles/7", says(200, c.listed))
		}
		f.HandleFunc("GET /api/2/roles/8/users", rows(object{"id": 4}, object{"id": 5}))
		roles, groups, _ := connect(t, f).Roles(t.Context(), nil)
		if groups.State != c.state || len(roles) != c.roles || c.state == model.Partial &&
			!strings.Contains(groups.Reason, "(8)") {
			t.Errorf("%s: %v %v", name, groups, roles)
		}
		if c.roles == 3 && (!roles[2].Grants || fmt.Sprint(roles[2].Users.IDs) != "[4 5]") {
			t.Errorf("%s: %+v", name, roles[2])
		}
	}
}

func TestTooManyRolesLeftOutAreNotAskedFor(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, `{"id":500,"role_ids":[1,2,3,4,5,6,7,8,9,10,11,12]}`))
	f.HandleFunc("GET /api/2/roles", rows(object{"id": 1, "name": "aws-dev", "users": []int{1}}))
	_, groups, memberships := connect(t, f).Roles(t.Context(), nil)
	if groups.State != model.Partial || memberships.State != model.Partial || len(f.requests()) != 3 {
		t.Errorf("%v %v %v", groups, memberships, f.requests())
	}
}
