package tui

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// eventsHead is the line above the events that says which of them show.
const eventsHead = 1

// eventsTab lists OneLogin's log, the newest first. Where the operator stands is kept by the event, so that new ones
// coming in above move nothing; only at the very top he stays at the top, and sees them come.
type eventsTab struct {
	cursorWindow

	events rows.Events
	// followed are those that came in after the comparison was made.
	followed []model.Event
	matched  []int32

	filter   filter.Query
	problems bool
	// subject limits the list to what concerns one user, group or rule; from and below are where the operator came from
	// with it, and what he had open there.
	subject *model.Subject
	from    tab
	below   []screen
	// concerning holds the ids of the subject's events.
	concerning map[string]bool
	set        *rows.Set

	tail tail
	// pace is the time between two questions of the tail.
	pace time.Duration
}

// use shows the log of a comparison, with what came in since.
func (e *eventsTab) use(set *rows.Set) {
	at := e.stand()
	e.set, e.events = set, rows.Events{}
	if set != nil {
		e.events = set.Events.With(e.followed)
	}
	e.sift(at)
}

// add takes in events that the tail has brought, and says how many are new.
func (e *eventsTab) add(more []model.Event) int {
	at, before := e.stand(), len(e.events.All)
	e.events = e.events.With(more)
	came := len(e.events.All) - before
	if came == 0 {
		return 0
	}
	e.followed = append(e.followed, more...)
	e.sift(at)
	return came
}

// standing is where the operator stands: on which event, if he has left the top, and how far down in the window.
type standing struct {
	event  string
	offset int
}

func (e *eventsTab) stand() standing {
	if e.cursor == 0 || e.event() == nil {
		return standing{}
	}
	return standing{e.event().ID, e.cursor - e.top}
}

// resift works out anew which events show.
func (e *eventsTab) resift() { e.sift(e.stand()) }

// sift works out which events show; the cursor stays on its event, and at the top if it was there.
func (e *eventsTab) sift(stood standing) {
	e.concern()
	e.matched = e.matched[:0]
	for i := range e.events.All {
		ev := &e.events.All[i]
		if e.problems && !ev.Problem() || e.concerning != nil && !e.concerning[ev.ID] ||
			!e.filter.MatchesText(e.events.Keys[i]) {
			continue
		}
		e.matched = append(e.matched, int32(i))
	}
	e.length = len(e.matched)
	if stood.event == "" {
		e.cursor = 0
	}
	for line, i := range e.matched {
		if stood.event != "" && e.events.All[i].ID == stood.event {
			e.cursor = line
			break
		}
	}
	e.top = e.cursor - stood.offset
	e.clamp()
}

// event is the one at the cursor; nil if the list is empty.
func (e *eventsTab) event() *model.Event {
	if e.cursor >= len(e.matched) {
		return nil
	}
	return &e.events.All[e.matched[e.cursor]]
}

// concern works out which events are about the subject.
func (e *eventsTab) concern() {
	e.concerning = nil
	if e.subject == nil || e.set == nil {
		return
	}
	e.concerning = map[string]bool{}
	for _, ev := range e.set.Comparison.Timeline(*e.subject) {
		e.concerning[ev.ID] = true
	}
	for i := range e.followed {
		ev := &e.followed[i]
		e.concerning[ev.ID] = e.concerning[ev.ID] || slices.Contains(e.set.Comparison.About(ev), *e.subject)
	}
}

// Filter is the text of the filter, empty if none is set.
func (e *eventsTab) Filter() string { return e.filter.Text() }

func (e *eventsTab) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != e.filter.Text() {
		e.filter = q
		e.resift()
	}
	return err
}

// Matches is how many events show.
func (e *eventsTab) Matches() int { return len(e.matched) }

// Unfiltered is how many events there are.
func (e *eventsTab) Unfiltered() int { return len(e.events.All) }

// leave stops following when the operator turns to something else.
func (e *eventsTab) leave() { e.tail.stop() }
