package main

import (
	"context"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/tui"
)

// Plan says what ending findings would send.
func (o outside) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	repairer, err := o.s.repairs(ctx)
	if err != nil {
		return nil, err
	}
	return repairer.Plan(ctx, picks, allow)
}

// Undo plans the way back from a run.
func (o outside) Undo(ctx context.Context, run string, allow []model.GuardRule) (*model.Plan, error) {
	repairer, err := o.s.repairs(ctx)
	if err != nil {
		return nil, err
	}
	return repairer.Undo(ctx, run, allow)
}

// Run runs a plan, from the reading that the board shows unless that is old.
func (o outside) Run(
	ctx context.Context, plan *model.Plan, allow []model.GuardRule, reason string, watch func(model.RunProgress),
) (model.Run, *model.Comparison, error) {
	repairer, err := o.s.repairs(ctx)
	if err != nil {
		return model.Run{}, nil, err
	}
	reads := o.s.loader.ReadsInFull() != ""
	run, err := repairer.Run(ctx, plan, repair.RunOptions{Reason: reason, Allow: allow, Watch: watch})
	last := o.s.loader.Last()
	o.s.stands(last) //nolint:contextcheck // what is known is kept also where the command was cancelled
	if reads {
		o.s.spent(last)
	}
	return run, last, err
}

// RunCaution says what the read before a run would cost, where there is one and that matters.
func (o outside) RunCaution() tui.Caution {
	now := time.Now()
	if o.s.loader.ReadsInFull() == "" {
		return tui.Caution{}
	}
	return o.caution(beforeRun, now)
}

// Settle finds out what became of the steps in doubt.
func (o outside) Settle(ctx context.Context, run string) (model.Run, error) {
	repairer, err := o.s.repairs(ctx)
	if err != nil {
		return model.Run{}, err
	}
	return repairer.Settle(ctx, run)
}

// History gives the runs of this connection. Where the app has to be found first and OneLogin does not answer, the runs go by
// the connection's name, because the history is wanted most when nothing works.
func (o outside) History(ctx context.Context) ([]model.Run, error) {
	repairer, err := o.s.repairs(ctx)
	if err == nil {
		return repairer.History(ctx)
	}
	if ctx.Err() != nil {
		return nil, err
	}
	runs, err := o.s.journal.Runs("")
	return named(runs, o.s.connection.Name), err
}
