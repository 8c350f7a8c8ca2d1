package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// GroupHeading says in an operator's words what is wrong with findings of one cause group, such as "5 groups linger,
// 13 memberships". It counts the findings that it is given, which may be some of the group's.
func GroupHeading(key drift.GroupKey, findings []*model.Finding, target string) string {
	n := countOf(findings)
	switch key.Why {
	case drift.WhyContradicted:
		return model.Counted(len(findings), "finding is contradicted", "findings are contradicted") +
			": what was read does not agree"
	case drift.WhyAccessMissing:
		where := " to " + target
		if n.groups > 0 {
			where = "" // both have to fit beside the action
		}
		return joinedBy(", ", n.phrase(n.users, "person cannot sign in"+where, "people cannot sign in"+where),
			n.phrase(n.groups, "group lacks members", "groups lack members")) + over100(findings)
	case drift.WhyDetailsDiffer:
		return model.Counted(len(findings), "person has another name or other details in ",
			"people have other names or details in ") + target
	case drift.WhyDuplicates:
		return model.Counted(len(findings), "record is", "records are") + " claimed twice"
	case string(model.CauseProvisioningOff):
		return "Provisioning is off in OneLogin" + n.follow()
	case string(model.CauseTokenRejected):
		return "OneLogin's token is rejected by " + target + n.follow()
	case string(model.CauseGroupsNotIncluded):
		return "Groups are not included in user provisioning" + n.follow()
	case string(model.CauseSafeEntitlements):
		return "Safe Entitlements keeps people in " + model.Counted(n.groups, "group", "groups") + " they should not " +
			"be in"
	case string(model.CausePendingApproval):
		return waiting(n)
	case string(model.CauseMissingAttribute):
		return refused(n) + target + ": attribute missing"
	case string(model.CauseNameConflict):
		return refused(n) + target + ": the name is taken"
	case string(model.CauseStaleEntitlement):
		return missingGroups(findings, n, target)
	}
	if allOf(findings, func(f *model.Finding) bool { return f.Kind.Setup() }) {
		return "Set-up: " + CheckTitle(findings[0].Kind)
	}
	return kindHeading(model.Kind(key.Why), findings, n, target)
}

// kindHeading names findings of one kind.
func kindHeading(kind model.Kind, findings []*model.Finding, n counts, target string) string {
	switch kind { //nolint:exhaustive // the others are never a group of their own
	case model.UserStillActive:
		who := model.Counted(n.users, "person who is no longer active can still sign in to ",
			"people who are no longer active can still sign in to ")
		if allOf(findings, func(f *model.Finding) bool { return f.Cause == model.CauseSourceSuspended }) {
			who = model.Counted(n.users, "suspended person can still sign in to ", "suspended people can still sign "+
				"in to ")
		}
		return who + target
	case model.MembersExtra:
		return model.Counted(n.groups, "group holds people it should not", "groups hold people they should not")
	case model.GroupLingering:
		return model.Counted(n.groups, "group lingers", "groups linger") + ", " + n.memberships()
	case model.UserLingering:
		active := model.CountIf(findings, func(f *model.Finding) bool { return f.Severity > model.Info })
		out := model.Counted(n.users, "person lingers in ", "people linger in ") + target
		if active == 0 {
			out += ", none still active"
		} else if active < len(findings) {
			out += fmt.Sprintf(", %d still active", active)
		}
		return out
	case model.GroupMissing:
		return missingGroups(findings, n, target)
	case model.GroupRenamed:
		return model.Counted(n.groups, "group has another name in ", "groups have another name in ") + target
	case model.GroupUnclaimed:
		return model.Counted(n.groups, "group is not OneLogin's", "groups are not OneLogin's")
	case model.AssignmentsStranded:
		return model.Counted(n.groups, "group lacks its account assignments", "groups lack their account assignments") +
			": they hang on an id that is gone"
	case model.RuleRedundant, model.RuleOpaque:
		return ruleHeading(kind, model.CountIf(findings, func(f *model.Finding) bool { return !f.Kind.Setup() }))
	}
	return fmt.Sprintf("%s (%d)", kind, len(findings))
}

// counts are what findings are about.
type counts struct {
	users, groups, members int
	// unread: the members of a group are not known.
	unread bool
}

