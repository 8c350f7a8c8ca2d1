package tui

import (
	"context"
	"maps"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// job is a run that goes on while the operator looks elsewhere; a button of the console that is being watched is one
// too. There is at most one at a time on a connection.
type job struct {
	heard

	// connection and name say where it runs and what it does, raw.
	connection, name string

	plan   *model.Plan
	ended  func(*app, model.Run) tea.Cmd
	cancel context.CancelFunc
	// stopped: the operator has asked for its end, so that no step begins any more.
	stopped bool
	// began is when it was started, stepping when its first step began, and since when the current step came into its
	// current phase, as far as was heard.
	began, stepping, since time.Time
	// over: it has ended, with run and failed as its outcome; seen: somebody has looked at that, or does not want to.
	over, seen bool
	run        model.Run
	failed     string
}

// heard is what a run has told so far.
type heard struct {
	// progress is its last word, and ticks who was through when each of the steps that were watched was looked at last.
	progress plan.RunProgress
	ticks    map[int][]plan.Tick
}

// active reports whether the job goes on. There may be none.
func (j *job) active() bool { return j != nil && !j.over }

// The messages of a run.
type (
	runNewsMsg struct {
		heard

		on *job
		// set is what the board shows from now on; nil if nothing changed.
		set     *rows.Set
		budgets Budgets
		again   tea.Cmd
	}
	runOverMsg struct {
		heard

		on      *job
		run     model.Run
		set     *rows.Set
		err     error
		budgets Budgets
	}
	runSecondMsg struct{ on *job }
)

// runBox passes progress from the run to the event loop: the last word, and the last comparison, which a later word
// that has none must not push out.
type runBox struct {
	mu       sync.Mutex
	progress plan.RunProgress
	// ticks are the last of each step that was watched; the word that ends a step has none any more.
	ticks map[int][]plan.Tick
	// compared is the last comparison that nobody has fetched yet, told the last of all: a run repeats it with every
	// word, and what was read beside the run meanwhile must not be covered by it again.
	compared, told *drift.Comparison

	wake chan struct{}
	// over is closed when nothing will be told any more.
	over chan struct{}
}

func (b *runBox) put(p plan.RunProgress) {
	b.mu.Lock()
	b.progress = p
	if len(p.Ticks) > 0 {
		b.ticks[p.Step] = p.Ticks
	}
	if p.Compared != nil && p.Compared != b.told {
		b.compared, b.told = p.Compared, p.Compared
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

func (b *runBox) empty() (heard, *drift.Comparison) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.compared
	b.compared = nil
	return heard{b.progress, maps.Clone(b.ticks)}, c
}

// begun starts the run of a plan and puts its screen in the place of the plan's.
func (a *app) begun(s *planScreen) tea.Cmd {
	if a.status = a.whyNoRun(); a.status != "" { // what is in its way may have begun while the question was open
		return nil
	}
	ctx, cancel := context.WithCancel(a.ctx)
	j := &job{
		connection: a.opts.Connection, name: s.name, plan: s.plan, ended: s.ended, cancel: cancel, began: a.opts.Now(),
		heard: heard{progress: plan.RunProgress{Step: -1}},
	}
	a.pop()
	a.job = j
	a.openJob()
	box := &runBox{ticks: map[int][]plan.Tick{}, wake: make(chan struct{}, 1), over: make(chan struct{})}
	return tea.Batch(a.perform(ctx, j, box, s), a.hear(j, box, a.outside), a.runSecond(j))
}

// whyNoRun is why no run can be started now; empty if one can. A read that began before a step would bring its
// records as they were before it, and of two runs neither could say what the other one does to its findings.
func (a *app) whyNoRun() string {
	switch {
	case a.leaving != nil:
		return "Not run: the program is about to end."
	case a.fetch.active:
		return stillReading
	case a.job.active():
		return "Not run: " + style.Cut(a.job.name, 40) + " is under way (" + a.job.standing(a.now) +
			"), and one at a time runs on " +
			a.connection() + ". J shows it."
	}
	return ""
}

// perform is the run itself. It is counted, so that the program does not end before it has.
func (a *app) perform(ctx context.Context, j *job, box *runBox, s *planScreen) tea.Cmd {
	allow, reason, outside := s.allow, s.reason, a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		defer close(box.over)
		run, c, err := outside.Run(ctx, j.plan, allow, reason, box.put)
		over := runOverMsg{on: j, run: run, err: err, budgets: outside.Budgets()}
		over.heard, _ = box.empty()
		if c != nil {
			over.set = rows.NewSet(c)
		}
		return over
	}
}

// hear waits for progress. The rows of a changed board are made here, away from the event loop and from the run.
func (a *app) hear(j *job, box *runBox, outside Outside) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-a.ctx.Done():
			return nil
		case <-box.over:
			return nil
		case <-box.wake:
		}
		timer := time.NewTimer(a.pace)
		defer timer.Stop()
		select {
		case <-a.ctx.Done():
			return nil
		case <-timer.C:
		}
		news := runNewsMsg{on: j, budgets: outside.Budgets(), again: a.hear(j, box, outside)}
		var c *drift.Comparison
		if news.heard, c = box.empty(); c != nil {
			news.set = rows.NewSet(c)
		}
		return news
	}
}

