package model

// offer lists the repairs of a finding, best first, as DESIGN section 4 orders them by kind and cause. It is the one order: what says
// what to do next, and in which order, goes by it.
//
// A repair that takes something away is offered only where all that it rests on was read, so that a bad read never leads to a
// delete; nothing is, where witnesses contradict each other or nothing but the look of the names makes one of two records.
func offer(f *Finding, nudge bool) []Option {
	if f.Contradicted != "" || f.LooksAlike() {
		return nil
	}
	kind, cause := f.Kind, f.Cause
	var out []Option
	console := func(r RepairName) { out = append(out, Option{r, Console}) }
	direct := func(r RepairName) { out = append(out, Option{r, Direct}) }
	taking := func(r RepairName) {
		if f.Blocked == "" {
			direct(r)
		}
	}
	reapply := func() {
		if nudge {
			out = append(out, Option{ReapplyMappings, Nudge})
		}
		console(ReapplyMappings)
	}
	out = append(out, first(kind, cause)...)
	switch kind {
	case UserUnsynced:
		switch cause {
		case CausePendingApproval, CauseProvisioningOff:
		default:
			reapply()
			console(SyncLogins)
			if cause != CauseMissingAttribute && cause != CauseNameConflict {
				direct(CreateUser) // the target would refuse it from us as it does from OneLogin
			}
		}
	case UserLingering:
		if f.Severity != Info { // one who is inactive can only be deleted
			taking(DeactivateUser)
		}
		taking(DeleteUser)
	case UserStillActive:
		reapply()
		taking(DeactivateUser)
	case UserInactive:
		reapply()
		if cause != CausePendingApproval {
			direct(ActivateUser)
		}
	case UserRenamed:
		reapply()
		if cause != CauseNameConflict && cause != CauseMissingAttribute {
			taking(UpdateUser)
		}
	case UserAttributes:
		reapply()
		// A write of ours is no way around an approval, and the target would refuse a value that another user holds from us too.
		if cause != CausePendingApproval && cause != CauseNameConflict {
			direct(UpdateUser)
		}
	case GroupLingering, GroupUnclaimed:
		if f.assigned() { // AWS would keep what it opens
			taking(RemoveAssignments)
		}
		taking(DeleteGroup)
	case GroupMissing:
		if cause != CausePendingApproval { // the group comes with the first member who is approved
			console(RefreshEntitlements)
			reapply()
			direct(CreateGroup)
		}
	case GroupRenamed:
		taking(RenameGroup)
		reapply()
	case MembersMissing:
		switch cause {
		case CauseOver100: // OneLogin would send all of them in one request again
			direct(AddMembers)
			reapply()
		case CausePendingApproval:
			reapply()
		default:
			reapply()
			direct(AddMembers)
		}
	case MembersExtra:
		if cause != CauseSafeEntitlements { // OneLogin would keep its hands off them again
			reapply()
		}
		taking(RemoveMembers)
	case RuleRedundant, RuleOpaque, SetupNoGroupRule:
		console(OpenRules)
	case UserDuplicate, GroupDuplicate:
	}
	return out
}

// Withheld says why a finding is not offered what takes access away, where there is such a repair; "" where there is none, or where it
// is offered.
func (f *Finding) Withheld() string {
	free := *f
	free.Blocked = ""
	if len(offer(&free, false)) == len(offer(f, false)) {
		return ""
	}
	return f.Blocked
}

// first lists what has to be done before OneLogin can push at all: approve, mend the app's settings or token, refresh what
// it remembers of the target.
func first(kind Kind, cause Cause) []Option {
	switch kind {
	case UserUnsynced, UserStillActive, UserInactive, UserRenamed, UserAttributes, GroupMissing, MembersMissing, MembersExtra:
	default:
		return nil
	}
	switch cause { //nolint:exhaustive // the others need nothing before
	case CausePendingApproval:
		return []Option{{ApprovePending, Console}}
	case CauseProvisioningOff, CauseGroupsNotIncluded, CauseTokenRejected, CauseSafeEntitlements:
		return []Option{{OpenApp, Console}}
	case CauseStaleEntitlement:
		return []Option{{RefreshEntitlements, Console}}
	}
	return nil
}
