package model

import (
	"slices"
	"testing"
)

// moving is a step of move-assignments as a plan has it, for the new group or for the id of the deleted one.
func moving(r RepairName, group GroupRef, account string) Step {
	a := hanging("", account)[0]
	fact := AssignmentDangles
	s := onGroup(r, group.ID, group.Name)
	s.Subject = PlanSubject{Type: SubjectGroup, Name: "aws-team-1", TargetID: "g-71"}
	s.Finding, s.Findings = strandedID, []string{strandedID}
	s.Precondition = []Statement{{Side: AtTarget, Fact: fact, ID: "old-1", Name: "aws-team-1", Assignment: &a}}
	s.Request = &Request{Service: ServiceAWS, Method: "POST", Path: "/", Headers: map[string]string{}}
	return s
}

// A plan may come from a file: a step that assigns something to a group which is not proven to have had it, or takes away what is not
// proven to be replaced, is refused whatever is allowed.
func TestGuardOfMovedAssignments(t *testing.T) {
	t.Parallel()
	heir, dead := GroupRef{ID: "g-71", Name: "aws-team-1"}, GroupRef{ID: "old-1", Name: "aws-team-1"}
	elsewhere := moving(MoveAssignments, GroupRef{ID: "g-70", Name: "aws-team-0"}, "1")
	elsewhere.Subject = PlanSubject{Type: SubjectGroup, Name: "aws-team-0", TargetID: "g-70"}
	disguised := moving(MoveAssignments, GroupRef{ID: "g-70", Name: "aws-team-1"}, "1")
	for name, tt := range map[string]struct {
		step Step
		bend func(*stranded, *Circumstances)
		want GuardRule
	}{
		"given":                     {step: moving(MoveAssignments, heir, "1")},
		"taken":                     {step: moving(ClearAssignments, dead, "2")},
		"to another group":          {step: elsewhere, want: RuleCoverage},
		"in the name of the group":  {step: disguised, want: RuleCoverage},
		"something else":            {step: moving(MoveAssignments, heir, "3"), want: RuleCoverage},
		"taken from the new group":  {step: moving(ClearAssignments, heir, "1"), want: RuleCoverage},
		"no proof any more":         {moving(MoveAssignments, heir, "1"), func(s *stranded, _ *Circumstances) { s.events = nil }, RuleCoverage},
		"the proofs differ by now":  {moving(MoveAssignments, heir, "1"), func(s *stranded, _ *Circumstances) { s.called("old-1", "aws-team-2", "the journal") }, RuleCoverage},
		"taken without proof":       {moving(ClearAssignments, dead, "1"), func(s *stranded, _ *Circumstances) { s.events = nil }, RuleCoverage},
		"the source was cut":        {moving(MoveAssignments, heir, "1"), func(s *stranded, _ *Circumstances) { s.cover[PartGroups] = PartialCoverage("cut") }, RuleCoverage},
		"a protected group":         {moving(MoveAssignments, heir, "1"), func(_ *stranded, c *Circumstances) { c.Guard.ProtectGroups = []string{"aws-team-1"} }, RuleProtected},
		"a protected group is dead": {moving(ClearAssignments, dead, "1"), func(_ *stranded, c *Circumstances) { c.Guard.ProtectGroups = []string{"aws-team-1"} }, RuleProtected},
		"read-only":                 {moving(MoveAssignments, heir, "1"), func(_ *stranded, c *Circumstances) { c.Guard.ReadOnly = true }, RuleReadOnly},
		"grants are counted":        {moving(MoveAssignments, heir, "1"), func(_ *stranded, c *Circumstances) { c.Guard.MaxGrants = 0 }, RuleMaxGrants},
		"removals are counted":      {moving(ClearAssignments, dead, "1"), func(_ *stranded, c *Circumstances) { c.Guard.MaxRemovals = 0 }, RuleMaxRemovals},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranded()
			s.refuses(refusal("aws-team-1", "old-1"))
			g := newGuarded(tt.step)
			g.c.Allow = []GuardRule{RuleNotCertain, RuleCoverage}
			if tt.bend != nil {
				tt.bend(s, &g.c)
			}
			g.c.Comparison = s.compare()
			v := g.judge()
			refused := slices.ContainsFunc(v.Refusals, func(r GuardRefusal) bool { return r.Rule == tt.want })
			if v.Allowed != (tt.want == "") || tt.want != "" && !refused {
				t.Errorf("%+v, want %q", v, tt.want)
			}
		})
	}
}