func countOf(findings []*model.Finding) counts {
	var n counts
	for _, f := range findings {
		switch f.Subject.Type { //nolint:exhaustive // rules and the connection are counted as findings only
		case model.SubjectUser:
			n.users++
		case model.SubjectGroup:
			n.groups++
			n.members += len(f.Members)
			n.unread = n.unread || f.MembersUnknown != ""
		}
	}
	return n
}

// phrase is a number with its words; empty for none.
func (counts) phrase(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return model.Counted(n, one, many)
}

func (n counts) subjects() string {
	return joinedBy(" and ", n.phrase(n.users, "person", "people"), n.phrase(n.groups, "group", "groups"))
}

// follow says what a cause explains.
func (n counts) follow() string {
	if n.users+n.groups == 0 {
		return ""
	}
	return ": " + n.subjects() + " not as they should be"
}

func (n counts) memberships() string {
	if n.unread {
		return "memberships not known"
	}
	return model.Counted(n.members, "membership", "memberships")
}

func refused(n counts) string {
	if n.users+n.groups == 1 {
		return n.subjects() + " is refused by "
	}
	return n.subjects() + " are refused by "
}

func waiting(n counts) string {
	if n.users+n.groups == 0 {
		return "Tasks wait for an approval in OneLogin"
	}
	verb := " wait"
	if n.users+n.groups == 1 {
		verb = " waits"
	}
	return n.subjects() + verb + " for an approval"
}

func missingGroups(findings []*model.Finding, n counts, target string) string {
	if n.users+n.groups == 0 {
		return "OneLogin remembers groups that are gone from " + target
	}
	missing := model.CountIf(findings, func(f *model.Finding) bool { return f.Kind == model.GroupMissing })
	out := n.phrase(missing, "group is missing in "+target, "groups are missing in "+target)
	if missing > 0 && missing == n.users+n.groups {
		return out + ", " + n.memberships()
	}
	return joinedBy(", ", out, n.phrase(n.users+n.groups-missing, "record is pushed to an id that is gone",
		"records are pushed to ids that are gone"))
}

func over100(findings []*model.Finding) string {
	if allOf(findings, func(f *model.Finding) bool { return f.Cause == model.CauseOver100 }) {
		return ": more than 100 changes in one push"
	}
	return ""
}

func allOf(findings []*model.Finding, is func(*model.Finding) bool) bool {
	return len(findings) > 0 && model.CountIf(findings, is) == len(findings)
}

// joinedBy joins what is not empty.
func joinedBy(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), sep)
}

// Effect says what a repair costs or gives.
func Effect(takes, grants bool) string {
	switch {
	case takes && grants:
		return "takes and gives access"
	case takes:
		return "takes access"
	case grants:
		return "gives access"
	}
	return "takes nothing"
}

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
		if inFlight(*f) {
			return "OneLogin is still at it"
		}
		return briefly(f.Cause)
	case model.UserLingering:
		out := map[model.Cause]string{
			model.CauseSourceUnassigned: "no longer assigned", model.CauseSourceDeleted: "deleted in OneLogin",
		}[f.Cause]
		if out == "" {
			out = "unknown to the OneLogin app"
		}
		if f.Severity == model.Info {
			out = "inactive, " + out
		}
		return out
	case model.UserRenamed, model.GroupRenamed:
		return "called " + otherName(*f)
	case model.UserAttributes:
		names := make([]string, len(f.Fields))
		for i := range f.Fields {
			names[i] = f.Fields[i].Name
		}
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
	switch f.Cause {
	case model.CauseSourceDeleted:
		return "role deleted"
	case model.CauseSourceUnmapped:
		return "no longer mapped"
	default:
		return "nothing yields it"
	}
}

// opened says how many accounts hang on a group: that tells more than who is in it, so that it comes first.
func opened(f *model.Finding) string {
	if n := AccountAssignments(f); n > 0 {
		return model.Counted(n, "assignment", "assignments")
	}
	return ""
}

// held says who is in a group.
func held(f *model.Finding) string {
	switch {
	case f.MembersUnknown != "":
		return "members unknown: " + f.MembersUnknown
	case f.Kind == model.GroupUnclaimed && len(f.Members) == 0:
		return ""
	}
	return model.Counted(len(f.Members), "member", "members")
}
