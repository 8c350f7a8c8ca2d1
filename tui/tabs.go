package tui

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// tab is one page of the board.
type tab uint8

// The tabs, in the order in which they stand. The first are lists of rows, in the order of rows.Tab.
const (
	tabDrift tab = iota
	tabGroups
	tabUsers
	tabSetup
	tabEvents
	tabHistory
	tabCount
)

// tabTitles stand on the tabs.
var tabTitles = []string{ //nolint:gochecknoglobals // a constant table
	"Drift", "Groups", "Users", "Setup", "Events", "History",
}

// TabNames are what the tabs are called on the command line, those of views behind the others.
func TabNames(views ...keymap.View) []string {
	names := strings.Split(strings.ToLower(strings.Join(tabTitles, " ")), " ")
	for _, view := range views {
		names = append(names, view.Name)
	}
	return names
}

// tabsWithDigit is how many tabs have a digit as their key.
const tabsWithDigit = 9

// drawnTab is a tab that draws itself, with more of what stands at its cursor below a rule.
type drawnTab interface {
	View(c *screen.Context, width, height int) []string
	Detail(c *screen.Context, width, height int) []string
}

// pane is what a tab shows below the header.
type pane interface {
	keyed
	screen.Mover
	screen.Filterable
	SetHeight(lines int)
	Len() int
	Cursor() int
	Position() int
	Top() int
	To(line int)
	// Head is how many lines stand above the first one.
	Head() int
}

func (a *app) pane() pane {
	switch a.tab {
	case tabSetup:
		return &a.setup
	case tabEvents:
		return &a.events
	case tabHistory:
		return &a.historyTab
	default:
		return a.list()
	}
}

// isRowTab: the tab is a list of rows.
func (a *app) isRowTab() bool { return a.lists[a.tab] != nil }

// isViewTab: the tab is a view of the configuration. Those stand behind the tabs that there always are.
func (a *app) isViewTab() bool { return a.tab >= tabCount }

// isDriftTab: the tab lists findings.
func (a *app) isDriftTab() bool { return a.tab == tabDrift || a.isViewTab() }

func (a *app) numTabs() tab { return tabCount + tab(len(a.opts.Views)) }

func (a *app) tabName(t tab) string {
	const most = 16
	if t >= tabCount {
		return style.Cut(style.Name(a.opts.Views[t-tabCount].Name), most)
	}
	return tabTitles[t]
}

// list is the list of rows that shows; on a tab without one that of the drift.
func (a *app) list() *rows.List {
	if a.isRowTab() {
		return a.lists[a.tab]
	}
	return a.lists[tabDrift]
}

// tabLine holds the tabs with their counts, and how the rows are sorted and what is left out.
func (a *app) tabLine() string {
	var line strings.Builder
	x := 0
	for _, t := range a.tabSpans() {
		look := style.Style{}
		if t.tab == a.tab {
			look = a.theme.Chosen
		}
		line.WriteString(style.Spaces(t.from-x) + look.On(t.text))
		x = t.to
	}
	right := ""
	if l := a.list(); a.Set != nil && a.isRowTab() {
		right = l.Order().String()
		if l.DriftOnly() && !a.isDriftTab() {
			right += ", drift only"
		}
		if !l.DriftOnly() && a.isDriftTab() {
			right += ", all rows"
		}
	}
	if style.Width(line.String())+style.Width(right)+2 > a.width {
		right = ""
	}
	return style.Between(line.String(), a.theme.Faint.On(right)+" ", a.width)
}

// tabSpan is where a tab stands in its line, for the mouse.
type tabSpan struct {
	tab      tab
	text     string
	from, to int
}

// tabSpans lays the tabs out, each behind its key. Where there is little room those whose numbers stand in the header
// do without.
func (a *app) tabSpans() []tabSpan {
	spans := make([]tabSpan, 0, a.numTabs())
	const roomy, cramped = 90, 72
	x, gap := 1, boolToInt(a.width >= roomy)
	for t := range a.numTabs() {
		text := a.tabName(t)
		if key := a.keyFor(tabID(t)); a.width >= cramped && key != "" {
			text = key + " " + text
		}
		if count := a.tabBadge(t); count != "" && (a.width >= roomy || t != tabGroups && t != tabUsers) {
			text += " " + count
		}
		if text = " " + text + " "; t == a.tab && a.opts.NoColor {
			text = "[" + strings.TrimSpace(text) + "]"
		}
		spans = append(spans, tabSpan{t, text, x, x + style.Width(text)})
		x += style.Width(text) + gap
	}
	return spans
}

// tabBadge is the number beside a tab's name: what is wrong for drift and set-up, else how many there are.
func (a *app) tabBadge(t tab) string {
	if a.Set == nil {
		return ""
	}
	number := func(n int) string {
		if n == 0 && len(a.Gaps()) > 0 {
			return "?" // what was not read may hold any number
		}
		return style.Number(n)
	}
	if t >= tabCount {
		return number(a.lists[t].Matches())
	}
	switch t {
	case tabDrift:
		_, drifting := a.Set.Len(rows.Drift)
		return number(drifting)
	case tabSetup:
		if a.setup.ToMend == 0 && a.Late != nil {
			return "?" // what was to mend, or came since, was not looked at to the end
		}
		return style.Number(a.setup.ToMend)
	case tabEvents, tabHistory:
		return "" // it grows while one looks at it, and would move whatever stands beside it
	default:
		all, _ := a.Set.Len(rows.Tab(t))
		return number(all)
	}
}

// severityTotals counts the findings by severity, the worst first, as far as there is room.
func (a *app) severityTotals(room int) string {
	if a.Set == nil {
		return ""
	}
	if len(a.Set.Comparison.Findings) == 0 {
		return a.noDriftText(room)
	}
	var parts []string
	if a.Set.Outage != "" {
		parts = append(parts, a.theme.Bad.On(style.Cut("Outage: "+a.Set.Outage, room)), "by severity:")
	}
	for _, s := range model.Severities() {
		if n := a.Set.Severities[s]; n > 0 {
			parts = append(parts, a.theme.Severity(s).On(strings.ToUpper(s.String()))+" "+style.Number(n))
		}
	}
	return style.Fill(parts, "  ", room)
}

// noDriftText says how far it is true that there is no drift, in the longest form there is room for.
func (a *app) noDriftText(room int) string {
	words, look := []string{"no drift: both sides agree", "no drift"}, a.theme.Good
	switch {
	case len(a.Gaps()) > 0:
		words, look = []string{"no drift in what was read", "incomplete"}, style.Style{}
	case a.Late != nil:
		words, look = []string{"no drift when it was read", "stale"}, style.Style{}
	case a.Interim || a.Set.Comparison.Provisional:
		words, look = []string{"no drift so far"}, style.Style{}
	case a.Set.Open > 0:
		words, look = []string{"no drift in what is known", "no drift known"}, style.Style{}
	}
	for _, text := range words {
		if style.Width(text) <= room {
			return look.On(text)
		}
	}
	return ""
}
