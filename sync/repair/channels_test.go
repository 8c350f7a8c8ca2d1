package repair_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
)

// over chooses findings that offer a reapply over a channel.
func (b *bed) over(channel model.Channel, kinds ...model.Kind) (picks []model.Pick) {
	for _, f := range b.loader.Last().Findings {
		for _, o := range f.Repairs {
			for _, k := range kinds {
				if f.Kind == k && o.Repair == model.ReapplyMappings && o.Channel == channel {
					picks = append(picks, model.Pick{Finding: f.ID, Option: o})
				}
			}
		}
	}
	return picks
}

// lively lets OneLogin work and the clock go on while the repairer waits.
func lively(t *testing.T, b *bed, works bool) {
	t.Helper()
	b.opts.Sleep = func(ctx context.Context, d time.Duration) error {
		b.ahead += d
		if works {
			if err := b.server.Engine.RunPending(ctx); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	b.repairer = repair.New(b.opts)
}

func nudges(t *testing.T, b *bed) *model.Plan {
	t.Helper()
	picks := b.over(model.Nudge, model.UserInactive, model.UserAttributes)
	plan, err := b.repairer.Plan(t.Context(), picks, nil)
	if err != nil || !plan.Guard.Allowed || len(plan.Steps) < 3 {
		t.Fatalf("%d steps, left out %v, guard %+v, %v", len(plan.Steps), plan.LeftOut, plan.Guard, err)
	}
	return plan
}

// puts counts the writes to OneLogin.
func (b *bed) puts() (n int) {
	for _, r := range b.server.OneLogin.Requests() {
		if r.Method == "PUT" {
			n++
		}
	}
	return n
}

func TestNudgesHealAfterTheFirstIsSeenToWork(t *testing.T) {
	b := lay(t, "drift")
	lively(t, b, true)
	plan := nudges(t, b)
	said := strings.Join(plan.Warnings, " ")
	for _, want := range []string{
		"for every app that they have", "calls of OneLogin's hourly budget",
		"since the last reapply",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it is not said beforehand that %q: %s", want, said)
		}
	}
	scarce := b.opts
	for left, want := range map[int]string{
		2: "2 are left: it will not get through", 300: "may be left without",
		4000: "4000 are left. ",
	} {
		scarce.Source = poor{b.opts.Source, left}
		picks := b.over(model.Nudge, model.UserInactive, model.UserAttributes)
		dear, err := repair.New(scarce).Plan(t.Context(), picks, nil)
		if err != nil || !strings.Contains(strings.Join(dear.Warnings, " "), want) {
			t.Errorf("with %d calls left it is not said beforehand that %q: %s, %v", left, want, dear.Warnings, err)
		}
	}
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	if b.puts() != len(plan.Steps) {
		t.Errorf("%d writes for %d steps", b.puts(), len(plan.Steps))
	}
	b.wantGone(b.read(), plan)
	undo, err := b.repairer.Undo(t.Context(), run.ID, nil)
	if err != nil || len(undo.Steps) > 0 || len(undo.LeftOut) == 0 {
		t.Errorf("a nudge has a way back: %d steps, left out %v, %v", len(undo.Steps), undo.LeftOut, err)
	}
}

func TestANudgeThatDoesNothingIsTheLast(t *testing.T) {
	b := lay(t, "drift")
	lively(t, b, false)
	plan := nudges(t, b)
	run := b.run(plan, repair.RunOptions{})
	want := "unconfirmed" + strings.Repeat(" skipped", len(plan.Steps)-1)
	b.wantStates(run, model.RunIncomplete, want)
	if b.puts() != 1 {
		t.Errorf("%d users were touched", b.puts())
	}
}

func TestAHandoffNeedsNoRight(t *testing.T) {
	b := lay(t, "drift", func(o *repair.Options) {
		o.Guard.ReadOnly = true
		o.Locate = func(app string, _ model.Place) model.Location {
			return model.Location{Link: "https://acme.onelogin.com/apps/" + app, Menu: "App > More Actions"}
		}
	})
	lively(t, b, true)
	picks := b.over(model.Console, model.UserInactive)
	plan, err := b.repairer.Plan(t.Context(), picks, nil)
	if err != nil || len(plan.Steps) != 1 || !plan.Guard.Allowed {
		t.Fatalf("%d steps, guard %+v, %v", len(plan.Steps), plan.Guard, err)
	}
	h := plan.Steps[0].Handoff
	if h == nil || h.URL == "" || h.Menu == "" || h.DeadlineS != 600 || plan.Steps[0].Request != nil {
		t.Fatalf("handoff %+v", h)
	}
	if !strings.Contains(strings.Join(plan.Warnings, " "), "every pending edit") {
		t.Errorf("warnings %v", plan.Warnings)
	}
	run := b.run(plan, repair.RunOptions{}) // nobody presses the button
	b.wantStates(run, model.RunIncomplete, "unconfirmed")
	b.wantUnwritten()
}

// A plan may hold a button beside writes of ours: both are done, each as it is.
func TestAButtonBesideAWrite(t *testing.T) {
	t.Parallel()
	s := enact(t, "lingering-groups", func(b *bed) {
		for _, id := range b.tenant.World.Target.UserOrder[:1] {
			b.tenant.World.Target.Users[id].DisplayName = "Somebody Else"
		}
	})
	picks := append(s.over(model.Console, model.UserAttributes),
		s.picks(model.GroupLingering, model.DeleteGroup)[:1]...)
	plan, err := s.repairer.Plan(t.Context(), picks, overridable())
	if err != nil || len(plan.Steps) != 2 || !plan.Guard.Allowed {
		t.Fatalf("%v, %+v", err, plan)
	}
	run := s.watch(plan, func() { s.press("reapply", "") })
	s.wantStates(run, model.RunDone, "confirmed confirmed")
	s.wantGone(s.read(), plan)
}
