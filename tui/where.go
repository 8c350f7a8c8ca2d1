package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/console"
	"github.com/scimdrift/scimdrift/tui/events"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/setup"
)

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

// here is the place of what the operator looks at.
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
		return placeOfCheck(a.setup.Check())
	case a.onTab(tabEvents) && a.events.Event() != nil:
		if _, row, ok := events.About(a.Set, a.events.Event()); ok {
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

func (a *app) canOpen() bool {
	_, ok := a.here()
	return ok
}

// open brings up the page of what is looked at.
func (a *app) open() tea.Cmd {
	place, _ := a.here()
	return a.openPlace(place, "")
}

func (a *app) openPlace(place model.Location, note string) tea.Cmd {
	s, cmd := console.Open(place, note, func(address string) (bool, error) { return a.outside.Open(a.ctx, address) })
	a.push(s)
	if cmd == nil {
		return nil
	}
	return a.aside(cmd)
}
