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

// What events of a type say. An edit changed what the app provisions: the numbers between those are reads and failures.
// Aside is what leaves OneLogin as it was read; pushes do so too. Edits are app-wide. A user is active or inactive from
// then on, and was given a role or the app, or lost it.
const (
	problem = 1 << iota
	pushed
	pushFailed
	edits
	aside
	appWide
	active
	inactive
	given
	taken
)

// eventTypes are the published names of GET /api/1/events/types, as the modelling rules of github.com/demisto/content
// copy them, with what they say. Those of failures from 9017 on, and of 551 and 552, follow the pattern of the list:
// the copy leaves their ends out.
var eventTypes = map[int]struct { //nolint:gochecknoglobals // a constant table
	name string
	says int
}{
	EventAppAddedToRole:      {"APP_ADDED_TO_ROLE", 0},
	EventAppRemovedFromRole:  {"APP_REMOVED_FROM_ROLE", 0},
	4:                        {"USER_ASSIGNED_ROLE", given},
	13:                       {"CREATED_USER", 0},
	EventUpdatedUser:         {"UPDATED_USER", 0},
	EventDeactivatedUser:     {"DEACTIVATED_USER", inactive},
	16:                       {"ACTIVATED_USER", active},
	EventDeletedUser:         {"DELETED_USER", inactive | taken},
	EventSuspendedUser:       {"SUSPENDED_USER", inactive},
	23:                       {"USER_BULK_OPERATION", 0},
	25:                       {"PROVISIONING_EXCEPTION", problem | aside},
	26:                       {"PROVISIONING_EVENT", aside},
	28:                       {"USER_RECENTLY_REMOVED", inactive | taken},
	32:                       {"REACTIVATED_USER", active},
	38:                       {"APP_REACHED_USER_LIMIT", problem | aside | appWide},
	EventBrokenConnector:     {"CONNECTOR_BROKEN", problem | aside | appWide},
	EventCreatedInApp:        {"USER_CREATED_IN_APP", pushed},
	EventUpdatedInApp:        {"USER_UPDATED_IN_APP", pushed},
	EventSuspendedInApp:      {"USER_SUSPENDED_IN_APP", pushed},
	EventReactivatedInApp:    {"USER_REACTIVATED_IN_APP", pushed},
	55:                       {"USER_DELETED_IN_APP", pushed},
	56:                       {"UNMATCHED_USERS", problem | aside},
	EventLinkedInApp:         {"USER_LINKED_IN_APP", pushed},
	60:                       {"PROVISIONING_DEPROVISIONING_MODE_DO_NOTHING_WARNING", problem | aside},
	EventSuspendFailed:       {"USER_FAILED_SUSPENDING_IN_APP", problem | pushFailed},
	EventReactivateFailed:    {"USER_FAILED_REACTIVATING_IN_APP", problem | pushFailed},
	63:                       {"USER_FAILED_DELETING_IN_APP", problem | pushFailed},
	EventCreateFailed:        {"USER_FAILED_CREATING_IN_APP", problem | pushFailed},
	EventUpdateFailed:        {"USER_FAILED_UPDATING_IN_APP", problem | pushFailed},
	EventTokenRejected:       {"APP_COULD_NOT_AUTHENTICATE", problem | aside | appWide},
	EventLoginsSynced:        {"APP_LOGINS_UPDATED", aside | appWide},
	EventLoginsNotSynced:     {"APP_LOGINS_UPDATE_FAILED", problem | aside},
	121:                      {"SCRIPTLET_ERROR", problem | aside},
	EventEntitlementsRefresh: {"ENTITLEMENTS_CACHE_ACTION", appWide},
	125:                      {"ENTITLEMENT_ACTION", 0},
	147:                      {"USER_MANUALLY_ADDED_TO_ROLE", given},
	EventRemovedFromRole:     {"USER_MANUALLY_REMOVED_FROM_ROLE", taken},
	149:                      {"USER_AUTO_ADDED_TO_ROLE", given},
	EventAutoRemoved:         {"USER_AUTO_REMOVED_FROM_ROLE", taken},
	202:                      {"REAPPLIED_MAPPINGS", 0},
	206:                      {"MANUALLY_ADDED_LOGIN", given},
	EventLoginRemoved:        {"MANUALLY_REMOVED_LOGIN", taken},
	208:                      {"RETRIED_PROVISIONING", aside},
	216:                      {"JOB_IN_QUEUE", aside},
	218:                      {"REAPPLIED_MAPPINGS_FAILED", problem | aside},
	242:                      {"JOB_START_FAILED", problem | aside},
	243:                      {"JOB_TERMINATED", problem | aside},
	247:                      {"USER_MAPPINGS_FAILED", problem | aside},
	248:                      {"USER_MAPPINGS_SUCCEEDED", aside},
	250:                      {"PROVISIONING_APP_CONFIG_ERROR", problem | aside | appWide},
	251:                      {"PROVISIONING_APP_THROTTLED", problem | aside | appWide},
	252:                      {"USER_REMOVELOGINS_FAILED", problem | aside},
	EventNotReapplied:        {"ENTITLEMENT_MAPPINGS_FAILED", problem | aside},
	EventReapplied:           {"ENTITLEMENT_MAPPINGS_REAPPLIED", aside | appWide},
	255:                      {"MANUALLY_UPDATED_LOGIN", 0},
	306:                      {"MANUALLY_ADDED_LOGIN_FAILURE", problem},
	334:                      {"USER_NOT_UPDATED_IN_APP", problem | aside},
	513:                      {"API_ADD_ROLES", given},
	EventAPIRemoveRoles:      {"API_REMOVE_ROLES", taken},
	529:                      {"API_UPDATE_USER", 0},
	533:                      {"API_CREATE_USER", 0},
	EventAPISuspendedUser:    {"SUSPENDED_USER_VIA_API", inactive},
	552:                      {"REACTIVATED_USER_VIA_API", active},
	600:                      {"APP_CREATED_BY_USER", 0},
	EventAppUpdated:          {"APP_UPDATED_BY_USER", edits},
	602:                      {"APP_DELETED_BY_USER", 0},
	800:                      {"PARAMETER_CREATED", edits},
	801:                      {"PARAMETER_CREATE_FAILED", 0},
	EventParameterUpdated:    {"PARAMETER_UPDATED", edits},
	803:                      {"PARAMETER_UPDATE_FAILED", 0},
	EventParameterDeleted:    {"PARAMETER_DELETED", edits},
	805:                      {"PARAMETER_DELETE_FAILED", 0},
	1300:                     {"API_APP_CREATED", 0},
	1301:                     {"API_APP_CREATE_FAILED", 0},
	EventAPIAppUpdated:       {"API_APP_UPDATED", edits},
	1303:                     {"API_APP_UPDATE_FAILED", 0},
	1304:                     {"API_APP_DESTROYED", 0},
	1305:                     {"API_APP_DESTROY_FAILED", 0},
	EventRoleCreated:         {"ROLE_CREATED", 0},
	EventRoleDeleted:         {"ROLE_DELETED", 0},
	EventRuleCreated:         {"APP_RULES_CREATE", edits},
	9017:                     {"APP_RULES_CREATE_FAILED", 0},
	EventRuleUpdated:         {"APP_RULES_UPDATE", edits},
	9019:                     {"APP_RULES_UPDATE_FAILED", 0},
	9024:                     {"APP_RULES_DELETE", edits},
	9025:                     {"APP_RULES_DELETE_FAILED", 0},
	EventRulesSorted:         {"APP_RULES_SORT", edits},
	9027:                     {"APP_RULES_SORT_FAILED", 0},
	EventRoleUpdated:         {"ROLE_UPDATED", 0},
}

