package runbook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// removedAssignments are the account assignments that runs of ours took away with the group since the case was begun.
func (c *Case) removedAssignments() (out []string) {
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

// judgeAssignmentsMoved looks for what hangs on an old id of the group, as only the lens shows, and leads to its
// repair.
func judgeAssignmentsMoved(c *Case) Verdict {
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
		v.Seen = strings.TrimPrefix(v.Seen+"; "+countedNames(model.Counted(len(s.List), "account assignment",
			"account assignments"), model.AssignmentNames(s.List))+" on the id that it had before", "; ")
		if s.Movable() {
			v.Picks = append(v.Picks, picksFor(c.matchingFindings(func(f *model.Finding) bool {
				return f.Kind == model.AssignmentsStranded && f.Target == s.Group
			}), model.Direct, model.MoveAssignments)...)
			continue
		}
		v.Todo = strings.TrimPrefix(v.Todo+" They are not moved: "+s.Why+".", " ")
	}
	_, moved := c.confirmedStep(model.MoveAssignments, c.Begun,
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
		v.Seen = cmp.Or(countWithoutGroup(nobodys), "it is not known whether something hangs on its old id") + ": " +
			unread
		return v
	case moved != nil:
		return Verdict{State: Done, Seen: "moved at " + model.ToTheMinute(moved.At)}
	case len(nobodys) > 0:
		v.State, v.Seen = ByHand, countWithoutGroup(nobodys)+", and nobody can tell what they were for"
		return v
	}
	return Verdict{State: Done, Seen: "nothing hangs on an id that it had before"}
}

// countWithoutGroup counts what hangs on ids that nothing gives a name to.
func countWithoutGroup(list []model.Stranded) string {
	n := 0
	for i := range list {
		n += len(list[i].List)
	}
	if n == 0 {
		return ""
	}
	return model.Counted(n, "account assignment", "account assignments") + " of deleted groups that nothing names"
}
