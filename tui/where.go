package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// location says where something is: its address, as a link where the terminal knows links, and the words of the menu
// path.
func (a *app) location(l model.Location, margin string, width int) []string {
	return a.placed("Menu:", l, margin, width)
}

// placed is location under another word than menu.
func (a *app) placed(word string, l model.Location, margin string, width int) []string {
	var lines []string
	if l.Menu != "" {
		lines = append(lines, a.wrapped(margin, word, l.Menu, width)...)
	}
	if l.Link != "" {
		for _, part := range style.Wrap(style.Name(l.Link), width-style.Width(margin)-1) {
			lines = append(lines, margin+style.Link(l.Link, part))
		}
	}
	return lines
}

// placeOf is where a row is seen and mended by hand: where its first repair at the console is, else the rules of a
// rule, and of all else the app: the pages of single users and roles have no address that is known for sure.
func (a *app) placeOf(set *rows.Set, row rows.Row) model.Location {
	app := set.Comparison.Source.App.ID
	for _, f := range set.FindingsOf(row) {
		if f.Check != nil {
			return model.Location{Link: f.Check.Link, Menu: f.Check.Menu}
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
func (a *app) placeOfGroup(g *model.CauseGroup) (model.Location, bool) {
	for _, i := range g.Findings {
		f := &a.set.Comparison.Findings[i]
		switch action, _ := f.Action(); {
		case f.Check != nil:
			return checkPlace(f.Check)
		case action == g.Action && action.Channel == model.Console:
			return a.outside.Place(a.set.Comparison.Source.App.ID, f.Place(action.Repair)), true
		}
	}
	return model.Location{}, false
}

// place is the inspector's section of where to go.
func (s *inspectScreen) place(a *app, width int) section {
	return text("Where", a.location(a.placeOf(s.set, s.row), "  ", width))
}

// here is the place of what the operator looks at.
func (a *app) here() (model.Location, bool) {
	switch s := a.top().(type) {
	case *checkScreen:
		return checkPlace(a.setup.find(s.id))
	case *runScreen:
		return s.on.handoff()
	case *runbookScreen:
		return s.stepPlace(a)
	}
	if row, set, ok := a.subjectRow(); ok {
		return a.placeOf(set, row), true
	}
	if g := a.groupAtCursor(); g != nil && a.top() == nil {
		return a.placeOfGroup(g)
	}
	switch {
	case a.at(onSetup):
		return checkPlace(a.setup.check())
	case a.at(onEvents) && a.events.event() != nil:
		if _, row, ok := a.about(a.events.event()); ok {
			return a.placeOf(a.set, row), true
		}
	}
	return model.Location{}, false
}

func checkPlace(c *model.Check) (model.Location, bool) {
	if c == nil {
		return model.Location{}, false
	}
	return model.Location{Link: c.Link, Menu: c.Menu}, c.Link != "" || c.Menu != ""
}

func (a *app) canOpen() bool {
	_, ok := a.here()
	return ok
}

// whereScreen shows where something is. It comes up whether a browser opened or not: the page opens at the app, and the
// menu path says where to go from there.
type whereScreen struct {
	page

	place model.Location
	said  string
	// note is a sentence on what happens, or does not, after it; it may be empty.
	note string
}

// openedMsg says what became of opening a page.
type openedMsg struct {
	on     *whereScreen
	opened bool
	err    error
}

func (*whereScreen) title(*app) string { return "In the console" }

func (s *whereScreen) body(a *app, width, height int) []string {
	return s.window(width, height, func(width int) []string {
		lines := append([]string{""}, indent("  ", style.Name(s.said), width-1)...)
		lines = append(append(lines, ""), a.location(s.place, "  ", width)...)
		if s.note != "" {
			lines = append(append(lines, ""), indent("  ", style.Name(s.note), width-1)...)
		}
		return append(lines, "", "  y copies the address, q goes back.")
	})
}

func (s *whereScreen) opened(msg openedMsg) {
	switch {
	case msg.err != nil:
		s.said = "No browser was opened: " + msg.err.Error()
	case msg.opened:
		s.said = "Opened in your browser."
	default:
		s.said = "No browser can be opened from here: follow the link in your terminal, or copy it."
	}
	s.stale()
}

// open brings up the page of what is looked at.
func (a *app) open() tea.Cmd {
	place, _ := a.here()
	return a.openPlace(place, "")
}

func (a *app) openPlace(place model.Location, note string) tea.Cmd {
	s := &whereScreen{place: place, said: "Opening.", note: note}
	a.push(s)
	if place.Link == "" {
		s.said = "No address is known for it; the menu path leads there."
		return nil
	}
	outside := a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		opened, err := outside.Open(a.ctx, place.Link)
		return openedMsg{s, opened, err}
	}
}
