package tenants

import (
	"math/rand/v2"
	"slices"
)

// drift is the demonstration: every kind of user, group and membership finding, groups first because they need people
// whom nothing else has changed.
func drift(t *Tenant, r *rand.Rand) {
	harmless(t, r)
	t.times(r, 1, lingeringAssigned)
	t.times(r, 2, lingeringRoleDeleted)
	t.times(r, 1, lingeringUnmapped)
	t.times(r, 1, lingeringExternalID)
	t.times(r, 2, unclaimedControlTower)
	t.times(r, 1, unclaimedHandMade)
	t.times(r, 1, duplicateGroup)
	t.times(r, 1, renamedGroup)
	t.times(r, 1, renamedRole)
	t.times(r, 1, missingGroup)
	t.times(r, 1, missingDeletedAtTarget)
	t.times(r, 1, membersMissing)
	t.times(r, 1, membersFailed)
	t.times(r, 1, membersRemovedAtSource)
	t.times(r, 1, membersAddedAtTarget)
	t.times(r, 2, stillActiveSuspended)
	t.times(r, 2, unsyncedPending)
	t.times(r, 1, unsyncedFailed)
	t.times(r, 1, unsyncedMissingAttribute)
	t.times(r, 1, renamedAtSource)
	t.times(r, 1, renamedAtTarget)
	t.times(r, 1, duplicateUser)
	t.times(r, 1, attributesAtSource)
	t.times(r, 1, attributesAtTarget)
	t.times(r, 1, attributesFailed)
	t.times(r, 1, inactiveUnexplained)
	t.times(r, 1, inactiveFailed)
	t.times(r, 1, lingeringUnassigned)
	t.times(r, 1, lingeringDeleted)
	t.times(r, 1, lingeringInactive)
	t.times(r, 1, lingeringHandMade)
}

func lingeringGroups(t *Tenant, r *rand.Rand) {
	t.times(r, 1, lingeringAssigned)
	t.times(r, max(2, len(t.teams)/20), lingeringRoleDeleted)
	t.times(r, 1, lingeringUnmapped)
}

// deletedInAWSFirst also has an extra rule for each of those groups, which publishes to them what the role rule
// publishes already.
func deletedInAWSFirst(t *Tenant, r *rand.Rand) {
	t.times(r, max(2, len(t.teams)/20), missingDeletedAtTarget)
	for _, m := range t.teams {
		if m.group == nil {
			t.assign(r, t.app().Entitlements[m.role.Name], 2) // It dangles: AWS keeps the assignments of a deleted group.
			t.redundant(m)
		}
	}
}

// redundant adds a second enabled rule that yields the team's group for the very holders of its role.
func (t *Tenant) redundant(m *team) {
	rule := t.literalRule("Keep "+m.role.Name, m.role.Name, m.role.ID)
	rules := &t.app().Rules
	rule.Enabled, rule.Position = true, 1+len(*rules)
	*rules = append(*rules, rule)
	t.found(Finding{
		Kind: "rule-redundant", SubjectType: "rule", Subject: rule.Name, Severity: "medium", Cause: "two-rules",
		SourceID: decimal(rule.ID),
	})
}

// nothingSyncs finds everybody unsynchronised and every group missing; only what was made by hand is at the target.
func nothingSyncs(t *Tenant, r *rand.Rand) {
	t.times(r, 1, unclaimedControlTower)
	t.times(r, 1, lingeringHandMade)
	for _, p := range t.people {
		f := onUser("user-unsynced", "high", p)
		f.Confidence, f.StateCause = certain, "pending-approval"
		t.found(f)
	}
	for _, m := range t.teams {
		t.found(onTeam("group-missing", "high", m))
	}
}

// firstSetup finds everybody unsynchronised and every group missing, because nothing has been switched on.
func firstSetup(t *Tenant, _ *rand.Rand) {
	for _, p := range t.people {
		f := onUser("user-unsynced", "high", p)
		f.Cause = "provisioning-off"
		t.found(f)
	}
	for _, m := range t.teams {
		f := onTeam("group-missing", "high", m)
		f.Cause = "provisioning-off"
		t.found(f)
	}
}

func groupsNotIncluded(t *Tenant, _ *rand.Rand) {
	for _, m := range t.teams {
		f := onTeam("group-missing", "high", m)
		f.Cause = "groups-not-included"
		t.found(f)
	}
}

// large bends in every way a few times, the more the larger, up to a number that keeps building quick: taking a user
// away from the target costs a look into every group.
func large(t *Tenant, r *rand.Rand) {
	harmless(t, r)
	rounds := min(max(len(t.people)/2500, 1), 8)
	bends := Bends()
	// Groups first, as in drift: their findings need people whom nothing else has changed.
	slices.Reverse(bends)
	for _, b := range bends {
		t.times(r, rounds, b.bend)
	}
}
