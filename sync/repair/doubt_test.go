package repair_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// refusedBy gives the rules that refuse a run.
func refusedBy(err error) (rules []string) {
	if e, ok := errors.AsType[*repair.RefusedError](err); ok {
		for _, r := range e.Verdict.Refusals {
			rules = append(rules, string(r.Rule))
		}
	}
	return rules
}

// A write of which nobody knows what became of it stops new runs until reading settles it.
func TestADoubtIsSettledBeforeAnythingElse(t *testing.T) {
	for name, test := range map[string]struct {
		kind   model.Kind
		repair model.RepairName
		method string
		happen bool
		// emptied: somebody takes everybody out of the group before it is settled.
		emptied bool
	}{
		"done":              {model.GroupLingering, model.DeleteGroup, "DELETE", true, false},
		"not done":          {model.GroupLingering, model.DeleteGroup, "DELETE", false, false},
		"not done, emptied": {model.GroupLingering, model.DeleteGroup, "DELETE", false, true},
		"created":           {model.UserUnsynced, model.CreateUser, "POST", true, false},
		"not created":       {model.UserUnsynced, model.CreateUser, "POST", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			planned := b.plan(test.kind, test.repair, 1)
			lost := map[bool]fault.Kind{true: fault.LoseAnswer, false: fault.Reset}[test.happen]
			b.fail(fault.Fault{Service: fault.SCIM, Method: test.method, Kind: lost, Times: 1})
			dead := false
			run := b.run(planned, repair.RunOptions{Watch: func(p plan.RunProgress) {
				if p.Phase == plan.PhaseConfirming && !dead { // the target goes down just then
					dead = true
					b.fail(fault.Fault{Service: fault.SCIM, Kind: fault.Forbidden})
				}
			}})
			if run.Steps[0].State != model.StepInDoubt || run.State != model.RunIncomplete {
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			if _, err := b.repairer.Settle(t.Context(), run.ID); err == nil || !strings.Contains(err.Error(), run.ID) {
				t.Errorf("settled without a read: %v", err)
			}
			b.server.Faults.Clear()
			if test.emptied {
				b.bend(func(w *world.World) { clear(w.Target.Groups[planned.Steps[0].Group.ID].Members) })
			}
			other := b.loader.Last()
			if _, err := b.repairer.Run(t.Context(), planned, asPlanned(planned)); !slices.Equal(refusedBy(err),
				[]string{string(model.RuleUnsettled)}) { // what rests on a read that was not made is not judged
				t.Fatalf("a new run is not refused, or for more: %v", err)
			}
			if _, err := b.repairer.Undo(t.Context(), run.ID, nil); err == nil {
				t.Error("what is in doubt can be undone")
			}
			if b.loader.Last() != other {
				t.Error("a refused run has read the world again")
			}
			if !test.happen {
				// Its request may come yet, through a proxy that holds on to it: nobody may say that it was not done.
				early, err := b.repairer.Settle(t.Context(), run.ID)
				if err == nil || !strings.Contains(err.Error(), "not seen yet") ||
					!strings.Contains(err.Error(), "ask again after") ||
					early.Settled() || strings.Contains(details(early), "not done") {
					t.Fatalf("%v:%s", err, details(early))
				}
				b.ahead += 4 * time.Minute
				if _, err := b.repairer.Settle(t.Context(), run.ID); err == nil {
					t.Fatal("a request that may be on its way is given up")
				}
				b.ahead += 2 * time.Minute
			}
			after, err := b.repairer.Settle(t.Context(), run.ID)
			if err != nil {
				t.Fatal(err)
			}
			want := map[bool]model.StepState{true: model.StepConfirmed, false: model.StepUnconfirmed}[test.happen]
			if after.Steps[0].State != want || !after.Settled() {
				t.Fatalf("settled as %s:%s", after.State, details(after))
			}
			// What was settled cannot come any more, however short ago that was.
			back, err := b.repairer.Undo(t.Context(), run.ID, overridable())
			if err != nil || !test.happen && len(back.LeftOut) > 0 {
				t.Errorf("%v, the undo left out %v", err, back.LeftOut)
			}
			if made := after.Steps[0].CreatedID != ""; made != (test.happen && test.method == "POST") {
				t.Errorf("created id %q", after.Steps[0].CreatedID)
			}
			if _, err := b.repairer.Plan(t.Context(), nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// Where the head of a journal is lost nobody knows what its steps were, a delete or a button: settling says so, names
// what they were about, and calls no such run done.
func TestARunWhoseHeadIsLost(t *testing.T) {
	for name, test := range map[string]struct {
		intent bool
		want   string
	}{
		"a step was begun":      {true, "unconfirmed"},
		"only the head is left": {false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			in := folder(t)
			b.opts.Journal = journal.Open(state.OS(), in, b.clock)
			b.repairer = repair.New(b.opts)
			planned := b.plan(model.GroupLingering, model.DeleteGroup, 1)
			w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: planned})
			if err == nil && test.intent {
				err = w.Intent("s1", []model.Backup{{Type: model.SubjectGroup, ID: "g-7", Name: "aws-old"}})
			}
			file := filepath.Join(in, print1, w.ID()+".jsonl")
			content, readErr := os.ReadFile(file)
			damaged := bytes.Replace(content, []byte(`"head"`), []byte(`"haed"`), 1)
			if err := errors.Join(err, readErr, w.Close(), os.WriteFile(file, damaged, 0o600)); err != nil {
				t.Fatal(err)
			}
			if _, err := b.repairer.Settle(t.Context(), w.ID()); test.intent != (err != nil) {
				t.Errorf("a request that may be on its way: %v", err)
			}
			b.ahead += 6 * time.Minute
			after, err := b.opts.Journal.Run(w.ID())
			if !after.Settled() {
				after, err = b.repairer.Settle(t.Context(), w.ID())
			}
			if err != nil {
				t.Fatal(err)
			}
			b.wantStates(after, model.RunIncomplete, test.want)
			if said := details(after); test.intent && (!strings.Contains(said, "nobody knows") ||
				!strings.Contains(said, "aws-old (g-7) at the target by hand")) {
				t.Error(said)
			}
			if _, err := b.repairer.Undo(t.Context(), w.ID(), nil); err == nil {
				t.Error("what nobody knows can be undone")
			}
			picks := b.picks(model.GroupLingering, model.DeleteGroup)[:1]
			if _, err := b.repairer.Plan(t.Context(), picks, nil); err == nil ||
				!strings.Contains(err.Error(), "what earlier runs took cannot be told") {
				t.Errorf("a plan is held against what nobody knows: %v", err)
			}
		})
	}
}

func TestCancelActsBetweenSteps(t *testing.T) {
	b := lay(t, "drift")
	made := b.plan(model.GroupLingering, model.DeleteGroup, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.server.SCIM.ResetRequests()
	o := asPlanned(made)
	o.Reason = "ticket 7"
	o.Watch = func(p plan.RunProgress) {
		if p.Phase == plan.PhaseWriting { // the write is under way: it is confirmed all the same
			cancel()
		}
	}
	run, err := b.repairer.Run(ctx, made, o)
	if err != nil {
		t.Fatal(err)
	}
	b.wantStates(run, model.RunCancelled, "confirmed cancelled cancelled")
	if len(b.writes()) != 1 {
		t.Errorf("written: %q", b.writes())
	}
	told, err := b.repairer.History()
	if err != nil || len(told) != 1 || states(told[0]) != states(run) || told[0].State != run.State ||
		told[0].Reason != "ticket 7" || told[0].Who != "ana" {
		t.Errorf("the journal tells %+v, %v", told, err)
	}
}

func TestWhatMayNotBeRunIsRefused(t *testing.T) {
	lingering := func(b *bed) *model.Plan { return b.plan(model.GroupLingering, model.DeleteGroup, 1) }
	for name, test := range map[string]struct {
		bend func(b *bed, plan *model.Plan) repair.RunOptions
		want string
	}{
		"an edited plan": {func(_ *bed, p *model.Plan) repair.RunOptions {
			p.Steps[0].Request.Path = "/Groups/another"
			return repair.RunOptions{}
		}, "checksum"},
		"another connection": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.opts.Fingerprint = strings.Repeat("f", 32)
			return repair.RunOptions{}
		}, "another connection"},
		"read-only": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.opts.Guard.ReadOnly = true
			return repair.RunOptions{}
		}, "read-only"},
		"too many by now": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.opts.Guard.MaxDeletes = 0
			return repair.RunOptions{}
		}, "max-deletes"},
		"an old plan": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.ahead = 2 * time.Hour
			return repair.RunOptions{}
		}, "old-plan"},
		"no step": {func(_ *bed, p *model.Plan) repair.RunOptions {
			p.Steps = nil
			p.Seal()
			return repair.RunOptions{}
		}, "no step"},
		"a plan of a later program": {func(_ *bed, p *model.Plan) repair.RunOptions {
			p.Schema++
			p.Seal()
			return repair.RunOptions{}
		}, "schema"},
		"a source that cannot be read": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.fail(fault.Fault{Service: fault.OneLogin, Path: "/roles", Kind: fault.Forbidden})
			return repair.RunOptions{}
		}, "coverage"},
		"no journal": {func(b *bed, _ *model.Plan) repair.RunOptions {
			b.opts.Journal = nil
			return repair.RunOptions{}
		}, "journal"},
	} {
		t.Run(name, func(t *testing.T) {
			b := lay(t, "drift")
			plan := lingering(b)
			o := test.bend(b, plan)
			b.repairer = repair.New(b.opts)
			b.server.SCIM.ResetRequests()
			o.Allow = append(o.Allow, plan.Guard.Overrides()...)
			_, err := b.repairer.Run(t.Context(), plan, o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("err %v, want one about %q", err, test.want)
			}
			b.wantUnwritten()
			if b.opts.Journal == nil {
				return
			}
			if told, err := b.repairer.History(); err != nil || len(told) > 0 {
				t.Errorf("a run was begun: %+v %v", told, err)
			}
		})
	}
}

