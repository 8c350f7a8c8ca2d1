package transport

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
)

// A 401 is the answer to all. A 403 is one record's, unless as many as are asked at once get nothing else.
func TestEachStopsWhereTheRestIsPlain(t *testing.T) {
	for what, c := range map[string]struct {
		n        int
		statuses []int // by index, the last for the rest; 0 is an answer
		cancel   bool
		most     int64 // that are asked
		failed   int
	}{
		"all answer":                {30, []int{0}, false, 30, 0},
		"one 403":                   {30, []int{403, 0}, false, 30, 1},
		"seven 403":                 {30, []int{403, 403, 403, 403, 403, 403, 403, 0}, false, 30, 7},
		"all 403":                   {30, []int{403}, false, 8, 30},
		"all 403, few":              {3, []int{403}, false, 3, 3},
		"all 401":                   {30, []int{401}, false, 8, 30},
		"cancelled, and it was 403": {30, []int{403}, true, 8, 30},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var asked atomic.Int64
		errs := Each(ctx, c.n, 8, func(_ context.Context, i int) error {
			asked.Add(1)
			if c.cancel {
				cancel()
			}
			if status := c.statuses[min(i, len(c.statuses)-1)]; status != 0 {
				return fmt.Errorf("record %d: %w", i, &StatusError{Status: status})
			}
			return nil
		}, nil)
		cancel()
		failed := 0
		for _, err := range errs {
			if err != nil {
				failed++
			}
		}
		if asked.Load() > c.most || failed != c.failed {
			t.Errorf("%s: %d asked, %d failed: %v", what, asked.Load(), failed, errs)
		}
	}
}
