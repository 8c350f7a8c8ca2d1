package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// jobs are those that go on, and those that have ended and whose end nobody has looked at, on all connections, the
// oldest first.
func (a *app) jobs() []*run.Job {
	out := []*run.Job{a.job}
	for _, d := range a.kept {
		out = append(out, d.job)
	}
	out = slices.DeleteFunc(out, func(j *run.Job) bool { return j == nil || j.Over && j.Seen })
	slices.SortFunc(out, func(x, y *run.Job) int { return x.Began.Compare(y.Began) })
	return out
}

// activeJobs are those that go on.
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
	a.push(run.Show(a.job))
}

// canShowJob: there is a job that is not looked at, or a last one to look at again.
func (a *app) canShowJob() bool { return a.nextJob() != nil }

// nextJob is the job that J shows: the first, or the one after that which is looked at.
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
		if cmd = a.goTo(j.Connection); a.job != j {
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
	if j := a.jobOnTop(); j.Active() && !j.Stopped && a.asked() == nil {
		return a.stopJob()
	}
	return a.leave(tea.Interrupt)
}

// leave ends the program. Where a job goes on it asks once, and yes stops that and waits for it: a write that was
// sent is read back before the program is gone. Asked again, by ctrl-c, is yes.
func (a *app) leave(how tea.Cmd) tea.Cmd {
	active := a.activeJobs()
	unstopped := slices.ContainsFunc(active, func(j *run.Job) bool { return !j.Stopped })
	switch {
	case len(active) == 0:
		return how
	case !unstopped, a.leaveAsked():
		return a.leaveAfter(how)
	}
	a.status = ""
	what := "the job after its step"
	if len(active) > 1 {
		what = "the jobs after their steps"
	}
	return a.ask(&prompt.Question{
		Text: "Leave? y stops " + what + " and waits for that; other keys stay.", No: "The job goes on.", Leaves: true,
		Answer: func(string) tea.Cmd { return a.leaveAfter(how) },
	})
}

// leaveAsked: whether to leave the program is being asked.
func (a *app) leaveAsked() bool { q := a.asked(); return q != nil && q.Leaves }

// leaveAfter stops every job, and ends the program when the last of them has ended.
func (a *app) leaveAfter(how tea.Cmd) tea.Cmd {
	a.prompt, a.leaving = nil, how
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

// jobOver gives how the program ends, where it was to end after the job that has just ended; else nil. Whether to
// leave it is no question any more.
func (a *app) jobOver() tea.Cmd {
	if len(a.activeJobs()) > 0 {
		return nil
	}
	if a.leaveAsked() {
		a.prompt, a.status = nil, "The job has ended, and the program has not: q leaves."
	}
	return a.leaving
}

// ended is a job that has ended and that nobody has looked at since; nil if there is none.
func (a *app) endedJob() *run.Job {
	for _, j := range a.jobs() {
		if j.Over {
			return j
		}
	}
	return nil
}

// lined are the jobs that the jobs line tells of: all but the one whose screen is on top.
func (a *app) lined() []*run.Job {
	on := a.jobOnTop()
	return slices.DeleteFunc(a.jobs(), func(j *run.Job) bool { return j == on })
}
