package world

// Event types, as listed by GET /api/1/events/types
// (https://developers.onelogin.com/api-docs/1/events/event-resource). That 9052 is the update of a role is read from
// the order of the published names.
const (
	EventAppAddedToRole      = 1
	EventAppRemovedFromRole  = 2
	EventUserCreated         = 13
	EventUserUpdated         = 14
	EventUserDeleted         = 17
	EventUserLocked          = 19
	EventUserSuspended       = 21
	EventUserReactivated     = 32
	EventUserAddedToRole     = 147
	EventUserRemovedFromRole = 148
	EventMappingsDone        = 248
	EventRoleCreated         = 1801
	EventRoleDeleted         = 1802
	EventRoleUpdated         = 9052
	EventAppUpdated          = 601 // as saving an app's page in the console leaves it

	// What provisioning did to a user in an app.

	EventCreated          = 51
	EventUpdated          = 52
	EventSuspended        = 53
	EventReactivated      = 54
	EventDeleted          = 55
	EventUnmatched        = 56
	EventLinked           = 59
	EventSuspendFailed    = 61
	EventReactivateFailed = 62
	EventCreateFailed     = 64
	EventUpdateFailed     = 65
	EventNothingToUpdate  = 334

	// What provisioning did to an app.

	EventNoAuth        = 85
	EventLoginsUpdated = 110
	EventLoginsFailed  = 111
	EventCacheAction   = 124
	EventEntitlement   = 125
	EventRetried       = 208
	EventJobInQueue    = 216
	EventThrottled     = 251
	EventReapplyFailed = 253
	EventReapplied     = 254

	// What API calls leave of themselves.

	EventAPIBadRequest   = 400
	EventAPIUnauthorized = 401
	EventAPIIndex        = 501
	EventAPIShow         = 502
	EventAPIOther        = 503
	EventAPIToken        = 515
	EventAPITokenRefused = 522
	EventAPIUserUpdated  = 529
	EventAPIUserRefused  = 532
	EventAPIRulesListed  = 9014
)
