package tenants

import (
	"math/rand/v2"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// afterABadMonth is the demonstration: every kind of user, group and membership finding, groups first because they
// need people whom nothing else has changed.
func afterABadMonth(t *Tenant, r *rand.Rand) {
	harmless(t, r)
	twice := []string{
		"group-lingering/role-deleted", "group-unclaimed/control-tower",
		"user-still-active/suspended", "user-unsynced/pending-approval",
	}
	for _, name := range []string{
		"group-lingering/assigned", "group-lingering/role-deleted", "group-lingering/app-removed",
		"group-lingering/external-id", "group-unclaimed/control-tower", "group-unclaimed/hand-made",
		"group-duplicate/two-target-groups", "group-renamed/target", "group-renamed/source",
		"group-missing/never-attempted", "group-missing/deleted-at-target", "members-missing/unexplained",
		"members-missing/provisioning-failed", "members-extra/source-removed", "members-extra/target-added",
		"user-still-active/suspended", "user-unsynced/pending-approval", "user-unsynced/provisioning-failed",
		"user-unsynced/missing-attribute", "user-renamed/source", "user-renamed/target",
		"user-duplicate/two-source-users",
		"user-attributes/source", "user-attributes/target", "user-attributes/provisioning-failed",
		"user-inactive/unexplained", "user-inactive/provisioning-failed", "user-lingering/source-unassigned",
		"user-lingering/source-deleted", "user-lingering/inactive", "user-lingering/hand-made",
	} {
		n := 1
		if slices.Contains(twice, name) {
			n = 2
		}
		t.times(r, n, name)
	}
}

func lingeringGroups(t *Tenant, r *rand.Rand) {
	t.times(r, 1, "group-lingering/assigned")
	t.times(r, max(2, len(t.teams)/20), "group-lingering/role-deleted")
	t.times(r, 1, "group-lingering/app-removed")
}

// deletedInAWSFirst also has an extra rule for each of those groups, which publishes to them what the role rule
// publishes already.
func deletedInAWSFirst(t *Tenant, r *rand.Rand) {
	t.times(r, max(2, len(t.teams)/20), "group-missing/deleted-at-target")
	for _, m := range t.teams {
		if m.group == nil {
			// It dangles: AWS keeps the assignments of a deleted group.
			t.assign(r, t.app().Entitlements[m.role.Name], 2)
			t.redundant(m)
		}
	}
}

// redundant adds a second enabled rule that yields the team's group for the very holders of its role.
func (t *Tenant) redundant(m *team) {
	rule := t.literalRule(world.RedundantRule+m.role.Name, m.role.Name, m.role.ID)
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
	t.times(r, 1, "group-unclaimed/control-tower")
	t.times(r, 1, "user-lingering/hand-made")
	t.nobodyThere(Finding{Confidence: certain, StateCause: "pending-approval"})
	t.noGroups("")
}

// firstSetup finds everybody unsynchronised and every group missing, because nothing has been switched on.
func firstSetup(t *Tenant, _ *rand.Rand) {
	t.nobodyThere(Finding{Cause: "provisioning-off"})
	t.noGroups("provisioning-off")
}

func groupsNotIncluded(t *Tenant, _ *rand.Rand) { t.noGroups("groups-not-included") }

func (t *Tenant) nobodyThere(f Finding) {
	f.Kind, f.SubjectType, f.Severity = "user-unsynced", "user", "high"
	for _, p := range t.people {
		t.found(*f.ofUser(p))
	}
}

func (t *Tenant) noGroups(cause string) {
	f := Finding{Kind: "group-missing", SubjectType: "group", Severity: "high", Cause: cause}
	for _, m := range t.teams {
		t.found(*f.ofTeam(m))
	}
}

// large drifts in every way a few times, the more the larger, up to a number that keeps building quick: taking a user
// away from the target costs a look into every group.
func large(t *Tenant, r *rand.Rand) {
	harmless(t, r)
	rounds := min(max(len(t.people)/2500, 1), 8)
	all := Drifts()
	// Groups first, as in the demonstration: their findings need people whom nothing else has changed.
	slices.Reverse(all)
	for _, d := range all {
		t.times(r, rounds, d.Name)
	}
}
