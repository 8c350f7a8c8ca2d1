package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/scimdrift/scimdrift/model"
)

const lastRun = "last"

func (p *program) undoCommand() *cobra.Command {
	cmd := runCommand("undo RUN", "Plan the way back from a run, show it and run it", p.undo)
	cmd.ValidArgsFunction = p.completeRuns
	return cmd
}

func (p *program) undo(ctx context.Context, id string, c consent) error {
	return p.withRun(ctx, id, func(s *session, run model.Run) error {
		if _, err := s.restoreComparison(ctx); err != nil {
			return err
		}
		if s.loader.ReadsInFull() != "" { // then the way back rests on no older reading either
			if _, err := p.readBothSides(ctx, s); err != nil {
				return err
			}
		}
		plan, err := s.Undo(ctx, run.ID, c.allow)
		if err != nil {
			return err
		}
		return p.showAndRun(ctx, s, plan, withStableChecksum(plan), c)
	})
}

// withStableChecksum is the plan under a checksum that is the same when the same way back is planned again. A saved
// plan is agreed to as it was saved; this one is made anew each time, and its own checksum holds the time.
func withStableChecksum(plan *model.Plan) *model.Plan {
	bare := model.Plan{
		Schema: plan.Schema, Connection: plan.Connection, Fingerprint: plan.Fingerprint, Undoes: plan.Undoes,
		Steps: plan.Steps,
	}
	bare.Seal()
	shown := *plan
	shown.Checksum = bare.Checksum
	return &shown
}

// findRun finds a run by its id, the beginning of it, or as the last of this connection.
func (s *session) findRun(ctx context.Context, id string) (model.Run, error) {
	if id != lastRun {
		return s.journal.Run(id)
	}
	fingerprint, err := s.fingerprint(ctx)
	if err != nil {
		return model.Run{}, err
	}
	runs, err := s.journal.Runs(fingerprint)
	switch {
	case err != nil:
		return model.Run{}, err
	case len(runs) == 0:
		return model.Run{}, errors.New("there was no run on this connection; `scimdrift history` lists those of others")
	}
	return runs[0], nil
}
