package model

import (
	"cmp"
	"slices"
)

// OneLogin's event types that comparing understands; the names are those of its own list
// (GET /api/1/events/types, copied in the modelling rules of github.com/demisto/content).
const (
	EventAppRemovedFromRole = 2
	EventUpdatedUser        = 14
	EventDeletedUser        = 17
	EventCreatedInApp       = 51
	EventUpdatedInApp       = 52
	EventSuspendedInApp     = 53
	EventReactivatedInApp   = 54
	EventLinkedInApp        = 59
	EventSuspendFailed      = 61
	EventReactivateFailed   = 62
	EventCreateFailed       = 64
	EventUpdateFailed       = 65
	EventRemovedFromRole    = 148
	EventAutoRemoved        = 150
	EventAPIRemoveRoles     = 514
	EventRoleDeleted        = 1802
	EventRoleUpdated        = 9052
)

// EventName gives the service's name for the types that evidence is made of, and "" for others.
func EventName(eventType int) string {
	switch eventType {
	case EventAppRemovedFromRole:
		return "APP_REMOVED_FROM_ROLE"
	case EventUpdatedUser:
		return "UPDATED_USER"
	case EventDeletedUser:
		return "DELETED_USER"
	case EventCreatedInApp:
		return "USER_CREATED_IN_APP"
	case EventUpdatedInApp:
		return "USER_UPDATED_IN_APP"
	case EventSuspendedInApp:
		return "USER_SUSPENDED_IN_APP"
	case EventReactivatedInApp:
		return "USER_REACTIVATED_IN_APP"
	case EventLinkedInApp:
		return "USER_LINKED_IN_APP"
	case EventSuspendFailed:
		return "USER_FAILED_SUSPENDING_IN_APP"
	case EventReactivateFailed:
		return "USER_FAILED_REACTIVATING_IN_APP"
	case EventCreateFailed:
		return "USER_FAILED_CREATING_IN_APP"
	case EventUpdateFailed:
		return "USER_FAILED_UPDATING_IN_APP"
	case EventRemovedFromRole:
		return "USER_MANUALLY_REMOVED_FROM_ROLE"
	case EventAutoRemoved:
		return "USER_AUTO_REMOVED_FROM_ROLE"
	case EventAPIRemoveRoles:
		return "API_REMOVE_ROLES"
	case EventRoleDeleted:
		return "ROLE_DELETED"
	case EventRoleUpdated:
		return "ROLE_UPDATED"
	}
	return ""
}

// attempt says how an attempt of the provisioner shows in the log: the type of its failure and those that settle it.
type attempt struct {
	failed int
	ok     []int
}

//nolint:gochecknoglobals // constant tables
var (
	createFailed     = attempt{EventCreateFailed, []int{EventCreatedInApp, EventLinkedInApp}}
	updateFailed     = attempt{EventUpdateFailed, []int{EventUpdatedInApp}}
	suspendFailed    = attempt{EventSuspendFailed, []int{EventSuspendedInApp}}
	reactivateFailed = attempt{EventReactivateFailed, []int{EventReactivatedInApp}}
)

// eventIndex finds the events of a user, newest first.
type eventIndex struct {
	app    string
	byUser map[string][]*Event
	// byRole holds the events that name a role, by its id.
	byRole map[string][]*Event
	// failedPushes are the updates of the app's users that failed.
	failedPushes []*Event
	// deleted holds DELETED_USER events by the folded name that they carry, which is often an e-mail.
	deleted map[string]*Event
}

func indexEvents(events []Event, app string) eventIndex {
	x := eventIndex{app: app, byUser: map[string][]*Event{}, byRole: map[string][]*Event{}, deleted: map[string]*Event{}}
	for _, e := range newestFirst(events) {
		if e.UserID != "" {
			x.byUser[e.UserID] = append(x.byUser[e.UserID], e)
		}
		if e.RoleID != "" {
			x.byRole[e.RoleID] = append(x.byRole[e.RoleID], e)
		}
		if e.Type == EventUpdateFailed && e.AppID == app {
			x.failedPushes = append(x.failedPushes, e)
		}
		if name := Fold(e.UserName); e.Type == EventDeletedUser && name != "" && x.deleted[name] == nil {
			x.deleted[name] = e
		}
	}
	return x
}

func newestFirst(events []Event) []*Event {
	sorted := make([]*Event, 0, len(events))
	for i := range events {
		sorted = append(sorted, &events[i])
	}
	slices.SortFunc(sorted, func(a, b *Event) int { return cmp.Or(b.At.Compare(a.At), compareIDs(b.ID, a.ID)) })
	return sorted
}

func (e *Event) evidence() Evidence {
	return Evidence{At: e.At, What: EventName(e.Type), By: e.Actor, Text: e.Text}
}

// failure tells whether the newest attempt of that kind on the user failed, with the service's own words.
func (x eventIndex) failure(user string, a attempt) (Cause, []Evidence) {
	for _, e := range x.byUser[user] {
		switch {
		case e.AppID != "" && e.AppID != x.app:
		case e.Type == a.failed:
			return CauseProvisioningFailed, []Evidence{e.evidence()}
		case slices.Contains(a.ok, e.Type):
			return CauseUnknown, nil
		}
	}
	return CauseUnknown, nil
}

// whyChanged explains an attribute that differs: a push that failed, else a change at the source that was never pushed.
func (x eventIndex) whyChanged(user string) (Cause, []Evidence) {
	if cause, evidence := x.failure(user, updateFailed); cause != CauseUnknown {
		return cause, evidence
	}
	for _, e := range x.byUser[user] {
		switch e.Type {
		case EventUpdatedInApp, EventCreatedInApp:
			if e.AppID == x.app {
				return CauseUnknown, nil
			}
		case EventUpdatedUser:
			return CauseSourceChanged, []Evidence{e.evidence()}
		}
	}
	return CauseUnknown, nil
}

// userDeleted finds the event that says the source user of a target record was deleted: by the OneLogin id that the
// target carries as external id, else by userName or e-mail.
func (x eventIndex) userDeleted(u *User) (Evidence, bool) {
	for _, e := range x.byUser[u.ExternalID] {
		if u.ExternalID != "" && e.Type == EventDeletedUser {
			return e.evidence(), true
		}
	}
	for _, name := range []string{u.UserName, u.Email} {
		if e := x.deleted[Fold(name)]; e != nil {
			return e.evidence(), true
		}
	}
	return Evidence{}, false
}
