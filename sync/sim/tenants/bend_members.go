package tenants

import "math/rand/v2"

func membersMissing(t *Tenant, r *rand.Rand) bool {
	m, gone := t.dropped(r, 1+r.IntN(3))
	if m == nil {
		return false
	}
	f := onTeam("members-missing", "high", m)
	f.Members = mails(gone)
	t.found(f)
	return true
}

func membersFailed(t *Tenant, r *rand.Rand) bool {
	m, gone := t.dropped(r, 1+r.IntN(3))
	if m == nil {
		return false
	}
	at := t.daysAgo(r, 1+r.IntN(3))
	for _, p := range gone {
		p.login.State = modifyingFailed
		t.pushFailed(p, evUserUpdateFailed, at, internalError)
	}
	f := onTeam("members-missing", "high", m)
	f.Cause, f.Members = pushFailure, mails(gone)
	t.found(f)
	return true
}

// membersOverHundred is a push of more than the 100 changes that AWS takes in one request
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/patchgroup.html). The answer does not say so, hence
// no plain cause.
func membersOverHundred(t *Tenant, r *rand.Rand) bool {
	m, gone := t.dropped(r, 101)
	if m == nil {
		return false
	}
	t.pushFailed(gone[0], evUserUpdateFailed, t.daysAgo(r, 2), refusedSchema)
	f := onTeam("members-missing", "high", m)
	f.Members = mails(gone)
	t.found(f)
	return true
}

// dropped takes n members out of the group at the target while they keep the role. Somebody else stays in it, so that
// the group is not emptied.
func (t *Tenant) dropped(r *rand.Rand, n int) (*team, []*person) {
	var gone []*person
	m := t.pickTeam(r, func(m *team) bool {
		if m.group == nil || m.claims&(whole|lost) != 0 || len(m.members) <= n {
			return false
		}
		gone = m.some(r, n+1, func(p *person) bool {
			return p.plain() && p.login.State == provisioned && m.group.Members[p.target.ID]
		})
		return len(gone) == n+1
	})
	if m == nil {
		return nil, nil
	}
	m.claims |= lost
	gone = gone[:n]
	for _, p := range gone {
		p.pinned = true
		delete(m.group.Members, p.target.ID)
	}
	return m, gone
}

// membersRemovedAtSource takes people out of the role whom the target keeps in the group. They have the app by another
// way, or they would linger as users, and the role keeps an active member, or the group would no longer be expected.
func membersRemovedAtSource(t *Tenant, r *rand.Rand) bool {
	fits := func(p *person) bool { return p.plain() && p.keepsApp }
	m := t.pickTeam(r, func(m *team) bool {
		return m.group != nil && m.claims&(whole|gained|lost) == 0 && len(m.some(r, 3, fits)) == 3
	})
	if m == nil {
		return false
	}
	removed := m.some(r, 1+r.IntN(2), fits)
	if !m.pinOne(r, removed) {
		return false
	}
	m.claims |= gained
	at := t.daysAgo(r, 1+r.IntN(4))
	for _, p := range removed {
		p.pinned = true
		m.leave(p)
		e := t.about(evUserRemovedFromRole, at, p.user)
		e.RoleID, e.RoleName = m.role.ID, m.role.Name
		t.log(t.by(r, e))
	}
	f := onTeam("members-extra", "critical", m)
	f.Cause, f.Members = "source-removed", mails(removed)
	t.found(f)
	return true
}

// membersAddedAtTarget lets people into the group who never had the role.
func membersAddedAtTarget(t *Tenant, r *rand.Rand) bool {
	m := t.pickTeam(r, func(m *team) bool {
		return m.group != nil && m.claims&(whole|gained) == 0 && len(m.some(r, 1, (*person).plain)) == 1
	})
	if m == nil {
		return false
	}
	var added []*person
	for range 1 + r.IntN(2) {
		p := t.pick(r, func(p *person) bool {
			return p.plain() && !m.role.Users[p.user.ID] && !m.group.Members[p.target.ID]
		})
		if p == nil {
			break
		}
		p.pinned = true
		m.group.Members[p.target.ID] = true
		added = append(added, p)
	}
	if len(added) == 0 || !m.pinOne(r, nil) {
		return false
	}
	m.claims |= gained
	m.group.Modified = t.daysAgo(r, 1+r.IntN(20))
	f := onTeam("members-extra", "critical", m)
	f.Members = mails(added)
	t.found(f)
	return true
}

// mails are the userNames of plain people, which are equal on both sides.
func mails(people []*person) []string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.user.Email
	}
	return names
}
