package repair

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

const (
	// firstLook and nextLooks are how long a watch waits before it looks for the first time, and between looks.
	firstLook, nextLooks = 3 * time.Second, 5 * time.Second
)

// watch looks again and again for what a console step, or some nudges, should do.
type watch struct {
	o        *Options
	say      func(change func(p *plan.RunProgress))
	began    time.Time
	deadline time.Time
	log      *eventLog
	awaited  []*awaited
	// before is what was known when the watch began: where less is known later, an absence proves nothing.
	before *known
	// lists is the moment from which the target's lists may be read again.
	lists time.Time
	// signs are the newest events of the app that say how a button went, by type.
	signs map[int]model.Event
	// failures are the newest events that say that a user could not be pushed, by user id.
	failures map[string]model.Event
	said     string
	compared *drift.Comparison
}

type ending struct {
	State  model.StepState
	Detail string
}

// watch watches a console step, or nudges of a run that were written, until what they should do is seen, and takes down
// what became of each. What was not seen is never a success: at the deadline a step is unconfirmed, and the detail
// names what is missing. The end of ctx ends the watch between two reads. The first nudge of a plan is written and
// watched alone, because what it does not end the others will not end either: the others name it in After.
func (r *Repairer) watch(ctx context.Context, u *running, at []int) {
	w := &watch{
		o: &r.opts, say: u.say, began: r.opts.Now(), before: knownOf(r.opts.Reader.Last()),
		signs: map[int]model.Event{}, failures: map[string]model.Event{},
	}
	w.deadline = w.began.Add(r.opts.HandoffDeadline)
	steps := make([]*model.Step, len(at))
	for k, i := range at {
		steps[k] = &u.plan.Steps[i]
		w.expect(steps[k], u.subjects)
	}
	if steps[0].Channel == model.Nudge {
		w.log = newEventLog(&r.opts, u.progress.Run.Steps[at[0]].At)
	} else {
		if len(w.awaited) > 0 && w.open(steps[0]) == 0 {
			u.finish(at[0], model.StepSkipped, "what it should end is gone already")
			return
		}
		w.log = newEventLog(&r.opts, w.began)
		if _, err := w.log.news(ctx, r.opts.Source, true); err != nil {
			w.said = fmt.Sprintf("OneLogin's log cannot be read yet: %v", err)
		}
		w.lead(ctx, steps[0].Handoff)
	}
	w.show()
	verdicts := w.look(ctx, steps)
	for k, i := range at {
		u.finish(i, verdicts[k].State, verdicts[k].Detail)
	}
}

