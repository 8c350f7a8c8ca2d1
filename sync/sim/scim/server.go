// Package scim simulates the SCIM endpoint of AWS IAM Identity Center over a world: the rules, the error texts and the
// traps of the real one, with a knob for each point that the public documentation leaves open.
package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxBody is the payload that ServiceProviderConfig names; more is refused with 400.
const maxBody = 1 << 20

// Options set a server up.
type Options struct {
	// Knobs are the choices of the service; nil means Current.
	Knobs *Knobs
	// Clock drives the throttling buckets; nil means time.Now. It is not the world's clock, which may stand still.
	Clock func() time.Time
	// KeepRequests is how many of the latest requests Requests returns; 0 means 10,000.
	KeepRequests int
}

// Server answers /{tenant}/scim/v2/... from a world. It is safe for concurrent use and takes the world's lock for each
// request, so that nobody may call it over the network while holding that lock.
type Server struct {
	world *world.World
	clock func() time.Time
	index index // under the world's lock
	log   record

	mu       sync.Mutex
	knobs    Knobs
	throttle *throttle
	vanished bool
	used     map[string]bool // cursors, for SingleUseCursors
	serials  int64
}

// New makes a server over the world. Users and groups that are in the world already, and those that others add to it or
// remove from it later, are served like its own.
func New(w *world.World, o Options) *Server {
	s := &Server{world: w, clock: o.Clock, log: record{limit: o.KeepRequests}}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log.limit == 0 {
		s.log.limit = 10_000
	}
	knobs := Current()
	if o.Knobs != nil {
		knobs = *o.Knobs
	}
	s.SetKnobs(knobs)
	return s
}

// Knobs returns the choices in force.
func (s *Server) Knobs() Knobs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs
}

// SetKnobs changes the choices from the next request on. It also fills the throttling buckets and arms
// Paging.VanishRow again.
func (s *Server) SetKnobs(k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.knobs, s.throttle, s.vanished, s.used = k, newThrottle(k), false, map[string]bool{}
}

// vanish says, once, that VanishRow is to be left out.
func (s *Server) vanish() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.vanished
	s.vanished = true
	return first
}

// useCursor says whether the cursor comes for the first time.
func (s *Server) useCursor(cursor string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.used[cursor]
	s.used[cursor] = true
	return first
}

func (s *Server) serial() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serials++
	return s.serials
}

// call is one request on its way through an operation, under the world's lock.
type call struct {
	server *Server
	ctx    context.Context //nolint:containedctx // a call lives exactly as long as its request
	knobs  Knobs
	world  *world.World
	target *world.Target
	index  *index
	now    time.Time // of the world
	query  url.Values
	body   []byte
	id     string // the last part of the path, where the operation has one
}

// interrupted ends a long loop whose client has gone; i is the loop's counter.
func (c *call) interrupted(i int) error {
	if i%1024 != 0 {
		return nil
	}
	return c.ctx.Err()
}

// answer is what goes back: no body is sent where it is nil.
type answer struct {
	status int
	body   any
}

// ServeHTTP answers one request and logs it.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	knobs := s.Knobs()
	operation := ""
	var got *answer
	if err != nil {
		err = invalid("The request body is larger than %d bytes or did not arrive", maxBody)
	} else {
		operation, got, err = s.answer(r, knobs, body)
	}
	id := requestID()
	rw.Header().Set("X-Amzn-Requestid", id)
	if err != nil {
		got = s.refusal(rw.Header(), err, knobs, id)
	}
	text := encode(got)
	// The log comes first: whoever has the answer may count the requests at once.
	s.log.add(Request{
		Operation: operation, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Body: string(body), Status: got.status, Bytes: len(text),
	})
	send(rw, got, text)
}

// answer finds the operation and runs it. The order of the checks is the order in which a gateway would make them: route,
// token, rate, then the request itself.
func (s *Server) answer(r *http.Request, knobs Knobs, body []byte) (string, *answer, error) {
	tenant, op, id := route(r.Method, r.URL.EscapedPath(), knobs)
	if op == nil {
		return "", nil, refuse(http.StatusNotFound, "No such path")
	}
	s.world.Lock()
	defer s.world.Unlock()
	// A request that was given up while it waited for the lock must not write any more.
	if err := r.Context().Err(); err != nil {
		return op.name, nil, err
	}
	c := &call{
		server: s, ctx: r.Context(), knobs: knobs, world: s.world, target: &s.world.Target, index: &s.index,
		now: s.world.Now(), body: body, id: id,
	}
	if !authorised(r.Header.Get("Authorization"), tenant, c.target, c.now) {
		return op.name, nil, refuse(http.StatusUnauthorized, "")
	}
	if !s.allow(op) {
		return op.name, nil, refuse(http.StatusTooManyRequests, "")
	}
	if err := acceptable(r); err != nil {
		return op.name, nil, err
	}
	var err error
	if c.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return op.name, nil, invalid("Unreadable query")
	}
	c.index.follow(c.target)
	got, err := op.run(c)
	return op.name, got, err
}

// refusal turns an error into an answer. Anything but a failure is a fault of the server: 500.
func (s *Server) refusal(header http.Header, err error, knobs Knobs, id string) *answer {
	var f *failure
	if !errors.As(err, &f) {
		f = refuse(http.StatusInternalServerError, err.Error())
	}
	if knobs.ErrorTypeHeader {
		header.Set("X-Amzn-Errortype", exception(f.status))
	}
	if f.status == http.StatusTooManyRequests && knobs.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(knobs.RetryAfter))
	}
	if f.status == http.StatusUnauthorized {
		switch knobs.UnauthorizedBody {
		case UnauthorizedMessage:
			return &answer{f.status, map[string]string{"message": "Unauthorized"}}
		case UnauthorizedEmpty:
			return &answer{f.status, nil}
		}
	}
	return &answer{f.status, f.body(knobs.PreciseDetails, id, s.world.Now())}
}

// encode gives the body as it goes over the wire, nil where there is none.
func encode(a *answer) []byte {
	if a.body == nil {
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the service is no browser's guest: it does not escape < and &
	if err := encoder.Encode(a.body); err != nil {
		a.status = http.StatusInternalServerError // a record in the world holds JSON that is none
		text.Reset()
	}
	return text.Bytes()
}

func send(rw http.ResponseWriter, a *answer, text []byte) {
	if a.body != nil {
		rw.Header().Set("Content-Type", "application/json")
		rw.Header().Set("Content-Length", strconv.Itoa(len(text)))
	}
	rw.WriteHeader(a.status)
	_, _ = rw.Write(text) // a client that has gone is no error of the server's
}
