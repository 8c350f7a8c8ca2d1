package tui

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// handMade is a tenant with a group at the target of which nothing shows that OneLogin made it.
func handMade() *drift.Comparison {
	w := newWorld(30, 12)
	w.target.Groups = append(w.target.Groups, model.Group{ID: "t-hand", Name: "hand-made"})
	w.targetIDs = append(w.targetIDs, model.MemberList{IDs: []string{w.target.Users[3].ID}})
	return w.compare()
}

// TestUnclaimedGroupWarnsInRed, and is allowed by the code alone: not for a plan of other groups, and with no key.
func TestUnclaimedGroupWarnsInRed(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, handMade(), 120, 36)
	out := a.outside.(*fakeOutside)
	plan := out.plan
	var allowed []model.GuardRule
	out.plan = func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
		allowed = allow
		return plan(picks, allow)
	}
	a.to("hand-made")
	a.pressAnd("D")
	if !slices.Equal(allowed, []model.GuardRule{model.RuleUnclaimed}) {
		t.Errorf("allowed %v", allowed)
	}
	const warning = "! Nothing shows that OneLogin made hand-made. To delete it all the same, the code of the plan " +
		"has to be typed."
	sees(t, a, warning)
	lacks(t, a, "The guard allows it.")
	if !slices.ContainsFunc(a.screenLines(),
		func(line string) bool { return strings.Contains(line, a.theme.Bad.On("  "+warning)) }) {
		t.Error("the warning is not in the colour of what is bad")
	}
	if a.canAllow() {
		t.Error("a key allows it too")
	}

	b := repairBoard(t, drifted().compare(), 120, 36)
	out = b.outside.(*fakeOutside)
	plan = out.plan
	out.plan = func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
		allowed = allow
		return plan(picks, allow)
	}
	b.to("legacy")
	b.pressAnd("D")
	if len(allowed) > 0 {
		t.Errorf("a group that OneLogin made is planned with %v", allowed)
	}
}

// TestUnclaimedGroupWantsTheCode: its name, which is typed for other groups, is no.
func TestUnclaimedGroupWantsTheCode(t *testing.T) {
	t.Parallel()
	c := handMade()
	planned := planner(c)
	codes := make(chan string, 8)
	ran := make(chan string, 1)
	p := start(t, &fakeOutside{
		answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer(c)},
		plan: func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
			made, err := planned(picks, allow)
			codes <- made.Code()
			return made, err
		},
		run: func(_ context.Context, made *model.Plan, _ string, _ func(plan.RunProgress)) (model.Run,
			*drift.Comparison, error,
		) {
			ran <- made.Steps[0].Subject.Name
			return model.Run{
				ID: "r", Plan: made, State: model.RunDone,
				Steps: []model.StepRecord{{ID: "s1", State: model.StepConfirmed}},
			}, c, nil
		},
	})
	p.see("hand-made")
	p.press("/")
	p.Type("hand-made")
	p.press("enter", "g", "j", "D")
	p.see("Nothing shows that OneLogin made hand-made.")
	code := <-codes
	p.press("enter")
	p.see("Type the code of the plan, " + code + ": nothing shows that OneLogin made what is deleted.")
	p.Type("hand-made")
	p.press("enter")
	p.see("That is not it. Not run. Nothing was sent.")
	p.press("enter")
	p.see("run on prod?")
	p.Type(code)
	p.press("enter")
	if name := <-ran; name != "hand-made" {
		t.Errorf("ran %s", name)
	}
}

// TestAReasonToLeaveOutIsSaidOnce with all the findings that it is about.
func TestAReasonToLeaveOutIsSaidOnce(t *testing.T) {
	t.Parallel()
	c := handMade()
	a := repairBoard(t, c, 120, 36)
	plan := planner(c)
	a.outside.(*fakeOutside).plan = func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
		made, err := plan(picks, allow)
		made.LeftOut = []model.LeftOut{
			{Finding: "user-lingering/a", Reason: "it is not certain"},
			{Finding: "user-lingering/b", Reason: "it is not certain"},
		}
		return made, err
	}
	a.to("hand-made")
	a.pressAnd("D")
	sees(t, a, "user-lingering/a, user-lingering/b: it is not certain")
	if got := frame(a); strings.Count(got, "it is not certain") != 1 {
		t.Errorf("said more than once:\n%s", got)
	}
}
