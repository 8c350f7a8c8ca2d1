package explain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// Paragraph tells a finding in full sentences: what happened, why it stays, what it means for access, what ends it.
// It stands beside the summary and the evidence and repeats neither names nor dates. target is the prose name of the
// target, as Target gives it.
func Paragraph(f model.Finding, target string) string {
	if f.Check != nil {
		return joined(f.Check.Seen, f.Check.Todo)
	}
	if f.Contradicted != "" { // neither why it stays nor what it means is known
		return joined(happened(f, target), f.Contradicted, noneUntil, Next(f))
	}
	return joined(happened(f, target), stays(f, target), access(f, target), ends(f, target))
}

// joined makes one paragraph of phrases, each a sentence of its own.
func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		if first, size := utf8.DecodeRuneInString(p); size > 0 {
			p = string(unicode.ToUpper(first)) + p[size:]
		}
		if !strings.HasSuffix(p, ".") {
			p += "."
		}
		out = append(out, p)
	}
	return strings.Join(out, " ")
}

func happened(f model.Finding, target string) string {
	if f.LooksAlike() {
		return "OneLogin and " + target + " each have a record that the other lacks, and the two names only look alike."
	}
	switch f.Kind {
	case model.RuleRedundant, model.RuleOpaque, model.SetupNoGroupRule:
		return ruleHappened(f)
	case model.UserUnsynced:
		return "OneLogin assigns the app to this user, and " + target + " has no such user."
	case model.UserLingering:
		if f.Cause == model.CauseSourceDeleted {
			return "This user was deleted in OneLogin and is still in " + target + "."
		}
		return "This user is in " + target + ", and OneLogin's app does not list them."
	case model.UserStillActive:
		return "OneLogin does not let this user in any more, and " + target + " still does."
	case model.UserInactive:
		return "OneLogin lets this user in, and " + target + " has them switched off."
	case model.UserRenamed:
		return "Both sides have this user, under different userNames."
	case model.UserAttributes:
		return "Both sides have this user, with different values."
	case model.UserDuplicate, model.GroupDuplicate:
		return "Two records on one side claim the same record on the other."
	case model.GroupLingering:
		return "This group is in " + target + ", and nothing in OneLogin yields it any more."
	case model.GroupUnclaimed:
		return "This group is in " + target + ", and there is no sign that OneLogin made it: somebody made it by " +
			"hand, or another tool such as Control Tower did."
	case model.GroupMissing:
		return "OneLogin should push this group for the users who are in it, and " + target + " does not have it."
	case model.GroupRenamed:
		return "Both sides have this group, under different names."
	case model.MembersMissing:
		return "Users who should be in this group are not in it in " + target + "."
	case model.AssignmentsStranded:
		return "This group was deleted in " + target +
			" and made again, and what it was assigned hangs on the id that it had before."
	case model.MembersExtra:
		return "Users are in this group in " + target + " who should not be."
	}
	return Summary(f, target)
}

// stays says why the difference does not end by itself.
func stays(f model.Finding, target string) string {
	if f.LooksAlike() {
		return "Nothing but the look of the name says that the two are one, so that nothing is written at the " +
			"target on the strength of it."
	}
	switch f.Kind { //nolint:exhaustive // only these stay whatever the cause is
	case model.GroupLingering:
		return "OneLogin never deletes groups at a target, so it stays until somebody does."
	case model.AssignmentsStranded:
		return "Account assignments follow a group's id, and OneLogin knows nothing of them, so they stay where " +
			"they are until somebody moves them."
	case model.GroupRenamed:
		return "OneLogin finds groups by name: it takes a new name for a new group and leaves the old one behind."
	}
	switch f.Cause {
	case model.CausePendingApproval:
		out := "OneLogin holds the task until an administrator approves it."
		if bad := toMend(f, target); bad != "" {
			out += " Once it is approved, " + target + " will refuse it all the same: " + bad + "."
		}
		return out
	case model.CauseProvisioningFailed:
		return "OneLogin tried, and the push failed; the evidence has its words. It does not always try again by " +
			"itself."
	case model.CauseMissingAttribute:
		return target + " refuses such a user, and each further push will fail in the same way: " +
			toMend(f, target) + "."
	case model.CauseNameConflict:
		return target + " keeps userName, e-mail and external id unique, and another user there holds one that this " +
			"user should get."
	case model.CauseNeverAttempted:
		return "OneLogin never tried: it acts when a user, a role of theirs or a mapping changes, and otherwise " +
			"only when the mappings are reapplied."
	case model.CauseProvisioningOff:
		return "Provisioning is switched off for the app, so OneLogin pushes nothing at all."
	case model.CauseTokenRejected:
		return target + " refuses OneLogin's token, so no push arrives. Tokens of AWS expire after a year; a " +
			"deleted token and a wrong address look the same."
	case model.CauseSourceDeleted, model.CauseSourceUnassigned:
		return "What OneLogin does with users who lose the app is set in its console (delete, suspend or do " +
			"nothing), and that push did not arrive or was not asked for."
	case model.CauseSourceUnmapped:
		return "OneLogin does not take back what it pushed for a role that no longer grants the app."
	case model.CauseSourceSuspended:
		return "The suspension was not pushed, or the push was lost."
	case model.CauseSourceChanged:
		return "It was changed in OneLogin, and no push has followed."
	case model.CauseTargetChanged, model.CauseTargetRenamed:
		return "It was changed at the target. OneLogin does not look there before it has something to push."
	case model.CauseSourceRenamed:
		return "It was renamed in OneLogin."
	case model.CauseSourceRemoved:
		return "They were taken out of the role in OneLogin, and no push has followed."
	case model.CauseTargetAdded:
		return "They were added at the target. OneLogin does not look there before it has something to push."
	case model.CauseDeletedAtTarget:
		return "It was deleted at the target first. OneLogin still pushes to the id that it remembers, and each " +
			"push fails."
	case model.CauseStaleEntitlement:
		return "The group was deleted at the target and made again. OneLogin still pushes to the id that it " +
			"remembers of the old one, and each push fails."
	case model.CauseGroupsNotIncluded:
		return "The app's Groups parameter is not included in user provisioning, so users arrive and groups do not."
	case model.CauseOver100:
		return target + " takes at most 100 changes of memberships in one request. OneLogin sends more, and all of " +
			"them are refused."
	case model.CauseSafeEntitlements:
		return "Safe Entitlements is on: OneLogin takes away only what it granted itself, and it did not grant this."
	case model.CauseDuplicate:
		return "Whichever is changed or deleted, the other is hit as well, so nothing is offered before one of them " +
			"is settled by hand."
	case model.CauseNoProof, model.CauseUnreadableRule, model.CauseTwoRules, model.CauseRuleAndDefault: // said already
	case model.CauseUnknown:
		return unknown(f)
	}
	return ""
}

