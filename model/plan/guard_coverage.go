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
