package model_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
)

// drawStep makes a step over the records of guardWorld, some of them not there.
func drawStep(t *rapid.T) model.Step {
	repair := rapid.SampledFrom([]model.RepairName{
		model.CreateUser, model.ActivateUser, model.UpdateUser, model.DeactivateUser, model.DeleteUser,
		model.CreateGroup, model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup,
		model.ReapplyMappings,
	}).Draw(t, "repair")
	if repair == model.ReapplyMappings && rapid.Bool().Draw(t, "by hand") {
		return handoff()
	}
	var s model.Step
	switch repair {
	case model.CreateGroup, model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup:
		id := rapid.SampledFrom([]string{"g-70", "g-71", "g-x", "g-gone"}).Draw(t, "group")
		members := rapid.SliceOfN(rapid.Custom(
			func(t *rapid.T) model.Member { return member(rapid.IntRange(0, 21).Draw(t, "member")) }), 0, 4).Draw(t,
			"members")
		s = onGroup(repair, id, "group "+id, members...)
	default:
		s = onUser(repair, rapid.IntRange(0, 21).Draw(t, "user"))
	}
	s.Confidence = rapid.SampledFrom([]string{"certain", "certain", "likely"}).Draw(t, "confidence")
	s.Own = rapid.Bool().Draw(t, "own")
	if s.BlastRadius != nil && rapid.Bool().Draw(t, "assigned") {
		s.BlastRadius.Assignments = []string{"a"}
	}
	return s
}

func drawGuarded(t *rapid.T) *guarded {
	g := newGuarded(rapid.SliceOfN(rapid.Custom(drawStep), 0, 8).Draw(t, "steps")...)
	g.c.Guard = model.Guard{
		MaxDeletes: rapid.IntRange(0, 4).Draw(t, "deletes"), MaxRemovals: rapid.IntRange(0, 6).Draw(t, "removals"),
		MaxGrants: rapid.IntRange(0, 6).Draw(t, "grants"), MaxPercent: rapid.IntRange(0, 100).Draw(t, "percent"),
		ReadOnly:     rapid.Bool().Draw(t, "read-only"),
		ProtectUsers: rapid.SampledFrom([][]string{nil, {"user3@*"}}).Draw(t, "protected"),
	}
	if rapid.Bool().Draw(t, "undoes") {
		g.p.Undoes = "run"
	}
	if rapid.Bool().Draw(t, "cut") {
		g.w.cover[rapid.SampledFrom(model.SourceParts()).Draw(t, "part")] = model.PartialCoverage("cut")
	}
	if rapid.Bool().Draw(t, "baseline") {
		g.c.Baseline = &model.Baseline{Source: map[string]int{"users": rapid.IntRange(0, 60).Draw(t, "before")}}
	}
	return g
}

func TestAFurtherStepNeverLiftsARefusal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGuarded(t)
		g.c.Comparison = g.w.compare()
		before := g.judge()
		more := drawStep(t)
		more.ID = fmt.Sprintf("s%d", len(g.p.Steps)+1)
		g.p.Steps = append(g.p.Steps, more)
		after := g.judge()
		for _, r := range rulesOf(before.Refusals) {
			if !slices.Contains(rulesOf(after.Refusals), r) {
				t.Fatalf("%s no longer refuses after %+v", r, more)
			}
		}
	})
}

func TestAllowOnlyMovesRefusals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGuarded(t)
		g.c.Comparison = g.w.compare()
		before := rulesOf(g.judge().Refusals)
		g.c.Allow = rapid.SliceOf(rapid.SampledFrom(plan.GuardRules())).Draw(t, "allow")
		v := g.judge()
		for _, r := range v.Overridden {
			if !plan.Overridable(r.Rule) || !slices.Contains(g.c.Allow, r.Rule) {
				t.Fatalf("%s is overridden with %v", r.Rule, g.c.Allow)
			}
		}
		all := append(rulesOf(v.Refusals), rulesOf(v.Overridden)...)
		slices.Sort(all)
		slices.Sort(before)
		if !slices.Equal(all, before) {
			t.Fatalf("%v before, %v with %v", before, all, g.c.Allow)
		}
		if v.Allowed != (len(v.Refusals) == 0) {
			t.Fatalf("allowed is %t with %v", v.Allowed, v.Refusals)
		}
	})
}
