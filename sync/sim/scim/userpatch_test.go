package scim

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatchUser(t *testing.T) {
	type ops = []map[string]any
	email := map[string]any{"value": "new@corp.example", "type": "work", "primary": true}
	for _, test := range []struct {
		what   string
		ops    ops
		status int
		want   map[string]any // attributes after it; nil: absent
	}{
		{"deactivate with a string", ops{op("replace", "active", "false")}, 200, map[string]any{"active": false}},
		{"deactivate with a boolean", ops{op("Replace", "active", false)}, 200, map[string]any{"active": false}},
		{"active a number", ops{op("replace", "active", 0)}, 400, nil},
		{
			"several",
			ops{op("replace", "displayName", "New"), op("add", "title", "Boss")},
			200,
			map[string]any{"displayName": "New", "title": "Boss"},
		},
		{"remove", ops{op("remove", "title", nil)}, 200, map[string]any{"title": nil}},
		{"remove what is not there", ops{op("remove", "timezone", nil)}, 200, map[string]any{"timezone": nil}},
		{"remove externalId", ops{op("remove", "externalId", nil)}, 200, map[string]any{"externalId": nil}},
		{"remove without path", ops{op("remove", "", map[string]any{"title": ""})}, 400, nil},
		{"remove userName", ops{op("remove", "userName", nil)}, 400, nil},
		{"remove active", ops{op("remove", "active", nil)}, 400, nil},
		{"remove displayName", ops{op("remove", "displayName", nil)}, 400, nil},
		{"remove given name", ops{op("remove", "name.givenName", nil)}, 400, nil},
		{"userName twice", ops{op("replace", "userName", "a"), op("replace", "userName", "b")}, 400, nil},
		{
			"userName",
			ops{op("replace", "userName", "b@corp.example")},
			200,
			map[string]any{"userName": "b@corp.example"},
		},
		{"userName taken", ops{op("replace", "userName", "TAKEN@corp.example")}, 409, nil},
		{
			"own userName in another case",
			ops{op("replace", "userName", "ANA@corp.example")},
			200,
			map[string]any{"userName": "ANA@corp.example"},
		},
		{
			"part of the name",
			ops{op("replace", "name.familyName", "Ng")},
			200,
			map[string]any{"name": map[string]any{"givenName": "Ana", "familyName": "Ng"}},
		},
		{"e-mail", ops{op("replace", "emails", []any{email})}, 200, map[string]any{"emails": []any{email}}},
		{"e-mail as an object", ops{op("replace", "emails", email)}, 200, map[string]any{"emails": []any{email}}},
		{"two e-mails", ops{op("replace", "emails", []any{email, email})}, 400, nil},
		{"second e-mail", ops{op("add", "emails", []any{email})}, 400, nil},
		{"no e-mails", ops{op("replace", "emails", []any{})}, 200, map[string]any{"emails": nil}},
		{
			"e-mail by filter",
			ops{op("replace", `emails[type eq "work"].value`, "new@corp.example")},
			200,
			map[string]any{"emails": []any{email}},
		},
		{
			"e-mail by part",
			ops{op("replace", "emails.value", "new@corp.example")},
			200,
			map[string]any{"emails": []any{email}},
		},
		{"no such e-mail", ops{op("replace", `emails[type eq "home"].value`, "new@corp.example")}, 400, nil},
		{"other operators in a path", ops{op("replace", `emails[type ne "work"].value`, "new@corp.example")}, 400, nil},
		{"e-mail no longer primary", ops{op("replace", "emails.primary", false)}, 400, nil},
		{"remove e-mail", ops{op("remove", `emails[type eq "work"]`, nil)}, 200, map[string]any{"emails": nil}},
		{
			"add a phone",
			ops{op("add", "phoneNumbers", []any{map[string]any{"value": "1"}})},
			200,
			map[string]any{"phoneNumbers": []any{map[string]any{"value": "1"}}},
		},
		{"replace a part of no phone", ops{op("replace", "phoneNumbers.value", "1")}, 400, nil},
		{"path in another case", ops{op("replace", "DISPLAYNAME", "x")}, 200, map[string]any{"displayName": "x"}},
		{"empty value", ops{op("replace", "title", "")}, 400, nil},
		{"no value", ops{op("replace", "title", nil)}, 400, nil},
		{"roles", ops{op("replace", "roles", []any{map[string]any{"value": "r"}})}, 400, nil},
		{"groups", ops{op("add", "groups", []any{})}, 400, nil},
		{"id", ops{op("replace", "id", "x")}, 400, nil},
		{"unknown part", ops{op("replace", "name.nick", "x")}, 400, nil},
		{"filter on a text", ops{op("replace", `title[type eq "x"]`, "x")}, 400, nil},
		{"broken paths", ops{op("replace", "emails[type", "x")}, 400, nil},
		{"text behind the filter", ops{op("replace", `emails[type eq "work"]x`, "x")}, 400, nil},
		{"three parts", ops{op("replace", "name.a.b.c", "x")}, 400, nil},
		{"unknown op", ops{op("move", "title", "x")}, 400, nil},
		{"no ops", ops{}, 400, nil},
		{
			"a good one before a bad one",
			ops{op("replace", "title", "x"), op("replace", "displayName", "")},
			400,
			map[string]any{"title": "SRE"},
		},
	} {
		t.Run(test.what, func(t *testing.T) {
			f := start(t, nil)
			f.want(201, "POST", "/Users", user("taken@corp.example", nil))
			id, _ := f.want(201, "POST", "/Users",
				user("ana@corp.example", map[string]any{"title": "SRE", "externalId": "x1"})).doc["id"].(string)
			before := f.want(200, "GET", "/Users/"+id, nil)
			r := f.want(test.status, "PATCH", "/Users/"+id, patch(test.ops...))
			after := f.want(200, "GET", "/Users/"+id, nil)
			if r.status == 200 && r.text != after.text {
				t.Errorf("answered %s, stored %s", r.text, after.text)
			}
			if r.status != 200 && after.text != before.text {
				t.Errorf("a refused PATCH changed the user: %s", after.text)
			}
			for name, want := range test.want {
				if diff := cmp.Diff(want, after.doc[name]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
	}
}

func TestPatchUserBodies(t *testing.T) {
	f := start(t, nil)
	id := f.addUsers(1)[0]
	for _, body := range []string{
		``, `{}`, `{"Operations":{}}`, `{"Operations":[1]}`, `{"Operations":[{"op":"replace","path":7,"value":"x"}]}`,
		`{"Operations":[{"op":"replace","path":"","value":"x"}]}`, `{"Operations":[{"path":"title","value":"x"}]}`,
	} {
		f.want(400, "PATCH", "/Users/"+id, body)
	}
	f.want(200, "PATCH", "/Users/"+id, `{"operations":[{"OP":"replace","Path":"title","VALUE":"x"}]}`)
}

// What the tenant generator stores as it likes survives a change of something else.
func TestPatchKeepsTheRest(t *testing.T) {
	f := start(t, nil)
	id := f.addUsers(1)[0]
	f.world.Target.Users[id].Rest = json.RawMessage(`{"title": "SRE", "name": {"middleName": "M"}}`)
	before := f.want(200, "GET", "/Users/"+id, nil)
	after := f.want(200, "PATCH", "/Users/"+id, patch(op("replace", "active", false)))
	before.doc["active"] = false
	if diff := cmp.Diff(before.doc, after.doc); diff != "" {
		t.Error(diff)
	}
}
