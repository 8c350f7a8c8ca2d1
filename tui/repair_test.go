package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/inspect"
	plans "github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// asked notes what plans were asked for.
func asked(a *app) *[][]model.Pick {
	var all [][]model.Pick
	out := a.outside.(*fakeOutside)
	plan := out.plan
	out.plan = func(picks []model.Pick, allow []model.GuardRule) (*model.Plan, error) {
		all = append(all, picks)
		return plan(picks, allow)
	}
	return &all
}

// sees fails unless the texts stand on the screen.
func sees(t *testing.T, a *app, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if got := frame(a); !strings.Contains(got, text) {
			t.Fatalf("%q does not show:\n%s", text, got)
		}
	}
}

func TestDeleteAsksForTheName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		typed string
		runs  bool
	}{
		{"aws-legacy-admins", true},
		{"", false},
		{"y", false},
		{"aws-legacy-admin", false},
		{"AWS-legacy-admins", false},
		{" aws-legacy-admins", false},
		{"aws-legacy-admins ", false},
	} {
		a := repairBoard(t, drifted().compare(), 120, 36)
		a.to("legacy")
		a.pressAnd("D")
		sees(t, a, "Deletes 1 group; 2 members lose it.", "DELETE /Groups/t-aws-legacy-admins",
			"bo.brook11@corp.example: loses aws-legacy-admins; keeps 7 other groups", "The guard allows it.",
			"Only if: aws-legacy-admins is there, under that name and id; nothing in the source yields")
		a.press("enter")
		sees(t, a, "Type the name of the group, aws-legacy-admins.", "run on prod?")
		a.write(test.typed)
		a.press("enter")
		if got := a.job != nil; got != test.runs {
			t.Errorf("after typing %q it runs: %t", test.typed, got)
		}
		if !test.runs {
			sees(t, a, "Not run. Nothing was sent.", "Deletes 1 group")
		}
	}
}

func TestEscIsNo(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.pressAnd("D")
	a.press("enter")
	a.write("aws-legacy-admins")
	a.press("esc")
	sees(t, a, "Not run. Nothing was sent.")
	a.press("esc")
	if a.top() != nil || a.job != nil {
		t.Error("esc does not leave the plan")
	}
}

// TestHandoffAsksForAY: what neither takes nor grants needs no typing, and the default is still no.
func TestHandoffAsksForAY(t *testing.T) {
	t.Parallel()
	for key, runs := range map[string]bool{"y": true, "enter": false, "n": false, "esc": false, "space": false} {
		a := repairBoard(t, drifted().compare(), 120, 36)
		a.pressAnd("a")
		sees(t, a, "Has you reapply the mappings in OneLogin, and watches.",
			"Menu: OneLogin > the app > reapply-mappings")
		a.press("enter", key)
		if got := a.job != nil; got != runs {
			t.Errorf("after %s it runs: %t", key, got)
		}
	}
}

// TestReapplyOverTheAPIOrByHand: where both are offered the operator chooses, and p says how to set the other up where
// not.
func TestReapplyOverTheAPIOrByHand(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Kind == model.UserStillActive {
			f.Repairs = append([]model.Option{{Repair: model.ReapplyMappings, Channel: model.Nudge}}, f.Repairs...)
		}
	}
	a := repairBoard(t, c, 120, 36)
	all := asked(a)
	a.press("a")
	sees(t, a, "reapply-mappings, by a small write to OneLogin", "reapply-mappings, by hand in the console")
	a.pressAnd("enter")
	if len(*all) != 1 || (*all)[0][0].Channel != model.Nudge || !(*all)[0][0].Named {
		t.Errorf("planned %+v", *all)
	}
	a = repairBoard(t, drifted().compare(), 120, 36)
	a.press("p")
	sees(t, a, "onelogin.nudge_attribute")
	a = repairBoard(t, drifted().compare(), 120, 36)
	a.pressAnd("a") // a single way is gone at once, and the plan says it
	sees(t, a, "Has you reapply", "onelogin.nudge_attribute")
	a = repairBoard(t, drifted().compare(), 120, 36, func(o *Options) { o.ReadOnly = true })
	a.pressAnd("a")
	sees(t, a, "a small write, which a read-only connection refuses")
	c = drifted().compare()
	c.Nudge = true // there is an attribute, and these findings do not end by it
	a = repairBoard(t, c, 120, 36)
	a.pressAnd("a")
	sees(t, a, "Has you reapply")
	if got := frame(a); strings.Contains(got, "nudge_attribute") {
		t.Errorf("an attribute that is configured is asked for:\n%s", got)
	}
}

