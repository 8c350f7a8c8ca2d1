package transport

import (
	"context"
	"fmt"
	"sync"
)

// Turn lets one at a time through, and gives way to a context that ends, which a mutex does not: it is for whoever
// sends requests meanwhile. Nobody has the zero value.
type Turn struct {
	make  sync.Once
	taken chan struct{}
}

// Take waits until nobody else has the turn; release gives it back.
func (t *Turn) Take(ctx context.Context) (release func(), err error) {
	t.make.Do(func() { t.taken = make(chan struct{}, 1) })
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("a read that others wait for was cancelled: %w", context.Cause(ctx))
	}
}
