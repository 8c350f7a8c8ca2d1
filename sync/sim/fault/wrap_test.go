package fault

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

const wholeBody = `{"id":"7","displayName":"a group with a name that is long enough to be cut"}`

// service is a handler behind faults on a real listener; calls counts the requests that came through to it.
type service struct {
	*httptest.Server

	calls atomic.Int32
}

func serve(t *testing.T, name string, f Fault) *service {
	t.Helper()
	var s Set
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	sv := &service{}
	sv.Server = httptest.NewServer(s.Wrap(name, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		sv.calls.Add(1)
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(rw, wholeBody)
	})))
	t.Cleanup(sv.Close)
	return sv
}

// got is an answer as far as it arrived.
type got struct {
	status int
	header http.Header
	length int64 // as declared
	text   string
}

// get returns the answer with what could be read of its body, and the error of whichever failed.
func (sv *service) get(t *testing.T) (got, error) {
	t.Helper()
	// POST, because net/http sends a GET again by itself when a connection breaks.
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, sv.URL+"/x/y%2Fz?a=b", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := sv.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return got{}, err
	}
	text, err := io.ReadAll(res.Body)
	if closing := res.Body.Close(); closing != nil && err == nil {
		err = closing
	}
	return got{res.StatusCode, res.Header, res.ContentLength, string(text)}, err
}

func TestAnswers(t *testing.T) {
	const emptySCIM = `{"totalResults":0,"startIndex":1,"itemsPerPage":0,` +
		`"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}`
	for _, test := range []struct {
		name, service string
		fault         Fault
		status        int
		body          string // a part of it
		header        map[string]string
	}{
		{
			"429", SCIM,
			Fault{Kind: Throttle},
			429, `"status":"429"`,
			map[string]string{"Retry-After": "", "Content-Type": "application/json"},
		},
		{
			"429 with Retry-After", OneLogin,
			Fault{Kind: Throttle, RetryAfter: 7},
			429, `"code":429`,
			map[string]string{"Retry-After": "7"},
		},
		{
			"400 for a rate", OneLogin,
			Fault{Kind: ThrottleAs400},
			400,
			`{"status":{"code":400,"error":true,"message":"rate_limit_exceeded","type":"bad request"}}`, nil,
		},
		{"500 of OneLogin", OneLogin, Fault{Kind: ServerError}, 500, `"code":500`, nil},
		{
			"500 of SCIM", SCIM,
			Fault{Kind: ServerError},
			500,
			`"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas"`, nil,
		},
		{"502", OneLogin, Fault{Kind: BadGateway}, 502, "<html>", map[string]string{"Content-Type": "text/html"}},
		{"403", SCIM, Fault{Kind: Forbidden}, 403, `"status":"403"`, nil},
		{
			"redirect", SCIM,
			Fault{Kind: Redirect, Location: "https://elsewhere.example"},
			302, "Found",
			map[string]string{"Location": "https://elsewhere.example/x/y%2Fz?a=b"},
		},
		{
			"script", SCIM,
			Fault{
				Kind: Answer, Status: 418, Body: "tea",
				Headers: map[string]string{"X-Pot": "1", "Content-Type": "text/plain"},
			},
			418, "tea",
			map[string]string{"X-Pot": "1", "Content-Type": "text/plain"},
		},
		{"script without body", SCIM, Fault{Kind: Answer, Status: 204}, 204, "", nil},
		{"empty list of SCIM", SCIM, Fault{Kind: Empty}, 200, emptySCIM, nil},
		{"empty list of OneLogin", OneLogin, Fault{Kind: Empty}, 200, "[]", nil},
		{"empty list as told", OneLogin, Fault{Kind: Empty, Body: `{"data":[]}`}, 200, `{"data":[]}`, nil},
		{"own status and body", SCIM, Fault{Kind: ServerError, Status: 503, Body: `"busy"`}, 503, "busy", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sv := serve(t, test.service, test.fault)
			res, err := sv.get(t)
			if err != nil {
				t.Fatal(err)
			}
			if res.status != test.status || !strings.Contains(res.text, test.body) || test.body == "" &&
				res.text != "" {
				t.Errorf("%d %s", res.status, res.text)
			}
			for name, want := range test.header {
				if value := res.header.Get(name); value != want {
					t.Errorf("%s %q, want %q", name, value, want)
				}
			}
			if res.header.Get("Content-Type") == "application/json" && res.text != "" && !json.Valid([]byte(res.text)) {
				t.Errorf("no JSON: %s", res.text)
			}
			if sv.calls.Load() != 0 {
				t.Error("the request came through")
			}
		})
	}
}

