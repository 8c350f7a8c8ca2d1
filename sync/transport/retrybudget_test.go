package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// pipes is a network without one, so that time is the bubble's for both ends.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// latency is how long an answer takes.
const latency = 40 * time.Millisecond

// against runs a client against a service that answers so after a while, in time that nobody waits for.
func against(t *testing.T, answer http.HandlerFunc, o Options, run func(ctx context.Context, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := pipes{make(chan net.Conn), make(chan struct{})}
		slow := func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(latency)
			answer(w, r)
		}
		srv := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(slow)}
		var serving sync.WaitGroup
		serving.Go(func() { _ = srv.Serve(p) })
		o.BaseURL = "http://localhost"
		c, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		c.wire.DialContext = p.dial
		run(t.Context(), c)
		c.Close()
		_ = srv.Close()
		serving.Wait()
	})
}

// ask reads n records under a path, some at the same time, and gives the errors by index.
func ask(ctx context.Context, c *Client, path string, workers, n int) []error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				_, errs[i] = c.GetJSON(ctx, fmt.Sprint(path, i), "", new(any))
			}
		})
	}
	wg.Wait()
	return errs
}

// read counts the records that were read.
func read(errs []error) (n int) {
	for _, err := range errs {
		if err == nil {
			n++
		}
	}
	return n
}

func one(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("1")) }

// failures are answers that are none.
func failures() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"500": answer(500, ""), "502": answer(502, "<html>"), "503 with seconds": answer(503, "", "Retry-After", "3"),
		"cut": cut, "half": half, "page": answer(200, "<html>"),
		"429 without seconds": answer(429, ""), "403": answer(403, ""),
	}
}

// However many records there are, and however many parts want them, a load whose answers are all failures is over in 30
// s, and says what failed and how often.
func TestALoadThatOnlyFailsEndsSoon(t *testing.T) {
	all := failures()
	rapid.Check(t, func(rt *rapid.T) {
		kinds := rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(all))), 1, 5).Draw(rt, "kinds")
		records := rapid.SliceOfN(rapid.SampledFrom([]int{1, 10, 1000, 10_000}), 1, 3).Draw(rt, "records of each part")
		workers := rapid.IntRange(1, 8).Draw(rt, "workers")
		var n atomic.Int64
		var took time.Duration
		var last error
		found, sent := 0, 0
		against(t, func(w http.ResponseWriter, r *http.Request) { all[kinds[int(n.Add(1))%len(kinds)]](w, r) },
			Options{},
			func(ctx context.Context, c *Client) {
				begun := time.Now()
				ctx = BeginLoad(ctx)
				for _, n := range records {
					errs := ask(BeginPart(ctx), c, "/", workers, n)
					found += read(errs)
					last = errs[n-1]
				}
				took, sent = time.Since(begun), c.Requests()
			})
		if found > 0 || took >= 30*time.Second || sent > len(records)*(maxFailuresInRow+8) {
			rt.Errorf("%d records were read, in %s and %d requests", found, took, sent)
		}
		given, ok := errors.AsType[*GivenUpError](last)
		said := regexp.MustCompile(`^given up after \d+ of \d+ requests failed, the last: `)
		if records[len(records)-1] >= 1000 && (!ok || given.Failed != given.Sent || !said.MatchString(last.Error())) {
			rt.Errorf("the last error is %v", last)
		}
	})
}

// A service that fails for some seconds now and then is read whole.
func TestAServiceThatRecoversIsReadWhole(t *testing.T) {
	all := failures()
	delete(all, "403")
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(rt, "kind")
		outages := rapid.SliceOfN(rapid.IntRange(0, 3700), 1, 3).Draw(rt, "milliseconds of outage")
		// An outage costs each worker up to four retries, of which the last gives back what it took: the share of a
		// part pays for two of them with eight workers, and for three with six.
		most := 10 - 2*max(len(outages)-1, 1) //nolint:mnd // as the sentence above says
		workers, records := rapid.IntRange(1, most).Draw(rt, "workers"), rapid.IntRange(1, 60).Draw(rt, "records")
		var ends atomic.Pointer[time.Time]
		var errs []error
		against(t, func(w http.ResponseWriter, r *http.Request) {
			if time.Now().Before(*ends.Load()) {
				all[kind](w, r)
				return
			}
			one(w, r)
		}, Options{}, func(ctx context.Context, c *Client) {
			ctx = BeginPart(BeginLoad(ctx))
			for _, ms := range outages {
				end := time.Now().Add(time.Duration(ms) * time.Millisecond)
				ends.Store(&end)
				errs = append(errs, ask(ctx, c, "/", workers, records)...)
			}
		})
		if n := read(errs); n != len(errs) {
			rt.Errorf("%d of %d records were read: %v", n, len(errs), errors.Join(errs...))
		}
	})
}

