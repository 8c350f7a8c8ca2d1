package repair_test

import (
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

// Account assignments that do not come back, or are not taken away again, are named with what keeps them.
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
		}, noLens},
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
		"an undo made them": {true, func(b *bed, run *model.Run, _ *model.Finding) {
			*run = b.undoRun(*run, repair.RunOptions{})
		}, "that an undo made are not taken away again"},
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
