package model

import (
	"slices"
	"testing"
)

// veil makes the target one that never shows members.
func veil(c *Comparison) *Comparison {
	for i := range c.Target.Groups {
		c.Target.Groups[i].MembersUnknown, c.Target.Groups[i].MembersHidden = "it shows none of any", true
	}
	c.Target.Members = Lists{}
	c.Target.Coverage[PartMemberships] = UnknownCoverage("it shows none of any")
	return c
}

// Where the target never shows members, nobody can hold against it who is in a group: a delete rests on nothing but the
// group's name, and needs no-backup. That is no way round a read that failed, which refuses for good.
func TestAGroupWhoseMembersNeverShowIsDeletedOnlyWithoutABackup(t *testing.T) {
	t.Parallel()
	w := strayWorld()
	src, tgt := w.sides(testOptions())
	c := veil(Compare(src, tgt, testOptions()))
	c = Compare(c.Source, c.Target, testOptions())
	if !offersDelete(t, c, "group-lingering/stray") {
		t.Fatal("no delete is offered at all")
	}
	if slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Kind == MembersMissing || f.Kind == MembersExtra }) {
		t.Errorf("members that nobody knows are compared: %v", ids(c))
	}
	intents, left := c.Intend([]Pick{{
		Finding: "group-lingering/stray", Option: Option{DeleteGroup, Direct},
		Named: true,
	}})
	if len(intents) != 1 || len(left) > 0 {
		t.Fatalf("%v, left out %v", intents, left)
	}
	if slices.ContainsFunc(intents[0].Before, func(s Statement) bool { return s.Fact == MembersAre }) {
		t.Error("the step rests on members that nobody knows")
	}
	g := newGuarded(deleteStray())
	g.c.Guard.MaxPercent = 100
	g.c.Comparison = veil(g.w.compare())
	if got := rulesOf(g.judge().Refusals); !slices.Equal(got, []GuardRule{RuleNoBackup}) {
		t.Errorf("refused by %v, want no-backup alone", got)
	}
	g.c.Allow = []GuardRule{RuleNoBackup}
	if v := g.judge(); !v.Allowed {
		t.Errorf("refused although it was allowed: %+v", v)
	}
	for i := range g.c.Comparison.Target.Groups {
		g.c.Comparison.Target.Groups[i].MembersHidden = false // a read that failed
	}
	g.c.Allow = nil
	if got := rulesOf(g.judge().Refusals); !slices.Equal(got, []GuardRule{RuleNoBackup}) {
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
	c := veil(Compare(src, tgt, testOptions()))
	c = Compare(c.Source, c.Target, testOptions())
	intents, _ := c.Intend([]Pick{{
		Finding: "user-unsynced/user0@corp.example", Option: Option{CreateUser, Direct},
		Named: true,
	}})
	adds := slices.DeleteFunc(intents, func(in Intent) bool { return in.Repair != AddMembers })
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
	g := newGuarded(onGroup(AddMembers, "g-70", "aws-team-0", member(1)))
	g.c.Comparison = veil(g.w.compare())
	if v := g.judge(); v.Allowed {
		t.Error("somebody who may be in it is added")
	}
	g = newGuarded(onGroup(AddMembers, "g-70", "aws-team-0", Member{Ref: "s0", UserName: "new", SourceID: "1"}))
	g.c.Comparison = veil(g.w.compare())
	if got := rulesOf(g.judge().Refusals); slices.Contains(got, RuleCoverage) {
		t.Errorf("a new user is refused by %v", got)
	}
}