func TestDeleteOffersSwitchingUsersOffFirst(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	all := asked(a)
	a.to("user-lingering")
	a.press("D")
	got := frame(a)
	off, del := strings.Index(got, "deactivate-user"), strings.Index(got, "delete-user")
	if off < 0 || del < off {
		t.Fatalf("deactivating is not offered first:\n%s", got)
	}
	a.pressAnd("enter")
	if (*all)[0][0].Repair != model.DeactivateUser {
		t.Errorf("planned %+v", *all)
	}
}

// TestManyRowsMakeOnePlan, in which what nobody claims has no place: it wants its own row.
func TestManyRowsMakeOnePlan(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	all := asked(a)
	a.press("/")
	a.write("group-")
	a.press("enter", "g", "v", "G", "v")
	a.pressAnd("D")
	var names []string
	for _, p := range (*all)[0] {
		if p.Repair != model.DeleteGroup || p.Named {
			t.Errorf("planned %+v", p)
		}
		names = append(names, p.Finding)
	}
	slices.Sort(names)
	if want := []string{"group-lingering/aws-contractors-2023", "group-lingering/aws-legacy-admins"}; !slices.Equal(
		names, want) {
		t.Errorf("planned to delete %q", names)
	}
	sees(t, a, "Deletes 2 groups; 2 members lose them.", "Refused by max-deletes: 2 deletions; the limit is 1")
}

func TestUnclaimedGroupWantsItsOwnRow(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	all := asked(a)
	a.to("group-unclaimed")
	a.press("k")
	a.pressAnd("D") // on the heading
	sees(t, a, "press D on the row itself")
	a.press("j")
	a.pressAnd("D")
	if len(*all) != 1 || !(*all)[0][0].Named {
		t.Errorf("planned %+v", *all)
	}
	sees(t, a, "Refused by protected: AWSControlTowerAdmins is protected", "Nothing overrides this.")
	a.press("A")
	a.press("enter")
	sees(t, a, "Not run: the guard refuses it by ")
	if a.openQuestion() != nil || len(*all) != 1 {
		t.Error("a rule that nothing overrides was overridden")
	}
}

// TestAllowOneRule makes the plan again, which then says what was allowed.
func TestAllowOneRule(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.press("/")
	a.write("lingering")
	a.press("enter", "g", "v", "G", "v")
	a.press("D")
	a.pressAnd("enter")
	sees(t, a, "Refused by max-deletes", "or allow it with A.")
	a.press("enter")
	sees(t, a, "the guard refuses it by max-deletes. A allows max-deletes")
	a.pressAnd("A")
	sees(t, a, "Allowed by you, max-deletes: 2 deletions; the limit is 1", "Not in this plan: 1 of the 3")
	a.press("enter")
	if a.openQuestion() == nil || a.openQuestion().MaxLength == 0 {
		t.Errorf("what takes from two does not ask for typing:\n%s", frame(a))
	}
}

// TestLatePlanIsDropped: the answer to a question that was overtaken or left changes nothing.
func TestLatePlanIsDropped(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	_, late := a.Update(keyOf("D"))
	s := a.top().(*plans.Screen)
	again := s.Ask(t.Context())
	a.Update(late())
	if s.Plan() != nil {
		t.Error("an overtaken plan was shown")
	}
	a.Update(again())
	if s.Plan() == nil {
		t.Error("the newer plan was not shown")
	}
}

func TestPlanThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.outside.(*fakeOutside).plan = func([]model.Pick, []model.GuardRule) (*model.Plan, error) {
		return nil, errors.New("the finding is gone; reload and look again")
	}
	a.pressAnd("a")
	sees(t, a, "the finding is gone; reload and look again")
	a.press("enter")
	if a.openQuestion() != nil {
		t.Error("there is something to confirm")
	}
	a.outside.(*fakeOutside).plan = func([]model.Pick, []model.GuardRule) (*model.Plan, error) {
		return &model.Plan{
			Guard: model.GuardVerdict{Allowed: true}, LeftOut: []model.LeftOut{{Finding: "f", Reason: "it is gone"}},
		}, nil
	}
	a.press("q")
	a.pressAnd("a")
	sees(t, a, "There is nothing to do: no step came of it.", "it is gone")
	a.press("enter")
	sees(t, a, "There is nothing to run. esc goes back.")
	if a.openQuestion() != nil {
		t.Error("there is something to confirm")
	}
}

// TestNothingToRepairSaysWhy on rows and selections that offer nothing.
func TestNothingToRepairSaysWhy(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	for _, test := range []struct {
		name string
		open func(a *app)
		key  string
		want string
	}{
		{"in sync", func(a *app) { a.press("3"); a.to("ana.arden0@") }, "p", "In sync: there is nothing to repair."},
		{"in sync, a", func(a *app) { a.press("3"); a.to("ana.arden0@") }, "a", "In sync: there is nothing to repair."},
		{
			"not deletable", func(a *app) { a.to("members-extra") }, "D",
			"Deleting does not end this. p shows what does.",
		},
		{
			"not pushed again", func(a *app) { a.to("legacy") }, "a",
			"Reapplying the mappings does not end this. p shows what does.",
		},
		{
			"many in sync", func(a *app) { a.press("3"); a.to("dale"); a.press("s", "g", "v", "j", "v") }, "p",
			"None of these rows has a finding",
		},
	} {
		a := repairBoard(t, c, 120, 36)
		test.open(a)
		a.pressAnd(test.key)
		if got := frame(a); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q does not show:\n%s", test.name, test.want, got)
		}
	}
	a := repairBoard(t, failedTarget().compare(), 120, 36)
	a.press("3", "p")
	sees(t, a, "Not settled, so nothing is offered: not all users of the target were read")
	a = loadingBoard(t, nil)
	a.Update(sized(120, 36))
	a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(c)})
	a.press("p")
	sees(t, a, "Still reading: plan when the read has ended.")
	twice := newWorld(3, 1)
	twice.addUser("ANA.arden0@corp.example", false)
	a = repairBoard(t, twice.compare(), 120, 36)
	a.to("duplicate")
	a.press("p")
	sees(t, a, explain.Next(*a.selection().findings[0])[:40])
}

// TestRepairFromTheInspector is about its row, whatever is marked on the board.
func TestRepairFromTheInspector(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	all := asked(a)
	a.press("space")
	a.to("legacy")
	a.press("enter")
	a.pressAnd("D")
	if len(*all) != 1 || len((*all)[0]) != 1 || (*all)[0][0].Finding != "group-lingering/aws-legacy-admins" {
		t.Errorf("planned %+v", *all)
	}
	a.press("q")
	if !isOnTop[*inspect.Screen](a) {
		t.Error("q does not go back to the inspector")
	}
}

// TestAPlanSaysWhatItLeavesOut of the rows that were marked: their operator goes by what was marked.
func TestAPlanSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 40)
	for _, row := range []string{"aws-legacy-admins", "aws-contractors-2023", "aws-newcomers"} {
		a.to(row)
		a.press("space", "esc")
	}
	a.pressAnd("D")
	sees(t, a, "Deletes 2 groups", "Not in this plan: 1 of the 3 findings chosen, aws-newcomers.")
	c := selection{findings: []*model.Finding{
		{ID: "a", Kind: model.SetupStaleEntitlements, Subject: model.Subject{Name: "the app"}},
		{ID: "b", Subject: model.Subject{Name: "aws-b", Type: model.SubjectGroup}},
	}}
	if got, want := c.unplannedText(nil, a.repairKey), "Not in this plan: 2 of the 2 findings chosen, "+
		"setup-stale-entitlements, aws-b."; got != want {
		t.Errorf("it says %q, not %q", got, want)
	}
	c.findings = []*model.Finding{{ID: "a", Kind: model.GroupLingering}, {ID: "b", Kind: model.GroupUnclaimed}}
	picks := []model.Pick{{Finding: "a", Option: model.Option{Repair: model.DeleteGroup, Channel: model.Direct}}}
	if got := c.unplannedText(picks, a.repairKey); !strings.HasSuffix(got, "goes one by one: D on its own row.") {
		t.Errorf("it does not say how the unclaimed group goes: %q", got)
	}
	a.press("esc", "V")
	a.to("legacy")
	a.pressAnd("D")
	if got := frame(a); strings.Contains(got, "Not in this plan") {
		t.Errorf("a row leaves something out:\n%s", got)
	}
}

