package scim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// scimGone is a 404 in SCIM's own words (RFC 7644 section 3.12).
const scimGone = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no such record"}`

// generic is a server with the habits of many in the wild.
type generic struct {
	users, groups []object
	config        any // of /ServiceProviderConfig; nil answers 404
	schema        any // of /Schemas/{user}; nil answers 404
	// page is the rows a page at most; 0 gives what count asks for. pageTotals counts the page only.
	page        int
	pageTotals  bool
	repeatsPast bool // past the end comes the first page again
	refuses     bool // a filter is a 400
	noMembers   bool // the list of groups leaves members out
	emptyInList bool // the list of groups shows no member of any
	single      func(id string) any
	ownGroups   []object // what a user's own record names beside what the list shows
	// filter answers lookups; nil ignores the filter, as some do.
	filter func(path, attribute, value string) []object
}

func (g *generic) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rows := map[string][]object{"/Users": g.users, "/Groups": g.groups}[r.URL.Path]
	switch {
	case r.URL.Path == "/ServiceProviderConfig" && g.config != nil:
		reply(rw, 200, g.config)
	case strings.HasPrefix(r.URL.Path, "/Schemas/") && g.schema != nil:
		reply(rw, 200, g.schema)
	case strings.HasPrefix(r.URL.Path, "/Groups/") && g.single != nil:
		if one := g.single(strings.TrimPrefix(r.URL.Path, "/Groups/")); one != nil {
			reply(rw, 200, one)
			return
		}
		reply(rw, 404, scimGone)
	case strings.HasPrefix(r.URL.Path, "/Users/"):
		for _, row := range g.users {
			if row["id"] == strings.TrimPrefix(r.URL.Path, "/Users/") {
				own := maps.Clone(row)
				if g.ownGroups != nil {
					own["groups"] = g.ownGroups
				}
				reply(rw, 200, own)
				return
			}
		}
		reply(rw, 404, scimGone)
	case rows == nil && r.URL.Path != "/Users" && r.URL.Path != "/Groups":
		reply(rw, 404, `{"status":404,"detail":["no such thing"]}`)
	case g.refuses && r.URL.Query().Has("filter"):
		reply(rw, 400, `{"scimType":"invalidValue"}`)
	default:
		g.list(rw, r, rows)
	}
}

func (g *generic) list(rw http.ResponseWriter, r *http.Request, rows []object) {
	if words := strings.SplitN(r.URL.Query().Get("filter"), " ", 3); len(words) == 3 && g.filter != nil {
		rows = g.filter(r.URL.Path, words[0], strings.Trim(words[2], `"`))
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("startIndex"))
	size, _ := strconv.Atoi(r.URL.Query().Get("count"))
	if g.page > 0 {
		size = min(size, g.page)
	}
	if size == 0 {
		start, size = 1, len(rows)
	}
	if start > len(rows) && g.repeatsPast {
		start = 1
	}
	from := min(max(start-1, 0), len(rows))
	part := rows[from:min(from+size, len(rows))]
	total := len(rows)
	if g.pageTotals {
		total = len(part)
	}
	shown := make([]object, len(part))
	for i, row := range part {
		shown[i] = object{}
		for key, value := range row {
			if key == "members" && g.noMembers {
				continue
			}
			if key == "members" && g.emptyInList {
				value = []object{}
			}
			shown[i][key] = value
		}
	}
	reply(rw, 200, object{"totalResults": total, "startIndex": start, "itemsPerPage": len(part), "Resources": shown})
}

func (g *generic) start(t testing.TB) (*target, *Client) {
	t.Helper()
	s := serve(t, g.ServeHTTP)
	return s, client(t, s.URL, Generic)
}

// find gives a group whole.
func (g *generic) find(id string) any {
	for _, row := range g.groups {
		if row["id"] == id {
			return row
		}
	}
	return nil
}

func members(ids ...int) []object {
	refs := make([]object, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, object{"value": fmt.Sprintf("u%d", id), "type": "User"})
	}
	return refs
}

