package explain

import "github.com/scimdrift/scimdrift/model"

// Repair says what a repair does over its channel, where it is done, and what else it does: a reapply, for one, applies
// every edit that waits, to everybody.
func Repair(o model.Option) string {
	return joined(does(o, "the target"), caveat(o))
}

// does says what to do, with the way through OneLogin's console in the words of its menus, which outlive links.
func does(o model.Option, target string) string {
	switch o.Repair {
	case model.ApprovePending:
		return "Approve the pending task: OneLogin > the app > Users > click Pending > Approve."
	case model.OpenApp:
		return "Mend the app's settings: OneLogin > Applications > the app."
	case model.OpenRules:
		return "Look at the rules: OneLogin > the app > Rules."
	case model.RefreshEntitlements:
		return "Refresh what OneLogin remembers of the target's groups: OneLogin > the app > Provisioning > " +
			"Entitlements > Refresh. Then reapply the mappings."
	case model.ReapplyMappings:
		if o.Channel == model.Nudge {
			return "Touch the users over OneLogin's API, so that OneLogin works out and pushes what they should have."
		}
		return "Reapply the mappings: OneLogin > the app > More Actions > Reapply entitlement mappings."
	case model.SyncLogins:
		return "Let OneLogin look for its users at the target: OneLogin > the app > More Actions > Sync logins."
	case model.CreateUser:
		return "Create the user in " + target + ", with what OneLogin would push and the memberships that go with it."
	case model.ActivateUser:
		return "Switch the user on in " + target + "."
	case model.UpdateUser:
		return "Write what differs to the user in " + target + ", and nothing else."
	case model.DeactivateUser:
		return "Switch the user off in " + target + "; memberships and assignments stay."
	case model.DeleteUser:
		return "Delete the user in " + target + "."
	case model.CreateGroup:
		return "Create the group in " + target + " with its members."
	case model.RenameGroup:
		return "Rename the group in " + target + ": that keeps its id, its members and its assignments."
	case model.AddMembers:
		return "Add the missing members in " + target + ", a hundred in a request."
	case model.RemoveMembers:
		return "Take the members who should not be there out of the group in " + target + "."
	case model.DeleteGroup:
		return "Delete the group in " + target + "."
	case model.RemoveAssignments:
		return "Take the group's account assignments away, then delete the group in " + target + "."
	case model.RestoreAssignments:
		return "Make the account assignments again."
	case model.MoveAssignments:
		return "Make the account assignments that hang on the group's old id for the group that is there now, then " +
			"take the dangling ones away."
	case model.ClearAssignments:
		return "Take the account assignments away."
	}
	return string(o.Repair)
}

// caveat says what else happens.
func caveat(o model.Option) string {
	switch o.Repair {
	case model.ReapplyMappings:
		if o.Channel == model.Nudge {
			return "It runs all mappings and rules of all the user's apps, not of this one alone. It begins with " +
				"one user and goes on when that one is confirmed."
		}
		return "It applies every edit of the rules that waits, to everybody who has the app."
	case model.ApprovePending:
		return "Whatever else waits for this user is shown there too."
	case model.RefreshEntitlements:
		return "It may have to be pressed more than once, and it knows only groups that OneLogin has made itself."
	case model.SyncLogins:
		return "It pushes nothing; it pairs logins with users that are there already."
	case model.CreateUser, model.CreateGroup:
		return "OneLogin may then refuse to push it, because it is there already, until logins are synchronised and " +
			"entitlements refreshed."
	case model.UpdateUser, model.ActivateUser, model.AddMembers:
		return "OneLogin is not told; its next push says what it holds."
	case model.DeactivateUser:
		return "Sessions that run are not ended."
	case model.DeleteUser:
		return "A user who is made again has a new id; assignments to the old one are lost."
	case model.RemoveMembers:
		return "If OneLogin still wants them in it, its next push puts them back."
	case model.DeleteGroup:
		return "Its members lose what it is assigned. A group that is made again has a new id, and assignments have " +
			"to be made anew."
	case model.RemoveAssignments:
		return "Its members lose those accounts. Undo makes group, members and assignments again; AWS may then give " +
			"the AWSReservedSSO_* roles other names."
	case model.MoveAssignments:
		return "Its members get those accounts back. Undo takes them away again; what hung on the old id does not " +
			"come back, and opened nothing."
	case model.RestoreAssignments:
		return "AWS may give the AWSReservedSSO_* roles other names than before."
	case model.RenameGroup:
		return "Refresh entitlements in OneLogin afterwards, or it goes on under the old name."
	case model.OpenApp, model.OpenRules, model.ClearAssignments:
	}
	return ""
}

// Answer tells what the console says when a button took, in its own words, so that whoever pressed knows; "" where
// none is known.
func Answer(r model.RepairName) string {
	switch r { //nolint:exhaustive // of the others no message is known
	case model.ReapplyMappings:
		return `The console answers "Mappings are being reapplied".`
	case model.SyncLogins:
		return `The console answers "Synchronizing users with …" and the app's name.`
	}
	return ""
}
