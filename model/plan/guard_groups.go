package plan

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// noBackup: what cannot be read cannot be kept, and so not be given back.
func (g *guardian) noBackup() objection {
	var unknown model.Reasons
	steps := g.stepsThat(func(s *model.Step) bool {
		var why string
		switch s.Repair { //nolint:exhaustive // the others change what is read in full just before
		case model.DeleteGroup, model.RemoveMembers, model.DeleteUser:
			why = g.whyLossUnknown(s)
		}
		if why != "" {
			unknown.Add(s.Subject.Name, why)
		}
		return why != ""
	})
	return newObjection(steps, "what would have to be given back is not all known: "+unknown.Text())
}

// whyLossUnknown says why a step may take more than it shows.
func (g *guardian) whyLossUnknown(s *model.Step) string {
	switch {
	case s.BlastRadius == nil:
		return "who loses what was not worked out"
	case s.BlastRadius.Unknown != "" || g.Comparison == nil:
		return s.BlastRadius.Unknown
	case s.Repair == model.DeleteUser: // the groups are those of the moment, not only those of when the plan was made
		if coverage := g.Comparison.Target.Coverage[model.PartMemberships]; !coverage.Settled() {
			return coverage.String()
		}
		return ""
	}
	if at, ok := g.target.Group(s.GroupID()); ok {
		return g.Comparison.Target.MembersUnknown(at)
	}
	return ""
}

// assigned: a group with account assignments is deleted, or left without anybody.
func (g *guardian) assigned() objection {
	removed := map[Placement]bool{}
	for i := range g.plan.Steps {
		if s := &g.plan.Steps[i]; s.Repair == model.RemoveMembers {
			for _, m := range s.Members {
				removed[Placement{m.ID, s.GroupID()}] = true
			}
		}
	}
	var names []string
	steps := g.stepsThat(func(s *model.Step) bool {
		if s.BlastRadius == nil || len(s.BlastRadius.Assignments) == 0 || s.Repair != model.DeleteGroup &&
			(s.Repair != model.RemoveMembers || !g.leavesEmpty(s.GroupID(), removed)) {
			return false
		}
		left := model.Counted(len(s.BlastRadius.Assignments), "account assignment", "account assignments")
		if name := s.GroupName() + " (" + left + ")"; !slices.Contains(names, name) { // emptied, then deleted
			names = append(names, name)
		}
		return true
	})
	return newObjection(steps, "deleted or left without members: "+model.Few(names))
}

// leavesEmpty reports whether nobody is left of a group; where that cannot be told, nobody is.
func (g *guardian) leavesEmpty(group string, removed map[Placement]bool) bool {
	at, ok := g.target.Group(group)
	if !ok {
		return true
	}
	for _, u := range g.Comparison.Target.Members.Of(int(at)) {
		if !removed[Placement{g.Comparison.Target.Users[u].ID, group}] {
			return false
		}
	}
	return true
}
