package transport

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/transport/transporttest"
)

// service answers as a property says for the moment.
type service struct {
	*httptest.Server

	answer atomic.Pointer[http.HandlerFunc]
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.answer.Load())(w, r) }))
	t.Cleanup(s.Close)
	return s
}

// client gives one with a clock of its own.
func (s *service) client(t *rapid.T, answer http.HandlerFunc) (*Client, *transporttest.Clock) {
	s.answer.Store(&answer)
	clock := transporttest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	c, err := New(Options{BaseURL: s.URL, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return c, clock
}

// ask reads n records, some at the same time, and gives the errors by index.
func ask(ctx context.Context, c *Client, workers, n int) []error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				_, errs[i] = c.GetJSON(ctx, fmt.Sprint("/", i), "", new(any))
			}
		})
	}
	wg.Wait()
	return errs
}

// failures are answers that are none.
func failures() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"500": answer(500, ""), "502": answer(502, "<html>"), "503 with seconds": answer(503, "", "Retry-After", "3"), "cut": cut, "half": half,
		"page": answer(200, "<html>"), "403": answer(403, ""), "429 without seconds": answer(429, ""),
	}
}

// However many records there are, and however many parts want them, a load whose answers are all failures is over in 30 s.
func TestALoadThatOnlyFailsEndsSoon(t *testing.T) {
	all := failures()
	s := newService(t)
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(all))), 1, 5).Draw(t, "kinds")
		var n atomic.Int64
		c, clock := s.client(t, func(w http.ResponseWriter, r *http.Request) { all[kinds[int(n.Add(1))%len(kinds)]](w, r) })
		defer c.Close()
		begun := clock.Now()
		load := BeginLoad(t.Context())
		for part := range rapid.IntRange(1, 3).Draw(t, "parts") {
			records := rapid.SampledFrom([]int{1, 10, 100, 3000}).Draw(t, "records")
			workers := rapid.IntRange(1, 8).Draw(t, "workers")
			var last *GivenUpError
			for i, err := range ask(BeginPart(load), c, workers, records) {
				if err == nil {
					t.Fatalf("record %d was read", i)
				}
				errors.As(err, &last)
			}
			if records > 100 && (last == nil || last.Failed != last.Sent || !strings.Contains(last.Error(), fmt.Sprintf("given up after %d of %d requests failed", last.Sent, last.Sent))) {
				t.Errorf("part %d: the last error is %v", part, last)
			}
		}
		if took := clock.Now().Sub(begun); took >= 30*time.Second {
			t.Errorf("took %s and %d requests", took, n.Load())
		}
	})
}

// A service that fails for some seconds and then works is read whole.
func TestAServiceThatRecoversIsReadWhole(t *testing.T) {
	all := failures()
	delete(all, "403")
	s := newService(t)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "kind")
		outages := rapid.SliceOfN(rapid.IntRange(0, 3700), 1, 3).Draw(t, "outages")
		var ends atomic.Pointer[time.Time]
		var clock *transporttest.Clock
		var c *Client
		c, clock = s.client(t, func(w http.ResponseWriter, r *http.Request) {
			if clock.Now().Before(*ends.Load()) {
				all[kind](w, r)
				return
			}
			_, _ = w.Write([]byte("1"))
		})
		defer c.Close()
		part := BeginPart(BeginLoad(t.Context()))
		for _, ms := range outages {
			end := clock.Now().Add(time.Duration(ms) * time.Millisecond)
			ends.Store(&end)
			for i, err := range ask(part, c, rapid.IntRange(1, 8).Draw(t, "workers"), rapid.IntRange(1, 60).Draw(t, "records")) {
				if err != nil {
					t.Fatalf("record %d after an outage of %d ms: %v", i, ms, err)
				}
			}
		}
	})
}

