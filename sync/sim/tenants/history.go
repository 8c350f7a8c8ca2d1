package tenants

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// historyOf bounds how many people and roles have a written past: OneLogin answers events fifty at a time
// (https://developers.onelogin.com/api-docs/1/events/get-events), and a longer log would eat the hourly call budget of
// everybody who reads a simulated tenant in full.
const historyOf = 150

// reappliedDaysAgo is the last reapply. What the stories change at the source comes later, or it would have been pushed
// by then; what they change in the set-up comes earlier, or a reapply would be due.
const reappliedDaysAgo = 6

// addHistory writes the past that any tenant has. It comes last and leaves out everybody whom a bend has changed, so
// that it contradicts nothing.
func (t *Tenant) addHistory(r *rand.Rand, s *Scenario) {
	if !s.Fresh { // else nobody has pressed anything yet
		t.addPresses(r)
	}
	t.addPersonalHistory(r)
	t.addRoleHistory(r)
	t.addNoise()
}

func (t *Tenant) addPresses(r *rand.Rand) {
	press := func(kind, days int) { t.log(t.byAdmin(r, t.ofApp(t.event(kind, t.daysAgo(r, days))))) }
	press(world.EventAppUpdated, 40)
	for _, days := range []int{39, 20, reappliedDaysAgo} {
		press(world.EventReapplied, days)
	}
	press(world.EventCacheAction, 39)
}

func (t *Tenant) addPersonalHistory(r *rand.Rand) {
	for _, p := range t.people[:min(historyOf, len(t.people))] {
		if !p.isUntouched() {
			continue
		}
		t.log(t.byAdmin(r, t.userEvent(world.EventUserCreated, p.user.CreatedAt, p.user)))
		t.logPush(p, world.EventCreated, p.user.CreatedAt)
		if r.IntN(3) == 0 {
			t.log(t.byAdmin(r, t.userEvent(world.EventUserUpdated, p.user.UpdatedAt, p.user)))
			t.logPush(p, world.EventUpdated, p.user.UpdatedAt)
		}
	}
}

func (t *Tenant) addRoleHistory(r *rand.Rand) {
	for _, m := range t.teams[:min(historyOf, len(t.teams))] {
		if m.claims != 0 {
			continue
		}
		t.logRole(r, m, t.longAgo(r))
	}
}

func (t *Tenant) logRole(r *rand.Rand, m *team, at time.Time) {
	t.log(t.byAdmin(r, ofRole(m.role, t.event(world.EventRoleCreated, at))))
	t.log(t.byAdmin(r, ofRole(m.role, t.ofApp(t.event(world.EventAppAddedToRole, at.Add(time.Minute))))))
}

// addNoise is what an API client leaves behind by reading: lines with its own client id, which it must not take for
// somebody else's doing.
func (t *Tenant) addNoise() {
	for i, kind := range []int{
		world.EventAPIToken, world.EventAPIIndex, world.EventAPIShow, world.EventAPIIndex,
		world.EventAPIRulesListed, world.EventAPIOther, world.EventAPIIndex, world.EventAPIShow,
	} {
		e := t.event(kind, t.now.Add(-2*time.Hour+time.Duration(i)*time.Second))
		e.ClientID = t.World.Source.Credentials[0].ClientID
		t.log(e)
	}
}

func (t *Tenant) event(kind int, at time.Time) world.Event {
	return world.Event{At: at, Type: kind}
}

func (t *Tenant) userEvent(kind int, at time.Time, u *world.User) world.Event {
	e := t.event(kind, at)
	e.UserID, e.UserName = u.ID, strings.TrimSpace(displayName(u))
	return e
}

// byAdmin names an administrator as the actor.
func (t *Tenant) byAdmin(r *rand.Rand, e world.Event) world.Event {
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

// logPush logs that provisioning did something for the person.
func (t *Tenant) logPush(p *person, kind int, at time.Time) { t.logPushFailure(p, kind, at, "") }

// logPushFailure logs that provisioning tried something for the person and what the target answered.
func (t *Tenant) logPushFailure(p *person, kind int, at time.Time, answer string) {
	e := t.ofApp(t.userEvent(kind, at.Add(time.Minute), p.user))
	e.ErrorDescription = answer
	t.log(e)
}

// log adds a line; orderEvents puts it in its place and numbers it.
func (t *Tenant) log(e world.Event) {
	t.World.Source.Events = append(t.World.Source.Events, e)
}

// orderEvents orders the log by time and numbers what is new, so that ids rise with time within one Build.
func (t *Tenant) orderEvents() {
	events := t.World.Source.Events
	slices.SortStableFunc(events, func(a, b world.Event) int { return a.At.Compare(b.At) })
	for i := range events {
		if events[i].ID == 0 {
			events[i].ID = t.World.NextID()
		}
	}
}
