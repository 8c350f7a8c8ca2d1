// Package transporttest has a clock for tests of clients whose waits nobody wants to wait for.
package transporttest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock stands still but for sleeping, and remembers the sleeps. Those who sleep at the same time sleep at the same
// time. It is a transport.Clock.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

// NewClock makes one that shows a moment.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is the moment that it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep puts the clock forward, unless ctx is over.
func (c *Clock) Sleep(ctx context.Context, until time.Time) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := until.Sub(c.now); d > 0 { // else somebody slept longer meanwhile
		c.now = until
		c.sleeps = append(c.sleeps, d)
	}
	return nil
}

// Advance puts the clock forward, or back.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Slept gives the sleeps so far.
func (c *Clock) Slept() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sleeps)
}
