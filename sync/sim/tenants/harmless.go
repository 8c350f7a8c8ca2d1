package tenants

import (
	"math/rand/v2"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// addHarmless adds what real tenants have and no comparison may report.
func addHarmless(t *Tenant, r *rand.Rand) {
	each := min(max(len(t.people)/200, 1), 10)
	for range each {
		for _, status := range []int{
			statusUnactivated, statusLocked, statusPasswordExpired, statusAwaitingReset,
			statusPasswordPending, statusQuestions,
		} {
			t.unusualStatus(r, status)
		}
		if p := t.addSuspendedUser(r, world.EventDeleted); p != nil {
			t.removeFromTarget(p)
		}
		if p := t.addSuspendedUser(r, world.EventSuspended); p != nil {
			p.target.Active = false
		}
		if p := t.claimPerson(r, (*person).isUntouched); p != nil { // unlicensed, and inactive at the target
			p.user.State, p.target.Active = stateUnlicensed, false
			p.login.Status, p.login.State = disabled, disabled
		}
		// They pair, though SAML sign-in will ask for the exact form.
		if p := t.claimPerson(r, (*person).isUntouched); p != nil {
			p.target.UserName = strings.ToUpper(p.target.UserName[:1]) + p.target.UserName[1:]
		}
		if p := t.claimPerson(r, (*person).isUntouched); p != nil {
			p.target.DisplayName = strings.ToUpper(p.target.DisplayName) + " "
		}
	}
	if m := t.claimTeam(r, false); m != nil { // a group in other case
		delete(t.app().Entitlements, m.group.DisplayName)
		m.group.DisplayName = strings.ToUpper(m.group.DisplayName)
		t.app().Entitlements[m.group.DisplayName] = m.group.ID
	}
	if m := t.claimTeam(r, false); m != nil { // a role with a space behind it
		m.rename(m.role.Name + " ")
	}
	t.emptyRole("aws-newcomers-readonly", true)
	t.emptyRole("aws-oncall-backup", false)
	t.cleanedUpRole(r)
	t.disabledRule()
}

// unusualStatus is active all the same: only suspended users are not.
func (t *Tenant) unusualStatus(r *rand.Rand, status int) {
	p := t.claimPerson(r, (*person).isUntouched)
	if p == nil {
		return
	}
	p.user.Status = status
	if status == statusLocked {
		t.log(t.userEvent(world.EventUserLocked, t.daysAgo(r, 1), p.user))
	}
}

// addSuspendedUser adds somebody who is properly so: the push went through, of the kind given.
func (t *Tenant) addSuspendedUser(r *rand.Rand, push int) *person {
	p := t.claimPerson(r, (*person).isUntouched)
	if p == nil {
		return nil
	}
	at := t.daysAgo(r, 12)
	p.user.Status, p.user.UpdatedAt = statusSuspended, at
	p.login.Status, p.login.State = disabled, disabled
	p.target.Modified = at
	t.log(t.byAdmin(r, t.userEvent(world.EventUserSuspended, at, p.user)))
	t.logPush(p, push, at)
	return p
}

// emptyRole allows its group without anybody who would make it expected: there or not, it is in sync.
func (t *Tenant) emptyRole(name string, withGroup bool) {
	m := &team{role: t.addRole(t.uniqueName(name), 0), claims: claimedWhole}
	if withGroup {
		m.group = t.pushGroup(m, false)
	}
	t.teams = append(t.teams, m)
}

// cleanedUpRole was deleted and so was its group, as it should be.
func (t *Tenant) cleanedUpRole(r *rand.Rand) {
	e := t.event(world.EventRoleDeleted, t.daysAgo(r, 33))
	e.RoleID, e.RoleName = t.World.NextID(), t.uniqueName("aws-proof-of-concept")
	t.log(t.byAdmin(r, e))
}

func (t *Tenant) disabledRule() {
	rule := t.literalRule("Contractors 2022 (off)", t.uniqueName("aws-contractors-2022"), t.portal.ID)
	t.app().Rules = append(t.app().Rules, rule)
}

// addBystanders adds what is in the tenant and none of provisioning's business: people without the app, other apps and
// the roles that grant them.
func (t *Tenant) addBystanders(r *rand.Rand, users int) {
	n := min(max(users/20, 2), 200)
	outsiders := make([]*world.User, 0, n)
	for range n {
		outsiders = append(outsiders, t.newUser(r, t.longAgo(r)))
	}
	for i, name := range []string{"Zoom", "Payroll"} {
		app := &world.App{
			ID: t.World.NextID(), Name: name, ConnectorID: int64(200_000 + i), Direct: map[int64]bool{},
			Entitlements: map[string]string{},
			CreatedAt:    t.now.AddDate(-2, 0, 0), UpdatedAt: t.now.AddDate(-1, 0, 0),
		}
		t.World.Source.Apps[app.ID] = app
		role := t.addRole(name+" users", 0)
		role.Apps = map[int64]bool{app.ID: true}
		for _, u := range append(outsiders[:2:2], t.people[0].user) {
			role.Users[u.ID] = true
			t.World.Source.Logins[world.LoginKey{App: app.ID, User: u.ID}] = &world.Login{
				ID: t.World.NextID(), Status: disabled, State: "unknown",
			}
		}
	}
}
