package drift

import "github.com/scimdrift/scimdrift/model"

// repairsFor lists the repairs of a finding, best first, as DESIGN section 4 orders them by kind and cause. It is the
// one order: what says what to do next, and in which order, goes by it.
//
// A repair that takes something away is offered only where all that it rests on was read, so that a bad read never
// leads to a delete; nothing is, where sources contradict each other or nothing but the look of the names makes one
// of two records.
func repairsFor(f *model.Finding, nudge bool) []model.Option {
	if f.Contradicted != "" || f.LooksAlike() {
		return nil
	}
	o := offers{finding: f, nudge: nudge, list: prerequisites(f.Kind, f.Cause)}
	pending, held := f.Cause == model.CausePendingApproval, f.Cause == model.CauseNameConflict
	switch f.Kind {
	case model.UserUnsynced:
		o.addForUnsynced()
	case model.UserLingering:
		if f.Severity != model.Info { // one who is inactive can only be deleted
			o.addTaking(model.DeactivateUser)
		}
		o.addTaking(model.DeleteUser)
	case model.UserStillActive:
		o.addReapply()
		o.addTaking(model.DeactivateUser)
	case model.UserInactive:
		o.addReapply()
		if !pending {
			o.addDirect(model.ActivateUser)
		}
	case model.UserRenamed:
		o.addReapply()
		if !held && f.Cause != model.CauseMissingAttribute {
			o.addTaking(model.UpdateUser)
		}
	case model.UserAttributes:
		o.addReapply()
		// A write of ours is no way around an approval, and the target would refuse a value that another user holds
		// from us too.
		if !pending && !held {
			o.addDirect(model.UpdateUser)
		}
	case model.GroupLingering, model.GroupUnclaimed:
		if f.Shows(model.EvidenceAssignment) { // AWS would keep what it opens
			o.addTaking(model.RemoveAssignments)
		}
		o.addTaking(model.DeleteGroup)
	case model.GroupMissing:
		if !pending { // the group comes with the first member who is approved
			o.addConsole(model.RefreshEntitlements)
			o.addReapply()
			o.addDirect(model.CreateGroup)
		}
	case model.GroupRenamed:
		o.addTaking(model.RenameGroup)
		o.addReapply()
	case model.MembersExtra:
		if f.Cause != model.CauseSafeEntitlements { // OneLogin would keep its hands off them again
			o.addReapply()
		}
		o.addTaking(model.RemoveMembers)
	case model.MembersMissing:
		o.addForMembersMissing()
	case model.RuleRedundant, model.RuleOpaque, model.SetupNoGroupRule:
		o.addConsole(model.OpenRules)
	case model.AssignmentsStranded:
		o.addTaking(model.MoveAssignments)
	case model.UserDuplicate, model.GroupDuplicate:
	}
	return o.list
}

type offers struct {
	finding *model.Finding
	nudge   bool
	list    []model.Option
}

func (o *offers) addConsole(r model.RepairName) {
	o.list = append(o.list, model.Option{Repair: r, Channel: model.Console})
}

func (o *offers) addDirect(r model.RepairName) {
	o.list = append(o.list, model.Option{Repair: r, Channel: model.Direct})
}

// addTaking offers what takes something away, where nothing blocks it.
func (o *offers) addTaking(r model.RepairName) {
	if o.finding.Blocked == "" {
		o.addDirect(r)
	}
}

func (o *offers) addReapply() {
	if o.nudge {
		o.list = append(o.list, model.Option{Repair: model.ReapplyMappings, Channel: model.Nudge})
	}
	o.addConsole(model.ReapplyMappings)
}

func (o *offers) addForUnsynced() {
	cause := o.finding.Cause
	switch cause { //nolint:exhaustive // the others keep nothing back
	case model.CauseProvisioningOff:
		return
	case model.CausePendingApproval: // with the approval boxes off, one reapply pushes whoever waits
		o.addConsole(model.ReapplyMappings)
		return
	}
	o.addReapply()
	o.addConsole(model.SyncLogins)
	if cause != model.CauseMissingAttribute && cause != model.CauseNameConflict {
		o.addDirect(model.CreateUser) // the target would refuse it from us as it does from OneLogin
	}
}

func (o *offers) addForMembersMissing() {
	over := o.finding.Cause == model.CauseOver100 // OneLogin would send all of them in one request again
	if over {
		o.addDirect(model.AddMembers)
	}
	o.addReapply()
	if !over && o.finding.Cause != model.CausePendingApproval {
		o.addDirect(model.AddMembers)
	}
}

// WithheldReason says why a finding is not offered what takes access away; "" where there is no such repair, or it is.
func WithheldReason(f *model.Finding) string {
	free := *f
	free.Blocked = ""
	if len(repairsFor(&free, false)) == len(repairsFor(f, false)) {
		return ""
	}
	return f.Blocked
}

// prerequisites lists what has to be done before OneLogin can push: approve, mend the app's settings or token, refresh.
func prerequisites(kind model.Kind, cause model.Cause) []model.Option {
	switch kind {
	case model.UserUnsynced, model.UserStillActive, model.UserInactive, model.UserRenamed, model.UserAttributes,
		model.GroupMissing, model.MembersMissing, model.MembersExtra:
	default:
		return nil
	}
	switch cause { //nolint:exhaustive // the others need nothing before
	case model.CausePendingApproval:
		return []model.Option{{Repair: model.ApprovePending, Channel: model.Console}}
	case model.CauseProvisioningOff, model.CauseGroupsNotIncluded, model.CauseTokenRejected,
		model.CauseSafeEntitlements:
		return []model.Option{{Repair: model.OpenApp, Channel: model.Console}}
	case model.CauseStaleEntitlement:
		return []model.Option{{Repair: model.RefreshEntitlements, Channel: model.Console}}
	}
	return nil
}
