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

// TypeName is what the event's type is called: by the tenant's own list where it was read, else by the published one,
// else by its number.
func (e *Event) TypeName() string {
	return cmp.Or(e.Name, EventName(e.Type), fmt.Sprintf("event %d", e.Type))
}

// Problem reports whether the event says that something failed or stands still: what an operator looks for first.
func (e *Event) Problem() bool {
	switch e.Type {
	case 25, 38, EventBrokenConnector, 56, 60, EventSuspendFailed, EventReactivateFailed, EventDeleteFailed,
		EventCreateFailed, EventUpdateFailed, EventTokenRejected, EventLoginsNotSynced, 121, 218, 242, 243, 247, 250,
		251, 252, EventNotReapplied, 306, 334:
		return true
	}
	return false
}

// Evidence is the event as what speaks for a finding.
func (e *Event) Evidence() Evidence {
	return Evidence{At: e.At, What: e.TypeName(), By: e.Actor, Text: e.Text}
}

// Pushed reports whether the event says that a push to an app worked.
func (e *Event) Pushed() bool {
	switch e.Type {
	case EventCreatedInApp, EventUpdatedInApp, EventSuspendedInApp, EventReactivatedInApp,
		EventDeletedInApp, EventLinkedInApp:
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

// Of reports whether the event is the app's own or names no app at all: edits of rules and parameters do not always
// say.
func (e *Event) Of(app string) bool { return e.AppID == "" || e.AppID == app }

// NewestFirst gives the events by time, the newest first; of one time the higher id.
func NewestFirst(events []Event) []*Event {
	sorted := make([]*Event, 0, len(events))
	for i := range events {
		sorted = append(sorted, &events[i])
	}
	slices.SortFunc(sorted, func(a, b *Event) int { return cmp.Or(b.At.Compare(a.At), CompareIDs(b.ID, a.ID)) })
	return sorted
}

// EventName gives the published name of an event type, and "" for one that is not among those that are read. It is what
// a tenant whose own list (GET /api/1/events/types) could not be read is shown.
func EventName(eventType int) string { return eventNames[eventType] }

// eventNames are those of GET /api/1/events/types, as the modelling rules of github.com/demisto/content copy them.
// Those of failures from 9017 on, and of 551 and 552, follow the pattern of the list: the copy leaves their ends out.
var eventNames = map[int]string{ //nolint:gochecknoglobals // a constant table
	1:    "APP_ADDED_TO_ROLE",
	2:    "APP_REMOVED_FROM_ROLE",
	13:   "CREATED_USER",
	14:   "UPDATED_USER",
	15:   "DEACTIVATED_USER",
	16:   "ACTIVATED_USER",
	17:   "DELETED_USER",
	21:   "SUSPENDED_USER",
	25:   "PROVISIONING_EXCEPTION",
	26:   "PROVISIONING_EVENT",
	28:   "USER_RECENTLY_REMOVED",
	32:   "REACTIVATED_USER",
	38:   "APP_REACHED_USER_LIMIT",
	39:   "CONNECTOR_BROKEN",
	51:   "USER_CREATED_IN_APP",
	52:   "USER_UPDATED_IN_APP",
	53:   "USER_SUSPENDED_IN_APP",
	54:   "USER_REACTIVATED_IN_APP",
	55:   "USER_DELETED_IN_APP",
	56:   "UNMATCHED_USERS",
	59:   "USER_LINKED_IN_APP",
	60:   "PROVISIONING_DEPROVISIONING_MODE_DO_NOTHING_WARNING",
	61:   "USER_FAILED_SUSPENDING_IN_APP",
	62:   "USER_FAILED_REACTIVATING_IN_APP",
	63:   "USER_FAILED_DELETING_IN_APP",
	64:   "USER_FAILED_CREATING_IN_APP",
	65:   "USER_FAILED_UPDATING_IN_APP",
	85:   "APP_COULD_NOT_AUTHENTICATE",
	110:  "APP_LOGINS_UPDATED",
	111:  "APP_LOGINS_UPDATE_FAILED",
	121:  "SCRIPTLET_ERROR",
	124:  "ENTITLEMENTS_CACHE_ACTION",
	125:  "ENTITLEMENT_ACTION",
	147:  "USER_MANUALLY_ADDED_TO_ROLE",
	148:  "USER_MANUALLY_REMOVED_FROM_ROLE",
	149:  "USER_AUTO_ADDED_TO_ROLE",
	150:  "USER_AUTO_REMOVED_FROM_ROLE",
	202:  "REAPPLIED_MAPPINGS",
	206:  "MANUALLY_ADDED_LOGIN",
	207:  "MANUALLY_REMOVED_LOGIN",
	208:  "RETRIED_PROVISIONING",
	216:  "JOB_IN_QUEUE",
	218:  "REAPPLIED_MAPPINGS_FAILED",
	242:  "JOB_START_FAILED",
	243:  "JOB_TERMINATED",
	247:  "USER_MAPPINGS_FAILED",
	248:  "USER_MAPPINGS_SUCCEEDED",
	250:  "PROVISIONING_APP_CONFIG_ERROR",
	251:  "PROVISIONING_APP_THROTTLED",
	252:  "USER_REMOVELOGINS_FAILED",
	253:  "ENTITLEMENT_MAPPINGS_FAILED",
	254:  "ENTITLEMENT_MAPPINGS_REAPPLIED",
	255:  "MANUALLY_UPDATED_LOGIN",
	306:  "MANUALLY_ADDED_LOGIN_FAILURE",
	334:  "USER_NOT_UPDATED_IN_APP",
	513:  "API_ADD_ROLES",
	514:  "API_REMOVE_ROLES",
	551:  "SUSPENDED_USER_VIA_API",
	552:  "REACTIVATED_USER_VIA_API",
	600:  "APP_CREATED_BY_USER",
	601:  "APP_UPDATED_BY_USER",
	602:  "APP_DELETED_BY_USER",
	800:  "PARAMETER_CREATED",
	801:  "PARAMETER_CREATE_FAILED",
	802:  "PARAMETER_UPDATED",
	803:  "PARAMETER_UPDATE_FAILED",
	804:  "PARAMETER_DELETED",
	805:  "PARAMETER_DELETE_FAILED",
	1300: "API_APP_CREATED",
	1301: "API_APP_CREATE_FAILED",
	1302: "API_APP_UPDATED",
	1303: "API_APP_UPDATE_FAILED",
	1304: "API_APP_DESTROYED",
	1305: "API_APP_DESTROY_FAILED",
	1801: "ROLE_CREATED",
	1802: "ROLE_DELETED",
	9016: "APP_RULES_CREATE",
	9017: "APP_RULES_CREATE_FAILED",
	9018: "APP_RULES_UPDATE",
	9019: "APP_RULES_UPDATE_FAILED",
	9024: "APP_RULES_DELETE",
	9025: "APP_RULES_DELETE_FAILED",
	9026: "APP_RULES_SORT",
	9027: "APP_RULES_SORT_FAILED",
	9052: "ROLE_UPDATED",
}

// Edits reports whether the event changed what the app provisions. The numbers between these are reads and failures.
func (e *Event) Edits() bool {
	switch e.Type {
	case EventAppUpdated, EventAPIAppUpdated, EventParameterCreated, EventParameterUpdated, EventParameterDeleted,
		EventRuleCreated, EventRuleUpdated, EventRuleDeleted, EventRulesSorted:
		return true
	}
	return false
}

// Before orders events as the log does: by time, and by id where two have the same.
func (e *Event) Before(other *Event) bool {
	return cmp.Or(e.At.Compare(other.At), CompareIDs(e.ID, other.ID)) < 0
}

// AltersSource reports whether what is read of OneLogin for an app may be other since the event. What an event tells
// of pushes, of jobs and of other apps alone leaves it as it was; whatever else it is, it is taken for a change.
func (e *Event) AltersSource(app string) bool {
	if e.AppID != "" && e.AppID != app && e.RoleID == "" {
		return false
	}
	switch e.Type {
	case 25, 26, 38, EventBrokenConnector, 56, 60, EventTokenRejected, EventLoginsSynced, EventLoginsNotSynced, 121,
		208, 216, 218, 242, 243, 247, 248, 250, 251, 252, EventNotReapplied, EventReapplied, 334:
		return false
	}
	return !e.Pushed() && !e.PushFailed()
}

// AppWide reports whether the event bears on every subject of the app.
func (e *Event) AppWide() bool {
	switch e.Type {
	case EventReapplied, EventEntitlementsRefresh, EventLoginsSynced, EventTokenRejected,
		EventBrokenConnector, 38, 250, 251:
		return true
	}
	return e.Edits()
}
