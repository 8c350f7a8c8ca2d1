package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/style"
)

// jobs are those that go on, and those that have ended and whose end nobody has looked at, on all connections, the
// oldest first.
func (a *app) jobs() []*job {
	out := []*job{a.job}
	for _, d := range a.kept {
		out = append(out, d.job)
	}
	out = slices.DeleteFunc(out, func(j *job) bool { return j == nil || j.over && j.seen })
	slices.SortFunc(out, func(x, y *job) int { return x.began.Compare(y.began) })
	return out
}

// activeJobs are those that go on.
func (a *app) activeJobs() []*job {
	return slices.DeleteFunc(a.jobs(), func(j *job) bool { return j.over })
}

// jobOnTop is the job whose screen is on top; nil if none is.
func (a *app) jobOnTop() *job {
	if s, on := a.top().(*runScreen); on {
		return s.on
	}
	return nil
}

// openJob shows the screen of the connection's job. It has one at most, and an earlier run is history.
func (a *app) openJob() {
	a.screens = slices.DeleteFunc(a.screens, func(on screen) bool { _, is := on.(*runScreen); return is })
	a.push(&runScreen{on: a.job})
}

// canShowJob: there is a job that is not looked at, or a last one to look at again.
func (a *app) canShowJob() bool { return a.nextJob() != nil }

// nextJob is the job that J shows: the first, or the one after that which is looked at.
func (a *app) nextJob() *job {
	jobs, on := a.jobs(), a.jobOnTop()
	if len(jobs) == 0 && a.job != nil {
		jobs = []*job{a.job}
	}
	jobs = slices.DeleteFunc(slices.Concat(jobs[slices.Index(jobs, on)+1:], jobs), func(j *job) bool { return j == on })
	if len(jobs) == 0 {
		return nil
	}
	return jobs[0]
}

// showJob brings back the screen of a job, and with it its connection.
func (a *app) showJob() tea.Cmd {
	j := a.nextJob()
	var cmd tea.Cmd
	if j.connection != a.opts.Connection {
		if cmd = a.goTo(j.connection); a.job != j {
			return cmd
		}
	}
	a.openJob()
	return cmd
}

// stop lets the step that is under way end, and no other begin.
func (j *job) stop() {
	j.stopped = true
	j.cancel()
}

// stopJob stops the job that is looked at, at once: whoever wants it to stop must not be asked while it goes on.
func (a *app) stopJob() tea.Cmd {
	a.palette, a.filter, a.question = nil, nil, nil
	a.jobOnTop().stop()
	return nil
}

// interrupt is ctrl-c: it stops the job that is looked at, and else ends the program.
func (a *app) interrupt() tea.Cmd {
	if j := a.jobOnTop(); j.active() && !j.stopped && a.question == nil {
		return a.stopJob()
	}
	return a.leave(tea.Interrupt)
}

// leave ends the program. Where a job goes on it asks once, and yes stops that and waits for it: a write that was
// sent is read back before the program is gone. Asked again, by ctrl-c, is yes.
func (a *app) leave(how tea.Cmd) tea.Cmd {
	active := a.activeJobs()
	unstopped := slices.ContainsFunc(active, func(j *job) bool { return !j.stopped })
	switch {
	case len(active) == 0:
		return how
	case !unstopped, a.question != nil && a.question.leaves:
		return a.leaveAfter(how)
	}
	a.palette, a.filter, a.status = nil, nil, ""
	what := "the job after its step"
	if len(active) > 1 {
		what = "the jobs after their steps"
	}
	a.askYes(&question{
		text: "Leave? y stops " + what + " and waits for that; other keys stay.", no: "The job goes on.", leaves: true,
		answer: func(a *app, _ string) tea.Cmd { return a.leaveAfter(how) },
	})
	return nil
}

