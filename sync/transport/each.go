package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Each asks one question for each index below n, some at once, and gives the errors by index. It stops asking when the
// answer to the rest is plain; they get the error that made it so. A 403 may be about one record: it is plain where as
// many as are asked at once get nothing else. told, unless it is nil, is called after each answer.
func Each(ctx context.Context, n, atOnce int, ask func(ctx context.Context, i int) error, told func(done int)) []error {
	errs := make([]error, n)
	var (
		mu    sync.Mutex
		stop  error
		count int
		other bool // some answer was no 403
		group errgroup.Group
	)
	answered := sync.NewCond(&mu)
	group.SetLimit(atOnce)
	stopped := func() error {
		mu.Lock()
		defer mu.Unlock()
		return stop
	}
	for i := range n {
		group.Go(func() error {
			if errs[i] = stopped(); errs[i] != nil {
				return nil
			}
			err := ask(ctx, i)
			mu.Lock()
			defer mu.Unlock()
			errs[i] = err
			forbidden := StatusOf(err) == http.StatusForbidden
			count, other = count+1, other || !forbidden
			if IsFinal(ctx, err) || forbidden && !other && count >= atOnce {
				stop = err
			}
			if told != nil {
				told(count)
			}
			answered.Broadcast()
			for forbidden && !other && stop == nil && count < n {
				answered.Wait() // nothing else is asked before it shows whether all get this answer
			}
			return nil
		})
	}
	_ = group.Wait() // none fails: errors are kept by index
	return errs
}

// IsFinal reports whether whatever else is asked will get the same answer as this error.
func IsFinal(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil || StatusOf(err) == http.StatusUnauthorized
}

// StatusOf is the status of an answer that is an error, 0 where none came.
func StatusOf(err error) int {
	if status, is := errors.AsType[*StatusError](err); is {
		return status.Status
	}
	return 0
}

// ContextMutex is a mutex that gives way to a context that ends: it is for whoever sends requests meanwhile. The zero
// value is unlocked.
type ContextMutex struct {
	make sync.Once
	held chan struct{}
}

// Lock waits until nobody else holds it; release gives it back.
func (t *ContextMutex) Lock(ctx context.Context) (release func(), err error) {
	t.make.Do(func() { t.held = make(chan struct{}, 1) })
	select {
	case t.held <- struct{}{}:
		return func() { <-t.held }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("a read that others wait for was cancelled: %w", context.Cause(ctx))
	}
}
