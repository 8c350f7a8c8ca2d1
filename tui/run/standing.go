package run

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Standing is where a job stands, in a few words.
func (j *Job) Standing(now time.Time) string {
	p := &j.Progress
	text := "beginning"
	switch n := len(j.Plan.Steps); {
	case j.currentStep() != nil:
		step, sep := "", ": "
		if n > 1 {
			step, sep = fmt.Sprintf("step %d of %s: ", p.Step+1, style.Number(n)), ", "
		}
		text = step + string(p.Phase)
		if done, all := countDone(p.Ticks); p.Phase == plan.PhaseWatching && all > 0 {
			text += fmt.Sprintf("%s%s of %s through", sep, style.Number(done), style.Number(all))
		}
	case p.Phase.First():
		text = "before the first step: " + string(p.Phase)
	case p.Run.ID != "":
		text = "between steps"
	}
	if left := p.Deadline.Sub(now); !p.Deadline.IsZero() {
		text += ", " + style.Clock(left) + " left"
	}
	if wait := p.WaitingUntil.Sub(now); !p.WaitingUntil.IsZero() && wait > 0 {
		text += ", waiting " + style.Span(wait) + " for the rate limit"
	}
	if j.Stopped {
		text = "stopping, " + text
	}
	return text
}

func countDone(ticks []plan.Tick) (done, all int) {
	return model.CountIf(ticks, func(t plan.Tick) bool { return t.Done }), len(ticks)
}

// slowPhase is from when on it is said how long something has taken: a service that is asked again and again looks
// like a program that hangs.
const slowPhase = 2 * time.Second

// timingText is how long a job has taken, and how long it will still take as far as its steps so far tell.
func (j *Job) timingText(now time.Time) string {
	taken := now.Sub(j.Began)
	if j.Over || taken < slowPhase {
		return ""
	}
	text := style.Clock(taken) + " taken"
	if left, known := j.timeLeft(now); known {
		text += ", about " + style.Clock(left) + " left"
	}
	return text
}

// timeLeft is how long the steps that have not ended will take, if they take as long as those that have. Of what
// somebody has to press nothing is foreseen.
func (j *Job) timeLeft(now time.Time) (timeLeft time.Duration, known bool) {
	done, last := 0, j.firstStepAt
	for i, rec := range j.Steps() {
		switch {
		case rec.State == model.StepQueued || rec.State == model.StepRunning:
			if i < len(j.Plan.Steps) && j.Plan.Steps[i].Handoff != nil {
				return 0, false
			}
		case rec.At.After(last):
			done, last = done+1, rec.At
		default:
			done++
		}
	}
	rest := len(j.Plan.Steps) - done
	if j.Stopped {
		rest = min(rest, 1)
	}
	if done == 0 || rest == 0 || j.firstStepAt.IsZero() {
		return 0, false
	}
	return max(last.Sub(j.firstStepAt)/time.Duration(done)*time.Duration(rest)-now.Sub(last), 0), true
}

// Line says where each of some jobs stands. dismiss: a key takes away one that has ended.
func Line(c *screen.Context, jobs []*Job, dismiss bool, width int) string {
	word, right := "job", c.Key("job")+" shows it "
	if len(jobs) > 1 {
		word, right = "jobs", c.Key("job")+" shows them "
	}
	if dismiss {
		right = strings.TrimSpace(right) + ", " + c.Key("close") + " dismisses "
	}
	if width < screen.Narrow {
		right = ""
	}
	left := " " + c.Theme.Title.On(word) + "  "
	room := max((width-style.Width(left)-style.Width(right)-3*len(jobs))/len(jobs), 1)
	texts := make([]string, len(jobs))
	for i, j := range jobs {
		texts[i] = j.statusText(c, room)
	}
	return style.Between(left+strings.Join(texts, " · "), c.Theme.Faint.On(right), width)
}

// statusText is where a job stands in so many cells. First what its step does gives way to its time, then the end of
// its name, then its time.
func (j *Job) statusText(c *screen.Context, room int) string {
	if j.Over {
		return j.endText(c, room)
	}
	name, state := j.displayName(c), ", "+j.Standing(c.Now)
	const nameLeast = 24
	least := min(style.Width(name), nameLeast)
	if timing := j.timingText(c.Now); timing != "" {
		brief := state
		if len(j.Plan.Steps) > 1 && j.Progress.Deadline.IsZero() {
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
func (j *Job) endText(c *screen.Context, room int) string {
	mark, words, look := "✗", ": nothing was run", c.Theme.Bad
	if j.Run.ID != "" {
		ended := MarkOf(c, &j.Run)
		look = ended.Look
		mark, words, _ = strings.Cut(ended.Text+": "+j.Run.Outcome(), " ")
		words = " " + words
	}
	return look.On(mark) + " " + style.Cut(style.Cut(j.displayName(c), max(room-style.Width(words)-2, 8))+words, room-2)
}

// displayName is what a job does, and on which connection where that is not the one on the board.
func (j *Job) displayName(c *screen.Context) string {
	name := style.Name(j.Name)
	if j.Connection != c.Connection {
		name = style.Name(j.Connection) + ": " + name
	}
	return name
}
