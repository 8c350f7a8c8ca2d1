package repair_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Names are kept as they are, so that a plan about the oddest of them is still the one that this program makes.
func TestOddNamesAreStillOurOwnPlan(t *testing.T) {
	for _, name := range []string{
		" aws-odd ", "aws-<b>&\"'\\", "aws-\u2028line", "aws-\u202eevil", "aws-{$id:s1}",
		"aws-ünï-💥", "AWS-Straße",
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			f := b.loader.Last().Findings
			var group string
			for i := range f {
				if f[i].Kind == model.GroupLingering {
					group = f[i].Subject.TargetID
				}
			}
			b.bend(func(w *world.World) { w.Target.Groups[group].DisplayName = name })
			b.read()
			var picks []model.Pick
			for _, p := range append(b.picks(model.GroupLingering, model.DeleteGroup),
				b.picks(model.GroupUnclaimed, model.DeleteGroup)...) {
				for i := range b.loader.Last().Findings {
					if g := &b.loader.Last().Findings[i]; g.ID == p.Finding && g.Subject.TargetID == group {
						picks = append(picks, p)
					}
				}
			}
			plan, err := b.repairer.Plan(t.Context(), picks, overridable())
			if err != nil || len(plan.Steps) != 1 {
				t.Fatal(err, len(picks), plan)
			}
			var file bytes.Buffer
			if err := report.PlanJSON(&file, plan); err != nil {
				t.Fatal(err)
			}
			if plan, err = model.ReadPlan(file.Bytes()); err != nil {
				t.Fatal(err)
			}
			run := b.run(plan, repair.RunOptions{})
			b.wantStates(run, model.RunDone, "confirmed")
			if strings.ContainsAny(name, "\u2028\u202e") {
				return // AWS lets nobody make such a name again
			}
			undo, err := b.repairer.Undo(t.Context(), run.ID, overridable())
			if err != nil {
				t.Fatal(err)
			}
			if back := b.run(undo, repair.RunOptions{Allow: overridable()}); back.State != model.RunDone {
				t.Fatalf("the way back is %s:%s", back.State, details(back))
			}
		})
	}
}