// leaveAfter stops every job, and ends the program when the last of them has ended.
func (a *app) leaveAfter(how tea.Cmd) tea.Cmd {
	a.question, a.palette, a.filter, a.leaving = nil, nil, nil, how
	for _, j := range a.activeJobs() {
		if !j.stopped {
			j.stop()
		}
	}
	if a.job.active() && a.jobOnTop() == nil {
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
	if a.question != nil && a.question.leaves {
		a.question, a.status = nil, "The job has ended, and the program has not: q leaves."
	}
	return a.leaving
}

// ended is a job that has ended and that nobody has looked at since; nil if there is none.
func (a *app) endedJob() *job {
	for _, j := range a.jobs() {
		if j.over {
			return j
		}
	}
	return nil
}

// lined are the jobs that the jobs line tells of: all but the one whose screen is on top.
func (a *app) lined() []*job {
	on := a.jobOnTop()
	return slices.DeleteFunc(a.jobs(), func(j *job) bool { return j == on })
}

// jobsLine says where each job stands.
func (a *app) jobsLine() string {
	jobs := a.lined()
	word, right := "job", "J shows it "
	if len(jobs) > 1 {
		word, right = "jobs", "J shows them "
	}
	if a.endedJob() != nil && a.top() == nil {
		right = strings.TrimSpace(right) + ", esc dismisses "
	}
	if a.width < narrow {
		right = ""
	}
	left := " " + a.theme.Title.On(word) + "  "
	room := max((a.width-style.Width(left)-style.Width(right)-3*len(jobs))/len(jobs), 1)
	texts := make([]string, len(jobs))
	for i, j := range jobs {
		texts[i] = a.jobText(j, room)
	}
	return style.Between(left+strings.Join(texts, " · "), a.theme.Faint.On(right), a.width)
}

// jobText is where a job stands in so many cells. First what its step does gives way to its time, then the end of its
// name, then its time.
func (a *app) jobText(j *job, room int) string {
	if j.over {
		return a.endText(j, room)
	}
	name, state := a.jobName(j), ", "+j.standing(a.now)
	const nameLeast = 24
	least := min(style.Width(name), nameLeast)
	if timing := j.timing(a.now); timing != "" {
		brief := state
		if len(j.plan.Steps) > 1 && j.progress.Deadline.IsZero() {
			brief, _, _ = strings.Cut(state, ": ")
		}
		for _, timed := range []string{state + ", " + timing, brief + ", " + timing} {
			if least+style.Width(timed) <= room {
				state = timed
				break
			}
		}
	}
	return style.Cut(style.Cut(name, max(room-style.Width(state), 8))+state, room)
}

// endText is how a job ended, in so many cells.
func (a *app) endText(j *job, room int) string {
	mark, look := "✗ : nothing was run", a.theme.Bad
	if j.run.ID != "" {
		mark, look = a.runMark(&j.run)
		mark += ": " + outcome(&j.run)
	}
	sign, words, _ := strings.Cut(mark, " ")
	if j.run.ID != "" {
		words = " " + words
	}
	return look.On(sign) + " " + style.Cut(style.Cut(a.jobName(j), max(room-style.Width(words)-2, 8))+words, room-2)
}

// jobName is what a job does, and on which connection where that is not the one on the board.
func (a *app) jobName(j *job) string {
	name := style.Name(j.name)
	if j.connection != a.opts.Connection {
		name = style.Name(j.connection) + ": " + name
	}
	return name
}

// standing is where a job stands, in a few words.
func (j *job) standing(now time.Time) string {
	p := &j.progress
	text := "beginning"
	switch n := len(j.plan.Steps); {
	case p.Step >= 0 && p.Step < n:
		step, sep := "", ": "
		if n > 1 {
			step, sep = fmt.Sprintf("step %d of %s: ", p.Step+1, style.Number(n)), ", "
		}
		text = step + string(p.Phase)
		if done, all := through(p.Ticks); p.Phase == plan.PhaseWatching && all > 0 {
			text += fmt.Sprintf("%s%s of %s through", sep, style.Number(done), style.Number(all))
		}
	case p.Phase.First():
		text = "before the first step: " + string(p.Phase)
	case p.Run.ID != "":
		text = "between steps"
	}
	if left := p.Deadline.Sub(now); !p.Deadline.IsZero() {
		text += ", " + clock(left) + " left"
	}
	if wait := p.WaitingUntil.Sub(now); !p.WaitingUntil.IsZero() && wait > 0 {
		text += ", waiting " + span(wait) + " for the rate limit"
	}
	if j.stopped {
		text = "stopping, " + text
	}
	return text
}

// through counts who is through.
func through(ticks []plan.Tick) (done, all int) {
	for i := range ticks {
		if ticks[i].Done {
			done++
		}
	}
	return done, len(ticks)
}

// timing is how long a job has taken, and how long it will still take as far as its steps so far tell.
func (j *job) timing(now time.Time) string {
	taken := now.Sub(j.began)
	if j.over || taken < slowPhase {
		return ""
	}
	text := clock(taken) + " taken"
	if left, known := j.left(now); known {
		text += ", about " + clock(left) + " left"
	}
	return text
}

// left is how long the steps that have not ended will take, if they take as long as those that have. Of what somebody
// has to press nothing is foreseen.
func (j *job) left(now time.Time) (left time.Duration, known bool) {
	done, last := 0, j.stepping
	for i, rec := range j.steps() {
		switch {
		case rec.State == model.StepQueued || rec.State == model.StepRunning:
			if i < len(j.plan.Steps) && j.plan.Steps[i].Handoff != nil {
				return 0, false
			}
		case rec.At.After(last):
			done, last = done+1, rec.At
		default:
			done++
		}
	}
	rest := len(j.plan.Steps) - done
	if j.stopped {
		rest = min(rest, 1)
	}
	if done == 0 || rest == 0 || j.stepping.IsZero() {
		return 0, false
	}
	return max(last.Sub(j.stepping)/time.Duration(done)*time.Duration(rest)-now.Sub(last), 0), true
}
