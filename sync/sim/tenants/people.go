package tenants

import (
	"cmp"
	_ "embed"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

type person struct {
	user   *world.User
	target *world.TargetUser // nil: not at the target
	login  *world.Login
	// keepsApp: the app does not hang on a team role alone, so that leaving one does not unassign this person.
	keepsApp bool
	teams    int
	// claimed: a bend or an oddity has changed this person, and a second one would blur what the first one says.
	claimed bool
	// pinned: a group's finding names or needs this person, who must therefore stay as they are.
	pinned bool
}

// isUntouched says that the person is active and equal on both sides, and nobody has plans.
func (p *person) isUntouched() bool { return p.isSynced() && !p.claimed && !p.pinned }

// canBeNamed says that the person may be named in a group's finding; several may name the same person.
func (p *person) canBeNamed() bool { return p.isSynced() && !p.claimed }

func (p *person) isSynced() bool { return p.user.Active() && p.target != nil && p.target.Active }

// The numbers of https://developers.onelogin.com/api-docs/2/users/user-resource.
const (
	stateApproved   = 1
	stateUnlicensed = 3

	statusUnactivated     = 0
	statusActive          = 1
	statusSuspended       = 2
	statusLocked          = 3
	statusPasswordExpired = 4
	statusAwaitingReset   = 5
	statusPasswordPending = 7
	statusQuestions       = 8
)

// fewPeople is a number at which nobody can be spared.
const fewPeople = 20

func (t *Tenant) addPeople(r *rand.Rand, n int, s *Scenario) {
	t.people = make([]*person, 0, n+8)
	for range n {
		p := &person{user: t.newUser(r, t.longAgo(r))}
		if s.hasPushed("users") {
			p.target = t.push(r, p.user)
		}
		p.login = t.addLogin(p, s)
		t.people = append(t.people, p)
	}
	t.admins = t.people[:min(3, len(t.people))]
	if len(t.people) >= fewPeople {
		for _, p := range t.admins {
			p.claimed = true // Who deletes roles all month should not be suspended in the same story.
		}
	}
}

// newUser adds an active user to the source, without the app.
func (t *Tenant) newUser(r *rand.Rand, created time.Time) *world.User {
	given, family, mail := t.newIdentity(r)
	u := &world.User{
		ID: t.World.NextID(), Username: strings.TrimSuffix(mail, "@"+domain), Email: mail, FirstName: given,
		LastName: family, Department: choose(r, t.departments), Company: "Corp Example", State: stateApproved,
		Status: statusActive, CreatedAt: created, UpdatedAt: created.Add(time.Duration(r.IntN(20*24)) * time.Hour),
	}
	if r.IntN(2) == 0 {
		u.ExternalID = "E" + decimal(40_000_000+u.ID) // A personnel number: never equal to anybody's OneLogin id.
	}
	t.World.Source.Users[u.ID] = u
	return u
}

// push creates the user at the target as OneLogin would have. One in ten carries no external id, like users who were
// there before provisioning was switched on.
func (t *Tenant) push(r *rand.Rand, u *world.User) *world.TargetUser {
	target := &world.TargetUser{
		ID: t.World.NewUUID(), ExternalID: cmp.Or(u.ExternalID, decimal(u.ID)), UserName: u.Email,
		DisplayName: displayName(u),
		GivenName:   u.FirstName, FamilyName: u.LastName, Email: u.Email, EmailType: "work", Active: true,
		CreatedBy: "scim", Created: u.CreatedAt.Add(time.Minute), Modified: u.UpdatedAt.Add(time.Minute), Revision: 1,
	}
	if r.IntN(10) == 0 {
		target.ExternalID = ""
	}
	t.World.Target.AddUser(target)
	return target
}

// Words of a login's provisioning status and state
// (https://developers.onelogin.com/api-docs/2/users/get-user-apps).
const (
	provisioned     = "provisioned"
	modifyingFailed = "modifying_failed"
	disabled        = "disabled"
)

// addLogin makes the user-app pair in the state that fits what is at the target.
func (t *Tenant) addLogin(p *person, s *Scenario) *world.Login {
	l := &world.Login{ID: t.World.NextID(), Status: "enabled", State: provisioned}
	switch {
	case p.target != nil:
		l.RemoteID = p.target.ID
	case s.Approval:
		l.Status, l.State, l.Pending = "enabling_pending_approval", "provisioning_pending_approval", "create"
	default:
		l.Status, l.State = "enabling", "nonexistent"
	}
	t.World.Source.Logins[world.LoginKey{App: t.AppID, User: p.user.ID}] = l
	return l
}

// longAgo is before anything that the stories tell of, which happens in the last five weeks.
func (t *Tenant) longAgo(r *rand.Rand) time.Time {
	return t.now.Add(-time.Duration(60*24+r.IntN(800*24))*time.Hour - time.Duration(r.IntN(3600))*time.Second)
}

// daysAgo is in the working hours of the day so many days back, at least one.
func (t *Tenant) daysAgo(r *rand.Rand, days int) time.Time {
	morning := t.now.Truncate(24*time.Hour).AddDate(0, 0, -days).Add(8 * time.Hour)
	return morning.Add(time.Duration(r.IntN(9*3600)) * time.Second)
}

func (t *Tenant) removeFromTarget(p *person) {
	t.World.Target.RemoveUser(p.target.ID)
	p.target = nil
	p.login.RemoteID = ""
}

func decimal(id int64) string { return strconv.FormatInt(id, 10) }

func choose[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// pick finds one that fits, looking from a random place onwards; nil if there is none.
func pick[T any](r *rand.Rand, from []*T, fits func(*T) bool) *T {
	if len(from) == 0 {
		return nil
	}
	start := r.IntN(len(from))
	for i := range from {
		if one := from[(start+i)%len(from)]; fits(one) {
			return one
		}
	}
	return nil
}