func (a *app) runSecond(j *job) tea.Cmd {
	return a.after(time.Second, func() tea.Msg { return runSecondMsg{j} })
}

// runNews takes in what a run tells; what comes after its end is dropped.
func (a *app) runNews(msg runNewsMsg) tea.Cmd {
	j := msg.on
	if !j.active() {
		return nil
	}
	a.now = a.opts.Now()
	if now, before := &msg.progress, &j.progress; now.Step != before.Step ||
		now.Phase != before.Phase || j.since.IsZero() {
		j.since = a.now
	}
	if j.stepping.IsZero() && msg.progress.Step >= 0 {
		j.stepping = a.now
	}
	j.heard = msg.heard
	return tea.Batch(msg.again, a.within(j.connection, func() tea.Cmd {
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
	a.marks.Retain(a.set)
	if a.fetch.active && a.fetch.before.known() != nil {
		a.fetch.before = a.shown
	}
	return cmd
}

// runOver takes in the end of a run.
func (a *app) runOver(msg runOverMsg) tea.Cmd {
	j := msg.on
	if !j.active() {
		return nil
	}
	j.cancel()
	a.now = a.opts.Now()
	j.heard = msg.heard
	j.over, j.run = true, msg.run
	if msg.err != nil {
		j.failed = msg.err.Error()
	}
	if leave := a.jobOver(); leave != nil {
		return leave
	}
	here := j.connection == a.opts.Connection
	return a.within(j.connection, func() tea.Cmd {
		a.budgets = msg.budgets
		cmds := []tea.Cmd{a.changed(msg.set)}
		switch {
		case here && j.ended != nil:
			cmds = append(cmds, a.askHistory(), j.ended(a, msg.run))
		case here:
			cmds = append(cmds, a.askHistory())
		case j.ended != nil:
			a.cut = true // whoever started it wants to know what it brought: both sides are read when the operator comes back
		}
		return tea.Batch(cmds...)
	})
}

// runTick moves the countdowns on as long as the run goes on.
func (a *app) runTick(msg runSecondMsg) tea.Cmd {
	if !msg.on.active() {
		return nil
	}
	a.now = a.opts.Now()
	return a.runSecond(msg.on)
}

// outcome counts the steps of a run by state, in words.
func outcome(run *model.Run) string {
	text := ""
	for _, state := range stepStates() {
		n := 0
		for i := range run.Steps {
			if run.Steps[i].State == state {
				n++
			}
		}
		if n > 0 {
			if text != "" {
				text += ", "
			}
			text += style.Number(n) + " " + stateWord(state)
		}
	}
	if text == "" {
		return "no step"
	}
	return text
}
