package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/style"
)

// stepLine is a step on one line: its number, whether it takes or gives access, what it does to whom, and what is sent.
func (a *app) stepLine(s *model.Step, width int) string {
	effect, look := stepEffect(s), style.Style{}
	if s.Takes {
		look = a.theme.High
	}
	line := "  " + style.Fit(style.Name(s.ID), 5) + look.On(style.Fit(effect, 9)) +
		style.Fit(string(s.Repair), repairRoom(width)-1) + " "
	name := min(max((width-style.Width(line))/2, 1), 40)
	line += style.Fit(label(s.Subject.Name), name) + " "
	return line + style.Cut(stepSends(s), width-style.Width(line)-1)
}

// repairRoom is how wide the column of repairs is: on a narrow screen the names behind it matter more than the end of
// the longest.
func repairRoom(width int) int {
	if width < 100 {
		return 17
	}
	return 21
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
func (a *app) stepShort(s *model.Step, width int) []string {
	var lines []string
	switch {
	case s.Request != nil:
		text := stepSends(s)
		if body := strings.TrimSpace(string(s.Request.Body)); body != "" && body != "null" {
			text += "  " + style.Name(body)
		}
		lines = indent(" ", text, width-1)
		lines = lines[:min(len(lines), 3)]
	case s.Handoff != nil:
		lines = a.location(model.Location{Link: s.Handoff.URL, Menu: s.Handoff.Menu}, " ", width)
	}
	if words := s.CalledNow(); words != "" {
		lines = append(lines, a.wrapped(" ", "Called:", words+".", width)...)
	}
	if len(s.Precondition) > 0 {
		lines = append(lines, a.wrapped(" ", "Only if:", statementsText(s)+".", width)...)
	}
	return lines
}

// statementsText is what must hold before a step, on one line.
func statementsText(step *model.Step) string {
	parts := make([]string, len(step.Precondition))
	for i := range step.Precondition {
		parts[i] = conditionText(step, &step.Precondition[i])
	}
	return strings.Join(parts, "; ")
}

// stepScreen is one step in full: exactly what is sent, what must hold before, and what proves that it worked.
type stepScreen struct {
	page

	plan *model.Plan
	step int
}

func (s *stepScreen) title(*app) string {
	step := &s.plan.Steps[s.step]
	return "Step " + style.Name(step.ID) + " of " + style.Number(len(s.plan.Steps)) + ": " + string(step.Repair) + " " +
		label(step.Subject.Name)
}

func (s *stepScreen) body(a *app, width, height int) []string {
	return s.window(width, height, func(width int) []string { return a.stepText(&s.plan.Steps[s.step], width) })
}

func (a *app) stepText(s *model.Step, width int) []string {
	var lines []string
	section := func(name string, more []string) {
		if len(more) > 0 {
			lines = append(append(lines, "", "  "+a.theme.Title.On(style.Cut(name, width-3))), more...)
		}
	}
	if r := s.Request; r != nil {
		section("What is sent to "+serviceName(a, r.Service), requestLines(r, width))
	}
	if h := s.Handoff; h != nil {
		section("What you press", a.location(model.Location{Link: h.URL, Menu: h.Menu}, "    ", width))
	}
	if words := s.CalledNow(); words != "" {
		section("Called", indent("    ", style.Name(words), width-1))
	}
	section("Only if, read again just before", statementLines(s, s.Precondition, width))
	section("Confirmed when a fresh read says", statementLines(s, s.Afterwards, width))
	if len(s.After) > 0 {
		section("Only after", indent("    ", style.Name(strings.Join(s.After, ", ")+", confirmed"), width-1))
	}
	for _, l := range explain.Losses(s) {
		section(l.Label, indent("    ", style.Name(l.Words), width-1))
	}
	names := make([]string, len(s.Members))
	for i, m := range s.Members {
		names[i] = nameOr(m.UserName, m.ID, m.Ref, "the user")
	}
	section("About "+style.Count(len(names), "member"), indent("    ", style.Name(strings.Join(names, ", ")), width-1))
	section("Ends", indent("    ", style.Name(strings.Join(stepFindings(s), ", ")), width-1))
	return lines
}

func stepFindings(s *model.Step) []string {
	if len(s.Findings) == 0 && s.Finding != "" {
		return []string{s.Finding}
	}
	return s.Findings
}

func serviceName(a *app, service string) string {
	if service == model.ServiceSource {
		return style.Name(a.opts.Source.Title)
	}
	return style.Name(a.opts.Target.Title)
}

// requestLines is a request as it goes out, but for the credential, with its body laid out for reading.
func requestLines(r *model.Request, width int) []string {
	lines := indent("    ", style.Name(r.Method)+" "+style.Name(r.Path), width-1)
	names := make([]string, 0, len(r.Headers))
	for name := range r.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		lines = append(lines, indent("    ", style.Name(name+": "+r.Headers[name]), width-1)...)
	}
	if body := strings.TrimSpace(string(r.Body)); body != "" && body != "null" {
		for _, line := range rawLines(r.Body, width-2) {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

func statementLines(step *model.Step, all []model.Condition, width int) []string {
	lines := make([]string, 0, len(all))
	for i := range all {
		lines = append(lines, indent("    ", style.Name(conditionText(step, &all[i])), width-1)...)
	}
	return lines
}
