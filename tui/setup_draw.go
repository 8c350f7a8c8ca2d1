package tui

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/style"
)

func (a *app) setupBody(height int) []string {
	s := &a.setup
	switch {
	case len(s.checks) == 0:
		return a.nothing("The set-up was not checked: nothing of the app was read. Press R to read again.", a.width)
	case len(s.lines) == 0 && s.filter.Empty():
		return a.nothing("Every check is fine. Press f to see them all.", a.width)
	case len(s.lines) == 0:
		return a.nothing("Nothing matches \""+s.filter.Text()+"\". esc clears the filter.", a.width)
	}
	lines := make([]string, 0, height)
	for at := s.Top(); at < min(s.Top()+height, s.Len()); at++ {
		lines = append(lines, a.checkLine(&s.lines[at], at == s.Cursor()))
	}
	return lines
}

// resultMark is sign and word of a result.
func (a *app) resultMark(r model.CheckResult) (text string, look style.Style) {
	switch r {
	case model.CheckMend:
		return "✗ mend", a.theme.Bad
	case model.CheckLook:
		return "→ look", a.theme.Medium
	case model.CheckFine:
		return "= fine", a.theme.Good
	case model.CheckUnknown:
	}
	return "? unknown", a.theme.Low
}

func (a *app) checkLine(line *setupLine, chosen bool) string {
	mark, look := a.resultMark(line.result)
	if line.check == nil {
		text := style.Cut(style.Number(line.count)+" "+resultHeading(line.result, line.count), a.width-3)
		if chosen {
			return a.cursorLine(" " + text)
		}
		return "  " + look.On(text)
	}
	title := min(max((a.width-14)*2/5, 1), 40)
	rest := style.Spaces(10-style.Width(mark)) + style.Fit(explain.CheckTitle(line.check.ID), title) + " "
	rest += style.Cut(style.Name(line.check.Seen), a.width-style.Width(mark+rest)-5)
	if chosen {
		return a.cursorLine("   " + mark + rest)
	}
	return "    " + look.On(mark) + rest
}

// resultHeading says of a group of checks what they have in common.
func resultHeading(r model.CheckResult, n int) string {
	switch r {
	case model.CheckMend:
		return "to mend: stops or bends provisioning, and is a finding too"
	case model.CheckLook:
		return "to look at by hand: no API shows it"
	case model.CheckFine:
		return "fine"
	case model.CheckUnknown:
	}
	if n == 1 {
		return "not known: what it rests on was not read"
	}
	return "not known: what they rest on was not read"
}

// checkDetail is the pane below the checks. What to do has its place there, however much was seen.
func (a *app) checkDetail(height int) []string {
	s := &a.setup
	if s.Cursor() >= len(s.lines) {
		return []string{a.ruleWith("")}
	}
	line := &s.lines[s.Cursor()]
	if line.check == nil {
		return []string{a.ruleWith(""), " " + style.Cut(resultHeading(line.result, line.count), a.width-2)}
	}
	seen, rest := a.checkText(line.check, a.width, " ")
	room := max(height-1-len(rest), 1)
	if len(seen) > room {
		seen = append(seen[:room-1:room-1], style.Cut(seen[room-1], a.width-4)+" …")
	}
	return slices.Concat([]string{a.ruleWith(explain.CheckTitle(line.check.ID))}, seen, rest)
}

// checkText is all of a check: what was seen; what to do, and where.
func (a *app) checkText(c *model.Check, width int, margin string) (seen, rest []string) {
	seen = append(indent(margin, style.Name(c.Seen), width-1), a.attributeTable(c.Attributes, margin, width)...)
	if c.Todo != "" {
		rest = a.wrapped(margin, "Next:", c.Todo, width)
	}
	return seen, append(rest, a.location(model.Location{Link: c.Link, Menu: c.Menu}, margin, width)...)
}

// wrapped is text with a label in front that stands out. The text is raw.
func (a *app) wrapped(margin, label, text string, width int) []string {
	lines := indent(margin, label+" "+style.Name(text), width-1)
	if len(lines) > 0 {
		lines[0] = margin + a.theme.Title.On(label) + lines[0][min(len(margin)+len(label), len(lines[0])):]
	}
	return lines
}

// checkScreen shows one check in full. It finds the check again after a reload.
type checkScreen struct {
	page

	id, name string
}

func (s *checkScreen) title(*app) string { return s.name }

func (s *checkScreen) body(a *app, width, height int) []string {
	return s.window(width, height, func(width int) []string {
		c := a.setup.find(s.id)
		if c == nil {
			return []string{"", "  This was not checked in the last read. q goes back."}
		}
		mark, look := a.resultMark(c.Result)
		seen, rest := a.checkText(c, width, "  ")
		return slices.Concat([]string{"", "  " + look.On(mark) + "  " + string(c.ID), ""}, seen, []string{""}, rest)
	})
}

// attributeTable is the table of attributes for access control, and below it whom it leaves without a tag.
func (a *app) attributeTable(attributes []model.AccessAttribute, margin string, width int) []string {
	if len(attributes) == 0 {
		return nil
	}
	heads := explain.AccessHeads()
	widths := make([]int, len(heads))
	for i, head := range heads[3:] {
		widths[3+i] = style.Width(head) + 2
	}
	room := width - len(margin)
	for _, w := range widths {
		room -= w
	}
	widths[0] = max(room*2/5, 2)
	widths[1] = max((room-widths[0])/2, 2)
	widths[2] = max(room-widths[0]-widths[1], 2)
	row := func(cells []string) string {
		fitted := make([]string, len(cells))
		for i, text := range cells {
			fitted[i] = style.Fit(style.Cut(style.Name(text), widths[i]-1), widths[i])
		}
		return margin + strings.Join(fitted, "")
	}
	lines := []string{"", a.theme.Title.On(row(heads))}
	for i := range attributes {
		lines = append(lines, row(explain.AccessRow(&attributes[i])))
	}
	for i := range attributes {
		for _, line := range explain.AccessPeople(&attributes[i]) {
			lines = append(lines, indent(margin, style.Name(line), width-1)...)
		}
	}
	return lines
}

func (s *setupTab) find(id string) *model.Check {
	for i := range s.checks {
		if string(s.checks[i].ID) == id {
			return &s.checks[i]
		}
	}
	return nil
}
