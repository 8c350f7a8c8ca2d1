package transport

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
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
	k.with(func(h *health) { // a wait that is on already is no time of failing
		h.fail(k.c.untroubled().Add(max(0, k.c.notBefore.Sub(k.c.clock.Now()))), k.err)
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
		return k.mayWait()
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

// mayWait reports whether a rate limit is waited for as it asks. That costs nothing and is no failure; but a limit that
// goes on after it was kept again and again, while nothing of the part is answered, has no end.
func (k *call) mayWait() bool {
	k.with(func(h *health) {
		if h.answered != k.before {
			k.before, k.loadBefore, k.waits, k.waited = h.answered, h.load.answered, 0, 0
		}
	})
	if k.waits >= waitsInVain && k.waited >= patience {
		k.abandon(k.err)
	}
	if err := k.givenUp(0); err != nil {
		k.err = err
		return false
	}
	k.waits, k.waited = k.waits+1, k.waited+k.delay
	k.c.holdBack(k.delay)
	return true
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
