package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// fixture is a server over real HTTP with a directory that a test fills.
type fixture struct {
	testing.TB

	world  *world.World
	server *Server
	http   *httptest.Server
	clock  time.Time // of world and throttle; tests move it between requests
}

func start(t testing.TB, change func(*Knobs)) *fixture {
	t.Helper()
	f := &fixture{TB: t, clock: time.Date(2026, 11, 23, 8, 0, 0, 120e6, time.UTC)}
	now := func() time.Time { return f.clock }
	f.world = world.New(1, now)
	f.world.Target.TenantID, f.world.Target.IdentityStoreID = "tenant", "d-0123456789"
	f.world.Target.Tokens = []world.Token{{Value: "secret"}}
	knobs := Current().Unlimited()
	if change != nil {
		change(&knobs)
	}
	f.server = New(f.world, knobs)
	f.server.Clock = now
	f.http = httptest.NewServer(f.server)
	t.Cleanup(f.http.Close)
	return f
}

// reply is an answer as a test looks at it.
type reply struct {
	status int
	header http.Header
	text   string
	doc    map[string]any
}

// do sends a request below the base URL; body is nil, a string, or a value to marshal.
func (f *fixture) do(method, path string, body any) reply {
	f.Helper()
	return f.send(method, "/tenant/scim/v2"+path, "Bearer secret", "application/scim+json", body)
}

func (f *fixture) send(method, path, authorization, contentType string, body any) reply {
	f.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = bytes.NewReader([]byte(b))
	default:
		text, err := json.Marshal(b)
		if err != nil {
			f.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, f.http.URL+path, reader)
	if err != nil {
		f.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if reader != nil {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := f.http.Client().Do(req)
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if closing := res.Body.Close(); err != nil || closing != nil {
		f.Fatal(err, closing)
	}
	r := reply{status: res.StatusCode, header: res.Header, text: string(text)}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &r.doc); err != nil {
			f.Fatalf("%s %s answered no JSON object: %v in %q", method, path, err, text)
		}
	}
	return r
}

// want sends a request and fails unless the status is the expected one.
func (f *fixture) want(status int, method, path string, body any) reply {
	f.Helper()
	r := f.do(method, path, body)
	if r.status != status {
		f.Fatalf("%s %s with %v: %d, want %d: %s", method, path, body, r.status, status, r.text)
	}
	return r
}

// user makes a valid user document; more replaces or, where nil, removes attributes.
func user(name string, more map[string]any) map[string]any {
	doc := map[string]any{
		"schemas": []string{userURN}, "userName": name, "displayName": "Ana Li", "active": true,
		"name":   map[string]any{"givenName": "Ana", "familyName": "Li"},
		"emails": []any{map[string]any{"value": name, "type": "work", "primary": true}},
	}
	for key, value := range more {
		if value == nil {
			delete(doc, key)
		} else {
			doc[key] = value
		}
	}
	return doc
}

func patch(operations ...map[string]any) map[string]any {
	return map[string]any{
		"schemas":    []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"},
		"Operations": operations,
	}
}

func op(kind, path string, value any) map[string]any {
	o := map[string]any{"op": kind}
	if path != "" {
		o["path"] = path
	}
	if value != nil {
		o["value"] = value
	}
	return o
}

func members(ids ...string) []any {
	list := make([]any, 0, len(ids))
	for _, id := range ids {
		list = append(list, map[string]any{"value": id})
	}
	return list
}

// addUsers puts users u0 to u(n-1) straight into the world.
func (f *fixture) addUsers(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = f.world.NewUUID()
		name := fmt.Sprintf("u%d@corp.example", i)
		f.world.Target.AddUser(&world.TargetUser{
			ID: ids[i], UserName: name, Email: name, DisplayName: name, GivenName: "G", FamilyName: "F", Active: true,
			ExternalID: fmt.Sprint("ext-", i), Created: f.clock, Modified: f.clock,
		})
	}
	return ids
}

func (f *fixture) addGroup(name string, ids ...string) *world.TargetGroup {
	g := &world.TargetGroup{ID: f.world.NewUUID(), DisplayName: name, Members: map[string]bool{}}
	for _, id := range ids {
		g.Members[id] = true
	}
	f.world.Target.AddGroup(g)
	return g
}

func filter(text string) string { return "filter=" + url.QueryEscape(text) }

// ids are the ids of a list answer, in order.
func (r reply) ids() []string {
	list, _ := r.doc["Resources"].([]any)
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, 0, len(list))
	for _, item := range list {
		resource, _ := item.(map[string]any)
		id, _ := resource["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func (r reply) next() string {
	cursor, _ := r.doc["nextCursor"].(string)
	return cursor
}

// walk follows the cursor to the end and returns the pages; it gives up after limit pages.
func (f *fixture) walk(path, query string, limit int) [][]string {
	f.Helper()
	var pages [][]string
	cursor := ""
	for range limit {
		r := f.want(200, "GET", path+"?cursor="+url.QueryEscape(cursor)+"&"+query, nil)
		pages = append(pages, r.ids())
		if cursor = r.next(); cursor == "" {
			return pages
		}
	}
	return pages
}

// named marshals a body and puts ids in the place of the words "U0", "U1" and so on.
func named(t testing.TB, body any, ids []string) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`U\d+`).ReplaceAllStringFunc(string(text), func(word string) string {
		i, err := strconv.Atoi(word[1:])
		if err != nil {
			t.Fatal(err)
		}
		return ids[i]
	})
}
