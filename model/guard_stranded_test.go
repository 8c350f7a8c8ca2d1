package model_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// moving is a step of move-assignments as a plan has it, for the new group or for the id of the deleted one.
func moving(r model.RepairName, group model.GroupRef, account string) model.Step {
	a := hanging("", account)[0]
	fact := model.AssignmentDangles
	s := onGroup(r, group.ID, group.Name)
	s.Subject = model.Subject{Type: model.SubjectGroup, Name: "aws-team-1", TargetID: "g-71"}
	s.Finding, s.Findings = strandedID, []string{strandedID}
	s.Precondition = []model.Condition{{
		Side: model.AtTarget, Fact: fact, ID: "old-1", Name: "aws-team-1",
		Assignment: &a,
	}}
	s.Request = &model.Request{Service: model.ServiceAWS, Method: "POST", Path: "/", Headers: map[string]string{}}
	return s
}

// A plan may come from a file: a step that assigns something to a group which is not proven to have had it, or takes
// away what is not proven to be replaced, is refused whatever is allowed.
func TestGuardOfMovedAssignments(t *testing.T) {
	t.Parallel()
	heir, dead := model.GroupRef{ID: "g-71", Name: "aws-team-1"}, model.GroupRef{ID: "old-1", Name: "aws-team-1"}
	elsewhere := moving(model.MoveAssignments, model.GroupRef{ID: "g-70", Name: "aws-team-0"}, "1")
	elsewhere.Subject = model.Subject{Type: model.SubjectGroup, Name: "aws-team-0", TargetID: "g-70"}
	disguised := moving(model.MoveAssignments, model.GroupRef{ID: "g-70", Name: "aws-team-1"}, "1")
	for name, tt := range map[string]struct {
		step model.Step
		bend func(*stranded, *plan.Circumstances)
		want model.GuardRule
	}{
		"given":                    {step: moving(model.MoveAssignments, heir, "1")},
		"taken":                    {step: moving(model.ClearAssignments, dead, "2")},
		"to another group":         {step: elsewhere, want: model.RuleCoverage},
		"in the name of the group": {step: disguised, want: model.RuleCoverage},
		"something else":           {step: moving(model.MoveAssignments, heir, "3"), want: model.RuleCoverage},
		"taken from the new group": {step: moving(model.ClearAssignments, heir, "1"), want: model.RuleCoverage},
		"no proof any more": {
			moving(model.MoveAssignments, heir, "1"),
			func(s *stranded, _ *plan.Circumstances) { s.events = nil }, model.RuleCoverage,
		},
		"the proofs differ by now": {
			moving(model.MoveAssignments, heir, "1"),
			func(s *stranded, _ *plan.Circumstances) { s.called("old-1", "aws-team-2", "the journal") },
			model.RuleCoverage,
		},
		"taken without proof": {
			moving(model.ClearAssignments, dead, "1"),
			func(s *stranded, _ *plan.Circumstances) { s.events = nil }, model.RuleCoverage,
		},
		"the source was cut": {
			moving(model.MoveAssignments, heir, "1"),
			func(s *stranded, _ *plan.Circumstances) { s.cover[model.PartGroups] = model.PartialCoverage("cut") },
			model.RuleCoverage,
		},
		"a protected group": {
			moving(model.MoveAssignments, heir, "1"),
			func(_ *stranded, c *plan.Circumstances) { c.Guard.ProtectGroups = []string{"aws-team-1"} },
			model.RuleProtected,
		},
		"a protected group is dead": {
			moving(model.ClearAssignments, dead, "1"),
			func(_ *stranded, c *plan.Circumstances) { c.Guard.ProtectGroups = []string{"aws-team-1"} },
			model.RuleProtected,
		},
		"read-only": {
			moving(model.MoveAssignments, heir, "1"),
			func(_ *stranded, c *plan.Circumstances) { c.Guard.ReadOnly = true }, model.RuleReadOnly,
		},
		"grants are counted": {
			moving(model.MoveAssignments, heir, "1"),
			func(_ *stranded, c *plan.Circumstances) { c.Guard.MaxGrants = 0 }, model.RuleMaxGrants,
		},
		"removals are counted": {
			moving(model.ClearAssignments, dead, "1"),
			func(_ *stranded, c *plan.Circumstances) { c.Guard.MaxRemovals = 0 }, model.RuleMaxRemovals,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranded()
			s.refuses(refusal("aws-team-1", "old-1"))
			g := newGuarded(tt.step)
			g.c.Allow = []model.GuardRule{model.RuleNotCertain, model.RuleCoverage}
			if tt.bend != nil {
				tt.bend(s, &g.c)
			}
			g.c.Comparison = s.compare()
			v := g.judge()
			refused := slices.ContainsFunc(v.Refusals, func(r model.GuardRefusal) bool { return r.Rule == tt.want })
			if v.Allowed != (tt.want == "") || tt.want != "" && !refused {
				t.Errorf("%+v, want %q", v, tt.want)
			}
		})
	}
}
