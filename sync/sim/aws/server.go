// Package aws simulates the parts of AWS's own APIs that stand beside the SCIM endpoint, over a world: Identity
// Store, SSO Admin's account assignments, and the names of accounts from Organizations. All three speak JSON 1.1:
// POST to /, with the operation in X-Amz-Target.
package aws

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/requests"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// maxBody is far above what any of the operations takes.
const maxBody = 1 << 20

// Knobs are the choices of the services where public material is silent, and what a test wants otherwise. The zero
// value is a service that works.
type Knobs struct {
	// AccessKeys are the access key ids that are accepted; none accepts every signed request.
	AccessKeys []string
	// Deny are IAM actions that the caller lacks, such as "sso:ListAccountAssignmentsForPrincipal".
	Deny []string
	// Paging are faults of the lists, by the names of their operations; the first that fits applies. Pages may be short
	// or empty, and the token alone says that more follows
	// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html).
	Paging []fault.Paging
	// Lag is how many lists of somebody's assignments still show what was there before the last change; 0 shows it at
	// once. How long the services take is not documented.
	Lag int
	// Polls is how often the status of an assignment has to be asked for before it is done; 0 is at once.
	Polls int
	// ConflictThere refuses to make an assignment that is there already; without it AWS says that it made it. Which
	// it is, is not documented
	// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html).
	ConflictThere bool
	// FailDangling lets the removal of an assignment of a principal that is gone fail, as it did in 2021
	// (github.com/hashicorp/terraform-provider-aws/issues/19341).
	FailDangling bool
	// HideDangling leaves assignments of principals that are gone out of lists by principal.
	HideDangling bool
	// ThrottleEvery refuses each n-th request with a ThrottlingException; 0 refuses none.
	ThrottleEvery int
}

// Server answers for one identity store. It is safe for concurrent use and takes the world's lock for each request.
type Server struct {
	requests.Log

	world *world.World

	// What follows is guarded by the world's lock.

	knobs Knobs
	pages fault.Pages
	count int
	tasks map[string]*task
	// assignmentsBefore are the assignments as they were before the last change, for the next stale lists.
	assignmentsBefore []world.Assignment
	staleLists        int
}

// New makes a server over the world.
func New(w *world.World, k Knobs) *Server {
	s := &Server{world: w, tasks: map[string]*task{}}
	s.SetKnobs(k)
	return s
}

// SetKnobs changes the choices from the next request on.
func (s *Server) SetKnobs(k Knobs) {
	s.world.Lock()
	defer s.world.Unlock()
	s.knobs = k
	s.pages.Set(k.Paging)
}

// Handles reports whether a request is for one of these services: they share one address with nothing else to tell them
// by.
func Handles(r *http.Request) bool { return r.Header.Get("X-Amz-Target") != "" }

// refusal is an error as the services word it. All of the client's own come with status 400, throttling among them
// (github.com/ministryofjustice/modernisation-platform/issues/11948).
type refusal struct {
	status        int
	kind, message string
	more          map[string]any
}

func (f *refusal) Error() string { return f.kind + ": " + f.message }

func refuse(kind, say string) error {
	return &refusal{status: http.StatusBadRequest, kind: kind, message: say}
}

func notFound(what, id string) error {
	return &refusal{
		status: http.StatusBadRequest, kind: "ResourceNotFoundException", message: what + " not found.",
		more: map[string]any{"ResourceType": what, "ResourceId": id},
	}
}

// call is one request on its way through an operation, under the world's lock.
type call struct {
	*Server

	target *world.Target
	input  map[string]json.RawMessage
	// operation is what was asked for, region the one that the request was signed for.
	operation, region string
}

func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("X-Amz-Target")
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		return // the client has gone or sent too much; there is nobody to answer
	}
	answer, err := s.answer(r, name, body)
	status := http.StatusOK
	if f, ok := errors.AsType[*refusal](err); ok {
		status = f.status
		shown := map[string]any{"__type": f.kind, "Message": f.message, "message": f.message}
		maps.Copy(shown, f.more)
		answer = shown
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		status, raw = http.StatusInternalServerError, []byte(`{"__type":"InternalServerException"}`)
	}
	s.Note(requests.Request{
		Operation: name, Method: r.Method, Path: r.URL.Path, Body: string(body), Status: status, Bytes: len(raw),
	})
	rw.Header().Set("Content-Type", "application/x-amz-json-1.1")
	rw.Header().Set("X-Amzn-Requestid", "00000000-0000-4000-8000-000000000000")
	rw.WriteHeader(status)
	_, _ = rw.Write(raw) // a client that has gone needs no answer
}

func (s *Server) answer(r *http.Request, name string, body []byte) (any, error) {
	s.world.Lock()
	defer s.world.Unlock()
	knobs := s.knobs
	s.count++
	throttled := knobs.ThrottleEvery > 0 && s.count%knobs.ThrottleEvery == 0
	run, permission := operation(name)
	key, region := signer(r)
	switch {
	case r.Method != http.MethodPost || run == nil:
		return nil, refuse("UnknownOperationException", "no such operation")
	case key == "" || len(knobs.AccessKeys) > 0 && !slices.Contains(knobs.AccessKeys, key):
		return nil, refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
	case throttled:
		return nil, refuse("ThrottlingException", "Rate exceeded")
	}
	if slices.Contains(knobs.Deny, permission) {
		return nil, refuse("AccessDeniedException",
			"User: arn:aws:sts::111122223333:assumed-role/oncall/session is not authorized to perform: "+permission)
	}
	c := &call{Server: s, target: &s.world.Target, operation: name, region: region}
	if json.Unmarshal(body, &c.input) != nil {
		return nil, refuse("ValidationException", "the body is no JSON object")
	}
	if err := c.checkInstance(); err != nil {
		return nil, err
	}
	return run(c)
}

// signer reads the key id and the region off a SigV4 header; both are empty if it is none. Checking the signature
// would need the secret, and would test Amazon's SDK.
func signer(r *http.Request) (key, region string) {
	scope, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	parts := strings.Split(scope, "/") // key, date, region, service, aws4_request
	if !ok || len(parts) != 5 {
		return "", ""
	}
	return parts[0], parts[2]
}

// isOtherRegion: each region has services of its own, which know nothing of this instance.
func (c *call) isOtherRegion() bool { return c.target.Region != "" && c.region != c.target.Region }

// text is a string of the input; empty if it is not there.
func (c *call) text(name string) string {
	var s string
	_ = json.Unmarshal(c.input[name], &s) // of another type: as if it were not there, and refused as missing
	return s
}
