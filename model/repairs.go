package model

// offer lists the repairs of a finding, best first, as DESIGN section 4 orders them by kind and cause.
//
// A repair that takes something away is offered only if takes is set: the caller clears it when a part that the repair
// rests on was not read completely, so that a bad read never leads to a delete.
func offer(kind Kind, cause Cause, takes, nudge bool) []Option {
	var out []Option
	console := func(r RepairName) { out = append(out, Option{r, Console}) }
	direct := func(r RepairName) { out = append(out, Option{r, Direct}) }
	reapply := func() {
		if nudge {
			out = append(out, Option{ReapplyMappings, Nudge})
		}
		console(ReapplyMappings)
	}
	switch kind {
	case UserUnsynced:
		switch cause {
		case CausePendingApproval:
			console(ApprovePending)
		case CauseProvisioningOff:
			console(OpenApp)
		default:
			reapply()
			console(SyncLogins)
			direct(CreateUser)
		}
	case UserLingering:
		if takes {
			direct(DeactivateUser)
			direct(DeleteUser)
		}
	case UserStillActive:
		reapply()
		if takes {
			direct(DeactivateUser)
		}
	case UserInactive:
		reapply()
		direct(ActivateUser)
	case UserRenamed:
		reapply()
		if takes {
			direct(UpdateUser)
		}
	case UserAttributes:
		reapply()
		direct(UpdateUser)
	case GroupLingering, GroupUnclaimed:
		if takes {
			direct(DeleteGroup)
		}
	case GroupMissing:
		if cause == CauseGroupsNotIncluded {
			console(OpenApp)
		}
		console(RefreshEntitlements)
		reapply()
		direct(CreateGroup)
	case GroupRenamed:
		if takes {
			direct(RenameGroup)
		}
		reapply()
	case MembersMissing:
		reapply()
		direct(AddMembers)
	case MembersExtra:
		reapply()
		if takes {
			direct(RemoveMembers)
		}
	case UserDuplicate, GroupDuplicate:
	}
	return out
}
