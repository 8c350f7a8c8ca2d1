package onelogin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// lossy are the ways in which a name can arrive that stands for no text. Each name is a JSON string without its quotes.
var lossy = map[string]string{
	"a bad byte": "\xe9quipe", "half a pair": `a\ud800`, "the other half": `\udfff`, "an encoded half": "\xed\xa0\x80",
}

// A role whose name cannot be decoded is left out, named in the reason, and the others are read. Believed, its group
// would look deleted.
func TestARoleThatIsNoTextIsLeftOutAndSaid(t *testing.T) {
	for what, name := range lossy {
		for where, row := range map[string]string{
			"name":  `{"id":8,"name":"` + name + `","apps":[500],"users":[1]}`,
			"key":   `{"id":8,"name":"aws-b","apps":[500],"users":[1],"` + name + `":1}`,
			"value": `{"id":8,"name":"aws-b","apps":[500],"users":[1],"x":[{"y":"` + name + `"}]}`,
		} {
			f := newFake()
			f.HandleFunc("GET /api/2/apps/500", says(200, `{"id":500}`))
			f.HandleFunc("GET /api/2/roles",
				says(200, `[{"id":7,"name":"aws-a","apps":[500],"users":[1]},`+row+
					`,{"id":9,"name":"aws-\ufffd","apps":[500],"users":[]}]`,
					"Total-Count", "3", "Total-Pages", "1"))
			roles, groups, memberships := connect(t, f).Roles(t.Context(), nil)
			if groups.State != model.Partial || memberships.State != model.Partial || len(roles) != 2 ||
				!strings.Contains(groups.Reason, "8: ") {
				t.Errorf("%s in the %s: %d roles, %v, %v", what, where, len(roles), groups, memberships)
			}
			if roles[1].Name != "aws-\ufffd" { // it was sent so, and is a name like any other
				t.Errorf("%q", roles[1].Name)
			}
		}
	}
}

// OneLogin's own charset counts too.
func TestRolesInLatin1AreReadExactly(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, `{"id":500}`))
	f.HandleFunc("GET /api/2/roles", says(200, "[{\"id\":7,\"name\":\"aws-\xe9quipe\",\"apps\":[500],\"users\":[]}]",
		"Content-Type", "application/json; charset=ISO-8859-1"))
	roles, groups, _ := connect(t, f).Roles(t.Context(), nil)
	if !groups.Complete() || roles[0].Name != "aws-équipe" {
		t.Errorf("%v %+v", groups, roles)
	}
}

// One bad byte on page 3 of 5 of the users costs one user's row, and makes the users partial.
func TestABadByteOnAPageOfUsers(t *testing.T) {
	for what, name := range lossy {
		for _, path := range []string{"/api/2/apps/500/users", "/api/2/users"} {
			f := newFake()
			f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
			pages := func(bad bool, more string) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					page := 1
					_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page)
					var list []string
					for i := page*10 - 9; i <= page*10; i++ {
						first := "Jo"
						if bad && i == 25 {
							first = name
						}
						list = append(list,
							fmt.Sprintf(`{"id":%d,"email":"u%[1]d@x","username":"u%[1]d","firstname":"%s",`+
								`"lastname":"Li"%s}`, i, first,
								more))
					}
					says(200, "["+strings.Join(list, ",")+"]", "Total-Count", "50", "Total-Pages", "5", "Current-Page",
						fmt.Sprint(page))(w, r)
				}
			}
			f.HandleFunc("GET /api/2/apps/500/users", pages(path == "/api/2/apps/500/users", ""))
			f.HandleFunc("GET /api/2/users", pages(path == "/api/2/users", `,"status":1,"state":1,"external_id":null`))
			f.HandleFunc("GET /api/2/users/25",
				says(200, `{"id":25,"email":"u25@x","firstname":"`+name+`","status":1,"state":1}`))
			users, of := connect(t, f).Users(t.Context(), nil)
			if of.State != model.Partial {
				t.Errorf("%s in %s: %d users, %v", what, path, len(users), of)
			}
			for _, u := range users {
				if strings.ContainsRune(u.GivenName, '\uFFFD') {
					t.Errorf("%s in %s: %q was believed", what, path, u.GivenName)
				}
			}
		}
	}
}

func TestARuleAndAnEventThatAreNoText(t *testing.T) {
	for what, name := range lossy {
		on := `[{"id":1,"enabled":true,"actions":[{"action":"set_groups","value":["aws-a"]}]},{"id":2,"enabled":true,` +
			`"actions":[{"action":"set_groups","value":["` + name + `"]}]}]`
		rules, _, of := connect(t, rulesBy(says(200, on), rows())).Rules(t.Context())
		if of.State != model.Partial || len(rules) != 1 || !strings.Contains(of.Reason, "2: ") {
			t.Errorf("%s: %d rules, %v", what, len(rules), of)
		}
		f := newFake()
		f.HandleFunc("GET /api/1/events",
			says(200,
				`{"data":[{"id":1,"event_type_id":1802,"role_name":"a"},{"id":2,
				"event_type_id":1802,"role_name":"`+name+`"}],"pagination":{}}`))
		events, log := connect(t, f).Events(t.Context(), time.Time{}, nil)
		if log.State != model.Partial || len(events) != 1 {
			t.Errorf("%s: %d events, %v", what, len(events), log)
		}
		f = newFake()
		f.HandleFunc("GET /api/1/events",
			says(200, `{"data":[{"id":1,"event_type_id":1802}],"pagination":{"after_cursor":"`+name+`"}}`))
		if _, log := connect(t, f).Events(t.Context(), time.Time{}, nil); log.State != model.Unknown {
			t.Errorf("%s around the rows: %v", what, log)
		}
	}
}

