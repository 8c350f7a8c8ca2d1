package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// layout says how many lines each part of the frame has. What does not fit is left out whole, the least needed first.
type layout struct {
	title, sides, tabs, rule, notices, body, detail, jobs, footer int
}

// The heights from which on the parts of the frame are there.
const (
	heightForFooter = 2
	heightForTabs   = 3
	heightForTitle  = 4
	heightForJobs   = 6
	heightForSides  = 10
	heightForDetail = 14
	detailMost      = 10
)

func when(there bool, lines int) int {
	if there {
		return lines
	}
	return 0
}

// layout depends on the size, on what covers the board and on whether there is something to warn of; never on a load
// being under way, so that nothing jumps when one begins or ends.
func (a *app) layout() layout {
	l := layout{
		title: when(a.height >= heightForTitle, 1), sides: when(a.height >= heightForSides, 2),
		tabs: when(a.height >= heightForTabs, 1), rule: when(a.height >= heightForSides, 1), footer: when(a.height >= heightForFooter, 1),
	}
	l.jobs = when(a.height >= heightForJobs && len(a.lined()) > 0, 1)
	rest := max(a.height-l.title-l.sides-l.tabs-l.rule-l.jobs-l.footer, 0)
	if a.top() == nil && a.set != nil {
		if a.height >= heightForDetail {
			l.detail = min(max(rest/3, 3), detailMost)
		}
		l.notices = min(len(a.notices()), rest/5)
	}
	l.body = rest - l.detail - l.notices
	return l
}

// top of the grid, counted from the top of the frame.
func (l layout) bodyAt() int { return l.title + l.sides + l.tabs + l.rule + l.notices }

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
	if l.title > 0 {
		part(1, []string{a.titleLine()})
	}
	if l.sides > 0 {
		part(l.sides, a.sideLines())
	}
	if l.tabs > 0 {
		part(1, []string{a.tabLine()})
	}
	if l.rule > 0 {
		part(1, []string{a.upperRule()})
	}
	part(l.notices, a.notices())
	part(l.body, a.body(l.body))
	if l.detail > 0 {
		part(l.detail, a.lowerPane(l.detail))
	}
	if l.jobs > 0 {
		part(1, []string{a.jobsLine()})
	}
	if l.footer > 0 {
		part(1, []string{a.footer()})
	}
	v.Content = strings.Join(lines, "\n")
	v.Cursor = a.cursor(l)
	return v
}

// body is the part between the rules: a screen, the palette over it, the grid, or why there is no grid.
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
	case a.set != nil && a.tab == tabEvents:
		return a.eventsBody(height)
	case a.set != nil:
		return a.grid(height)
	case a.failed != "" && !a.loading():
		return a.nothing(a.failed)
	case a.fetch.summary != nil:
		return a.summaryTable(a.fetch.summary, height)
	default:
		return a.progressTable()
	}
}

// lowerPane tells more of what stands at the cursor.
func (a *app) lowerPane(height int) []string {
	switch a.tab {
	case tabSetup:
		return a.checkDetail(height)
	case tabEvents:
		return a.eventDetail()
	case tabHistory:
		return a.historyDetail()
	default:
		return a.detail(height)
	}
}

// nothing says in the place of the grid why there is none.
func (a *app) nothing(why string) []string {
	return append([]string{""}, indent("  ", style.Name(why), a.width-2)...)
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

func (a *app) upperRule() string {
	title := ""
	switch s := a.top(); {
	case a.palette != nil:
		title = "Do anything by its name"
	case s != nil:
		title = s.title(a)
	case a.set != nil && !a.interim && len(a.set.Sizes) > 0:
		text := style.Cut(style.Name(strings.Join(a.set.Sizes, " · ")), a.width-8)
		left := max(a.width-style.Width(text)-4, 0)
		return a.theme.Frame.On("──") + " " + a.theme.Faint.On(text) + " " + a.theme.Frame.On(strings.Repeat("─", left))
	}
	return a.ruleWith(title)
}

// ruleWith draws a line across in the connection's colour, with a title near its left end.
func (a *app) ruleWith(title string) string {
	if title == "" {
		return a.theme.Frame.On(strings.Repeat("─", a.width))
	}
	title = style.Cut(title, a.width-8)
	left := max(a.width-style.Width(title)-4, 0)
	return a.theme.Frame.On("──") + " " + a.theme.Title.On(title) + " " + a.theme.Frame.On(strings.Repeat("─", left))
}
