package tui

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// liveRun is a run that this board began: at most one at a time, with nothing else being read beside it.
type liveRun struct {
	heard

	name   string
	plan   *model.Plan
	ended  func(*app, model.Run) tea.Cmd
	cancel context.CancelFunc
	// cancelled: the operator has asked for its end; leaving: and for that of the program.
	cancelled, leaving bool
	// since is when the current step came into its current phase, as far as was heard.
	since time.Time
	// over: it has ended, with run and failed as its outcome.
	over   bool
	run    model.Run
	failed string
}

// heard is what a run has told so far.
type heard struct {
	// progress is its last word, and ticks who was through when each of the steps that were watched was looked at last.
	progress model.RunProgress
	ticks    map[int][]model.Tick
}

// active reports whether the run goes on. There may be none.
func (r *liveRun) active() bool { return r != nil && !r.over }

// The messages of a run.
type (
	runNewsMsg struct {
		heard

		on *liveRun
		// set is what the board shows from now on; nil if nothing changed.
		set     *rows.Set
		budgets Budgets
		again   tea.Cmd
	}
	runOverMsg struct {
		heard

		on      *liveRun
		run     model.Run
		set     *rows.Set
		err     error
		budgets Budgets
	}
	runSecondMsg struct{ on *liveRun }
)

// runBox passes progress from the run to the event loop: the last word, and the last comparison, which a later word that has
// none must not push out.
type runBox struct {
	mu       sync.Mutex
	progress model.RunProgress
	// ticks are the last of each step that was watched; the word that ends a step has none any more.
	ticks    map[int][]model.Tick
	compared *model.Comparison
	wake     chan struct{}
	// over is closed when nothing will be told any more.
	over chan struct{}
}

func (b *runBox) put(p model.RunProgress) {
	b.mu.Lock()
	b.progress = p
	if len(p.Ticks) > 0 {
		b.ticks[p.Step] = p.Ticks
	}
	if p.Compared != nil {
		b.compared = p.Compared
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

func (b *runBox) empty() (heard, *model.Comparison) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.compared
	b.compared = nil
	return heard{b.progress, maps.Clone(b.ticks)}, c
}

// begun starts the run of a plan and puts its screen in the place of the plan's.
func (a *app) begun(s *planScreen) tea.Cmd {
	if a.fetch.active { // it began while the question was open
		a.status = stillReading
		return nil
	}
	ctx, cancel := context.WithCancel(a.ctx)
	r := &liveRun{name: s.name, plan: s.plan, ended: s.ended, cancel: cancel, heard: heard{progress: model.RunProgress{Step: -1}}}
	a.pop()
	// The run before, which an undo is begun from, is history by now.
	a.screens = slices.DeleteFunc(a.screens, func(on screen) bool { _, is := on.(*runScreen); return is })
	a.live = r
	a.push(&runScreen{on: r})
	box := &runBox{ticks: map[int][]model.Tick{}, wake: make(chan struct{}, 1), over: make(chan struct{})}
	return tea.Batch(a.perform(ctx, r, box, s), a.hear(r, box, a.outside), a.runSecond(r))
}

// perform is the run itself. It is counted, so that the program does not end before it has.
func (a *app) perform(ctx context.Context, r *liveRun, box *runBox, s *planScreen) tea.Cmd {
	allow, reason, outside := s.allow, s.reason, a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		defer close(box.over)
		run, c, err := outside.Run(ctx, r.plan, allow, reason, box.put)
		over := runOverMsg{on: r, run: run, err: err, budgets: outside.Budgets()}
		over.heard, _ = box.empty()
		if c != nil {
			over.set = rows.NewSet(c)
		}
		return over
	}
}

// hear waits for progress. The rows of a changed board are made here, away from the event loop and from the run.
func (a *app) hear(r *liveRun, box *runBox, outside Outside) tea.Cmd {
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
		news := runNewsMsg{on: r, budgets: outside.Budgets(), again: a.hear(r, box, outside)}
		var c *model.Comparison
		if news.heard, c = box.empty(); c != nil {
			news.set = rows.NewSet(c)
		}
		return news
	}
}

