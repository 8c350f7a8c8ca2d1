// Package onelogin simulates OneLogin: its API as a client meets it, and the few console pages that do what the API cannot.
// Facts are those of OneLogin's public documentation and of what others have reported; where these are silent a Knob
// names the choice.
package onelogin

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxBody is how much of a request body is read; OneLogin's own limit is not published.
const maxBody = 4 << 20

// Provisioner is what the server asks of the provisioning engine. Its methods only queue, and are called with the world
// locked.
type Provisioner interface {
	// UserChanged starts user mappings and then the rules of the user's apps; now leaves out the usual delay.
	UserChanged(user int64, now bool)
	// Press queues what a console button does to an app, or to one user's login in it.
	Press(button engine.Kind, app, user int64)
}

// Options are what a Server is made with.
type Options struct {
	Knobs Knobs
	// Engine provisions; without it writes and buttons change nothing at the target.
	Engine Provisioner
}

// Server is the simulated OneLogin. It serves /auth, /api, the console under /apps and the console's buttons under
// /__sim/console/.
type Server struct {
	w      *world.World
	engine Provisioner
	mux    *http.ServeMux
	log    requestLog

	// What follows is guarded by the world's lock.

	knobs  Knobs
	bent   map[int]int // by index in knobs.Paging: answers bent so far
	tokens map[string]*token
	issued int
	calls  int64
	hour   budget // all /api calls
	types  budget // GET /api/1/events/types
	walks  map[string]walk
	noise  map[int64]bool // ids of the events that API calls made
}

// New makes a server over a world. It starts nothing in the background.
func New(w *world.World, opts Options) *Server {
	s := &Server{
		w: w, engine: opts.Engine, knobs: opts.Knobs, mux: http.NewServeMux(),
		bent: map[int]int{}, tokens: map[string]*token{}, walks: map[string]walk{}, noise: map[int64]bool{},
	}
	s.routes()
	return s
}

// Knobs gives the knobs as they are.
func (s *Server) Knobs() Knobs {
	s.w.Lock()
	defer s.w.Unlock()
	return s.knobs
}

// SetKnobs changes the knobs between two requests and lets paging faults count anew.
func (s *Server) SetKnobs(change func(*Knobs)) {
	s.w.Lock()
	defer s.w.Unlock()
	change(&s.knobs)
	s.bent = map[int]int{}
}

// ServeHTTP answers one request under one lock of the world, so that it sees one consistent state.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(rw, r) }

// call is one request on its way through a handler.
type call struct {
	req   *http.Request
	query url.Values
	body  []byte
	cred  *world.Credential // nil under /auth
	host  string            // for links in the answer
}

func (c *call) path(name string) string { return c.req.PathValue(name) }

// v1 tells which error shape and envelope the path has.
func (c *call) v1() bool { return !strings.HasPrefix(c.req.URL.Path, "/api/2/") }

// link makes a URL of this request's path with another query, on the scheme and host that the client asked, unless
// Knobs.LinkHost names another: a client follows no other.
func (c *call) link(q url.Values) string {
	scheme := "https://"
	if c.req.TLS == nil {
		scheme = "http://"
	}
	return scheme + c.host + c.req.URL.Path + "?" + q.Encode()
}

type handler func(*call) answer

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
		c.host = cmp.Or(s.knobs.LinkHost, r.Host)
		a := h(c)
		s.calls++
		id := fmt.Sprintf("%08x-sim", s.calls)
		s.w.Unlock()
		s.log.add(c, a)
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
		if over := s.spend(&s.hour, or(s.knobs.HourlyLimit, defaultHourly)); over != nil {
			return *over
		}
		if !need.allows(c.cred.Scope, s.knobs) {
			refused := s.outOfScope(c)
			s.makeNoise(c, event, refused.status)
			return s.withRate(refused)
		}
		a := h(c)
		s.makeNoise(c, event, a.status)
		return s.withRate(a)
	})
}
