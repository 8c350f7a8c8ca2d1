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

// isTransient reports whether a failure may pass by itself: rate limits, 5xx except 501, lost connections and broken
// JSON. OneLogin answers bursts with 502 (https://github.com/onelogin/terraform-provider-onelogin/issues/219).
func (k *call) isTransient(err error) bool {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return k.c.isRateLimited(status.Status, status.Body) ||
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

func (c *Client) isRateLimited(status int, body []byte) bool {
	return status == http.StatusTooManyRequests || c.opts.Transient != nil && c.opts.Transient(status, body)
}

// shouldRetry ends an attempt and says whether another one may and should follow. It is resty's condition for a retry.
func (k *call) shouldRetry(answer *resty.Response, err error) bool {
	if !k.attemptOpen {
		return false // it was not sent, and beginAttempt said why
	}
	k.endAttempt(answer, err)
	if answer == nil {
		return false
	}
	status, refused := errors.AsType[*StatusError](k.err)
	if k.err == nil || refused && status.Status == http.StatusNotFound {
		k.updateHealth(func(h *health) { h.recordAnswer(max(k.tokensPaid, firstTryRefund)) })
		return false
	}
	k.nextDelay = 0
	if refused && status.Status == http.StatusUnauthorized && !k.credentialRenewed {
		k.credentialRenewed = true
		if renewed, err := k.authorize(answer.Request.Context()); renewed || err != nil {
			k.err = cmp.Or(err, k.err)
			return renewed
		}
	}
	var asked time.Duration
	limited := refused && k.c.isRateLimited(status.Status, status.Body)
	if refused {
		asked = status.RetryAfter
	}
	k.updateHealth(func(h *health) { // a wait that is on already is no time of failing
		h.recordFailure(k.c.timeNotHeldBack().Add(max(0, k.c.notBefore.Sub(k.c.clock.Now()))), k.err)
	})
	if !k.mayRepeat() || k.c.opts.Retries == 0 || !k.isTransient(k.err) {
		return false
	}
	if asked > k.c.opts.MaxWait {
		k.err = &WaitError{Wait: asked, Max: k.c.opts.MaxWait, Until: k.c.clock.Now().Add(asked), Err: status}
		k.giveUpPart(k.err)
		return false
	}
	k.nextDelay, k.delayReason = k.backOffTime(), "the connection was lost"
	switch {
	case limited:
		k.delayReason = "rate limit"
	case refused:
		k.delayReason = fmt.Sprintf("answered %d", status.Status)
	}
	if asked > 0 {
		k.nextDelay, k.delayReason = max(asked, k.c.opts.Backoff), k.delayReason+", asked to wait"
	}
	switch {
	case limited && asked > 0:
		return k.mayWait()
	case limited:
		k.nextDelay = min(k.nextDelay, maxUnstatedWait)
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
	if err := k.givenUpError(k.nextDelay); err != nil {
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
	return k.takeTokens(cost)
}

// mayWait reports whether a rate limit is waited for as it asks. That costs nothing and is no failure; but a limit that
// goes on after it was kept again and again, while nothing of the part is answered, has no end.
func (k *call) mayWait() bool {
	k.updateHealth(func(h *health) {
		if h.answered != k.answeredBefore {
			k.answeredBefore, k.loadAnsweredBefore = h.answered, h.load.answered
			k.rateLimitWaits, k.rateLimitWaited = 0, 0
		}
	})
	if k.rateLimitWaits >= maxVainWaits && k.rateLimitWaited >= giveUpAfter {
		k.giveUpPart(k.err)
	}
	if err := k.givenUpError(0); err != nil {
		k.err = err
		return false
	}
	k.rateLimitWaits, k.rateLimitWaited = k.rateLimitWaits+1, k.rateLimitWaited+k.nextDelay
	k.c.holdBack(k.nextDelay)
	return true
}

// authorize asks for another credential than the request has: for the first one, and for a fresh one after the first
// 401. That says that nothing was done, so that a write may follow it too; but not with the one that was refused.
func (k *call) authorize(ctx context.Context) (renewed bool, err error) {
	if k.c.opts.Authorize == nil {
		return false, nil
	}
	fresh, err := k.c.opts.Authorize(ctx, k.req.Path, k.authorization)
	if err != nil || fresh == k.authorization {
		return false, err
	}
	k.authorization = fresh
	k.c.authorization.Store(fresh)
	return true, nil
}

// waitBeforeRetry waits before the next attempt: as long as the service asks, else by jittered exponential back-off.
func (k *call) waitBeforeRetry(r *resty.Request) error {
	err := k.wait(r.Context(), k.nextDelay, k.delayReason)
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
