package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
)

// runScreen shows a run step by step while it goes on, and its outcome afterwards. Its window follows the step that is under
// way until the operator moves it himself.
type runScreen struct {
	on *liveRun

	lines                    []string
	at, width, height, focus int
	moved                    bool
}

func (s *runScreen) title(*app) string { return paint.Cut("Run: "+paint.Name(s.on.name), 100) }

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
func (r *liveRun) steps() []model.StepRecord {
	if r.over && len(r.run.Steps) > 0 {
		return r.run.Steps
	}
	return r.progress.Run.Steps
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
		lines = append(lines, a.recordLine(&r.plan.Steps[i], &rec, width))
		if rec.State != model.StepConfirmed || len(rec.Detail) > 0 {
			lines = append(lines, indent("      ", paint.Name(rec.Detail), width-1)...)
		}
		if current {
			lines = append(lines, s.watching(a, &r.plan.Steps[i], width)...)
		}
	}
	return lines
}

// head says where the run stands, or how it ended and what can be done now.
func (s *runScreen) head(a *app, width int) []string {
	r := s.on
	switch {
	case !r.over:
		return a.signed(a.theme.Title, "▸", s.standing(a), width)
	case r.run.ID == "":
		return a.signed(a.theme.Bad, "✗", "Nothing was run: "+valueOr(r.failed), width)
	}
	mark, style := a.runMark(&r.run)
	sign, word, _ := strings.Cut(mark, " ")
	text := outcome(&r.run) + "."
	if r.run.State != model.RunDone {
		text = word + ": " + text
	}
	switch {
	case !r.run.Settled():
		text += " S finds out by reading what became of it."
	case canUndo(&r.run):
		text += " Undo with u."
	}
	lines := a.signed(style, sign, text, width)
	if r.failed != "" {
		lines = append(lines, a.signed(a.theme.Bad, "✗", r.failed, width)...)
	}
	return append(lines, indent("    ", "Run "+paint.Name(r.run.ID)+"; History has it, enter and q go back.", width-1)...)
}

// standing is one line on what is under way.
func (s *runScreen) standing(a *app) string {
	r, p := s.on, &s.on.progress
	text := "beginning"
	switch n := len(r.plan.Steps); {
	case p.Step >= 0 && p.Step < n:
		text = fmt.Sprintf("step %d of %s", p.Step+1, paint.Number(n))
	case p.Phase == model.PhaseReading:
		text = "before the first step"
	case p.Run.ID != "":
		text = "between steps"
	}
	if p.Phase != "" {
		text += ": " + string(p.Phase)
	}
	if wait := p.WaitingUntil.Sub(a.now); !p.WaitingUntil.IsZero() && wait > 0 {
		text += ", waiting " + span(wait) + " for the rate limit"
	}
	if left := p.Deadline.Sub(a.now); !p.Deadline.IsZero() {
		text += ", " + clock(left) + " left"
	}
	if r.cancelled {
		text += "; cancelled after this step"
	}
	return text
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
	if h := step.Handoff; h != nil {
		lines = append(lines, a.location(model.Location{Link: h.URL, Menu: h.Menu}, "      ", width)...)
	}
	if p.Said != "" {
		const most = 3 // the service's words can be long, and who is through matters more
		said := a.wrapped("      ", "Seen:", p.Said, width)
		lines = append(lines, said[:min(len(said), most)]...)
	}
	if n := len(p.Ticks); n > 0 {
		done := 0
		for i := range p.Ticks {
			if p.Ticks[i].Done {
				done++
			}
		}
		lines = append(lines, fmt.Sprintf("      %s of %s through", paint.Number(done), paint.Number(n)))
	}
	for i := range p.Ticks {
		t := &p.Ticks[i]
		sign, style := "·", a.theme.Faint
		if t.Done {
			sign, style = "✓", a.theme.Good
		}
		line := "      " + style.On(sign) + " " + paint.Fit(label(t.Subject.Name), min(max(width/3, 1), 40)) + "  "
		lines = append(lines, line+paint.Cut(paint.Name(t.Seen), width-paint.Width(line)-1))
	}
	return lines
}

// recordLine is one step with its state.
func (a *app) recordLine(step *model.Step, rec *model.StepRecord, width int) string {
	mark, style := a.stepMark(rec.State)
	line := "  " + style.On(mark) + paint.Spaces(15-paint.Width(mark)) + paint.Fit(paint.Name(step.ID), 5) + paint.Fit(string(step.Repair), 17)
	name := min(max((width-paint.Width(line))/2, 1), 40)
	line += paint.Fit(label(step.Subject.Name), name) + " "
	return line + paint.Cut(stepSends(step), width-paint.Width(line)-1)
}

// handoff is the button that the run waits for just now.
func (r *liveRun) handoff() (model.Location, bool) {
	if !r.active() || r.progress.Step < 0 || r.progress.Step >= len(r.plan.Steps) {
		return model.Location{}, false
	}
	h := r.plan.Steps[r.progress.Step].Handoff
	if h == nil {
		return model.Location{}, false
	}
	return model.Location{Link: h.URL, Menu: h.Menu}, true
}

// runEnded: the run on top is over, so that its screen can be closed.
func (a *app) runEnded() bool {
	s, on := a.top().(*runScreen)
	return on && s.on.over
}

// back leaves the screen on top; a run that goes on is asked about first.
func (a *app) back() tea.Cmd {
	if s, on := a.top().(*runScreen); on && s.on.active() {
		return a.stopRun()
	}
	a.pop()
	return nil
}