func TestGenericServersOfEveryHabitAreReadWhole(t *testing.T) {
	for name, g := range map[string]*generic{
		"as the standard has it":        {},
		"20 rows a page":                {page: 20},
		"totals of the page":            {page: 20, pageTotals: true},
		"the first page past the end":   {page: 20, repeatsPast: true},
		"both":                          {page: 15, repeatsPast: true, pageTotals: true},
		"a config that is an array":     {config: []int{1}},
		"a config of other shapes":      {config: object{"filter": true, "pagination": "no", "patch": nil}},
		"cursors promised, not offered": {config: object{"pagination": object{"cursor": true}}, page: 20},
	} {
		t.Run(name, func(t *testing.T) {
			g.users = userRows(45)
			for i := range 23 {
				g.groups = append(g.groups, groupRow(i, members(i%5+1, 45)))
			}
			_, c := g.start(t)
			l := loadAll(t, c, nil)
			wantCoverage(t, "users", l.usersC, model.Complete)
			wantCoverage(t, "groups", l.groupsC, model.Complete)
			wantCoverage(t, "memberships", l.membersC, model.Complete)
			if len(l.users) != 45 || len(l.groups) != 23 || l.users[44].ID != "u45" {
				t.Errorf("%d users, %d groups", len(l.users), len(l.groups))
			}
			for i, list := range l.lists {
				if diff := cmp.Diff([]string{fmt.Sprintf("u%d", i%5+1), "u45"}, list.IDs); diff != "" {
					t.Errorf("group %d: %s", i, diff)
				}
			}
			if c.Unreadable() != 0 {
				t.Errorf("unreadable %b though every field was read", c.Unreadable())
			}
		})
	}
}

func TestAPageFewerThanThereAreCostsNoQuestionMore(t *testing.T) {
	g := &generic{users: userRows(245), page: 100}
	s, c := g.start(t)
	users, coverage := c.Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Complete)
	if len(users) != 245 || len(s.asked()) != 2+3 {
		t.Errorf("%d users in %v", len(users), s.asked())
	}
}

func TestAMovingListIsWalkedAgain(t *testing.T) {
	g := &generic{users: userRows(60), page: 20}
	for _, c := range []struct {
		moves int
		want  model.CoverageState
	}{{1, model.Complete}, {2, model.Complete}, {9, model.Partial}} {
		moves := c.moves
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("startIndex") == "21" && moves > 0 {
				moves--
				(&generic{users: g.users[1:], page: 20}).ServeHTTP(rw, r)
				return
			}
			g.ServeHTTP(rw, r)
		})
		users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
		wantCoverage(t, fmt.Sprintf("%d moves", c.moves), coverage, c.want)
		if coverage.Complete() && len(users) != 60 {
			t.Errorf("%d users", len(users))
		}
		if walks := len(s.asked()); walks > 2+3*3 {
			t.Errorf("%d requests", walks)
		}
	}
}

func TestCursorsAreUsedWhereOffered(t *testing.T) {
	rows := userRows(250)
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		switch {
		case r.URL.Path == "/ServiceProviderConfig":
			reply(rw, 200, object{"pagination": object{"cursor": true, "index": false}})
		case r.URL.Path != "/Users" || !q.Has("cursor") || q.Get("count") != "100":
			reply(rw, 400, object{"scimType": "invalidCursor"})
		default:
			from, _ := strconv.Atoi(q.Get("cursor"))
			to := min(from+100, len(rows))
			body := object{"totalResults": 250, "Resources": rows[from:to]}
			if to < len(rows) {
				body["nextCursor"] = strconv.Itoa(to)
			}
			reply(rw, 200, body)
		}
	})
	expected := 0
	users, coverage := client(t, s.URL, Generic).Users(t.Context(), func(_, e int) { expected = max(expected, e) })
	wantCoverage(t, "users", coverage, model.Complete)
	if len(users) != 250 || len(s.asked()) != 2+3 || expected != 250 {
		t.Errorf("%d of %d users in %v", len(users), expected, s.asked())
	}
}

// A full first page without a cursor is all where the server is seen to give one for what does not fit.
func TestAListThatFillsOneCursorPageIsWhole(t *testing.T) {
	for name, c := range map[string]struct {
		heeds bool
		want  model.CoverageState
	}{
		"cursors are heeded": {true, model.Complete},
		"they are not":       {false, model.Partial},
	} {
		rows := userRows(10)
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			count, _ := strconv.Atoi(q.Get("count"))
			switch {
			case r.URL.Path == "/ServiceProviderConfig":
				reply(rw, 200, object{"pagination": object{"cursor": true, "maxPageSize": 10}})
			case c.heeds && q.Has("cursor") && count < len(rows):
				reply(rw, 200, object{"totalResults": 10, "nextCursor": "more", "Resources": rows[:count]})
			default:
				reply(rw, 200, object{"totalResults": 10, "Resources": rows})
			}
		})
		users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
		wantCoverage(t, name, coverage, c.want)
		if len(users) != 10 {
			t.Errorf("%s: %d users", name, len(users))
		}
	}
}

