package model

import (
	"cmp"
	_ "embed" // for events.txt
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// OneLogin's event types that comparing understands; the names are those of its own list
// (GET /api/1/events/types, copied in the modelling rules of github.com/demisto/content).
const (
	EventAppAddedToRole      = 1
	EventAppRemovedFromRole  = 2
	EventUpdatedUser         = 14
	EventDeactivatedUser     = 15
	EventDeletedUser         = 17
	EventSuspendedUser       = 21
	EventBrokenConnector     = 39
	EventCreatedInApp        = 51
	EventUpdatedInApp        = 52
	EventSuspendedInApp      = 53
	EventReactivatedInApp    = 54
	EventLinkedInApp         = 59
	EventSuspendFailed       = 61
	EventReactivateFailed    = 62
	EventCreateFailed        = 64
	EventUpdateFailed        = 65
	EventTokenRejected       = 85
	EventLoginsSynced        = 110
	EventLoginsNotSynced     = 111
	EventEntitlementsRefresh = 124
	EventRemovedFromRole     = 148
	EventAutoRemoved         = 150
	EventLoginRemoved        = 207
	EventNotReapplied        = 253
	EventReapplied           = 254
	EventAPIRemoveRoles      = 514
	EventAPISuspendedUser    = 551
	EventAppUpdated          = 601
	EventParameterUpdated    = 802
	EventParameterDeleted    = 804
	EventAPIAppUpdated       = 1302
	EventRoleCreated         = 1801
	EventRoleDeleted         = 1802
	EventRuleCreated         = 9016
	EventRuleUpdated         = 9018
	EventRulesSorted         = 9026
	EventRoleUpdated         = 9052
)

//go:embed events.txt
var eventsText string

// eventTypes are the types of events.txt by their numbers: of each the name, and what events of it say.
//
//nolint:gochecknoglobals // a table, made when it is first asked for
var eventTypes = sync.OnceValue(func() map[int][]string {
	types := map[int][]string{}
	for line := range strings.Lines(eventsText) {
		number, rest, _ := strings.Cut(line, " ")
		if n, err := strconv.Atoi(number); err == nil {
			types[n] = strings.Fields(rest)
		}
	}
	return types
})

// EventTypes are the numbers of the types that are read, in ascending order.
func EventTypes() []int { return slices.Sorted(maps.Keys(eventTypes())) }

// hasTrait reports whether the event says any of some things.
func (e *Event) hasTrait(what ...string) bool {
	return slices.ContainsFunc(eventTypes()[e.Type], func(said string) bool { return slices.Contains(what, said) })
}

// TypeName is what the event's type is called by the published list, else by its number.
func (e *Event) TypeName() string {
	if known := eventTypes()[e.Type]; known != nil {
		return known[0]
	}
	return fmt.Sprintf("event %d", e.Type)
}

// Problem reports whether the event says that something failed or stands still: what an operator looks for first.
func (e *Event) Problem() bool { return e.hasTrait("problem") }

// Pushed reports whether the event says that a push to an app worked.
func (e *Event) Pushed() bool { return e.hasTrait("pushed") }

// PushFailed reports whether the event says that a push of a user to an app failed.
func (e *Event) PushFailed() bool { return e.hasTrait("push-failed") }

// Activates is what the event says of a user's being active at OneLogin from then on.
func (e *Event) Activates() Tri { return e.triOf("active", "inactive") }

// Assigns is what the event says of a user's having a role, or the app, from then on.
func (e *Event) Assigns() Tri { return e.triOf("given", "taken") }

func (e *Event) triOf(yes, no string) Tri {
	switch {
	case e.hasTrait(yes):
		return Yes
	case e.hasTrait(no):
		return No
	}
	return Unsaid
}

// Edits reports whether the event changed what the app provisions.
func (e *Event) Edits() bool { return e.hasTrait("edits") }

// AppWide reports whether the event bears on every subject of the app.
func (e *Event) AppWide() bool { return e.hasTrait("app-wide", "edits") }

// AltersSource reports whether what is read of OneLogin for an app may be other since the event. What an event tells
// of pushes, of jobs and of other apps alone leaves it as it was; whatever else it is, it is taken for a change.
func (e *Event) AltersSource(app string) bool {
	return (e.ConcernsApp(app) || e.RoleID != "") && !e.hasTrait("aside", "pushed", "push-failed")
}

// ConcernsApp reports whether the event is the app's own or names none: edits of rules and parameters do not always
// say.
func (e *Event) ConcernsApp(app string) bool { return e.AppID == "" || e.AppID == app }

// Evidence is the event as what speaks for a finding.
func (e *Event) Evidence() Evidence {
	return Evidence{At: e.At, What: e.TypeName(), By: e.Actor, Text: e.Text}
}

// Before orders events as the log does: by time, and by id where two have the same.
func (e *Event) Before(other *Event) bool {
	return cmp.Or(e.At.Compare(other.At), CompareIDs(e.ID, other.ID)) < 0
}

// NewestFirst gives the events by time, the newest first; of one time the higher id.
func NewestFirst(events []Event) []*Event {
	sorted := Map(events, func(e *Event) *Event { return e })
	slices.SortFunc(sorted, func(a, b *Event) int { return cmp.Or(b.At.Compare(a.At), CompareIDs(b.ID, a.ID)) })
	return sorted
}
