package plan

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
)

// strandedGap: an assignment is made for a group, and taken from the id of a deleted one, only where it is proven now
// that the two are one group. A plan that takes a run back says what that run did.
func (g *guardian) strandedGap(s *model.Step) (none gap) {
	a := s.Assignment()
	if g.plan.Undoes != "" && s.Repair == model.ClearAssignments {
		return none
	}
	for i := range g.Comparison.Stranded {
		of := &g.Comparison.Stranded[i]
		if !of.Movable() || a == nil || !slices.ContainsFunc(of.List, a.Same) {
			continue
		}
		id := of.ID
		if s.Repair == model.MoveAssignments {
			id = g.Comparison.Target.Groups[of.Group].ID
		}
		if s.Group != nil && s.Group.ID == id && s.Subject.TargetID == g.Comparison.Target.Groups[of.Group].ID {
			return none
		}
	}
	return gap{what: "what shows that the account assignments were those of", name: s.GroupName()}
}

// pairGap: an update rests on one pair alone, which no unread row may disprove. A lost pair is the precondition's.
func (g *guardian) pairGap(s *model.Step) (none gap) {
	c := &drift.Comparer{Comparison: *g.Comparison}
	t, ok := g.target.User(s.Subject.TargetID)
	switch {
	case c.NotAllUsers() == "":
		return none
	case !ok:
		return gap{what: "the target's users, among them", name: s.Subject.Name}
	}
	if at := c.Users.ToSource[t]; at == model.None || c.Source.Users[at].RollOnly || !c.IsFirm(at, t) {
		return gap{what: "which users of the source these are:", name: s.Subject.Name}
	}
	return none
}

// groupGap: the group must be known. One that is gone, or that the plan makes, is for the step's precondition.
func (g *guardian) groupGap(s *model.Step) (none gap) {
	_, ok := g.target.Group(s.GroupID())
	if ok || g.Comparison.Target.Coverage[model.PartGroups].Complete() || s.Group != nil && s.Group.Ref != "" {
		return none
	}
	return gap{what: "the target's groups, among them", name: s.GroupName()}
}

func (g *guardian) membersGap(s *model.Step) (none gap) {
	at, ok := g.target.Group(s.GroupID())
	if !ok {
		return g.groupGap(s)
	}
	t := &g.Comparison.Target
	switch {
	case t.Groups[at].MembersHidden && s.Repair == model.AddMembers &&
		!slices.ContainsFunc(s.Members, func(m model.Member) bool { return m.Ref == "" }):
		return none // for those whom the plan creates, who are in no group yet
	case t.MembersUnknown(at) != "":
		return gap{"the members of", s.GroupName(), t.MembersUnknown(at)}
	}
	return none
}

// sourceGap: who belongs in the group must be known. An undoing plan gives back what was there, whatever the source's
// group is now; whom it gives it to is for its preconditions.
func (g *guardian) sourceGap(s *model.Step) (none gap) {
	at, ok := g.target.Group(s.GroupID())
	if !ok || g.plan.Undoes != "" {
		return none
	}
	src := g.Comparison.Groups.ToSource[at]
	if src == model.None {
		return none
	}
	group := &g.Comparison.Source.Groups[src]
	why := group.MembersUnknown
	if s.Repair == model.RemoveMembers {
		for i := range s.Members {
			user := model.None
			if t, found := g.target.User(s.Members[i].ID); found {
				user = g.Comparison.Users.ToSource[t]
			}
			why = cmp.Or(why, g.Comparison.Source.WhyMayBelong(src, user))
		}
	}
	if why == "" {
		return none
	}
	return gap{"who belongs in", group.Name, why}
}

// noRuleGap: rules of which none sets groups say nothing of any group: one deleted rule must not doom all.
func (g *guardian) noRuleGap(s *model.Step) (none gap) {
	src := &g.Comparison.Source
	if !g.isCounted(s) || src.Origin != rules.FromRules || src.Book == nil || !src.Book.Empty() {
		return none
	}
	return gap{what: "which groups OneLogin should push:", why: "no rule sets groups"}
}
