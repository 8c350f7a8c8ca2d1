package transport

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/scimdrift/scimdrift/model"
)

// mayRepeat is the rule that keeps a write from happening twice.
func (k *call) mayRepeat() bool {
	return k.req.Retry || k.req.Method == http.MethodGet || k.req.Method == http.MethodHead
}

// worthRepeating reports whether a failure may pass by itself: rate limits, 5xx except 501, lost connections and broken
// JSON. OneLogin answers bursts with 502 (https://github.com/onelogin/terraform-provider-onelogin/issues/219).
func (k *call) worthRepeating(err error) bool {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return k.c.rateLimited(status.Status, status.Body) ||
			status.Status >= 500 && status.Status != http.StatusNotImplemented
	}
	var conn *ConnError
	var decode *DecodeError
	if _, lossy := errors.AsType[*TextError](err); lossy {
		return false // it will be the same text
	}
	if certificate := (*tls.CertificateVerificationError)(nil); errors.As(err, &certificate) ||
		errors.Is(err, errTooLarge) {
		return false // it will be the same one
	}
	return errors.As(err, &conn) || errors.As(err, &decode)
}

func (c *Client) rateLimited(status int, body []byte) bool {
	return status == http.StatusTooManyRequests || c.opts.Transient != nil && c.opts.Transient(status, body)
}

// again ends an attempt and says whether another one may and should follow. It is resty's condition for a retry.
func (k *call) again(answer *resty.Response, err error) bool {
	if !k.open {
		return false // it was not sent, and begin said why
	}
	k.judge(answer, err)
	if answer == nil {
		return false
	}
	status, refused := errors.AsType[*StatusError](k.err)
	if k.err == nil || refused && status.Status == http.StatusNotFound {
		k.with(func(h *health) { h.answer(max(k.paid, firstTryRefund)) })
		return false
	}
	k.delay = 0
	if refused && status.Status == http.StatusUnauthorized && !k.renewed {
		k.renewed = true
		if renewed, err := k.authorize(answer.Request.Context()); renewed || err != nil {
			k.err = cmp.Or(err, k.err)
			return renewed
		}
	}
	var asked time.Duration
	limited := refused && k.c.rateLimited(status.Status, status.Body)
	if refused {
		asked = status.RetryAfter
	}
	k.with(func(h *health) {
		if limited && asked > 0 { // waiting is no failure and costs nothing
			h.sent++
		} else {
			h.fail(k.c.untroubled(), k.err)
		}
	})
	if !k.mayRepeat() || k.c.opts.Retries == 0 || !k.worthRepeating(k.err) {
		return false
	}
	if asked > k.c.opts.MaxWait {
		k.err = &WaitError{Wait: asked, Max: k.c.opts.MaxWait, Until: k.c.clock.Now().Add(asked), Err: status}
		k.abandon(k.err)
		return false
	}
	k.delay, k.why = k.backOffTime(), "the connection was lost"
	switch {
	case limited:
		k.why = "rate limit"
	case refused:
		k.why = fmt.Sprintf("answered %d", status.Status)
	}
	if asked > 0 {
		k.delay, k.why = max(asked, k.c.opts.Backoff), k.why+", asked to wait"
	}
	switch {
	case limited && asked > 0:
		k.c.holdBack(k.delay)
		return true
	case limited:
		k.delay = min(k.delay, unsaidWait)
	}
	return k.mayRetry(limited)
}

// mayRetry reports whether a request that failed has another try left, in its own count and in the budget of its
// load. A rate limit that does not say how long it lasts is waited for too: it takes neither a try nor tokens. Only
// the patience of its part ends that, as long as nothing is answered: a limit without end looks just the same.
func (k *call) mayRetry(limited bool) bool {
	if !limited && k.retries >= k.c.opts.Retries {
		return false
	}
	if err := k.givenUp(k.delay); err != nil {
		k.err = err
		return false
	}
	k.retries++
	cost := retryCost
	switch {
	case limited:
		cost = 0
	case timedOut(k.err):
		cost = timeoutCost
	}
	return k.pay(cost)
}

// authorize asks for another credential than the request has: for the first one, and for a fresh one after the first
// 401. That says that nothing was done, so that a write may follow it too; but not with the one that was refused.
func (k *call) authorize(ctx context.Context) (renewed bool, err error) {
	if k.c.opts.Authorize == nil {
		return false, nil
	}
	fresh, err := k.c.opts.Authorize(ctx, k.req.Path, k.auth)
	if err != nil || fresh == k.auth {
		return false, err
	}
	k.auth = fresh
	k.c.authorization.Store(fresh)
	return true, nil
}

// pause waits before the next attempt: as long as the service asks, else by jittered exponential back-off.
func (k *call) pause(r *resty.Request) error {
	err := k.wait(r.Context(), k.delay, k.why)
	k.err = cmp.Or(err, k.err)
	return err
}

