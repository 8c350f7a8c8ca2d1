package transport

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestReadsAreRepeated(t *testing.T) {
	ok := answer(200, `[1]`)
	tests := []struct {
		name  string
		fault http.HandlerFunc
		waits []time.Duration
	}{
		{"429 with seconds", answer(429, "", "Retry-After", "7"), []time.Duration{7 * time.Second}},
		{
			"429 with a date", answer(429, "", "Retry-After", "Mon, 23 Nov 2026 08:00:09 GMT"),
			[]time.Duration{9 * time.Second},
		},
		{"429 with the seconds until the reset", answer(429, "", "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining",
			"0", "X-RateLimit-Reset", "12"), []time.Duration{12 * time.Second}},
		{
			"429 of a burst while the hour has calls left",
			answer(429, "", "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "90", "X-RateLimit-Reset", "3000"),
			[]time.Duration{250 * time.Millisecond},
		},
		{
			"502 ignores the reset of the hour", answer(502, "<html>", "X-RateLimit-Reset", "3000"),
			[]time.Duration{250 * time.Millisecond},
		},
		{"503 with seconds", answer(503, "", "Retry-After", "2"), []time.Duration{2 * time.Second}},
		{"rate limit as 400", answer(400, "rate_limit_exceeded"), []time.Duration{250 * time.Millisecond}},
		{"lost connection", cut, []time.Duration{250 * time.Millisecond}},
		{"half an answer", half, []time.Duration{250 * time.Millisecond}},
		{"broken JSON with status 200", answer(200, `[{"id":`), []time.Duration{250 * time.Millisecond}},
		{"empty answer with status 200", answer(200, ``), []time.Duration{250 * time.Millisecond}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, clock := serve(t, script(tt.fault, ok), Options{
				Transient: func(_ int, body []byte) bool {
					return strings.Contains(string(body),
						"rate_limit_exceeded")
				},
			})
			var got []int
			resp, err := c.GetJSON(t.Context(), "/x", "", &got)
			if err != nil || !reflect.DeepEqual(got, []int{1}) {
				t.Fatalf("got %v, %v; want the second answer", got, err)
			}
			if !reflect.DeepEqual(clock.Slept(), tt.waits) {
				t.Errorf("waited %v, want %v", clock.Slept(), tt.waits)
			}
			if c.Requests() != 2 || resp.Attempts != 2 {
				t.Errorf("%d requests, %d attempts; want 2", c.Requests(), resp.Attempts)
			}
		})
	}
}

// resty re-sends a POST after a lost connection if its retries are on; a user created twice is the result.
func TestWritesAreNeverResent(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		for name, fault := range map[string]http.HandlerFunc{
			"429": answer(429, "", "Retry-After", "1"), "503": answer(503, ""), "cut": cut, "half": half,
			"307": answer(307, "", "Location", "/elsewhere"), "302": answer(302, "", "Location", "/elsewhere"),
		} {
			t.Run(method+" "+name, func(t *testing.T) {
				c, clock := serve(t, script(fault, answer(200, "{}")), Options{})
				_, err := c.Do(t.Context(), Request{Method: method, Path: "/x", Body: []byte("{}")})
				if err == nil || c.Requests() != 1 || len(clock.Slept()) != 0 {
					t.Fatalf("%d requests, error %v; want one request and its failure", c.Requests(), err)
				}
				var conn *ConnError
				if errors.As(err, &conn) && !conn.Sent {
					t.Error("a write that reached the server is reported as not sent")
				}
			})
		}
	}
}

// net/http itself repeats requests on a kept connection that the server closes; for writes it must not.
func TestWriteOnClosedKeptConnection(t *testing.T) {
	c, _ := serve(t, script(answer(200, "{}"), cut, answer(200, "{}")), Options{})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/x", Body: []byte("{}")})
	var conn *ConnError
	if !errors.As(err, &conn) || !conn.Sent {
		t.Fatalf("got %v; want a lost connection that may have been a write", err)
	}
}

func TestRetryOptInForReadsByPost(t *testing.T) {
	c, _ := serve(t, script(cut, answer(200, "{}")), Options{})
	if _, err := c.Do(t.Context(), Request{
		Method: "POST", Path: "/search", Body: []byte("{}"),
		Retry: true,
	}); err != nil {
		t.Fatal(err)
	}
}

func TestFailuresThatAreFinal(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 409, 422, 501} {
		c, _ := serve(t, answer(status, "no", "X-Request-Id", "r-1"), Options{})
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
		var s *StatusError
		if !errors.As(err, &s) || s.Status != status || s.RequestID != "r-1" || string(s.Body) != "no" ||
			c.Requests() != 1 {
			t.Errorf("%d: got %v after %d requests", status, err, c.Requests())
		}
	}
}

