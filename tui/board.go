package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/paint"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// What can be done at the cursor.

func (a *app) hasSet() bool { return a.set != nil }

func (a *app) hasLine() bool {
	_, ok := a.list().Current()
	return ok
}

func (a *app) onRow() bool {
	line, ok := a.list().Current()
	return ok && line.Heading == nil
}

// onRecord: the row at the cursor is a user or group, which can be read again on its own.
func (a *app) onRecord() bool {
	line, ok := a.list().Current()
	return ok && line.Heading == nil && (line.Row.Source != model.None || line.Row.Target != model.None)
}

func (a *app) onHeading() bool {
	line, ok := a.list().Current()
	return ok && line.Heading != nil
}

// onTop reports whether a screen of that kind covers the board.
func onTop[S screen](a *app) bool {
	_, ok := a.top().(S)
	return ok
}

// atSubject: the row at the cursor is what the operator looks at.
func (a *app) atSubject() bool { return a.top() == nil || onTop[*inspectScreen](a) }

func (a *app) turn(by int) {
	n := int(rows.TabCount)
	a.openTab(rows.Tab((int(a.tab) + by + n) % n))
}

// openTab shows a tab as it was left.
func (a *app) openTab(t rows.Tab) {
	a.list().DropRange()
	a.tab = t
}

func (a *app) toggleDrift() {
	a.list().ToggleDrift()
	if a.list().DriftOnly() {
		a.status = "Rows with a finding only."
	} else {
		a.status = "All rows."
	}
}

func (a *app) nextOrder() {
	a.list().NextOrder()
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

// canEscape and escape take back one thing at a time, what is nearest first.
func (a *app) canEscape() bool {
	_, _, ranging := a.list().Range()
	return a.fetch.active || len(a.screens) > 0 || ranging || a.list().Filter() != "" || a.marks.Len() > 0
}

func (a *app) escape() {
	switch {
	case len(a.screens) > 0:
		a.pop()
	case a.list().DropRange():
	case a.fetch.active:
		a.cancelFetch()
	case a.list().Filter() != "":
		a.list().SetFilter("")
	default:
		a.marks.Clear()
	}
}

func (a *app) pop() { a.screens = a.screens[:len(a.screens)-1] }

// refresh re-reads the record at the cursor.
func (a *app) refresh() tea.Cmd {
	line, _ := a.list().Current()
	subject := a.set.Subject(line.Row)
	return a.begin(&subject)
}

// copyNames puts names on the clipboard of the operator's own terminal (OSC 52), also over SSH. A name with characters
// that do not show is copied as it shows: pasted raw, it could do something in a shell.
func (a *app) copyNames() tea.Cmd {
	var names []string
	if a.marks.Len() > 0 {
		names = a.set.MarkedNames(a.marks)
	} else if line, _ := a.list().Current(); line.Heading != nil {
		names = a.list().NamesUnderCursor()
	} else {
		names = []string{a.set.Subject(line.Row).Name}
	}
	for i := range names {
		names[i] = model.Visible(names[i])
	}
	a.status = "Copied " + paint.Count(len(names), "name") + "."
	return tea.SetClipboard(strings.Join(names, "\n"))
}

func marksGone(n int) string {
	return paint.Count(n, "marked row") + " no longer there: unmarked."
}