// A rate limit that does not say how long it lasts is waited for, also beyond the tries that a failure has, and takes
// no tokens.
func TestARateLimitThatSaysNoTimeIsWaitedFor(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lasts := time.Duration(rapid.IntRange(0, 15_000).Draw(rt, "milliseconds")) * time.Millisecond
		workers, records := rapid.IntRange(1, 8).Draw(rt, "workers"), rapid.IntRange(1, 60).Draw(rt, "records")
		limit := rapid.SampledFrom([]http.HandlerFunc{answer(429, ""), answer(400, "rate_limit_exceeded")}).Draw(rt,
			"limit")
		var errs []error
		var left int
		begun := make(chan time.Time, 1)
		against(t, func(w http.ResponseWriter, r *http.Request) {
			began := <-begun
			begun <- began
			if time.Since(began) < lasts {
				limit(w, r)
				return
			}
			one(w, r)
		}, Options{Retries: 1, Transient: func(status int, body []byte) bool { // one try more would not do
			return status == 400 && strings.Contains(string(body), "rate_limit_exceeded")
		}}, func(ctx context.Context, c *Client) {
			begun <- time.Now()
			ctx = BeginPart(BeginLoad(ctx))
			errs = ask(ctx, c, "/", workers, records)
			left = partFrom(ctx).health(c).tokens
		})
		if n := read(errs); n != len(errs) || left != partTokens {
			rt.Errorf("%d of %d records were read, and %d tokens are left: %v", n, len(errs), left,
				errors.Join(errs...))
		}
	})
}

// Two parts of a load at one service: what the one fails with neither ends the other nor takes the tokens for its own
// slips. The same for a write.
func TestAFailingPartStarvesNoOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		workers := rapid.IntRange(1, 4).Draw(rt, "workers")
		badWorkers := rapid.IntRange(1, 8).Draw(rt, "workers of the bad part")
		var n atomic.Int64
		var bad, good []error
		var write error
		against(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/bad") || n.Add(1)%9 == 0 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			time.Sleep(10 * latency) // so that it still has slips when the other is given up
			one(w, r)
		}, Options{}, func(ctx context.Context, c *Client) {
			ctx = BeginLoad(ctx)
			fails := BeginPart(ctx)
			var wg sync.WaitGroup
			wg.Go(func() { bad = ask(fails, c, "/bad/", badWorkers, 1000) })
			wg.Go(func() { good = ask(BeginPart(ctx), c, "/good/", workers, 300) })
			wg.Wait()
			_, write = c.Do(fails, Request{Method: http.MethodPost, Path: "/bad"})
		})
		if b, g := read(bad), read(good); b != 0 || g != len(good) {
			rt.Errorf("%d records of the bad part were read, and %d of %d of the good one: %v",
				b, g, len(good), errors.Join(good...))
		}
		if _, held := errors.AsType[*GivenUpError](write); held {
			rt.Errorf("a write was held back for what reads had failed with: %v", write)
		}
	})
}

// The next load begins anew.
func TestALoadHasItsOwnBudget(t *testing.T) {
	against(t, answer(500, ""), Options{}, func(ctx context.Context, c *Client) {
		for range 2 {
			before := c.Requests()
			ask(BeginPart(BeginLoad(ctx)), c, "/", 1, 100)
			if n := c.Requests() - before; n < 10 {
				t.Errorf("%d requests, so that the load before was held against this one", n)
			}
		}
	})
}

// A time-out has taken longer than an answer, and costs more. A part that is not answered at all has one more try.
func TestTimeoutsCostMore(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, tt := range map[string]struct {
		answer        http.HandlerFunc
		retries, cost int
		most          time.Duration
	}{
		"500":     {answer(500, ""), 4, 5, 8 * time.Second},
		"a limit": {answer(429, ""), 7, 0, giveUpAfter},
		"nothing": {silent, 1, 10, 62 * time.Second},
	} {
		against(t, tt.answer, Options{}, func(ctx context.Context, c *Client) {
			begun := time.Now()
			ctx = BeginPart(ctx)
			_, err := c.Do(ctx, Request{Method: http.MethodGet, Path: "/x"})
			left := partFrom(ctx).health(c).load.tokens
			if took := time.Since(begun); err == nil || took > tt.most || left != retryTokens-tt.retries*tt.cost {
				t.Errorf("%s: took %s, %d tokens are left: %v", name, took, left, err)
			}
		})
	}
}

