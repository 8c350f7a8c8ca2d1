package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Scale is how many people and groups there should be, zero where that is not known, and what the target is called.
type Scale struct {
	People, Groups int
	Target         string
}

// ScaleOf counts who is assigned and active, and the groups that are expected.
func ScaleOf(c *drift.Comparison) Scale {
	s := Scale{Target: Target(c.Target.Kind)}
	if c.Source.Coverage[model.PartUsers].Complete() {
		s.People = c.Source.Entitled()
	}
	if c.Source.Coverage[model.PartGroups].Complete() {
		s.Groups = c.Source.Expected()
	}
	return s
}

// isMost reports whether a number is most of all there should be; of a few nothing is said.
func isMost(n, all int) bool {
	const few = 5
	return all >= few && 2*n >= all
}

// Outage says for a total outage what a few leftovers of the same severity are not: that nothing is pushed at all, or
// that most people or groups do not arrive. It is empty where there is none.
func Outage(groups []drift.CauseGroup, all []model.Finding, of Scale) string {
	n := counts{scale: of}
	for i := range groups {
		g := &groups[i]
		switch why := g.Key.Why; {
		case g.StopsPushing():
			return "nothing is pushed"
		case why == string(model.CauseGroupsNotIncluded):
			return "no group is pushed"
		case slices.Contains([]string{
			drift.WhyAccessMissing, string(model.GroupMissing), string(model.CauseStaleEntitlement),
			string(model.CausePendingApproval), string(model.CauseMissingAttribute), string(model.CauseNameConflict),
		}, why):
			these := countOf(g.Of(all), of)
			n.users, n.groups = n.users+these.users, n.groups+these.groups
		}
	}
	if !isMost(n.users, of.People) && !isMost(n.groups, of.Groups) {
		return ""
	}
	return n.subjects()
}

// GroupHeading says in an operator's words what is wrong with findings of one cause group, such as "5 groups linger, 13
// memberships", which may be some of its findings; where they are most of all, of how many.
func GroupHeading(key drift.GroupKey, findings []*model.Finding, of Scale) string {
	heading := groupHeading(key, findings, countOf(findings, of))
	if rest, all := strings.CutPrefix(heading, "all "); all {
		return "All " + rest
	}
	return heading
}

func groupHeading(key drift.GroupKey, findings []*model.Finding, n counts) string {
	target := n.scale.Target
	switch key.Why {
	case drift.WhyAccessMissing:
		where := " to " + target
		if n.groups > 0 {
			where = "" // both have to fit beside the action
		}
		return joinNonEmpty(", ", n.people("person cannot sign in"+where, "people cannot sign in"+where),
			countOfTotal(n.groups, n.scale.Groups, "group lacks members", "groups lack members")) +
			over100Note(findings)
	case string(model.CauseProvisioningOff):
		return n.causeWithSubjects("Provisioning is off", " in OneLogin")
	case string(model.CauseTokenRejected):
		return n.causeWithSubjects("Token rejected by "+target, ": OneLogin can push nothing")
	case string(model.CauseGroupsNotIncluded):
		return n.causeWithSubjects("Groups not included", " in provisioning")
	case string(model.CauseSafeEntitlements):
		return "Safe Entitlements keeps people in " + model.Counted(n.groups, "group", "groups") + " they should not " +
			"be in"
	case string(model.CausePendingApproval):
		if n.users+n.groups == 0 {
			return "Tasks wait for approval in OneLogin"
		}
		return n.subjectsWithVerb(" waits for approval", " wait for approval")
	case string(model.CauseMissingAttribute):
		return n.subjectsWithVerb(" is refused by ", " are refused by ") + target + ": attribute missing"
	case string(model.CauseNameConflict):
		return n.subjectsWithVerb(" is refused by ", " are refused by ") + target + ": the name is taken"
	case string(model.CauseStaleEntitlement):
		return missingGroups(findings, n, target)
	}
	if allMatch(findings, func(f *model.Finding) bool { return f.Kind.Setup() }) {
		return cmp.Or(lookUpText(findings[0].Kind, "wrong"), CheckTitle(findings[0].Kind))
	}
	return kindHeading(model.Kind(key.Why), findings, n, target)
}

func kindHeading(kind model.Kind, findings []*model.Finding, n counts, target string) string {
	if one := lookUpText(kind, "one"); one != "" {
		records := model.CountIf(findings, func(f *model.Finding) bool { return !f.Kind.Setup() })
		return strings.ReplaceAll(model.Counted(records, one, lookUpText(kind, "many")), "TARGET", target)
	}
	switch kind { //nolint:exhaustive // the others are never a group of their own
	case model.UserStillActive:
		who := model.Counted(n.users, "person who is no longer active can still sign in to ",
			"people who are no longer active can still sign in to ")
		if allMatch(findings, func(f *model.Finding) bool { return f.Cause == model.CauseSourceSuspended }) {
			who = model.Counted(n.users, "suspended person can still sign in to ", "suspended people can still sign "+
				"in to ")
		}
		return who + target
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
	}
	return fmt.Sprintf("%s (%d)", kind, len(findings))
}

func missingGroups(findings []*model.Finding, n counts, target string) string {
	if n.users+n.groups == 0 {
		return "OneLogin remembers groups that are gone from " + target
	}
	missing := model.CountIf(findings, func(f *model.Finding) bool { return f.Kind == model.GroupMissing })
	out := ""
	if missing > 0 {
		out = target + " lacks " + countOfTotal(missing, n.scale.Groups, "group", "groups")
	}
	if missing > 0 && missing == n.users+n.groups {
		return out + ", " + n.memberships()
	}
	return joinNonEmpty(", ", out, countOfTotal(n.users+n.groups-missing, 0, "record is pushed to an id that is gone",
		"records are pushed to ids that are gone"))
}

func over100Note(findings []*model.Finding) string {
	if allMatch(findings, func(f *model.Finding) bool { return f.Cause == model.CauseOver100 }) {
		return ": more than 100 changes in one push"
	}
	return ""
}

func allMatch(findings []*model.Finding, is func(*model.Finding) bool) bool {
	return len(findings) > 0 && model.CountIf(findings, is) == len(findings)
}

func joinNonEmpty(sep string, parts ...string) string {
	return strings.Join(model.NonEmpty(parts...), sep)
}

// Effect says what a repair costs or gives.
func Effect(takes, grants bool) string {
	switch {
	case takes:
		return "takes access"
	case grants:
		return "gives access"
	}
	return "takes nothing"
}
