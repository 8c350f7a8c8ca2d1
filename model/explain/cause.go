package explain

import (
	"strings"

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
	case model.CauseUnknown, model.CauseUnreadableRule, model.CauseTwoRules, model.CauseRuleAndDefault,
		model.CauseSourceUnassigned, model.CauseSourceDeleted, model.CauseSourceUnmapped,
		model.CauseSourceSuspended, model.CauseDuplicate, model.CauseNoProof:
	}
	return ""
}

// KindAndCause says in a phrase what is known of a finding by its kind and cause alone.
func KindAndCause(kind model.Kind, cause model.Cause) string {
	if isSetup(kind) {
		return CheckTitle(kind)
	}
	return joinedBy(": ", strings.ReplaceAll(string(kind), "-", " "), Cause(cause))
}
