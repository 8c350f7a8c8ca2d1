package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

const (
	// firstWatchWait and watchInterval are how long a watch waits before it looks for the first time, and between
	// looks.
	firstWatchWait, watchInterval = 3 * time.Second, 5 * time.Second
	// lookWithin is how long a look begins to read one by one, and how long the last one reads them, and the log.
	lookWithin = 30 * time.Second
)

var errNoAnswerInTime = errors.New("there was no answer in the time that the watch has")

// watch looks again and again for what a console step, or some nudges, should do.
type watch struct {
	options  *Options
	update   func(change func(p *plan.RunProgress))
	began    time.Time
	deadline time.Time
	log      *eventLog
	awaited  []*awaitedFinding
	// knownBefore is what was known when the watch began: where less is known later, an absence proves nothing.
	knownBefore *indexedComparison
	// listsDueAt is the moment from which the target's lists may be read again.
	listsDueAt time.Time
	// buttonEvents are the newest events of the app that say how a button went, by type.
	buttonEvents map[int]model.Event
	// pushFailures are the newest events that say that a user could not be pushed, by user id.
	pushFailures map[string]model.Event
	said         string
	compared     *drift.Comparison
}

type outcome struct {
	State  model.StepState
	Detail string
}

// watch watches a console step, or nudges of a run that were written, until what they should do is seen, and takes down
// what became of each. What was not seen is never a success: at the deadline a step is unconfirmed, and the detail
// names what is missing. The end of ctx ends the watch between two reads. The first nudge of a plan is written and
// watched alone, because what it does not end the others will not end either: the others name it in After.
func (r *Repairer) watch(ctx context.Context, u *activeRun, at []int) {
	w := &watch{
		options: &r.opts, update: u.update, began: r.opts.Now(), knownBefore: indexComparison(r.opts.Reader.Last()),
		buttonEvents: map[int]model.Event{}, pushFailures: map[string]model.Event{},
	}
	w.deadline = w.began.Add(r.opts.HandoffDeadline)
	steps := make([]*model.Step, len(at))
	for k, i := range at {
		steps[k] = &u.plan.Steps[i]
		w.addFindings(steps[k], u.subjects)
	}
	if steps[0].Channel == model.Nudge {
		w.log = newEventLog(&r.opts, u.progress.Run.Steps[at[0]].At)
	} else {
		if len(w.awaited) > 0 && w.countOpen(steps[0]) == 0 {
			u.finishStep(at[0], model.StepSkipped, "what it should end is gone already")
			return
		}
		w.log = newEventLog(&r.opts, w.began)
		if _, err := w.log.readNew(ctx, r.opts.Source, true); err != nil {
			w.said = fmt.Sprintf("OneLogin's log cannot be read yet: %v", err)
		}
		w.openHandoff(ctx, steps[0].Handoff)
	}
	w.publish()
	verdicts := w.waitForAll(ctx, steps)
	for k, i := range at {
		u.finishStep(i, verdicts[k].State, verdicts[k].Detail)
	}
}

// openHandoff brings up the page of a handoff where there is a browser. Whoever shows the step says link and menu path.
func (w *watch) openHandoff(ctx context.Context, h *model.Handoff) {
	if h == nil || h.URL == "" || w.options.Open == nil {
		return
	}
	said := "the page is open in the browser"
	opened, err := w.options.Open(ctx, h.URL)
	if err != nil {
		said = fmt.Sprintf("the browser could not be opened: %v", err)
	}
	if w.said != "" {
		said = w.said + "; " + said
	}
	if opened || err != nil {
		w.said = said
	}
}

func (w *watch) publish() {
	ticks := model.Map(w.awaited, func(a **awaitedFinding) plan.Tick { return (*a).tick })
	w.update(func(p *plan.RunProgress) {
		p.Phase, p.Deadline, p.Ticks, p.Said, p.Compared = plan.PhaseWatching, w.deadline, ticks, w.said, w.compared
	})
	w.compared = nil
}

// waitForAll goes round until all steps are over, the deadline has passed or ctx has ended.
// A service that is silent or slow does not keep it from the last look, which is bounded itself.
func (w *watch) waitForAll(ctx context.Context, steps []*model.Step) []outcome {
	untilDeadline, cancel := context.WithTimeoutCause(ctx, w.deadline.Sub(w.options.Now()), errNoAnswerInTime)
	defer cancel()
	for pause := firstWatchWait; ; pause = watchInterval {
		last := false
		if left := w.deadline.Sub(w.options.Now()); left <= pause {
			pause, last = max(left, 0), true
		}
		cancelled := w.options.Sleep(ctx, pause) != nil || ctx.Err() != nil
		if !cancelled {
			log, records := untilDeadline, untilDeadline
			if last {
				within, cancel := context.WithTimeoutCause(ctx, lookWithin, errNoAnswerInTime)
				defer cancel()
				log, records = within, ctx
			}
			w.readLog(log)
			w.rereadDue(records, last)
			cancelled = ctx.Err() != nil
			w.publish()
		}
		verdicts, over := make([]outcome, len(steps)), true
		for k, step := range steps {
			v := w.stepOutcome(step)
			over = over && v.State != ""
			switch {
			case v.State != "":
			case cancelled:
				v = outcome{model.StepCancelled, "the watch was ended before anything was confirmed; OneLogin may " +
					"still be at it"}
			default:
				v = outcome{model.StepUnconfirmed, w.unseenText(step)}
			}
			verdicts[k] = v
		}
		if over || last || cancelled {
			return verdicts
		}
	}
}

