// Package scim simulates the SCIM endpoint of AWS IAM Identity Center over a world: the rules, the error texts and the
// traps of the real one, with a knob for each point that the public documentation leaves open.
package scim

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/requests"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxBody is the payload that ServiceProviderConfig names; more is refused with 400.
const maxBody = 1 << 20

// Server answers /{tenant}/scim/v2/... from a world. It is safe for concurrent use and takes the world's lock for each
// request, so that nobody may call it over the network while holding that lock.
type Server struct {
	requests.Log

	// Clock drives the throttling buckets. It is not the world's, which may stand still.
	Clock func() time.Time

	world *world.World

	// What follows is guarded by the world's lock.

	knobs       Knobs
	pages       fault.Pages
	throttle    *throttle
	usedCursors map[string]bool // cursors, for SingleUseCursors
	cursorsMade int
}

// New makes a server over the world. Users and groups that are in the world already, and those that others add to it or
// remove from it meanwhile, are served like its own.
func New(w *world.World, k Knobs) *Server {
	s := &Server{world: w, Clock: time.Now}
	s.SetKnobs(k)
	return s
}

// Knobs returns the choices in force.
func (s *Server) Knobs() Knobs {
	s.world.Lock()
	defer s.world.Unlock()
	return s.knobs
}

// SetKnobs changes the choices from the next request on. It also fills the throttling buckets and lets paging faults
// count anew.
func (s *Server) SetKnobs(k Knobs) {
	s.world.Lock()
	defer s.world.Unlock()
	s.knobs, s.throttle, s.usedCursors = k, newThrottle(k), map[string]bool{}
	s.pages.Set(k.Paging)
}

// operation is one of the service's actions, under its name in the documentation and in CloudTrail.
type operation struct {
	name  string
	write bool
	run   func(*call) (*answer, error)
}

// operations are what is offered, by method, resource and whether there is an id behind it.
func operations() map[string]operation {
	return map[string]operation{
		"GET Users": {"ListUsers", false, (*call).listUsers}, "POST Users": {"CreateUser", true, (*call).createUser},
		"GET Users/": {"GetUser", false, (*call).getUser}, "PUT Users/": {"PutUser", true, (*call).putUser},
		"PATCH Users/":              {"PatchUser", true, (*call).patchUser},
		"DELETE Users/":             {"DeleteUser", true, (*call).deleteUser},
		"GET Groups":                {"ListGroups", false, (*call).listGroups},
		"POST Groups":               {"CreateGroup", true, (*call).createGroup},
		"GET Groups/":               {"GetGroup", false, (*call).getGroup},
		"PATCH Groups/":             {"PatchGroup", true, (*call).patchGroup},
		"DELETE Groups/":            {"DeleteGroup", true, (*call).deleteGroup},
		"GET ServiceProviderConfig": {"ServiceProviderConfig", false, discoveryAnswer("ServiceProviderConfig")},
		"GET ResourceTypes":         {"ListResourceTypes", false, discoveryAnswer("ResourceTypes")},
	}
}

// route finds the operation of a path /{tenant}/scim/v2/... and the id in it. It is false where the path is none of
// the service's at all, as after the well-known lost slash: .../scim/v2Groups/ID. What SCIM has and the service has
// not is refused (developer guide "Limitations").
func route(method, path string) (tenant string, op operation, id string, ok bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) < 4 || len(parts) > 5 || parts[0] == "" || parts[1] != "scim" || parts[2] != "v2" ||
		!slices.Contains([]string{
			"Users", "Groups", "ServiceProviderConfig", "ResourceTypes", "Schemas", "Me", "Bulk", ".search",
		}, parts[3]) {
		return "", op, "", false
	}
	name := method + " " + parts[3]
	if len(parts) == 5 {
		plain, err := url.PathUnescape(parts[4])
		if err != nil || plain == "" {
			return "", op, "", false
		}
		id, name = plain, name+"/"
	}
	if op, ok = operations()[name]; !ok {
		op = operation{"Unsupported", false, func(*call) (*answer, error) { return nil, errInvalid }}
	}
	return parts[0], op, id, true
}

// isAuthorised checks the tenant and the token. Wrong tenant, wrong token and expired token are one and the same 401
// (developer guide: UnauthorizedException on every page). A deleted token is one that is not in the list any more.
func isAuthorised(header, tenant string, t *world.Target, now time.Time) bool {
	scheme, token, _ := strings.Cut(header, " ")
	two := t.Tokens[:min(2, len(t.Tokens))] // a directory has no more (user guide "Rotate an access token")
	return strings.EqualFold(scheme, "Bearer") && tenant == t.TenantID &&
		slices.ContainsFunc(two, func(live world.Token) bool {
			return token != "" && token == live.Value && (live.Expires.IsZero() || now.Before(live.Expires))
		})
}