// Waiting for as long as a service asks is no failure: it takes no tokens, and no part is given up for it.
func TestThrottlingTakesNoTokens(t *testing.T) {
	s := newService(t)
	rapid.Check(t, func(t *rapid.T) {
		every, seconds := rapid.IntRange(1, 5).Draw(t, "every"), rapid.IntRange(1, 20).Draw(t, "seconds")
		limit := answer(429, "", "Retry-After", fmt.Sprint(seconds))
		if rapid.Bool().Draw(t, "as 400") {
			limit = answer(400, "rate_limit_exceeded", "Retry-After", fmt.Sprint(seconds))
		}
		var n atomic.Int64
		c, clock := s.client(t, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1)%int64(every+1) != 0 { // as many refusals to each answer
				limit(w, r)
				return
			}
			_, _ = w.Write([]byte("1"))
		})
		defer c.Close()
		c.opts.Transient = func(_ int, body []byte) bool { return strings.Contains(string(body), "rate_limit") }
		begun, records := clock.Now(), rapid.IntRange(1, 30).Draw(t, "records")
		part := BeginPart(BeginLoad(t.Context()))
		for i, err := range ask(part, c, 1, records) {
			if err != nil {
				t.Fatalf("record %d: %v", i, err)
			}
		}
		if h := partOf(part).health(c); h.tokens != partTokens || h.load.tokens != retryTokens {
			t.Errorf("%d of the part's and %d of the load's tokens are left", h.tokens, h.load.tokens)
		}
		if took, want := clock.Now().Sub(begun), time.Duration(records*every*seconds)*time.Second; took != want {
			t.Errorf("took %s, want %s", took, want)
		}
	})
}

// A service that goes on asking to be left alone is not waited for record by record: when one request has waited for as long as
// any may, the part has.
func TestThrottlingEnds(t *testing.T) {
	for name, answers := range map[string]http.HandlerFunc{
		"short waits": answer(429, "", "Retry-After", "9"), "a wait of an hour": answer(429, "", "Retry-After", "3600"),
	} {
		t.Run(name, func(t *testing.T) {
			c, clock := serve(t, answers, Options{})
			begun := clock.Now()
			for i, err := range ask(BeginPart(t.Context()), c, 4, 1000) {
				if err == nil {
					t.Errorf("record %d was read", i)
				}
			}
			if took := clock.Now().Sub(begun); took > 2*time.Minute || c.Requests() > 4*2*60 {
				t.Errorf("took %s and %d requests", took, c.Requests())
			}
		})
	}
}

// Two parts of a load at one service: what the one fails with neither ends the other nor takes the tokens for its own slips.
func TestAFailingPartStarvesNoOther(t *testing.T) {
	s := newService(t)
	rapid.Check(t, func(t *rapid.T) {
		workers := rapid.IntRange(1, 4).Draw(t, "workers")
		var n atomic.Int64
		c, _ := s.client(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Part") == "bad" || n.Add(1)%7 == 0 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			_, _ = w.Write([]byte("1"))
		})
		defer c.Close()
		load := BeginLoad(t.Context())
		bad, good := BeginPart(load), BeginPart(load)
		var wg sync.WaitGroup
		wg.Go(func() {
			for range 400 {
				_, err := c.Do(bad, Request{Method: http.MethodGet, Path: "/x", Header: http.Header{"Part": {"bad"}}})
				if err == nil {
					t.Errorf("it answered")
				}
			}
		})
		wg.Go(func() {
			for i, err := range ask(good, c, workers, 400) {
				if err != nil {
					t.Errorf("record %d of the part that works: %v", i, err)
				}
			}
		})
		wg.Wait()
		_, err := c.Do(bad, Request{Method: http.MethodPost, Path: "/x"})
		if _, never := errors.AsType[*GivenUpError](err); never {
			t.Errorf("a write was held back for what reads had failed with: %v", err)
		}
	})
}

// The next load begins anew.
func TestALoadHasItsOwnBudget(t *testing.T) {
	c, _ := serve(t, answer(500, ""), Options{})
	for range 2 {
		before := c.Requests()
		ask(BeginPart(BeginLoad(t.Context())), c, 1, 100)
		if n := c.Requests() - before; n < 10 {
			t.Errorf("%d requests, so that the load before was held against this one", n)
		}
	}
}

// A time-out has taken longer than an answer, and costs more.
func TestTimeoutsCostMore(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		cost   int
	}{"500": {answer(500, ""), retryCost}, "nothing": {silent, timeoutCost}} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, tt.answer, Options{AttemptTimeout: 20 * time.Millisecond, Retries: 3})
			part := BeginPart(t.Context())
			_, err := c.Do(part, Request{Method: http.MethodGet, Path: "/x"})
			if left := partOf(part).health(c).load.tokens; err == nil || left != retryTokens-3*tt.cost {
				t.Errorf("%d tokens are left after 3 retries, %v", left, err)
			}
		})
	}
}
