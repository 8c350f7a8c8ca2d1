package repair_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// unassigned is a run that took the account assignments of a group away, and the group too unless that is refused.
func (b *bed) unassigned(kept bool) (model.Run, *model.Finding) {
	b.t.Helper()
	f := b.assigned()
	plan := b.planOf(f, model.RemoveAssignments)
	if kept {
		b.fail(fault.Fault{Service: fault.SCIM, Method: "DELETE", Kind: fault.Forbidden})
	}
	run := b.run(plan, repair.RunOptions{})
	b.server.Faults.Clear()
	if last := run.Steps[len(run.Steps)-1]; (last.State == model.StepConfirmed) == kept {
		b.t.Fatal(details(run))
	}
	return run, f
}

// reasons are why something is left out of a way back, a line each.
func reasons(p *model.Plan) string {
	return strings.Join(model.Map(p.LeftOut, func(l *model.LeftOut) string { return l.Reason }), "\n")
}

// Account assignments that do not come back are named with what keeps them.
func TestUndoSaysWhichAssignmentsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	const noLens = "which is not configured"
	for name, test := range map[string]struct {
		kept bool
		bend func(b *bed, run *model.Run, f *model.Finding)
		says string
	}{
		"there is no lens any more": {true, func(b *bed, _ *model.Run, _ *model.Finding) {
			b.opts.Lens = nil
			b.start()
		}, "are not made again: account assignments are read and changed through the AWS lens"},
		"nor one to read those of the group": {true, func(b *bed, _ *model.Run, _ *model.Finding) {
			b.server.AWS.SetKnobs(simaws.Knobs{Deny: []string{"sso:ListAccountAssignmentsForPrincipal"}})
		}, "those that it has cannot be read"},
		"the group is somebody else's by now": {false, func(b *bed, _ *model.Run, f *model.Finding) {
			b.bend(func(w *world.World) {
				w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: f.Subject.Name})
			})
		}, "is gone, and its account assignment with it"},
		"somebody took them away again": {true, func(b *bed, run *model.Run, f *model.Finding) {
			b.undone(*run)
			b.bend(func(w *world.World) {
				w.Target.Assignments = slices.DeleteFunc(w.Target.Assignments,
					func(a world.Assignment) bool { return a.PrincipalID == f.Subject.TargetID })
			})
		}, "is not made again: the undo "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withLens(t)
			run, f := b.unassigned(test.kept)
			test.bend(b, &run, f)
			b.read()
			before := b.accounts(f.Subject.Name)
			back := b.undoPlan(run.ID)
			if !strings.Contains(reasons(back), test.says) || back.Totals().Grants+back.Totals().Removals > 0 {
				t.Errorf("%d steps, left out: %s", len(back.Steps), reasons(back))
			}
			if got := b.accounts(f.Subject.Name); !slices.Equal(got, before) {
				t.Errorf("%v became %v", before, got)
			}
		})
	}
	for name, test := range map[string]struct {
		bend func(o *orphan)
		says string
	}{
		"no lens": {func(o *orphan) { o.opts.Lens = nil; o.start() }, noLens},
		"another name": {func(o *orphan) {
			o.bend(func(w *world.World) { w.Target.Groups[o.id].DisplayName = "other" })
		}, "it is not as the run left it any more"},
	} {
		t.Run("moved, and "+name, func(t *testing.T) {
			t.Parallel()
			o := orphaned(t, true)
			run := o.run(o.moving(), repair.RunOptions{})
			test.bend(o)
			back := o.undoPlan(run.ID)
			if !strings.Contains(reasons(back), test.says) || len(back.Steps) > 0 {
				t.Errorf("%d steps, left out: %s", len(back.Steps), reasons(back))
			}
		})
	}
}

// untold is a target that does not tell all groups of a user.
type untold struct{ repair.Target }

func (u untold) GroupsOf(ctx context.Context, id string) ([]model.GroupRef, string, error) {
	groups, _, err := u.Target.GroupsOf(ctx, id)
	return groups, "the list is cut", err
}

