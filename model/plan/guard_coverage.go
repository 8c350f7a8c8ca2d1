package plan

import (
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
	return newObjection(steps, "not read completely: "+strings.Join(whats, "; "))
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
	n := unreadNeeds{comparison: g.Comparison}
	claims, known := drift.ClaimsOfRepair(s.Repair)
	if !known {
		n.addGaps(gap{what: "what " + model.Visible(string(s.Repair)) + " depends on, which is not known here"})
	}
	table := drift.ClaimTable()
	for _, cl := range claims {
		rule := table[cl]
		if s.Repair == model.RemoveMembers && !g.isCounted(s) { // it takes back what this connection's own run gave
			rule = table[drift.ClaimRight]
		}
		n.requireSource(rule.Source...)
		n.requireParts("target", n.comparison.Target.Coverage, rule.Target)
		if rule.Rules {
			n.requireRules()
		}
	}
	switch s.Repair { //nolint:exhaustive // the others rest on no single record
	case model.CreateUser, model.ActivateUser:
		n.requireSource(model.PartMemberships) // which come with the user
	case model.CreateGroup:
		if g.Comparison.Source.Origin != rules.FromRolesInstead { // then the roles say what it comes from
			n.requireRules()
		}
	case model.RenameGroup:
		n.requireRules()
	case model.UpdateUser:
		n.addGaps(g.pairGap(s))
	case model.DeleteGroup, model.RemoveAssignments:
		n.addGaps(g.groupGap(s), g.noRuleGap(s)) // members that are not known are a matter of the backup
	case model.MoveAssignments, model.ClearAssignments:
		n.addGaps(g.strandedGap(s))
	case model.AddMembers:
		n.addGaps(g.membersGap(s), g.sourceGap(s))
	case model.RemoveMembers:
		n.addGaps(g.membersGap(s), g.sourceGap(s), g.noRuleGap(s))
	}
	return n.gaps
}

type unreadNeeds struct {
	comparison *drift.Comparison
	gaps       []gap
}

func (n *unreadNeeds) addGaps(gaps ...gap) {
	for _, g := range gaps {
		if g != (gap{}) {
			n.gaps = append(n.gaps, g)
		}
	}
}

func (n *unreadNeeds) requireSource(parts ...model.Part) {
	n.requireParts("source", n.comparison.Source.Coverage, parts)
}

func (n *unreadNeeds) requireParts(side string, coverages model.Coverages, parts []model.Part) {
	for _, p := range parts {
		if !coverages[p].Complete() {
			n.addGaps(gap{what: side + " " + p.String() + ":", why: coverages[p].String()})
		}
	}
}

// requireRules may be skipped: then the configuration says to do without them.
func (n *unreadNeeds) requireRules() {
	if n.comparison.Source.Coverage[model.PartRules].State != model.Skipped {
		n.requireSource(model.PartRules)
	}
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
	return newObjection(g.writingSteps(), v.Seen)
}