// checkContentType refuses a body of another media type than the two that are known to work.
func checkContentType(r *http.Request) error {
	text := r.Header.Get("Content-Type")
	if r.ContentLength == 0 || text == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(text)
	if err != nil || media != "application/json" && media != "application/scim+json" {
		return errInvalid
	}
	return nil
}

// call is one request on its way through an operation, under the world's lock.
type call struct {
	*Server

	target *world.Target
	now    time.Time // of the world
	query  url.Values
	body   []byte
	id     string // the last part of the path, where the operation has one
	user   *world.TargetUser
	group  *world.TargetGroup // of that id
}

// answer is what goes back: no body is sent where it is nil.
type answer struct {
	status int
	body   any
}

// ServeHTTP answers one request and logs it.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	operation := ""
	var got *answer
	if err != nil {
		err = errInvalid
	} else {
		operation, got, err = s.answer(r, body)
	}
	id := requestID()
	rw.Header().Set("X-Amzn-Requestid", id)
	if err != nil {
		got = s.refusal(err, id)
	}
	text := encode(got)
	// The log comes first: whoever has the answer may count the requests at once.
	s.Note(requests.Request{
		Operation: operation, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Body: string(body), Status: got.status, Bytes: len(text),
	})
	send(rw, got, text)
}

// answer finds the operation and runs it. The order of the checks is the order in which a gateway would make them:
// route, token, rate, then the request itself.
func (s *Server) answer(r *http.Request, body []byte) (string, *answer, error) {
	tenant, op, id, known := route(r.Method, r.URL.EscapedPath())
	if !known {
		return "", nil, errNotFound
	}
	s.world.Lock()
	defer s.world.Unlock()
	// A request that was given up while it waited for the lock must not write any more.
	if err := r.Context().Err(); err != nil {
		return op.name, nil, err
	}
	c := &call{
		Server: s, target: &s.world.Target, now: s.world.Now(), body: body, id: id,
	}
	if !isAuthorised(r.Header.Get("Authorization"), tenant, c.target, c.now) {
		return op.name, nil, errUnauthorised
	}
	if !s.allow(op) {
		return op.name, nil, errThrottled
	}
	if err := checkContentType(r); err != nil {
		return op.name, nil, err
	}
	var err error
	if c.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return op.name, nil, errInvalid
	}
	c.user, c.group = c.target.Users[id], c.target.Groups[id]
	if id != "" && (strings.HasSuffix(op.name, "User") && c.user == nil ||
		strings.HasSuffix(op.name, "Group") && c.group == nil) {
		return op.name, nil, errNotFound
	}
	got, err := op.run(c)
	return op.name, got, err
}

// refusal turns an error into an answer. Anything but a failure is a fault of the server: 500.
func (s *Server) refusal(err error, id string) *answer {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		f = &failure{http.StatusInternalServerError, http.StatusText(http.StatusInternalServerError)}
	}
	return &answer{f.status, f.body(id, s.world.Now())}
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

const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// failure is a refusal: the status, and the text that the service answers.
type failure struct {
	status int
	detail string
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.status, f.detail) }

// The texts say nothing about the cause.
var (
	// errInvalid is what most mistakes get.
	errInvalid = &failure{
		http.StatusBadRequest, "Request is unparsable, syntactically incorrect, or violates schema.",
	}
	errUnauthorised = &failure{
		http.StatusUnauthorized, "The security token included in the request is invalid.",
	}
	errNotFound  = &failure{http.StatusNotFound, "Resource not found."}
	errConflict  = &failure{http.StatusConflict, "Refused to create a new, duplicate resource."}
	errThrottled = &failure{http.StatusTooManyRequests, "Rate exceeded."}
)

// body has both schema and schemas, a string status and no scimType, as clients have logged it since 2022.
func (f *failure) body(requestID string, now time.Time) object {
	return object{
		"schema": []string{errorURN}, "schemas": []string{errorURN}, "detail": f.detail,
		"status":             strconv.Itoa(f.status),
		"exceptionRequestId": requestID,
		// A space and no zone, with up to three fraction digits: what github.com/slashdevops/idp-scim-sync/issues/45
		// shows.
		"timeStamp": now.Format("2006-01-02 15:04:05.999"),
	}
}

// requestID is random and not drawn from the world, or the number of requests would change the ids of later resources.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // documented never to fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
