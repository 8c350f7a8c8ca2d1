package tenants

import (
	"math/rand/v2"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func membersMissing(*Tenant, *rand.Rand, []*person) Finding { return Finding{} }

func membersFailed(t *Tenant, r *rand.Rand, gone []*person) Finding {
	at := t.daysAgo(r, 1+r.IntN(3))
	for _, p := range gone {
		p.login.State = modifyingFailed
		t.logPushFailure(p, world.EventUpdateFailed, at, internalError)
	}
	return Finding{Cause: pushFailure}
}

// membersOverHundred is a push of more than the 100 changes that AWS takes in one request
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/patchgroup.html). The answer does not say so, hence
// no plain cause.
func membersOverHundred(t *Tenant, r *rand.Rand, gone []*person) Finding {
	t.logPushFailure(gone[0], world.EventUpdateFailed, t.daysAgo(r, 2), refusedSchema)
	return Finding{}
}

// dropMembers takes so many members out of the group at the target while they keep the role. Somebody else stays in it,
// so that the group is not emptied.
func dropMembers(
	least, most int, change func(*Tenant, *rand.Rand, []*person) Finding,
) func(*Tenant, *rand.Rand) *Finding {
	return func(t *Tenant, r *rand.Rand) *Finding {
		n := least + r.IntN(most-least+1)
		var gone []*person
		m := pick(r, t.teams, func(m *team) bool {
			if m.group == nil || m.claims&(claimedWhole|claimedLosing) != 0 || len(m.members) <= n {
				return false
			}
			gone = m.pickMembers(r, n+1, func(p *person) bool {
				return p.canBeNamed() && p.login.State == provisioned && m.group.Members[p.target.ID]
			})
			return len(gone) == n+1
		})
		if m == nil {
			return nil
		}
		m.claims |= claimedLosing
		gone = gone[:n]
		for _, p := range gone {
			p.pinned = true
			delete(m.group.Members, p.target.ID)
		}
		f := change(t, r, gone)
		f.Members = userEmails(gone)
		return f.forTeam(m)
	}
}

// membersRemovedAtSource takes people out of the role whom the target keeps in the group. They have the app by another
// way, or they would linger as users, and the role keeps an active member, or the group would no longer be expected.
func membersRemovedAtSource(t *Tenant, r *rand.Rand) *Finding {
	fits := func(p *person) bool { return p.canBeNamed() && p.keepsApp }
	m := pick(r, t.teams, func(m *team) bool {
		return m.group != nil && m.claims&(claimedWhole|claimedGaining|claimedLosing) == 0 && len(m.pickMembers(r, 3,
			fits)) == 3
	})
	if m == nil {
		return nil
	}
	removed := m.pickMembers(r, 1+r.IntN(2), fits)
	if !m.pinOne(r, removed) {
		return nil
	}
	m.claims |= claimedGaining
	at := t.daysAgo(r, 1+r.IntN(4))
	for _, p := range removed {
		p.pinned = true
		m.leave(p)
		t.log(t.byAdmin(r, ofRole(m.role, t.userEvent(world.EventUserRemovedFromRole, at, p.user))))
	}
	return Finding{Cause: "source-removed", Members: userEmails(removed)}.forTeam(m)
}

// membersAddedAtTarget lets people into the group who never had the role.
func membersAddedAtTarget(t *Tenant, r *rand.Rand) *Finding {
	m := pick(r, t.teams, func(m *team) bool {
		return m.group != nil && m.claims&(claimedWhole|claimedGaining) == 0 && len(m.pickMembers(r, 1,
			(*person).canBeNamed)) == 1
	})
	if m == nil {
		return nil
	}
	var added []*person
	for range 1 + r.IntN(2) {
		p := pick(r, t.people, func(p *person) bool {
			return p.canBeNamed() && !m.role.Users[p.user.ID] && !m.group.Members[p.target.ID]
		})
		if p == nil {
			break
		}
		p.pinned = true
		m.group.Members[p.target.ID] = true
		added = append(added, p)
	}
	if len(added) == 0 || !m.pinOne(r, nil) {
		return nil
	}
	m.claims |= claimedGaining
	m.group.Modified = t.daysAgo(r, 1+r.IntN(20))
	return Finding{Members: userEmails(added)}.forTeam(m)
}

// userEmails are the userNames of plain people, which are equal on both sides.
func userEmails(people []*person) []string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.user.Email
	}
	return names
}
