package scim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

func TestAnnouncedEndpointsAreFollowedBelowTheBaseURL(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"/People": "/People", "People": "/People", "/People/": "/People", "/Directory/People": "/Directory/People",
		// the standard's name, whatever stands before it
		"/Users": "/Users", "/scim/v2/Users": "/Users", "https://10.0.0.7:8080/inner/Users": "/Users",
		"users/":                              "/Users",
		"https://evil.example/scim/v2/People": "", "//evil.example/People": "", "https://me:pw@h.example/People": "",
		"": "", "/": "",
		"/../admin": "", "/People?all=1": "", "/People#x": "", "/%2e%2e/admin": "", "/Peo;ple": "", "/Peo\x1bple": "",
		`\\evil\People`: "", "urn:People": "",
	} {
		if at, below := announcedPath(ofUsers, endpoint); at != want || below != (want != "") {
			t.Errorf("%q: %q, %v; want %q", endpoint, at, below, want)
		}
	}
}

// types is a /ResourceTypes document as most servers send it.
func types(rows ...object) object {
	return object{"totalResults": len(rows), "itemsPerPage": len(rows), "startIndex": 1, "Resources": rows}
}

func resource(name, endpoint, schema string) object {
	return object{"id": name, "name": name, "endpoint": endpoint, "schema": schema}
}

// relocated serves a generic server's collections at other paths, and nothing at the usual ones.
func relocated(g *generic, document any, users, groups string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ResourceTypes" {
			reply(rw, 200, document)
			return
		}
		path := ""
		for at, usual := range map[string]string{users: "/Users", groups: "/Groups"} {
			if below, is := strings.CutPrefix(r.URL.Path, at); is && (below == "" || below[0] == '/') {
				path = usual + below
			}
		}
		if path == "" {
			path = "/nothing" + r.URL.Path
		}
		if r.Method != http.MethodGet {
			rw.WriteHeader(http.StatusNoContent)
			return
		}
		q := r.Clone(r.Context())
		q.URL.Path = path
		if id, is := strings.CutPrefix(path, "/Users/"); is {
			for _, row := range g.users {
				if row["id"] == id {
					reply(rw, 200, row)
					return
				}
			}
		}
		g.ServeHTTP(rw, q)
	}
}

// TestEverythingIsAskedWhereTheTargetKeepsIt: no list, lookup, re-read or write goes to the usual endpoints of a target
// that announces others.
func TestEverythingIsAskedWhereTheTargetKeepsIt(t *testing.T) {
	t.Parallel()
	g := &generic{users: userRows(45), noMembers: true}
	for i := range 23 {
		list := append(members(i%5+1, 45), object{"$ref": "https://h.example/Directory/Teams/g1", "value": "g1"})
		g.groups = append(g.groups, groupRow(i, list))
	}
	g.single = g.find
	document := types(
		resource("Device", "/Devices", "urn:example:Device"), resource("User", "Directory/People", userSchema),
		resource("Bot", "/Bots", userSchema), resource("Group", "/Directory/Teams/", groupSchema),
	)
	s := serve(t, relocated(g, document, "/Directory/People", "/Directory/Teams"))
	c := client(t, s.URL, Generic)
	l := loadAll(t, c, nil)
	for what, coverage := range map[string]model.Coverage{
		"users": l.usersC, "groups": l.groupsC,
		"memberships": l.membersC,
	} {
		wantCoverage(t, what, coverage, model.Complete)
	}
	if len(l.users) != 45 || len(l.groups) != 23 || len(l.lists[22].IDs) != 2 {
		t.Errorf("%d users, %d groups, members %v", len(l.users), len(l.groups), l.lists[22].IDs)
	}
	if u, found, err := c.FindUser(t.Context(), "user7@corp.example", ""); u.ID != "u7" || !found || err != nil {
		t.Errorf("%+v %v %v", u, found, err)
	}
	if _, found, err := c.FindGroup(t.Context(), "group-3", ""); !found || err != nil {
		t.Error(found, err)
	}
	if _, found, err := c.GetUser(t.Context(), "u3"); !found || err != nil {
		t.Error(found, err)
	}
	if _, found, err := c.Record(t.Context(), model.SubjectGroup, "g3", true); !found || err != nil {
		t.Error(found, err)
	}
	if list, err := c.MembersOf(t.Context(), "g3"); len(list.IDs) != 2 || err != nil {
		t.Error(list, err)
	}
	if groups, incomplete, err := c.GroupsOf(t.Context(), "u2"); len(groups) != 5 || incomplete != "" || err != nil {
		t.Error(groups, incomplete, err)
	}
	if p := c.Capabilities(t.Context()); p.Elsewhere != "users at /Directory/People and groups at /Directory/Teams" ||
		p.Ignored != "" {
		t.Errorf("%+v", p)
	}
	writesThere(t, c)
	for _, ask := range s.asked() {
		if !strings.HasPrefix(ask, "/Directory/") && !strings.HasPrefix(ask, "/ResourceTypes") &&
			!strings.HasPrefix(ask, "/ServiceProviderConfig") && !strings.HasPrefix(ask, "/Schemas") {
			t.Errorf("asked %s", ask)
		}
	}
}