// Parts of a load that come one after the other: a service that does not answer at all holds up the first alone.
func TestASilentServiceHoldsUpOnePart(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	against(t, silent, Options{}, func(ctx context.Context, c *Client) {
		begun := time.Now()
		ctx = BeginLoad(ctx)
		for range 4 {
			if n := read(ask(BeginPart(ctx), c, "/", 4, 10)); n > 0 {
				t.Errorf("%d records were read", n)
			}
		}
		if took := time.Since(begun); took > 62*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// A limit of so many requests in a window answers some at its border, while others are refused.
func TestALimitThatEndsAgainAndAgainIsWaitedFor(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		window := time.Duration(rapid.IntRange(5, 58).Draw(rt, "seconds")) * time.Second
		takes := rapid.SliceOfN(rapid.IntRange(0, 59), 16, 16).Draw(rt, "milliseconds of answers")
		var errs []error
		var mu sync.Mutex
		var began time.Time
		seen, inWindow := 0, 0
		against(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			if now := time.Now(); now.Sub(began) >= window {
				began, inWindow = now, 0
			}
			seen, inWindow = seen+1, inWindow+1
			within, left := inWindow <= 40, window-time.Since(began)
			took := time.After(time.Duration(takes[seen%len(takes)]) * time.Millisecond)
			mu.Unlock()
			<-took
			if within {
				one(w, r)
			} else {
				answer(429, "", "Retry-After", strconv.Itoa(int(left/time.Second)+1))(w, r)
			}
		}, Options{}, func(ctx context.Context, c *Client) {
			errs = ask(BeginPart(BeginLoad(ctx)), c, "/", 6, 130)
		})
		if n := read(errs); n != len(errs) {
			rt.Errorf("%d of %d records were read: %v", n, len(errs), errors.Join(errs...))
		}
	})
}

// A part whose limit ends too late for this read leaves the retries of the others alone.
func TestALongLimitOfOnePartLeavesTheOthersTheirRetries(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	against(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/limited"):
			answer(429, "", "Retry-After", "3600")(w, r)
		case asked.Add(1) == 1:
			<-time.After(20 * time.Millisecond) // until the other part is given up
			answer(503, "")(w, r)
		default:
			one(w, r)
		}
	}, Options{}, func(ctx context.Context, c *Client) {
		load := BeginLoad(ctx)
		var wg sync.WaitGroup
		wg.Go(func() { ask(BeginPart(load), c, "/limited/", 1, 10) })
		errs := ask(BeginPart(load), c, "/", 1, 10)
		wg.Wait()
		if n := read(errs); n != len(errs) {
			t.Errorf("%d of %d records were read: %v", n, len(errs), errors.Join(errs...))
		}
	})
}

// A run follows the log and, where that fails, reads both sides in full, the log with them: that is one load, and what
// it has given up it does not wait for again. What answers meanwhile is read.
func TestALoadWithinALoadWaitsForNothingTwice(t *testing.T) {
	silent := func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/log") {
			<-r.Context().Done()
			return
		}
		one(w, r)
	}
	against(t, silent, Options{}, func(ctx context.Context, c *Client) {
		begun := time.Now()
		run := BeginLoad(ctx)
		ask(BeginPartAgain(run, "log"), c, "/log", 1, 1)
		once := time.Since(begun)
		within := BeginLoad(run)
		if n := read(ask(BeginPart(within), c, "/", 4, 10)); n != 10 {
			t.Errorf("%d records were read", n)
		}
		sent := c.Requests()
		if errs := ask(BeginPartAgain(within, "log"), c, "/log", 1, 1); read(errs) > 0 || c.Requests() > sent {
			t.Errorf("asked again: %v", errs)
		}
		if took := time.Since(begun); took > once+5*time.Second {
			t.Errorf("took %s, after %s for the first time", took, once)
		}
	})
}

// A run checks one step after the other, and writes and waits in between: its checks are one load, and what it sends
// beside them is none of it.
func TestALoadThatGoesOnWaitsForASilentServiceOnce(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	against(t, silent, Options{}, func(ctx context.Context, c *Client) {
		begun, inChecks := time.Now(), SharedLoad()
		for range 10 {
			if n := read(ask(inChecks(ctx), c, "/", 1, 2)); n > 0 {
				t.Errorf("%d records were read", n)
			}
		}
		if took := time.Since(begun); took > 62*time.Second {
			t.Errorf("took %s", took)
		}
		sent := c.Requests()
		if ask(ctx, c, "/", 1, 1); c.Requests() == sent {
			t.Error("what is no part of the load was not asked")
		}
	})
}
