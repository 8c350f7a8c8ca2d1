// Package events is the tab of OneLogin's log.
package events

import (
	"strings"

	"charm.land/bubbles/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
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
	e.updatePass()
	e.UseKeyed(events.All, events.Keys, func(ev *model.Event) string { return ev.ID })
}

// updatePass works out which events can show.
func (e *Tab) updatePass() {
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
	e.updatePass()
	e.Refilter()
}

// LimitFromTop does so from the top, whatever was looked for before.
func (e *Tab) LimitFromTop(subject *model.Subject) {
	e.Problems = false
	_ = e.SetFilter("") // nothing in it can be wrong
	e.Limit(subject)
	e.To(0)
}

// ToggleProblems leaves out what is no problem, or shows it again.
func (e *Tab) ToggleProblems() (problems bool) {
	e.Problems = !e.Problems
	e.Refilter()
	return e.Problems
}

// SubjectOf is the first user or group that an event names and that a set has.
func SubjectOf(set *rows.Set, e *model.Event) (model.Subject, rows.Row, bool) {
	for _, subject := range set.Comparison.SubjectsOf(e) {
		if row, ok := set.FindSubject(subject); ok {
			return subject, row, true
		}
	}
	return model.Subject{}, rows.Row{}, false
}

// View is the line that says what shows, and the events in the window.
func (e *Tab) View(c *screen.Context, width, height int) []string {
	lines := []string{" " + e.countLine(c, width)}
	if e.Len() == 0 {
		return append(lines, screen.EmptyText(e.whyEmpty(c), width)...)
	}
	return append(lines, e.Draw(c, width, height-1, columns(width), func(at *model.Event) table.Row {
		sign, look := c.EventSign(at)
		return table.Row{c.Moment(at.At), look.On(sign), style.Name(at.TypeName()), subjectName(at), textAndActor(at)}
	})...)
}

func (e *Tab) countLine(c *screen.Context, width int) string {
	which := style.Count(e.Len(), "event")
	if e.Problems {
		which = style.Count(e.Len(), "problem")
	}
	if e.Subject != nil {
		which += " about " + style.Cut(style.Label(e.Subject.Name), max(width/3, 1))
	}
	return c.Theme.Title.On(which)
}

// whyEmpty says why nothing shows, and what to do.
func (e *Tab) whyEmpty(c *screen.Context) string {
	read := e.set.Comparison.Source.Coverage[model.PartEvents]
	switch {
	case read.State == model.Skipped:
		return "The configuration says not to read events: take \"events\" out of the connection's onelogin.skip, " +
			"and restart."
	case len(e.Items) == 0 && read.State == model.Unknown:
		return "The events were not read: " + style.OrEmpty(read.Reason) +
			". Press " + c.Key("reload") + " to read again; the Setup tab names a missing scope."
	case len(e.Items) == 0:
		return "No event of provisioning in the window that was read. " + c.Key("reload") + " reads again."
	case e.Filter() != "":
		return c.Unmatched(e.Filter())
	case e.Subject != nil && e.Problems:
		return "No problem about it. " + c.Key("problems-only") + " shows its other events, " + c.Key("close") +
			" goes back."
	case e.Subject != nil:
		return "No event about it in what was read. " + c.Key("close") + " goes back, " + c.Key("events") +
			" shows all events."
	}
	return "No problem in what was read. " + c.Key("problems-only") + " shows all events."
}

// columns: what came with the event has what the others leave.
func columns(width int) []table.Column {
	name, who := 31, 23
	switch {
	case width < screen.Narrow:
		name, who = 15, 13
	case width < 110:
		name, who = 25, 15
	}
	const when, gaps = 15, 7
	return []table.Column{
		{Title: "WHEN", Width: when},
		{Width: 1},
		{Title: "WHAT", Width: name},
		{Title: "WHO", Width: who},
		{Title: "SAID", Width: max(width-when-name-who-gaps, 1)},
	}
}

// textAndActor is what came with an event: the service's words, which matter most where something failed, and who did
// it.
func textAndActor(e *model.Event) string {
	switch {
	case e.Actor == "":
		return style.Name(e.Text)
	case e.Text == "":
		return "by " + style.Name(e.Actor)
	}
	return style.Name(e.Text) + ", by " + style.Name(e.Actor)
}

// subjectName is the user or role that an event names, harmless.
func subjectName(e *model.Event) string {
	switch {
	case e.UserName != "":
		return style.Label(e.UserName)
	case e.RoleName != "":
		return style.Label(e.RoleName)
	case e.UserID != "":
		return "user " + style.Name(e.UserID)
	case e.RoleID != "":
		return "role " + style.Name(e.RoleID)
	}
	return style.Absent
}

// Detail is the pane below the events: who, what and when, and the service's own words in full.
func (e *Tab) Detail(c *screen.Context, width, _ int) []string {
	at := e.Chosen()
	said := []string{c.Exact(at.At)}
	for _, part := range []struct{ name, value string }{
		{"user", at.UserName}, {"role", at.RoleName}, {"by", at.Actor},
	} {
		if part.value != "" {
			said = append(said, part.name+" "+part.value)
		}
	}
	return append([]string{
		c.Rule(style.Name(at.TypeName()), width),
		" " + style.Cut(style.Name(strings.Join(said, " · ")), width-2),
	}, style.Paragraphs(" ", width, at.Text)...)
}
