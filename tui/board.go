package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// What can be done at the cursor.

func (a *app) hasSet() bool { return a.Set != nil }

// lineAtCursor is what stands at the cursor of the rows; nil where none show.
func (a *app) lineAtCursor() *rows.Line {
	line, ok := a.list().Current()
	if !ok || !a.isRowTab() {
		return nil
	}
	return &line
}

func (a *app) hasLineAtCursor() bool { return a.lineAtCursor() != nil }

func (a *app) isCursorOnRow() bool { return a.hasLineAtCursor() && a.lineAtCursor().Heading == nil }

func (a *app) isCursorOnHeading() bool { return a.hasLineAtCursor() && a.lineAtCursor().Heading != nil }

func (a *app) isListOnTop() bool { return a.top() == nil && a.isRowTab() }

// groupAtCursor is the cause group whose heading the cursor stands on; nil if it does not.
func (a *app) groupAtCursor() *drift.CauseGroup {
	if a.hasLineAtCursor() {
		return a.lineAtCursor().Group
	}
	return nil
}

// isRecordFocused: what the operator looks at is a user or group, which can be read again on its own.
func (a *app) isRecordFocused() bool {
	row, _, ok := a.focusedRow()
	return ok && (row.Source != model.None || row.Target != model.None)
}

// focusedRow is the row that the operator looks at: the inspector's, or the one at the cursor.
func (a *app) focusedRow() (row rows.Row, set *rows.Set, ok bool) {
	if s, on := a.top().(*inspect.Screen); on {
		row, set = s.Row()
		return row, set, !s.Gone
	}
	if a.top() != nil || !a.isCursorOnRow() {
		return rows.Row{}, nil, false
	}
	return a.lineAtCursor().Row, a.Set, true
}

// isOnTop reports whether a screen of that kind covers the board.
func isOnTop[S screen.Screen](a *app) bool {
	_, ok := a.top().(S)
	return ok
}

// canSwitchTab: a job is left for a tab as it is, because it goes on.
func (a *app) canSwitchTab() bool { return a.top() == nil || a.jobOnTop() != nil }

func (a *app) switchTab(by int) tea.Cmd {
	n := int(a.numTabs())
	return a.goToTab(tab((int(a.tab) + by + n) % n))
}

// goToTab leaves whatever covers the board.
func (a *app) goToTab(t tab) tea.Cmd {
	for len(a.screens) > 0 {
		a.pop()
	}
	return a.openTab(t)
}

// openTab shows a tab as it was left. Of the runs others may have made some.
func (a *app) openTab(t tab) tea.Cmd {
	a.tab = t
	if t >= tabCount { // whatever was sought there, a view is what it was made for
		_ = a.lists[t].SetFilter(a.opts.Views[t-tabCount].Filter)
	}
	if t == tabHistory {
		return a.askHistory()
	}
	return nil
}

// announceToggle says what shows after it was turned on or off.
func (a *app) announceToggle(on bool, some, all string) {
	if a.status = all; on {
		a.status = some
	}
}

func (a *app) sortBy(order rows.Order) {
	a.list().Sort(order)
	a.status = "Sorted " + a.list().Order().String() + "."
}

// toggleMark goes on to the next line, so that pressing it three times marks three.
func (a *app) toggleMark() {
	if _, _, open := a.list().Range(); open {
		a.list().ToggleRange(a.marks)
		return
	}
	a.list().ToggleMark(a.marks)
	a.list().Move(1)
}

// nextMatch goes to another row that the filter finds.
func (a *app) nextMatch(n int) {
	l := a.list()
	at, of := l.NextMatch(n)
	switch {
	case of > 0:
		a.status = "Match " + style.Number(at) + " of " + style.Number(of) + " for /" + l.LastFilter() + "."
	default:
		a.status = "Nothing that shows matches /" + l.LastFilter() + "."
	}
}

func (a *app) nextSeverity(down bool) {
	if !a.list().NextSeverity(down) {
		a.status = map[bool]string{
			true:  "Nothing of another severity stands below.",
			false: "Nothing of another severity stands above.",
		}[down]
	}
}

func (a *app) markMatches() {
	if !a.isListOnTop() {
		return
	}
	n := a.list().MarkMatches(a.marks)
	a.status = style.Count(n, "row") + " marked. " + a.keyFor("unmark") + " unmarks all."
}

// canEscape and escape take back one thing at a time, what is nearest first.
func (a *app) canEscape() bool {
	return a.endedJob() != nil || a.Fetch.Active || len(a.screens) > 0 || a.hasOpenRange() ||
		a.filterTarget().Filter() != "" || len(a.marks) > 0 || a.isEventsOfSubject()
}

// canCancelFetch: a read goes on, and what esc takes back is that.
func (a *app) canCancelFetch() bool {
	return a.Fetch.Active && a.prompt == nil && a.top() == nil && a.endedJob() == nil && !a.hasOpenRange()
}

func (a *app) hasOpenRange() bool {
	_, _, open := a.list().Range()
	return open && a.isRowTab()
}

func (a *app) escape() tea.Cmd {
	s, sifting := a.top().(screen.Filterable)
	switch {
	case sifting && s.Filter() != "":
		_ = s.SetFilter("") // nothing in it can be wrong
	case a.jobOnTop() != nil:
		// Of two quick presses the first stopped it: how it ended is told on until somebody looks.
		j := a.jobOnTop()
		a.pop()
		j.Seen = !j.Stopped
	case len(a.screens) > 0:
		a.pop()
	case a.endedJob() != nil:
		a.endedJob().Seen = true
	case a.hasOpenRange():
		from, to, _ := a.list().Range()
		a.list().DropRange()
		a.status = "The range of " + style.Count(to-from+1, "line") + " is dropped; nothing is unmarked."
	case a.Fetch.Active: // no prompt is asked for: the palette, which is open while it does this, cancels too
		return a.cancelFetch()
	case a.pane().Filter() != "":
		found := a.isRowTab() && a.list().Matches() > 0
		_ = a.pane().SetFilter("")
		if found {
			a.status = "The filter is cleared; " + a.keyFor("next-match") + " and " + a.keyFor("previous-match") +
				" go on through its matches."
		}
	case a.isEventsOfSubject():
		a.leaveSubject()
	default:
		a.status = style.Count(len(a.marks), "row") + " marked. " + a.keyFor("unmark") + " unmarks all, " +
			a.keyFor("mark") + " one."
	}
	return nil
}

func (a *app) pop() {
	if s, ok := a.top().(screen.Closer); ok {
		s.Close()
	}
	a.screens = a.screens[:len(a.screens)-1]
}

func (a *app) refresh() tea.Cmd {
	row, set, _ := a.focusedRow()
	subject := set.Subject(row)
	return a.startRead(&subject)
}

func marksGone(n int) string {
	return style.Count(n, "marked row") + " no longer there: unmarked."
}
