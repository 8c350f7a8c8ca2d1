package tenants

import (
	"math/rand/v2"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

type team struct {
	role    *world.Role
	group   *world.TargetGroup // nil: not at the target
	members []*person          // of the role
	claims  teamClaim
}

// teamClaim says which bends have changed a team already.
type teamClaim uint8

const (
	// claimedWhole: the group itself is gone, renamed or claimed twice, so that its memberships must stay as they are.
	claimedWhole teamClaim = 1 << iota
	claimedLosing
	claimedGaining
)

func (t *Tenant) addTeams(r *rand.Rand, n int, s *Scenario) {
	t.teams = make([]*team, 0, n+8)
	each := groupsPerPerson(n)
	for _, p := range t.people {
		p.login.Groups = make([]string, 0, each+each/2)
	}
	for i, name := range t.teamNames(r, n) {
		size := t.teamSize(r, n)
		m := &team{role: t.addRole(name, size), members: make([]*person, 0, size)}
		t.addMembers(r, m, size)
		if s.hasPushed("groups") {
			m.group = t.pushGroup(m, i%3 < s.RoleIDs)
		}
		t.teams = append(t.teams, m)
	}
}

// teamSize spreads sizes around a mean at which a person is in two to ten groups: 500 members each for 100,000 users
// and 2,000 groups.
func (t *Tenant) teamSize(r *rand.Rand, teams int) int {
	mean := len(t.people) * groupsPerPerson(teams) / teams
	return min(len(t.people), max(3, mean/2+r.IntN(mean+1)))
}

func groupsPerPerson(teams int) int { return min(max(teams/6, 2), 10) }

func (t *Tenant) addRole(name string, size int) *world.Role {
	role := &world.Role{
		ID: t.World.NextID(), Name: name, Users: make(map[int64]bool, size), Apps: map[int64]bool{t.AppID: true},
	}
	t.World.Source.Roles[role.ID] = role
	return role
}

// addMembers walks the people in steps that share no factor with their number, so that nobody is met twice.
func (t *Tenant) addMembers(r *rand.Rand, m *team, size int) {
	n := len(t.people)
	at, step := r.IntN(n), 1+r.IntN(n)
	for gcd(step, n) != 1 {
		step++
	}
	for range size {
		t.join(m, t.people[at])
		at = (at + step) % n
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (t *Tenant) join(m *team, p *person) {
	m.members = append(m.members, p)
	m.role.Users[p.user.ID] = true
	p.login.Groups = append(p.login.Groups, m.role.Name)
	p.teams++
}

func (t *Tenant) pushGroup(m *team, withRoleID bool) *world.TargetGroup {
	g := t.newGroup(m.role.Name, "scim", len(m.members))
	if withRoleID {
		g.ExternalID = decimal(m.role.ID)
	}
	for _, p := range m.members {
		if p.target != nil {
			g.Members[p.target.ID] = true
		}
	}
	t.app().Entitlements[g.DisplayName] = g.ID
	return g
}

func (t *Tenant) newGroup(name, createdBy string, size int) *world.TargetGroup {
	made := t.now.AddDate(-1, 0, 0)
	g := &world.TargetGroup{
		ID: t.World.NewUUID(), DisplayName: name, Members: make(map[string]bool, size),
		CreatedBy: createdBy, Created: made, Modified: made, Revision: 1,
	}
	t.World.Target.AddGroup(g)
	return g
}

// addPortal gives the app to nearly everybody through a role that becomes no group, as a portal role does, and makes
// sure that everybody has it in some way.
func (t *Tenant) addPortal(r *rand.Rand) {
	t.portal = t.addRole("Cloud portal access", len(t.people))
	for _, p := range t.people {
		switch chance := r.IntN(20); {
		case chance == 0:
			t.app().Direct[p.user.ID] = true
			p.keepsApp = true
		case chance < 17 || p.teams == 0:
			t.portal.Users[p.user.ID] = true
			p.keepsApp = true
		}
	}
}

func (m *team) pickMembers(r *rand.Rand, k int, fits func(*person) bool) []*person {
	if len(m.members) == 0 {
		return nil
	}
	var chosen []*person
	start := r.IntN(len(m.members))
	for i := range m.members {
		if p := m.members[(start+i)%len(m.members)]; len(chosen) < k && fits(p) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// pinOne keeps one member as they are, so that the group stays expected whatever is bent later; false if there is none.
func (m *team) pinOne(r *rand.Rand, not []*person) bool {
	for _, p := range m.pickMembers(r, len(not)+1, (*person).canBeNamed) {
		if !slices.Contains(not, p) {
			p.pinned = true
			return true
		}
	}
	return false
}

// rename gives the role another name and lets the logins follow, as after an evaluation.
func (m *team) rename(name string) {
	for _, p := range m.members {
		for i, group := range p.login.Groups {
			if group == m.role.Name {
				p.login.Groups[i] = name
			}
		}
	}
	m.role.Name = name
}

// leave takes somebody out of the role; the target is not told.
func (m *team) leave(p *person) {
	delete(m.role.Users, p.user.ID)
	m.members = slices.DeleteFunc(m.members, func(q *person) bool { return q == p })
	p.login.Groups = slices.DeleteFunc(p.login.Groups, func(g string) bool { return g == m.role.Name })
	p.teams--
}
