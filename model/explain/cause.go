package explain

import (
	"fmt"

	"github.com/scimdrift/scimdrift/model"
)

// because adds the cause to a summary, where it is known and not said already.
func because(f model.Finding, target string) string {
	words := Cause(f.Cause)
	switch {
	case f.Cause == model.CauseMissingAttribute && toMend(f, target) != "":
		words = toMend(f, target)
	case f.Cause == model.CauseUnknown && inFlight(f):
		words = "OneLogin is still at it"
	}
	if words == "" {
		return ""
	}
	return "; " + words
}

// Cause says a cause in a phrase, and "" where there is nothing to say.
func Cause(c model.Cause) string {
	switch c {
	case model.CausePendingApproval:
		return "waiting for approval in OneLogin"
	case model.CauseProvisioningFailed:
		return "OneLogin's last push failed"
	case model.CauseMissingAttribute:
		return "an attribute that the target requires is empty or of no use"
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
	case model.CauseOver100:
		return "more than 100 changes in one push, which the target refuses"
	case model.CauseStaleEntitlement:
		return "OneLogin pushes to the id of a group that is gone"
	case model.CauseSafeEntitlements:
		return "Safe Entitlements keeps OneLogin from taking away what it did not grant"
	case model.CauseUnknown, model.CauseUnreadableRule, model.CauseTwoRules, model.CauseRuleAndDefault, model.CauseSourceUnassigned, model.CauseSourceDeleted, model.CauseSourceUnmapped,
		model.CauseSourceSuspended, model.CauseDuplicate, model.CauseNoProof:
	}
	return ""
}

// Heading names a group of n findings of one kind and cause, such as "2 groups linger: deleted in OneLogin".
func Heading(kind model.Kind, cause model.Cause, n int) string {
	if isSetup(kind) {
		return "set-up: " + CheckTitle(kind)
	}
	var out string
	switch kind {
	case model.RuleOpaque, model.RuleRedundant:
		return ruleHeading(kind, n)
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
	case model.AssignmentsStranded:
		return some(n, "group lacks account assignments", "groups lack account assignments") + ": they hang on the id that the group had before"
	case model.MembersExtra:
		out = some(n, "group has members it should not have", "groups have members they should not have")
	default:
		out = fmt.Sprintf("%s (%d)", kind, n)
	}
	if words := headingCause(kind, cause); words != "" {
		out += ": " + words
	}
	return out
}

// Contradicted is the heading of findings that something else which was read speaks against.
func Contradicted(heading string) string { return heading + " (contradicted)" }

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
