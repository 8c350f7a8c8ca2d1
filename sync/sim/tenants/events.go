package tenants

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Event types, as listed by GET /api/1/events/types
// (https://developers.onelogin.com/api-docs/1/events/event-resource). That 9052 is the update of a role is read from
// the order of the published names.
const (
	evAppAddedToRole       = 1
	evAppRemovedFromRole   = 2
	evUserCreated          = 13
	evUserUpdated          = 14
	evUserDeleted          = 17
	evUserLocked           = 19
	evUserSuspended        = 21
	evUserReactivated      = 32
	evUserCreatedInApp     = 51
	evUserUpdatedInApp     = 52
	evUserSuspendedInApp   = 53
	evUserDeletedInApp     = 55
	evUserReactivateFailed = 62
	evUserCreateFailed     = 64
	evUserUpdateFailed     = 65
	evEntitlementsCache    = 124
	evUserAddedToRole      = 147
	evUserRemovedFromRole  = 148
	evMappingsReapplied    = 254
	evAPIIndex             = 501
	evAPIShow              = 502
	evAPIResponse          = 503
	evAPIToken             = 515
	evAppUpdated           = 601
	evRoleCreated          = 1801
	evRoleDeleted          = 1802
	evRulesListed          = 9014
	evRoleUpdated          = 9052
)

// event begins a line of the log.
func (t *Tenant) event(kind int, at time.Time) world.Event {
	return world.Event{At: at, Type: kind}
}

// about begins a line about a user.
func (t *Tenant) about(kind int, at time.Time, u *world.User) world.Event {
	e := t.event(kind, at)
	e.UserID, e.UserName = u.ID, strings.TrimSpace(displayName(u))
	return e
}

// by names an administrator as the actor.
func (t *Tenant) by(r *rand.Rand, e world.Event) world.Event {
	admin := choose(r, t.admins).user
	e.ActorUserID, e.ActorUserName = admin.ID, admin.Email
	return e
}

// pushed logs that provisioning did something for the person.
func (t *Tenant) pushed(p *person, kind int, at time.Time) {
	e := t.about(kind, at.Add(time.Minute), p.user)
	e.AppID, e.AppName = t.AppID, appName
	t.log(e)
}

// pushFailed logs that provisioning tried something for the person and what the target answered.
func (t *Tenant) pushFailed(p *person, kind int, at time.Time, answer string) {
	e := t.about(kind, at.Add(time.Minute), p.user)
	e.AppID, e.AppName, e.ErrorDescription = t.AppID, appName, answer
	t.log(e)
}

// log adds a line; settle puts it in its place and numbers it.
func (t *Tenant) log(e world.Event) {
	t.World.Source.Events = append(t.World.Source.Events, e)
}

// settle orders the log by time and numbers what is new, so that ids rise with time within one Build.
func (t *Tenant) settle() {
	events := t.World.Source.Events
	slices.SortStableFunc(events, func(a, b world.Event) int { return a.At.Compare(b.At) })
	for i := range events {
		if events[i].ID == 0 {
			events[i].ID = t.World.NextID()
		}
	}
}
