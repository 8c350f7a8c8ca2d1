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
	found := run
	found.Steps = slices.Clone(run.Steps)
	created := createdBy(&run)
	for i := range found.Steps {
		rec := &found.Steps[i]
		if rec.State != model.StepInDoubt {
			continue
		}
		settle := r.settle
		if run.Headless {
			settle = r.settleUnknown
		}
		if err := settle(ctx, &run.Plan.Steps[i], rec, created, began(&run, rec)); err != nil {
			open = cmp.Or(open, fmt.Errorf("step %s %w", rec.ID, err))
		} else {
			records = append(records, *rec)
		}
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

// began is the latest moment at which the request of a doubtful step can have gone out. Where the lines about it are
// lost, that is the last moment of which the journal tells at all.
func began(run *model.Run, rec *model.StepRecord) time.Time {
	if !rec.At.IsZero() {
		return rec.At
	}
	told := []time.Time{run.StartedAt, run.EndedAt}
	for i := range run.Steps {
		told = append(told, run.Steps[i].At)
	}
	return slices.MaxFunc(told, time.Time.Compare)
}

// mine refuses a run that cannot be settled or undone here.
func (r *Repairer) mine(run *model.Run) error {
	switch {
	case run.Plan.Fingerprint != r.opts.Fingerprint:
		return fmt.Errorf("run %s was made on another connection (%s); choose that one", run.ID,
			model.Visible(run.Plan.Connection))
	case run.State == model.RunRunning:
		return fmt.Errorf("run %s is still going on; wait until it has ended", run.ID)
	case len(run.Steps) != len(run.Plan.Steps):
		return fmt.Errorf("the journal of run %s does not fit its plan; look at the target by hand", run.ID)
	}
	return nil
}

func createdBy(run *model.Run) map[string]string {
	out := map[string]string{}
	for _, rec := range run.Steps {
		if rec.CreatedID != "" {
			out[rec.ID] = rec.CreatedID
		}
	}
	return out
}

// settle decides about one doubtful step, whose request went out at a moment or before. The error ends with what to do.
func (r *Repairer) settle(
	ctx context.Context, step *model.Step, rec *model.StepRecord, created map[string]string, sent time.Time,
) error {
	if step.Channel != model.Direct {
		rec.State, rec.At = model.StepUnconfirmed, r.opts.Now()
		rec.Detail = "whether it reached OneLogin cannot be read; it takes nothing away, so plan it again if its " +
			"findings are still there"
		return nil
	}
	looked := r.opts.Now() // what comes after the look is not seen by it

	if len(step.Afterwards) == 0 { // no plan of ours has such a step, and all of nothing holds
		err := onItsWay(sent, looked, "its journal does not tell what to look for")
		if err == nil {
			rec.State, rec.At = model.StepUnconfirmed, looked
			rec.Detail = "its journal does not tell by what it would show; look at the target by hand"
		}
		return err
	}
	p := proof{step: step, created: maps.Clone(created), kept: rec.Backup}
	saw, err := p.look(ctx, r)
	if err != nil {
		return fmt.Errorf("cannot be read: %w; settle it again when the target answers", err)
	}
	if saw.broken == "" {
		rec.State, rec.Detail = model.StepConfirmed, "settled by reading: it was done"+p.found
		var others string
		if others, rec.Beyond = p.beyond(r, saw.observed); others != "" {
			rec.State, rec.Detail = model.StepUnconfirmed, others
		}
		rec.At = r.opts.Now()
		if p.creates() {
			rec.CreatedID, rec.Found = p.created[step.ID], p.found != ""
			created[step.ID] = rec.CreatedID
		}
		return nil
	}
	if err := onItsWay(sent, looked, saw.broken); err != nil {
		return err
	}
	rec.State, rec.At = model.StepUnconfirmed, r.opts.Now()
	before, known := settled(atTarget(step.Precondition), created)
	if known {
		then, err := r.look(ctx, plan.QuestionOf(before))
		if err != nil {
			return fmt.Errorf("cannot be read: %w; settle it again when the target answers", err)
		}
		if then.Broken(before) == "" {
			rec.Detail = "settled by reading: it was not done, everything is as it was before"
			return nil
		}
	}
	rec.Detail = "settled by reading: neither done nor as it was before: " + saw.broken
	return nil
}

// settleUnknown decides about a step of a run whose head is lost, so that nothing can be asked for. Its backup may tell
// what it was about.
func (r *Repairer) settleUnknown(
	_ context.Context, _ *model.Step, rec *model.StepRecord, _ map[string]string, sent time.Time,
) error {
	if err := onItsWay(sent, r.opts.Now(), "nobody knows what it was to do"); err != nil {
		return err
	}
	about := make([]string, 0, len(rec.Backup))
	for _, b := range rec.Backup {
		about = append(about, fmt.Sprintf("the %s %s (%s)", b.Type, nameAlone(b.Name), model.Visible(b.ID)))
	}
	rec.State, rec.At = model.StepUnconfirmed, r.opts.Now()
	rec.Detail = "nobody knows what it was to do or whether it was done, because the head of the journal is lost; " +
		"look at " + cmp.Or(strings.Join(about, ", "), "what is there") + " at the target by hand, then reload " +
		"both sides"
	return nil
}

// onItsWay is an error where a request that went out at a moment could still reach the service after it was looked for.
func onItsWay(sent, looked time.Time, why string) error {
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
