package tenants

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Drift is one way in which a tenant drifts. It changes the world and adds what a right comparison must then find to
// the tenant's Truth.
type Drift struct {
	// Name is the kind of the finding and how it came about, such as "user-unsynced/never-attempted".
	Name     string
	severity string
	// change changes the world and gives the finding, or changes nothing and gives nil.
	change func(*Tenant, *rand.Rand) *Finding
}

// Apply lets the tenant drift once. False means that nothing here can drift like that (too small, everybody taken, no
// role ids at the target) and that nothing was changed. Several drifts may follow each other: none undoes or blurs the
// findings of an earlier one. The tenant must be as Build and other drifts left it, so apply before a simulated service
// changes the world, and hold the world's lock if one is running.
func (d Drift) Apply(t *Tenant, r *rand.Rand) bool {
	applied := d.apply(t, r)
	t.orderEvents()
	return applied
}

func (d Drift) apply(t *Tenant, r *rand.Rand) bool {
	f := d.change(t, r)
	if f == nil {
		return false
	}
	f.Kind, _, _ = strings.Cut(d.Name, "/")
	f.Severity = d.severity
	t.addFinding(*f)
	return true
}

// Drifts lists every way in which a tenant can drift.
func Drifts() []Drift {
	return []Drift{
		{"user-unsynced/never-attempted", "high", unsyncedDrift("enabling", "nonexistent", neverAttempted)},
		{
			"user-unsynced/pending-approval", "high",
			unsyncedDrift("enabling_pending_approval", "provisioning_pending_approval", pendingApproval),
		},
		{
			"user-unsynced/provisioning-failed", "high",
			unsyncedDrift("enabling_failed", "provisioning_failed", creationFailed),
		},
		{
			"user-unsynced/missing-attribute", "high",
			unsyncedDrift("enabling_failed", "provisioning_failed", missingAttribute),
		},
		{"user-lingering/source-unassigned", "high", lingeringUnassigned},
		{"user-lingering/source-deleted", "high", lingeringDeleted},
		{"user-lingering/inactive", "info", lingeringInactive},
		{"user-lingering/hand-made", "high", lingeringHandMade},
		{"user-still-active/suspended", "critical", personDrift((*person).isUntouched, stillActiveSuspended)},
		{"user-still-active/unlicensed", "critical", personDrift((*person).isUntouched, stillActiveUnlicensed)},
		{"user-inactive/unexplained", "high", personDrift((*person).isUntouched, inactiveUnexplained)},
		{"user-inactive/provisioning-failed", "high", personDrift((*person).isUntouched, inactiveFailed)},
		{"user-renamed/source", "medium", personDrift(pairedByExternalID, renamedAtSource)},
		{"user-renamed/target", "medium", personDrift(pairedByExternalID, renamedAtTarget)},
		{"user-attributes/source", "low", personDrift((*person).isUntouched, attributesAtSource)},
		{"user-attributes/target", "low", personDrift((*person).isUntouched, attributesAtTarget)},
		{"user-attributes/email", "low", personDrift((*person).isUntouched, attributesEmail)},
		{"user-attributes/provisioning-failed", "low", personDrift((*person).isUntouched, attributesFailed)},
		{"user-duplicate/two-source-users", "medium", personDrift(hasPersonnelNumber, duplicateUser)},
		{"group-lingering/role-deleted", "high", lingeringRoleDeleted},
		{"group-lingering/assigned", "critical", lingeringAssigned},
		{"group-lingering/app-removed", "high", lingeringUnmapped},
		{"group-lingering/external-id", "high", lingeringExternalID},
		{"group-unclaimed/control-tower", "info", unclaimedGroup("control tower", 1)},
		{"group-unclaimed/hand-made", "info", unclaimedGroup("hand-made", 2)},
		{"group-missing/never-attempted", "high", teamDrift(false, missingGroup)},
		{"group-missing/deleted-at-target", "high", teamDrift(false, missingDeletedAtTarget)},
		{"group-renamed/source", "medium", teamDrift(true, renamedRole)},
		{"group-renamed/target", "medium", teamDrift(true, renamedGroup)},
		{"group-duplicate/two-target-groups", "medium", teamDrift(true, duplicateGroup)},
		{"members-missing/unexplained", "high", dropMembers(1, 3, membersMissing)},
		{"members-missing/provisioning-failed", "high", dropMembers(1, 3, membersFailed)},
		{"members-missing/over-100", "high", dropMembers(101, 101, membersOverHundred)},
		{"members-extra/source-removed", "critical", membersRemovedAtSource},
		{"members-extra/target-added", "critical", membersAddedAtTarget},
	}
}

func (t *Tenant) applyTimes(r *rand.Rand, n int, name string) {
	all := Drifts()
	d := all[slices.IndexFunc(all, func(d Drift) bool { return d.Name == name })]
	for n > 0 && d.apply(t, r) {
		n--
	}
}

// personDrift changes somebody who fits, for whom nothing else has been changed.
func personDrift(
	fits func(*person) bool, change func(*Tenant, *rand.Rand, *person) Finding,
) func(*Tenant, *rand.Rand) *Finding {
	return func(t *Tenant, r *rand.Rand) *Finding {
		p := t.claimPerson(r, fits)
		if p == nil {
			return nil
		}
		return change(t, r, p).forUser(p)
	}
}

// teamDrift is personDrift for a whole team; see claimTeam.
func teamDrift(proven bool, change func(*Tenant, *rand.Rand, *team) Finding) func(*Tenant, *rand.Rand) *Finding {
	return func(t *Tenant, r *rand.Rand) *Finding {
		m := t.claimTeam(r, proven)
		if m == nil {
			return nil
		}
		return change(t, r, m).forTeam(m)
	}
}

// claimPerson picks a person for one change alone.
func (t *Tenant) claimPerson(r *rand.Rand, fits func(*person) bool) *person {
	p := pick(r, t.people, fits)
	if p != nil {
		p.claimed = true
	}
	return p
}
