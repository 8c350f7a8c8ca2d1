package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// run sends the request until it succeeds, fails for good, or may not be tried again.
func (k *call) run(ctx context.Context) (*Response, error) {
	if err := k.authorize(ctx); err != nil {
		return nil, err
	}
	for {
		if err := k.pace(ctx); err != nil {
			return nil, err
		}
		resp, err := k.attempt(ctx)
		if err == nil {
			return resp, nil
		}
		if ctx.Err() != nil && k.mayRepeat() {
			return nil, k.cancelled(ctx)
		}
		renewed, renewErr := k.renew(ctx, err)
		if renewErr != nil {
			return nil, renewErr
		}
		if renewed {
			continue
		}
		if !k.mayRepeat() || k.attempts > k.c.opts.Retries || !k.worthRepeating(err) {
			return nil, err
		}
		if err = k.backOff(ctx, err); err != nil {
			return nil, err
		}
	}
}

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
	if certificate := (*tls.CertificateVerificationError)(nil); errors.As(err, &certificate) || oldTLS(err) {
		return false // it will be the same one
	}
	return errors.As(err, &conn) || errors.As(err, &decode)
}

func (c *Client) rateLimited(status int, body []byte) bool {
	return status == http.StatusTooManyRequests || c.opts.Transient != nil && c.opts.Transient(status, body)
}

func (k *call) authorize(ctx context.Context) (err error) {
	if k.c.opts.Authorize != nil {
		k.auth, err = k.c.opts.Authorize(ctx, k.req.Path, "")
		k.c.noteAuthorization(k.auth)
	}
	return err
}

// renew asks for a fresh credential after the first 401. A 401 says that nothing was done, so that a write may follow
// it too; but only with another credential than the one that was refused.
func (k *call) renew(ctx context.Context, err error) (bool, error) {
	var status *StatusError
	if k.renewed || k.c.opts.Authorize == nil || !errors.As(err, &status) || status.Status != http.StatusUnauthorized {
		return false, nil
	}
	k.renewed = true
	fresh, err := k.c.opts.Authorize(ctx, k.req.Path, k.auth)
	if err != nil {
		return false, err
	}
	if fresh == k.auth {
		return false, nil
	}
	k.auth, k.shown = fresh, ""
	k.c.noteAuthorization(fresh)
	return true, nil
}

// backOff waits before the next attempt: as long as the service asks, else by jittered exponential back-off.
func (k *call) backOff(ctx context.Context, cause error) error {
	c := k.c
	var status *StatusError
	if !errors.As(cause, &status) {
		return k.wait(ctx, k.backOffTime(), "the connection was lost", cause)
	}
	why := fmt.Sprintf("answered %d", status.Status)
	limited := c.rateLimited(status.Status, status.Body)
	if limited {
		why = "rate limit"
	}
	if status.RetryAfter == 0 {
		return k.wait(ctx, k.backOffTime(), why, cause)
	}
	until := c.clock.Now().Add(status.RetryAfter)
	if status.RetryAfter > c.opts.MaxWait {
		return &WaitError{Wait: status.RetryAfter, Max: c.opts.MaxWait, Until: until, Err: status}
	}
	if limited {
		c.holdBack(until)
	}
	return k.wait(ctx, status.RetryAfter, why+", asked to wait", cause)
}

// backOffTime doubles with each attempt, up to MaxBackoff; the upper half of it is random, so that requests which failed
// together do not come back together.
func (k *call) backOffTime() time.Duration {
	d := k.c.opts.Backoff
	for i := 1; i < k.attempts && d < k.c.opts.MaxBackoff; i++ {
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
		if err := k.wait(ctx, hold, "rate limit met by another request", nil); err != nil {
			return err
		}
	}
	if c.limiter == nil {
		return nil
	}
	now = c.clock.Now()
	reservation := c.limiter.ReserveN(now, 1)
	if err := k.wait(ctx, reservation.DelayFrom(now), "our share of the rate limit", nil); err != nil {
		reservation.CancelAt(c.clock.Now())
		return err
	}
	return nil
}

func (c *Client) holdBack(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.notBefore) {
		c.notBefore = until
	}
}

// wait sleeps, or fails at once if the deadline would pass first. cause is the failure before the wait, if any.
func (k *call) wait(ctx context.Context, d time.Duration, why string, cause error) error {
	c := k.c
	if d <= 0 {
		return nil
	}
	until := c.clock.Now().Add(d)
	if until.After(k.deadline) {
		return &TimeoutError{
			Method: k.req.Method, Host: c.base.Host, Path: k.req.Path,
			Total: c.opts.TotalTimeout, Attempts: k.attempts, Err: cause,
		}
	}
	event := k.event(EventWait)
	event.Until, event.Why = until, why
	c.tell(event)
	k.waited += d
	k.held += d
	if err := c.clock.Sleep(ctx, d); err != nil {
		return k.cancelled(ctx)
	}
	return nil
}

func (k *call) cancelled(ctx context.Context) error {
	return fmt.Errorf("%s %s at %s was cancelled: %w", k.req.Method, k.req.Path, k.c.base.Host, context.Cause(ctx))
}
