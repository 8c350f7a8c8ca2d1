package repair_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// A user's delete takes the groups that its plan shows, and none that he has got since; and none that is protected,
// even where the configuration keeps that group out of the comparison.
func TestADeletedUserLosesNoMoreThanWasShown(t *testing.T) {
	for name, test := range map[string]struct {
		change func(o *repair.Options, group string)
		want   string
	}{
		"a group since": {func(*repair.Options, string) {}, "was put into"},
		"a protected one": {func(o *repair.Options,
			group string,
		) {
			o.Guard.ProtectGroups = []string{group}
		}, "protected group"},
		"one that is not our affair": {func(o *repair.Options, group string) { o.Groups.Ignore = []string{group} }, ""},
		"protected and not our affair": {func(o *repair.Options, group string) {
			o.Groups.Ignore, o.Guard.ProtectGroups = []string{group}, []string{group}
		}, "protected group"},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			plan := b.plan(model.UserLingering, model.DeleteUser, 1)
			id := plan.Steps[0].Subject.TargetID
			var group string
			b.bend(func(w *world.World) {
				for _, g := range w.Target.Groups {
					if !g.Members[id] {
						g.Members[id], group = true, g.DisplayName
						return
					}
				}
			})
			test.change(&b.opts, group)
			b.repairer = repair.New(b.opts)
			run := b.run(plan, repair.RunOptions{Allow: []model.GuardRule{model.RuleShrunk}})
			if test.want == "" {
				b.wantStates(run, model.RunDone, "confirmed")
				return
			}
			b.wantStates(run, model.RunIncomplete, "skipped")
			b.wantUnwritten()
			if !strings.Contains(run.Steps[0].Detail, test.want) {
				t.Error(run.Steps[0].Detail)
			}
		})
	}
}

// Groups that cannot be told when the user is deleted cannot be given back, whatever could be read when the plan was
// made.
func TestADeleteWithoutAWholeBackupIsNotMadeUnasked(t *testing.T) {
	for name, test := range map[string]struct {
		allow []model.GuardRule
		want  model.StepState
	}{
		"unasked": {[]model.GuardRule{model.RuleNotCertain, model.RuleMaxPercent}, model.StepSkipped},
		"allowed": {
			[]model.GuardRule{model.RuleNotCertain, model.RuleMaxPercent, model.RuleNoBackup},
			model.StepConfirmed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			picks := b.picks(model.UserLingering, model.DeleteUser)
			plan, err := b.repairer.Plan(t.Context(), picks[:1], test.allow)
			if err != nil || !plan.Guard.Allowed {
				t.Fatal(err, plan.Guard)
			}
			b.fail(fault.Fault{Service: fault.SCIM, Path: "members.value", Kind: fault.Answer, Status: 400})
			run := b.run(plan, repair.RunOptions{Allow: test.allow})
			if run.Steps[0].State != test.want {
				t.Errorf("run is %s:%s", run.State, details(run))
			}
		})
	}
}

// slow is a source that a rate limit holds up for minutes, while somebody works at the target.
type slow struct {
	repair.Reader

	meanwhile func()
}

func (s slow) Recheck(
	ctx context.Context, q model.Question, look func(context.Context) (*plan.Observation, error),
) (*drift.Comparison, error) {
	c, err := s.Reader.Recheck(ctx, q, look)
	if q.FromSource() {
		s.meanwhile()
	}
	return c, err
}

func TestTheTargetIsLookedAtAgainAfterASlowSource(t *testing.T) {
	b := lay(t, "drift")
	plan := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	b.opts.Reader = slow{b.loader, func() {
		b.ahead += 3 * time.Minute
		b.bend(func(w *world.World) {
			g := w.Target.Groups[plan.Steps[0].Group.ID]
			for _, id := range w.Target.UserOrder {
				g.Members[id] = true
			}
		})
	}}
	b.repairer = repair.New(b.opts)
	run := b.run(plan, repair.RunOptions{})
	b.wantStates(run, model.RunIncomplete, "skipped")
	b.wantUnwritten()
}

// A finding of which less is certain by now than when the plan was made is not acted on unasked.
func TestWhatIsNoLongerCertainIsRefused(t *testing.T) {
	b := lay(t, "drift")
	plan := b.plan(model.UserLingering, model.DeactivateUser, 1)
	plan.Guard.Overridden = nil
	plan.Seal()
	b.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/2/users", Kind: fault.Forbidden})
	_, err := b.repairer.Run(t.Context(), plan, asPlanned(plan, model.RuleMaxPercent))
	if err == nil || !strings.Contains(err.Error(), string(model.RuleNotCertain)) {
		t.Error(err)
	}
}

// What a run tried and never saw may be OneLogin's own work by the time it is undone: to take it away is counted.
func TestWhatWasNeverConfirmedIsNotOurOwn(t *testing.T) {
	b := lay(t, "drift")
	plan := b.plan(model.MembersMissing, model.AddMembers, 1)
	b.fail(fault.Fault{Service: fault.SCIM, Method: "PATCH", Kind: fault.Reset, Times: 1})
	run := b.run(plan, repair.RunOptions{})
	b.wantStates(run, model.RunIncomplete, "unconfirmed")
	b.bend(func(w *world.World) {
		for _, m := range plan.Steps[0].Members {
			w.Target.Groups[plan.Steps[0].Group.ID].Members[m.ID] = true
		}
	})
	undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
	if err != nil || len(undo.Steps) != 1 {
		t.Fatal(err, undo.LeftOut)
	}
	if n := undo.Totals().Removals; n != len(plan.Steps[0].Members) {
		t.Errorf("%d removals are counted, want %d", n, len(plan.Steps[0].Members))
	}
}

// A target that takes everybody out where it was asked for one has not done what the plan shows, however well that one
// is gone.
func TestATargetThatSweepsOthersOutIsNoticed(t *testing.T) {
	for _, test := range []struct {
		kind   model.Kind
		repair model.RepairName
	}{{model.MembersExtra, model.RemoveMembers}, {model.MembersMissing, model.AddMembers}} {
		b := lay(t, "drift")
		made := b.plan(test.kind, test.repair, 1)
		step := &made.Steps[0]
		mine, before := map[string]bool{}, map[string]bool{}
		b.bend(func(w *world.World) { before = maps.Clone(w.Target.Groups[step.Group.ID].Members) })
		for _, m := range step.Members {
			mine[m.ID] = true
		}
		run := b.run(made, repair.RunOptions{Watch: func(p plan.RunProgress) {
			if p.Phase != plan.PhaseConfirming {
				return
			}
			b.bend(func(w *world.World) {
				for id := range w.Target.Groups[step.Group.ID].Members {
					if !mine[id] {
						delete(w.Target.Groups[step.Group.ID].Members, id)
					}
				}
			})
		}})
		b.wantStates(run, model.RunIncomplete, "unconfirmed")
		if !strings.Contains(run.Steps[0].Detail, "not in") {
			t.Error(run.Steps[0].Detail)
		}
		left := b.undone(run)
		b.bend(func(w *world.World) {
			now := w.Target.Groups[step.Group.ID].Members
			for id := range before {
				if name := w.Target.Users[id].UserName; !now[id] && !strings.Contains(left, name+" is not put back") {
					t.Errorf("%s is not back, and not left out: %s", name, left)
				}
			}
			if len(now) < 2 {
				t.Errorf("%d of %d are back", len(now), len(before))
			}
		})
	}
}