// writesThere: a plan prints the announced paths, and one that was made before the target moved its records is none any
// more.
func writesThere(t *testing.T, c *Client) {
	t.Helper()
	for _, in := range []*model.Intent{
		intent(model.CreateGroup), intent(model.DeleteUser), intent(model.DeactivateUser), intent(model.DeleteGroup),
		intent(model.RemoveMembers),
	} {
		if in.Repair == model.RemoveMembers {
			in.Members = in.Members[:1]
		}
		requests, err := c.Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		r := requests[0].Request
		if !strings.HasPrefix(r.Path, "/Directory/People/u") && !strings.HasPrefix(r.Path, "/Directory/Teams") {
			t.Errorf("%s is printed as %s %s", in.Repair, r.Method, r.Path)
		}
		// which gets no record here
		if _, err := c.Write(t.Context(), r); err != nil && in.Repair != model.CreateGroup {
			t.Errorf("%s: %v", in.Repair, err)
		}
		r.Path = strings.NewReplacer("/Directory/People", "/Users", "/Directory/Teams", "/Groups").Replace(r.Path)
		sent := c.Requests()
		if _, err := c.Write(t.Context(), r); err == nil || c.Requests() != sent {
			t.Errorf("%s %s was sent: %v", r.Method, r.Path, err)
		}
	}
}

func TestNonsenseInResourceTypesLeavesTheUsualEndpoints(t *testing.T) {
	t.Parallel()
	user, group := resource("User", "/Users", userSchema), resource("Group", "/Groups", groupSchema)
	for name, c := range map[string]struct {
		status   int
		document any
		ignored  string
	}{
		"none":                 {status: 404, document: ""},
		"forbidden":            {status: 403, document: ""},
		"unknown":              {status: 400, document: ""},
		"not built":            {status: 501, document: ""},
		"not allowed":          {status: 405, document: ""},
		"empty":                {document: types()},
		"an object of another": {document: object{"name": "User"}},
		"a word":               {document: `"Users"`},
		"rows of other shapes": {document: object{"totalResults": 3, "Resources": []any{1, "x", []int{2}}}},
		"a bare array":         {document: []object{user, group}},
		"other schemas only":   {document: types(resource("User", "/People", "urn:example:User"))},
		"no endpoint":          {document: types(resource("User", "", userSchema), group)},
		"another host": {
			document: types(resource("User", "https://evil.example/People", userSchema), group),
			ignored:  "users at https://evil.example/People, which is not below the base URL",
		},
		"an inner address": {document: types(resource("User", "http://10.0.0.7:8080/scim/v2/Users", userSchema),
			group)},
		"two of them, unnamed": {document: types(resource("Person", "/People", userSchema),
			resource("Bot", "/Bots", userSchema), group)},
		"one inside the other": {document: types(resource("User", "/All", userSchema),
			resource("Group", "/All/Teams", groupSchema)), ignored: "of which one holds the other"},
		"both in one": {document: types(resource("User", "/All", userSchema),
			resource("Group", "/All", groupSchema)), ignored: "of which one holds the other"},
		"its own root": {document: types(resource("User", "/inner/v2/Users", userSchema),
			resource("Group", "/inner/v2/Groups", groupSchema))},
		"an escape in the name": {
			document: types(resource("User", "/Peo\x1b[2Jple", userSchema), group),
			ignored:  "which is not below the base URL",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &generic{users: userRows(3), groups: []object{groupRow(1, members(1))}}
			s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/ResourceTypes" {
					reply(rw, max(c.status, 200), c.document)
					return
				}
				g.ServeHTTP(rw, r)
			})
			target := client(t, s.URL, Generic)
			l := loadAll(t, target, nil)
			wantCoverage(t, "users", l.usersC, model.Complete)
			wantCoverage(t, "groups", l.groupsC, model.Complete)
			if len(l.users) != 3 || len(l.groups) != 1 {
				t.Errorf("%d users, %d groups", len(l.users), len(l.groups))
			}
			p := target.Capabilities(t.Context())
			if p.Elsewhere != "" || !strings.Contains(p.Ignored, c.ignored) || (c.ignored == "") != (p.Ignored == "") ||
				strings.Contains(p.Ignored, "\x1b") {
				t.Errorf("elsewhere %q, ignored %q", p.Elsewhere, p.Ignored)
			}
		})
	}
}

