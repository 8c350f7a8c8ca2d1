package model_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// What was not read together is certain only where it was asked directly since: of two moments, each may have been in
// sync with itself. The source's log may show that it holds still.
func TestNothingIsCertainOfSidesReadApart(t *testing.T) {
	t.Parallel()
	then := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	now := then.Add(5 * time.Minute)
	rapid.Check(t, func(t *rapid.T) {
		w, _ := drawBent(t)
		opts := testOptions()
		src, tgt := w.sides(opts)
		certain := func(asked, unchanged time.Time) (n int) {
			src.At, src.ReadAt, src.Unchanged, tgt.ReadAt = model.AllAt(then), then, unchanged, now
			for q, reply := range opts.Replies {
				reply.At = asked
				opts.Replies[q] = reply
			}
			c := drift.Compare(src, tgt, opts)
			for i := range c.Findings {
				if f := &c.Findings[i]; f.Subject.Type != model.SubjectRule && f.Confidence == model.Certain {
					n++
				}
			}
			return n
		}
		opts.Replies = asked(src, tgt, opts).Replies
		opts.Checks = nil // they are about the source alone
		sure := certain(now, time.Time{})
		if got := certain(then, time.Time{}); got != 0 {
			t.Errorf("%d are certain though the sides were read apart", got)
		}
		if got := certain(then, now); got != sure {
			t.Errorf("%d are certain where the log shows that the source holds, not %d", got, sure)
		}
	})
}
