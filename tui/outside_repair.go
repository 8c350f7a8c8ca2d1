package tui

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Repairer is what the board asks of the outside to plan, run and take back repairs. Everything runs outside the
// event loop.
type Repairer interface {
	// Plan says what ending findings in the picked ways would send, from the comparison that was read last. It writes
	// nothing. Rules of the guard in allow are overridden where that is possible; a plan that the guard refuses is no
	// error. An error means that no plan could be made; its text says what to do.
	Plan(ctx context.Context, picks []model.Pick, allow []model.GuardRule) (*model.Plan, error)
	// Undo plans the way back from a run, as Plan does.
	Undo(ctx context.Context, run string, allow []model.GuardRule) (*model.Plan, error)
	// Run runs a plan step by step and gives what became of it, with the comparison afterwards, which may be nil.
	// Cancelling ctx lets the step that is under way end, with its confirmation, and cancels the rest; it returns
	// only then. allow and reason go into the journal. watch is told where the run stands, from any goroutine, and
	// never waits for the screen. An error with a run without an id means that nothing was begun. Neither Settle nor
	// another Run goes on beside it; a Load, Refresh or Plan may, and each waits for the other where both would
	// change what was read last.
	Run(ctx context.Context, plan *model.Plan, allow []model.GuardRule, reason string,
		watch func(plan.RunProgress)) (model.Run, *drift.Comparison, error)
	// RunCaution says what the read before a run's first step would take of a shared rate budget, where that is more
	// than there is to spare; the zero one also where a run that begins now does not read. It must not block on the
	// network.
	RunCaution() Caution
	// Settle finds out by reading what became of the steps of a run that are in doubt.
	Settle(ctx context.Context, run string) (model.Run, error)
	// History gives the runs of this connection, the newest first. It needs no network.
	History(ctx context.Context) ([]model.Run, error)
}
