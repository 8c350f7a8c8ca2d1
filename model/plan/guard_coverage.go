package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/model/setup"
)

// coverage: what a repair rests on must have been read in full. It lists what is missing, once each.
func (g *guardian) coverage() objection {
	missing := map[string]*model.Reasons{}
	var whats []string
	steps := g.stepsThat(func(s *model.Step) bool {
		gaps := g.gaps(s)
		for _, gap := range gaps {
			if missing[gap.what] == nil {
				missing[gap.what] = &model.Reasons{}
				whats = append(whats, gap.what)
			}
			missing[gap.what].Add(gap.name, gap.why)
		}
		return len(gaps) > 0
	})
	for i, what := range whats {
		whats[i] = strings.TrimSuffix(what+" "+missing[what].Text(), " ")
	}
	return against(steps, "not read completely: "+strings.Join(whats, "; "))
}

// gap is something unread that a step depends on: what, of which record, and why. Name and why may be empty.
type gap struct{ what, name, why string }

// gaps says what a step depends on and was not read (DESIGN section 6); a handoff depends on nothing.
func (g *guardian) gaps(s *model.Step) []gap {
	switch {
	case s.Request == nil:
		return nil
	case g.Comparison == nil:
		return []gap{{what: "either side"}}
	}
	n := needs{c: g.Comparison}
	claims, known := drift.ClaimsOfRepair(s.Repair)
	if !known {
		n.add(gap{what: "what " + model.Visible(string(s.Repair)) + " depends on, which is not known here"})
	}
	table := drift.ClaimTable()
	for _, cl := range claims {
		rule := table[cl]
		if s.Repair == model.RemoveMembers && !g.counts(s) { // it takes back what this connection's own run gave
			rule = table[drift.ClaimRight]
		}
		n.source(rule.Source...)
		n.target(rule.Target...)
		if rule.Rules {
			n.rules()
		}
	}
	switch s.Repair { //nolint:exhaustive // the others rest on no single record
	case model.CreateUser, model.ActivateUser:
		n.source(model.PartMemberships) // which come with the user
	case model.CreateGroup:
		if g.Comparison.Source.Origin != rules.FromRolesInstead { // then the roles say what it comes from
			n.rules()
		}
	case model.RenameGroup:
		n.rules()
	case model.UpdateUser:
		n.add(g.pairGap(s))
	case model.DeleteGroup, model.RemoveAssignments:
		n.add(g.groupGap(s), g.noRuleGap(s)) // members that are not known are a matter of the backup
	case model.MoveAssignments, model.ClearAssignments:
		n.add(g.strandedGap(s))
	case model.AddMembers:
		n.add(g.membersGap(s), g.sourceGap(s))
	case model.RemoveMembers:
		n.add(g.membersGap(s), g.sourceGap(s), g.noRuleGap(s))
	}
	return n.gaps
}

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

type needs struct {
	c    *drift.Comparison
	gaps []gap
}

func (n *needs) add(gaps ...gap) {
	for _, g := range gaps {
		if g != (gap{}) {
			n.gaps = append(n.gaps, g)
		}
	}
}

func (n *needs) source(parts ...model.Part) { n.parts("source", n.c.Source.Coverage, parts) }

func (n *needs) target(parts ...model.Part) { n.parts("target", n.c.Target.Coverage, parts) }

func (n *needs) parts(side string, coverages model.Coverages, parts []model.Part) {
	for _, p := range parts {
		if !coverages[p].Complete() {
			n.add(gap{what: side + " " + p.String() + ":", why: coverages[p].String()})
		}
	}
}

// rules may be skipped: then the configuration says to do without them.
func (n *needs) rules() {
	if n.c.Source.Coverage[model.PartRules].State != model.Skipped {
		n.source(model.PartRules)
	}
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
	case g.plan.Undoes != "" && s.Subject.SourceID == "":
		return none // what was there before came from nobody at the source
	}
	if at := c.Users.ToSource[t]; at == model.None || c.Source.Users[at].RollOnly || !c.Firm(at, t) {
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
		why = cmp.Or(why, group.MembersOpen)
	}
	if why == "" {
		return none
	}
	return gap{"who belongs in", group.Name, why}
}

// noRuleGap: rules of which none sets groups say nothing of any group: one deleted rule must not doom all.
func (g *guardian) noRuleGap(s *model.Step) (none gap) {
	src := &g.Comparison.Source
	if !g.counts(s) || src.Origin != rules.FromRules || src.Book == nil || !src.Book.Empty() {
		return none
	}
	return gap{what: "which groups OneLogin should push:", why: "no rule sets groups"}
}

// mispaired: where hardly anybody pairs, every finding is an artefact of the wrong target, app or userName.
func (g *guardian) mispaired() objection {
	if g.Comparison == nil {
		return objection{}
	}
	v := (&setup.Setup{Comparer: &drift.Comparer{Comparison: *g.Comparison}}).Mispaired()
	if v.Result != model.CheckMend {
		return objection{}
	}
	return against(g.writes(), v.Seen)
}
