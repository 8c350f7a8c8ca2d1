package explain

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// ShortReason says in a few words why a finding is there and what hangs on it, for a column beside its name and its
// age.
func ShortReason(f *model.Finding) string {
	if f.Check != nil {
		return f.Check.Seen
	}
	if f.Contradicted != "" {
		return "contradicted: " + f.Contradicted
	}
	switch f.Kind {
	case model.UserStillActive:
		if f.Cause == model.CauseSourceSuspended {
			return "suspended, not pushed"
		}
		return joinNonEmpty(", ", "not active", briefCause(f.Cause))
	case model.UserUnsynced, model.UserInactive:
		if f.Shows(model.EvidenceInFlight) {
			return "OneLogin is still at it"
		}
		return briefCause(f.Cause)
	case model.UserLingering:
		out := map[model.Cause]string{
			model.CauseSourceUnassigned: "no longer assigned", model.CauseSourceDeleted: "deleted in OneLogin",
		}[f.Cause]
		out = cmp.Or(out, "unknown to the OneLogin app")
		if f.Severity == model.Info {
			out = "inactive, " + out
		}
		return out
	case model.UserRenamed, model.GroupRenamed:
		return "called " + otherName(*f)
	case model.UserAttributes:
		names := model.Map(f.Fields, func(d *model.FieldDiff) string { return d.Name })
		return joinNonEmpty(", ", strings.Join(names, ", "), briefCause(f.Cause))
	case model.UserDuplicate, model.GroupDuplicate:
		return "and " + model.Few(claimants(*f))
	case model.GroupLingering:
		return joinNonEmpty(", ", assignmentCount(f), briefLingeringReason(f), memberCount(f))
	case model.GroupUnclaimed:
		return joinNonEmpty(", ", assignmentCount(f), "no sign that OneLogin made it", memberCount(f))
	case model.GroupMissing:
		return joinNonEmpty(", ", briefCause(f.Cause), memberCount(f))
	case model.MembersMissing:
		return "− " + model.Few(f.Members)
	case model.MembersExtra:
		return "+ " + model.Few(f.Members)
	case model.AssignmentsStranded:
		return model.Counted(AccountAssignments(f), "account assignment", "account assignments") + " on its old id"
	case model.RuleRedundant, model.RuleOpaque:
		return ruleSummary(*f)
	default:
		return Cause(f.Cause)
	}
}

func briefLingeringReason(f *model.Finding) string {
	return cmp.Or(map[model.Cause]string{
		model.CauseSourceDeleted: "role deleted", model.CauseSourceUnmapped: "no longer mapped",
	}[f.Cause], "nothing yields it")
}

// assignmentCount says how many accounts hang on a group: that tells more than who is in it, so that it comes first.
func assignmentCount(f *model.Finding) string {
	if n := AccountAssignments(f); n > 0 {
		return model.Counted(n, "assignment", "assignments")
	}
	return ""
}

func memberCount(f *model.Finding) string {
	switch {
	case f.MembersUnknown != "":
		return "members unknown: " + f.MembersUnknown
	case f.Kind == model.GroupUnclaimed && len(f.Members) == 0:
		return ""
	}
	return model.Counted(len(f.Members), "member", "members")
}
