// Package events is the tab of OneLogin's log.
package events

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Tab lists OneLogin's log, the newest first.
type Tab struct {
	screen.Table

	events rows.Events
	// problems leaves out what is none; subject limits the list to what concerns one user, group or rule.
	problems bool
	subject  *model.Subject
	// concerning holds the ids of the subject's events.
	concerning map[string]bool
	set        *rows.Set
}

// Head is how many lines stand above the events: which of them show, and the titles.
func (e *Tab) Head() int { return e.Table.Head() + 1 }

// SetHeight says how many lines there are for all of it.
func (e *Tab) SetHeight(lines int) { e.Table.SetHeight(lines - 1) }

// Keys are those of the events.
func (*Tab) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/events | Events | on Events
event-subject | enter | 1 its subject | go to the user or group of an event | an event at the cursor
problems-only | f     | 4 problems    | problems only, or all events | a read
leave-subject | q     | back          | back from the events about one subject | events about one subject`

// Use shows the log of a comparison.
func (e *Tab) Use(set *rows.Set) {
	e.set, e.events = set, rows.Events{}
	if set != nil {
		e.events = set.Events
	}
	e.resift()
}

// resift works out anew which events show.
func (e *Tab) resift() {
	e.concern()
	e.Pass = func(i int) bool {
		ev := &e.events.All[i]
		return (!e.problems || ev.Problem()) && (e.concerning == nil || e.concerning[ev.ID])
	}
	ids := make([]string, len(e.events.All))
	for i := range e.events.All {
		ids[i] = e.events.All[i].ID
	}
	e.Table.Use(ids, e.events.Keys)
}

// Event is the one at the cursor; nil if the list is empty.
func (e *Tab) Event() *model.Event {
	if at := e.Item(); at >= 0 {
		return &e.events.All[at]
	}
	return nil
}

// concern works out which events are about the subject.
func (e *Tab) concern() {
	e.concerning = nil
	if e.subject == nil || e.set == nil {
		return
	}
	e.concerning = map[string]bool{}
	for _, ev := range e.set.Comparison.Timeline(*e.subject) {
		e.concerning[ev.ID] = true
	}
}

// Limited reports whether only the events about one subject show.
func (e *Tab) Limited() bool { return e.subject != nil }

// Problems reports whether only problems show.
func (e *Tab) Problems() bool { return e.problems }

// Limit leaves only the events about a subject; nil is all of them.
func (e *Tab) Limit(subject *model.Subject) {
	e.subject = subject
	e.resift()
}

// LimitAnew does so from the top, whatever was looked for before.
func (e *Tab) LimitAnew(subject *model.Subject) {
	e.problems = false
	_ = e.SetFilter("") // nothing in it can be wrong
	e.Limit(subject)
	e.To(0)
}

// ToggleProblems leaves out what is no problem, or shows it again.
func (e *Tab) ToggleProblems() {
	e.problems = !e.problems
	e.resift()
}

// About is the first user or group that an event names and that a set has.
func About(set *rows.Set, e *model.Event) (model.Subject, rows.Row, bool) {
	for _, subject := range set.Comparison.About(e) {
		if row, ok := set.Of(subject); ok {
			return subject, row, true
		}
	}
	return model.Subject{}, rows.Row{}, false
}
