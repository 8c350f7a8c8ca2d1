package model_test

import (
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// veil makes the target one that never shows members.
func veil(c *drift.Comparison) *drift.Comparison {
	for i := range c.Target.Groups {
		c.Target.Groups[i].MembersUnknown, c.Target.Groups[i].MembersHidden = "it shows none of any", true
	}
	c.Target.Members = model.Lists{}
	c.Target.Coverage[model.PartMemberships] = model.UnknownCoverage("it shows none of any")
	return c
}

// Where the target never shows members, nobody can hold against it who is in a group: a delete rests on nothing but the
// group's name, and needs no-backup. That is no way round a read that failed, which refuses for good.
func TestAGroupWhoseMembersNeverShowIsDeletedOnlyWithoutABackup(t *testing.T) {
	t.Parallel()
	w := strayWorld()
	src, tgt := w.sides(testOptions())
	c := veil(drift.Compare(src, tgt, testOptions()))
	c = drift.Compare(c.Source, c.Target, testOptions())
	if !offersDelete(t, c, "group-lingering/stray") {
		t.Fatal("no delete is offered at all")
	}
	if slices.ContainsFunc(c.Findings, func(f model.Finding) bool {
		return f.Kind == model.MembersMissing ||
			f.Kind == model.MembersExtra
	}) {
		t.Errorf("members that nobody knows are compared: %v", ids(c))
	}
	intents, left := plan.Intend(c, []model.Pick{{
		Finding: "group-lingering/stray", Option: model.Option{Repair: model.DeleteGroup, Channel: model.Direct},
		Named: true,
	}})
	if len(intents) != 1 || len(left) > 0 {
		t.Fatalf("%v, left out %v", intents, left)
	}
	if slices.ContainsFunc(intents[0].Before, func(s model.Condition) bool { return s.Fact == model.MembersAre }) {
		t.Error("the step rests on members that nobody knows")
	}
	g := newGuarded(deleteStray())
	g.c.Guard.MaxPercent = 100
	g.c.Comparison = veil(g.w.compare())
	if got := rulesOf(g.judge().Refusals); !slices.Equal(got, []model.GuardRule{model.RuleNoBackup}) {
		t.Errorf("refused by %v, want no-backup alone", got)
	}
	g.c.Allow = []model.GuardRule{model.RuleNoBackup}
	if v := g.judge(); !v.Allowed {
		t.Errorf("refused although it was allowed: %+v", v)
	}
	for i := range g.c.Comparison.Target.Groups {
		g.c.Comparison.Target.Groups[i].MembersHidden = false // a read that failed
	}
	g.c.Allow = nil
	if got := rulesOf(g.judge().Refusals); !slices.Equal(got, []model.GuardRule{model.RuleNoBackup}) {
		t.Errorf("members whose read failed: refused by %v, want no-backup alone", got)
	}
}

// Members are added there to nobody's group but for a user whom the plan creates: he is in none yet, whatever the
// target shows.
func TestWhereMembersNeverShowOnlyTheNewAreAdded(t *testing.T) {
	t.Parallel()
	w := quietWorld()
	w.tusers = w.tusers[1:]
	src, tgt := w.sides(testOptions())
	c := veil(drift.Compare(src, tgt, testOptions()))
	c = drift.Compare(c.Source, c.Target, testOptions())
	intents, _ := plan.Intend(c, []model.Pick{{
		Finding: "user-unsynced/user0@corp.example", Option: model.Option{
			Repair:  model.CreateUser,
			Channel: model.Direct,
		},
		Named: true,
	}})
	adds := slices.DeleteFunc(intents, func(in model.Intent) bool { return in.Repair != model.AddMembers })
	if len(adds) == 0 {
		t.Fatal("a new user is added to no group")
	}
	for _, in := range adds {
		for _, m := range in.Members {
			if m.Ref == "" {
				t.Errorf("%s is added to %s, and nobody knows whether they are in it", m.UserName, in.Group.Name)
			}
		}
	}
	g := newGuarded(onGroup(model.AddMembers, "g-70", "aws-team-0", member(1)))
	g.c.Comparison = veil(g.w.compare())
	if v := g.judge(); v.Allowed {
		t.Error("somebody who may be in it is added")
	}
	g = newGuarded(onGroup(model.AddMembers, "g-70", "aws-team-0",
		model.Member{Ref: "s0", UserName: "new", SourceID: "1"}))
	g.c.Comparison = veil(g.w.compare())
	if got := rulesOf(g.judge().Refusals); slices.Contains(got, model.RuleCoverage) {
		t.Errorf("a new user is refused by %v", got)
	}
}
