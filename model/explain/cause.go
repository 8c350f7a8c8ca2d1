package explain

import "github.com/scimdrift/scimdrift/model"

// because adds the cause to a summary, where it is known and not said already.
func because(f model.Finding) string {
	if words := Cause(f.Cause); words != "" {
		return "; " + words
	}
	return ""
}

// Cause says a cause in a phrase, and "" where there is nothing to say.
func Cause(c model.Cause) string {
	switch c {
	case model.CausePendingApproval:
		return "waiting for approval in OneLogin"
	case model.CauseProvisioningFailed:
		return "OneLogin's last push failed"
	case model.CauseMissingAttribute:
		return "an attribute that the target requires is empty"
	case model.CauseNameConflict:
		return "another record at the target holds the name"
	case model.CauseNeverAttempted:
		return "OneLogin never tried"
	case model.CauseProvisioningOff:
		return "provisioning is switched off for the app"
	case model.CauseTokenRejected:
		return "the target rejects OneLogin's token"
	case model.CauseSourceChanged:
		return "changed in OneLogin and not pushed since"
	case model.CauseTargetChanged:
		return "changed at the target"
	case model.CauseSourceRenamed:
		return "renamed in OneLogin"
	case model.CauseTargetRenamed:
		return "renamed at the target"
	case model.CauseSourceRemoved:
		return "removed in OneLogin and not pushed since"
	case model.CauseTargetAdded:
		return "added at the target"
	case model.CauseDeletedAtTarget:
		return "deleted at the target first"
	case model.CauseGroupsNotIncluded:
		return `the app's Groups parameter is not included in user provisioning`
	case model.CauseUnknown, model.CauseSourceUnassigned, model.CauseSourceDeleted, model.CauseSourceUnmapped,
		model.CauseSourceSuspended, model.CauseDuplicate, model.CauseNoProof:
	}
	return ""
}

// Heading names a group of n findings of one kind and cause, such as "2 groups linger: deleted in OneLogin".
func Heading(kind model.Kind, cause model.Cause, n int) string {
	var out string
	switch kind {
	case model.UserUnsynced:
		out = some(n, "user is unsynced", "users are unsynced")
	case model.UserLingering:
		out = some(n, "user lingers", "users linger")
	case model.UserStillActive:
		out = some(n, "user is still active", "users are still active")
	case model.UserInactive:
		out = some(n, "user is inactive and should not be", "users are inactive and should not be")
	case model.UserRenamed:
		out = some(n, "user has another userName", "users have another userName")
	case model.UserAttributes:
		out = some(n, "user has other attributes", "users have other attributes")
	case model.UserDuplicate:
		out = some(n, "user is claimed twice", "users are claimed twice")
	case model.GroupDuplicate:
		out = some(n, "group is claimed twice", "groups are claimed twice")
	case model.GroupLingering:
		out = some(n, "group lingers", "groups linger")
	case model.GroupUnclaimed:
		out = some(n, "group is not OneLogin's", "groups are not OneLogin's")
	case model.GroupMissing:
		out = some(n, "group is missing", "groups are missing")
	case model.GroupRenamed:
		out = some(n, "group has another name", "groups have another name")
	case model.MembersMissing:
		out = some(n, "group lacks members", "groups lack members")
	case model.MembersExtra:
		out = some(n, "group has members it should not have", "groups have members they should not have")
	}
	if words := headingCause(kind, cause); words != "" {
		out += ": " + words
	}
	return out
}

func headingCause(kind model.Kind, cause model.Cause) string {
	switch cause {
	case model.CauseSourceDeleted:
		if kind == model.GroupLingering {
			return "deleted in OneLogin, still granting access"
		}
		return "deleted in OneLogin"
	case model.CauseSourceUnmapped:
		return "no longer mapped in OneLogin"
	case model.CauseSourceUnassigned:
		return "no longer assigned in OneLogin"
	case model.CauseSourceSuspended:
		return "suspended in OneLogin"
	default:
		return Cause(cause)
	}
}

// Next says the next thing to do about a finding, in words; "" where nothing is offered.
func Next(f model.Finding) string {
	if len(f.Repairs) == 0 {
		if f.Kind == model.UserDuplicate || f.Kind == model.GroupDuplicate {
			return "Decide by hand which record is right, and remove or change the other."
		}
		return "Nothing is offered before the sides are read completely: reload when they answer."
	}
	switch f.Repairs[0].Repair {
	case model.ApprovePending:
		return "Approve the pending task: OneLogin > the app > Users > Pending > Approve."
	case model.OpenApp:
		if f.Cause == model.CauseGroupsNotIncluded {
			return `Include the groups: OneLogin > the app > Parameters > Groups > "Include in User Provisioning".`
		}
		return "Switch provisioning on: OneLogin > the app > Provisioning > Enable provisioning."
	case model.RefreshEntitlements:
		return "Refresh entitlements (OneLogin > the app > Provisioning > Entitlements > Refresh), then reapply the mappings."
	case model.ReapplyMappings:
		return "Reapply the mappings: OneLogin > the app > More Actions > Reapply entitlement mappings."
	case model.DeactivateUser:
		return "Deactivate or delete the user at the target, once nobody needs it."
	case model.DeleteGroup:
		if f.Kind == model.GroupUnclaimed {
			return "Leave it alone unless you know whose it is."
		}
		return "Delete the group at the target: OneLogin never deletes groups, so it stays until somebody does."
	case model.RenameGroup:
		return "Rename the group at the target: that keeps its id and its assignments."
	default:
		return ""
	}
}
