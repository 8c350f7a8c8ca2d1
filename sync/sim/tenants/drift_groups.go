package tenants

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// addTargetOnlyGroup adds a group that only the target has, with up to n people in it.
func (t *Tenant) addTargetOnlyGroup(r *rand.Rand, name, createdBy string, n int) *world.TargetGroup {
	g := t.newGroup(name, createdBy, n)
	for range n {
		p := pick(r, t.people, func(p *person) bool { return p.canBeNamed() && !g.Members[p.target.ID] })
		if p == nil {
			return g
		}
		p.pinned = true
		g.Members[p.target.ID] = true
	}
	return g
}

func lingeringRoleDeleted(t *Tenant, r *rand.Rand) *Finding { return t.lingeringGroup(r, 1+r.IntN(3)) }

// lingeringAssigned still opens AWS accounts to its members.
func lingeringAssigned(t *Tenant, r *rand.Rand) *Finding {
	f := t.lingeringGroup(r, 4)
	t.assign(r, f.TargetID, 3)
	return f
}

// lingeringGroup is the group of a role that was deleted: OneLogin never deletes groups at the target
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html).
func (t *Tenant) lingeringGroup(r *rand.Rand, members int) *Finding {
	g := t.addTargetOnlyGroup(r, t.unusedName(r, "aws-", wordList("retired teams")), "scim", members)
	e := t.event(world.EventRoleDeleted, t.daysAgo(r, 2+r.IntN(20)))
	e.RoleID, e.RoleName = t.World.NextID(), g.DisplayName
	t.log(t.byAdmin(r, e))
	return t.targetGroupFinding("source-deleted", g)
}

// lingeringUnmapped keeps its role, which lost the app. Nobody with the app holds that role any more; somebody who did
// would still get the group from the rule, which asks for the role's name and not for what it grants.
func lingeringUnmapped(t *Tenant, r *rand.Rand) *Finding {
	g := t.addTargetOnlyGroup(r, t.unusedName(r, "aws-", wordList("retired teams")), "scim", 1)
	role := t.addRole(g.DisplayName, 2)
	clear(role.Apps)
	for range 2 {
		role.Users[t.newUser(r, t.longAgo(r)).ID] = true
	}
	e := t.event(world.EventAppRemovedFromRole, t.daysAgo(r, 2+r.IntN(20)))
	t.log(t.byAdmin(r, ofRole(role, t.ofApp(e))))
	return t.targetGroupFinding("source-unmapped", g)
}

// lingeringExternalID has lost every trace at the source but the external id that provisioning gave it, and its name
// in the entitlement cache.
func lingeringExternalID(t *Tenant, r *rand.Rand) *Finding {
	g := t.addTargetOnlyGroup(r, t.unusedName(r, "aws-", wordList("retired teams")), "scim", 2)
	g.ExternalID = decimal(t.World.NextID())
	t.app().Entitlements[g.DisplayName] = g.ID
	return t.targetGroupFinding("", g)
}

// unclaimedGroup is a group that nobody provisioned, of a name in a list.
func unclaimedGroup(list string, members int) func(*Tenant, *rand.Rand) *Finding {
	return func(t *Tenant, r *rand.Rand) *Finding {
		g := t.addTargetOnlyGroup(r, t.unusedName(r, "", wordList(list)), "identitystore", members)
		t.assign(r, g.ID, 2)
		return t.targetGroupFinding("no-proof", g)
	}
}

// claimTeam claims a whole team that is expected and will stay so. With proven, its target group must carry the role's
// id and at least three other pairs must show that this target does so.
func (t *Tenant) claimTeam(r *rand.Rand, proven bool) *team {
	proofs := t.countRoleIDPairs()
	m := pick(r, t.teams, func(m *team) bool {
		if m.claims != 0 || m.group == nil || len(m.pickMembers(r, 1, (*person).canBeNamed)) == 0 {
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
	m.claims |= claimedWhole
	return m
}

// countRoleIDPairs counts the pairs by name whose target group carries the role's id.
func (t *Tenant) countRoleIDPairs() int {
	n := 0
	for _, m := range t.teams {
		if m.group != nil && m.claims&claimedWhole == 0 && m.group.ExternalID == decimal(m.role.ID) {
			n++
		}
	}
	return n
}

// missingGroup was never pushed since its role was made, so nothing at the target or in the cache remembers it.
func missingGroup(t *Tenant, r *rand.Rand, m *team) Finding {
	never := m.group.ID
	t.removeGroup(m)
	delete(t.app().Entitlements, m.role.Name)
	t.World.Target.Assignments = slices.DeleteFunc(t.World.Target.Assignments, func(a world.Assignment) bool {
		return a.PrincipalID == never
	})
	t.logRole(r, m, t.daysAgo(r, 1+r.IntN(4)))
	return Finding{}
}

// missingDeletedAtTarget leaves the stale id in the cache, so every push to the group fails with a 404.
func missingDeletedAtTarget(t *Tenant, r *rand.Rand, m *team) Finding {
	stale := m.group.ID
	t.removeGroup(m)
	at := t.daysAgo(r, 1)
	for _, p := range m.pickMembers(r, 2, (*person).canBeNamed) {
		p.pinned = true
		p.login.State = modifyingFailed
		t.logPushFailure(p, world.EventUpdateFailed, at,
			appName+` answered 404 for group "`+m.role.Name+`" (`+stale+"): resource not found")
	}
	return Finding{Cause: "deleted-at-target"}
}

// removeGroup deletes the group at the target; what was assigned to it dangles, as AWS documents
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
func (t *Tenant) removeGroup(m *team) {
	t.World.Target.RemoveGroup(m.group.ID)
	m.group = nil
}

// renamedRole has a new name in OneLogin, and the target still the old one under the same external id.
func renamedRole(t *Tenant, r *rand.Rand, m *team) Finding {
	m.rename(t.uniqueName(m.role.Name + "-global"))
	t.log(t.byAdmin(r, ofRole(m.role, t.event(world.EventRoleUpdated, t.daysAgo(r, 1+r.IntN(4))))))
	return Finding{Cause: "source-renamed"}
}

func renamedGroup(t *Tenant, r *rand.Rand, m *team) Finding {
	m.group.DisplayName = t.uniqueName(m.role.Name + "-renamed")
	m.group.Modified = t.daysAgo(r, 2+r.IntN(20))
	return Finding{}
}

// duplicateGroup renames the provisioned group at the target and makes a new one under its name: the role then claims
// one by name and the other by external id. The name wins.
func duplicateGroup(t *Tenant, r *rand.Rand, m *team) Finding {
	old := m.group
	name := old.DisplayName
	old.DisplayName = t.uniqueName(name + "-old")
	m.group = t.newGroup(name, "identitystore", len(old.Members))
	m.group.Created = t.daysAgo(r, 30)
	m.group.Modified = m.group.Created.Add(time.Hour)
	maps.Copy(m.group.Members, old.Members)
	t.app().Entitlements[name] = m.group.ID
	return Finding{Cause: "duplicate", Members: []string{old.DisplayName}}
}
