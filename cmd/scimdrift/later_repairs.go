package main

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui"
)

// Plan waits for the session, then makes a plan.
func (l *later) Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Plan(ctx, picks, allow)
}

// Undo waits for the session, then plans the way back from a run.
func (l *later) Undo(ctx context.Context, run string, allow []model.GuardRule) (*model.Plan, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.Undo(ctx, run, allow)
}

// Run waits for the session, then runs a plan.
func (l *later) Run(
	ctx context.Context, plan *model.Plan, allow []model.GuardRule, reason string, watch func(model.RunProgress),
) (model.Run, *model.Comparison, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return model.Run{}, nil, err
	}
	return o.Run(ctx, plan, allow, reason, watch)
}

// RunCaution says nothing before the session is there.
func (l *later) RunCaution() tui.Caution {
	if o, there := l.now(); there {
		return o.RunCaution()
	}
	return tui.Caution{}
}

// Settle waits for the session, then settles a run.
func (l *later) Settle(ctx context.Context, run string) (model.Run, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return model.Run{}, err
	}
	return o.Settle(ctx, run)
}

// History waits for the session, then gives its runs.
func (l *later) History(ctx context.Context) ([]model.Run, error) {
	o, err := l.outside(ctx)
	if err != nil {
		return nil, err
	}
	return o.History(ctx)
}
