package model

// offer lists the repairs of a finding, best first, as DESIGN section 4 orders them by kind and cause. It is the one
// order: what says what to do next, and in which order, goes by it.
//
// A repair that takes something away is offered only where all that it rests on was read, so that a bad read never
// leads to a delete; nothing is, where witnesses contradict each other or nothing but the look of the names makes one
// of two records.
func offer(f *Finding, nudge bool) []Option {
	if f.Contradicted != "" || f.LooksAlike() {
		return nil
	}
	o := offers{finding: f, nudge: nudge, list: first(f.Kind, f.Cause)}
	switch f.Kind {
	case UserUnsynced, UserLingering, UserStillActive, UserInactive, UserRenamed, UserAttributes:
		o.ofUser()
	case GroupLingering, GroupUnclaimed, GroupMissing, GroupRenamed:
		o.ofGroup()
	case MembersMissing, MembersExtra:
		o.ofMembers()
	case RuleRedundant, RuleOpaque, SetupNoGroupRule:
		o.console(OpenRules)
	case AssignmentsStranded:
		o.taking(MoveAssignments)
	case UserDuplicate, GroupDuplicate:
	}
	return o.list
}

// offers gathers the repairs of one finding.
type offers struct {
	finding *Finding
	nudge   bool
	list    []Option
}

func (o *offers) console(r RepairName) { o.list = append(o.list, Option{r, Console}) }
func (o *offers) direct(r RepairName)  { o.list = append(o.list, Option{r, Direct}) }

// taking offers what takes something away, where nothing blocks it.
func (o *offers) taking(r RepairName) {
	if o.finding.Blocked == "" {
		o.direct(r)
	}
}

func (o *offers) reapply() {
	if o.nudge {
		o.list = append(o.list, Option{ReapplyMappings, Nudge})
	}
	o.console(ReapplyMappings)
}

func (o *offers) ofUser() {
	cause := o.finding.Cause
	switch o.finding.Kind {
	case UserUnsynced:
		switch cause { //nolint:exhaustive // the others keep nothing back
		case CauseProvisioningOff:
			return
		case CausePendingApproval: // with the approval boxes off, one reapply pushes whoever waits
			o.console(ReapplyMappings)
			return
		}
		o.reapply()
		o.console(SyncLogins)
		if cause != CauseMissingAttribute && cause != CauseNameConflict {
			o.direct(CreateUser) // the target would refuse it from us as it does from OneLogin
		}
	case UserLingering:
		if o.finding.Severity != Info { // one who is inactive can only be deleted
			o.taking(DeactivateUser)
		}
		o.taking(DeleteUser)
	case UserStillActive:
		o.reapply()
		o.taking(DeactivateUser)
	case UserInactive:
		o.reapply()
		if cause != CausePendingApproval {
			o.direct(ActivateUser)
		}
	case UserRenamed:
		o.reapply()
		if cause != CauseNameConflict && cause != CauseMissingAttribute {
			o.taking(UpdateUser)
		}
	case UserAttributes:
		o.reapply()
		// A write of ours is no way around an approval, and the target would refuse a value that another user holds
		// from us too.
		if cause != CausePendingApproval && cause != CauseNameConflict {
			o.direct(UpdateUser)
		}
	default:
	}
}

func (o *offers) ofGroup() {
	switch o.finding.Kind {
	case GroupLingering, GroupUnclaimed:
		if o.finding.assigned() { // AWS would keep what it opens
			o.taking(RemoveAssignments)
		}
		o.taking(DeleteGroup)
	case GroupMissing:
		if o.finding.Cause != CausePendingApproval { // the group comes with the first member who is approved
			o.console(RefreshEntitlements)
			o.reapply()
			o.direct(CreateGroup)
		}
	case GroupRenamed:
		o.taking(RenameGroup)
		o.reapply()
	default:
	}
}

func (o *offers) ofMembers() {
	cause := o.finding.Cause
	switch {
	case o.finding.Kind == MembersExtra:
		if cause != CauseSafeEntitlements { // OneLogin would keep its hands off them again
			o.reapply()
		}
		o.taking(RemoveMembers)
	case cause == CauseOver100: // OneLogin would send all of them in one request again
		o.direct(AddMembers)
		o.reapply()
	case cause == CausePendingApproval:
		o.reapply()
	default:
		o.reapply()
		o.direct(AddMembers)
	}
}

// Withheld says why a finding is not offered what takes access away, where there is such a repair; "" where there is
// none, or where it is offered.
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
