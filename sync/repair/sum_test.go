package repair_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// A run of another process that ends just before ours takes the lock counts for the sum of 24 hours.
func TestTheGuardSumsUpUnderTheLock(t *testing.T) {
	t.Parallel()
	var before func()
	files := &lockedFiles{FS: state.OS(), before: func() { before() }}
	b := lay(t, "drift")
	b.opts.Guard.MaxDeletes = 1
	b.opts.Journal = journal.Open(files, folder(t), b.clock)
	before = func() {}
	b.repairer = repair.New(b.opts)
	plan := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	before = func() {
		before = func() {}
		w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: plan})
		if err != nil {
			t.Error(err)
			return
		}
		id := plan.Steps[0].ID
		if err := errors.Join(w.Intent(id, nil), w.Outcome(model.StepRecord{ID: id, State: model.StepConfirmed}),
			w.End(model.RunDone), w.Close()); err != nil {
			t.Error(err)
		}
	}
	b.server.SCIM.ResetRequests()
	_, err := b.repairer.Run(t.Context(), plan, asPlanned(plan))
	if !slices.Contains(refusedBy(err), string(model.RuleMaxDeletes)) {
		t.Errorf("the other run's delete does not count: %v", err)
	}
	b.wantUnwritten()
	if runs, err := b.repairer.History(); err != nil || len(runs) != 1 {
		t.Errorf("the refused run left a trace: %d runs, %v", len(runs), err)
	}
}

// lockedFiles does something just before a lock that is not waited for is taken.
type lockedFiles struct {
	state.FS

	before func()
}

func (f *lockedFiles) Lock(name string, wait bool) (release func(), ok bool, err error) {
	if !wait {
		f.before()
	}
	return f.FS.Lock(name, wait)
}
