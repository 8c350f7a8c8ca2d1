package run

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen shows a job step by step while it goes on, and its outcome afterwards; a run of the history as a job that has
// ended. Its window follows the step that is under way until the operator moves it.
type Screen struct {
	screen.Text

	Job *Job
	// isFinal: it was laid out since the job has ended, and changes no more by itself.
	isFinal bool

	// focusLine is the line of the step that is under way, followedOffset where the window was put for it.
	focusLine, followedOffset int
}

// FromHistory shows a run of the history.
func FromHistory(r *model.Run) *Screen {
	j := New(Job{Name: Description(r), Plan: r.Plan, Run: *r, Over: true, Seen: true})
	if j.Plan == nil {
		j.Plan = &model.Plan{}
	}
	return &Screen{Job: j}
}

// Renew takes the run from a newer history.
func (s *Screen) Renew(r *model.Run) {
	s.Job.Run = *r
	s.Stale()
}

// Keys are those of a job.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/job | A job | on a job, which {job} shows
stop-job  | esc   | 1 stop after this step | stop the job after the step that is under way | a job under way
close-job | enter | 1 close                | close a job that has ended | a job that has ended`

// Title says what it does.
func (s *Screen) Title() string { return style.Cut("Run: "+style.Name(s.Job.Name), 100) }

// Close is told that it was left: whoever leaves it has seen how it ended.
func (s *Screen) Close() { s.Job.Seen = s.Job.Over }

// Fit makes the lines anew with every message as long as it goes on, because the clock is in them.
func (s *Screen) Fit(c *screen.Context, width, height int) {
	at := s.YOffset()
	if !s.isFinal {
		s.Stale()
	}
	s.isFinal = s.Job.Over
	s.View(c, width, height)
	if at == s.followedOffset {
		s.SetYOffset(s.focusLine - height/2)
		s.followedOffset = s.YOffset()
	}
}

// View draws the lines that show.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string { return s.buildLines(c, width) })
}

// buildLines puts the lines together: where it stands, the steps, and what the current one waits for.
func (s *Screen) buildLines(c *screen.Context, width int) []string {
	r := s.Job
	lines := append([]string{""}, s.headLines(c, width)...)
	if r.Over && r.Run.ID != "" {
		lines = append(lines, Facts(c, &r.Run, "    ", width)...)
	}
	lines = append(lines, "")
	s.focusLine = 0
	records := r.Steps()
	for i := range r.Plan.Steps {
		rec := model.StepRecord{ID: r.Plan.Steps[i].ID, State: model.StepQueued}
		if i < len(records) {
			rec = records[i]
		}
		current := !r.Over && i == r.Progress.Step
		if current {
			s.focusLine = len(lines)
			if rec.State == model.StepQueued {
				rec.State = model.StepRunning
			}
		}
		switch {
		case rec.State != model.StepQueued:
		case r.Over && r.Run.State != model.RunRunning: // another program may be running it
			rec.State = "" // it waits for nothing any more
		case r.Stopped:
			rec.State = model.StepCancelled // which it will be, because nothing begins any more
		}
		lines = append(lines, Record(c, &r.Plan.Steps[i], &rec, width))
		lines = append(lines, style.Paragraphs("      ", width, stepDetails(&rec)...)...)
		if current {
			lines = append(lines, s.waitingLines(c, &r.Plan.Steps[i], width)...)
		} else {
			lines = append(lines, tickLines(c, &r.Plan.Steps[i], r.Ticks[i], width)...)
		}
	}
	return lines
}

// headLines says where the run stands, or how it ended and what can be done now.
func (s *Screen) headLines(c *screen.Context, width int) []string {
	r := s.Job
	switch {
	case !r.Over:
		return s.activeLines(c, width)
	case r.Run.ID == "":
		return screen.Signed(c.Theme.Bad, "✗", "Nothing was run: "+style.OrEmpty(r.Failed), width)
	}
	mark := MarkOf(c, &r.Run)
	sign, word, _ := strings.Cut(mark.Text, " ")
	text := "Done, and read back: " + r.Run.Outcome() + "."
	if r.Run.State != model.RunDone || !r.Run.Settled() {
		text = strings.ToUpper(word[:1]) + word[1:] + ": " + r.Run.Outcome() + "."
	}
	switch {
	case r.Run.State == model.RunRunning:
	case !r.Run.Settled():
		text += " " + c.Key("settle") + " finds out by reading what became of it."
	case CanUndo(&r.Run) && len(r.Run.UndoneBy) == 0:
		text += " Undo with " + c.Key("undo") + "."
	default:
		text = strings.TrimSpace(text + " " + WhyNoUndo(&r.Run))
	}
	if r.Run.State != model.RunDone && r.Run.Settled() && !r.Began.IsZero() {
		text += " What is left stays on the board, to be planned again."
	}
	lines := screen.Signed(mark.Look, sign, text, width)
	if r.Failed != "" {
		lines = append(lines, screen.Signed(c.Theme.Bad, "✗", r.Failed, width)...)
	}
	return append(lines, style.Indent("    ", "Run "+style.Name(r.Run.ID)+"; History has it, "+c.Key("close-job")+
		" and "+c.Key("back")+" go back.", width-1)...)
}

// activeLines says where a job stands that goes on, with a bar, and what a stop leaves of it.
func (s *Screen) activeLines(c *screen.Context, width int) []string {
	j, p := s.Job, &s.Job.Progress
	text := j.Standing(c.Now)
	if spent := c.Now.Sub(j.phaseSince); !j.phaseSince.IsZero() && p.Deadline.IsZero() && spent >= slowPhase {
		text += ", for " + style.Span(spent)
	}
	timing, n := j.timingText(c.Now), len(j.Plan.Steps)
	if timing != "" && n == 1 {
		text += ", " + timing
	}
	lines := screen.Signed(c.Theme.Title, "▸", text, width)
	rest := model.CountIf(j.Steps(), func(rec model.StepRecord) bool { return rec.State == model.StepQueued })
	running := model.CountIf(j.Steps(), func(rec model.StepRecord) bool { return rec.State == model.StepRunning })
	done := len(j.Steps()) - rest - running
	if n > 1 {
		const barWidth = 20
		bar := fmt.Sprintf("    %s %s of %s ended", style.Bar(done, n, min(barWidth, max(width-20, 0))),
			style.Number(done), style.Count(n, "step"))
		lines = append(lines, style.Cut(strings.TrimSuffix(bar+", "+timing, ", "), width-1))
	}
	if !j.Stopped {
		return lines
	}
	stop := "Stopped by you: " + style.Number(done) + " of " + style.Count(n, "step") + " ended before"
	if p.Step >= 0 && p.Step < n {
		stop += "; " + style.Name(j.Plan.Steps[p.Step].ID) + " is under way, and what of it was sent is read back"
	}
	stop += "; " + style.Number(rest) + " will not begin."
	if j.Leaving {
		stop += " Then the program ends."
	}
	return append(lines, screen.Signed(c.Theme.Medium, "!", stop, width)...)
}

// waitingLines is what the current step waits for: the button to press, and who is through already.
func (s *Screen) waitingLines(c *screen.Context, step *model.Step, width int) []string {
	p := &s.Job.Progress
	var lines []string
	said := p.Said
	if h := step.Handoff; h != nil {
		label := "Press:"
		if step.Repair == model.OpenApp || step.Repair == model.OpenRules {
			label = "Page:" // which button is said by the finding
		}
		lines = append(lines, c.Place(label, h.Location(), "      ", width)...)
		lines = append(lines, c.Labelled("      ", "Then:", explain.ButtonAnswer(step.Repair), width)...)
		if said == "" && p.Phase == plan.PhaseWatching {
			said = "nothing of it yet"
		}
	}
	const most = 3 // the service's words can be long, and who is through matters more
	seen := c.Labelled("      ", "Seen:", said, width)
	lines = append(lines, seen[:min(len(seen), most)]...)
	lines = append(lines, tickLines(c, step, p.Ticks, width)...)
	if p.Phase == plan.PhaseWatching {
		lines = append(lines, style.Indent("      ", c.Key("stop-job")+" stops watching; what is not through by then "+
			"stays a finding.", width-1)...)
	}
	return lines
}

// tickLines are who is through and who is not, of the findings that a button or a nudge should end. A refresh only
// prepares the reapply that ends them.
func tickLines(c *screen.Context, step *model.Step, ticks []plan.Tick, width int) []string {
	if len(ticks) == 0 {
		return nil
	}
	lines := []string{""}
	for i := range ticks {
		t := &ticks[i]
		sign, look := "·", c.Theme.Faint
		if t.Done {
			sign, look = "✓", c.Theme.Good
		}
		seen := t.Seen
		if kind, _, _ := strings.Cut(t.Finding, "/"); kind != "" && seen != "" {
			seen = kind + ": " + seen // of a group it could be said of the group or of its finding
		}
		line := "      " + look.On(sign) + " " + style.Fit(style.Label(t.Called()), min(max(width/3, 1), 40)) + "  "
		line += style.Cut(style.Name(seen), width-style.Width(line)-1)
		lines = append(lines, line)
	}
	done, all := countDone(ticks)
	lines[0] = fmt.Sprintf("      %s of %s through", style.Number(done), style.Number(all))
	if step.Repair == model.RefreshEntitlements && done < all {
		lines[0] += "; the rest takes a reapply after it"
	}
	if step.Repair == model.OpenApp && done > 0 && slices.ContainsFunc(ticks, func(t plan.Tick) bool {
		return t.Subject.Type == model.SubjectUser || t.Subject.Type == model.SubjectGroup
	}) {
		lines[0] += "; a reapply pushes what the setting held up"
	}
	return lines
}
