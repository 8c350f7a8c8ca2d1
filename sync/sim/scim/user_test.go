package scim

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// full is a user with every attribute there is.
func full(name string) map[string]any {
	return user(name, map[string]any{
		"externalId": "onelogin-1", "nickName": "Ani", "profileUrl": "https://p.example", "title": "SRE",
		"userType":          "Employee",
		"preferredLanguage": "en-US", "locale": "en-US", "timezone": "Europe/Berlin",
		"name": map[string]any{
			"formatted": "Dr. Ana Li", "familyName": "Li", "givenName": "Ana", "middleName": "M",
			"honorificPrefix": "Dr.", "honorificSuffix": "II",
		},
		"addresses": []any{map[string]any{
			"streetAddress": "1 Main St", "country": "DE", "type": "work",
			"primary": true,
		}},
		"phoneNumbers": []any{map[string]any{"value": "555-0100", "type": "work"}},
		"roles":        []any{map[string]any{"value": "oncall", "type": "work", "primary": true}},
		enterpriseURN: map[string]any{
			"department": "p",
			"manager":    map[string]any{"value": "boss", "$ref": "../Users/boss"},
		},
	})
}

func TestUserLifeCycle(t *testing.T) {
	f := start(t, nil)
	created := f.want(201, "POST", "/Users", full("ana@corp.example"))
	id, _ := created.doc["id"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("id %q", id)
	}
	want := full("ana@corp.example")
	want["id"] = id
	want["meta"] = map[string]any{
		"resourceType": "User", "created": "2026-11-23T08:00:00Z",
		"lastModified": "2026-11-23T08:00:00Z",
	}
	want["schemas"] = []any{userURN, enterpriseURN}
	want[enterpriseURN] = map[string]any{"department": "p", "manager": map[string]any{"value": "boss"}}
	delete(want, "profileUrl")
	if diff := cmp.Diff(want, created.doc); diff != "" {
		t.Error("create: " + diff)
	}
	if diff := cmp.Diff(want, f.want(200, "GET", "/Users/"+id, nil).doc); diff != "" {
		t.Error("get: " + diff)
	}
	f.clock = f.clock.Add(90e9)
	put := f.want(200, "PUT", "/Users/"+id, user("bo@corp.example", map[string]any{"id": id, "active": false}))
	want = user("bo@corp.example", map[string]any{
		"id": id, "active": false, "schemas": []any{userURN},
		"meta": map[string]any{
			"resourceType": "User", "created": "2026-11-23T08:00:00Z", "lastModified": "2026-11-23T08:01:30Z",
		},
	})
	if diff := cmp.Diff(want, put.doc); diff != "" {
		t.Error("put: " + diff)
	}
	g := f.addGroup("g", id)
	if r := f.want(204, "DELETE", "/Users/"+id, nil); r.text != "" || r.header.Get("Content-Type") != "" {
		t.Errorf("a delete answers %q", r.text)
	}
	if len(g.Members) != 0 {
		t.Error("the deleted user is still a member")
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		f.want(404, method, "/Users/"+id, nil)
	}
	again := f.want(201, "POST", "/Users", user("bo@corp.example", nil))
	if again.doc["id"] == id {
		t.Error("a re-created user has its old id")
	}
}

