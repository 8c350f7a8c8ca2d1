package model

import (
	"cmp"
	"fmt"
	"slices"
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
	EventDeletedInApp        = 55
	EventLinkedInApp         = 59
	EventSuspendFailed       = 61
	EventReactivateFailed    = 62
	EventDeleteFailed        = 63
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
	EventParameterCreated    = 800
	EventParameterUpdated    = 802
	EventParameterDeleted    = 804
	EventAPIAppUpdated       = 1302
	EventRoleCreated         = 1801
	EventRoleDeleted         = 1802
	EventRuleCreated         = 9016
	EventRuleUpdated         = 9018
	EventRuleDeleted         = 9024
	EventRulesSorted         = 9026
	EventRoleUpdated         = 9052
)

// TypeName is what the event's type is called: by the tenant's own list where it was read, else by the published one, else
// by its number.
func (e *Event) TypeName() string {
	return cmp.Or(e.Name, EventName(e.Type), fmt.Sprintf("event %d", e.Type))
}

// Problem reports whether the event says that something failed or stands still: what an operator looks for first.
func (e *Event) Problem() bool {
	switch e.Type {
	case 25, 38, EventBrokenConnector, 56, 60, EventSuspendFailed, EventReactivateFailed, EventDeleteFailed, EventCreateFailed,
		EventUpdateFailed, EventTokenRejected, EventLoginsNotSynced, 121, 218, 242, 243, 247, 250, 251, 252, EventNotReapplied, 306, 334:
		return true
	}
	return false
}

func (e *Event) evidence() Evidence {
	return Evidence{At: e.At, What: e.TypeName(), By: e.Actor, Text: e.Text}
}

// Pushed reports whether the event says that a push to an app worked.
func (e *Event) Pushed() bool {
	switch e.Type {
	case EventCreatedInApp, EventUpdatedInApp, EventSuspendedInApp, EventReactivatedInApp, EventDeletedInApp, EventLinkedInApp:
		return true
	}
	return false
}

// PushFailed reports whether the event says that a push of a user to an app failed.
func (e *Event) PushFailed() bool {
	switch e.Type {
	case EventSuspendFailed, EventReactivateFailed, EventDeleteFailed, EventCreateFailed, EventUpdateFailed:
		return true
	}
	return false
}

// of reports whether the event is the app's own or names no app at all: edits of rules and parameters do not always say.
func (e *Event) of(app string) bool { return e.AppID == "" || e.AppID == app }

func newestFirst(events []Event) []*Event {
	sorted := make([]*Event, 0, len(events))
	for i := range events {
		sorted = append(sorted, &events[i])
	}
	slices.SortFunc(sorted, func(a, b *Event) int { return cmp.Or(b.At.Compare(a.At), compareIDs(b.ID, a.ID)) })
	return sorted
}