// lead brings up the page of a handoff where there is a browser. Whoever shows the step says link and menu path.
func (w *watch) lead(ctx context.Context, h *model.Handoff) {
	if h == nil || h.URL == "" || w.o.Open == nil {
		return
	}
	said := "the page is open in the browser"
	opened, err := w.o.Open(ctx, h.URL)
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

func (w *watch) show() {
	ticks := model.Map(w.awaited, func(a **awaited) plan.Tick { return (*a).tick })
	w.say(func(p *plan.RunProgress) {
		p.Phase, p.Deadline, p.Ticks, p.Said, p.Compared = plan.PhaseWatching, w.deadline, ticks, w.said, w.compared
	})
	w.compared = nil
}

// look goes round until all steps are over, the deadline has passed or ctx has ended.
func (w *watch) look(ctx context.Context, steps []*model.Step) []ending {
	for pause := firstLook; ; pause = nextLooks {
		last := false
		if left := w.deadline.Sub(w.o.Now()); left <= pause {
			pause, last = max(left, 0), true
		}
		cancelled := w.o.Sleep(ctx, pause) != nil || ctx.Err() != nil
		if !cancelled {
			w.readLog(ctx)
			w.reread(ctx, last)
			cancelled = ctx.Err() != nil
			w.show()
		}
		verdicts, over := make([]ending, len(steps)), true
		for k, step := range steps {
			v := w.judge(step)
			over = over && v.State != ""
			switch {
			case v.State != "":
			case cancelled:
				v = ending{model.StepCancelled, "the watch was ended before anything was confirmed; OneLogin may " +
					"still be at it"}
			default:
				v = ending{model.StepUnconfirmed, w.unseen(step)}
			}
			verdicts[k] = v
		}
		if over || last || cancelled {
			return verdicts
		}
	}
}

// button is a console button of which OneLogin's log tells how it went.
type button struct {
	does       string
	ok, failed int
	// alone: it ends no finding by itself, so that the log is all that there is to see.
	alone bool
}

func buttonOf(step *model.Step) (b button, logged bool) {
	b, logged = map[model.RepairName]button{
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

func (w *watch) sign(b button) (e model.Event, logged, failed bool) {
	e, logged = w.signs[b.ok]
	if other, is := w.signs[b.failed]; is && (!logged || !other.At.Before(e.At)) {
		return other, true, other.Failed || b.ok != b.failed
	}
	return e, logged, false
}

// judge tells whether a step is over, and how; the state is empty while it is not.
func (w *watch) judge(step *model.Step) (v ending) {
	mine, open := w.of(step), w.open(step)
	done := len(mine) > 0 && open == 0
	b, hasButton := buttonOf(step)
	if !hasButton {
		if done {
			return ending{State: model.StepConfirmed}
		}
		return w.pushFailed(step, mine)
	}
	e, logged, failed := w.sign(b)
	switch {
	case done && !b.alone && (failed || !logged): // OneLogin logs late: what is gone is gone
		return ending{State: model.StepConfirmed}
	case failed:
		return ending{model.StepFailed, "OneLogin could not " + b.does + ": " + quote(e) + w.stillOpen(step)}
	case logged && (b.alone || open == 0):
		return ending{model.StepConfirmed, "OneLogin logged it: " + quote(e)}
	}
	return ending{}
}

// pushFailed: a user whom OneLogin says it could not push is not waited for any longer once they were looked at again.
func (w *watch) pushFailed(step *model.Step, mine []*awaited) ending {
	if step.Channel != model.Nudge {
		return ending{}
	}
	for _, m := range step.Members {
		e, failed := w.failures[m.SourceID]
		for _, a := range mine {
			if failed && !a.tick.Done && !a.newsAt.IsZero() && !a.hasNews() {
				return ending{model.StepFailed, "OneLogin could not push the user: " + quote(e)}
			}
		}
	}
	return ending{}
}

func (w *watch) unseen(step *model.Step) string {
	said := "not seen within " + model.Lasting(w.o.Now().Sub(w.began))
	if step.Channel == model.Nudge {
		said = "the user was touched, and within " + model.Lasting(w.o.Now().Sub(w.began)) + " nothing came of it"
	}
	if b, hasButton := buttonOf(step); hasButton {
		if e, logged := w.signs[b.ok]; logged {
			said += "; OneLogin logged " + quote(e)
		} else {
			said += fmt.Sprintf("; OneLogin's log does not show that it was made to %s (event %d)", b.does, b.ok)
		}
	}
	said += w.stillOpen(step)
	if w.log.err != nil {
		said += fmt.Sprintf("; the log could not be read: %v", w.log.err)
	}
	return said
}

func (w *watch) stillOpen(step *model.Step) string {
	var names []string
	mine := w.of(step)
	for _, a := range mine {
		if !a.tick.Done {
			names = append(names, a.name())
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(mine) == 1:
		return "; still there: " + names[0]
	}
	return fmt.Sprintf("; still there, of %d: %s", len(mine), model.Few(names))
}

func (w *watch) of(step *model.Step) []*awaited {
	return slices.DeleteFunc(slices.Clone(w.awaited), func(a *awaited) bool { return a.step != step })
}

func (w *watch) open(step *model.Step) int {
	return model.CountIf(w.of(step), func(a *awaited) bool { return !a.tick.Done })
}
