package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// layout says how many lines each part of the frame has. What does not fit is left out whole, the least needed first.
type layout struct {
	title, severities, sides, tabs, notices, rule, body, position, preview, jobs, footer int
}

// The heights from which on the parts of the frame are there.
const (
	heightForFooter  = 2
	heightForTabs    = 3
	heightForTitle   = 4
	heightForJobs    = 6
	heightForSides   = 10
	heightForPreview = 14
	previewMost      = 11
)

// The preview stands beside the list from a width of 120 on, below it under that.
const (
	widthForPreview = 120
	leastOfPreview  = 46
	mostOfPreview   = 80
)

// when is one line for what is there.
func when(there bool) int {
	if there {
		return 1
	}
	return 0
}

// layout depends on the size, on what covers the board and on whether there is something to warn of; never on a load
// being under way, so that nothing jumps when one begins or ends.
func (a *app) layout() layout {
	roomy := a.height >= heightForSides
	l := layout{
		title: when(a.height >= heightForTitle), severities: when(roomy), sides: when(roomy),
		tabs: when(a.height >= heightForTabs),
		rule: when(roomy), footer: when(a.height >= heightForFooter),
	}
	l.jobs = when(a.height >= heightForJobs && len(a.lined()) > 0)
	rest := max(a.height-l.title-l.severities-l.sides-l.tabs-l.rule-l.jobs-l.footer, 0)
	if a.top() == nil && a.set != nil {
		l.notices = min(len(a.notices()), rest/5)
		switch {
		case a.height < heightForPreview:
		case a.beside():
			l.position = 1
		default:
			l.preview = min(max(rest/3, 3), previewMost)
		}
	}
	l.body = rest - l.notices - l.position - l.preview
	return l
}

// bodyAt is where the body begins, counted from the top of the frame.
func (l layout) bodyAt() int { return l.title + l.severities + l.sides + l.tabs + l.notices + l.rule }

// tabsAt is the line of the tabs.
func (l layout) tabsAt() int { return l.title + l.severities + l.sides }

// listed: a list of rows shows.
func (a *app) listed() bool { return a.top() == nil && a.set != nil && a.onRows() }

// beside: the preview stands beside the list.
func (a *app) beside() bool {
	return a.listed() && a.width >= widthForPreview && a.height >= heightForPreview
}

// listWidth is how wide the list of rows is, without the line at its right that shows how far down one is.
func (a *app) listWidth() int {
	if a.beside() {
		return a.width - a.previewWidth() - 1
	}
	return max(a.width-1, 0)
}

func (a *app) previewWidth() int { return min(max(a.width*7/20, leastOfPreview), mostOfPreview) }

// View draws the frame: every line exactly as wide as the terminal, and exactly as many as it has.
func (a *app) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: style.Name("scimdrift " + a.opts.Connection)}
	if !a.opts.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if a.width <= 0 || a.height <= 0 {
		return v
	}
	l := a.layout()
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
	case a.beside() && a.palette == nil:
		part(l.body, a.sideBySide(l.body))
	case a.listed() && a.palette == nil:
		part(l.body, a.withScrollbar(a.grid(l.body), l.body))
	default:
		part(l.body, a.body(l.body))
	}
	one(l.position, a.lowerRule)
	if l.preview > 0 {
		part(l.preview, a.lowerPane(l.preview))
	}
	one(l.jobs, a.jobsLine)
	one(l.footer, a.footer)
	v.Content = strings.Join(lines, "\n")
	if a.opts.ASCII {
		v.Content = style.ASCII(v.Content)
	}
	v.Cursor = a.cursor(l)
	return v
}

// sideBySide is the list with the preview of what stands at the cursor beside it.
func (a *app) sideBySide(height int) []string {
	lines := a.withScrollbar(a.grid(height), height)
	width := a.previewWidth()
	preview := a.preview(width, height)
	for i := range lines {
		if i < len(preview) {
			lines[i] += style.Fit(preview[i], width)
		}
	}
	return lines
}

