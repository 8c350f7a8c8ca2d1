package tui

import (
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// eventsBody is the line that says what shows, and the events in the window.
func (a *app) eventsBody(height int) []string {
	e := &a.events
	lines := append(make([]string, 0, height), " "+a.eventsLine())
	if len(e.matched) == 0 {
		return append(lines, a.nothing(a.whyNoEvents(), a.width)...)
	}
	for at := e.Top(); at < min(e.Top()+height-eventsHead, e.Len()); at++ {
		lines = append(lines, a.eventLine(&e.events.All[e.matched[at]], at == e.Cursor()))
	}
	return lines
}

// eventsLine says which events show and whether new ones are asked for.
func (a *app) eventsLine() string {
	e := &a.events
	text := "not following, t follows"
	switch t := &e.tail; {
	case t.on && t.failed != "":
		text = a.theme.Bad.On("following: the last question failed: " + style.Cut(style.Name(t.failed), a.width-45))
	case t.on && t.asked.IsZero():
		text = "following: asking for new events"
	case t.on:
		text = fmt.Sprintf("following every %s, asked at %s, %s new", span(tailPace),
			t.asked.In(a.now.Location()).Format(time.TimeOnly), style.Number(t.came))
		if b := a.budgets[Source]; b.Known {
			text += ", " + style.Number(b.Remaining) + " calls left"
		}
	}
	which := style.Count(len(e.matched), "event")
	if e.problems {
		which = style.Count(len(e.matched), "problem")
	}
	if e.subject != nil {
		which += " about " + style.Cut(label(e.subject.Name), max(a.width/3, 1))
	}
	return a.theme.Title.On(which) + "  " + text
}

// whyNoEvents says why nothing shows, and what to do.
func (a *app) whyNoEvents() string {
	e, c := &a.events, a.directory(Source).Coverage[model.PartEvents]
	switch {
	case c.State == model.Skipped:
		return "The configuration says not to read events: take \"events\" out of the connection's onelogin.skip, " +
			"and restart."
	case len(e.events.All) == 0 && c.State == model.Unknown:
		return "The events were not read: " + valueOr(c.Reason) +
			". Press R to read again; the Setup tab names a missing scope."
	case len(e.events.All) == 0:
		return "No event of provisioning in the window that was read. t follows the log."
	case e.filter.Text() != "":
		return "No event matches \"" + e.filter.Text() + "\". esc clears the filter."
	case e.subject != nil && e.problems:
		return "No problem about it. f shows its other events, esc goes back."
	case e.subject != nil:
		return "No event about it in what was read. esc goes back, e shows all events."
	}
	return "No problem in what was read. f shows all events."
}

// eventColumns are the widths of the type and of who it is about; what came with the event has the rest.
func (a *app) eventColumns() (name, who int) {
	switch {
	case a.width < narrow:
		return 16, 14
	case a.width < 110:
		return 26, 16
	default:
		return 32, 24
	}
}

func (a *app) eventLine(e *model.Event, chosen bool) string {
	name, who := a.eventColumns()
	when := style.Fit(a.moment(e.At), 16)
	sign, look := a.eventSign(e)
	rest := " " + style.Fit(style.Name(e.TypeName()), name) + " " + style.Fit(eventSubject(e), who) + " "
	rest += style.Cut(eventSays(e), a.width-style.Width(when+sign+rest)-2)
	if chosen {
		return a.cursorLine(when + sign + rest)
	}
	return " " + when + look.On(sign) + rest
}

// eventSays is what came with an event: the service's words, which matter most where something failed, and who did it.
func eventSays(e *model.Event) string {
	switch {
	case e.Actor == "":
		return style.Name(e.Text)
	case e.Text == "":
		return "by " + style.Name(e.Actor)
	}
	return style.Name(e.Text) + ", by " + style.Name(e.Actor)
}

// moment is short for this year's, to the second: what came first matters.
func (a *app) moment(t time.Time) string {
	t = t.In(a.now.Location())
	if t.Year() != a.now.Year() {
		return t.Format("2 Jan 2006")
	}
	return t.Format("_2 Jan " + time.TimeOnly)
}

// eventSign marks a problem, without colour too.
func (a *app) eventSign(e *model.Event) (sign string, look style.Style) {
	if e.Problem() {
		return "✗", a.theme.Bad
	}
	return " ", style.Style{}
}

// eventSubject is the user or role that an event names, harmless.
func eventSubject(e *model.Event) string {
	switch {
	case e.UserName != "":
		return label(e.UserName)
	case e.RoleName != "":
		return label(e.RoleName)
	case e.UserID != "":
		return "user " + style.Name(e.UserID)
	case e.RoleID != "":
		return "role " + style.Name(e.RoleID)
	}
	return absent
}

// eventDetail is the pane below the events: who, what and when, and the service's own words in full.
func (a *app) eventDetail() []string {
	e := a.events.event()
	if e == nil {
		return []string{a.ruleWith("")}
	}
	lines := []string{a.ruleWith(style.Name(e.TypeName()))}
	who := ""
	for _, part := range []struct{ name, value string }{{"user", e.UserName}, {"role", e.RoleName}, {"by", e.Actor}} {
		if part.value != "" {
			who = join(who, part.name+" "+part.value)
		}
	}
	at := e.At.In(a.now.Location()).Format("2 Jan 2006 " + time.TimeOnly + " MST")
	lines = append(lines, " "+style.Cut(style.Name(join(at, who)), a.width-2))
	return append(lines, indent(" ", style.Name(e.Text), a.width-1)...)
}
