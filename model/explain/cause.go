package explain

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// causeWords say a cause: in a phrase, in two or three words for a column where the phrase is too long, and in a
// sentence why the difference does not end by itself. TARGET stands for the target.
type causeWords struct{ phrase, brief, stays string }

var causes = map[model.Cause]causeWords{ //nolint:gochecknoglobals // a constant table
	model.CausePendingApproval: {
		"waiting for approval in OneLogin", "waits for approval",
		"OneLogin holds the task until an administrator approves it.",
	},
	model.CauseProvisioningFailed: {
		"OneLogin's last push failed", "last push failed",
		"OneLogin tried, and the push failed; the evidence has its words. It does not always try again by itself.",
	},
	model.CauseMissingAttribute: {
		"an attribute that the target requires is empty or of no use", "attribute missing",
		"TARGET refuses such a user, and each further push will fail in the same way: MEND.",
	},
	model.CauseNameConflict: {
		"another record at the target holds the name", "name is taken",
		"TARGET keeps userName, e-mail and external id unique, and another user there holds one that this user " +
			"should get.",
	},
	model.CauseNeverAttempted: {
		"OneLogin never tried", "never tried",
		"OneLogin never tried: it acts when a user, a role of theirs or a mapping changes, and otherwise only when " +
			"the mappings are reapplied.",
	},
	model.CauseProvisioningOff: {
		"provisioning is switched off for the app", "provisioning off",
		"Provisioning is switched off for the app, so OneLogin pushes nothing at all.",
	},
	model.CauseTokenRejected: {
		"the target rejects OneLogin's token", "token rejected",
		"TARGET refuses OneLogin's token, so no push arrives. Tokens of AWS expire after a year; a deleted token and " +
			"a wrong address look the same.",
	},
	model.CauseSourceUnassigned: {stays: loses},
	model.CauseSourceDeleted:    {stays: loses},
	model.CauseSourceUnmapped: {
		stays: "OneLogin does not take back what it pushed for a role that no longer grants the app.",
	},
	model.CauseSourceSuspended: {stays: "The suspension was not pushed, or the push was lost."},
	model.CauseSourceChanged: {
		"changed in OneLogin and not pushed since", "not pushed since",
		"It was changed in OneLogin, and no push has followed.",
	},
	model.CauseTargetChanged: {"changed at the target", "", "It was changed at the target. " + looksNot},
	model.CauseSourceRenamed: {"renamed in OneLogin", "", "It was renamed in OneLogin."},
	model.CauseTargetRenamed: {"renamed at the target", "", "It was changed at the target. " + looksNot},
	model.CauseSourceRemoved: {
		"removed in OneLogin and not pushed since", "",
		"They were taken out of the role in OneLogin, and no push has followed.",
	},
	model.CauseTargetAdded: {"added at the target", "", "They were added at the target. " + looksNot},
	model.CauseDuplicate: {
		stays: "Whichever is changed or deleted, the other is hit as well, so nothing is offered before one of them " +
			"is settled by hand.",
	},
	model.CauseDeletedAtTarget: {
		"deleted at the target first", "deleted at the target",
		"It was deleted at the target first. OneLogin still pushes to the id that it remembers, and each push fails.",
	},
	model.CauseGroupsNotIncluded: {
		"the app's Groups parameter is not included in user provisioning", "groups not included",
		"The app's Groups parameter is not included in user provisioning, so users arrive and groups do not.",
	},
	model.CauseOver100: {
		"more than 100 changes in one push, which the target refuses", "over 100 changes",
		"TARGET takes at most 100 changes of memberships in one request. OneLogin sends more, and all of them are " +
			"refused.",
	},
	model.CauseStaleEntitlement: {
		"OneLogin pushes to the id of a group that is gone", "stale entitlement",
		"The group was deleted at the target and made again. OneLogin still pushes to the id that it remembers of " +
			"the old one, and each push fails.",
	},
	model.CauseSafeEntitlements: {
		"Safe Entitlements keeps OneLogin from taking away what it did not grant", "Safe Entitlements",
		"Safe Entitlements is on: OneLogin takes away only what it granted itself, and it did not grant this.",
	},
}

const (
	looksNot = "OneLogin does not look there before it has something to push."
	loses    = "What OneLogin does with users who lose the app is set in its console (delete, suspend or do " +
		"nothing), and that push did not arrive or was not asked for."
)

// because adds the cause to a summary, where it is known and not said already.
func because(f model.Finding, target string) string {
	words := Cause(f.Cause)
	switch {
	case f.Cause == model.CauseMissingAttribute && toMend(f, target) != "":
		words = toMend(f, target)
	case f.Cause == model.CauseUnknown && f.Shows(model.EvidenceInFlight):
		words = "OneLogin is still at it"
	}
	if words == "" {
		return ""
	}
	return "; " + words
}

// Cause says a cause in a phrase, and "" where there is nothing to say.
func Cause(c model.Cause) string { return causes[c].phrase }

// KindAndCause says in a phrase what is known of a finding by its kind and cause alone.
func KindAndCause(kind model.Kind, cause model.Cause) string {
	if kind.Setup() {
		return CheckTitle(kind)
	}
	return joinedBy(": ", strings.ReplaceAll(string(kind), "-", " "), Cause(cause))
}

func briefly(c model.Cause) string {
	if c == model.CauseUnknown || c == "" {
		return "cause not known"
	}
	return cmp.Or(causes[c].brief, causes[c].phrase)
}

// stays says why the difference does not end by itself.
func stays(f model.Finding, target string) string {
	if f.LooksAlike() {
		return "Nothing but the look of the name says that the two are one, so that nothing is written at the " +
			"target on the strength of it."
	}
	if said := kinds[f.Kind].stays; said != "" {
		return said // whatever the cause is
	}
	if f.Cause == model.CauseUnknown {
		return unknown(f)
	}
	mend := toMend(f, target)
	said := strings.NewReplacer("TARGET", target, "MEND", mend).Replace(causes[f.Cause].stays)
	if f.Cause == model.CausePendingApproval && mend != "" {
		said += " Once it is approved, " + target + " will refuse it all the same: " + mend + "."
	}
	return said
}

func unknown(f model.Finding) string {
	switch {
	case f.Shows(model.EvidenceInFlight):
		return "OneLogin is still at it, so this may end by itself; read again in a few minutes."
	case f.Kind == model.UserDuplicate, f.Kind == model.GroupDuplicate, f.Kind == model.RuleOpaque,
		f.Kind == model.RuleRedundant:
		return ""
	}
	return "What was read of the log and of the app's settings does not tell why."
}
