package scim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestGroupLifeCycle(t *testing.T) {
	f := start(t, nil)
	created := f.want(201, "POST", "/Groups", map[string]any{
		"schemas": []string{groupURN}, "displayName": "aws admins", "externalId": "role-99",
	})
	id, _ := created.doc["id"].(string)
	want := map[string]any{
		"id": id, "externalId": "role-99", "displayName": "aws admins", "schemas": []any{groupURN},
		"meta": map[string]any{
			"resourceType": "Group", "created": "2026-11-23T08:00:00Z",
			"lastModified": "2026-11-23T08:00:00Z",
		},
	}
	if diff := cmp.Diff(want, created.doc); diff != "" {
		t.Error("create: " + diff)
	}
	if diff := cmp.Diff(want, f.want(200, "GET", "/Groups/"+id, nil).doc); diff != "" {
		t.Error("get: " + diff)
	}
	if r := f.want(200, "GET", "/Groups?cursor", nil); !strings.Contains(r.text, `"members":[]`) {
		t.Errorf("a list shows members, or none: %s", r.text)
	}
	f.world.Target.Assignments = []world.Assignment{{AccountID: "1", PrincipalType: "GROUP", PrincipalID: id}}
	if r := f.want(204, "DELETE", "/Groups/"+id, nil); r.text != "" {
		t.Errorf("a delete answers %q", r.text)
	}
	if len(f.world.Target.Assignments) != 1 {
		t.Error("the assignment was taken along")
	}
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		f.want(404, method, "/Groups/"+id, nil)
	}
	again := f.want(201, "POST", "/Groups", map[string]any{"displayName": "aws admins", "externalId": "role-99"})
	if again.doc["id"] == id {
		t.Error("a re-created group has its old id")
	}
}

func TestCreateGroupRules(t *testing.T) {
	for what, test := range map[string]struct {
		doc  map[string]any
		want int
	}{
		"no name":           {map[string]any{}, 400},
		"empty name":        {map[string]any{"displayName": ""}, 400},
		"name no text":      {map[string]any{"displayName": 7}, 400},
		"name at the limit": {map[string]any{"displayName": strings.Repeat("日", 1024)}, 201},
		"name over it":      {map[string]any{"displayName": strings.Repeat("日", 1025)}, 400},
		"taken name":        {map[string]any{"displayName": "Taken"}, 409},
		"taken external id": {map[string]any{"displayName": "g", "externalId": "e"}, 409},
		"bad external id":   {map[string]any{"displayName": "g", "externalId": "a b"}, 400},
		"description":       {map[string]any{"displayName": "g", "description": "x"}, 400},
		"members null":      {map[string]any{"displayName": "g", "members": nil}, 201},
	} {
		t.Run(what, func(t *testing.T) {
			f := start(t, nil)
			f.addGroup("taken").ExternalID = "e"
			f.want(test.want, "POST", "/Groups", test.doc)
			if got := len(f.world.Target.Groups); got != map[bool]int{true: 2, false: 1}[test.want == 201] {
				t.Errorf("%d groups stored", got)
			}
		})
	}
}

