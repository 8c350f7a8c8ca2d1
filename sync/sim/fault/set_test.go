package fault

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// statuses sends requests through the set and returns the statuses, 200 being the handler's own.
func statuses(t *testing.T, s *Set, service string, requests ...string) []int {
	handler := s.Wrap(service, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	got := make([]int, 0, len(requests))
	for _, request := range requests {
		method, path, _ := strings.Cut(request, " ")
		rw := httptest.NewRecorder()
		handler.ServeHTTP(rw, httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody))
		got = append(got, rw.Code)
	}
	return got
}

func TestWhichRequestsAreHit(t *testing.T) {
	for _, test := range []struct {
		name     string
		faults   []Fault
		requests []string
		want     []int
	}{
		{"none", nil, []string{"GET /a"}, []int{200}},
		{"every one", []Fault{{Kind: ServerError}}, []string{"GET /a", "POST /b"}, []int{500, 500}},
		{"by method", []Fault{{Kind: ServerError, Method: "POST"}}, []string{"GET /a", "POST /a"}, []int{200, 500}},
		{
			"by path",
			[]Fault{{Kind: ServerError, Path: `/Users\?.*cursor`}},
			[]string{"GET /Users", "GET /Users?cursor", "GET /Groups?cursor"},
			[]int{200, 500, 200},
		},
		{"by service", []Fault{{Kind: ServerError, Service: OneLogin}}, []string{"GET /a"}, []int{200}},
		{
			"after two",
			[]Fault{{Kind: Throttle, After: 2}},
			[]string{"GET /a", "GET /a", "GET /a", "GET /a"},
			[]int{200, 200, 429, 429},
		},
		{"twice", []Fault{{Kind: Throttle, Times: 2}}, []string{"GET /a", "GET /a", "GET /a"}, []int{429, 429, 200}},
		{
			"once, after one that matches",
			[]Fault{{Kind: Throttle, Path: "b", After: 1, Times: 1}},
			[]string{"GET /a", "GET /b", "GET /a", "GET /b", "GET /b"},
			[]int{200, 200, 200, 429, 200},
		},
		{
			"the first that is due",
			[]Fault{{Kind: Throttle, Times: 1}, {Kind: ServerError, After: 1, Times: 1}},
			[]string{"GET /a", "GET /a", "GET /a", "GET /a"},
			[]int{429, 200, 500, 200},
		},
		{
			"slow and then another",
			[]Fault{{Kind: Slow, DelayMS: 1}, {Kind: BadGateway}},
			[]string{"GET /a"},
			[]int{502},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s Set
			if err := s.Add(test.faults...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, statuses(t, &s, SCIM, test.requests...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAddListClear(t *testing.T) {
	var s Set
	if err := s.Add(Fault{Kind: Throttle, Times: 1}, Fault{Kind: Empty, Path: "nowhere"}); err != nil {
		t.Fatal(err)
	}
	statuses(t, &s, SCIM, "GET /a", "GET /a")
	want := []Fault{
		{Kind: Throttle, Times: 1, Seen: 2, Hits: 1},
		{Kind: Empty, Path: "nowhere"},
	}
	if diff := cmp.Diff(want, s.List()); diff != "" {
		t.Error(diff)
	}
	s.Clear()
	if len(s.List()) != 0 {
		t.Errorf("after a clear of all: %v", s.List())
	}
}

func TestWrongFaults(t *testing.T) {
	for _, f := range []Fault{
		{},
		{Kind: "no-such"},
		{Kind: Reset, Path: "("},
		{Kind: Reset, Service: "ldap"},
		{Kind: Answer, Status: 99},
		{Kind: Answer, Status: 600},
	} {
		var s Set
		if err := s.Add(Fault{Kind: Reset}, f); err == nil || len(s.List()) != 0 {
			t.Errorf("%+v is taken (%v), %d in force", f, err, len(s.List()))
		}
	}
}

// TestATokenIsGoodForItsListOnly, and has what a client must percent-encode.
func TestATokenIsGoodForItsListOnly(t *testing.T) {
	for row := range 50 {
		token, got := Token("users", [2]int{row, 2}), [2]int{}
		if !Open(token, "users", &got) || got != [2]int{row, 2} || !strings.HasPrefix(token, "+/+/") ||
			!strings.HasSuffix(token, "=") {
			t.Errorf("%q gives %v", token, got)
		}
		bent := []byte(token)
		bent[20] ^= 1
		for _, wrong := range []string{"", "x", "AAAA", string(bent)} {
			if Open(wrong, "users", &got) {
				t.Errorf("%q is taken", wrong)
			}
		}
		if Open(token, "groups", &got) {
			t.Errorf("%q is taken for another list", token)
		}
	}
}
