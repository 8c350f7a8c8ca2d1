// Package explain puts findings into words: a heading for a group of them, a sentence for the summary, the next thing
// to do. All of the program's words about kinds, causes and repairs are here; the board and the reports share them.
//
// What it returns may hold strangers' names, raw: render it through model.Visible.
package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Target names the target in prose: "AWS" for the aws dialect, else "the target".
func Target(kind string) string {
	if kind == "aws" {
		return "AWS"
	}
	return "the target"
}

// noRepairUntilAgreed is what sources that contradict each other cost.
const noRepairUntilAgreed = "no repair is offered until they agree"

// Summary says in one phrase, without the subject's name, what is wrong with it, and who says what where that is
// contradicted. target is the prose name of the target.
func Summary(f model.Finding, target string) string {
	said := summary(f, target)
	if f.Contradicted != "" {
		said += "; contradicted: " + f.Contradicted + "; " + noRepairUntilAgreed
	}
	return said
}

// Doubt says what keeps a finding from being certain, or its repairs from being offered; "" where the summary does.
func Doubt(f model.Finding) string {
	switch {
	case f.Provisional:
		return "provisional: not read to the end"
	case f.Contradicted != "":
		return ""
	case f.Confidence == model.Unsure:
		return "not known for certain: what would bear it out was not read"
	}
	if why := drift.WithheldReason(&f); why != "" && len(f.Repairs) > 0 {
		return "what takes access away is not offered: " + why
	}
	return ""
}

// Confidence is the word on how sure a finding is; "" while that is not known yet.
func Confidence(f model.Finding) string {
	if f.Provisional {
		return ""
	}
	return f.Confidence.String()
}

func summary(f model.Finding, target string) string {
	if f.Check != nil {
		return f.Check.Seen
	}
	if found := lookUpText(f.Kind, "found"); found != "" {
		return strings.ReplaceAll(found, "TARGET", target) + causeSuffix(f, target)
	}
	n := len(f.Members)
	switch f.Kind { //nolint:exhaustive // of the others it is the same for all
	case model.RuleOpaque, model.RuleRedundant, model.SetupNoGroupRule:
		return ruleSummary(f)
	case model.UserLingering:
		return lingeringUserSummary(f, target)
	case model.UserStillActive:
		if f.Cause == model.CauseSourceSuspended {
			return "suspended in OneLogin, still active in " + target
		}
		return "not active in OneLogin, still active in " + target + causeSuffix(f, target)
	case model.UserRenamed:
		return fmt.Sprintf("userName is %s in %s", otherName(f), target) + lookAlikeNote(f) + causeSuffix(f, target)
	case model.UserAttributes:
		return Differences(f.Fields) + causeSuffix(f, target)
	case model.UserDuplicate:
		return "claimed by " + model.Counted(n, "other record", "other records") + " too: " + model.Few(claimants(f))
	case model.GroupDuplicate:
		return "claimed by " + model.Counted(n, "other group", "other groups") + " too: " + model.Few(claimants(f))
	case model.GroupLingering:
		if f.MembersUnknown != "" {
			return "in " + target + ", " + lingeringReason(f) + "; its members could not be read"
		}
		return "in " + target + ", " + lingeringReason(f) + "; " + model.Counted(n, "member", "members") +
			" still in it" + assignmentsNote(f)
	case model.GroupMissing:
		members := model.Counted(n, "member", "members")
		if f.MembersUnknown != "" {
			members = "members who are not all known"
		}
		return "should be pushed with " + members + ", absent from " + target + causeSuffix(f, target)
	case model.GroupRenamed:
		return fmt.Sprintf("called %s in %s", otherName(f), target) + lookAlikeNote(f) + causeSuffix(f, target)
	case model.MembersMissing:
		return model.Counted(n, "member", "members") + " missing in " + target + ": " + model.Few(f.Members) +
			causeSuffix(f, target)
	case model.AssignmentsStranded:
		n := AccountAssignments(&f)
		return model.Counted(n, "account assignment hangs", "account assignments hang") +
			" on the id that the group had before it was deleted in " + target + " and made again"
	case model.MembersExtra:
		return model.Counted(n, "member", "members") + " in " + target + " who should not be: " +
			model.Few(f.Members) + causeSuffix(f, target)
	}
	return string(f.Kind)
}

// AccountAssignments is how many account assignments hang on a finding's group, as far as they were asked for.
func AccountAssignments(f *model.Finding) int {
	return model.CountIf(f.Evidence, func(e model.Evidence) bool { return e.What == model.EvidenceAssignment })
}

func assignmentsNote(f model.Finding) string {
	n := AccountAssignments(&f)
	if n == 0 {
		return ""
	}
	return ", " + model.Counted(n, "account assignment", "account assignments") + " on it"
}

func lingeringUserSummary(f model.Finding, target string) string {
	state := "still in "
	if f.Severity == model.Info {
		state = "inactive in "
	}
	switch f.Cause {
	case model.CauseSourceUnassigned:
		return state + target + ", no longer assigned in OneLogin"
	case model.CauseSourceDeleted:
		return state + target + ", deleted in OneLogin" + dateAndActor(f)
	default:
		return state + target + ", unknown to the OneLogin app"
	}
}

func lingeringReason(f model.Finding) string {
	switch f.Cause {
	case model.CauseSourceDeleted:
		return "deleted in OneLogin" + dateAndActor(f)
	case model.CauseSourceUnmapped:
		return "no longer mapped in OneLogin" + dateAndActor(f)
	default:
		return "nothing in OneLogin yields it"
	}
}

// dateAndActor tells date and actor of the event that a finding rests on, where there is one.
func dateAndActor(f model.Finding) string {
	if len(f.Evidence) == 0 || f.Evidence[0].At.IsZero() {
		return ""
	}
	out := " on " + f.Evidence[0].At.UTC().Format(time.DateOnly)
	if by := f.Evidence[0].By; by != "" {
		out += " by " + by
	}
	return out
}

// Standing says in words what a user is on one side.
func Standing(u *model.User) string {
	switch {
	case !u.Assigned:
		return "not assigned to the app"
	case u.RollOnly && u.Standing != "":
		return u.Standing + ", documented nowhere"
	case u.RollOnly:
		return "not known"
	case u.Active:
		return "active"
	case u.Standing != "":
		return u.Standing
	default:
		return "inactive"
	}
}