func TestCreateUserRules(t *testing.T) {
	email := func(more map[string]any) map[string]any {
		return map[string]any{"emails": []any{more}}
	}
	name := func(given, family any) map[string]any {
		return map[string]any{"name": map[string]any{"givenName": given, "familyName": family}}
	}
	for _, test := range []struct {
		what   string
		change map[string]any
		want   int
	}{
		{"plain", nil, 201},
		{"no userName", map[string]any{"userName": nil}, 400},
		{"empty userName", map[string]any{"userName": ""}, 400},
		{"userName with a space", map[string]any{"userName": "a b"}, 400},
		{"userName with an escape", map[string]any{"userName": "a\x1b[31m"}, 400},
		{"userName with a direction mark", map[string]any{"userName": "a\u202eb"}, 400},
		{"userName at the limit", map[string]any{"userName": strings.Repeat("é", 128)}, 201},
		{"userName over it", map[string]any{"userName": strings.Repeat("é", 129)}, 400},
		{"userName no string", map[string]any{"userName": 7}, 400},
		{"no displayName", map[string]any{"displayName": nil}, 400},
		{"blank displayName", map[string]any{"displayName": ""}, 400},
		{"long displayName", map[string]any{"displayName": strings.Repeat("x", 1024)}, 201},
		{"longer displayName", map[string]any{"displayName": strings.Repeat("x", 1025)}, 400},
		{"displayName null", map[string]any{"displayName": []byte(nil)}, 400},
		{"no name", map[string]any{"name": nil}, 400},
		{"no given name", name("", "Li"), 400},
		{"no family name", name("Ana", ""), 400},
		{"family name null", name("Ana", nil), 400},
		{"name a string", map[string]any{"name": "Ana"}, 400},
		{"no e-mail", map[string]any{"emails": nil}, 201},
		{"empty e-mails", map[string]any{"emails": []any{}}, 201},
		{"two e-mails", map[string]any{"emails": []any{
			map[string]any{"value": "a@b.example", "primary": true}, map[string]any{"value": "c@b.example"},
		}}, 400},
		{"e-mail not primary", email(map[string]any{"value": "a@b.example"}), 400},
		{"e-mail primary false", email(map[string]any{"value": "a@b.example", "primary": false}), 400},
		{"e-mail without value", email(map[string]any{"primary": true}), 400},
		{"e-mail with display", email(map[string]any{"value": "a@b.example", "primary": true, "display": "A"}), 400},
		{"e-mails no array", map[string]any{"emails": "a@b.example"}, 400},
		{"two addresses", map[string]any{"addresses": []any{
			map[string]any{"country": "DE"},
			map[string]any{"country": "FR"},
		}}, 400},
		{"two phones", map[string]any{"phoneNumbers": []any{
			map[string]any{"value": "1"},
			map[string]any{"value": "2"},
		}}, 400},
		{"role with display", map[string]any{"roles": []any{map[string]any{"value": "r", "display": "R"}}}, 400},
		{"ims", map[string]any{"ims": []any{}}, 400},
		{"photos", map[string]any{"photos": []any{map[string]any{"value": "x"}}}, 400},
		{"x509Certificates", map[string]any{"x509Certificates": []any{}}, 400},
		{"entitlements", map[string]any{"entitlements": []any{}}, 400},
		{"password", map[string]any{"password": "x"}, 400},
		{"groups", map[string]any{"groups": []any{}}, 400},
		{"unknown attribute", map[string]any{"shoeSize": 43}, 400},
		{"attribute in another case", map[string]any{"profileURL": "https://p.example"}, 201},
		{"attribute twice", map[string]any{"USERNAME": "x"}, 400},
		{"empty manager", map[string]any{enterpriseURN: map[string]any{"manager": map[string]any{"value": ""}}}, 400},
		{"manager with a name", map[string]any{
			enterpriseURN: map[string]any{"manager": map[string]any{"displayName": "B"}},
		}, 400},
		{"empty title", map[string]any{"title": ""}, 400},
		{"title null", map[string]any{"title": (*int)(nil)}, 201},
		{"active a string", map[string]any{"active": "false"}, 201},
		{"active a word", map[string]any{"active": "maybe"}, 400},
		{"external id with a space", map[string]any{"externalId": "a b"}, 400},
		{"external id at the limit", map[string]any{"externalId": strings.Repeat("x", 256)}, 201},
		{"external id over it", map[string]any{"externalId": strings.Repeat("x", 257)}, 400},
		{"empty external id", map[string]any{"externalId": ""}, 400},
	} {
		t.Run(test.what, func(t *testing.T) {
			f := start(t, nil)
			r := f.do("POST", "/Users", user("ana@corp.example", test.change))
			if r.status != test.want {
				t.Fatalf("status %d, want %d: %s", r.status, test.want, r.text)
			}
			if r.status == 400 && !strings.HasPrefix(r.doc["detail"].(string), "Request is unparsable") {
				t.Errorf("detail %v", r.doc["detail"])
			}
			if stored := len(f.world.Target.Users); stored != map[int]int{201: 1, 400: 0}[r.status] {
				t.Errorf("%d users stored after a %d", stored, r.status)
			}
		})
	}
	f := start(t, nil)
	for _, body := range []string{"", "{", "[]", "null", `"x"`, `{} {}`} {
		f.want(400, "POST", "/Users", body)
	}
}

