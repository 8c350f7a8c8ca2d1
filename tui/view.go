package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// View draws the frame: every line exactly as wide as the terminal, and exactly as many as it has.
func (a *app) View() tea.View {
	if a.opts.Plain {
		return a.plainView()
	}
	v := tea.View{AltScreen: true, WindowTitle: style.Name("scimdrift " + a.opts.Connection)}
	if !a.opts.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if a.width <= 0 || a.height <= 0 {
		return v
	}
	l, palette := a.layout(), a.palette()
	lines := make([]string, 0, a.height)
	part := func(n int, drawn []string) {
		for i := range n {
			line := ""
			if i < len(drawn) {
				line = drawn[i]
			}
			lines = append(lines, style.Fit(line, a.width))
		}
	}
	one := func(n int, draw func() string) {
		if n > 0 {
			part(1, []string{draw()})
		}
	}
	one(l.title, a.titleLine)
	one(l.severities, a.severityLine)
	one(l.sides, a.sideLine)
	one(l.tabs, a.tabLine)
	part(l.notices, a.notices())
	one(l.rule, a.upperRule)
	switch {
	case a.isPreviewBeside() && palette == nil:
		part(l.body, a.sideBySide(l.body))
	case a.isListDrawn() && palette == nil:
		part(l.body, a.withScrollbar(a.rowLines(l.body), l.body))
	default:
		part(l.body, a.bodyLines(l.body))
	}
	one(l.position, a.lowerRule)
	if l.preview > 0 {
		part(l.preview, a.lowerPane(l.preview))
	}
	one(l.jobs, func() string {
		return run.Line(a.context(), a.jobsOffScreen(), a.endedJob() != nil && a.top() == nil, a.width)
	})
	one(l.footer, a.footer)
	if l.footer > 0 {
		a.overlayLongStatus(lines)
	}
	v.Content = strings.Join(lines, "\n")
	v.Cursor = a.cursor(l)
	return v
}

// sideBySide is the list with the preview of what stands at the cursor beside it.
func (a *app) sideBySide(height int) []string {
	lines := a.withScrollbar(a.rowLines(height), height)
	width := a.previewWidth()
	preview := a.grid().Preview(width, height)
	for i := range lines {
		if i < len(preview) {
			lines[i] += style.Fit(preview[i], width)
		}
	}
	return lines
}

// withScrollbar closes each line of the list with the border, in which a thumb shows what part of the list is in view.
func (a *app) withScrollbar(list []string, height int) []string {
	width := a.listWidth()
	from, to := screen.Thumb(height, a.list().Top(), a.list().Len())
	track, thumb := "│", "┃"
	lines := make([]string, height)
	for i := range lines {
		border := track
		switch {
		case i >= from && i < to:
			border = thumb
		case !a.isPreviewBeside() && to == 0:
			border = " " // below there is nothing to part the list from
		}
		row := ""
		if i < len(list) {
			row = list[i]
		}
		lines[i] = style.Fit(row, width) + border
	}
	return lines
}

// positionText says where in the list the cursor stands, such as "2 of 37".
func (a *app) positionText() string {
	if p := a.pane(); a.Set != nil && p.Matches() > 0 {
		return style.Number(p.Position()) + " of " + style.Number(p.Matches())
	}
	return ""
}

// lowerRule ends the list, with the position near its right end.
func (a *app) lowerRule() string {
	width, at := a.listWidth(), a.positionText()
	rule := func(n int) string { return a.theme.Faint.On(strings.Repeat("─", max(n, 0))) }
	end := a.theme.Faint.On("┴" + strings.Repeat("─", a.previewWidth()))
	if at == "" {
		return rule(width) + end
	}
	const right = 3
	return rule(width-style.Width(at)-2-right) + " " + at + " " + rule(right) + end
}

// bodyLines is the part between the rules: a screen, the palette over it, a tab, or why there is none.
func (a *app) bodyLines(height int) []string {
	c := a.context()
	tab, _ := a.pane().(drawnTab)
	switch s := a.top(); {
	case a.palette() != nil:
		return a.palette().View(&a.theme, a.width, height)
	case s != nil:
		return s.View(c, a.width, height)
	case a.Set != nil, a.tab == tabHistory:
		return tab.View(c, a.width, height)
	case a.Failed != "" && !a.Loading():
		return screen.EmptyText(a.Failed, a.width)
	case a.Fetch.Summary != nil:
		return reading.Summary(c, a.Fetch.Summary, a.width, height)
	default:
		return a.Table(a.context(), a.width)
	}
}

