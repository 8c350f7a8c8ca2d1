package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/scimdrift/scimdrift/model"
)

// Settle finds out by reading what became of the doubtful steps of a run that was killed or lost an answer, and ends the
// run. A step that was done is confirmed. One that was not is unconfirmed, not cancelled: it was begun, and a write that is
// still on its way cannot be excluded. Nothing is written to any service. A step that cannot be read stays in doubt, and the
// error says so.
func (r *Repairer) Settle(ctx context.Context, runID string) (model.Run, error) {
	if r.opts.Journal == nil {
		return model.Run{}, errNoJournal
	}
	run, err := r.opts.Journal.Run(runID)
	if err != nil {
		return model.Run{}, err
	}
	if err := r.mine(&run); err != nil {
		return run, err
	}
	if run.Settled() {
		return run, nil // nothing is in doubt
	}
	var records []model.StepRecord
	var open error
	state := model.RunDone
	created := createdBy(&run)
	for i := range run.Steps {
		rec := run.Steps[i]
		if rec.State == model.StepInDoubt {
			if err := r.settle(ctx, &run.Plan.Steps[i], &rec, created); err != nil {
				open = cmp.Or(open, fmt.Errorf("step %s: %w", rec.ID, err))
			} else {
				records = append(records, rec)
			}
		}
		if rec.State != model.StepConfirmed {
			state = model.RunIncomplete
		}
	}
	if len(records) > 0 || open == nil {
		if err := r.opts.Journal.Settle(run.ID, records, state); err != nil {
			return run, err
		}
	}
	if open != nil {
		err = fmt.Errorf("run %s stays in doubt, settle it again when the target answers: %w", run.ID, open)
	}
	after, readErr := r.opts.Journal.Run(run.ID)
	if readErr != nil {
		return run, errors.Join(err, readErr)
	}
	return after, err
}

// mine refuses a run that cannot be settled or undone here.
func (r *Repairer) mine(run *model.Run) error {
	switch {
	case run.Plan == nil:
		return fmt.Errorf("the journal of run %s does not show its plan, so nothing can be told of its steps; look at the target by hand", run.ID)
	case run.Plan.Fingerprint != r.opts.Fingerprint:
		return fmt.Errorf("run %s was made on another connection (%s); choose that one", run.ID, model.Visible(run.Plan.Connection))
	case run.State == model.RunRunning:
		return fmt.Errorf("run %s is still going on; wait until it has ended", run.ID)
	case len(run.Steps) != len(run.Plan.Steps):
		return fmt.Errorf("the journal of run %s does not fit its plan; look at the target by hand", run.ID)
	}
	return nil
}

// createdBy are the ids that a run created, by step.
func createdBy(run *model.Run) map[string]string {
	out := map[string]string{}
	for _, rec := range run.Steps {
		if rec.CreatedID != "" {
			out[rec.ID] = rec.CreatedID
		}
	}
	return out
}

// settle decides about one doubtful step.
func (r *Repairer) settle(ctx context.Context, step *model.Step, rec *model.StepRecord, created map[string]string) error {
	rec.At = r.opts.Now()
	if step.Channel != model.Direct {
		rec.State, rec.Detail = model.StepUnconfirmed, "whether it reached OneLogin cannot be read; it takes nothing away, so plan it again if its findings are still there"
		return nil
	}
	p := proof{step: step, created: maps.Clone(created), kept: rec.Backup}
	saw, err := p.look(ctx, r)
	if err != nil {
		return err
	}
	if saw.broken == "" {
		rec.State, rec.Detail = model.StepConfirmed, "settled by reading: it was done"+p.found
		if p.creates() {
			rec.CreatedID = p.created[step.ID]
			created[step.ID] = rec.CreatedID
		}
		return nil
	}
	before, known := settled(atTarget(step.Precondition), created)
	if known {
		then, err := r.check(ctx, before)
		if err != nil {
			return err
		}
		if then.broken == "" {
			rec.State, rec.Detail = model.StepUnconfirmed, "settled by reading: it was not done, everything is as it was before"
			return nil
		}
	}
	rec.State, rec.Detail = model.StepUnconfirmed, "settled by reading: neither done nor as it was before: "+saw.broken
	return nil
}

func atTarget(list []model.Statement) (out []model.Statement) {
	for _, s := range list {
		if s.Side == model.AtTarget {
			out = append(out, s)
		}
	}
	return out
}
