package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// stepLine is a step on one line: its number, whether it takes or gives access, what it does to whom, and what is sent.
func stepLine(c *screen.Context, s *model.Step, width int) string {
	effect, look := stepEffect(s), style.Style{}
	if s.Takes {
		look = c.Theme.High
	}
	return Row("  "+style.Fit(style.Name(s.ID), 5)+look.On(style.Fit(effect, 9)), s, width)
}

// Row is what a step does to whom, and what is sent, after something else. On a narrow screen the names matter more
// than the end of the longest repair.
func Row(before string, s *model.Step, width int) string {
	repair := 20
	if width < 100 {
		repair = 16
	}
	line := before + style.Fit(string(s.Repair), repair) + " "
	name := min(max((width-style.Width(line))/2, 1), 40)
	line += style.Fit(style.Label(s.Subject.Name), name) + " "
	return line + style.Cut(requestText(s), width-style.Width(line)-1)
}

// stepEffect is sign and word for what a step does to somebody's access.
func stepEffect(s *model.Step) string {
	switch {
	case s.Takes && s.Grants:
		return "-+ both"
	case s.Takes:
		return "- takes"
	case s.Grants:
		return "+ grants"
	}
	return ""
}

// requestText is the request of a step, or that it is made by hand, harmless.
func requestText(s *model.Step) string {
	switch a := s.Assignment(); {
	case a != nil: // the path says nothing, and the body ids alone
		return style.Name(a.String())
	case s.Request != nil:
		return style.Name(s.Request.Method) + " " + style.Name(s.Request.Path)
	case s.Handoff != nil:
		return "by hand: " + style.Name(s.Handoff.Menu)
	}
	return ""
}

// stepSummary is the pane of a step: what is sent or pressed, and what has to hold before.
func stepSummary(c *screen.Context, s *model.Step, width int) []string {
	var lines []string
	switch {
	case s.Request != nil:
		text := requestText(s)
		if body := strings.TrimSpace(string(s.Request.Body)); body != "" && body != "null" {
			text += "  " + style.Name(body)
		}
		lines = style.Indent(" ", text, width-1)
		lines = lines[:min(len(lines), 3)]
	case s.Handoff != nil:
		lines = c.Place("Menu:", s.Handoff.Location(), " ", width)
	}
	if words := s.CalledNow(); words != "" {
		lines = append(lines, c.Labelled(" ", "Called:", words+".", width)...)
	}
	if len(s.Precondition) > 0 {
		only := strings.Join(conditionTexts(s, s.Precondition), "; ") + "."
		lines = append(lines, c.Labelled(" ", "Only if:", only, width)...)
	}
	return lines
}

func conditionTexts(step *model.Step, all []model.Condition) []string {
	return model.Map(all, func(one *model.Condition) string { return conditionText(step, one) })
}

// StepScreen is one step in full: exactly what is sent, what must hold before, and what proves that it worked.
type StepScreen struct {
	screen.Text

	plan *model.Plan
	step int
}

// Title says which of how many it is.
func (s *StepScreen) Title() string {
	step := &s.plan.Steps[s.step]
	return "Step " + style.Name(step.ID) + " of " + style.Number(len(s.plan.Steps)) + ": " + string(step.Repair) + " " +
		style.Label(step.Subject.Name)
}

// View draws it.
func (s *StepScreen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string { return stepText(c, &s.plan.Steps[s.step], width) })
}

func stepText(c *screen.Context, s *model.Step, width int) []string {
	var lines []string
	section := func(name string, more []string) {
		if len(more) > 0 {
			lines = append(append(lines, "", "  "+c.Theme.Title.On(style.Cut(name, width-3))), more...)
		}
	}
	said := func(raw ...string) []string { return style.Paragraphs("    ", width, raw...) }
	if r := s.Request; r != nil {
		section("What is sent to "+serviceName(c, r.Service), requestLines(r, width))
	}
	if h := s.Handoff; h != nil {
		section("What you press", c.Place("Menu:", h.Location(), "    ", width))
	}
	section("Called", said(s.CalledNow()))
	section("Only if, read again just before", said(conditionTexts(s, s.Precondition)...))
	section("Confirmed when a fresh read says", said(conditionTexts(s, s.Afterwards)...))
	if len(s.After) > 0 {
		section("Only after", said(strings.Join(s.After, ", ")+", confirmed"))
	}
	for _, l := range explain.Losses(s) {
		section(l.Label, said(l.Words))
	}
	section("About "+style.Count(len(s.Members), "member"), said(strings.Join(memberLabels(s.Members), ", ")))
	section("Ends", said(cmp.Or(strings.Join(s.Findings, ", "), s.Finding)))
	return lines
}

func serviceName(c *screen.Context, service string) string {
	side := model.TargetSide
	if service == model.ServiceSource {
		side = model.SourceSide
	}
	return style.Name(c.Sides[side].Title)
}

// requestLines is a request as it goes out, but for the credential, with its body laid out for reading.
func requestLines(r *model.Request, width int) []string {
	lines := style.Indent("    ", style.Name(r.Method)+" "+style.Name(r.Path), width-1)
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		lines = append(lines, style.Paragraphs("    ", width, name+": "+r.Headers[name])...)
	}
	if body := strings.TrimSpace(string(r.Body)); body != "" && body != "null" {
		lines = append(lines, screen.JSON("    ", r.Body, width)...)
	}
	return lines
}
