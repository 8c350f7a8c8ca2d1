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

// enter looks into what stands at the cursor.
func (a *app) enter() tea.Cmd {
	switch {
	case a.tab == tabSetup && a.setup.Chosen() != nil:
		a.push(a.setup.Look())
	case a.tab == tabEvents && a.events.Chosen() != nil:
		if _, row, ok := events.About(a.Set, a.events.Chosen()); ok {
			return a.inspect(row)
		}
		a.status = aboutNobody
	case a.onRow():
		return a.inspect(a.line().Row)
	}
	return nil
}

// beginOn puts the cursor on the finding that the board was started for, once it is known or is known not to be there.
func (a *app) beginOn() {
	if a.wanted == "" || a.Set == nil {
		return
	}
	id := rows.FindingID(a.wanted)
	_, there := a.Set.Find(id)
	switch {
	case a.lists[tabDrift].Reveal(id):
		a.tab = tabDrift
	case a.Fetch.Active, a.Interim, a.Set.Comparison.Provisional:
		return
	case there:
		a.status = "The filter hides the finding " + a.wanted + ": " + a.label("close") + " clears it."
	default:
		near := model.DidYouMean(a.wanted, a.Set.Comparison.FindingIDs())
		a.status = style.Clause("there is no finding "+a.wanted+near) + " scimdrift check -o json prints the ids."
	}
	a.wanted = ""
}

func (a *app) openHelp() {
	all := model.Map(a.actions, func(act *action) keymap.Action { return act.Action })
	var here keymap.Map
	for _, act := range a.possible() {
		if act.Section != "Moving" {
			here = append(here, act.Action)
		}
	}
	a.push(&help.Screen{Here: here, All: all})
}

const aboutNobody = "This event names nobody and no group that is on the board."

// hasEvents: there is a subject whose events can be shown, or that they are limited to.
func (a *app) hasEvents() bool {
	if a.onTab(tabEvents) {
		return a.events.Subject != nil || a.events.Chosen() != nil
	}
	_, _, ok := a.subjectRow()
	return ok
}

// showEvents turns to the events about what is looked at; on the events themselves it limits them to the subject of the
// one at the cursor, or shows all again.
func (a *app) showEvents() {
	e := &a.events
	if !a.onTab(tabEvents) {
		row, set, _ := a.subjectRow()
		subject := set.Subject(row)
		from, below := a.tab, a.screens
		a.screens = nil
		a.openTab(tabEvents)
		e.LimitAnew(&subject)
		a.from, a.below = from, below
		return
	}
	a.from, a.below = tabEvents, nil
	if e.Subject != nil {
		e.Limit(nil)
	} else if subject, _, ok := events.About(a.Set, e.Chosen()); ok {
		e.Limit(&subject)
	} else {
		a.status = aboutNobody
	}
}

// onSubject: the events about one subject are looked at, and lead back to where the operator came from with it.
func (a *app) onSubject() bool { return a.onTab(tabEvents) && a.events.Subject != nil }

func (a *app) leaveSubject() {
	a.events.Limit(nil)
	a.openTab(a.from)
	a.screens, a.below = a.below, nil
}

func (a *app) inspect(row rows.Row) tea.Cmd {
	s, cmd := inspect.New(a.Set, row, a.placeOf)
	a.push(s)
	return cmd
}

// sifter is what a filter would narrow now; nil where there is nothing to.
func (a *app) sifter() screen.Sifter {
	s := a.top()
	if s == nil {
		return a.pane()
	}
	on, _ := s.(screen.Sifter)
	return on
}

func (a *app) openFilter() tea.Cmd {
	if s := a.inspector(); s != nil {
		s.ToList()
	}
	f, cmd := prompt.OpenFilter(a.sifter(), a.markMatches)
	a.prompt = f
	return cmd
}

// placeOf is where a row is seen and mended by hand: where its first repair at the console is, else the rules of a
// rule, and of all else the app: the pages of single users and roles have no address that is known for sure.
func (a *app) placeOf(set *rows.Set, row rows.Row) model.Location {
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

// placeOfGroup is where a cause group is mended in the console, if it is.
func (a *app) placeOfGroup(g *drift.CauseGroup) (model.Location, bool) {
	for _, i := range g.Findings {
		f := &a.Set.Comparison.Findings[i]
		switch action, _ := f.Action(); {
		case f.Check != nil:
			return placeOfCheck(f.Check)
		case action == g.Action && action.Channel == model.Console:
			return a.outside.Place(a.Set.Comparison.Source.App.ID, f.Place(action.Repair)), true
		}
	}
	return model.Location{}, false
}

func (a *app) here() (model.Location, bool) {
	switch s := a.top().(type) {
	case *setup.Screen:
		return placeOfCheck(s.Check())
	case *run.Screen:
		if step := s.Job.Awaited(); step != nil {
			return step.Handoff.Location(), true
		}
		return model.Location{}, false
	case *runbook.Screen:
		return s.Place()
	}
	if row, set, ok := a.subjectRow(); ok {
		return a.placeOf(set, row), true
	}
	if g := a.groupAtCursor(); g != nil && a.top() == nil {
		return a.placeOfGroup(g)
	}
	switch {
	case a.onTab(tabSetup):
		return placeOfCheck(a.setup.Chosen())
	case a.onTab(tabEvents) && a.events.Chosen() != nil:
		if _, row, ok := events.About(a.Set, a.events.Chosen()); ok {
			return a.placeOf(a.Set, row), true
		}
	}
	return model.Location{}, false
}

func placeOfCheck(c *model.Check) (model.Location, bool) {
	if c == nil {
		return model.Location{}, false
	}
	return c.Location(), c.Location() != model.Location{}
}

func (a *app) openPlace(place model.Location, note string) tea.Cmd {
	s, cmd := console.Open(place, note, func(address string) (bool, error) { return a.outside.Open(a.ctx, address) })
	a.push(s)
	return a.aside(cmd)
}
