package tenants

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// stray adds a group that only the target has, with up to n people in it.
func (t *Tenant) stray(r *rand.Rand, name, createdBy string, n int) *world.TargetGroup {
	g := t.newGroup(name, createdBy, n)
	for range n {
		p := t.pick(r, func(p *person) bool { return p.plain() && !g.Members[p.target.ID] })
		if p == nil {
			return g
		}
		p.pinned = true
		g.Members[p.target.ID] = true
	}
	return g
}

func lingeringRoleDeleted(t *Tenant, r *rand.Rand) bool {
	t.found(t.orphan(r, 1+r.IntN(3)))
	return true
}

// lingeringAssigned still opens AWS accounts to its members.
func lingeringAssigned(t *Tenant, r *rand.Rand) bool {
	f := t.orphan(r, 4)
	f.Severity = "critical"
	t.assign(r, f.TargetID, 3)
	t.found(f)
	return true
}

// orphan is the group of a role that was deleted: OneLogin never deletes groups at the target
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html).
func (t *Tenant) orphan(r *rand.Rand, members int) Finding {
	g := t.stray(r, t.unusedName(r, "aws-", retiredTeams()), "scim", members)
	e := t.event(evRoleDeleted, t.daysAgo(r, 2+r.IntN(20)))
	e.RoleID, e.RoleName = t.World.NextID(), g.DisplayName
	t.log(t.by(r, e))
	f := t.onStray("group-lingering", "high", g)
	f.Cause = "source-deleted"
	return f
}

// lingeringUnmapped keeps its role, which lost the app. Nobody with the app holds that role any more; somebody who did
// would still get the group from the rule, which asks for the role's name and not for what it grants.
func lingeringUnmapped(t *Tenant, r *rand.Rand) bool {
	g := t.stray(r, t.unusedName(r, "aws-", retiredTeams()), "scim", 1)
	role := t.addRole(g.DisplayName, 2)
	clear(role.Apps)
	for range 2 {
		role.Users[t.newUser(r, t.longAgo(r)).ID] = true
	}
	e := t.event(evAppRemovedFromRole, t.daysAgo(r, 2+r.IntN(20)))
	e.RoleID, e.RoleName, e.AppID, e.AppName = role.ID, role.Name, t.AppID, appName
	t.log(t.by(r, e))
	f := t.onStray("group-lingering", "high", g)
	f.Cause = "source-unmapped"
	t.found(f)
	return true
}

// lingeringExternalID has lost every trace at the source but the external id that provisioning gave it, and its name
// in the entitlement cache.
func lingeringExternalID(t *Tenant, r *rand.Rand) bool {
	g := t.stray(r, t.unusedName(r, "aws-", retiredTeams()), "scim", 2)
	g.ExternalID = decimal(t.World.NextID())
	t.app().Entitlements[g.DisplayName] = g.ID
	t.found(t.onStray("group-lingering", "high", g))
	return true
}

func unclaimedControlTower(t *Tenant, r *rand.Rand) bool {
	return t.unclaimed(r, t.unusedName(r, "", controlTowerGroups()), 1)
}

func unclaimedHandMade(t *Tenant, r *rand.Rand) bool {
	return t.unclaimed(r, t.unusedName(r, "", handMadeGroups()), 2)
}

func (t *Tenant) unclaimed(r *rand.Rand, name string, members int) bool {
	g := t.stray(r, name, "identitystore", members)
	t.assign(r, g.ID, 2)
	f := t.onStray("group-unclaimed", "info", g)
	f.Cause = "no-proof"
	t.found(f)
	return true
}

// take claims a whole team that is expected and will stay so. With proven, its target group must carry the role's id
// and at least three other pairs must show that this target does so.
func (t *Tenant) take(r *rand.Rand, proven bool) *team {
	proofs := t.proofs()
	m := t.pickTeam(r, func(m *team) bool {
		if m.claims != 0 || m.group == nil || len(m.some(r, 1, (*person).plain)) == 0 {
			return false
		}
		if m.group.ExternalID == "" {
			return !proven
		}
		// Taking the last but three proofs would turn an earlier renamed group into a missing and a lingering one.
		return proofs > 3 || (!proven && proofs < 3)
	})
	if m == nil || !m.pinOne(r, nil) {
		return nil
	}
	m.claims |= whole
	return m
}