// Ids are one whichever way they are written, and a list in which something else stands says nothing.
func TestIDsInListsOfEverySpelling(t *testing.T) {
	for list, want := range map[string][]string{
		`[1002.0]`: {"1002"}, `[1.002e3,"1003"]`: {"1002", "1003"}, `[{"id":1002.0},{"id":"1003"}]`: {"1002", "1003"},
		`[]`:                   {},
		`[9007199254740993.0]`: {"9007199254740993"},
		`[1002,true]`:          nil, `[1002,{"name":"x"}]`: nil, `[1002.5]`: nil, `[1e400]`: nil, `[[1002]]`: nil,
		`{"1002":{}}`: nil, `"1002"`: nil,
	} {
		var got idList
		if err := transport.Decode([]byte(list), &got); err != nil || got.set != (want != nil) ||
			!slices.Equal(got.ids, want) {
			t.Errorf("%s: %v set %v, %v", list, got.ids, got.set, err)
		}
	}
}

// Users of a role in a list that is not understood are asked for by themselves, and their ids are those of the roll.
func TestAListOfIDsThatIsNotUnderstoodIsAskedForAgain(t *testing.T) {
	f := newFake()
	f.HandleFunc("GET /api/2/apps/500", says(200, `{"id":500,"role_ids":[7.0]}`))
	f.HandleFunc("GET /api/2/roles", says(200, `[{"id":7,"name":"aws-a","apps":[500],"users":[1002,{"login":"x"}]}]`))
	f.HandleFunc("GET /api/2/roles/7/users", says(200, `[{"id":1002.0},{"id":"1003"}]`))
	roles, groups, memberships := connect(t, f).Roles(t.Context(), nil)
	if !groups.Complete() || !memberships.Complete() || !roles[0].Grants ||
		!slices.Equal(roles[0].Users.IDs, []string{"1002", "1003"}) {
		t.Errorf("%+v %v %v", roles, groups, memberships)
	}
}

func TestRowsThatAreNotWhatWasAskedFor(t *testing.T) {
	for path, read := range map[string]func(*Client) model.Coverage{
		"/api/2/apps/500/users": func(c *Client) model.Coverage { _, cov := c.Users(t.Context(), nil); return cov },
		"/api/2/roles":          func(c *Client) model.Coverage { _, cov, _ := c.Roles(t.Context(), nil); return cov },
		"/api/2/apps/500/rules": func(c *Client) model.Coverage { _, _, cov := c.Rules(t.Context()); return cov },
		"/api/1/events": func(c *Client) model.Coverage {
			_, cov := c.Events(t.Context(), time.Time{},
				nil)
			return cov
		},
	} {
		good := map[string]string{
			"/api/2/apps/500/users": `{"id":1,"email":"a@x","firstname":"a","lastname":"b","status":1,"state":1,` +
				`"external_id":null}`,
			"/api/2/roles":          `{"id":7,"name":"a","apps":[500],"users":[]}`,
			"/api/2/apps/500/rules": `{"id":1,"actions":[]}`, "/api/1/events": `{"id":1,"event_type_id":1802}`,
		}[path]
		for _, bad := range []string{
			`"x"`, `7`, `[1]`, `null`, `{}`, `{"id":null}`, `{"id":{}}`, `{"id":2.5}`,
			`{"id":2,"name":{"a":1},"email":["a"],"event_type_id":"soon"}`,
			`{"id":2,"name":["a"],"firstname":{},"event_type_id":[]}`,
		} {
			if path == "/api/2/apps/500/rules" && strings.HasPrefix(bad, `{"id":2,`) {
				continue // a rule is known by what it does, not by its name
			}
			f := newFake()
			f.HandleFunc("GET /api/2/apps/500", says(200, appWith("email", "")))
			body := "[" + good + "," + bad + "]"
			if path == "/api/1/events" {
				body = `{"data":` + body + `}`
			}
			f.HandleFunc("GET "+path, says(200, body))
			f.HandleFunc("GET /api/2/users", says(200, "["+good+"]"))
			if cov := read(connect(t, f)); cov.Complete() {
				t.Errorf("%s with %s is complete", path, bad)
			}
		}
	}
	f := newFake()
	f.HandleFunc("GET /api/2/users/1/apps", says(200, `[{"name":"AWS"}]`))
	if apps, err := connect(t, f).UserApps(t.Context(), "1"); err == nil {
		t.Errorf("apps without an id were read: %+v", apps)
	}
}

// OneLogin's log quotes what the target answered, and that may quote the token.
func TestTheLogShowsNoSecret(t *testing.T) {
	const token = "target-token-0123456789abcdef"
	f := newFake()
	f.HandleFunc("GET /api/1/events", says(200,
		`{"data":[{"id":1,"event_type_id":1802,"error_description":"401: bad \\u0074arget-token-0123456789abcdef, `+
			`Bearer client-secret-0002"}]}`))
	events, _ := connect(t, f, func(o *Options) { o.HTTP.Secrets = []string{token} }).Events(t.Context(), time.Time{},
		nil)
	if len(events) != 1 || !strings.HasPrefix(events[0].Text, "401: bad ***") ||
		strings.Contains(events[0].Text, "0123456789") || strings.Contains(events[0].Text, "secret") {
		t.Errorf("%+v", events)
	}
}

func TestAPlainSentenceIsQuoted(t *testing.T) {
	f := newFake()
	sentence := strings.Repeat("The proxy of the branch office lets nobody out today. ", 8) + "Call 117."
	f.HandleFunc("GET /api/2/apps/500/rules", says(403, sentence))
	if _, _, of := connect(t, f).Rules(t.Context()); !strings.Contains(of.Reason, sentence) {
		t.Errorf("%q", of.Reason)
	}
}