// loggedButton is a console button of which OneLogin's log tells how it went.
type loggedButton struct {
	label      string
	ok, failed int
	// endsNoFinding: it ends no finding by itself, so that the log is all that there is to see.
	endsNoFinding bool
}

func buttonOf(step *model.Step) (b loggedButton, logged bool) {
	b, logged = map[model.RepairName]loggedButton{
		model.RefreshEntitlements: {
			"refresh the entitlements", model.EventEntitlementsRefresh, model.EventEntitlementsRefresh, true,
		},
		model.SyncLogins: {
			"synchronise the logins", model.EventLoginsSynced, model.EventLoginsNotSynced, true,
		},
		model.ReapplyMappings: {"reapply the mappings", model.EventReapplied, model.EventNotReapplied, false},
	}[step.Repair]
	return b, logged && step.Channel == model.Console
}

func (w *watch) buttonEvent(b loggedButton) (e model.Event, logged, failed bool) {
	e, logged = w.buttonEvents[b.ok]
	if other, is := w.buttonEvents[b.failed]; is && (!logged || !other.At.Before(e.At)) {
		return other, true, other.Failed || b.ok != b.failed
	}
	return e, logged, false
}

// stepOutcome tells whether a step is over, and how; the state is empty while it is not.
func (w *watch) stepOutcome(step *model.Step) (v outcome) {
	mine, open := w.awaitedBy(step), w.countOpen(step)
	done := len(mine) > 0 && open == 0
	b, hasButton := buttonOf(step)
	if !hasButton {
		if done {
			return outcome{State: model.StepConfirmed}
		}
		return w.pushFailedOutcome(step, mine)
	}
	e, logged, failed := w.buttonEvent(b)
	switch {
	case done && !b.endsNoFinding && (failed || !logged): // OneLogin logs late: what is gone is gone
		return outcome{State: model.StepConfirmed}
	case failed:
		return outcome{model.StepFailed, "OneLogin could not " + b.label + ": " + quoteEvent(e) + w.stillOpenText(step)}
	case logged && (b.endsNoFinding || open == 0):
		return outcome{model.StepConfirmed, "OneLogin logged it: " + quoteEvent(e)}
	}
	return outcome{}
}

// pushFailedOutcome: a user whom OneLogin says it could not push is not waited for any longer once they were looked at
// again.
func (w *watch) pushFailedOutcome(step *model.Step, mine []*awaitedFinding) outcome {
	if step.Channel != model.Nudge {
		return outcome{}
	}
	for _, m := range step.Members {
		e, failed := w.pushFailures[m.SourceID]
		for _, a := range mine {
			if failed && !a.tick.Done && !a.lastEventAt.IsZero() && !a.hasNews() {
				return outcome{model.StepFailed, "OneLogin could not push the user: " + quoteEvent(e)}
			}
		}
	}
	return outcome{}
}

func (w *watch) unseenText(step *model.Step) string {
	said := "not seen within " + model.Lasting(w.options.Now().Sub(w.began))
	if step.Channel == model.Nudge {
		said = "the user was touched, and within " + model.Lasting(w.options.Now().Sub(w.began)) + " nothing came of it"
	}
	if b, hasButton := buttonOf(step); hasButton {
		if e, logged := w.buttonEvents[b.ok]; logged {
			said += "; OneLogin logged " + quoteEvent(e)
		} else {
			said += fmt.Sprintf("; OneLogin's log does not show that it was made to %s (event %d)", b.label, b.ok)
		}
	}
	said += w.stillOpenText(step)
	if w.log.err != nil {
		said += fmt.Sprintf("; the log could not be read: %v", w.log.err)
	}
	return said
}

func (w *watch) stillOpenText(step *model.Step) string {
	var names []string
	mine := w.awaitedBy(step)
	for _, a := range mine {
		if !a.tick.Done {
			names = append(names, a.name())
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(mine) == 1:
		return "; not ended: " + names[0]
	}
	return fmt.Sprintf("; not ended, of %d: %s", len(mine), model.Few(names))
}

func (w *watch) awaitedBy(step *model.Step) []*awaitedFinding {
	return slices.DeleteFunc(slices.Clone(w.awaited), func(a *awaitedFinding) bool { return a.step != step })
}

func (w *watch) countOpen(step *model.Step) int {
	return model.CountIf(w.awaitedBy(step), func(a *awaitedFinding) bool { return !a.tick.Done })
}