func TestUserUniqueness(t *testing.T) {
	for _, test := range []struct {
		what   string
		change map[string]any
		want   int
	}{
		{"another user", map[string]any{}, 201},
		{"same userName", map[string]any{"userName": "ana@corp.example"}, 409},
		{"userName in another case", map[string]any{"userName": "ANA@corp.example"}, 409},
		{
			"same e-mail",
			map[string]any{"emails": []any{map[string]any{"value": "Ana@corp.example", "primary": true}}},
			409,
		},
		{"same external id", map[string]any{"externalId": "x1"}, 409},
		{"external id in another case", map[string]any{"externalId": "X1"}, 201},
		{"same displayName", map[string]any{"displayName": "Ana Li"}, 201},
	} {
		t.Run(test.what, func(t *testing.T) {
			f := start(t, nil)
			f.want(201, "POST", "/Users", user("ana@corp.example", map[string]any{"externalId": "x1"}))
			r := f.want(test.want, "POST", "/Users", user("bo@corp.example", test.change))
			if r.status == 409 && (r.doc["detail"] != "Refused to create a new, duplicate resource." ||
				r.doc["status"] != "409") {
				t.Errorf("body %s", r.text)
			}
			other := f.want(201, "POST", "/Users", user("cy@corp.example", nil))
			id, _ := other.doc["id"].(string)
			put := user("bo2@corp.example", test.change)
			put["id"] = id
			if r := f.do("PUT", "/Users/"+id, put); test.want == 409 && r.status != 409 {
				t.Errorf("PUT onto the taken value: %d", r.status)
			}
		})
	}
}

func TestPutWantsTheID(t *testing.T) {
	f := start(t, nil)
	id, _ := f.want(201, "POST", "/Users", user("a@b.example", nil)).doc["id"].(string)
	f.want(400, "PUT", "/Users/"+id, user("a@b.example", nil))
	f.want(400, "PUT", "/Users/"+id, user("a@b.example", map[string]any{"id": "other"}))
}

func TestPrefixedIDs(t *testing.T) {
	f := start(t, func(k *Knobs) { k.PrefixedIDs = true })
	id, _ := f.want(201, "POST", "/Users", user("a", nil)).doc["id"].(string)
	if !strings.HasPrefix(id, "0123456789-") || len(id) != 47 {
		t.Errorf("id %q", id)
	}
	f.want(200, "GET", "/Users/"+id, nil)
}

// Records that were made through another door have none of SCIM's required attributes.
func TestBareUserIsShown(t *testing.T) {
	f := start(t, nil)
	f.world.Target.AddUser(&world.TargetUser{ID: "bare", UserName: "bare", Created: f.clock, Modified: f.clock})
	r := f.want(200, "GET", "/Users/bare", nil)
	for _, absent := range []string{"name", "emails", "displayName", "externalId", "null"} {
		if strings.Contains(r.text, `"`+absent+`"`) || strings.Contains(r.text, ":null") {
			t.Errorf("absent %s is answered: %s", absent, r.text)
		}
	}
}
