package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// inFlight is how long after a write began its request may still reach the service: as long as we wait for the
// answer, and as long again as proxies and gateways on the way hold on to a request whose sender has gone.
const inFlight = writeWithin + 3*time.Minute

// Settle finds out by reading what became of the doubtful steps of a run that was killed or lost an answer, and ends
// the run. A step that was done is confirmed. One that does not show stays in doubt as long as its request may still
// be on its way, and is unconfirmed from then on. Nothing is written to any service. A step that cannot be read stays
// in doubt, and the error says so, and when to ask again.
func (r *Repairer) Settle(ctx context.Context, runID string) (model.Run, error) {
	run, err := r.opts.Journal.Run(runID)
	if err != nil {
		return model.Run{}, err
	}
	if err := r.checkOwnRun(&run); err != nil {
		return run, err
	}
	if run.Settled() {
		return run, nil // nothing is in doubt
	}
	var records []model.StepRecord
	var open error
	found := run
	found.Steps = slices.Clone(run.Steps)
	created := createdIDs(&run)
	for i := range found.Steps {
		rec := &found.Steps[i]
		if rec.State != model.StepInDoubt {
			continue
		}
		var end outcome
		var err error
		if sent := latestStart(&run, rec); run.Headless {
			end, err = r.settleUnknown(rec, sent)
		} else {
			end, err = r.settleStep(ctx, &run.Plan.Steps[i], rec, created, sent)
		}
		if err != nil {
			open = cmp.Or(open, fmt.Errorf("step %s %w", rec.ID, err))
			continue
		}
		rec.State, rec.Detail, rec.At, rec.Settled = end.State, end.Detail, r.opts.Now(), true
		records = append(records, *rec)
	}
	if len(records) > 0 || open == nil {
		if err := r.opts.Journal.Settle(run.ID, records, found.Ending()); err != nil {
			return run, err
		}
	}
	if open != nil {
		err = fmt.Errorf("run %s stays in doubt: %w: scimdrift history %s --settle", run.ID, open, run.ID)
	}
	after, readErr := r.opts.Journal.Run(run.ID)
	if readErr != nil {
		return run, errors.Join(err, readErr)
	}
	return after, err
}

// latestStart is the latest moment at which the request of a doubtful step can have gone out. Where the lines about it
// are lost, that is the last moment of which the journal tells at all.
func latestStart(run *model.Run, rec *model.StepRecord) time.Time {
	if !rec.At.IsZero() {
		return rec.At
	}
	told := []time.Time{run.StartedAt, run.EndedAt}
	for i := range run.Steps {
		told = append(told, run.Steps[i].At)
	}
	return slices.MaxFunc(told, time.Time.Compare)
}

func (r *Repairer) checkOwnRun(run *model.Run) error {
	switch {
	case run.Plan.Fingerprint != r.opts.Fingerprint:
		return fmt.Errorf("run %s was made on another connection (%s); choose that one", run.ID,
			model.Visible(run.Plan.Connection))
	case run.State == model.RunRunning:
		return fmt.Errorf("run %s is still going on; wait until it has ended", run.ID)
	}
	return nil
}

func createdIDs(run *model.Run) map[string]string {
	out := map[string]string{}
	for _, rec := range run.Steps {
		if rec.CreatedID != "" {
			out[rec.ID] = rec.CreatedID
		}
	}
	return out
}

// settleStep decides about one doubtful step, whose request went out at a moment or before. The error ends with what to
// do.
func (r *Repairer) settleStep(
	ctx context.Context, step *model.Step, rec *model.StepRecord, created map[string]string, sent time.Time,
) (outcome, error) {
	if step.Channel != model.Direct {
		return outcome{model.StepUnconfirmed, "whether it reached OneLogin cannot be read; it takes nothing away, so " +
			"plan it again if its findings are still there"}, nil
	}
	looked := r.opts.Now()         // what comes after the look is not seen by it
	if len(step.Afterwards) == 0 { // no plan of ours has such a step, and all of nothing holds
		return outcome{model.StepUnconfirmed, "its journal does not tell by what it would show; look at the target " +
			"by hand"}, errIfInFlight(sent, looked, "its journal does not tell what to look for")
	}
	p := verification{step: step, created: maps.Clone(created), kept: rec.Backup}
	saw, err := p.checkAll(ctx, r)
	if err != nil {
		return outcome{}, fmt.Errorf("cannot be read: %w; settle it again when the target answers", err)
	}
	if saw.broken == "" {
		if createsRecord(p.step) {
			rec.CreatedID, rec.Found = p.created[step.ID], p.found != ""
			created[step.ID] = rec.CreatedID
		}
		var others string
		if others, rec.Beyond = p.sideEffects(r, saw.observed); others != "" {
			return outcome{model.StepUnconfirmed, others}, nil
		}
		return outcome{model.StepConfirmed, "settled by reading: it was done" + p.found}, nil
	}
	if err := errIfInFlight(sent, looked, saw.broken); err != nil {
		return outcome{}, err
	}
	if before, known := resolveConditions(atTarget(step.Precondition), created); known {
		then, err := r.observe(ctx, plan.QuestionOf(before))
		if err != nil {
			return outcome{}, fmt.Errorf("cannot be read: %w; settle it again when the target answers", err)
		}
		if then.Broken(before) == "" {
			return outcome{
				model.StepUnconfirmed, "settled by reading: it was not done, everything is as it was before",
			}, nil
		}
	}
	return outcome{model.StepUnconfirmed, "settled by reading: neither done nor as it was before: " + saw.broken}, nil
}

// settleUnknown decides about a step of a run whose head is lost, of which only the backup tells.
func (r *Repairer) settleUnknown(rec *model.StepRecord, sent time.Time) (outcome, error) {
	about := model.Map(rec.Backup, func(b *model.Backup) string {
		return fmt.Sprintf("the %s %s (%s)", b.Type, visibleName(b.Name), model.Visible(b.ID))
	})
	return outcome{model.StepUnconfirmed, "nobody knows what it was to do or whether it was done, because the head " +
		"of the journal is lost; look at " + cmp.Or(strings.Join(about, ", "), "what is there") + " at the target by " +
		"hand, then reload both sides"}, errIfInFlight(sent, r.opts.Now(), "nobody knows what it was to do")
}

// errIfInFlight is an error where a request that went out at a moment could still reach the service after it was looked
// for.
func errIfInFlight(sent, looked time.Time, why string) error {
	if until := sent.Add(inFlight); looked.Before(until) {
		return fmt.Errorf("is not seen yet (%s), and its request may still be on its way; ask again after %s", why,
			model.ToTheSecond(until))
	}
	return nil
}

func atTarget(list []model.Condition) (out []model.Condition) {
	for _, s := range list {
		if s.Side == model.AtTarget {
			out = append(out, s)
		}
	}
	return out
}