func TestRetriesEnd(t *testing.T) {
	c, clock := serve(t, answer(502, "<html>"), Options{})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var s *StatusError
	if !errors.As(err, &s) || s.Attempts != 5 || c.Requests() != 5 {
		t.Fatalf("got %v after %d requests, want the 502 after 5", err, c.Requests())
	}
	want := []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second}
	if !reflect.DeepEqual(clock.Slept(), want) {
		t.Errorf("waited %v, want %v", clock.Slept(), want)
	}
}

func TestBackOffIsJitteredAndCapped(t *testing.T) {
	c, clock := serve(t, answer(503, ""), Options{Retries: 8, TotalTimeout: time.Hour})
	c.jitter = func() float64 { return 0.999 }
	_, _ = c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	waits := clock.Slept()
	if first, last := waits[0], waits[len(waits)-1]; first <= 490*time.Millisecond || first > 500*time.Millisecond ||
		last <= 7*time.Second || last > 8*time.Second {
		t.Errorf("waited %v, want about 500ms at first and 8s at last", waits)
	}
}

func TestLongWaitIsGivenUpAtOnce(t *testing.T) {
	c, clock := serve(t, answer(429, "", "X-RateLimit-Remaining", "0", "X-RateLimit-Limit", "5000", "X-RateLimit-Reset",
		"832"), Options{})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var w *WaitError
	var s *StatusError
	if !errors.As(err, &w) || w.Wait != 832*time.Second || !errors.As(err, &s) || len(clock.Slept()) != 0 {
		t.Fatalf("got %v after waits %v; want a *WaitError at once", err, clock.Slept())
	}
	if !strings.Contains(err.Error(), "13m52s") || !strings.Contains(err.Error(), "2026-11-23T08:13:52Z") {
		t.Errorf("%q does not name the wait", err)
	}
	if b := c.Budget(); !b.Known || b.Limit != 5000 || b.Remaining != 0 || !b.Reset.Equal(w.Until) {
		t.Errorf("budget %+v", b)
	}
}

func TestTotalTimeEnds(t *testing.T) {
	c, clock := serve(t, answer(429, "", "Retry-After", "50"), Options{Retries: 100})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var tt *TimeoutError
	var s *StatusError
	if !errors.As(err, &tt) || !errors.As(err, &s) || len(clock.Slept()) != 2 {
		t.Fatalf("got %v after %v, want the end after two waits of 50 s", err, clock.Slept())
	}
	for _, words := range []string{"GET /x at ", "did not succeed within", s.Error(), "try again later"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("%q does not say %q", err, words)
		}
	}
}

// The clock is turned back after a rate limit, so that the next request comes while the first one would still be
// waiting.
func TestOneRateLimitHoldsTheOthersBack(t *testing.T) {
	c, clock := serve(t, script(answer(429, "", "Retry-After", "30"), answer(200, "{}")), Options{})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/a"}); err != nil {
		t.Fatal(err)
	}
	clock.Advance(-20 * time.Second)
	if _, err := c.Do(t.Context(), Request{Method: "PATCH", Path: "/b", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{30 * time.Second, 20 * time.Second}; !reflect.DeepEqual(clock.Slept(), want) {
		t.Errorf("waited %v, want %v", clock.Slept(), want)
	}
}

func TestTokenBucket(t *testing.T) {
	c, clock := serve(t, answer(200, "{}"), Options{Rate: 2, Burst: 3})
	for range 5 {
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(clock.Slept(), []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}) {
		t.Errorf("waited %v, want the burst of 3 and then half a second each", clock.Slept())
	}
}

func TestCancellation(t *testing.T) {
	arrived := make(chan struct{}, 1)
	c, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := c.Do(ctx, Request{Method: "GET", Path: "/x"})
	if !errors.Is(err, context.Canceled) || c.Requests() != 1 {
		t.Fatalf("got %v after %d requests", err, c.Requests())
	}
	if _, err = c.Do(ctx, Request{Method: "POST", Path: "/x"}); !errors.Is(err, context.Canceled) || c.Requests() != 1 {
		t.Fatalf("a cancelled write was sent: %v, %d requests", err, c.Requests())
	}
}

func TestNoAnswerInTime(t *testing.T) {
	c, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		Options{AttemptTimeout: time.Millisecond, Retries: -1})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	var conn *ConnError
	if !errors.As(err, &conn) || !strings.Contains(err.Error(), "no answer within 1ms") {
		t.Fatalf("got %v", err)
	}
}
