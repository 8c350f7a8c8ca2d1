package tenants

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func (t *Tenant) event(kind int, at time.Time) world.Event {
	return world.Event{At: at, Type: kind}
}

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

// ofApp adds the app to a line, ofRole a role.
func (t *Tenant) ofApp(e world.Event) world.Event {
	e.AppID, e.AppName = t.AppID, appName
	return e
}

func ofRole(role *world.Role, e world.Event) world.Event {
	e.RoleID, e.RoleName = role.ID, role.Name
	return e
}

// pushed logs that provisioning did something for the person.
func (t *Tenant) pushed(p *person, kind int, at time.Time) { t.pushFailed(p, kind, at, "") }

// pushFailed logs that provisioning tried something for the person and what the target answered.
func (t *Tenant) pushFailed(p *person, kind int, at time.Time, answer string) {
	e := t.ofApp(t.about(kind, at.Add(time.Minute), p.user))
	e.ErrorDescription = answer
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