func (a *app) runSecond(r *liveRun) tea.Cmd {
	return a.after(time.Second, func() tea.Msg { return runSecondMsg{r} })
}

// runNews takes in what a run tells; what comes after its end is dropped.
func (a *app) runNews(msg runNewsMsg) tea.Cmd {
	if msg.on != a.live || !a.live.active() {
		return nil
	}
	a.now = a.opts.Now()
	a.budgets = msg.budgets
	if now, before := &msg.progress, &a.live.progress; now.Step != before.Step || now.Phase != before.Phase || a.live.since.IsZero() {
		a.live.since = a.now
	}
	a.live.heard = msg.heard
	return tea.Batch(msg.again, a.changed(msg.set))
}

// changed shows a board that a run has changed. Marks of what is gone with it go too.
func (a *app) changed(set *rows.Set) tea.Cmd {
	if set == nil {
		return nil
	}
	cmd := a.arrived(set)
	a.marks.Retain(a.set)
	return cmd
}

// runOver takes in the end of a run.
func (a *app) runOver(msg runOverMsg) tea.Cmd {
	r := a.live
	if msg.on != r || !r.active() {
		return nil
	}
	r.cancel()
	a.now = a.opts.Now()
	a.budgets = msg.budgets
	r.heard = msg.heard
	r.over, r.run = true, msg.run
	if msg.err != nil {
		r.failed = msg.err.Error()
	}
	a.question, a.status = nil, ""
	if r.leaving {
		return tea.Interrupt
	}
	cmds := []tea.Cmd{a.changed(msg.set), a.askHistory()}
	if r.ended != nil {
		cmds = append(cmds, r.ended(a, msg.run))
	}
	return tea.Batch(cmds...)
}

// runTick moves the countdowns on as long as the run goes on.
func (a *app) runTick(msg runSecondMsg) tea.Cmd {
	if msg.on != a.live || !a.live.active() {
		return nil
	}
	a.now = a.opts.Now()
	return a.runSecond(a.live)
}

// stopRun asks whether to cancel the run, and pressed again cancels it: a run is never left silently. What covers its screen
// is closed, so that the answer is given in sight of it.
func (a *app) stopRun() tea.Cmd {
	r := a.live
	asked := a.question != nil
	a.palette, a.filter, a.question, a.status = nil, nil, nil, ""
	for len(a.screens) > 0 && !onTop[*runScreen](a) {
		a.pop()
	}
	switch {
	case r.cancelled:
		a.status = "It ends when this step is finished and read back."
	case asked:
		a.cancelRun()
	default:
		text := "Cancel what comes after this step on " + a.connection() + "? y does, every other key goes on."
		if _, watching := r.handoff(); watching {
			text = "Stop watching on " + a.connection() + ", and cancel the rest? y does, every other key goes on."
		}
		a.askYes(&question{
			text: text, no: "The run goes on.",
			answer: func(a *app, _ string) tea.Cmd {
				a.cancelRun()
				return nil
			},
		})
	}
	return nil
}

func (a *app) cancelRun() {
	a.live.cancelled = true
	a.live.cancel()
	a.status = "Cancelling: this step is finished and read back first."
}

// interrupt is ctrl-c. A run is asked about first, and the program ends only after it.
func (a *app) interrupt() tea.Cmd {
	if !a.live.active() {
		return tea.Interrupt
	}
	if a.live.cancelled {
		a.live.leaving = true
	}
	cmd := a.stopRun()
	if a.live.leaving {
		a.status = "The program ends when this step is finished and read back."
	}
	return cmd
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
			text += paint.Number(n) + " " + stateWord(state)
		}
	}
	if text == "" {
		return "no step"
	}
	return text
}