// proofs counts the pairs by name whose target group carries the role's id.
func (t *Tenant) proofs() int {
	n := 0
	for _, m := range t.teams {
		if m.group != nil && m.claims&whole == 0 && m.group.ExternalID == decimal(m.role.ID) {
			n++
		}
	}
	return n
}

// missingGroup was never pushed since its role was made, so nothing at the target or in the cache remembers it.
func missingGroup(t *Tenant, r *rand.Rand) bool {
	m := t.take(r, false)
	if m == nil {
		return false
	}
	never := m.group.ID
	t.removeGroup(m)
	delete(t.app().Entitlements, m.role.Name)
	t.World.Target.Assignments = slices.DeleteFunc(t.World.Target.Assignments, func(a world.Assignment) bool {
		return a.PrincipalID == never
	})
	t.logRole(r, m, t.daysAgo(r, 1+r.IntN(4)))
	t.found(onTeam("group-missing", "high", m))
	return true
}

// missingDeletedAtTarget leaves the stale id in the cache, so every push to the group fails with a 404.
func missingDeletedAtTarget(t *Tenant, r *rand.Rand) bool {
	m := t.take(r, false)
	if m == nil {
		return false
	}
	stale := m.group.ID
	t.removeGroup(m)
	at := t.daysAgo(r, 1)
	for _, p := range m.some(r, 2, (*person).plain) {
		p.pinned = true
		p.login.State = modifyingFailed
		t.pushFailed(p, evUserUpdateFailed, at, appName+` answered 404 for group "`+m.role.Name+`" (`+stale+"): resource not found")
	}
	f := onTeam("group-missing", "high", m)
	f.Cause = "deleted-at-target"
	t.found(f)
	return true
}

// removeGroup deletes the group at the target; what was assigned to it dangles, as AWS documents
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
func (t *Tenant) removeGroup(m *team) {
	t.World.Target.RemoveGroup(m.group.ID)
	m.group = nil
}

// renamedRole has a new name in OneLogin, and the target still the old one under the same external id.
func renamedRole(t *Tenant, r *rand.Rand) bool {
	m := t.take(r, true)
	if m == nil {
		return false
	}
	m.rename(t.name(m.role.Name + "-global"))
	e := t.event(evRoleUpdated, t.daysAgo(r, 1+r.IntN(4)))
	e.RoleID, e.RoleName = m.role.ID, m.role.Name
	t.log(t.by(r, e))
	f := onTeam("group-renamed", "medium", m)
	f.Cause = "source-renamed"
	t.found(f)
	return true
}

func renamedGroup(t *Tenant, r *rand.Rand) bool {
	m := t.take(r, true)
	if m == nil {
		return false
	}
	m.group.DisplayName = t.name(m.role.Name + "-renamed")
	m.group.Modified = t.daysAgo(r, 2+r.IntN(20))
	t.found(onTeam("group-renamed", "medium", m))
	return true
}

// duplicateGroup renames the provisioned group at the target and makes a new one under its name: the role then claims
// one by name and the other by external id. The name wins.
func duplicateGroup(t *Tenant, r *rand.Rand) bool {
	m := t.take(r, true)
	if m == nil {
		return false
	}
	old := m.group
	name := old.DisplayName
	old.DisplayName = t.name(name + "-old")
	m.group = t.newGroup(name, "identitystore", len(old.Members))
	m.group.Created = t.daysAgo(r, 30)
	m.group.Modified = m.group.Created.Add(time.Hour)
	maps.Copy(m.group.Members, old.Members)
	t.app().Entitlements[name] = m.group.ID
	f := onTeam("group-duplicate", "medium", m)
	f.Cause, f.Members = "duplicate", []string{old.DisplayName}
	t.found(f)
	return true
}
