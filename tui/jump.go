package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// Ways from one place to another: into a row, a check or an event's subject, from a subject to its events and back.

func (a *app) inspector() *inspectScreen {
	s, _ := a.top().(*inspectScreen)
	return s
}

// enter looks into what stands at the cursor.
func (a *app) enter() tea.Cmd {
	switch {
	case a.tab == tabSetup && a.setup.check() != nil:
		check := a.setup.check()
		a.push(&checkScreen{id: string(check.ID), name: explain.CheckTitle(check.ID)})
	case a.tab == tabEvents && a.events.event() != nil:
		return a.inspectEvent(a.events.event())
	case a.onRow():
		line, _ := a.list().Current()
		return a.inspect(line.Row)
	}
	return nil
}

// beginOn puts the cursor on the finding that the board was started for, once it is known or is known not to be there.
func (a *app) beginOn() {
	if a.wanted == "" || a.set == nil {
		return
	}
	l := a.lists[rows.Drift]
	switch {
	case l.ToID(rows.FindingID(a.wanted)):
		a.tab, a.wanted = tabDrift, ""
	case !a.interim && !a.set.Comparison.Provisional:
		a.status = "There is no finding " + a.wanted + ", or the filter hides it" +
			model.DidYouMean(a.wanted, a.set.FindingIDs()) + "."
		a.wanted = ""
	}
}

// inspectEvent looks into the first user or group that an event names and that is on the board.
func (a *app) inspectEvent(e *model.Event) tea.Cmd {
	if _, row, ok := a.about(e); ok {
		return a.inspect(row)
	}
	a.status = "This event names nobody and no group that is on the board."
	return nil
}

// about is the subject of an event that is on the board.
func (a *app) about(e *model.Event) (model.Subject, rows.Row, bool) {
	for _, subject := range a.set.Comparison.About(e) {
		if row, ok := a.set.Of(subject); ok {
			return subject, row, true
		}
	}
	return model.Subject{}, rows.Row{}, false
}

// hasEvents: there is a subject whose events can be shown, or that they are limited to.
func (a *app) hasEvents() bool {
	if a.at(onEvents) {
		return a.events.subject != nil || a.events.event() != nil
	}
	_, _, ok := a.subjectRow()
	return ok
}

// showEvents turns to the events about what is looked at; on the events themselves it limits them to the subject of the
// one at the cursor, or shows all again.
func (a *app) showEvents() {
	e := &a.events
	if a.at(onEvents) {
		if e.subject != nil {
			e.limit(nil)
			return
		}
		subject, _, ok := a.about(e.event())
		if !ok {
			a.status = "This event names nobody and no group that is on the board."
			return
		}
		e.limit(&subject)
		e.from = tabEvents
		return
	}
	row, set, _ := a.subjectRow()
	subject := set.Subject(row)
	from, below := a.tab, a.screens
	a.screens = nil
	a.openTab(tabEvents)
	e.filter, e.problems = filter.Query{}, false
	e.limit(&subject)
	e.from, e.below = from, below
	e.Home()
}

// leaveSubject goes back to where the operator came from with a subject.
func (a *app) leaveSubject() {
	e := &a.events
	from, below := e.from, e.below
	e.limit(nil)
	a.openTab(from)
	a.screens = below
}

// limit leaves only the events about a subject; nil is all of them.
func (e *eventsTab) limit(subject *model.Subject) {
	e.subject, e.below = subject, nil
	e.resift()
}

func (a *app) toggleProblems() {
	a.events.problems = !a.events.problems
	a.events.resift()
	if a.status = "All events."; a.events.problems {
		a.status = "Problems only."
	}
}

func (a *app) toggleWrong() {
	a.setup.wrong = !a.setup.wrong
	a.setup.relay()
	if a.status = "All checks."; a.setup.wrong {
		a.status = "Checks that are not fine only."
	}
}

// canFilter: there is something on top that a filter narrows.
func (a *app) canFilter() bool { return a.hasSet() && a.sifter() != nil }
