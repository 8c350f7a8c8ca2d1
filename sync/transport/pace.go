package transport

import (
	"context"
	"fmt"
	"time"
)

// waitForRateLimit waits until a rate limit that another request met is over, and for the token bucket. Nothing is sent
// after a cancellation, not even to fail: a write's failure would look as if it might have happened.
func (k *call) waitForRateLimit(ctx context.Context) error {
	c := k.c
	if ctx.Err() != nil {
		return k.cancelledError(ctx)
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
		c.totalHeldBack += until.Sub(now)
		c.notBefore = until
	}
}

// wait sleeps, or fails at once if the deadline would pass first, or the part would be given up.
func (k *call) wait(ctx context.Context, d time.Duration, why string) error {
	c := k.c
	d = max(d, 0)
	if err := k.givenUpError(d); err != nil || d == 0 {
		return err
	}
	until := c.clock.Now().Add(d)
	if until.After(k.deadline) {
		err := &TimeoutError{RequestInfo: k.requestInfo(), Total: c.opts.TotalTimeout, Err: k.err}
		k.giveUpPart(err)
		return err
	}
	event := k.newEvent(EventWait)
	event.Until, event.Why = until, why
	c.observe(event)
	k.heldBack += d
	if err := c.clock.Sleep(ctx, until); err != nil {
		return k.cancelledError(ctx)
	}
	return nil
}

func (k *call) cancelledError(ctx context.Context) error {
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
