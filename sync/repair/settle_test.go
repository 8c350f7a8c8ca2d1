package repair_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// killed is a run of a plan that was killed when its first step had just been sent, or before.
func (b *bed) killed(plan *model.Plan, backup ...model.Backup) (run, file string) {
	b.t.Helper()
	in := folder(b.t)
	b.opts.Journal = journal.Open(state.OS(), in, b.clock)
	w, err := b.opts.Journal.Begin(journal.Head{
		Connection: "sim", Fingerprint: print1, Plan: plan, StartedAt: b.clock(),
	})
	if err == nil {
		err = errors.Join(w.Intent(plan.Steps[0].ID, backup), w.Close())
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.repairer = repair.New(b.opts)
	return w.ID(), filepath.Join(in, print1, w.ID()+".jsonl")
}

// What became of a step whose run was killed is read, and what cannot be read is not called done.
func TestAKilledStepIsSettledByWhatCanBeRead(t *testing.T) {
	t.Parallel()
	t.Run("a nudge", func(t *testing.T) {
		t.Parallel()
		b := lay(t, "drift")
		run, _ := b.killed(nudges(t, b))
		after, err := b.repairer.Settle(t.Context(), run)
		if err != nil || after.Steps[0].State != model.StepUnconfirmed ||
			!strings.Contains(after.Steps[0].Detail, "takes nothing away") {
			t.Errorf("%v:%s", err, details(after))
		}
	})
	t.Run("others went too", func(t *testing.T) {
		t.Parallel()
		b := lay(t, "drift")
		plan := b.plan(model.MembersExtra, model.RemoveMembers, 1)
		step := &plan.Steps[0]
		now, _, err := b.opts.Target.Record(t.Context(), model.SubjectGroup, step.Group.ID, true)
		if err != nil || len(now.Members.IDs) <= len(step.Members) {
			t.Fatalf("%v, %d members", err, len(now.Members.IDs))
		}
		kept := model.Backup{Type: model.SubjectGroup, ID: step.Group.ID, Name: step.Group.Name, Raw: now.Raw}
		for _, id := range now.Members.IDs {
			kept.Members = append(kept.Members, model.Member{ID: id})
		}
		run, _ := b.killed(plan, kept)
		b.bend(func(w *world.World) { clear(w.Target.Groups[step.Group.ID].Members) })
		after, err := b.repairer.Settle(t.Context(), run)
		if rec := after.Steps[0]; err != nil || rec.State != model.StepUnconfirmed ||
			!strings.Contains(rec.Detail, "not in "+step.Group.Name) ||
			len(rec.Beyond.Left) != len(now.Members.IDs)-len(step.Members) {
			t.Errorf("%v:%s", err, details(after))
		}
	})
	t.Run("its line is lost", func(t *testing.T) {
		t.Parallel()
		b := lay(t, "drift")
		run, file := b.killed(b.plan(model.GroupLingering, model.DeleteGroup, 1))
		content, err := os.ReadFile(file)
		damaged := bytes.Replace(content, []byte(`"intent"`), []byte(`"tenint"`), 1)
		if err := errors.Join(err, os.WriteFile(file, damaged, 0o600)); err != nil || bytes.Equal(content, damaged) {
			t.Fatal(err)
		}
		if early, err := b.repairer.Settle(t.Context(), run); err == nil || early.Settled() {
			t.Errorf("a request that may be on its way is given up:%s", details(early))
		}
		b.ahead += 6 * time.Minute
		after, err := b.repairer.Settle(t.Context(), run)
		if err != nil || after.Steps[0].State != model.StepUnconfirmed {
			t.Errorf("%v:%s", err, details(after))
		}
	})
	t.Run("through a lens that is gone", func(t *testing.T) {
		t.Parallel()
		b := withLens(t)
		plan := b.planOf(b.assigned(), model.RemoveAssignments)
		b.opts.Lens = nil
		run, _ := b.killed(plan)
		b.ahead += 6 * time.Minute
		after, err := b.repairer.Settle(t.Context(), run)
		if err == nil || !strings.Contains(err.Error(), "which is not configured") || after.Settled() {
			t.Errorf("%v:%s", err, details(after))
		}
	})
}

// What a run of another connection did, or one that goes on, is neither settled nor taken back here.
func TestOnlyAnEndedRunOfThisConnectionIsSettledOrTakenBack(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift")
	plan := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(says string) {
		t.Helper()
		_, settled := b.repairer.Settle(t.Context(), w.ID())
		_, undone := b.repairer.Undo(t.Context(), w.ID(), nil)
		for _, err := range []error{settled, undone} {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("want one about %q: %v", says, err)
			}
		}
	}
	refused("is still going on")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b.opts.Fingerprint = strings.Repeat("f", 32)
	b.repairer = repair.New(b.opts)
	refused("was made on another connection (sim)")
}
