// Package onelogin simulates OneLogin: its API as a client meets it, and the few console pages that do what the API
// cannot. Facts are those of OneLogin's public documentation and of what others have reported; where these are silent
// a Knob names the choice.
package onelogin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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

	knobs  Knobs
	pages  fault.Pages
	tokens map[string]*token
	issued int
	served int64
	hour   budget // all /api calls
	walks  map[string]walk
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

func (s *Server) note(c *call, a answer) {
	r := requests.Request{
		Method: c.req.Method, Path: c.req.URL.Path, Query: c.req.URL.RawQuery, Status: a.status, Bytes: len(a.body),
	}
	if !strings.HasPrefix(r.Path, "/auth/") {
		r.Body = string(c.body)
	}
	if c.cred != nil {
		r.ClientID = c.cred.ClientID
	}
	s.Note(r)
}

type handler func(*call) answer

// routes lists every path that answers. A path or method that is not here is a 404, as OneLogin answers to guessed
// ones: no public path can sync logins, refresh or reapply entitlements, approve or retry.
func (s *Server) routes() {
	users, apps, roles := s.w.Source.Users, s.w.Source.Apps, s.w.Source.Roles

	s.route("POST /auth/oauth2/v2/token", s.issueToken)
	s.route("GET /auth/rate_limit", s.rateLimit)

	s.api("GET /api/2/users", readUsers, world.EventAPIIndex, s.listUsers)
	s.api("GET /api/2/users/{id}", readUsers, world.EventAPIShow, of(users, s.getUser))
	s.api("PUT /api/2/users/{id}", manageUsers, noEvent, of(users, s.putUser))
	s.api("GET /api/2/users/{id}/apps", readUsers, world.EventAPIIndex, of(users, s.listUserApps))

	s.api("GET /api/2/apps", readAll, world.EventAPIIndex, s.listApps)
	s.api("GET /api/2/apps/{id}", readAll, world.EventAPIShow, of(apps, s.getApp))
	s.api("GET /api/2/apps/{id}/users", readAll, world.EventAPIIndex, of(apps, s.listAppUsers))
	s.api("GET /api/2/apps/{id}/rules", manageAll, world.EventAPIRulesListed, of(apps, s.listRules))
	s.api("GET /api/2/apps/{id}/rules/actions/set_groups/values", manageAll, 9038, of(apps, s.listGroupValues))

	s.api("GET /api/2/roles", readRoles, 9048, s.listRoles)
	s.api("GET /api/2/roles/{id}", readRoles, 9050, of(roles, s.getRole))
	s.api("GET /api/2/roles/{id}/apps", readRoles, 9054, of(roles, s.listRoleApps))
	s.api("GET /api/2/roles/{id}/users", readRoles, 9056, of(roles, s.listRoleUsers))

	s.api("GET /api/1/events", readUsers, world.EventAPIIndex, s.listEvents)

	for _, path := range []string{"GET /apps/{id}/edit", "GET /apps/{id}/edit/{$}"} {
		s.route(path, s.appPage)
	}
	s.route("POST /__sim/console/apps/{id}/{button}", s.press)
	s.route("POST /__sim/console/apps/{id}/boxes/{box}", of(apps, s.tick))
	s.route("/", func(c *call) answer {
		if c.v1() {
			return wrapped(http.StatusNotFound, "Not Found", "No Route Exists")
		}
		return named(http.StatusNotFound, "NotFoundError", "No Route Exists")
	})
}

// of hands a handler the record that the path names.
func of[T any](all map[int64]*T, h func(*call, *T) answer) handler {
	return func(c *call) answer {
		if one := all[number(c.path("id"))]; one != nil {
			return h(c, one)
		}
		return notFound()
	}
}

// route registers a handler that needs no bearer token; api does so for all under /api.
func (s *Server) route(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
		if err != nil { // too long, or the client went away and hears nothing of this
			http.Error(rw, "Request Entity Too Large", http.StatusRequestEntityTooLarge)
			return
		}
		c := &call{req: r, query: r.URL.Query(), body: body}
		s.w.Lock()
		a := h(c)
		s.served++
		id := fmt.Sprintf("%08x-sim", s.served)
		s.w.Unlock()
		s.note(c, a)
		maps.Copy(rw.Header(), a.header)
		rw.Header().Set("X-Request-Id", id)
		rw.WriteHeader(a.status)
		_, _ = rw.Write(a.body) // a client that hung up needs no answer
	})
}

// api registers a handler behind bearer token, budget and scope. event is the type that a call leaves in the log.
func (s *Server) api(pattern string, need scope, event int, h handler) {
	s.route(pattern, func(c *call) answer {
		if bad := s.authenticate(c); bad != nil {
			return *bad
		}
		if over := s.spend(); over != nil {
			return *over
		}
		if !need.allows(c.cred.Scope) {
			refused := s.outOfScope(c)
			s.noteCall(c, event, refused.status)
			return s.withRate(refused)
		}
		a := h(c)
		s.noteCall(c, event, a.status)
		return s.withRate(a)
	})
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

// answer is a whole response, made under the world's lock and written after it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func respond(status int, v any) answer {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return named(http.StatusInternalServerError, "InternalServerError",
			"the simulated tenant holds a value that is no JSON ("+err.Error()+"); mend the tenant")
	}
	return answer{status: status, header: jsonHeader(), body: b.Bytes()}
}

func jsonHeader() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}}
}

// status is the status object of everything under /auth and /api/1.
func status(isError bool, code int, kind, message string) map[string]any {
	return map[string]any{"error": isError, "code": code, "type": kind, "message": message}
}

// wrapped is an E1 error.
func wrapped(code int, kind, message string) answer {
	return respond(code, map[string]any{"status": status(true, code, kind, message)})
}

// named is an E2 error, the usual one under /api/2.
func named(code int, name, message string) answer {
	return respond(code, map[string]any{"statusCode": code, "name": name, "message": message})
}

func notFound() answer {
	return named(http.StatusNotFound, "NotFoundError", "The resource with the given id could not be found")
}

func unprocessable(message string) answer {
	return named(http.StatusUnprocessableEntity, "UnprocessableEntityError", message)
}

// badPage is an E4 error: what lists answer to pagination arguments they refuse (terraform-provider-onelogin#197,
// #203).
func badPage(description string) answer {
	return respond(http.StatusBadRequest, map[string]any{
		"status": http.StatusBadRequest, "error": "BadRequestError", "description": description,
	})
}

// orNull makes the empty string, the zero id and no JSON null, which is how OneLogin shows what is not set.
func orNull[T ~string | ~int64](v T) any {
	var unset T
	if v == unset {
		return nil
	}
	return v
}
