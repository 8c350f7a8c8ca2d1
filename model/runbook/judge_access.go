package runbook

import (
	"fmt"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

func countedNames(counted string, names []string) string {
	if len(names) == 0 {
		return counted
	}
	return counted + ": " + firstNames(names)
}

// accountsNote says which accounts a group of the target opens, as the end of a sentence; "" where AWS was not asked.
func (c *Case) accountsNote(groupID string) string {
	assigned, asked := c.Comparison.Target.Assignments[groupID]
	switch {
	case !asked && c.Comparison.Target.Kind == "aws":
		return "; which accounts it opens only the AWS lens can tell"
	case !asked:
		return ""
	case assigned.Unknown != "":
		return "; which accounts it opens could not be read: " + assigned.Unknown
	case len(assigned.List) == 0:
		return "; it opens no account"
	}
	return "; it opens " + strings.Join(model.AssignmentNames(assigned.List), ", ")
}

// judgeRedundantWays looks for two ways that publish the group, and for those to whom it was given on their own login.
func judgeRedundantWays(c *Case) Verdict {
	v := Verdict{Place: model.PlaceRules}
	var seen, todo []string
	for _, t := range c.Comparison.RedundantWaysTo(c.Group) { // the default reaches whomever a rule does, and stays
		sure := ""
		if !t.Certain {
			sure = "likely "
		}
		seen = append(seen, fmt.Sprintf("%sgiven by %s to %s and by %s to %s, %d of them the same", sure,
			t.Take.Called(), model.Counted(t.Take.Users, "user", "users"), t.Keep.Called(),
			model.Counted(t.Keep.Users, "user", "users"), t.Both))
		if !t.Covered {
			todo = append(todo, fmt.Sprintf("Neither covers the other: let %s or %s give it to all of them, then "+
				"take the other away.", t.Take.Called(), t.Keep.Called()))
			continue
		}
		todo = append(todo, fmt.Sprintf("Take %s away: %s gives it to everybody whom that one gives it to.",
			t.Take.Called(), t.Keep.Called()))
		v.Picks = append(v.Picks, picksFor(c.matchingFindings(func(f *model.Finding) bool {
			return f.Kind == model.RuleRedundant && f.Subject.SourceID == t.Take.Rule.ID
		}), model.Console, model.OpenRules)...)
	}
	if len(seen) > 0 && len(v.Picks) == 0 {
		v.Picks = picksFor(c.matchingFindings(hasKind(model.RuleRedundant)), model.Console, model.OpenRules)
	}
	if direct := c.Comparison.GivenOnLogin(c.Group); len(direct) > 0 {
		seen = append(seen, fmt.Sprintf("likely given by hand on the login of %s: OneLogin pushes it for them, and "+
			"no rule or role gives it to them", firstNames(direct)))
		todo = append(todo, "Take it off: OneLogin > the app > Users > the user > Groups.")
		if v.Place = model.PlaceLogins; len(v.Picks) > 0 {
			v.Place = model.PlaceRules
		}
	}
	if len(seen) > 0 {
		v.State, v.Seen, v.Todo = Open, strings.Join(seen, "; "), strings.Join(todo, " ")
		return v
	}
	if c.Comparison.Source.Coverage[model.PartRules].State == model.Skipped {
		return Verdict{State: ByHand, Seen: "the configuration says not to read the rules", Place: model.PlaceRules}
	}
	if unread := c.unreadParts([]model.Part{model.PartRules}, nil); unread != "" {
		return Verdict{Seen: unread, Place: model.PlaceRules}
	}
	return Verdict{State: Done, Seen: "no two ways publish it"}
}
