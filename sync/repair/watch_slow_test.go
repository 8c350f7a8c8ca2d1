package repair_test

import (
	"context"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/repair"
)

// boundedReader and slowLog are told under which deadline they are asked: slowLog from the second time on, and it does
// not answer then.
type (
	boundedReader struct {
		repair.Reader

		asked func(ctx context.Context)
	}
	slowLog struct {
		repair.Source

		reads  int
		silent func(ctx context.Context)
	}
)

func (r boundedReader) Refresh(ctx context.Context, of model.Subject) (*drift.Comparison, error) {
	r.asked(ctx)
	return r.Reader.Refresh(ctx, of)
}

func (l *slowLog) Tail(ctx context.Context, after time.Time) ([]model.Event, error) {
	if l.reads++; l.reads == 2 {
		l.silent(ctx)
		return nil, context.Cause(ctx)
	}
	return l.Source.Tail(ctx, after)
}

// A service that answers slowly or not at all takes a watch not much beyond its deadline, and the last look sees what
// has come about all the same.
func TestASlowServiceKeepsNoWatchGoing(t *testing.T) {
	t.Parallel()
	s := enact(t, "clean", func(b *bed) { emptyGroups(b, 8) })
	made := s.planFor(model.MembersMissing, console(model.ReapplyMappings), 8)
	bounded := func(ctx context.Context, within time.Duration) {
		if until, is := ctx.Deadline(); !is || time.Until(until) > within {
			t.Errorf("a read may take until %s", until)
		}
	}
	log := &slowLog{Source: s.opts.Source, silent: func(ctx context.Context) {
		bounded(ctx, s.opts.HandoffDeadline)
		s.press("reapply", "")
		s.ahead += s.opts.HandoffDeadline
	}}
	s.opts.Source = log
	var before, last int
	s.opts.Reader = boundedReader{s.loader, func(ctx context.Context) {
		if log.reads > 2 {
			last++
			bounded(ctx, 30*time.Second)
			return
		}
		before++
		if until, _ := ctx.Deadline(); time.Until(until) < 45*time.Second {
			t.Errorf("a read of a large group may take until %s only", until)
		}
		bounded(ctx, s.opts.HandoffDeadline)
	}}
	s.repairer = repair.New(s.opts)
	s.want(s.watch(made), model.StepConfirmed)
	if before == 0 || last == 0 {
		t.Errorf("%d reads before the last look and %d in it", before, last)
	}
}