func TestFieldsThatTheTargetCannotReturnNeverCount(t *testing.T) {
	attribute := func(name, returned string, sub ...object) object {
		return object{"name": name, "returned": returned, "subAttributes": sub}
	}
	bare := func(carried ...string) []object {
		row := object{"id": "u1", "userName": "ana"}
		for _, name := range carried {
			row[name] = userRow(1)[name]
		}
		return []object{row}
	}
	names := model.FieldSetOf(model.FieldGivenName, model.FieldFamilyName)
	for name, c := range map[string]struct {
		users  []object
		schema any
		want   model.FieldSet
	}{
		"everything is carried":  {users: userRows(2), want: 0},
		"nothing, and no schema": {users: bare(), want: model.FieldSetOf(model.Fields()...)},
		"names missing, none offered": {
			users:  bare("displayName", "emails", "active"),
			schema: object{"attributes": []object{attribute("displayName", "default")}}, want: names,
		},
		"names missing, both offered": {
			users: bare("displayName", "emails", "active"),
			schema: object{"attributes": []object{attribute("NAME", "default", attribute("givenName", "default"),
				attribute("familyName", "always"))}}, want: 0,
		},
		"names never returned": {
			users: bare("displayName", "emails", "active"),
			schema: object{"attributes": []object{attribute("name", "default", attribute("givenName", "never"),
				attribute("familyName", "request"))}}, want: names,
		},
		"one user carries what others do not": {users: append(bare(), userRow(2)), want: 0},
		"no users at all":                     {want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, adapter := (&generic{users: c.users, schema: c.schema}).start(t)
			adapter.Users(t.Context(), nil)
			if got := adapter.Unreadable(); got != c.want {
				t.Errorf("unreadable %b, want %b", got, c.want)
			}
		})
	}
	// What AWS returns is documented: who lacks a field there has none.
	aws := client(t, serve(t, (&generic{users: bare()}).ServeHTTP).URL, AWS)
	if aws.Users(t.Context(), nil); aws.Unreadable() != 0 {
		t.Errorf("at AWS %b is unreadable", aws.Unreadable())
	}
}

// A list that leaves out what the records themselves have is not read in full, whatever the schema says.
func TestFieldsThatOnlyTheListLeavesOut(t *testing.T) {
	for name, c := range map[string]struct {
		own    object
		status int
		want   model.CoverageState
	}{
		"the record has it":  {object{"id": "u1", "userName": "ana", "active": false}, 200, model.Partial},
		"the record has not": {object{"id": "u1", "userName": "ana"}, 200, model.Complete},
		"it is not answered": {object{}, 500, model.Complete},
	} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/Users/u1" {
				body, _ := json.Marshal(c.own)
				reply(rw, c.status, string(body))
				return
			}
			(&generic{users: []object{{"id": "u1", "userName": "ana"}}}).ServeHTTP(rw, r)
		})
		adapter := client(t, s.URL, Generic)
		_, coverage := adapter.Users(t.Context(), nil)
		wantCoverage(t, name, coverage, c.want)
		if adapter.Unreadable() != model.FieldSetOf(model.Fields()...) {
			t.Errorf("%s: unreadable %b", name, adapter.Unreadable())
		}
	}
}

// A schema that fails for a moment is not one that offers nothing: a field that it may offer would differ in silence.
func TestASchemaThatFailsIsNoWordOnFields(t *testing.T) {
	for answer, want := range map[int]model.CoverageState{
		503: model.Partial, 502: model.Partial, 429: model.Partial, 200: model.Partial, // 200: half of one
		404: model.Complete, 403: model.Complete, 501: model.Complete,
	} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/Schemas") {
				rw.Header().Set("Retry-After", "3600")
				reply(rw, answer, `{"attributes":[`)
				return
			}
			(&generic{users: []object{{"id": "u1", "userName": "ana"}}}).ServeHTTP(rw, r)
		})
		c := client(t, s.URL, Generic)
		_, coverage := c.Users(t.Context(), nil)
		wantCoverage(t, strconv.Itoa(answer), coverage, want)
		if c.Unreadable() != model.FieldSetOf(model.Fields()...) {
			t.Errorf("%d: unreadable %b", answer, c.Unreadable())
		}
	}
}

func TestDiscoveryIsAskedUntilItIsAnswered(t *testing.T) {
	for status, want := range map[int]int{404: 1, 400: 1, 403: 2} {
		asked := 0
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/ServiceProviderConfig" {
				asked++
				reply(rw, status, "")
				return
			}
			(&generic{users: userRows(3)}).ServeHTTP(rw, r)
		})
		c := client(t, s.URL, Generic)
		for range 2 {
			users, coverage := c.Users(t.Context(), nil)
			wantCoverage(t, "users", coverage, model.Complete)
			if len(users) != 3 {
				t.Errorf("%d users", len(users))
			}
		}
		if asked != want {
			t.Errorf("%d: asked %d times, want %d", status, asked, want)
		}
	}
}
