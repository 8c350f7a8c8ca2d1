package repair_test

import (
	"context"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// A run that was stopped after it created a record put nobody into a group. Who is in one by now was put there by
// somebody else, also where the plan would have done the same.
func TestUndoLeavesWhatOthersPutIntoGroupsInPlaceOfTheRun(t *testing.T) {
	for kind, create := range map[model.Kind]model.RepairName{
		model.GroupMissing: model.CreateGroup, model.UserUnsynced: model.CreateUser,
	} {
		t.Run(string(kind), func(t *testing.T) {
			b := lay(t, "drift")
			made := b.plan(kind, create, 1)
			if len(made.Steps) < 2 || made.Steps[1].Repair != model.AddMembers {
				t.Fatalf("the plan fills no group: %+v", made.Steps)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			o := asPlanned(made)
			o.Watch = func(p plan.RunProgress) {
				if p.Run.Steps[0].State == model.StepConfirmed {
					stop()
				}
			}
			run, err := b.repairer.Run(ctx, made, o)
			if err != nil || run.Steps[0].State != model.StepConfirmed || run.Steps[1].State != model.StepCancelled {
				t.Fatalf("%v:%s", err, details(run))
			}
			b.bend(func(w *world.World) {
				for _, s := range made.Steps[1:] {
					for _, m := range s.Members {
						group, user := s.Group.ID, m.ID
						if group == "" {
							group = run.Steps[0].CreatedID
						}
						if user == "" {
							user = run.Steps[0].CreatedID
						}
						w.Target.Groups[group].Members[user] = true
					}
				}
			})
			b.read()
			after := b.directory()
			back, err := b.repairer.Undo(t.Context(), run.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(back.Steps) > 0 || len(back.LeftOut) != 1 ||
				!strings.Contains(back.LeftOut[0].Reason, "somebody relies on it") {
				t.Errorf("%d steps, left out: %v", len(back.Steps), back.LeftOut)
			}
			if len(back.Steps) > 0 {
				t.Log(details(b.run(back, repair.RunOptions{})))
			}
			b.wantDirectory(after)
		})
	}
}

// A service may do later what it refused. An undo says so, and takes nothing of it back: it may be somebody else's.
func TestUndoNamesWhatWasRefusedAndIsDoneByNow(t *testing.T) {
	t.Parallel()
	for kind, of := range map[model.Kind]model.RepairName{
		model.GroupMissing: model.CreateGroup, model.GroupLingering: model.DeleteGroup,
		model.MembersExtra: model.RemoveMembers, model.UserStillActive: model.DeactivateUser,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			made := b.plan(kind, of, 1)
			b.fail(fault.Fault{
				Service: fault.SCIM, Method: made.Steps[0].Request.Method, Kind: fault.Answer, Status: 400,
			})
			run := b.run(made, repair.RunOptions{})
			if run.Steps[0].State != model.StepFailed {
				t.Fatalf("the step is not refused:%s", details(run))
			}
			b.server.Faults.Clear()
			if left := b.undone(run); left != "" {
				t.Errorf("nothing was done, and the undo says %q", left)
			}
			if _, err := b.opts.Target.Write(t.Context(), *made.Steps[0].Request); err != nil {
				t.Fatal(err)
			}
			b.read()
			after := b.directory()
			left := b.undone(run)
			if !strings.Contains(left, "step s1 failed") || !strings.Contains(left, "cannot be told") {
				t.Errorf("it is done by now, and the undo says %q", left)
			}
			b.wantDirectory(after)
		})
	}
}