func TestPatchGroup(t *testing.T) {
	type ops = []map[string]any
	// In the tests u0 to u149 exist, u0 to u9 are in the group, and "U3" stands for the id of u3.
	some := func(from, to int) []any {
		list := []any{}
		for i := from; i < to; i++ {
			list = append(list, map[string]any{"value": fmt.Sprint("U", i)})
		}
		return list
	}
	for _, test := range []struct {
		what           string
		knobs          func(*Knobs)
		ops            ops
		status         int
		members        int    // after it
		name, external string // after it, "" for those before; "-" is no external id
	}{
		{what: "add", ops: ops{op("add", "members", some(10, 12))}, status: 204, members: 12},
		{
			what: "add one as an object", ops: ops{op("Add", "members", map[string]any{"value": "U10"})}, status: 204,
			members: 11,
		},
		{what: "add a present one", ops: ops{op("add", "members", some(9, 11))}, status: 204, members: 11},
		{what: "add 100", ops: ops{op("add", "members", some(10, 110))}, status: 204, members: 110},
		{what: "add 101", ops: ops{op("add", "members", some(10, 111))}, status: 400, members: 10},
		{what: "101 over two operations", ops: ops{
			op("add", "members", some(10, 110)),
			op("remove", "members", some(0, 1)),
		}, status: 400, members: 10},
		{
			what: "add an unknown one", ops: ops{op("add", "members", append(some(10, 12), members("nobody")...))},
			status: 404, members: 10,
		},
		{what: "add nothing", ops: ops{op("add", "members", some(0, 0))}, status: 400, members: 10},
		{what: "add an empty id", ops: ops{op("add", "members", members(""))}, status: 400, members: 10},
		{what: "remove", ops: ops{op("remove", "members", some(0, 3))}, status: 204, members: 7},
		{what: "remove an absent one", ops: ops{op("remove", "members", some(9, 12))}, status: 204, members: 9},
		{what: "remove by path", ops: ops{
			op("remove", `members[value eq "U3"]`, nil),
			op("remove", `members[value eq "U4"]`, nil),
		}, status: 204, members: 8},
		{
			what: "the same, unknown", knobs: func(k *Knobs) { k.MemberPathFilter = false },
			ops: ops{op("remove", `members[value eq "U3"]`, nil)}, status: 400, members: 10,
		},
		{what: "add by path", ops: ops{op("add", `members[value eq "U3"]`, some(3, 4))}, status: 400, members: 10},
		{
			what: "path with another part", ops: ops{op("remove", `members[type eq "User"]`, nil)}, status: 400,
			members: 10,
		},
		{what: "path to a part", ops: ops{op("remove", "members.value", some(0, 1))}, status: 400, members: 10},
		{
			what: "add and remove", ops: ops{op("add", "members", some(10, 12)), op("remove", "members", some(0, 1))},
			status: 204, members: 11,
		},
		{what: "remove all", ops: ops{op("remove", "members", nil)}, status: 400, members: 10},
		{what: "remove none", ops: ops{op("remove", "members", some(0, 0))}, status: 400, members: 10},
		{what: "replace", ops: ops{op("replace", "members", some(0, 3))}, status: 400, members: 10},
		{what: "replace by nothing", ops: ops{op("replace", "members", some(0, 0))}, status: 400, members: 10},
		{what: "replace without value", ops: ops{op("replace", "members", nil)}, status: 400, members: 10},
		{what: "rename", ops: ops{op("replace", "displayName", "new")}, status: 204, members: 10, name: "new"},
		{
			what: "rename and number", ops: ops{op("replace", "displayName", "new"), op("add", "externalId", "x")},
			status: 204, members: 10, name: "new", external: "x",
		},
		{
			what: "rename to its own in another case", ops: ops{op("replace", "displayName", "GROUP")}, status: 204,
			members: 10, name: "GROUP",
		},
		{what: "rename to a taken one", ops: ops{op("replace", "displayName", "TAKEN")}, status: 409, members: 10},
		{
			what: "taken external id", ops: ops{
				op("add", "members", some(10, 12)),
				op("replace", "externalId", "taken"),
			},
			status: 409, members: 10,
		},
		{what: "remove externalId", ops: ops{op("remove", "externalId", nil)}, status: 204, members: 10, external: "-"},
		{what: "remove displayName", ops: ops{op("remove", "displayName", nil)}, status: 400, members: 10},
		{what: "empty name", ops: ops{op("replace", "displayName", "")}, status: 400, members: 10},
		{what: "description", ops: ops{op("replace", "description", "x")}, status: 400, members: 10},
		{what: "id", ops: ops{op("replace", "id", "x")}, status: 400, members: 10},
		{what: "a good one before a bad one", ops: ops{
			op("replace", "displayName", "new"),
			op("move", "members", some(0, 1)),
		}, status: 400, members: 10},
	} {
		t.Run(test.what, func(t *testing.T) {
			f := start(t, test.knobs)
			ids := f.addUsers(150)
			f.addGroup("taken").ExternalID = "taken"
			g := f.addGroup("group", ids[:10]...)
			g.ExternalID = "e"
			f.world.Lock()
			body := named(t, patch(test.ops...), ids)
			f.world.Unlock()
			r := f.want(test.status, "PATCH", "/Groups/"+g.ID, body)
			if r.status == 204 && r.text != "" {
				t.Errorf("a 204 with a body: %q", r.text)
			}
			if len(g.Members) != test.members {
				t.Errorf("%d members, want %d", len(g.Members), test.members)
			}
			name, number := test.name, test.external
			if name == "" {
				name = "group"
			}
			if number == "" {
				number = "e"
			}
			if g.DisplayName != name || g.ExternalID != strings.TrimPrefix(number, "-") {
				t.Errorf("name %q, external id %q", g.DisplayName, g.ExternalID)
			}
		})
	}
}

func TestPatchGroupTexts(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(1)
	g := f.addGroup("g", ids...)
	for want, operation := range map[string]map[string]any{
		"Replacing group memberships is not supported.": op("replace", "members",
			members(ids...)),
		"Request is unparsable, syntactically incorrect, or violates schema.": op("remove", "members", nil),
	} {
		if r := f.want(400, "PATCH", "/Groups/"+g.ID, patch(operation)); r.doc["detail"] != want {
			t.Errorf("detail %q, want %q", r.doc["detail"], want)
		}
	}
	f.want(404, "PATCH", "/Groups/unknown", patch(op("replace", "displayName", "x")))
}