// TestNothingIsPlannedWhileReading: what would be planned from is not there yet.
func TestNothingIsPlannedWhileReading(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.press("R")
	a.press("a")
	sees(t, a, "Still reading: plan when the read has ended")
	if a.top() != nil {
		t.Error("a plan was opened")
	}
}

func TestEntitlementsOfAGroup(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	all := asked(a)
	a.to("newcomers")
	a.pressAnd("E")
	if len(*all) != 1 || (*all)[0][0].Repair != model.RefreshEntitlements {
		t.Fatalf("planned %+v", *all)
	}
	a.press("q", "esc")
	a.to("legacy")
	a.outside.(*fakeOutside).browser = func(string) (bool, error) { return true, nil }
	a.pressAnd("E") // no finding ends with it: the page is opened
	sees(t, a, "Opened in your browser.", "OneLogin > place")
	a.press("q", "p")
	sees(t, a, "refresh-entitlements, by hand in the console")
	a.press("q", "r")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	sees(t, a, "E has OneLogin refresh its entitlements too.")
}

// TestStepInFull shows what is sent to the letter.
func TestStepInFull(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("user-lingering")
	a.press("D")
	a.pressAnd("enter")
	a.press("space")
	sees(t, a, "What is sent to AWS IAM Identity Center", "PATCH /Users/t-user-40-40", `"active": false`, "Ends",
		"user-lingering/ana.ebert40")
}

// TestExpiredPlanIsNotRun.
func TestExpiredPlanIsNotRun(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.pressAnd("a")
	a.planOnTop().Plan().MadeAt = noon().Add(-2 * model.PlanLife)
	a.press("enter")
	sees(t, a, "too old to be run")
	if a.openQuestion() != nil {
		t.Error("an expired plan can be confirmed")
	}
}

func TestAPlanFromASnapshotIsNotRun(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36,
		func(o *Options) { o.Still, o.ReadOnly = "a snapshot of prod, read at noon", true })
	a.to("legacy")
	a.pressAnd("D")
	sees(t, a, "Deletes 1 group; 2 members lose it.", "DELETE /Groups/t-aws-legacy-admins",
		"From a snapshot of prod, read at noon: this can be looked at, and not run.")
	if got := frame(a); strings.Contains(got, "The guard allows it.") || strings.Contains(got, "can be run until") {
		t.Errorf("it looks as if it could be run:\n%s", got)
	}
	a.press("enter")
	sees(t, a, "Not run: this plan comes from a snapshot of prod, read at noon. Open the connection itself")
	if a.openQuestion() != nil || a.job != nil {
		t.Error("it asks for a confirmation, or runs")
	}
}

// TestWhatHasToBeTypedIsNeverCut, on the smallest terminal too: nobody could type it.
func TestWhatHasToBeTypedIsNeverCut(t *testing.T) {
	t.Parallel()
	w, name := drifted(), "aws-"+strings.Repeat("legacy-", 8)+"x"
	w.target.Groups = append(w.target.Groups, model.Group{ID: "t-long", Name: name, ExternalID: "900"})
	w.targetIDs = append(w.targetIDs, model.MemberList{IDs: []string{w.target.Users[3].ID}})
	a := repairBoard(t, w.compare(), 120, 36)
	a.to(name)
	a.pressAnd("D")
	a.press("enter")
	for _, size := range [][2]int{{80, 24}, {40, 10}} {
		a.Update(sized(size[0], size[1]))
		var joined strings.Builder
		for line := range strings.SplitSeq(frame(a), "\n") {
			joined.WriteString(strings.TrimSpace(line))
		}
		if !strings.Contains(joined.String(), name) {
			t.Errorf("at %v the name is cut:\n%s", size, frame(a))
		}
	}
}
