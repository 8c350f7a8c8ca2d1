package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const bearer = "open-sesame"

// target is a server under test with the log of what it was asked.
type target struct {
	*httptest.Server

	mu   sync.Mutex
	asks []string // path and raw query, as they arrived
}

func serve(t testing.TB, handler http.HandlerFunc) *target {
	t.Helper()
	s := &target{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asks = append(s.asks, r.RequestURI)
		s.mu.Unlock()
		handler(rw, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *target) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asks...)
}

func client(t testing.TB, url, dialect string) *Client {
	t.Helper()
	c, err := New(Options{
		URL: url, Token: bearer, Dialect: dialect, RateShare: Unlimited,
		HTTP: transport.Options{Backoff: time.Microsecond, MaxBackoff: time.Microsecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func reply(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/scim+json")
	rw.WriteHeader(status)
	if text, ok := body.(string); ok {
		_, _ = rw.Write([]byte(text))
		return
	}
	_ = json.NewEncoder(rw).Encode(body)
}

type object = map[string]any

func userRow(i int) object {
	return object{
		"id": fmt.Sprintf("u%d", i), "userName": fmt.Sprintf("user%d@corp.example", i),
		"displayName": fmt.Sprintf("User %d", i),
		"name":        object{"givenName": "User", "familyName": strconv.Itoa(i)}, "active": true,
		"emails": []object{{"value": fmt.Sprintf("user%d@corp.example", i), "primary": true}},
	}
}

func userRows(n int) []object {
	rows := make([]object, n)
	for i := range rows {
		rows[i] = userRow(i + 1)
	}
	return rows
}

func groupRows(n int) []object {
	rows := make([]object, n)
	for i := range rows {
		rows[i] = groupRow(i+1, nil)
	}
	return rows
}

func groupRow(i int, members any) object {
	row := object{"id": fmt.Sprintf("g%d", i), "displayName": fmt.Sprintf("group-%d", i)}
	if members != nil {
		row["members"] = members
	}
	return row
}

func wantCoverage(t *testing.T, what string, got model.Coverage, want model.CoverageState) {
	t.Helper()
	if got.State != want {
		t.Errorf("%s: coverage is %q, want %s", what, got, want)
	}
	if want != model.Complete && got.Reason == "" {
		t.Errorf("%s: coverage %s has no reason", what, got.State)
	}
}

func cancelAfter(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}
