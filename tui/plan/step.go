package plan

import (
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
	return line + style.Cut(stepSends(s), width-style.Width(line)-1)
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

// stepSends is the request of a step, or that it is made by hand, harmless.
func stepSends(s *model.Step) string {
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

// stepShort is the pane of a step: what is sent or pressed, and what has to hold before.
func stepShort(c *screen.Context, s *model.Step, width int) []string {
	var lines []string
	switch {
	case s.Request != nil:
		text := stepSends(s)
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
		lines = append(lines, c.Labelled(" ", "Only if:", conditionsText(s)+".", width)...)
	}
	return lines
}

// conditionsText is what must hold before a step, on one line.
func conditionsText(step *model.Step) string {
	parts := make([]string, len(step.Precondition))
	for i := range step.Precondition {
		parts[i] = conditionText(step, &step.Precondition[i])
	}
	return strings.Join(parts, "; ")
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
	if r := s.Request; r != nil {
		section("What is sent to "+serviceName(c, r.Service), requestLines(r, width))
	}
	if h := s.Handoff; h != nil {
		section("What you press", c.Place("Menu:", h.Location(), "    ", width))
	}
	if words := s.CalledNow(); words != "" {
		section("Called", style.Indent("    ", style.Name(words), width-1))
	}
	section("Only if, read again just before", conditionLines(s, s.Precondition, width))
	section("Confirmed when a fresh read says", conditionLines(s, s.Afterwards, width))
	if len(s.After) > 0 {
		section("Only after", style.Indent("    ", style.Name(strings.Join(s.After, ", ")+", confirmed"), width-1))
	}
	for _, l := range explain.Losses(s) {
		section(l.Label, style.Indent("    ", style.Name(l.Words), width-1))
	}
	names := make([]string, len(s.Members))
	for i, m := range s.Members {
		names[i] = NameOr(m.UserName, m.ID, m.Ref, "the user")
	}
	section("About "+style.Count(len(names), "member"),
		style.Indent("    ", style.Name(strings.Join(names, ", ")), width-1))
	section("Ends", style.Indent("    ", style.Name(strings.Join(stepFindings(s), ", ")), width-1))
	return lines
}

func stepFindings(s *model.Step) []string {
	if len(s.Findings) == 0 && s.Finding != "" {
		return []string{s.Finding}
	}
	return s.Findings
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
		lines = append(lines, style.Indent("    ", style.Name(name+": "+r.Headers[name]), width-1)...)
	}
	if body := strings.TrimSpace(string(r.Body)); body != "" && body != "null" {
		for _, line := range screen.JSON(r.Body, width-2) {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

func conditionLines(step *model.Step, all []model.Condition, width int) []string {
	lines := make([]string, 0, len(all))
	for i := range all {
		lines = append(lines, style.Indent("    ", style.Name(conditionText(step, &all[i])), width-1)...)
	}
	return lines
}
