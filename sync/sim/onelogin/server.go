// Package onelogin simulates OneLogin: its API as a client meets it, and the few console pages that do what the API
// cannot. Facts are those of OneLogin's public documentation and of what others have reported; where these are silent
// a Knob names the choice.
package onelogin

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/requests"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxBody is how much of a request body is read; OneLogin's own limit is not published.
const maxBody = 4 << 20

// Server is the simulated OneLogin. It serves /auth, /api, the console under /apps and the console's buttons under
// /__sim/console/.
type Server struct {
	requests.Log

	w      *world.World
	engine *engine.Engine
	mux    *http.ServeMux

	// What follows is guarded by the world's lock.

	knobs      Knobs
	pages      fault.Pages
	tokens     map[string]*token
	issued     int
	served     int64
	hourBudget budget // all /api calls
	walks      map[string]walk
}

// New makes a server over a world. The engine provisions; without it writes and buttons change nothing at the target.
func New(w *world.World, knobs Knobs, provisioner *engine.Engine) *Server {
	s := &Server{
		w: w, engine: provisioner, knobs: knobs, mux: http.NewServeMux(),
		tokens: map[string]*token{}, walks: map[string]walk{},
	}
	s.pages.Set(knobs.Paging)
	s.routes()
	return s
}

// SetKnobs changes the knobs between two requests and lets paging faults count anew.
func (s *Server) SetKnobs(change func(*Knobs)) {
	s.w.Lock()
	defer s.w.Unlock()
	change(&s.knobs)
	s.pages.Set(s.knobs.Paging)
}

// ServeHTTP answers one request under one lock of the world, so that it sees one consistent state.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(rw, r) }

type call struct {
	req   *http.Request
	query url.Values
	body  []byte
	cred  *world.Credential // nil under /auth
}

func (c *call) path(name string) string { return c.req.PathValue(name) }

// v1 tells which error shape and envelope the path has.
func (c *call) v1() bool { return !strings.HasPrefix(c.req.URL.Path, "/api/2/") }

func (s *Server) logRequest(c *call, a answer) {
	r := requests.Request{
		Method: c.req.Method, Path: c.req.URL.Path, Query: c.req.URL.RawQuery, Status: a.status, Bytes: len(a.body),
	}
	if !strings.HasPrefix(r.Path, "/auth/") {
		r.Body = string(c.body)
	}
	s.Note(r)
}

// Knobs change the server where OneLogin's behaviour is unknown or varies. The zero value is the documented default.
type Knobs struct {
	// HourlyLimit is the account's budget of /api calls an hour; 0 is the documented 5,000, below 0 is none.
	HourlyLimit int
	// OverLimitStatus is 429 (default) or 400, the older answer whose message is rate_limit_exceeded.
	OverLimitStatus int
	// NoRateHeaders leaves X-RateLimit-* out of the answers.
	NoRateHeaders bool
	// ScopeStatus answers a call beyond the credential's scope; 0 is 403 under /api/2 and 401 under /api/1.
	ScopeStatus int
	// UsersPageMax is the users' page maximum; 0 is 50, the OpenAPI text says 100.
	UsersPageMax int
	// NullCursorString sends the string "null" for absent v1 cursors and links, as the OpenAPI examples have it.
	NullCursorString bool
	// IgnoreRoleFields makes GET /api/2/roles answer as if fields were absent.
	IgnoreRoleFields bool
	// UpdatedSince is how the list of users takes the filter updated_since: "" as documented, "ignored" not at all,
	// "nobody" so that it lets nobody through.
	UpdatedSince string
	// Paging are faults of the lists users, apps, app_users, roles, role_users, role_apps and events; the
	// first that fits applies. A list by number has the pages that its number gives, so that a walk by page and one
	// by cursor meet the same fault.
	Paging []fault.Paging
}
