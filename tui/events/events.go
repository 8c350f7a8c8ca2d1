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
	screen.Table[model.Event]

	// Problems leaves out what is none; Subject leaves only what concerns one user, group or rule.
	Problems bool
	Subject  *model.Subject
	set      *rows.Set
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
	e.set = set
	var events rows.Events
	if set != nil {
		events = set.Events
	}
	e.pass()
	e.UseKeyed(events.All, events.Keys, func(ev *model.Event) string { return ev.ID })
}

// pass works out which events can show.
func (e *Tab) pass() {
	var concerning map[string]bool // the ids of those about the subject
	if e.Subject != nil && e.set != nil {
		concerning = map[string]bool{}
		for _, ev := range e.set.Comparison.Timeline(*e.Subject) {
			concerning[ev.ID] = true
		}
	}
	e.Pass = func(ev *model.Event) bool {
		return (!e.Problems || ev.Problem()) && (concerning == nil || concerning[ev.ID])
	}
}

// Limit leaves only the events about a subject; nil is all of them.
func (e *Tab) Limit(subject *model.Subject) {
	e.Subject = subject
	e.pass()
	e.Sift()
}

// LimitAnew does so from the top, whatever was looked for before.
func (e *Tab) LimitAnew(subject *model.Subject) {
	e.Problems = false
	_ = e.SetFilter("") // nothing in it can be wrong
	e.Limit(subject)
	e.To(0)
}

// ToggleProblems leaves out what is no problem, or shows it again.
func (e *Tab) ToggleProblems() (problems bool) {
	e.Problems = !e.Problems
	e.Sift()
	return e.Problems
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
