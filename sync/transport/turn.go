package transport

import (
	"context"
	"fmt"
)

// Turn lets one at a time through, and gives way to a context that ends, which a mutex does not.
type Turn chan struct{}

// NewTurn makes a turn that nobody has.
func NewTurn() Turn { return make(Turn, 1) }

// Take waits until nobody else has the turn; release gives it back.
func (t Turn) Take(ctx context.Context) (release func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("a read that others wait for was cancelled: %w", context.Cause(ctx))
	}
}
