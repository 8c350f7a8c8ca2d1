package transport

import (
	"context"
	"sync"
	"time"
)

// A service that keeps failing must not hold a load up for as long as it has records. Each service has a bucket of
// tokens for a load, and every retry takes some: that bounds what failures here and there cost. A part that answers
// nothing but failures is given up by time, before it has emptied the bucket for the parts that do answer. Throttling
// takes no tokens: a rate limit is waited for as it asks, five times at least, or, where it does not say, until that
// time is over.

// The numbers of the AWS SDKs' standard retry mode (https://github.com/aws/aws-sdk-go-v2, aws/retry/standard.go and
// aws/ratelimit/token_bucket.go). A retry that succeeds gives back what it took.
const (
	retryTokens    = 500
	retryCost      = 5
	timeoutCost    = 10
	firstTryRefund = 1
)

const (
	// partTokens is how many of them one part may hold out of the bucket, so that one that keeps failing leaves the
	// others some.
	partTokens = 300
	// patience is how long after its first failure a part that answers nothing else is still asked, and mostInRow how
	// often: without tokens, or where it makes no sense to try again, failures take no time.
	patience  = 20 * time.Second
	mostInRow = 200
	// waitsInVain is how many of the waits that a rate limit asks for are kept without an answer, and patience for how
	// long, before it counts as one without end.
	waitsInVain = 5
	// unsaidWait is the longest wait for a rate limit that does not say how long it lasts.
	unsaidWait = 4 * time.Second
)

// scope is one part of a load, or a whole load.
type scope struct {
	load *scope // nil: this is the load
	mu   sync.Mutex
	of   map[*Client]*health
}

type scopeKey struct{}

// BeginLoad gives a context whose requests share a retry budget for each service, for a load or to make a plan. Without
// one each request has its own.
func BeginLoad(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, &scope{})
}

// BeginPart gives a context for one part of the load that ctx belongs to. A part that a service answers with nothing
// but failures is given up within 30 s of the first one: its requests, all but writes, then fail with a *GivenUpError.
// The other parts go on.
func BeginPart(ctx context.Context) context.Context {
	load := partOf(ctx).load
	return context.WithValue(ctx, scopeKey{}, &scope{load: load})
}

// partOf gives the part that ctx belongs to; a request outside of any is one by itself, and outside of a load that too.
func partOf(ctx context.Context) *scope {
	s, ok := ctx.Value(scopeKey{}).(*scope)
	switch {
	case !ok:
		return &scope{load: &scope{}}
	case s.load == nil:
		return &scope{load: s}
	}
	return s
}

func (s *scope) health(c *Client) *health {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.of[c]
	if h == nil {
		h = &health{tokens: retryTokens, most: retryTokens}
		if s.load != nil {
			h = &health{tokens: partTokens, most: partTokens, load: s.load.health(c)}
		}
		if s.of == nil {
			s.of = map[*Client]*health{}
		}
		s.of[c] = h
	}
	return h
}

// health is how a service has answered a part, or a load. The client's lock guards it.
type health struct {
	load           *health // nil: this is the load's
	tokens, most   int
	sent, answered int // attempts
	inRow          int // that failed since the last answer
	last           error
	// failing is since when it answers nothing but failures, zero while it answers. The time for which it asked to be
	// left alone does not count.
	failing time.Time
}

func (h *health) answer(refund int) {
	h.sent, h.answered, h.inRow, h.failing = h.sent+1, h.answered+1, 0, time.Time{}
	h.tokens = min(h.tokens+refund, h.most)
	if h.load != nil {
		h.load.answer(refund)
	}
}

// fail gives since when it is failing. A part that begins to fail does so since the load did: where no part is
// answered, each costs one request more and no time.
func (h *health) fail(now time.Time, err error) time.Time {
	since := now
	if h.load != nil {
		since = h.load.fail(now, err)
	}
	if h.failing.IsZero() {
		h.failing = since
	}
	h.sent, h.inRow, h.last = h.sent+1, h.inRow+1, err
	return h.failing
}

func (k *call) with(change func(h *health)) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	change(k.health)
}

// abandon gives the part up at once, unless it was answered while this request waited. Where nothing of its load was in
// all that time, the next part fails as long as this one.
func (k *call) abandon(err error) {
	k.with(func(h *health) {
		since := k.c.untroubled().Add(-patience)
		if h.answered == k.before {
			h.failing, h.last = since, err
		}
		if h.load.answered == k.loadBefore && k.waited >= patience {
			h.load.failing = since
		}
	})
}

func (k *call) pay(cost int) (paid bool) {
	k.with(func(h *health) {
		if paid = min(h.tokens, h.load.tokens) >= cost; paid {
			h.tokens, h.load.tokens, k.paid = h.tokens-cost, h.load.tokens-cost, cost
		}
	})
	return paid
}

// givenUp is the error of a part that will have been given up after a wait. A write belongs to no such part: whether it
// is sent is not for its neighbours to say.
func (k *call) givenUp(after time.Duration) (err error) {
	if !k.mayRepeat() {
		return nil
	}
	k.with(func(h *health) {
		if h.failing.IsZero() && timedOut(h.load.last) { // the first request of each part would take half a minute
			h = h.load
		}
		if !h.failing.IsZero() && (h.inRow >= mostInRow || k.c.untroubled().Add(after).Sub(h.failing) >= patience) {
			err = &GivenUpError{Failed: h.sent - h.answered, Sent: h.sent, Err: h.last}
		}
	})
	return err
}

// untroubled is the time without all that the service asked to be left alone for; the caller holds the lock.
func (c *Client) untroubled() time.Time { return c.clock.Now().Add(-c.putOff) }
