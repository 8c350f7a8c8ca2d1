package tui

import (
	"cmp"
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	modelplan "github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// The messages of a run.
type (
	runProgressMsg struct {
		run.Report

		job *run.Job
		// set is what the board shows from now on; nil if nothing changed.
		set  *rows.Set
		next tea.Cmd
	}
	runOverMsg struct {
		run.Report

		job *run.Job
		run model.Run
		set *rows.Set
		err error
	}
)

// startRun starts the run of a plan and puts its screen in the place of the plan's.
func (a *app) startRun(s *plan.Screen) tea.Cmd {
	if a.status = a.whyNoRunNow(); a.status != "" { // what is in its way may have begun while the question was open
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
	box := newMailbox[runProgress]()
	telling, told := context.WithCancel(a.ctx)
	return tea.Batch(a.runPlan(ctx, j, box, s, told), a.listenToRun(telling, j, box), a.tickSecond(j.Active))
}

// whyNoRunNow is why no run can be started now; empty if one can. A read that began before a step would bring its
// records as they were before it, and of two runs neither could say what the other one does to its findings.
func (a *app) whyNoRunNow() string {
	switch {
	case a.quitCommand != nil:
		return "Not run: the program is about to end."
	case a.Fetch.Active:
		return stillReading("run it")
	case a.isSettling():
		return a.whySettling("run it when")
	case a.job.Active():
		return "Not run: " + style.Cut(a.job.Name, 40) + " is under way (" + a.job.Standing(a.now) +
			"), and one at a time runs on " +
			a.context().Name() + ". " + a.keyFor("job") + " shows it."
	}
	return ""
}

// runPlan is the run itself; told says that it tells nothing any more.
func (a *app) runPlan(ctx context.Context, j *run.Job, box *mailbox[runProgress], s *plan.Screen, told func()) tea.Cmd {
	allow, reason, outside := s.Allow, s.Reason, a.outside
	return a.inBackground(func() tea.Msg {
		defer told()
		ran, c, err := outside.Run(ctx, j.Plan, allow, reason,
			func(p modelplan.RunProgress) { box.update(func(n *runProgress) { n.update(p) }) })
		over := runOverMsg{job: j, run: ran, err: err}
		over.Report = box.fetch((*runProgress).clearCompared).Report
		if c != nil {
			over.set = rows.NewSet(c)
		}
		return over
	})
}

// listenToRun waits for progress. The rows of a changed board are made here, away from the event loop and from the run.
func (a *app) listenToRun(ctx context.Context, j *run.Job, box *mailbox[runProgress]) tea.Cmd {
	return a.sendThrottled(ctx, box.wake, func() tea.Msg {
		news := runProgressMsg{job: j, next: a.listenToRun(ctx, j, box)}
		told := box.fetch((*runProgress).clearCompared)
		if news.Report = told.Report; told.compared != nil {
			news.set = rows.NewSet(told.compared)
		}
		return news
	})
}

// applyTo takes in what a run tells; what comes after its end is dropped.
func (msg runProgressMsg) applyTo(a *app) tea.Cmd {
	j := msg.job
	if !j.Active() {
		return nil
	}
	j.Update(msg.Report, a.now)
	return tea.Batch(msg.next, a.inWorkspace(j.Connection, func() tea.Cmd { return a.showRunChanges(msg.set) }))
}

// showRunChanges shows a board that a run has changed. Marks of what is gone with it go too. A read that is under way
// goes back to this one, not to that from before the step.
func (a *app) showRunChanges(set *rows.Set) tea.Cmd {
	if set == nil {
		return nil
	}
	cmd := a.showUnlessOlder(set)
	a.marks.Retain(a.Set)
	if a.Fetch.Active && a.Fetch.Before.Known() != nil {
		a.Fetch.Before = a.Shown
	}
	return cmd
}

// applyTo takes in the end of a run.
func (msg runOverMsg) applyTo(a *app) tea.Cmd {
	j := msg.job
	if !j.Active() {
		return nil
	}
	j.End(msg.Report, msg.run, msg.err)
	if leave := a.quitAfterLastJob(); leave != nil {
		return leave
	}
	here := j.Connection == a.opts.Connection
	return a.inWorkspace(j.Connection, func() tea.Cmd {
		cmds := []tea.Cmd{a.showRunChanges(msg.set)}
		switch {
		case here && j.Ended != nil:
			cmds = append(cmds, a.askHistory(), j.Ended(msg.run))
		case here:
			cmds = append(cmds, a.askHistory())
		case j.Ended != nil:
			a.readInterrupted = true // both sides are read when the operator comes back, to know what it brought
		}
		return tea.Batch(cmds...)
	})
}

// pressButton does at the simulated console what the step that is watched asks for.
func (a *app) pressButton() tea.Cmd {
	step, press, id := a.job.AwaitedStep(), a.opts.Press, a.Set.Comparison.Source.App.ID
	a.status = "Pressing it in the simulated console …"
	return a.inBackground(func() tea.Msg {
		err := press(a.ctx, id, step)
		return screen.Handled(func() { a.buttonPressed(step.Handoff.Menu, err) })
	})
}

func (a *app) buttonPressed(menu string, err error) {
	a.status = "Pressed in the simulated console: " + menu + "."
	if err != nil {
		a.showError("Not pressed: " + err.Error() + ".")
	}
}

// jobs are those that go on, and those that have ended and whose end nobody has looked at, on all connections, the
// oldest first.
func (a *app) jobs() []*run.Job {
	var out []*run.Job
	for _, d := range a.opened {
		if j := d.job; j != nil && (!j.Over || !j.Seen) {
			out = append(out, j)
		}
	}
	slices.SortFunc(out, func(x, y *run.Job) int {
		return cmp.Or(x.Began.Compare(y.Began), cmp.Compare(x.Connection, y.Connection))
	})
	return out
}

func (a *app) activeJobs() []*run.Job {
	return slices.DeleteFunc(a.jobs(), func(j *run.Job) bool { return j.Over })
}

// jobOnTop is the job whose screen is on top; nil if none is.
func (a *app) jobOnTop() *run.Job {
	if s, on := a.top().(*run.Screen); on {
		return s.Job
	}
	return nil
}

// openJob shows the screen of the connection's job. It has one at most, and an earlier run is history.
func (a *app) openJob() {
	a.screens = slices.DeleteFunc(a.screens, func(on screen.Screen) bool { _, is := on.(*run.Screen); return is })
	a.push(&run.Screen{Job: a.job})
}

// nextJob is the job that J shows: the first, or the one after that which is looked at, or a last one to look at again.
func (a *app) nextJob() *run.Job {
	jobs, on := a.jobs(), a.jobOnTop()
	if len(jobs) == 0 && a.job != nil {
		jobs = []*run.Job{a.job}
	}
	jobs = slices.Concat(jobs[slices.Index(jobs, on)+1:], jobs)
	jobs = slices.DeleteFunc(jobs, func(j *run.Job) bool { return j == on })
	if len(jobs) == 0 {
		return nil
	}
	return jobs[0]
}

// showJob brings back the screen of a job, and with it its connection.
func (a *app) showJob() tea.Cmd {
	j := a.nextJob()
	var cmd tea.Cmd
	if j.Connection != a.opts.Connection {
		if cmd = a.switchConnection(j.Connection); a.job != j {
			return cmd
		}
	}
	a.openJob()
	return cmd
}

// stopJob stops the job that is looked at, at once: whoever wants it to stop must not be asked while it goes on.
func (a *app) stopJob() tea.Cmd {
	a.prompt = nil
	a.jobOnTop().Stop()
	return nil
}

// interrupt is ctrl-c: it stops the job that is looked at, and else ends the program.
func (a *app) interrupt() tea.Cmd {
	if j := a.jobOnTop(); j.Active() && !j.Stopped && a.openQuestion() == nil {
		return a.stopJob()
	}
	return a.quit(tea.Interrupt)
}

// quit ends the program. Where a job goes on it asks once, and yes stops that and waits for it: a write that was
// sent is read back before the program is gone. Asked again, by ctrl-c, is yes.
func (a *app) quit(how tea.Cmd) tea.Cmd {
	active := a.activeJobs()
	unstopped := slices.ContainsFunc(active, func(j *run.Job) bool { return !j.Stopped })
	switch {
	case len(active) == 0:
		return how
	case !unstopped, a.isQuitAsked():
		return a.stopJobsAndQuit(how)
	}
	a.status = ""
	what := "the job after its step"
	if len(active) > 1 {
		what = "the jobs after their steps"
	}
	return a.ask(&prompt.Question{
		Text: "Leave? y stops " + what + " and waits for that; other keys stay.", No: "The job goes on.", IsQuit: true,
		Answer: func(string) tea.Cmd { return a.stopJobsAndQuit(how) },
	})
}

func (a *app) isQuitAsked() bool { q := a.openQuestion(); return q != nil && q.IsQuit }

// stopJobsAndQuit stops every job, and ends the program when the last of them has ended.
func (a *app) stopJobsAndQuit(how tea.Cmd) tea.Cmd {
	a.prompt, a.quitCommand = nil, how
	for _, j := range a.activeJobs() {
		j.Leaving = true
		if !j.Stopped {
			j.Stop()
		}
	}
	if a.job.Active() && a.jobOnTop() == nil {
		a.openJob()
	}
	return nil
}

// quitAfterLastJob gives how the program ends, where it was to end after the job that has just ended; else nil. Whether
// to leave it is no question any more.
func (a *app) quitAfterLastJob() tea.Cmd {
	if len(a.activeJobs()) > 0 {
		return nil
	}
	if a.isQuitAsked() {
		a.prompt, a.status = nil, "The job has ended, and the program has not: "+a.keyFor("quit")+" leaves."
	}
	return a.quitCommand
}

// endedJob is one that has ended and that nobody has looked at since; nil if there is none.
func (a *app) endedJob() *run.Job {
	for _, j := range a.jobs() {
		if j.Over {
			return j
		}
	}
	return nil
}

// jobsOffScreen are the jobs that the jobs line tells of: all but the one whose screen is on top.
func (a *app) jobsOffScreen() []*run.Job {
	on := a.jobOnTop()
	return slices.DeleteFunc(a.jobs(), func(j *run.Job) bool { return j == on })
}

// runProgress is what a run tells. compared is the last comparison that nobody has fetched yet, lastCompared the last
// of all: a run repeats it with every word, and what was read beside the run meanwhile must not be covered by it again.
type runProgress struct {
	run.Report

	compared, lastCompared *drift.Comparison
}

// update takes in one word. The ticks of a step that was watched stay: the word that ends it has none any more.
func (n *runProgress) update(p modelplan.RunProgress) {
	n.Progress = p
	if len(p.Ticks) > 0 {
		ticks := maps.Clone(n.Ticks)
		if ticks == nil {
			ticks = map[int][]modelplan.Tick{}
		}
		ticks[p.Step] = p.Ticks
		n.Ticks = ticks
	}
	if p.Compared != nil && p.Compared != n.lastCompared {
		n.compared, n.lastCompared = p.Compared, p.Compared
	}
}

func (n *runProgress) clearCompared() { n.compared = nil }
