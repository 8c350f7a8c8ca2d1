package engine

import "github.com/scimdrift/scimdrift/sync/sim/world"

// Event types that provisioning leaves in the tenant's log (OneLogin's /api/1/events/types).
const (
	eventCreated         = 51
	eventUpdated         = 52
	eventSuspended       = 53
	eventReactivated     = 54
	eventDeleted         = 55
	eventUnmatched       = 56
	eventLinked          = 59
	eventDoNothing       = 60
	eventSuspendFailed   = 61
	eventReactivateFail  = 62
	eventDeleteFailed    = 63
	eventCreateFailed    = 64
	eventUpdateFailed    = 65
	eventNoAuth          = 85
	eventLoginsUpdated   = 110
	eventLoginsFailed    = 111
	eventCacheAction     = 124
	eventEntitlement     = 125
	eventAutoAdded       = 149
	eventRetried         = 208
	eventJobInQueue      = 216
	eventMappingsDone    = 248
	eventThrottled       = 251
	eventReapplyFailed   = 253
	eventReapplied       = 254
	eventNothingToUpdate = 334
)

// event puts an event at the end of the log, with the names that belong to its ids. The world must be locked.
func (e *Engine) event(ev world.Event) {
	src := &e.w.Source
	ev.ID, ev.At = e.w.NextID(), e.w.Now()
	if a := src.Apps[ev.AppID]; a != nil {
		ev.AppName = a.Name
	}
	if u := src.Users[ev.UserID]; u != nil && ev.UserName == "" {
		ev.UserName = u.FirstName + " " + u.LastName
	}
	src.Events = append(src.Events, ev)
}

// say is event for callers that do not hold the lock.
func (e *Engine) say(ev world.Event) {
	e.w.Lock()
	defer e.w.Unlock()
	e.event(ev)
}
