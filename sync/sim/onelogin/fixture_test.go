package onelogin_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

const (
	appID    = int64(500001)
	otherApp = int64(500002)
	admins   = int64(700001)
	readers  = int64(700002)
	bare     = int64(700003) // grants nothing
)

// clock is a world's time that only a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// tenant is a small OneLogin over HTTP.
type tenant struct {
	t      *testing.T
	w      *world.World
	srv    *onelogin.Server
	engine *engine.Engine
	seen   int // jobs that triggers has given
	clock  *clock
	url    string
	token  string
}

// newTenant has users 101 to 100+n: user 101 is an admin, all are readers, and 102 has the app directly as well.
func newTenant(t *testing.T, n int, knobs onelogin.Knobs) *tenant {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	w := world.New(1, c.Now)
	src := &w.Source
	src.AccountID = 4242
	src.CustomAttributes = []string{"cost_center", "scimdrift_touch"}
	src.Credentials = []world.Credential{}
	for _, s := range []string{"manage_all", "read_all", "manage_users", "read_users", "auth"} {
		src.Credentials = append(src.Credentials, world.Credential{
			ClientID: "id-" + s, ClientSecret: "secret-" + s,
			Scope: s,
		})
	}
	src.Roles[admins] = &world.Role{
		ID: admins, Name: "aws-admins", Users: map[int64]bool{101: true},
		Apps: map[int64]bool{appID: true},
	}
	src.Roles[readers] = &world.Role{
		ID: readers, Name: "aws-readers", Users: map[int64]bool{}, Apps: map[int64]bool{appID: true},
	}
	src.Roles[bare] = &world.Role{
		ID: bare, Name: "Lunch club", Users: map[int64]bool{101: true},
		Apps: map[int64]bool{},
	}
	for i := range n {
		id := int64(101 + i)
		src.Users[id] = &world.User{
			ID: id, Email: fmt.Sprintf("user%03d@corp.example", i+1), Username: fmt.Sprintf("user%03d", i+1),
			FirstName: fmt.Sprintf("Given%03d", i+1), LastName: "Family", Status: 1, State: 1,
			Custom:    map[string]string{},
			CreatedAt: c.now.AddDate(-1, 0, 0), UpdatedAt: c.now.Add(-time.Duration(i) * time.Hour),
		}
		src.Roles[readers].Users[id] = true
	}
	src.Apps[appID] = &world.App{
		ID: appID, Name: "AWS IAM Identity Center", ConnectorID: 100000, ProvisioningEnabled: true, Hidden: true,
		Direct: map[int64]bool{102: true}, Entitlements: map[string]string{"aws-admins": "g-1", "aws-stale": "g-2"},
		SCIMToken:   "very-secret",
		SCIMBaseURL: "http://target.invalid/scim/v2",
		Parameters: []world.Parameter{
			{
				Key: "scimusername", ID: 1, Label: "SCIM Username", UserAttributeMappings: "email",
				Values: json.RawMessage("null"),
			},
			{
				Key: "groups", ID: 2, Label: "Groups", Values: json.RawMessage(`""`),
				DefaultValues: json.RawMessage(`["a", "b"]`), ProvisionedEntitlements: true,
			},
		},
		Rules: []world.Rule{
			{
				ID: 801, Name: "from roles", Match: "all", Enabled: true, Position: 1,
				Extra:   map[string]json.RawMessage{"origin": json.RawMessage(`"console"`)},
				Actions: []world.Action{{Action: "set_groups", Value: []string{"role"}, Expression: "aws-.*"}},
			},
			{
				ID: 802, Name: "literal", Match: "any", Enabled: true, Position: 2,
				Conditions: []world.Condition{{Source: "has_role", Operator: "ri", Value: "700001"}},
				Actions:    []world.Action{{Action: "set_groups", Value: []string{"aws-admins"}}},
			},
			{ID: 803, Name: "off", Match: "all", Enabled: false},
		},
	}
	src.Apps[otherApp] = &world.App{ID: otherApp, Name: "Wiki", ConnectorID: 50534, Direct: map[int64]bool{101: true}}
	src.Logins[world.LoginKey{App: appID, User: 101}] = &world.Login{
		ID: 900001, Status: "enabling_failed",
		State: "provisioning_failed",
	}
	for i, kind := range []int{1801, 13, 51, 64, 99999} {
		src.Events = append(src.Events, world.Event{
			ID: int64(i + 1), At: c.now.Add(time.Duration(i-10) * time.Minute), Type: kind, UserID: 101, AppID: appID,
			AppName: "AWS IAM Identity Center", ErrorDescription: map[bool]string{true: "409 Conflict"}[kind == 64],
		})
	}
	jobs := engine.New(w) // which runs none of them
	srv := onelogin.New(w, knobs, jobs)
	h := httptest.NewServer(srv)
	t.Cleanup(h.Close)
	t.Cleanup(jobs.Close)
	tn := &tenant{t: t, w: w, srv: srv, engine: jobs, clock: c, url: h.URL}
	tn.token = tn.login("manage_all")
	return tn
}

// pressed are the buttons that the engine was told of.
func (tn *tenant) pressed() (out []string) {
	for _, j := range tn.engine.Pending() {
		if j.Kind != engine.UserEvent {
			out = append(out, fmt.Sprintf("%s %d %d", j.Kind, j.App, j.User))
		}
	}
	return out
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("the answer is no object: %v\n%s", err, r.body)
	}
	return v
}

func (r reply) rows(t *testing.T) []map[string]any {
	t.Helper()
	var v []map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("the answer is no array: %v\n%s", err, r.body)
	}
	return v
}

// raw sends a request with exactly these headers.
func (tn *tenant) raw(method, path, body string, header map[string]string) reply {
	tn.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, tn.url+path, strings.NewReader(body))
	if err != nil {
		tn.t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := (&http.Client{CheckRedirect: func(*http.Request,
		[]*http.Request,
	) error {
		return http.ErrUseLastResponse
	}}).Do(req)
	if err != nil {
		tn.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		tn.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(b)}
}

func (tn *tenant) do(method, path, body string) reply {
	tn.t.Helper()
	return tn.raw(method, path, body, map[string]string{
		"Authorization": "Bearer " + tn.token,
		"Content-Type":  "application/json",
	})
}

func (tn *tenant) get(path string) reply {
	tn.t.Helper()
	return tn.do(http.MethodGet, path, "")
}

// want sends a request that must answer with a status.
func (tn *tenant) want(status int, method, path, body string) reply {
	tn.t.Helper()
	r := tn.do(method, path, body)
	if r.status != status {
		tn.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, r.status, status, r.body)
	}
	return r
}

func (tn *tenant) login(scope string) string {
	tn.t.Helper()
	pair := base64.StdEncoding.EncodeToString([]byte("id-" + scope + ":secret-" + scope))
	r := tn.raw(http.MethodPost, "/auth/oauth2/v2/token", jsonGrant,
		map[string]string{"Authorization": "Basic " + pair})
	if r.status != http.StatusOK {
		tn.t.Fatalf("no token: %d %s", r.status, r.body)
	}
	return r.object(tn.t)["access_token"].(string)
}

// rowIDs gives the ids of a list of objects.
func rowIDs(rows []map[string]any) []int64 {
	list := []int64{}
	for _, r := range rows {
		list = append(list, int64(r["id"].(float64)))
	}
	return list
}

// bendPages makes one list's pages go wrong.
func (tn *tenant) bendPages(list string, p fault.Paging) {
	p.List = list
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.Paging = []fault.Paging{p} })
}