// An empty page of a walk has no totals, or a client that tells the two envelopes apart would see a third.
func TestEmptyPageOfAWalk(t *testing.T) {
	var s Set
	if err := s.Add(Fault{Kind: Empty}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"cursor", "cursor=", "cursor=abc&count=5"} {
		rw := httptest.NewRecorder()
		s.Wrap(SCIM, http.NotFoundHandler()).ServeHTTP(rw, httptest.NewRequestWithContext(t.Context(), "GET",
			"/Users?"+query, http.NoBody))
		if text := rw.Body.String(); strings.Contains(text, "totalResults") ||
			!strings.Contains(text, `"Resources":[]`) {
			t.Errorf("%s: %s", query, text)
		}
	}
}

func TestBrokenConnections(t *testing.T) {
	for kind, calls := range map[Kind]int32{Reset: 0, LoseAnswer: 1} {
		t.Run(string(kind), func(t *testing.T) {
			sv := serve(t, SCIM, Fault{Kind: kind})
			res, err := sv.get(t)
			if err == nil {
				t.Fatalf("answered %d", res.status)
			}
			if !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the client sees %v", err)
			}
			if got := sv.calls.Load(); got != calls {
				t.Errorf("the handler ran %d times, want %d", got, calls)
			}
		})
	}
}

func TestBrokenBodies(t *testing.T) {
	t.Run("reset in the body", func(t *testing.T) {
		sv := serve(t, SCIM, Fault{Kind: ResetInBody})
		res, err := sv.get(t)
		if res.status != http.StatusCreated || res.length != int64(len(wholeBody)) {
			t.Fatalf("the headers did not arrive: %v, %v", res, err)
		}
		if err == nil || res.text != wholeBody[:len(wholeBody)/2] {
			t.Errorf("read %q with %v", res.text, err)
		}
	})
	t.Run("truncated", func(t *testing.T) {
		sv := serve(t, SCIM, Fault{Kind: Truncate})
		res, err := sv.get(t)
		if err != nil || res.status != http.StatusOK || res.length != int64(len(res.text)) {
			t.Fatalf("%v, %v", res, err)
		}
		if res.text == "" || json.Valid([]byte(res.text)) || !strings.HasPrefix(wholeBody, res.text) {
			t.Errorf("body %q", res.text)
		}
	})
}

// Without a connection to break, net/http's own way of aborting is used.
func TestAbortWithoutConnection(t *testing.T) {
	var s Set
	if err := s.Add(Fault{Kind: Reset}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		//nolint:errorlint // net/http compares it in the same way
		if reason := recover(); reason != http.ErrAbortHandler {
			t.Errorf("recovered %v", reason)
		}
	}()
	s.Wrap(SCIM, http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(),
		httptest.NewRequestWithContext(t.Context(), "GET", "/", http.NoBody))
	t.Error("the handler came back")
}

func TestSlowEndsWhenTheRequestIsGivenUp(t *testing.T) {
	var s Set
	if err := s.Add(Fault{Kind: Slow, DelayMS: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	handler := s.Wrap(SCIM, http.HandlerFunc(func(http.ResponseWriter,
		*http.Request,
	) {
		t.Error("the request came through")
	}))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "/", http.NoBody))
	if hits := s.List()[0].Hits; hits != 1 {
		t.Errorf("%d hits", hits)
	}
}

func TestSlowLetsTheRequestThrough(t *testing.T) {
	sv := serve(t, SCIM, Fault{Kind: Slow, DelayMS: 1})
	if res, err := sv.get(t); err != nil || res.status != http.StatusCreated || res.text != wholeBody ||
		sv.calls.Load() != 1 {
		t.Errorf("%v, %v, %d calls", res, err, sv.calls.Load())
	}
}
