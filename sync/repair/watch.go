package repair

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

const (
	// firstLook and nextLooks are how long a watch waits before it looks for the first time, and between looks.
	firstLook, nextLooks = 3 * time.Second, 5 * time.Second
)

type teller func(change func(p *plan.RunProgress))

type ending struct {
	State  model.StepState
	Detail string
}

// handOff leads a person to the button of a console step and watches until what it should do is seen. What was not
// seen is never a success: at the deadline the step is unconfirmed, and the detail names what is missing. The end of
// ctx ends the watch between two reads. Who is there already, because the step before led to the same page, is not
// led there again, and may have pressed more than one button: so it is looked at once.
func handOff(ctx context.Context, o *Options, step *model.Step, there bool, say teller) ending {
	w := newWatch(o, say)
	w.expect(step)
	if len(w.awaited) > 0 && w.allDone() {
		return ending{model.StepSkipped, "what it should end is gone already"}
	}
	w.log = markLog(ctx, o)
	if w.log.err != nil {
		w.said = fmt.Sprintf("OneLogin's log cannot be read yet: %v", w.log.err)
	}
	if w.there = there; !there {
		w.open(ctx, step.Handoff)
	}
	w.show()
	if over, ended := w.look(ctx, func() bool { _, over := w.judge(step); return over }); ended {
		return over
	}
	v, over := w.judge(step)
	if !over {
		v = ending{model.StepUnconfirmed, w.unseen(step)}
	}
	return v
}

// watch looks again and again for what a console step or a nudge should do.
type watch struct {
	o        *Options
	say      teller
	app      string
	began    time.Time
	deadline time.Time
	log      *logMark
	awaited  []*awaited
	// there: the person is at the page already, so that the first look need not wait.
	there bool
	// signs are the newest events of the app that say how a button went, by type.
	signs map[int]model.Event
	// failures are the newest events that say that a user could not be pushed, by user id.
	failures map[string]model.Event
	said     string
	compared *drift.Comparison
}

func newWatch(o *Options, say teller) *watch {
	now := o.Now()
	w := &watch{
		o: o, say: say, began: now, deadline: now.Add(o.HandoffDeadline), log: &logMark{},
		signs: map[int]model.Event{}, failures: map[string]model.Event{},
	}
	if last := o.Reader.Last(); last != nil {
		w.app = last.Source.App.ID
	}
	return w
}

// open brings up the page where there is a browser. Link and menu path are said by whoever shows the step, browser or
// not.
func (w *watch) open(ctx context.Context, h *model.Handoff) {
	if h == nil || h.URL == "" || w.o.Open == nil {
		return
	}
	said := ""
	switch opened, err := w.o.Open(ctx, h.URL); {
	case err != nil:
		said = fmt.Sprintf("the browser could not be opened: %v", err)
	case opened:
		said = "the page is open in the browser"
	}
	if w.said != "" && said != "" {
		said = "; " + said
	}
	w.said += said
}

func (w *watch) show() {
	ticks := make([]plan.Tick, 0, len(w.awaited))
	for _, a := range w.awaited {
		ticks = append(ticks, a.tick)
	}
	w.say(func(p *plan.RunProgress) {
		p.Phase, p.Deadline, p.Ticks, p.Said, p.Compared = plan.PhaseWatching, w.deadline, ticks, w.said, w.compared
	})
	w.compared = nil
}

// look goes round until enough was seen or the deadline has passed. ended is set where ctx ended first, with the
// verdict.
func (w *watch) look(ctx context.Context, enough func() bool) (v ending, ended bool) {
	cancelled := ending{model.StepCancelled, "the watch was ended before anything was confirmed; OneLogin may still " +
		"be at it"}
	for pause := firstLook; ; pause = nextLooks {
		last := false
		if left := w.deadline.Sub(w.o.Now()); left <= pause {
			pause, last = max(left, 0), true
		}
		if wait := !w.there || last; wait && w.o.Sleep(ctx, pause) != nil || ctx.Err() != nil {
			return cancelled, true
		}
		w.there = false
		w.readLog(ctx)
		w.reread(ctx, last)
		if ctx.Err() != nil {
			return cancelled, true
		}
		w.show()
		if enough() || last {
			return ending{}, false
		}
	}
}

