package model

import (
	"cmp"
	"slices"
)

// RepairNames lists every repair in the order in which a plan runs them: what prepares OneLogin, then what makes it push; then
// what is created before what builds on it, and what takes something away last, groups before the users in them.
func RepairNames() []RepairName {
	return []RepairName{
		ApprovePending, OpenApp, OpenRules, RefreshEntitlements, SyncLogins, ReapplyMappings,
		CreateUser, CreateGroup, RenameGroup, UpdateUser, ActivateUser, AddMembers, RestoreAssignments, MoveAssignments,
		RemoveMembers, DeactivateUser, ClearAssignments, RemoveAssignments, DeleteGroup, DeleteUser,
	}
}

// rank is the place of a repair in a plan; the console's button comes before the nudge.
func (o Option) rank() int {
	at := 2 * slices.Index(RepairNames(), o.Repair)
	if o.Channel == Nudge {
		at++
	}
	return at
}

// compareIntents orders by rank, then by who waits for whom, then by subject. Of two updates of one user the one that
// renames him is first: the other knows him by the new name.
func compareIntents(a, b Intent) int {
	renames := func(in *Intent) int {
		if in.writes(fieldUserName) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.turn, b.turn),
		byFolded(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Subject.SourceID, b.Subject.SourceID), cmp.Compare(a.Subject.TargetID, b.Subject.TargetID),
		cmp.Compare(renames(&a), renames(&b)), byFolded(a.Group.Name, b.Group.Name), cmp.Compare(a.Key, b.Key))
}
