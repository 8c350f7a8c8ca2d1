package onelogin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

func rolesOf(
	t *testing.T, roles http.HandlerFunc, single map[string]http.HandlerFunc,
) (map[string]model.Role, model.Coverage, model.Coverage, *fake) {
	t.Helper()
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", ""))) // role_ids 7 and 8
	f.HandleFunc("GET /api/2/roles", roles)
	for id, h := range single {
		f.HandleFunc("GET /api/2/roles/"+id+"/users", h)
	}
	got, groups, memberships := connect(t, f).Roles(t.Context(), nil)
	byID := map[string]model.Role{}
	for _, r := range got {
		byID[r.ID] = r
	}
	return byID, groups, memberships, f
}

func TestRolesInOnePage(t *testing.T) {
	roles, groups, memberships, f := rolesOf(t, rows(
		object{"id": 7, "name": "aws-dev", "apps": []int{500}, "users": []any{1, "2"}},
		object{"id": 8, "name": "aws-ops", "users": []any{}},
		object{
			"id": 9, "name": "late", "apps": []object{{"id": 500}},
			"users": []any{object{"id": 3}, object{"id": 4, "assigned": false}},
		},
		object{"id": 10, "name": "wiki", "apps": []int{1}, "users": []int{5}},
	), nil)
	if !groups.Complete() || !memberships.Complete() || len(roles) != 4 {
		t.Fatalf("%v %v %v", groups, memberships, roles)
	}
	for id, want := range map[string]string{"7": "true [1 2]", "8": "true []", "9": "true [3]", "10": "false [5]"} {
		if got := fmt.Sprint(roles[id].Grants, " ", roles[id].Users.IDs); got != want || roles[id].Users.Unknown != "" {
			t.Errorf("role %s: %s, %q; want %s", id, got, roles[id].Users.Unknown, want)
		}
	}
	if n := len(f.requests()); n != 3 { // token, app, roles
		t.Errorf("%d requests: %v", n, f.requests())
	}
}

func TestRolesWithoutUsersAreReadOneByOne(t *testing.T) {
	list := rows(object{"id": 7, "name": "a"}, object{"id": 8, "name": "b"}, object{"id": 10, "name": "wiki"})
	roles, groups, memberships, f := rolesOf(t, list, map[string]http.HandlerFunc{
		"7": rows(object{"id": 1, "assigned": true}, object{"id": 2, "assigned": false}, object{"id": 3}),
		"8": says(403, `{"message":"scope"}`),
	})
	if !groups.Complete() || memberships.State != model.Partial || !strings.Contains(memberships.Reason, "1 of 2") {
		t.Errorf("%v %v", groups, memberships)
	}
	if got := roles["7"].Users; fmt.Sprint(got.IDs) != "[1 3]" || got.Unknown != "" {
		t.Errorf("role 7: %+v", got)
	}
	if !strings.Contains(roles["8"].Users.Unknown, "scope") || roles["10"].Users.Unknown == "" {
		t.Errorf("role 8: %+v, role 10: %+v", roles["8"].Users, roles["10"].Users)
	}
	for _, r := range f.requests() {
		if strings.Contains(r, "/roles/10/") {
			t.Error("the users of a role that does not grant the app were read")
		}
	}
}

// A credential that may not read the users of roles is told so a few times, and not once a role.
func TestUsersOfRolesThatMayNotBeReadAreNotAskedForAgain(t *testing.T) {
	many := []any{}
	for id := 7; id < 107; id++ {
		many = append(many, object{"id": id, "name": fmt.Sprint("role ", id), "apps": []int{500}})
	}
	roles, groups, memberships, f := rolesOf(t, rows(many...), map[string]http.HandlerFunc{
		"{id}": says(403, `{"message":"scope"}`),
	})
	if !groups.Complete() || memberships.State != model.Partial || !strings.Contains(memberships.Reason, "100 of 100") {
		t.Errorf("%v %v", groups, memberships)
	}
	if !strings.Contains(roles["106"].Users.Unknown, "scope") || len(f.requests()) > 3+pageWorkers {
		t.Errorf("%+v after %d requests", roles["106"].Users, len(f.requests()))
	}
}

// Where a role's apps may not be read, that it does not grant the app is believed only if the app or the role says so.
func TestARoleWhoseAppsMayNotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		app, role string
		believed  bool
	}{
		"the app names others":      {`{"id":500,"role_ids":[7]}`, `{"id":8,"name":"aws-ops"}`, true},
		"the role names other apps": {`{"id":500}`, `{"id":8,"name":"aws-ops","apps":[499]}`, true},
		"nobody says":               {`{"id":500}`, `{"id":8,"name":"aws-ops"}`, false},
	} {
		for _, status := range []int{401, 403} {
			f := newFake()
			f.HandleFunc("GET /api/2/apps/500", says(200, c.app))
			f.HandleFunc("GET /api/2/roles/8", says(200, c.role))
			f.HandleFunc("GET /api/2/roles/8/apps", says(status, `{"message":"scope"}`))
			role, found, err := connect(t, f).GetRole(t.Context(), "8")
			if (err == nil) != c.believed || found != c.believed || role.Grants {
				t.Errorf("%s, %d: %+v, %v, %v", name, status, role, found, err)
			}
		}
	}
}

func TestRolesThatCannotBeRead(t *testing.T) {
	_, groups, memberships, _ := rolesOf(t, says(403, `{}`), nil)
	if groups.State != model.Unknown || memberships.State != model.Unknown {
		t.Errorf("%v %v", groups, memberships)
	}
	_, groups, memberships, _ = rolesOf(t, says(200, `[{"id":7,"users":[1]}]`, "Total-Count", "2"), nil)
	if groups.State != model.Partial || memberships.State != model.Partial ||
		!strings.Contains(groups.Reason, "1 of 2") {
		t.Errorf("%v %v", groups, memberships)
	}
}
