package scim

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestParseFilter(t *testing.T) {
	for _, test := range []struct {
		text string
		want *term // nil: refused
	}{
		{`userName eq "a"`, &term{"username", "a"}},
		{`  userName   EQ  "a"  `, &term{"username", "a"}},
		{`id eq "1" and members eq "2"`, nil},
		{`groups.value eq "x y"`, &term{"groups.value", "x y"}},
		{`userName eq "a\"b\\c\u00e9"`, &term{"username", `a"b\cé`}},
		{`userName eq " and id eq "`, &term{"username", " and id eq "}},
		{`userName eq ""`, &term{"username", ""}},
		{``, nil},
		{` `, nil},
		{`userName`, nil},
		{`userName eq`, nil},
		{`userName eq a`, nil},
		{`userName eq "a`, nil},
		{`userName eq 'a'`, nil},
		{`userName eq true`, nil},
		{`userName pr`, nil},
		{`userName ne "a"`, nil},
		{`userName co "a"`, nil},
		{`userName eq "a" or id eq "b"`, nil},
		{`not (userName eq "a")`, nil},
		{`(userName eq "a")`, nil},
		{`userName eq "a" and`, nil},
		{`userName eq "a"and id eq "b"`, nil},
		{`userName eq"a"`, nil},
		{`emails[type eq "work"]`, nil},
		{`userName eq "a" x`, nil},
		{`userName eq "\q"`, nil},
		{"userName eq \"\x1b\"", nil},
	} {
		got, err := parseFilter(test.text, true)
		if (err != nil) != (test.want == nil) || test.want != nil && got != *test.want {
			t.Errorf("%s: %v, %v", test.text, got, err)
		}
	}
}

