package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// activeRun is a run on its way. One goroutine uses it: steps go one after the other.
type activeRun struct {
	plan   *model.Plan
	writer *journal.Writer
	now    func() time.Time
	watch  func(plan.RunProgress)
	// progress is what is told; Run.Steps has an entry for each step of the plan.
	progress plan.RunProgress
	// created are the ids that the target gave, by the id of the step that created the record.
	created map[string]string
	// goneSteps says of a step, by its index, why it would not be made if the plan were made now.
	goneSteps map[int]string
	// subjects are those of the findings when the run began, by id.
	subjects map[string]model.Subject
	// hiddenStep is the step that added members which the target does not show; no other such step is begun then.
	hiddenStep string
	// inChecks puts what checks the steps into one load, so that each step does not wait anew for a service that fails.
	inChecks func(context.Context) context.Context
	// failure is why nothing more may be written: the journal could not take it down.
	failure error
}

func (u *activeRun) update(change func(p *plan.RunProgress)) {
	shown := u.progress.Compared
	change(&u.progress)
	if u.progress.Compared == nil {
		u.progress.Compared = shown // who missed the one before must not miss what it showed
	}
	if u.watch == nil {
		return
	}
	p := u.progress
	p.Run.Steps, p.Ticks = slices.Clone(p.Run.Steps), slices.Clone(p.Ticks)
	u.watch(p)
}

func (u *activeRun) beginStep(i int, phase plan.Phase) {
	u.update(func(p *plan.RunProgress) {
		p.Step, p.Phase, p.Said = i, phase, ""
		p.Run.Steps[i].State, p.Run.Steps[i].At = model.StepRunning, u.now()
	})
}

func (u *activeRun) setPhase(phase plan.Phase) {
	u.update(func(p *plan.RunProgress) { p.Phase = phase })
}

// finishStep takes down what became of a step, in the journal before on the screen. A journal that cannot take it ends
// the run: the next write would stand behind a step of which nobody knows the end.
func (u *activeRun) finishStep(i int, state model.StepState, detail string) {
	rec := u.progress.Run.Steps[i]
	rec.State, rec.Detail, rec.At = state, detail, u.now()
	if err := u.writer.Outcome(rec); err != nil && u.failure == nil {
		u.failure = fmt.Errorf("step %s is %s, but the journal could not take that down, so nothing more is "+
			"written; settle the run: %w", rec.ID, state, err)
	}
	u.update(func(p *plan.RunProgress) {
		p.Run.Steps[i] = rec
		p.WaitingUntil, p.Deadline, p.Ticks = time.Time{}, time.Time{}, nil
	})
}

func (u *activeRun) stepState(i int) model.StepState { return u.progress.Run.Steps[i].State }

// unmetDependency says what keeps a step from its turn: it would not be made now, or needs one that is not confirmed.
func (u *activeRun) unmetDependency(i int) string {
	if why := u.goneSteps[i]; why != "" {
		return why
	}
	for _, id := range u.plan.Steps[i].After {
		at := slices.IndexFunc(u.plan.Steps, func(s model.Step) bool { return s.ID == id })
		if at < 0 || u.stepState(at) != model.StepConfirmed {
			return "it needs step " + id + ", which was not confirmed"
		}
	}
	return ""
}

// membersUnseen says why no members are added where the target does not show them.
func (u *activeRun) membersUnseen(i int) string {
	if u.hiddenStep == "" || u.plan.Steps[i].Repair != model.AddMembers {
		return ""
	}
	return "step " + u.hiddenStep + " added members that the target does not show, so whether this one would work " +
		"could not be seen either; nothing was written. Look at the groups at the target, then plan again what is " +
		"missing"
}

// cancelRest ends the steps that did not begin. The journal holds no line for them.
func (u *activeRun) cancelRest(detail string) {
	u.update(func(p *plan.RunProgress) {
		for i := range p.Run.Steps {
			if p.Run.Steps[i].State == model.StepQueued {
				p.Run.Steps[i].State, p.Run.Steps[i].Detail, p.Run.Steps[i].At = model.StepCancelled, detail, u.now()
			}
		}
	})
}

func (u *activeRun) endRun(cancelled bool) (model.Run, error) {
	state := u.progress.Run.Ending()
	if cancelled && state != model.RunDone {
		state = model.RunCancelled
	}
	if err := errors.Join(u.failure, u.writer.End(state)); err != nil {
		u.failure = err
	}
	u.update(func(p *plan.RunProgress) {
		p.Step, p.Phase, p.Run.State, p.Run.EndedAt = -1, "", state, u.now()
	})
	run := u.progress.Run
	run.Steps = slices.Clone(run.Steps)
	return run, u.failure
}