func (e *Event) says(what int) bool { return eventTypes[e.Type].says&what != 0 }

// TypeName is what the event's type is called by the published list, else by its number.
func (e *Event) TypeName() string {
	return cmp.Or(eventTypes[e.Type].name, fmt.Sprintf("event %d", e.Type))
}

// Problem reports whether the event says that something failed or stands still: what an operator looks for first.
func (e *Event) Problem() bool { return e.says(problem) }

// Pushed reports whether the event says that a push to an app worked.
func (e *Event) Pushed() bool { return e.says(pushed) }

// PushFailed reports whether the event says that a push of a user to an app failed.
func (e *Event) PushFailed() bool { return e.says(pushFailed) }

// Activates is what the event says of a user's being active at OneLogin from then on.
func (e *Event) Activates() Tri { return e.between(active, inactive) }

// Assigns is what the event says of a user's having a role, or the app, from then on.
func (e *Event) Assigns() Tri { return e.between(given, taken) }

func (e *Event) between(yes, no int) Tri {
	switch {
	case e.says(yes):
		return Yes
	case e.says(no):
		return No
	}
	return Unsaid
}

// Edits reports whether the event changed what the app provisions.
func (e *Event) Edits() bool { return e.says(edits) }

// AppWide reports whether the event bears on every subject of the app.
func (e *Event) AppWide() bool { return e.says(appWide | edits) }

// AltersSource reports whether what is read of OneLogin for an app may be other since the event. What an event tells
// of pushes, of jobs and of other apps alone leaves it as it was; whatever else it is, it is taken for a change.
func (e *Event) AltersSource(app string) bool {
	return (e.Of(app) || e.RoleID != "") && !e.says(aside|pushed|pushFailed)
}

// Of reports whether the event is the app's own or names none: edits of rules and parameters do not always say.
func (e *Event) Of(app string) bool { return e.AppID == "" || e.AppID == app }

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
