package main

import (
	"context"
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui"
)

// later is an outside whose session is still being opened: a large demo takes a second to make, and the board is on the
// screen before.
type later struct {
	ready chan struct{}
	stop  context.CancelFunc
	// opened and err are set when ready is closed.
	opened *session
	err    error
}

var _ tui.Outside = (*later)(nil)

// openLater begins to open the session.
func (p *program) openLater(ctx context.Context) *later {
	ctx, stop := context.WithCancel(ctx)
	l := &later{ready: make(chan struct{}), stop: stop}
	go func() {
		defer close(l.ready)
		l.opened, l.err = p.open(ctx)
	}()
	return l
}

// session waits until the session is there.
func (l *later) session(ctx context.Context) (*session, error) {
	select {
	case <-l.ready:
		return l.opened, l.err
	case <-ctx.Done():
		return nil, fmt.Errorf("the connection was left before it was open: %w", context.Cause(ctx))
	}
}

func (l *later) outside(ctx context.Context) (outside, error) {
	s, err := l.session(ctx)
	return outside{s}, err
}

// now gives the session if it is there already.
func (l *later) now() (outside, bool) {
	select {
	case <-l.ready:
		return outside{l.opened}, l.err == nil
	default:
		return outside{}, false
	}
}

// close ends the session, or the opening of it.
func (l *later) close() {
	l.stop()
	<-l.ready
	if l.opened != nil {
		l.opened.close()
	}
}

// Load waits for the session, then reads both sides.
func (l *later) Load(ctx context.Context, watch tui.Watch) (*model.Comparison, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Load(ctx, watch)
}

// Summary waits for the session, and sums up what was last known of it.
func (l *later) Summary(ctx context.Context) *model.Summary {
	o, err := l.outside(ctx)
	if err != nil {
		return nil // Known says so
	}
	return o.Summary(ctx)
}

// Known waits for the session, and gives what was last known of it.
func (l *later) Known(ctx context.Context) (*model.Comparison, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Known(ctx)
}

// Caution says nothing before the session is there.
func (l *later) Caution() tui.Caution {
	if o, there := l.now(); there {
		return o.Caution()
	}
	return tui.Caution{}
}

// Refresh re-reads one record on both sides.
func (l *later) Refresh(ctx context.Context, subject model.Subject) (*model.Comparison, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Refresh(ctx, subject)
}

// Events follows OneLogin's log.
func (l *later) Events(ctx context.Context, after time.Time) ([]model.Event, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Events(ctx, after)
}

// Open starts the operator's browser.
func (l *later) Open(ctx context.Context, address string) (bool, error) {
	return outside{}.Open(ctx, address)
}

// Requests gives the request log, which is empty before the session is there.
func (l *later) Requests() []tui.Exchange {
	if o, there := l.now(); there {
		return o.Requests()
	}
	return nil
}

// Budgets gives what the services said about their limits, which is nothing before the session is there.
func (l *later) Budgets() tui.Budgets {
	if o, there := l.now(); there {
		return o.Budgets()
	}
	return tui.Budgets{}
}