// withScrollbar closes each line of the list with the border, in which a thumb shows what part of the list is in view.
func (a *app) withScrollbar(list []string, height int) []string {
	l, width := a.list(), a.listWidth()
	from, to := 0, 0
	if n := l.Len(); n > height {
		size := max(height*height/n, 1)
		from = l.Top() * (height - size) / max(n-height, 1)
		to = from + size
	}
	track, thumb := "│", "┃"
	lines := make([]string, height)
	for i := range lines {
		border := track
		switch {
		case i >= from && i < to:
			border = thumb
		case !a.beside() && to == 0:
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

// position says where in the list the cursor stands, such as "2 of 37".
func (a *app) position() string {
	if !a.listed() || a.list().Matches() == 0 {
		return ""
	}
	return style.Number(a.list().Position()) + " of " + style.Number(a.list().Matches())
}

// lowerRule ends the list, with the position near its right end.
func (a *app) lowerRule() string {
	width, at := a.listWidth(), a.position()
	left := max(width-style.Width(at)-5, 0)
	line := strings.Repeat("─", left) + " " + at + " " + strings.Repeat("─", max(width-left-style.Width(at)-2, 0))
	if at == "" {
		line = strings.Repeat("─", width)
	}
	return a.theme.Faint.On(line + "┴" + strings.Repeat("─", a.previewWidth()))
}

// body is the part between the rules: a screen, the palette over it, a tab, or why there is none.
func (a *app) body(height int) []string {
	switch s := a.top(); {
	case a.palette != nil:
		return a.palette.body(a, a.width, height)
	case s != nil:
		return s.body(a, a.width, height)
	case a.tab == tabHistory:
		return a.historyBody(height)
	case a.set != nil && a.tab == tabSetup:
		return a.setupBody(height)
	case a.set != nil:
		return a.eventsBody(height)
	case a.failed != "" && !a.loading():
		return a.nothing(a.failed, a.width)
	case a.fetch.summary != nil:
		return a.summaryTable(a.fetch.summary, height)
	default:
		return a.progressTable()
	}
}

// lowerPane tells more of what stands at the cursor, below a rule.
func (a *app) lowerPane(height int) []string {
	switch a.tab {
	case tabSetup:
		return a.checkDetail(height)
	case tabEvents:
		return a.eventDetail()
	case tabHistory:
		return a.historyDetail()
	default:
		rule := a.ruleWith(a.atCursor())
		if at := a.position(); at != "" && a.width > 30 {
			rule = a.ruleTo(a.atCursor(), a.width-style.Width(at)-5) + " " + at + " " + a.theme.Frame.On("───")
		}
		return append([]string{rule}, a.preview(a.width, height-1)...)
	}
}

// nothing says in the place of a list why there is none.
func (a *app) nothing(why string, width int) []string {
	return append([]string{""}, indent("  ", style.Name(why), width-2)...)
}

// cursor is the terminal's own one, where text is typed: screen readers follow it.
func (a *app) cursor(l layout) *tea.Cursor {
	switch {
	case a.palette != nil:
		return a.palette.cursor(l.bodyAt(), a.width)
	case a.filter != nil && l.footer > 0:
		return a.filter.cursor(a.height-1, a.width)
	case a.question != nil && l.footer > 0:
		return a.question.cursor(a.height-1, a.width)
	}
	return nil
}

// upperRule stands above the body: the titles of the columns, or of what covers the board.
func (a *app) upperRule() string {
	switch s := a.top(); {
	case a.palette != nil:
		return a.ruleWith("Do anything by its name")
	case s != nil:
		return a.ruleWith(s.title(a))
	case !a.listed():
		return a.ruleWith("")
	case !a.beside():
		return a.columnTitles() + a.theme.Faint.On("─")
	}
	width := a.previewWidth()
	title := style.Cut(a.atCursor(), width-4)
	if title == "" {
		return a.columnTitles() + a.theme.Faint.On("┬"+strings.Repeat("─", width))
	}
	return a.columnTitles() + a.theme.Faint.On("┬─ ") + a.theme.Title.On(title) + " " +
		a.theme.Faint.On(strings.Repeat("─", max(width-style.Width(title)-3, 0)))
}

// ruleWith draws a line across in the connection's colour, with a title near its left end.
func (a *app) ruleWith(title string) string { return a.ruleTo(title, a.width) }

func (a *app) ruleTo(title string, width int) string {
	if title == "" {
		return a.theme.Frame.On(strings.Repeat("─", max(width, 0)))
	}
	title = style.Cut(title, width-8)
	left := max(width-style.Width(title)-4, 0)
	return a.theme.Frame.On("──") + " " + a.theme.Title.On(title) + " " + a.theme.Frame.On(strings.Repeat("─", left))
}
