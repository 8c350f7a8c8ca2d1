package scim

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// each asks one question for each index below n, several at once, and gives the errors by index. It stops asking when
// the answer to the rest is plain; they get the error that made it so. told is called after each answer.
func each(ctx context.Context, n int, ask func(ctx context.Context, i int) error, told func(done int)) []error {
	errs := make([]error, n)
	var (
		mu    sync.Mutex
		stop  error
		count int
		group errgroup.Group
	)
	group.SetLimit(inFlight)
	stopped := func() error {
		mu.Lock()
		defer mu.Unlock()
		return stop
	}
	for i := range n {
		group.Go(func() error {
			if err := stopped(); err != nil {
				errs[i] = err
				return nil
			}
			err := ask(ctx, i)
			mu.Lock()
			defer mu.Unlock()
			errs[i] = err
			if err != nil && final(ctx, err) {
				stop = err
			}
			count++
			told(count)
			return nil
		})
	}
	// The functions above return no error: they keep them by index.
	_ = group.Wait()
	return errs
}

// final reports whether whatever else is asked will get the same answer.
func final(ctx context.Context, err error) bool {
	var status *transport.StatusError
	return ctx.Err() != nil || errors.As(err, &status) &&
		(status.Status == http.StatusUnauthorized || status.Status == http.StatusForbidden)
}

func isShort(err error) bool {
	var short *shortfall
	return errors.As(err, &short)
}