// Where the target does not tell who is in a group, or in which groups a user is, nobody is put in or out on a guess,
// and what goes counts for the guard.
func TestUndoDoesNotGuessMemberships(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		hide   func(repair.Target) repair.Target
		left   []string
		steps  int
	}{
		"a created group": {
			model.GroupMissing, model.CreateGroup, func(t repair.Target) repair.Target { return veiled{t} },
			[]string{"nobody is taken out of ", "delete it by hand"},
			0,
		},
		"who was taken out": {
			model.MembersExtra, model.RemoveMembers, func(t repair.Target) repair.Target { return veiled{t} },
			[]string{"nobody is put back into "},
			0,
		},
		"the groups of a created user": {
			model.UserUnsynced, model.CreateUser, func(t repair.Target) repair.Target { return untold{t} }, nil, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			run := b.run(b.plan(test.kind, test.repair, 1), repair.RunOptions{})
			if run.State != model.RunDone {
				t.Fatal(details(run))
			}
			b.opts.Target = test.hide(b.opts.Target)
			b.repairer = repair.New(b.opts)
			back, err := b.repairer.Undo(t.Context(), run.ID, overridable())
			if err != nil {
				t.Fatal(err)
			}
			for _, says := range test.left {
				if !strings.Contains(reasons(back), says) {
					t.Errorf("want %q: %s", says, reasons(back))
				}
			}
			if (len(back.Steps) == 0) != (test.steps == 0) || back.Totals().Deletes != test.steps {
				t.Errorf("%d steps that count %+v: %s", len(back.Steps), back.Totals(), reasons(back))
			}
		})
	}
}

// Nobody is made again on whom OneLogin's records do not agree, or who is assigned under a name that only looks alike.
func TestUndoMakesNobodyAgainInDoubt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bend func(b *bed, source *world.User)
		says string
	}{
		"two claim to be them": {func(b *bed, source *world.User) {
			b.bend(func(w *world.World) {
				twin := *source
				twin.ID = 990001
				w.Source.Users[twin.ID] = &twin
				w.Source.Apps[b.tenant.AppID].Direct[twin.ID] = true
			})
		}, "more than one record claims to be them"},
		"a name that looks alike": {func(b *bed, source *world.User) {
			b.bend(func(*world.World) {
				source.Email = strings.Replace(source.Email, "a", "\u0430", 1)
				source.Username, source.ExternalID = source.Email, "another"
			})
		}, "only somebody whose name looks like theirs is assigned"},
		"the app's users alone were read": {func(b *bed, _ *world.User) {
			b.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/2/users", Kind: fault.Forbidden})
		}, "OneLogin's users were not read in full"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			run := b.deletedAndAssigned()
			name := run.Plan.Steps[0].Subject.Name
			var source *world.User
			b.bend(func(w *world.World) { source = sourceOf(w, &world.TargetUser{Email: name}) })
			test.bend(b, source)
			if back := b.undoPlan(run.ID); !strings.Contains(reasons(back), test.says) || len(back.Steps) > 0 {
				t.Errorf("%d steps, left out: %s", len(back.Steps), reasons(back))
			}
		})
	}
}

// A process that has read nothing reads both sides before it takes anything back.
func TestUndoOfAProcessThatHasReadNothing(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	before := b.directory()
	run := b.run(b.plan(model.GroupLingering, model.DeleteGroup, 1), repair.RunOptions{})
	b.begin()
	if left := b.takenBack(run); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(before)
}

// What a backup may lack is said when the record is made again from it.
func TestUndoSaysWhatABackupMayLack(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	b.opts.Target = untold{b.opts.Target}
	b.repairer = repair.New(b.opts)
	run := b.deletedAndAssigned(model.RuleNoBackup)
	back := b.undoPlan(run.ID)
	said := strings.Join(back.Warnings, "\n")
	if !strings.Contains(said, "the backup may lack groups: the list is cut") {
		t.Errorf("left out %s, warned: %s", reasons(back), said)
	}
}

// A group that a run renamed and filled is emptied and named as it was, and an undo of that does both again.
func TestUndoOfAnUndoKnowsTheNameThatItGives(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	renamed := b.picks(model.GroupRenamed, model.RenameGroup)[0]
	target := func(p model.Pick) string {
		all := b.loader.Last().Findings
		return all[slices.IndexFunc(all, func(f model.Finding) bool { return f.ID == p.Finding })].Subject.TargetID
	}
	id := target(renamed)
	b.bend(func(w *world.World) { clear(w.Target.Groups[id].Members) })
	b.read()
	picks := []model.Pick{renamed}
	for _, p := range b.picks(model.MembersMissing, model.AddMembers) {
		if target(p) == id {
			picks = append(picks, p)
		}
	}
	plan, err := b.repairer.Plan(t.Context(), picks, overridable())
	if err != nil || len(plan.Steps) != 2 {
		t.Fatalf("%v, %+v", err, plan)
	}
	before := b.directory()
	run := b.run(plan, repair.RunOptions{})
	after := b.directory()
	back := b.undoRun(run, repair.RunOptions{})
	b.wantDirectory(before)
	if left := b.undone(back); left != "" {
		t.Errorf("left out: %s", left)
	}
	b.wantDirectory(after)
}
