package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/style"
)

// runScreen shows a job step by step while it goes on, and its outcome afterwards. Its window follows the step that
// is under way until the operator moves it.
type runScreen struct {
	on *job

	lines                    []string
	at, width, height, focus int
	moved                    bool
}

func (s *runScreen) title(*app) string { return style.Cut("Run: "+style.Name(s.on.name), 100) }

// closed: whoever leaves it has seen how it ended.
func (s *runScreen) closed() { s.on.seen = s.on.over }

// fit makes the lines anew with every message, because the clock is in them.
func (s *runScreen) fit(a *app, width, height int) {
	s.lines, s.width, s.height = s.lay(a, width), width, max(height, 1)
	if !s.moved {
		s.at = s.focus - s.height/2
	}
	s.clamp()
}

func (s *runScreen) body(a *app, width, height int) []string {
	if width != s.width || height != s.height {
		s.fit(a, width, height)
	}
	return s.lines[s.at:min(s.at+s.height, len(s.lines))]
}

func (s *runScreen) clamp() { s.at = max(min(s.at, len(s.lines)-s.height), 0) }

func (s *runScreen) Move(lines int) {
	s.at, s.moved = s.at+lines, true
	s.clamp()
}

func (s *runScreen) Scroll(lines int)   { s.Move(lines) }
func (s *runScreen) Page(pages int)     { s.Move(pages * max(s.height-1, 1)) }
func (s *runScreen) HalfPage(pages int) { s.Move(pages * max(s.height/2, 1)) }
func (s *runScreen) Home()              { s.Move(-len(s.lines)) }
func (s *runScreen) End()               { s.Move(len(s.lines)) }

// steps are the records of the steps, as far as anything is known of them.
func (j *job) steps() []model.StepRecord {
	if j.over && len(j.run.Steps) > 0 {
		return j.run.Steps
	}
	return j.progress.Run.Steps
}

// lay puts the lines together: where it stands, the steps, and what the current one waits for.
func (s *runScreen) lay(a *app, width int) []string {
	r := s.on
	lines := append([]string{""}, s.head(a, width)...)
	lines = append(lines, "")
	s.focus = 0
	records := r.steps()
	for i := range r.plan.Steps {
		rec := model.StepRecord{ID: r.plan.Steps[i].ID, State: model.StepQueued}
		if i < len(records) {
			rec = records[i]
		}
		current := !r.over && i == r.progress.Step
		if current {
			s.focus = len(lines)
			if rec.State == model.StepQueued {
				rec.State = model.StepRunning
			}
		}
		if r.stopped && !r.over && rec.State == model.StepQueued {
			rec.State = model.StepCancelled // which it will be, because nothing begins any more
		}
		lines = append(lines, a.recordLine(&r.plan.Steps[i], &rec, width))
		if rec.State != model.StepConfirmed || len(rec.Detail) > 0 {
			lines = append(lines, indent("      ", style.Name(rec.Detail), width-1)...)
		}
		if current {
			lines = append(lines, s.watching(a, &r.plan.Steps[i], width)...)
		} else {
			lines = append(lines, a.tickLines(&r.plan.Steps[i], r.ticks[i], width)...)
		}
	}
	return lines
}

// head says where the run stands, or how it ended and what can be done now.
func (s *runScreen) head(a *app, width int) []string {
	r := s.on
	switch {
	case !r.over:
		return s.underWay(a, width)
	case r.run.ID == "":
		return a.signed(a.theme.Bad, "✗", "Nothing was run: "+valueOr(r.failed), width)
	}
	mark, look := a.runMark(&r.run)
	sign, word, _ := strings.Cut(mark, " ")
	text := "Done, and read back: " + outcome(&r.run) + "."
	if r.run.State != model.RunDone || !r.run.Settled() {
		text = strings.ToUpper(word[:1]) + word[1:] + ": " + outcome(&r.run) + "."
	}
	switch {
	case !r.run.Settled():
		text += " S finds out by reading what became of it."
	case canUndo(&r.run):
		text += " Undo with u."
	default:
		text += " " + noUndo(&r.run)
	}
	if r.run.State != model.RunDone && r.run.Settled() {
		text += " What is left stays on the board, to be planned again."
	}
	lines := a.signed(look, sign, text, width)
	if r.failed != "" {
		lines = append(lines, a.signed(a.theme.Bad, "✗", r.failed, width)...)
	}
	return append(lines, indent("    ", "Run "+style.Name(r.run.ID)+"; History has it, enter and q go back.",
		width-1)...)
}

// slowPhase is from when on it is said how long something has taken: a service that is asked again and again looks
// like a program that hangs.
const slowPhase = 2 * time.Second