// lowerPane tells more of what stands at the cursor, below a rule.
func (a *app) lowerPane(height int) []string {
	if tab, is := a.pane().(drawnTab); is && a.pane().Len() == 0 {
		return []string{a.context().Rule("", a.width)}
	} else if is {
		return tab.Detail(a.context(), a.width, height)
	}
	g := a.grid()
	title := style.Join(g.AtCursor(), g.SignAtCursor())
	return append([]string{a.ruleWithPosition(title)}, g.Preview(a.width, height-1)...)
}

// ruleWithPosition is a rule with a title, and the position near its right end.
func (a *app) ruleWithPosition(title string) string {
	room, tail := a.width, ""
	if at := a.positionText(); at != "" && a.width > 30 {
		room, tail = a.width-style.Width(at)-5, " "+at+" "+a.theme.Frame.On("───")
	}
	return a.context().Rule(title, room) + tail
}

// cursor is the terminal's own one, where text is typed: screen readers follow it.
func (a *app) cursor(l layout) *tea.Cursor {
	switch {
	case a.palette() != nil:
		return a.palette().Cursor(l.bodyTop(), a.width)
	case a.prompt != nil && l.footer > 0:
		return a.prompt.Cursor(a.height-1, a.width)
	}
	return nil
}

// upperRule stands above the body: the titles of the columns, or of what covers the board.
func (a *app) upperRule() string {
	switch s := a.top(); {
	case a.palette() != nil:
		return a.context().Rule(style.Name(a.palette().Title), a.width)
	case s != nil:
		return a.context().Rule(s.Title(), a.width)
	case !a.isListDrawn():
		return a.ruleWithPosition("")
	case !a.isPreviewBeside():
		return a.grid().Titles() + a.theme.Faint.On("─")
	}
	width := a.previewWidth()
	title := style.Cut(a.grid().AtCursor(), width-4)
	if title == "" {
		return a.grid().Titles() + a.theme.Faint.On("┬"+strings.Repeat("─", width))
	}
	return a.grid().Titles() + a.theme.Faint.On("┬─") + " " + title + " " +
		a.theme.Faint.On(strings.Repeat("─", max(width-style.Width(title)-3, 0)))
}

func (a *app) grid() *grid.Grid {
	return &grid.Grid{
		Context: a.context(), Set: a.Set, List: a.list(), Marks: a.marks, Past: a.trend,
		Changed: a.watch.changed, Interim: a.Interim, Width: a.listWidth(), Both: a.width >= wideTerminal,
	}
}

func (a *app) rowLines(height int) []string {
	if a.list().Len() == 0 {
		return screen.EmptyText(a.whyEmpty(), a.listWidth())
	}
	return a.grid().Lines(height)
}

// whyEmpty says why a list has no lines, and what to do.
func (a *app) whyEmpty() string {
	l := a.list()
	switch {
	case l.Filter() != "":
		return a.context().Unmatched(l.Filter())
	case a.isDriftTab() && len(a.Gaps()) > 0:
		return "No drift was found in what was read. What was not read is unknown: press " +
			a.keyFor("coverage") + " to see why, " + a.keyFor("reload") + " to read again."
	case a.isDriftTab() && a.Late != nil:
		return "No drift when it was read, " + a.ageText() + ". Press " +
			a.keyFor("reload") + " to read again, " + a.keyFor("drift-only") + " to see all rows."
	case a.isDriftTab() && (a.Interim || a.Set.Comparison.Provisional):
		return "No drift so far; still reading."
	case a.isDriftTab() && a.Set.Open > 0:
		return "No drift in what is known. Press " + a.keyFor("drift-only") + " to see all rows: " +
			style.Count(a.Set.Open, "record") +
			" not settled."
	case a.isDriftTab():
		return "No drift: both sides agree. Press " + a.keyFor("drift-only") + " to see all rows."
	case l.DriftOnly():
		return "No drift here. Press " + a.keyFor("drift-only") + " to see all rows."
	default:
		return "Neither side has any."
	}
}

// notices say above the grid that a run is in doubt, and what is not known.
func (a *app) notices() []string {
	return append(a.unsettledNotice(), a.Notices(a.context(), a.width)...)
}
