package repair_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Every direct repair ends its finding with exactly the requests that were shown, and can be taken back, or says why
// not.
func TestEveryRepairEndsItsFinding(t *testing.T) {
	for _, test := range []struct {
		kind   model.Kind
		repair model.RepairName
		// back: undo brings back what was.
		back bool
	}{
		{model.UserUnsynced, model.CreateUser, true},
		{model.UserInactive, model.ActivateUser, true},
		{model.UserAttributes, model.UpdateUser, true},
		{model.UserRenamed, model.UpdateUser, true},
		{model.UserStillActive, model.DeactivateUser, false},
		{model.UserLingering, model.DeactivateUser, false},
		{model.UserLingering, model.DeleteUser, false},
		{model.GroupMissing, model.CreateGroup, true},
		{model.GroupRenamed, model.RenameGroup, true},
		{model.MembersMissing, model.AddMembers, true},
		{model.MembersExtra, model.RemoveMembers, true},
		{model.GroupLingering, model.DeleteGroup, true},
		{model.GroupUnclaimed, model.DeleteGroup, true},
	} {
		t.Run(string(test.kind)+" "+string(test.repair), func(t *testing.T) {
			b := lay(t, "drift")
			before := b.directory()
			plan := b.plan(test.kind, test.repair, 1)
			run := b.run(plan, repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			b.wantTraffic(run)
			if test.kind == model.UserLingering && test.repair == model.DeactivateUser {
				b.wantInfo(plan) // an inactive user may stay for ever
			} else {
				b.wantGone(b.loader.Last(), plan) // without another load
				b.wantGone(b.read(), plan)
			}
			after := b.directory()

			undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
			if err != nil {
				t.Fatal(err)
			}
			if !test.back {
				if len(undo.Steps) > 0 || len(undo.LeftOut) == 0 {
					t.Fatalf("%d steps let in who has left, %v", len(undo.Steps), undo.LeftOut)
				}
				b.wantDirectory(after)
				return
			}
			if len(undo.LeftOut) > 0 {
				t.Errorf("left out %v", undo.LeftOut)
			}
			back := b.run(undo, repair.RunOptions{})
			if back.State != model.RunDone || back.Plan.Undoes != run.ID {
				t.Fatalf("undo of %s is %s:%s", back.Plan.Undoes, back.State, details(back))
			}
			b.wantTraffic(back)
			b.wantDirectory(before)
		})
	}
}

func (b *bed) wantInfo(plan *model.Plan) {
	b.t.Helper()
	for _, f := range b.loader.Last().Findings {
		if f.ID == plan.Steps[0].Finding && f.Severity != model.Info {
			b.t.Errorf("%s is still %s", f.ID, f.Severity)
		}
	}
}

// One plan for everything that we can repair ourselves, in one run, leaves nothing of it, and its way back restores all
// that may be restored.
func TestEverythingInOneRun(t *testing.T) {
	b := lay(t, "drift")
	var picks []model.Pick
	for _, f := range b.loader.Last().Findings {
		for _, o := range slices.Backward(f.Repairs) { // the last is the direct one
			if o.Channel == model.Direct {
				picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
				break
			}
		}
	}
	plan, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleShrunk))
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Guard.Allowed {
		t.Fatalf("%+v", plan.Guard.Refusals)
	}
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	b.wantTraffic(run)
	b.wantGone(b.read(), plan)
	undo, err := b.repairer.Undo(t.Context(), run.ID, append(overridable(), model.RuleShrunk))
	if err != nil {
		t.Fatal(err)
	}
	back := b.run(undo, repair.RunOptions{})
	if back.State != model.RunIncomplete || strings.Trim(states(back), "confirmed ") != "" || len(undo.LeftOut) == 0 {
		t.Fatalf("undo is %s, and left out %v:%s", back.State, undo.LeftOut, details(back))
	}
	b.wantTraffic(back)
	history, err := b.repairer.History()
	if err != nil || len(history) != 2 || history[1].ID != run.ID || len(history[1].UndoneBy) != 1 ||
		history[1].UndoneBy[0] != back.ID {
		t.Errorf("history %+v, %v", history, err)
	}
	again, err := b.repairer.Undo(t.Context(), run.ID, overridable())
	if err != nil || len(again.Steps) > 0 {
		t.Errorf("a second undo has %d steps: %v", len(again.Steps), err)
	}
	if diff := cmp.Diff(undo.LeftOut, again.LeftOut); diff != "" {
		t.Errorf("what cannot be taken back is something else the second time (-first +second):\n%s", diff)
	}
}

// TestAPlanSaysBeforehandWhatItsRunReads: nothing, both sides in full, or that where rules make names of attributes.
func TestAPlanSaysBeforehandWhatItsRunReads(t *testing.T) {
	t.Parallel()
	byDepartment := func(b *bed) {
		b.bend(func(w *world.World) {
			app := w.Source.Apps[b.tenant.AppID]
			app.Rules = append(app.Rules, world.Rule{
				ID: 990010, Name: "by department", Match: "all", Enabled: true, Position: 9,
				Actions: []world.Action{{Action: "set_groups", Value: []string{"department"}, Expression: "nobody-.*"}},
			})
		})
		b.read()
	}
	for name, tt := range map[string]struct {
		change func(b *bed)
		want   string
	}{
		"single answers":       {func(*bed) {}, ""},
		"the read is old":      {func(b *bed) { b.ahead = 2 * time.Hour }, "in full first: both sides were read at"},
		"names from attribute": {byDepartment, "in full first where OneLogin cannot tell which users have changed"},
	} {
		b := lay(t, "lingering-groups")
		tt.change(b)
		picks := b.picks(model.GroupLingering, model.DeleteGroup)
		plan, err := b.repairer.Plan(t.Context(), picks[:1], overridable())
		if err != nil || len(plan.Steps) == 0 {
			t.Fatal(name, err, plan)
		}
		if said := strings.Join(plan.Warnings, "\n"); !strings.Contains(said, tt.want) || tt.want == "" &&
			strings.Contains(said, "in full") {
			t.Errorf("%s: %q, want %q", name, said, tt.want)
		}
	}
}

// TestALongWatchKeepsPlansYoung: where OneLogin's log showed no change for hours, a plan is as old as the last look at
// it, and its run reads both sides in full.
func TestALongWatchKeepsPlansYoung(t *testing.T) {
	t.Parallel()
	b := lay(t, "lingering-groups")
	b.ahead = 3 * time.Hour
	if _, err := b.loader.Look(t.Context(), drift.Watch{}, false); err != nil {
		t.Fatal(err)
	}
	plan := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	if said := strings.Join(plan.Warnings, "\n"); !strings.Contains(said, "in full first") {
		t.Errorf("it does not say that its run reads in full: %q", said)
	}
	b.wantStates(b.run(plan, repair.RunOptions{Allow: overridable()}), model.RunDone, "confirmed")
}
