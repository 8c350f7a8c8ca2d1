package explain

import (
	"cmp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Why says in a few words why a finding is there and what hangs on it, for a column beside its name and its age.
func Why(f *model.Finding) string {
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
		return joinedBy(", ", "not active", briefly(f.Cause))
	case model.UserUnsynced, model.UserInactive:
		if f.Shows(model.EvidenceInFlight) {
			return "OneLogin is still at it"
		}
		return briefly(f.Cause)
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
		return joinedBy(", ", strings.Join(names, ", "), briefly(f.Cause))
	case model.UserDuplicate, model.GroupDuplicate:
		return "and " + model.Few(claimants(*f))
	case model.GroupLingering:
		return joinedBy(", ", opened(f), lingering(f), held(f))
	case model.GroupUnclaimed:
		return joinedBy(", ", opened(f), "no sign that OneLogin made it", held(f))
	case model.GroupMissing:
		return joinedBy(", ", briefly(f.Cause), held(f))
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

func lingering(f *model.Finding) string {
	return cmp.Or(map[model.Cause]string{
		model.CauseSourceDeleted: "role deleted", model.CauseSourceUnmapped: "no longer mapped",
	}[f.Cause], "nothing yields it")
}

// opened says how many accounts hang on a group: that tells more than who is in it, so that it comes first.
func opened(f *model.Finding) string {
	if n := AccountAssignments(f); n > 0 {
		return model.Counted(n, "assignment", "assignments")
	}
	return ""
}

func held(f *model.Finding) string {
	switch {
	case f.MembersUnknown != "":
		return "members unknown: " + f.MembersUnknown
	case f.Kind == model.GroupUnclaimed && len(f.Members) == 0:
		return ""
	}
	return model.Counted(len(f.Members), "member", "members")
}
