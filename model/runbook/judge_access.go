package runbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

func withNames(counted string, names []string) string {
	if len(names) == 0 {
		return counted
	}
	return counted + ": " + few(names)
}

// opens says which accounts a group of the target opens, as the end of a sentence; "" where AWS was not asked.
func (c *Case) opens(groupID string) string {
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

// accountsLost are the account assignments that runs of ours took away with the group since the case was begun.
func (c *Case) accountsLost() (out []string) {
	all := c.runs()
	for r := range all {
		for s, rec := range all[r].Confirmed() {
			if rec.At.Before(c.Begun) || s.BlastRadius == nil || !model.SameName(s.Subject.Name, c.Group) ||
				s.Repair != model.RemoveAssignments && s.Repair != model.DeleteGroup {
				continue
			}
			for _, a := range s.BlastRadius.Assignments {
				if !slices.Contains(out, a) {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

// givenOnce looks for two ways that publish the group, and for those to whom it was given on their own login.
func givenOnce(c *Case) Verdict {
	v := Verdict{Place: model.PlaceRules}
	var seen, todo []string
	for _, t := range c.Comparison.TwiceGiven(c.Group) {
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
		if t.Take.Rule == nil {
			v.Place = model.PlaceParameters
		}
		todo = append(todo, fmt.Sprintf("Take %s away: %s gives it to everybody whom that one gives it to.",
			t.Take.Called(), t.Keep.Called()))
		v.Picks = append(v.Picks, picks(c.findings(func(f *model.Finding) bool {
			return f.Kind == model.RuleRedundant && t.Take.Rule != nil && f.Subject.SourceID == t.Take.Rule.ID
		}), model.Console, model.OpenRules)...)
	}
	if len(seen) > 0 && len(v.Picks) == 0 {
		v.Picks = picks(c.findings(ofKind(model.RuleRedundant)), model.Console, model.OpenRules)
	}
	if direct := c.Comparison.GivenOnLogin(c.Group); len(direct) > 0 {
		seen = append(seen, fmt.Sprintf("likely given by hand on the login of %s: OneLogin pushes it for them, and "+
			"no rule or role gives it to them", few(direct)))
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
	if unread := c.read([]model.Part{model.PartRules}, nil); unread != "" {
		return Verdict{Seen: unread, Place: model.PlaceRules}
	}
	return Verdict{State: Done, Seen: "no two ways publish it"}
}

// assignmentsMoved looks for what hangs on an old id of the group, as only the lens shows, and leads to its repair.
func assignmentsMoved(c *Case) Verdict {
	var mine, nobodys []model.Stranded
	for _, s := range c.Comparison.Stranded {
		switch {
		case model.SameName(s.Name, c.Group) || s.Name == "" && c.GroupID != "" && s.ID == c.GroupID:
			mine = append(mine, s)
		case s.Name == "":
			nobodys = append(nobodys, s)
		}
	}
	v := Verdict{Place: model.PlaceAssignments}
	unread := c.Comparison.StrandedUnread
	if !c.Comparison.StrandedRead {
		unread = cmp.Or(unread, "it was not looked for")
	}
	for i := range mine {
		s := &mine[i]
		v.State = Open
		v.Seen = strings.TrimPrefix(v.Seen+"; "+withNames(model.Counted(len(s.List), "account assignment",
			"account assignments"), model.AssignmentNames(s.List))+" on the id that it had before", "; ")
		if s.Movable() {
			v.Picks = append(v.Picks, picks(c.findings(func(f *model.Finding) bool {
				return f.Kind == model.AssignmentsStranded && f.Target == s.Group
			}), model.Direct, model.MoveAssignments)...)
			continue
		}
		v.Todo = strings.TrimPrefix(v.Todo+" They are not moved: "+s.Why+".", " ")
	}
	_, moved := c.confirmed(model.MoveAssignments, c.Begun,
		func(s *model.Step) bool { return model.SameName(s.Subject.Name, c.Group) })
	switch {
	case len(mine) > 0 && len(v.Picks) == 0:
		v.Todo += " Make them for the new group by hand, then remove the old ones: IAM Identity Center > AWS " +
			"accounts > the account."
		return v
	case len(mine) > 0:
		return v
	case unread != "":
		v.State, v.Ask = ByHand, true
		v.Seen = cmp.Or(withoutGroup(nobodys), "it is not known whether something hangs on its old id") + ": " + unread
		return v
	case moved != nil:
		return Verdict{State: Done, Seen: "moved at " + model.ToTheMinute(moved.At)}
	case len(nobodys) > 0:
		v.State, v.Seen = ByHand, withoutGroup(nobodys)+", and nobody can tell what they were for"
		return v
	}
	return Verdict{State: Done, Seen: "nothing hangs on an id that it had before"}
}

// withoutGroup counts what hangs on ids that nothing gives a name to.
func withoutGroup(list []model.Stranded) string {
	n := 0
	for i := range list {
		n += len(list[i].List)
	}
	if n == 0 {
		return ""
	}
	return model.Counted(n, "account assignment", "account assignments") + " of deleted groups that nothing names"
}