func unknown(f model.Finding) string {
	switch {
	case inFlight(f):
		return "OneLogin is still at it, so this may end by itself; read again in a few minutes."
	case f.Kind == model.UserDuplicate, f.Kind == model.GroupDuplicate, f.Kind == model.RuleOpaque,
		f.Kind == model.RuleRedundant:
		return ""
	}
	return "What was read of the log and of the app's settings does not tell why."
}

// access says what the difference means for those who need access, or should not have it.
func access(f model.Finding, target string) string {
	switch f.Kind {
	case model.UserUnsynced:
		return "Until then this user cannot sign in to " + target + ", whatever groups they should be in."
	case model.UserLingering:
		if f.Severity == model.Info {
			return "The record is inactive and lets nobody in; it can come back to life with all its memberships."
		}
		return "Without the app in OneLogin there is no way to sign in by it, but the record keeps its memberships " +
			"and assignments, and any other way in finds them."
	case model.UserStillActive:
		return "Sessions that run go on, and whatever still lets this user sign in finds all access in place."
	case model.UserInactive:
		return "This user cannot sign in to " + target + "; memberships and assignments wait unchanged."
	case model.UserRenamed:
		return "Sign-in by SAML needs the exact userName, so this user can probably not sign in."
	case model.UserAttributes:
		return "Access is the same; what depends on these values is not."
	case model.GroupLingering:
		if f.MembersUnknown == "" && len(f.Members) == 0 {
			return "Nobody is in it, and whoever is put into it gets what it is assigned."
		}
		return "Its members keep whatever the group is assigned."
	case model.GroupUnclaimed:
		return "It grants what it is assigned, as whoever made it wanted."
	case model.GroupMissing:
		return "Its members lack whatever the group should be assigned. Account assignments hang on the group's id: " +
			"a group that is made anew has none."
	case model.GroupRenamed:
		return "Members and assignments hang on the group's id and are in place; a new group under the new name " +
			"would have none."
	case model.MembersMissing:
		return "They lack what the group is assigned."
	case model.AssignmentsStranded:
		return "Its members lack these accounts: AWS keeps the assignments of a deleted group, and they open " +
			"nothing to anybody."
	case model.MembersExtra:
		return "They have whatever the group is assigned."
	case model.UserDuplicate, model.GroupDuplicate, model.RuleRedundant, model.RuleOpaque,
		model.SetupNoGroupRule: // nobody's access hangs on it
	}
	return ""
}

// ends says what ends it: the next thing to do.
func ends(f model.Finding, target string) string {
	switch {
	case len(f.Repairs) == 0, f.Cause == model.CauseMissingAttribute, f.Cause == model.CauseNameConflict,
		f.Kind == model.GroupUnclaimed, f.Repairs[0].Repair == model.OpenApp:
		return Next(f)
	}
	return "What ends it: " + lower(does(f.Repairs[0], target))
}

func lower(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

func inFlight(f model.Finding) bool {
	for _, e := range f.Evidence {
		if e.What == model.EvidenceInFlight {
			return true
		}
	}
	return false
}