// backOffTime doubles with each attempt, up to MaxBackoff; the upper half of it is random, so that requests which
// failed together do not come back together.
func (k *call) backOffTime() time.Duration {
	d := k.c.opts.Backoff
	for i := 0; i < k.retries && d < k.c.opts.MaxBackoff; i++ {
		d *= 2
	}
	d = min(d, k.c.opts.MaxBackoff)
	return d/2 + time.Duration(k.c.jitter()*float64(d/2))
}

// pace waits until a rate limit that another request met is over, and for the token bucket. Nothing is sent after a
// cancellation, not even to fail: a write's failure would look as if it might have happened.
func (k *call) pace(ctx context.Context) error {
	c := k.c
	if ctx.Err() != nil {
		return k.cancelled(ctx)
	}
	now := c.clock.Now()
	c.mu.Lock()
	hold := c.notBefore.Sub(now)
	c.mu.Unlock()
	if hold > 0 {
		if err := k.wait(ctx, hold, "rate limit met by another request"); err != nil {
			return err
		}
	}
	if c.limiter == nil {
		return nil
	}
	now = c.clock.Now()
	reservation := c.limiter.ReserveN(now, 1)
	if err := k.wait(ctx, reservation.DelayFrom(now), "our share of the rate limit"); err != nil {
		reservation.CancelAt(c.clock.Now())
		return err
	}
	return nil
}

func (c *Client) holdBack(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if until := now.Add(d); until.After(c.notBefore) {
		if c.notBefore.After(now) {
			now = c.notBefore
		}
		c.putOff += until.Sub(now)
		c.notBefore = until
	}
}

// wait sleeps, or fails at once if the deadline would pass first, or the part would be given up.
func (k *call) wait(ctx context.Context, d time.Duration, why string) error {
	c := k.c
	d = max(d, 0)
	if err := k.givenUp(d); err != nil || d == 0 {
		return err
	}
	until := c.clock.Now().Add(d)
	if until.After(k.deadline) {
		err := &TimeoutError{Asked: k.asked(), Total: c.opts.TotalTimeout, Err: k.err}
		k.abandon(err)
		return err
	}
	event := k.event(EventWait)
	event.Until, event.Why = until, why
	c.tell(event)
	k.held += d
	if err := c.clock.Sleep(ctx, until); err != nil {
		return k.cancelled(ctx)
	}
	return nil
}

func (k *call) cancelled(ctx context.Context) error {
	return fmt.Errorf("%s %s at %s was cancelled: %w", k.req.Method, k.req.Path, k.c.base.Host, context.Cause(ctx))
}

// Clock is time as a client sees it, so that tests of waits need not wait. It is used from many goroutines.
type Clock interface {
	Now() time.Time
	// Sleep returns at a moment, or early with the cause of ctx. It is told the moment, because of several who begin to
	// wait together none waits for the others.
	Sleep(ctx context.Context, until time.Time) error
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, until time.Time) error {
	return Sleep(ctx, time.Until(until))
}

// Sleep waits on a real timer, or ends early with ctx; its error is why that ended.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Budget gives the last budget that any answer carried: OneLogin documents the headers but does not send them always
// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
func (c *Client) Budget() model.Budget {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.budget
}

func (c *Client) noteBudget(h http.Header, now time.Time) model.Budget {
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	if err1 != nil || err2 != nil {
		return model.Budget{}
	}
	b := model.Budget{Limit: limit, Remaining: remaining, Known: true}
	if wait, ok := parseReset(h.Get("X-RateLimit-Reset"), now); ok {
		b.Reset = now.Add(wait)
	}
	c.mu.Lock()
	c.budget = b
	c.mu.Unlock()
	return b
}

// answerDate is the service's clock; zero if the answer has no readable date.
func answerDate(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// parseReset reads seconds until the reset, as OneLogin sends them; other services send the moment itself as an epoch
// time, which no number of seconds comes near.
func parseReset(v string, now time.Time) (time.Duration, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	const tenYears = 10 * 365 * 24 * 3600
	if n > tenYears {
		return max(time.Unix(n, 0).Sub(now), 0), true
	}
	return time.Duration(n) * time.Second, true
}

// askedWait is the wait that an answer asks for, 0 if none. X-RateLimit-Reset counts only on a rate limit, and only if
// nothing remains: OneLogin may send it with every answer, and a short burst limit ends long before the hour does.
func askedWait(h http.Header, rateLimited bool, now time.Time) time.Duration {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 && s < 1e9 {
			return time.Duration(s * float64(time.Second))
		}
		if at, err := http.ParseTime(v); err == nil {
			return max(at.Sub(now), 0)
		}
	}
	if !rateLimited {
		return 0
	}
	if left := h.Get("X-RateLimit-Remaining"); left != "" && left != "0" {
		return 0
	}
	wait, _ := parseReset(h.Get("X-RateLimit-Reset"), now)
	return wait
}