// judge tells whether a console step is over, and how.
func (w *watch) judge(step *model.Step) (v ending, over bool) {
	switch step.Repair { //nolint:exhaustive // the others are over when their findings are
	case model.RefreshEntitlements:
		if e, ok := w.signs[model.EventEntitlementsRefresh]; ok {
			if e.Failed {
				return ending{model.StepFailed, "OneLogin could not refresh the entitlements: " + quote(e)}, true
			}
			return ending{model.StepConfirmed, "OneLogin logged it: " + quote(e)}, true
		}
		return ending{}, false
	case model.SyncLogins:
		if e, ok := w.newer(model.EventLoginsSynced, model.EventLoginsNotSynced); ok {
			if e.Type == model.EventLoginsNotSynced {
				return ending{model.StepFailed, "OneLogin could not synchronise the logins: " + quote(e)}, true
			}
			return ending{model.StepConfirmed, "OneLogin logged it: " + quote(e)}, true
		}
		return ending{}, false
	case model.ReapplyMappings:
		e, logged := w.newer(model.EventReapplied, model.EventNotReapplied)
		switch {
		case w.allDone() && (len(w.awaited) > 0 || logged && e.Type == model.EventReapplied):
			detail := "" // OneLogin logs late: what is gone is gone, whether the log says so yet or not
			if logged && e.Type == model.EventReapplied {
				detail = "OneLogin logged it: " + quote(e)
			}
			return ending{model.StepConfirmed, detail}, true
		case logged && e.Type == model.EventNotReapplied:
			return ending{model.StepFailed, "OneLogin could not reapply the mappings: " + quote(e) +
				w.stillOpen()}, true
		}
		return ending{}, false
	}
	return ending{State: model.StepConfirmed}, len(w.awaited) > 0 && w.allDone()
}

// newer is the newer sign of two types.
func (w *watch) newer(a, b int) (e model.Event, ok bool) {
	e, ok = w.signs[a]
	if other, is := w.signs[b]; is && (!ok || other.At.After(e.At)) {
		return other, true
	}
	return e, ok
}

// unseen says what was not seen until the deadline.
func (w *watch) unseen(step *model.Step) string {
	waited := w.o.Now().Sub(w.began).Round(time.Second)
	var missing string
	switch step.Repair {
	case model.RefreshEntitlements:
		missing = "OneLogin's log shows no refresh of the entitlements (event 124)"
	case model.SyncLogins:
		missing = "OneLogin's log shows no synchronised logins (event 110)"
	case model.ReapplyMappings:
		missing = "OneLogin's log shows no reapply (event 254)"
		if e, ok := w.signs[model.EventReapplied]; ok {
			missing = "OneLogin logged " + quote(e)
		}
		missing += w.stillOpen()
	default:
		missing = strings.TrimPrefix(w.stillOpen(), "; ")
	}
	if missing == "" {
		missing = "there was nothing to see it by"
	}
	if w.log.err != nil {
		missing += fmt.Sprintf("; the log could not be read: %v", w.log.err)
	}
	return fmt.Sprintf("not seen within %s: %s", waited, missing)
}

func (w *watch) stillOpen() string {
	var names []string
	for _, a := range w.awaited {
		if !a.tick.Done {
			names = append(names, a.name())
		}
	}
	return openWords(names, len(w.awaited))
}

func openWords(names []string, of int) string {
	switch {
	case len(names) == 0:
		return ""
	case of == 1:
		return "; still there: " + names[0]
	}
	return fmt.Sprintf("; still there, of %d: %s", of, model.Few(names))
}

// quote gives an event with what came with it, fit to be shown.
func quote(e model.Event) string {
	words := model.Visible(e.TypeName())
	if e.UserName != "" {
		words += " " + model.Visible(e.UserName)
	}
	words += " at " + e.At.UTC().Format("15:04:05") + " UTC"
	if e.Text != "" {
		words += ": " + model.Visible(e.Text)
	}
	return words
}

// watch watches a console step, or nudges of a run that were written, and takes down what became of each.
func (r *Repairer) watch(ctx context.Context, u *running, steps []int) {
	var verdicts []ending
	if first := &u.plan.Steps[steps[0]]; first.Channel == model.Console {
		verdicts = []ending{handOff(ctx, &r.opts, first, u.turnTo(first.Handoff), u.say)}
	} else {
		began := u.progress.Run.Steps[steps[0]].At
		touched := make([]*model.Step, len(steps))
		for k, i := range steps {
			touched[k] = &u.plan.Steps[i]
		}
		verdicts = nudged(ctx, &r.opts, touched, began, u.say)
	}
	for k, i := range steps {
		u.finish(i, verdicts[k].State, verdicts[k].Detail)
	}
}

// turnTo takes down which page of the console a step needs, and reports whether the step before has led to it already.
func (u *running) turnTo(h *model.Handoff) (there bool) {
	page := ""
	if h != nil {
		page = h.URL
	}
	there, u.page = page != "" && page == u.page, page
	return there
}