// underWay says where a job stands that goes on, with a bar, and what a stop leaves of it.
func (s *runScreen) underWay(a *app, width int) []string {
	j, p := s.on, &s.on.progress
	text := j.standing(a.now)
	if spent := a.now.Sub(j.since); !j.since.IsZero() && p.Deadline.IsZero() && spent >= slowPhase {
		text += ", for " + span(spent)
	}
	timing, n := j.timing(a.now), len(j.plan.Steps)
	if timing != "" && n == 1 {
		text += ", " + timing
	}
	lines := a.signed(a.theme.Title, "▸", text, width)
	done, rest := 0, 0
	for _, rec := range j.steps() {
		switch rec.State {
		case model.StepQueued:
			rest++
		case model.StepRunning:
		default:
			done++
		}
	}
	if n > 1 {
		const barWidth = 20
		bar := fmt.Sprintf("    %s %s of %s ended", style.Bar(done, n, min(barWidth, max(width-20, 0))),
			style.Number(done), style.Count(n, "step"))
		lines = append(lines, style.Cut(strings.TrimSuffix(bar+", "+timing, ", "), width-1))
	}
	if !j.stopped {
		return lines
	}
	stop := "Stopped by you: " + style.Number(done) + " of " + style.Count(n, "step") + " ended before"
	if p.Step >= 0 && p.Step < n {
		stop += "; " + style.Name(j.plan.Steps[p.Step].ID) + " is under way, and what of it was sent is read back"
	}
	stop += "; " + style.Number(rest) + " will not begin."
	if a.leaving != nil {
		stop += " Then the program ends."
	}
	return append(lines, a.signed(a.theme.Medium, "!", stop, width)...)
}

// clock is a countdown in minutes and seconds.
func clock(d time.Duration) string {
	d = max(d.Round(time.Second), 0)
	return fmt.Sprintf("%d:%02d", int(d/time.Minute), int(d%time.Minute/time.Second))
}

// watching is what the current step waits for: the button to press, and who is through already.
func (s *runScreen) watching(a *app, step *model.Step, width int) []string {
	p := &s.on.progress
	var lines []string
	said := p.Said
	if h := step.Handoff; h != nil {
		lines = append(lines, a.placed("Press:", model.Location{Link: h.URL, Menu: h.Menu}, "      ", width)...)
		if answer := explain.Answer(step.Repair); answer != "" {
			lines = append(lines, a.wrapped("      ", "Then:", answer, width)...)
		}
		if said == "" && p.Phase == plan.PhaseWatching {
			said = "nothing of it yet"
		}
	}
	if said != "" {
		const most = 3 // the service's words can be long, and who is through matters more
		seen := a.wrapped("      ", "Seen:", said, width)
		lines = append(lines, seen[:min(len(seen), most)]...)
	}
	lines = append(lines, a.tickLines(step, p.Ticks, width)...)
	if p.Phase == plan.PhaseWatching {
		lines = append(lines, indent("      ", "esc stops watching; what is not through by then stays a finding.",
			width-1)...)
	}
	return lines
}

// tickLines are who is through and who is not, of the findings that a button or a nudge should end. A refresh only
// prepares the reapply that ends them.
func (a *app) tickLines(step *model.Step, ticks []plan.Tick, width int) []string {
	if len(ticks) == 0 {
		return nil
	}
	lines := []string{""}
	for i := range ticks {
		t := &ticks[i]
		sign, look := "·", a.theme.Faint
		if t.Done {
			sign, look = "✓", a.theme.Good
		}
		seen := t.Seen
		if kind, _, _ := strings.Cut(t.Finding, "/"); kind != "" && seen != "" {
			seen = kind + ": " + seen // a group of whose finding it is said that it is still there, is there in any case
		}
		line := "      " + look.On(sign) + " " + style.Fit(label(t.Called()), min(max(width/3, 1), 40)) + "  "
		line += style.Cut(style.Name(seen), width-style.Width(line)-1)
		lines = append(lines, line)
	}
	done, all := through(ticks)
	lines[0] = fmt.Sprintf("      %s of %s through", style.Number(done), style.Number(all))
	if step.Repair == model.RefreshEntitlements && done < all {
		lines[0] += "; the rest takes a reapply after it"
	}
	return lines
}

// recordLine is one step with its state.
func (a *app) recordLine(step *model.Step, rec *model.StepRecord, width int) string {
	mark, look := a.stepMark(rec.State)
	line := "  " + look.On(mark) + style.Spaces(15-style.Width(mark)) + style.Fit(style.Name(step.ID), 5) +
		style.Fit(string(step.Repair), repairRoom(width)-1) + " "
	name := min(max((width-style.Width(line))/2, 1), 40)
	line += style.Fit(label(step.Subject.Name), name) + " "
	return line + style.Cut(stepSends(step), width-style.Width(line)-1)
}

// handoff is the button that the job waits for just now.
func (j *job) handoff() (model.Location, bool) {
	if !j.watched() {
		return model.Location{}, false
	}
	h := j.plan.Steps[j.progress.Step].Handoff
	return model.Location{Link: h.URL, Menu: h.Menu}, true
}

// watched: it waits for a button that somebody presses. There may be no job.
func (j *job) watched() bool {
	return j.active() && j.progress.Step >= 0 && j.progress.Step < len(j.plan.Steps) &&
		j.plan.Steps[j.progress.Step].Handoff != nil
}