// A plan that the guard refuses runs only when the operator overrides what refused it.
func TestAnOverriddenRuleIsKept(t *testing.T) {
	b := lay(t, "drift", func(o *repair.Options) { o.Guard.MaxDeletes = 0 })
	plan, err := b.repairer.Plan(t.Context(), b.picks(model.GroupLingering, model.DeleteGroup)[:1], nil)
	if err != nil || plan.Guard.Allowed {
		t.Fatalf("allowed %v, %v", plan.Guard.Allowed, err)
	}
	if _, err = b.repairer.Run(t.Context(), plan, asPlanned(plan)); len(refusedBy(err)) == 0 {
		t.Fatalf("it runs: %v", err)
	}
	o := repair.RunOptions{}
	o.Allow = []model.GuardRule{model.RuleMaxDeletes}
	run := b.run(plan, o)
	b.wantStates(run, model.RunDone, "confirmed")
	if len(run.Allow) != 1 || run.Allow[0] != model.RuleMaxDeletes {
		t.Errorf("allowed %v", run.Allow)
	}
}

// A journal whose plan was edited may hold a step that says of nothing how it leaves it: that is no proof of anything.
func TestAStepThatLeavesNothingIsNeverSettledAsDone(t *testing.T) {
	b := lay(t, "drift")
	b.opts.Journal = journal.Open(state.OS(), folder(t), b.clock)
	b.repairer = repair.New(b.opts)
	planned := b.plan(model.GroupLingering, model.DeleteGroup, 1)
	planned.Steps[0].Afterwards = nil
	planned.Seal()
	w, err := b.opts.Journal.Begin(journal.Head{Connection: "sim", Fingerprint: print1, Plan: planned})
	if err := errors.Join(err, w.Intent("s1", nil), w.Close()); err != nil {
		t.Fatal(err)
	}
	b.ahead += 6 * time.Minute
	after, err := b.repairer.Settle(t.Context(), w.ID())
	if err != nil {
		t.Fatal(err)
	}
	b.wantStates(after, model.RunIncomplete, "unconfirmed")
	back, err := b.repairer.Undo(t.Context(), w.ID(), nil)
	if err != nil || len(back.Steps) > 0 || len(back.LeftOut) != 1 {
		t.Errorf("%v, %d steps, left out %v", err, len(back.Steps), back.LeftOut)
	}
}
