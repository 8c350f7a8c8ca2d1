package tenants

import (
	"math/rand/v2"
	"time"
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
func (t *Tenant) addHistory(r *rand.Rand, b base) {
	if !b.fresh { // else nobody has pressed anything yet
		t.addPresses(r)
	}
	t.addPersonalHistory(r)
	t.addRoleHistory(r)
	t.addNoise()
}

// addPresses writes when somebody edited the app and pressed its buttons.
func (t *Tenant) addPresses(r *rand.Rand) {
	e := t.event(evAppUpdated, t.daysAgo(r, 40))
	e.AppID, e.AppName = t.AppID, appName
	t.log(t.by(r, e))
	for _, days := range []int{39, 20, reappliedDaysAgo} {
		reapplied := t.event(evMappingsReapplied, t.daysAgo(r, days))
		reapplied.AppID, reapplied.AppName = t.AppID, appName
		t.log(t.by(r, reapplied))
	}
	refreshed := t.event(evEntitlementsCache, t.daysAgo(r, 39))
	refreshed.AppID, refreshed.AppName = t.AppID, appName
	t.log(t.by(r, refreshed))
}

func (t *Tenant) addPersonalHistory(r *rand.Rand) {
	for _, p := range t.people[:min(historyOf, len(t.people))] {
		if !p.free() {
			continue
		}
		t.log(t.by(r, t.about(evUserCreated, p.user.CreatedAt, p.user)))
		t.pushed(p, evUserCreatedInApp, p.user.CreatedAt)
		if r.IntN(3) == 0 {
			t.log(t.by(r, t.about(evUserUpdated, p.user.UpdatedAt, p.user)))
			t.pushed(p, evUserUpdatedInApp, p.user.UpdatedAt)
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

// logRole tells that the role was made and given the app.
func (t *Tenant) logRole(r *rand.Rand, m *team, at time.Time) {
	created, granted := t.event(evRoleCreated, at), t.event(evAppAddedToRole, at.Add(time.Minute))
	created.RoleID, created.RoleName = m.role.ID, m.role.Name
	granted.RoleID, granted.RoleName, granted.AppID, granted.AppName = m.role.ID, m.role.Name, t.AppID, appName
	t.log(t.by(r, created))
	t.log(t.by(r, granted))
}

// addNoise is what an API client leaves behind by reading: lines with its own client id, which it must not take for
// somebody else's doing.
func (t *Tenant) addNoise() {
	for i, kind := range []int{evAPIToken, evAPIIndex, evAPIShow, evAPIIndex, evRulesListed, evAPIResponse, evAPIIndex, evAPIShow} {
		e := t.event(kind, t.now.Add(-2*time.Hour+time.Duration(i)*time.Second))
		e.ClientID = t.Connection.ClientID
		t.log(e)
	}
}
