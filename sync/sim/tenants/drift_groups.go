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
		p := pick(r, t.people, func(p *person) bool { return p.plain() && !g.Members[p.target.ID] })
		if p == nil {
			return g
		}
		p.pinned = true
		g.Members[p.target.ID] = true
	}
	return g
}

func lingeringRoleDeleted(t *Tenant, r *rand.Rand) *Finding { return t.orphan(r, 1+r.IntN(3)) }

// lingeringAssigned still opens AWS accounts to its members.
func lingeringAssigned(t *Tenant, r *rand.Rand) *Finding {
	f := t.orphan(r, 4)
	t.assign(r, f.TargetID, 3)
	return f
}

// orphan is the group of a role that was deleted: OneLogin never deletes groups at the target
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html).
func (t *Tenant) orphan(r *rand.Rand, members int) *Finding {
	g := t.stray(r, t.unusedName(r, "aws-", words("retired teams")), "scim", members)
	e := t.event(world.EventRoleDeleted, t.daysAgo(r, 2+r.IntN(20)))
	e.RoleID, e.RoleName = t.World.NextID(), g.DisplayName
	t.log(t.by(r, e))
	return t.onStray("source-deleted", g)
}

// lingeringUnmapped keeps its role, which lost the app. Nobody with the app holds that role any more; somebody who did
// would still get the group from the rule, which asks for the role's name and not for what it grants.
func lingeringUnmapped(t *Tenant, r *rand.Rand) *Finding {
	g := t.stray(r, t.unusedName(r, "aws-", words("retired teams")), "scim", 1)
	role := t.addRole(g.DisplayName, 2)
	clear(role.Apps)
	for range 2 {
		role.Users[t.newUser(r, t.longAgo(r)).ID] = true
	}
	e := t.event(world.EventAppRemovedFromRole, t.daysAgo(r, 2+r.IntN(20)))
	t.log(t.by(r, ofRole(role, t.ofApp(e))))
	return t.onStray("source-unmapped", g)
}

// lingeringExternalID has lost every trace at the source but the external id that provisioning gave it, and its name
// in the entitlement cache.
func lingeringExternalID(t *Tenant, r *rand.Rand) *Finding {
	g := t.stray(r, t.unusedName(r, "aws-", words("retired teams")), "scim", 2)
	g.ExternalID = decimal(t.World.NextID())
	t.app().Entitlements[g.DisplayName] = g.ID
	return t.onStray("", g)
}

// unclaimed is a group that nobody provisioned, of a name in a list.
func unclaimed(list string, members int) func(*Tenant, *rand.Rand) *Finding {
	return func(t *Tenant, r *rand.Rand) *Finding {
		g := t.stray(r, t.unusedName(r, "", words(list)), "identitystore", members)
		t.assign(r, g.ID, 2)
		return t.onStray("no-proof", g)
	}
}

// take claims a whole team that is expected and will stay so. With proven, its target group must carry the role's id
// and at least three other pairs must show that this target does so.
func (t *Tenant) take(r *rand.Rand, proven bool) *team {
	proofs := t.proofs()
	m := pick(r, t.teams, func(m *team) bool {
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
	for _, p := range m.some(r, 2, (*person).plain) {
		p.pinned = true
		p.login.State = modifyingFailed
		t.pushFailed(p, world.EventUpdateFailed, at,
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
	m.rename(t.name(m.role.Name + "-global"))
	t.log(t.by(r, ofRole(m.role, t.event(world.EventRoleUpdated, t.daysAgo(r, 1+r.IntN(4))))))
	return Finding{Cause: "source-renamed"}
}

func renamedGroup(t *Tenant, r *rand.Rand, m *team) Finding {
	m.group.DisplayName = t.name(m.role.Name + "-renamed")
	m.group.Modified = t.daysAgo(r, 2+r.IntN(20))
	return Finding{}
}

// duplicateGroup renames the provisioned group at the target and makes a new one under its name: the role then claims
// one by name and the other by external id. The name wins.
func duplicateGroup(t *Tenant, r *rand.Rand, m *team) Finding {
	old := m.group
	name := old.DisplayName
	old.DisplayName = t.name(name + "-old")
	m.group = t.newGroup(name, "identitystore", len(old.Members))
	m.group.Created = t.daysAgo(r, 30)
	m.group.Modified = m.group.Created.Add(time.Hour)
	maps.Copy(m.group.Members, old.Members)
	t.app().Entitlements[name] = m.group.ID
	return Finding{Cause: "duplicate", Members: []string{old.DisplayName}}
}
