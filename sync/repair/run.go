package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Run runs a plan: it reads both sides, lets the guard judge once more, and then does one step after the other. Its
// error is for a plan that was not begun, where nothing was written (a *RefusedError if the guard would not have it),
// and for a journal that failed on the way; what became of the steps is in the run. Ending ctx cancels between steps:
// a write that has begun is confirmed first.
func (r *Repairer) Run(ctx context.Context, plan *model.Plan, o RunOptions) (model.Run, error) {
	u, err := r.start(ctx, plan, o)
	if err != nil {
		return model.Run{}, err
	}
	defer u.writer.Close() //nolint:errcheck // every line of it is on disk; the lock goes with the process
	for i := 0; i < len(plan.Steps) && u.failure == nil && ctx.Err() == nil; {
		i = r.runStep(ctx, u, i)
	}
	cancelled := ctx.Err() != nil
	switch {
	case u.failure != nil:
		u.cancelRest("not begun, because the journal could not be written")
	case cancelled:
		u.cancelRest("cancelled before it began")
	}
	return u.endRun(cancelled)
}

func (r *Repairer) runStep(ctx context.Context, u *activeRun, i int) (next int) {
	switch u.plan.Steps[i].Channel {
	case model.Nudge:
		next = u.nudgeBatchEnd(i)
		r.runNudges(ctx, u, i, next)
		return next
	case model.Console:
		u.beginStep(i, plan.PhaseWatching)
		r.watch(ctx, u, []int{i})
	case model.Direct:
		if why := cmp.Or(u.unmetDependency(i), u.membersUnseen(i)); why != "" {
			u.finishStep(i, model.StepSkipped, why)
			break
		}
		r.runDirect(ctx, u, i)
	}
	return i + 1
}

func (r *Repairer) start(ctx context.Context, made *model.Plan, o RunOptions) (*activeRun, error) {
	if err := r.checkRunnable(made); err != nil {
		return nil, err
	}
	u := &activeRun{
		plan: made, now: r.opts.Now, watch: o.Watch, created: map[string]string{},
		subjects: map[string]model.Subject{}, inChecks: transport.SharedLoad(),
		progress: plan.RunProgress{Step: -1, Run: model.Run{
			Plan: made, StartedAt: r.opts.Now(), State: model.RunRunning, Who: r.opts.Who, Host: r.opts.Host,
			Version: r.opts.Version, Reason: o.Reason,
			Steps: model.Map(made.Steps, func(s *model.Step) model.StepRecord {
				return model.StepRecord{ID: s.ID, State: model.StepQueued}
			}),
		}},
	}
	u.update(func(*plan.RunProgress) {})
	allow := slices.Compact(slices.Sorted(slices.Values(o.Allow)))
	k, rest, err := r.replan(transport.BeginLoad(ctx), u, allow)
	if err != nil {
		return nil, err
	}
	for i := range k.c.Findings {
		u.subjects[k.c.Findings[i].ID] = k.c.Findings[i].Subject
	}
	// The guard speaks twice: here, where a plan that it refuses leaves no trace, and once nobody else can run on the
	// connection, because a run that ended just now counts for the sum of 24 hours.
	admit := func() error {
		return r.errIfRefused(rest, k.c, allow, func(model.GuardRule) bool { return true })
	}
	if err := admit(); err != nil {
		return nil, err
	}
	u.writer, err = r.opts.Journal.Begin(journal.Head{
		Connection: r.opts.Connection, Fingerprint: r.opts.Fingerprint, Plan: made, Who: r.opts.Who, Host: r.opts.Host,
		Version: r.opts.Version, Reason: o.Reason, Allow: allow, StartedAt: u.progress.Run.StartedAt, Admit: admit,
	})
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("the run cannot be written down, so nothing was written to the services: %w", err)
	}
	u.update(func(p *plan.RunProgress) { p.Run.ID, p.Run.Allow, p.Phase = u.writer.ID(), allow, "" })
	return u, nil
}

func (r *Repairer) checkRunnable(plan *model.Plan) error {
	switch {
	case r.opts.Journal == nil:
		return errNoJournal
	case plan.Schema != model.PlanSchema:
		return fmt.Errorf("the plan has schema %d, and this program runs schema %d; make it again",
			plan.Schema, model.PlanSchema)
	case !plan.Intact():
		return errors.New("the plan's checksum does not match what is in it: it was edited or cut short; make it again")
	case plan.Fingerprint != r.opts.Fingerprint:
		return fmt.Errorf("the plan was made for another connection (%s) than %s: the addresses or the app differ; "+
			"make it again here", model.Visible(plan.Connection), model.Visible(r.opts.Connection))
	case len(plan.Steps) == 0:
		return errors.New("the plan has no step, so there is nothing to run")
	}
	for i := range plan.Steps {
		if s := &plan.Steps[i]; s.ID != stepID(i) { // ids are shown on terminals and stand in the journal
			return fmt.Errorf("step %d of the plan is called %s and not %s; make the plan again", i+1,
				model.Visible(s.ID), stepID(i))
		}
	}
	return nil
}

// nudgeBatchEnd gives the end of the nudges that start at i and of which none waits for another of them.
func (u *activeRun) nudgeBatchEnd(i int) int {
	in := map[string]bool{}
	for j := i; j < len(u.plan.Steps); j++ {
		s := &u.plan.Steps[j]
		if s.Channel != model.Nudge || slices.ContainsFunc(s.After, func(id string) bool { return in[id] }) {
			return j
		}
		in[s.ID] = true
	}
	return len(u.plan.Steps)
}

func (r *Repairer) runNudges(ctx context.Context, u *activeRun, from, to int) {
	var sent []int
	for i := from; i < to && ctx.Err() == nil && u.failure == nil; i++ {
		if why := u.unmetDependency(i); why != "" {
			u.finishStep(i, model.StepSkipped, why)
			continue
		}
		switch w, ok := r.write(ctx, u, i); {
		case !ok:
		case w.refused.State != "":
			u.finishStep(i, w.refused.State, w.refused.Detail)
		default:
			sent = append(sent, i)
		}
	}
	if len(sent) > 0 {
		u.setPhase(plan.PhaseWatching)
		r.watch(ctx, u, sent)
	}
}
