package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	modelplan "github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/style"
)

// The messages of a run.
type (
	runNewsMsg struct {
		run.Heard

		on *run.Job
		// set is what the board shows from now on; nil if nothing changed.
		set     *rows.Set
		budgets Budgets
		again   tea.Cmd
	}
	runOverMsg struct {
		run.Heard

		on      *run.Job
		run     model.Run
		set     *rows.Set
		err     error
		budgets Budgets
	}
	runSecondMsg struct{ on *run.Job }
)

// begun starts the run of a plan and puts its screen in the place of the plan's.
func (a *app) begun(s *plan.Screen) tea.Cmd {
	if a.status = a.whyNoRun(); a.status != "" { // what is in its way may have begun while the question was open
		return nil
	}
	j := run.New(run.Job{
		Connection: a.opts.Connection, Name: s.Name, Plan: s.Plan(), Ended: s.Ended, Began: a.opts.Now(),
	})
	var ctx context.Context
	ctx, j.Cancel = context.WithCancel(a.ctx) //nolint:gosec // the job calls it when it ends or is stopped
	a.pop()
	a.job = j
	a.openJob()
	box := newMailbox[runNews]()
	telling, told := context.WithCancel(a.ctx)
	return tea.Batch(a.perform(ctx, j, box, s, told), a.hear(telling, j, box, a.outside), a.runSecond(j))
}

// whyNoRun is why no run can be started now; empty if one can. A read that began before a step would bring its
// records as they were before it, and of two runs neither could say what the other one does to its findings.
func (a *app) whyNoRun() string {
	switch {
	case a.leaving != nil:
		return "Not run: the program is about to end."
	case a.Fetch.Active:
		return stillReading
	case a.job.Active():
		return "Not run: " + style.Cut(a.job.Name, 40) + " is under way (" + a.job.Standing(a.now) +
			"), and one at a time runs on " +
			a.context().Name() + ". J shows it."
	}
	return ""
}

// perform is the run itself; told says that it tells nothing any more.
func (a *app) perform(ctx context.Context, j *run.Job, box *mailbox[runNews], s *plan.Screen, told func()) tea.Cmd {
	allow, reason, outside := s.Allow, s.Reason, a.outside
	return a.aside(func() tea.Msg {
		defer told()
		ran, c, err := outside.Run(ctx, j.Plan, allow, reason,
			func(p modelplan.RunProgress) { box.put(func(n *runNews) { n.hear(p) }) })
		over := runOverMsg{on: j, run: ran, err: err, budgets: outside.Budgets()}
		over.Heard = box.take((*runNews).fetched).Heard
		if c != nil {
			over.set = rows.NewSet(c)
		}
		return over
	})
}

// hear waits for progress. The rows of a changed board are made here, away from the event loop and from the run.
func (a *app) hear(ctx context.Context, j *run.Job, box *mailbox[runNews], outside Outside) tea.Cmd {
	return a.paced(ctx, box.wake, func() tea.Msg {
		news := runNewsMsg{on: j, budgets: outside.Budgets(), again: a.hear(ctx, j, box, outside)}
		told := box.take((*runNews).fetched)
		if news.Heard = told.Heard; told.compared != nil {
			news.set = rows.NewSet(told.compared)
		}
		return news
	})
}

func (a *app) runSecond(j *run.Job) tea.Cmd {
	return a.after(time.Second, func() tea.Msg { return runSecondMsg{j} })
}

// runNews takes in what a run tells; what comes after its end is dropped.
func (a *app) runNews(msg runNewsMsg) tea.Cmd {
	j := msg.on
	if !j.Active() {
		return nil
	}
	a.now = a.opts.Now()
	j.Hear(msg.Heard, a.now)
	return tea.Batch(msg.again, a.within(j.Connection, func() tea.Cmd {
		a.budgets = msg.budgets
		return a.changed(msg.set)
	}))
}

// changed shows a board that a run has changed. Marks of what is gone with it go too. A read that is under way goes
// back to this one, not to that from before the step.
func (a *app) changed(set *rows.Set) tea.Cmd {
	if set == nil {
		return nil
	}
	cmd := a.arrived(set)
	a.marks.Retain(a.Set)
	if a.Fetch.Active && a.Fetch.Before.Known() != nil {
		a.Fetch.Before = a.Shown
	}
	return cmd
}

// runOver takes in the end of a run.
func (a *app) runOver(msg runOverMsg) tea.Cmd {
	j := msg.on
	if !j.Active() {
		return nil
	}
	j.End(msg.Heard, msg.run, msg.err)
	a.now = a.opts.Now()
	if leave := a.jobOver(); leave != nil {
		return leave
	}
	here := j.Connection == a.opts.Connection
	return a.within(j.Connection, func() tea.Cmd {
		a.budgets = msg.budgets
		cmds := []tea.Cmd{a.changed(msg.set)}
		switch {
		case here && j.Ended != nil:
			cmds = append(cmds, a.askHistory(), j.Ended(msg.run))
		case here:
			cmds = append(cmds, a.askHistory())
		case j.Ended != nil:
			a.cut = true // both sides are read when the operator comes back, who wants to know what it brought
		}
		return tea.Batch(cmds...)
	})
}

// runTick moves the countdowns on as long as the run goes on.
func (a *app) runTick(msg runSecondMsg) tea.Cmd {
	if !msg.on.Active() {
		return nil
	}
	a.now = a.opts.Now()
	return a.runSecond(msg.on)
}

// pressedMsg says what became of pressing a button of the simulated console.
type pressedMsg struct {
	menu string
	err  error
}

// pressButton does at the simulated console what the step that is watched asks for.
func (a *app) pressButton() tea.Cmd {
	step, press := a.job.Awaited(), a.opts.Press
	repair, menu, id := step.Repair, step.Handoff.Menu, a.Set.Comparison.Source.App.ID
	a.status = "Pressing it in the simulated console …"
	return a.aside(func() tea.Msg { return pressedMsg{menu, press(a.ctx, id, repair)} })
}

func (a *app) pressed(msg pressedMsg) {
	a.status = "Pressed in the simulated console: " + msg.menu + "."
	if msg.err != nil {
		a.status = "Not pressed: " + msg.err.Error() + "."
	}
}
