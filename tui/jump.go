package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/console"
	"github.com/scimdrift/scimdrift/tui/events"
	"github.com/scimdrift/scimdrift/tui/help"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/setup"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Ways from one place to another: into a row, a check or an event's subject, from a subject to its events and back.

func (a *app) inspector() *inspect.Screen {
	s, _ := a.top().(*inspect.Screen)
	return s
}

// openAtCursor looks into what stands at the cursor.
func (a *app) openAtCursor() tea.Cmd {
	switch {
	case a.tab == tabSetup && a.setup.Chosen() != nil:
		a.push(a.setup.Look())
	case a.tab == tabEvents && a.events.Chosen() != nil:
		if _, row, ok := events.SubjectOf(a.Set, a.events.Chosen()); ok {
			return a.inspect(row)
		}
		a.status = aboutNobody
	case a.isCursorOnRow():
		return a.inspect(a.lineAtCursor().Row)
	}
	return nil
}

// goToStartFinding puts the cursor on the finding that the board was started for, once it is known or is known not to
// be there.
func (a *app) goToStartFinding() {
	if a.startFinding == "" || a.Set == nil {
		return
	}
	id := rows.FindingID(a.startFinding)
	_, there := a.Set.Find(id)
	switch {
	case a.lists[tabDrift].Reveal(id):
		a.tab = tabDrift
	case a.Fetch.Active, a.Interim, a.Set.Comparison.Provisional:
		return
	case there:
		a.status = "The filter hides the finding " + a.startFinding + ": " + a.keyFor("close") + " clears it."
	default:
		near := model.DidYouMean(a.startFinding, a.Set.Comparison.FindingIDs())
		a.status = style.Clause("there is no finding "+a.startFinding+near) + " scimdrift check -o json prints the ids."
	}
	a.startFinding = ""
}

func (a *app) openHelp() {
	all := model.Map(a.actions, func(act *action) keymap.Action { return act.Action })
	var here keymap.Map
	for _, act := range a.availableActions() {
		if act.Section != "Moving" {
			here = append(here, act.Action)
		}
	}
	a.push(&help.Screen{Here: here, All: all})
}

const aboutNobody = "This event names nobody and no group that is on the board."

// canShowEvents: there is a subject whose events can be shown, or that they are limited to.
func (a *app) canShowEvents() bool {
	if a.isTabOnTop(tabEvents) {
		return a.events.Subject != nil || a.events.Chosen() != nil
	}
	_, _, ok := a.focusedRow()
	return ok
}

// showEvents turns to the events about what is looked at; on the events themselves it limits them to the subject of the
// one at the cursor, or shows all again.
func (a *app) showEvents() {
	e := &a.events
	if !a.isTabOnTop(tabEvents) {
		row, set, _ := a.focusedRow()
		subject := set.Subject(row)
		from, below := a.tab, a.screens
		a.screens = nil
		a.openTab(tabEvents)
		e.LimitFromTop(&subject)
		a.returnTab, a.returnScreens = from, below
		return
	}
	a.returnTab, a.returnScreens = tabEvents, nil
	if e.Subject != nil {
		e.Limit(nil)
	} else if subject, _, ok := events.SubjectOf(a.Set, e.Chosen()); ok {
		e.Limit(&subject)
	} else {
		a.status = aboutNobody
	}
}

// isEventsOfSubject: the events about one subject are looked at, and lead back to where the operator came from with it.
func (a *app) isEventsOfSubject() bool { return a.isTabOnTop(tabEvents) && a.events.Subject != nil }

func (a *app) leaveSubject() {
	a.events.Limit(nil)
	a.openTab(a.returnTab)
	a.screens, a.returnScreens = a.returnScreens, nil
}

func (a *app) inspect(row rows.Row) tea.Cmd {
	s, cmd := inspect.New(a.Set, row, a.rowLocation)
	a.push(s)
	return cmd
}

// filterTarget is what a filter would narrow now; nil where there is nothing to.
func (a *app) filterTarget() screen.Filterable {
	s := a.top()
	if s == nil {
		return a.pane()
	}
	on, _ := s.(screen.Filterable)
	return on
}

func (a *app) openFilter() tea.Cmd {
	if s := a.inspector(); s != nil {
		s.ShowFirstList()
	}
	f, cmd := prompt.OpenFilter(a.filterTarget(), a.markMatches)
	a.prompt = f
	return cmd
}

// rowLocation is where a row is seen and mended by hand: where its first repair at the console is, else the rules of a
// rule, and of all else the app: the pages of single users and roles have no address that is known for sure.
func (a *app) rowLocation(set *rows.Set, row rows.Row) model.Location {
	app := set.Comparison.Source.App.ID
	for _, f := range set.FindingsOf(row) {
		if f.Check != nil {
			return f.Check.Location()
		}
		for _, o := range f.Repairs {
			if o.Channel == model.Console {
				return a.outside.Place(app, f.Place(o.Repair))
			}
		}
	}
	if set.Subject(row).Type == model.SubjectRule {
		return a.outside.Place(app, model.PlaceRules)
	}
	return a.outside.Place(app, model.PlaceApp)
}

// groupLocation is where a cause group is mended in the console, if it is.
func (a *app) groupLocation(g *drift.CauseGroup) (model.Location, bool) {
	for _, i := range g.Findings {
		f := &a.Set.Comparison.Findings[i]
		switch action, _ := f.Action(); {
		case f.Check != nil:
			return checkLocation(f.Check)
		case action == g.Action && action.Channel == model.Console:
			return a.outside.Place(a.Set.Comparison.Source.App.ID, f.Place(action.Repair)), true
		}
	}
	return model.Location{}, false
}

func (a *app) focusedLocation() (model.Location, bool) {
	switch s := a.top().(type) {
	case *setup.Screen:
		return checkLocation(s.Check())
	case *run.Screen:
		if step := s.Job.AwaitedStep(); step != nil {
			return step.Handoff.Location(), true
		}
		return model.Location{}, false
	case *runbook.Screen:
		return s.Place()
	}
	if row, set, ok := a.focusedRow(); ok {
		return a.rowLocation(set, row), true
	}
	if g := a.groupAtCursor(); g != nil && a.top() == nil {
		return a.groupLocation(g)
	}
	switch {
	case a.isTabOnTop(tabSetup):
		return checkLocation(a.setup.Chosen())
	case a.isTabOnTop(tabEvents) && a.events.Chosen() != nil:
		if _, row, ok := events.SubjectOf(a.Set, a.events.Chosen()); ok {
			return a.rowLocation(a.Set, row), true
		}
	}
	return model.Location{}, false
}

func checkLocation(c *model.Check) (model.Location, bool) {
	if c == nil {
		return model.Location{}, false
	}
	return c.Location(), c.Location() != model.Location{}
}

func (a *app) openLocation(place model.Location, note string) tea.Cmd {
	s, cmd := console.Open(place, note, func(address string) (bool, error) { return a.outside.Open(a.ctx, address) })
	a.push(s)
	return a.inBackground(cmd)
}
