package tui

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// columns are the widths of the grid's cells. They depend on the terminal and the names of the tab, never on what is in
// the window: a column that moved while scrolling would cost the whole screen on a slow line.
type columns struct{ severity, name, what int }

const (
	gutter      = 3 // cursor, mark, space
	signWidth   = 3
	wordWidth   = 9
	between     = 3 // the relation with a space on each side
	narrow      = 64
	widestName  = 44
	leastOfWhat = 16
)

func (a *app) columns() columns {
	c := columns{severity: signWidth + wordWidth}
	if a.width < narrow {
		c.severity = signWidth
	}
	room := max(a.width-gutter-c.severity-between-2, 0)
	c.name = min(max(a.set.NameWidth(rows.Tab(a.tab)), 12), widestName, max((room-leastOfWhat)/2, room/3))
	c.what = max(room-2*c.name, 0)
	return c
}

// grid draws the lines in the window, and no others.
func (a *app) grid(height int) []string {
	l := a.list()
	if l.Len() == 0 {
		return a.nothing(a.whyEmpty())
	}
	c := a.columns()
	from, to, ranging := l.Range()
	lines := make([]string, 0, height)
	for at := l.Top(); at < min(l.Top()+height, l.Len()); at++ {
		line := l.At(at)
		chosen := at == l.Cursor()
		if line.Heading != nil {
			lines = append(lines, a.headingLine(line, chosen))
			continue
		}
		mark := " "
		switch {
		case a.marks.Has(a.set.ID(line.Row)):
			mark = "*"
		case ranging && at >= from && at <= to:
			mark = "+"
		}
		lines = append(lines, a.rowLine(line.Row, c, mark, chosen))
	}
	return lines
}

// whyEmpty says why a list has no lines, and what to do.
func (a *app) whyEmpty() string {
	l := a.list()
	switch {
	case l.Filter() != "":
		return "Nothing matches \"" + l.Filter() + "\". esc clears the filter."
	case a.tab == tabDrift && len(a.gaps()) > 0:
		return "No drift was found in what was read. What was not read is unknown: press c to see why, R to read again."
	case a.tab == tabDrift && (a.interim || a.set.Comparison.Provisional):
		return "No drift so far; still reading."
	case a.tab == tabDrift && a.late != nil:
		return "No drift when it was read, " + a.age() + ". Press R to read again, f to see all rows."
	case a.tab == tabDrift && a.set.Open > 0:
		return "No drift in what is known. Press f to see all rows: " + style.Count(a.set.Open, "record") +
			" not settled."
	case a.tab == tabDrift:
		return "No drift: both sides agree. Press f to see all rows."
	case l.DriftOnly():
		return "No drift here. Press f to see all rows."
	default:
		return "Neither side has any."
	}
}

func (a *app) headingLine(line rows.Line, chosen bool) string {
	fold := "▾"
	if line.Folded {
		fold = "▸"
	}
	look := a.theme.Title
	sign := "  "
	if h := line.Heading; h.Kind != "" {
		sign, look = severitySign(h.Severity), a.severity(h.Severity)
	}
	text := fold + " " + sign + " " + headingText(line)
	if chosen {
		return "›" + a.theme.Chosen.On(style.Cut(text, a.width-2))
	}
	return " " + look.On(style.Cut(text, a.width-2))
}

func headingText(line rows.Line) string {
	h := line.Heading
	if h.Kind != "" {
		text := explain.Heading(h.Kind, h.Cause, line.Shown)
		if h.Contradicted {
			text = explain.Contradicted(text)
		}
		return text
	}
	noun := "group"
	if h.User {
		noun = "user"
	}
	switch h.Relation {
	case model.Unsettled:
		return style.Count(line.Shown, noun) + " not settled: a part was not read"
	case model.Differs:
		return style.Count(line.Shown, noun) + " claiming a record that another one has"
	case model.Same, model.OnlySource, model.OnlyTarget, model.Aside:
	}
	return style.Count(line.Shown, noun) + " in sync"
}

// rowLine draws one row. The cursor shows by its glyph and by the reversed name only: reversing the whole line would
// cost two full lines on the wire for each move.
func (a *app) rowLine(r rows.Row, c columns, mark string, chosen bool) string {
	var b strings.Builder
	b.Grow(a.width * 2)
	if chosen {
		b.WriteString("›")
	} else {
		b.WriteByte(' ')
	}
	b.WriteString(mark)
	b.WriteByte(' ')
	a.writeSeverity(&b, r, c)
	source, target := a.cells(r)
	a.writeName(&b, source, c.name, chosen)
	b.WriteByte(' ')
	b.WriteString(a.relationStyle(r).On(rows.Sign(r.Relation)))
	b.WriteByte(' ')
	a.writeName(&b, target, c.name, chosen)
	b.WriteString("  ")
	b.WriteString(style.Fit(style.Name(a.what(r, c.what)), c.what))
	return b.String()
}

func (a *app) writeSeverity(b *strings.Builder, r rows.Row, c columns) {
	if r.Finding == model.None {
		b.WriteString(style.Spaces(c.severity))
		return
	}
	s := a.set.Comparison.Findings[r.Finding].Severity
	text := severitySign(s)
	if c.severity > signWidth {
		text += " " + s.String()
	}
	b.WriteString(a.severity(s).On(text))
	b.WriteString(style.Spaces(c.severity - style.Width(text)))
}

func (a *app) writeName(b *strings.Builder, name string, width int, chosen bool) {
	name = style.Cut(name, width)
	switch {
	case name == absent:
		b.WriteString(name)
	case chosen:
		b.WriteString(a.theme.Chosen.On(name))
	default:
		b.WriteString(name)
	}
	b.WriteString(style.Spaces(width - style.Width(name)))
}

// severitySign tells severities apart without colour and without reading.
func severitySign(s model.Severity) string {
	return [...]string{model.Info: "· ", model.Low: "- ", model.Medium: "~ ", model.High: "! ", model.Critical: "!!"}[s]
}

func (a *app) severity(s model.Severity) style.Style {
	return [...]style.Style{
		model.Info: a.theme.Info, model.Low: a.theme.Low, model.Medium: a.theme.Medium, model.High: a.theme.High,
		model.Critical: a.theme.Critical,
	}[s]
}

func (a *app) relationStyle(r rows.Row) style.Style {
	switch {
	case r.Finding != model.None:
		return a.severity(a.set.Comparison.Findings[r.Finding].Severity)
	case r.Relation == model.Same:
		return a.theme.Good
	default:
		return a.theme.Medium
	}
}