func TestParseFilterWithoutEscapes(t *testing.T) {
	got, err := parseFilter(`userName eq "a\b"`, false)
	if err != nil || got.value != `a\b` {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := parseFilter(`userName eq "a\"b"`, false); err == nil {
		t.Error("a quote inside a value is read although nothing can escape it")
	}
}

// Whatever is read can be written down again and is read as the same.
func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{
		`userName eq "a"`, `a eq "\"\\\u0000"`, `a eq "`,
		`a eq "\`, "a eq \"\xff\"",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, escapes bool) {
		one, err := parseFilter(text, escapes)
		if err != nil {
			return
		}
		value := `"` + one.value + `"`
		if escapes {
			literal, failed := json.Marshal(one.value)
			if failed != nil {
				t.Fatal(failed)
			}
			value = string(literal)
		}
		if again, err := parseFilter(one.attr+" eq "+value, escapes); err != nil || again != one {
			t.Fatalf("%q was read as %q, which is read as %q: %v", text, one, again, err)
		}
	})
}

func TestFilters(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(4)
	g, h := f.addGroup("Admins", ids[0], ids[1]), f.addGroup("ops", ids[1])
	g.ExternalID = "role-1"
	for _, test := range []struct {
		path, filter string
		status       int
		want         []string
	}{
		{"/Users", `userName eq "u2@corp.example"`, 200, ids[2:3]},
		{"/Users", `USERNAME eq "U2@CORP.example"`, 200, ids[2:3]},
		{"/Users", `externalId eq "ext-3"`, 200, ids[3:]},
		{"/Users", `externalId eq "EXT-3"`, 200, nil},
		{"/Users", `id eq "` + ids[0] + `"`, 200, ids[:1]},
		{"/Users", `groups.value eq "` + h.ID + `"`, 200, ids[1:2]},
		{"/Users", `groups.value eq "unknown"`, 200, nil},
		{"/Users", `userName eq ""`, 400, nil},
		{"/Users", `groups.value eq ""`, 400, nil},
		{"/Users", ``, 400, nil},
		{"/Users", `manager eq "` + ids[0] + `"`, 400, nil},
		{"/Users", `emails.value eq "u2@corp.example"`, 400, nil},
		{"/Users", `active eq "true"`, 400, nil},
		{"/Users", `userName eq "a" and externalId eq "b"`, 400, nil},
		{"/Users", `displayName eq "a"`, 400, nil},
		{"/Users", `members.value eq "a"`, 400, nil},
		{"/Groups", `displayName eq "admins"`, 200, []string{g.ID}},
		{"/Groups", `displayName eq "nothing"`, 200, nil},
		{"/Groups", `externalId eq "role-1"`, 200, []string{g.ID}},
		{"/Groups", `members.value eq "` + ids[1] + `"`, 200, []string{g.ID, h.ID}},
		{"/Groups", `members.value eq "` + ids[3] + `"`, 200, nil},
		{"/Groups", `members.value eq "unknown"`, 404, nil},
		{"/Groups", `id eq "` + g.ID + `"`, 400, nil},
		{"/Groups", `members eq "` + ids[0] + `"`, 400, nil},
		{"/Groups", `groups.value eq "a"`, 400, nil},
	} {
		t.Run(test.path+" "+test.filter, func(t *testing.T) {
			r := f.do("GET", test.path+"?"+filter(test.filter), nil)
			if r.status != test.status {
				t.Fatalf("status %d, want %d: %s", r.status, test.status, r.text)
			}
			if diff := cmp.Diff(test.want, r.ids()); diff != "" {
				t.Error(diff)
			}
		})
	}
	if r := f.want(200, "GET", "/Users?filter=userName+eq+%22u2@corp.example%22", nil); len(r.ids()) != 1 {
		t.Errorf("spaces as plus: %s", r.text)
	}
	knobs := Current().Unlimited()
	knobs.UnknownGroup404 = true
	f.server.SetKnobs(knobs)
	f.want(404, "GET", "/Users?"+filter(`groups.value eq "unknown"`), nil)
}

// Names that the service would not take can be in the directory all the same; they are answered as they are, and
// found by a filter.
func TestHostileNames(t *testing.T) {
	names := []string{
		"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\u202egnp.exe", "a\u200bb", "a\x00b", strings.Repeat("x", 1000),
		strings.Repeat("é", 500),
		`say "hi"`, `back\slash`, `\`, `"`, `" and id eq "`, `<script>&amp;`, "new\nline", "tab\tstop", "\u212aelvin",
		"日本語", "%00%2f../", "a+b c",
	}
	f := start(t, nil)
	for _, name := range names {
		g := f.addGroup(name)
		f.world.Target.AddUser(&world.TargetUser{ID: f.world.NewUUID(), UserName: name})
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		r := f.want(200, "GET", "/Groups?"+filter("displayName eq "+string(quoted)), nil)
		if diff := cmp.Diff([]string{g.ID}, r.ids()); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
		if got := f.want(200, "GET", "/Groups/"+g.ID, nil).doc["displayName"]; got != name {
			t.Errorf("%q comes back as %q", name, got)
		}
		if text := f.want(200, "GET", "/Groups/"+g.ID, nil).text; strings.Contains(text, `\u003c`) ||
			strings.Contains(text, `\u0026`) {
			t.Errorf("%q is escaped for browsers: %s", name, text)
		}
		if r := f.want(200, "GET", "/Users?"+filter("userName eq "+string(quoted)), nil); len(r.ids()) != 1 {
			t.Errorf("user %q: %s", name, r.text)
		}
	}
	if got := f.walk("/Groups", "", 2); len(got[0]) != len(names) {
		t.Errorf("%d groups listed, want %d", len(got[0]), len(names))
	}
	if r := f.want(200, "GET", "/Groups?"+filter(`displayName eq "KELVIN"`), nil); len(r.ids()) != 1 {
		t.Errorf("folding beyond ASCII: %s", r.text)
	}
	for _, name := range names[:5] {
		f.want(400, "POST", "/Groups", map[string]any{"displayName": "new " + name})
	}
	f.want(201, "POST", "/Groups", map[string]any{"displayName": `new "quoted" \ <&> 日本`})
}