// TestATargetThatCannotSayWhereIsNotGuessedAt: at the usual endpoints there may be other people.
func TestATargetThatCannotSayWhereIsNotGuessedAt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 408, 425, 429, 500, 503} {
		bad := true
		g := &generic{users: userRows(3)}
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if bad && r.URL.Path == "/ResourceTypes" {
				reply(rw, status, "")
				return
			}
			g.ServeHTTP(rw, r)
		})
		c := client(t, s.URL, Generic)
		users, coverage := c.Users(t.Context(), nil)
		wantCoverage(t, fmt.Sprint(status), coverage, model.Unknown)
		if _, found, err := c.GetUser(t.Context(), "u1"); found || err == nil {
			t.Errorf("%d: %v %v", status, found, err)
		}
		for _, ask := range s.asked() {
			if strings.HasPrefix(ask, "/Users") || len(users) > 0 {
				t.Errorf("%d: asked %s and got %d users", status, ask, len(users))
			}
		}
		bad = false
		if _, coverage := c.Users(t.Context(), nil); !coverage.Complete() {
			t.Errorf("%d: not asked again: %s", status, coverage)
		}
	}
}

func TestAPartOfTheResourceTypesIsNotBelieved(t *testing.T) {
	t.Parallel()
	part := types(resource("User", "/Users", userSchema))
	part["totalResults"] = 25
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ResourceTypes" {
			reply(rw, http.StatusOK, part)
			return
		}
		(&generic{users: userRows(1)}).ServeHTTP(rw, r)
	})
	if users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil); len(users) != 0 ||
		coverage.State != model.Unknown {
		t.Error(len(users), coverage, s.asked())
	}
}

func TestAWSIsNeverAskedWhereItKeepsItsRecords(t *testing.T) {
	t.Parallel()
	s := serve(t, relocated(&generic{users: userRows(3)}, types(resource("User", "/People", userSchema)), "/People",
		"/Groups"))
	c := client(t, s.URL, AWS)
	users, _ := c.Users(t.Context(), nil)
	p := c.Capabilities(t.Context())
	for _, ask := range s.asked() {
		if !strings.HasPrefix(ask, "/Users") {
			t.Errorf("asked %s", ask)
		}
	}
	if len(users) != 0 || p.Elsewhere != "" {
		t.Errorf("%d users, %+v", len(users), p)
	}
	requests, err := c.Encode(intent(model.DeleteUser))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("/Users/u1", requests[0].Request.Path); diff != "" {
		t.Error(diff)
	}
}

// FuzzAnnouncedEndpoint: whatever a target announces, what is asked lies below the base URL of the configured host.
func FuzzAnnouncedEndpoint(f *testing.F) {
	for _, seed := range []string{
		"/People", "https://h.example/scim/v2/Users", "//x/y", "..", "%2e%2e/x", `\x`, "a b",
		"http://[::1]/x",
	} {
		f.Add(seed)
	}
	base, err := url.Parse("https://h.example/scim/v2")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		document, err := json.Marshal(endpoint)
		var entry resourceType
		if err != nil || json.Unmarshal(
			[]byte(`{"name":"User","schema":"`+userSchema+`","endpoint":`+string(document)+`}`),
			&entry) != nil {
			return
		}
		for _, path := range announcedEndpoints([]resourceType{entry}).paths {
			u, err := url.Parse(base.String() + path)
			if err != nil || u.Host != base.Host || !strings.HasPrefix(u.JoinPath().Path, base.Path+"/") ||
				u.JoinPath().Path != u.Path || u.RawQuery != "" || u.Fragment != "" {
				t.Errorf("%q leads to %s", endpoint, base.String()+path)
			}
		}
	})
}
