package transport

import (
	"context"
	"time"
)

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
