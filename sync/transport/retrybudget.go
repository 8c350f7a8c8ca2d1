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
	// giveUpAfter is how long after its first failure a part that answers nothing else is still asked, and
	// maxFailuresInRow how often: without tokens, or where it makes no sense to try again, failures take no time.
	giveUpAfter      = 20 * time.Second
	maxFailuresInRow = 200
	// maxVainWaits is how many of the waits that a rate limit asks for are kept without an answer, and giveUpAfter for
	// how long, before it counts as one without end.
	maxVainWaits = 5
	// maxUnstatedWait is the longest wait for a rate limit that does not say how long it lasts.
	maxUnstatedWait = 4 * time.Second
)

// retryScope is one part of a load, or a whole load.
type retryScope struct {
	load           *retryScope // nil: this is the load
	mu             sync.Mutex
	healthByClient map[*Client]*health
	within         *retryScope            // the load in which this load was begun
	partsByName    map[string]*retryScope // of a load within no other, those that may be begun again
}

type scopeKey struct{}

// BeginLoad gives a context whose requests share a retry budget for each service, for a load or to make a plan. Without
// one each request has its own.
func BeginLoad(ctx context.Context) context.Context {
	begun := &retryScope{}
	if _, within := ctx.Value(scopeKey{}).(*retryScope); within {
		begun.within = partFrom(ctx).load
	}
	return context.WithValue(ctx, scopeKey{}, begun)
}

// SharedLoad gives what puts contexts into one and the same load, where it goes on with other requests in between.
func SharedLoad() func(context.Context) context.Context {
	load := &retryScope{}
	return func(ctx context.Context) context.Context { return context.WithValue(ctx, scopeKey{}, load) }
}

// BeginPart gives a context for one part of the load that ctx belongs to. A part that a service answers with nothing
// but failures is given up within 30 s of the first one: its requests, all but writes, then fail with a *GivenUpError.
// The other parts go on.
func BeginPart(ctx context.Context) context.Context {
	load := partFrom(ctx).load
	return context.WithValue(ctx, scopeKey{}, &retryScope{load: load})
}

// BeginPartAgain is BeginPart for a part that its load, or the one within which that was begun, may have begun before,
// under that name: what was given up then is not waited for once more.
func BeginPartAgain(ctx context.Context, name string) context.Context {
	load := partFrom(ctx).load
	for load.within != nil {
		load = load.within
	}
	load.mu.Lock()
	defer load.mu.Unlock()
	if load.partsByName == nil {
		load.partsByName = map[string]*retryScope{}
	}
	if load.partsByName[name] == nil {
		load.partsByName[name] = &retryScope{load: load}
	}
	return context.WithValue(ctx, scopeKey{}, load.partsByName[name])
}

// partFrom gives the part that ctx belongs to; a request outside of any is one by itself, and outside of a load that
// too.
func partFrom(ctx context.Context) *retryScope {
	s, ok := ctx.Value(scopeKey{}).(*retryScope)
	switch {
	case !ok:
		return &retryScope{load: &retryScope{}}
	case s.load == nil:
		return &retryScope{load: s}
	}
	return s
}

func (s *retryScope) health(c *Client) *health {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.healthByClient[c]
	if h == nil {
		h = &health{tokens: retryTokens, maxTokens: retryTokens}
		if s.load != nil {
			h = &health{tokens: partTokens, maxTokens: partTokens, load: s.load.health(c)}
		}
		if s.healthByClient == nil {
			s.healthByClient = map[*Client]*health{}
		}
		s.healthByClient[c] = h
	}
	return h
}

// health is how a service has answered a part, or a load. The client's lock guards it.
type health struct {
	load              *health // nil: this is the load's
	tokens, maxTokens int
	sent, answered    int // attempts
	failuresInRow     int // that failed since the last answer
	lastErr           error
	// failingSince is since when it answers nothing but failures, zero while it answers. The time for which it asked to
	// be left alone does not count.
	failingSince time.Time
}

func (h *health) recordAnswer(refund int) {
	h.sent, h.answered, h.failuresInRow, h.failingSince = h.sent+1, h.answered+1, 0, time.Time{}
	h.tokens = min(h.tokens+refund, h.maxTokens)
	if h.load != nil {
		h.load.recordAnswer(refund)
	}
}

// recordFailure gives since when it is failing. A part that begins to fail does so since the load did: where no part is
// answered, each costs one request more and no time.
func (h *health) recordFailure(now time.Time, err error) time.Time {
	since := now
	if h.load != nil {
		since = h.load.recordFailure(now, err)
	}
	if h.failingSince.IsZero() {
		h.failingSince = since
	}
	h.sent, h.failuresInRow, h.lastErr = h.sent+1, h.failuresInRow+1, err
	return h.failingSince
}

func (k *call) updateHealth(change func(h *health)) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	change(k.health)
}

// giveUpPart gives the part up at once, unless it was answered while this request waited. Where nothing of its load was
// in all that time, the next part fails as long as this one.
func (k *call) giveUpPart(err error) {
	k.updateHealth(func(h *health) {
		since := k.c.timeNotHeldBack().Add(-giveUpAfter)
		if h.answered == k.answeredBefore {
			h.failingSince, h.lastErr = since, err
		}
		if h.load.answered == k.loadAnsweredBefore && k.rateLimitWaited >= giveUpAfter {
			h.load.failingSince = since
		}
	})
}

func (k *call) takeTokens(cost int) (paid bool) {
	k.updateHealth(func(h *health) {
		if paid = min(h.tokens, h.load.tokens) >= cost; paid {
			h.tokens, h.load.tokens, k.tokensPaid = h.tokens-cost, h.load.tokens-cost, cost
		}
	})
	return paid
}

// givenUpError is the error of a part that will have been given up after a wait. A write belongs to no such part:
// whether it is sent is not for its neighbours to say.
func (k *call) givenUpError(after time.Duration) (err error) {
	if !k.mayRepeat() {
		return nil
	}
	k.updateHealth(func(h *health) {
		// Else the first request of each part would take half a minute.
		if h.failingSince.IsZero() && timedOut(h.load.lastErr) {
			h = h.load
		}
		if !h.failingSince.IsZero() && (h.failuresInRow >= maxFailuresInRow ||
			k.c.timeNotHeldBack().Add(after).Sub(h.failingSince) >= giveUpAfter) {
			err = &GivenUpError{Failed: h.sent - h.answered, Sent: h.sent, Err: h.lastErr}
		}
	})
	return err
}

// timeNotHeldBack is the time without all that the service asked to be left alone for; the caller holds the lock.
func (c *Client) timeNotHeldBack() time.Time { return c.clock.Now().Add(-c.totalHeldBack) }
