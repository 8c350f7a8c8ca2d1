package tenants

import "math/rand/v2"

// Bend is one way in which a tenant drifts. It changes the world and adds what a right comparison must then find to
// the tenant's Truth.
type Bend struct {
	Name string
	bend func(*Tenant, *rand.Rand) bool
}

// Apply bends the tenant once. False means that nothing here can be bent like that (too small, everybody taken, no
// role ids at the target) and that nothing was changed. Several bends may follow each other: none undoes or blurs the
// findings of an earlier one. The tenant must be as Build and other bends left it, so apply before a simulated service
// changes the world, and hold the world's lock if one is running.
func (b Bend) Apply(t *Tenant, r *rand.Rand) bool {
	applied := b.bend(t, r)
	t.settle()
	return applied
}

// Bends lists every way in which a tenant can drift, each named after the kind that it makes and how it came about.
func Bends() []Bend {
	return []Bend{
		{"user-unsynced/never-attempted", unsyncedNeverAttempted},
		{"user-unsynced/pending-approval", unsyncedPending},
		{"user-unsynced/provisioning-failed", unsyncedFailed},
		{"user-unsynced/missing-attribute", unsyncedMissingAttribute},
		{"user-lingering/source-unassigned", lingeringUnassigned},
		{"user-lingering/source-deleted", lingeringDeleted},
		{"user-lingering/inactive", lingeringInactive},
		{"user-lingering/hand-made", lingeringHandMade},
		{"user-still-active/suspended", stillActiveSuspended},
		{"user-still-active/unlicensed", stillActiveUnlicensed},
		{"user-inactive/unexplained", inactiveUnexplained},
		{"user-inactive/provisioning-failed", inactiveFailed},
		{"user-renamed/source", renamedAtSource},
		{"user-renamed/target", renamedAtTarget},
		{"user-attributes/source", attributesAtSource},
		{"user-attributes/target", attributesAtTarget},
		{"user-attributes/email", attributesEmail},
		{"user-attributes/provisioning-failed", attributesFailed},
		{"user-duplicate/two-source-users", duplicateUser},
		{"group-lingering/role-deleted", lingeringRoleDeleted},
		{"group-lingering/assigned", lingeringAssigned},
		{"group-lingering/app-removed", lingeringUnmapped},
		{"group-lingering/external-id", lingeringExternalID},
		{"group-unclaimed/control-tower", unclaimedControlTower},
		{"group-unclaimed/hand-made", unclaimedHandMade},
		{"group-missing/never-attempted", missingGroup},
		{"group-missing/deleted-at-target", missingDeletedAtTarget},
		{"group-renamed/source", renamedRole},
		{"group-renamed/target", renamedGroup},
		{"group-duplicate/two-target-groups", duplicateGroup},
		{"members-missing/unexplained", membersMissing},
		{"members-missing/provisioning-failed", membersFailed},
		{"members-missing/over-100", membersOverHundred},
		{"members-extra/source-removed", membersRemovedAtSource},
		{"members-extra/target-added", membersAddedAtTarget},
	}
}

// times applies a bend n times or until it no longer can.
func (t *Tenant) times(r *rand.Rand, n int, bend func(*Tenant, *rand.Rand) bool) {
	for range n {
		if !bend(t, r) {
			return
		}
	}
}
