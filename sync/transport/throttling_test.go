package transport

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Waiting for as long as a service asks is no failure: it takes no tokens, and no part is given up for it, though
// something failed before. A retry that succeeds gives its tokens back.
func TestThrottlingTakesNoTokens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		refusals, seconds := rapid.IntRange(1, 5).Draw(rt, "refusals"), rapid.IntRange(1, 20).Draw(rt, "seconds")
		records := rapid.IntRange(1, 30).Draw(rt, "records")
		limit := answer(429, "", "Retry-After", fmt.Sprint(seconds))
		if rapid.Bool().Draw(rt, "as 400") {
			limit = answer(400, "rate_limit_exceeded", "Retry-After", fmt.Sprint(seconds))
		}
		var n atomic.Int64
		var errs []error
		var left int
		var took time.Duration
		against(t, func(w http.ResponseWriter, r *http.Request) {
			switch n.Add(1) % int64(refusals+2) {
			case 1:
				w.WriteHeader(http.StatusBadGateway)
			case 0:
				one(w, r)
			default:
				limit(w, r)
			}
		}, Options{Transient: func(_ int, body []byte) bool { return strings.Contains(string(body), "rate_limit") }},
			func(ctx context.Context, c *Client) {
				c.jitter = func() float64 { return 0 }
				begun := time.Now()
				ctx = BeginPart(BeginLoad(ctx))
				errs = ask(ctx, c, "/", 1, records)
				took = time.Since(begun)
				left = partFrom(ctx).health(c).load.tokens
			})
		if found := read(errs); found != records || left != retryTokens {
			rt.Errorf("%d of %d records were read, and %d tokens are left", found, records, left)
		}
		asked := time.Duration(refusals*seconds) * time.Second
		want := time.Duration(records) * (250*time.Millisecond + asked + time.Duration(refusals+2)*latency)
		if took.Round(time.Millisecond) != want {
			rt.Errorf("took %s, want %s", took, want)
		}
	})
}

// A service that goes on asking to be left alone is not waited for record by record, nor part by part: when one request
// has waited in vain for as long as any may, the load has.
func TestThrottlingEnds(t *testing.T) {
	for seconds, most := range map[string]time.Duration{
		"1": 30 * time.Second, "4": 30 * time.Second, "9": time.Minute, "3600": time.Second,
	} {
		against(t, answer(429, "", "Retry-After", seconds), Options{}, func(ctx context.Context, c *Client) {
			begun := time.Now()
			load := BeginLoad(ctx)
			errs := append(ask(BeginPart(load), c, "/", 4, 1000), ask(BeginPart(load), c, "/", 4, 1000)...)
			if took := time.Since(begun); read(errs) > 0 || took > most || c.Requests() > 120 {
				t.Errorf("%s s: took %s and %d requests", seconds, took, c.Requests())
			}
		})
	}
}

// A part that is only ever asked to wait is given up, though the service answers another one meanwhile; that one is
// read whole.
func TestThrottlingOfOnePartEnds(t *testing.T) {
	against(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/bad") {
			answer(429, "", "Retry-After", "1")(w, r)
			return
		}
		one(w, r)
	}, Options{}, func(ctx context.Context, c *Client) {
		begun := time.Now()
		load := BeginLoad(ctx)
		var bad, good []error
		var took time.Duration
		var wg sync.WaitGroup
		wg.Go(func() { bad, took = ask(BeginPart(load), c, "/bad/", 4, 1000), time.Since(begun) })
		wg.Go(func() { good = ask(BeginPart(load), c, "/good/", 1, 300) })
		wg.Wait()
		if read(bad) > 0 || read(good) != len(good) || took > 30*time.Second {
			t.Errorf("took %s, and %d of %d records of the other part were read", took, read(good), len(good))
		}
	})
}

// One answer at the beginning is no sign that a limit which follows will end.
func TestThrottlingAfterAnAnswerEnds(t *testing.T) {
	var n atomic.Int64
	against(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 2 {
			one(w, r)
			return
		}
		answer(429, "", "Retry-After", "1")(w, r)
	}, Options{}, func(ctx context.Context, c *Client) {
		begun := time.Now()
		errs := ask(BeginPart(BeginLoad(ctx)), c, "/", 4, 4)
		if took := time.Since(begun); read(errs) != 1 || took > 30*time.Second {
			t.Errorf("%d records were read in %s", read(errs), took)
		}
	})
}
