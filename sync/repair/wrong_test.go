package repair_test

import (
	"regexp"
	"slices"
	"syscall"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// usual is the guard that a connection has which configures none.
func usual(o *repair.Options) {
	o.Guard = model.Guard{MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200, MaxPercent: 20}
}

// wantRefused plans every taking repair by itself, and all of them together, and wants all of it refused.
func (b *bed) wantRefused(rule model.GuardRule, allow ...model.GuardRule) {
	b.t.Helper()
	var all []model.Pick
	try := func(picks []model.Pick) {
		b.t.Helper()
		plan, err := b.repairer.Plan(b.t.Context(), picks, allow)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(plan.Steps) == 0 {
			return
		}
		if plan.Guard.Allowed || !slices.ContainsFunc(plan.Guard.Refusals,
			func(r model.GuardRefusal) bool { return r.Rule == rule }) {
			b.t.Errorf("%s of %s is not refused by %s: %+v", plan.Steps[0].Repair, plan.Steps[0].Subject.Name, rule,
				plan.Guard)
		}
		if _, err := b.repairer.Run(b.t.Context(), plan, asPlanned(plan)); len(refusedBy(err)) == 0 {
			b.t.Errorf("%s of %s runs: %v", plan.Steps[0].Repair, plan.Steps[0].Subject.Name, err)
		}
	}
	b.server.SCIM.ResetRequests()
	for _, f := range b.loader.Last().Findings {
		for _, o := range f.Repairs {
			if pick := (model.Pick{Finding: f.ID, Option: o, Named: true}); o.Channel == model.Direct &&
				taking(o.Repair) {
				try([]model.Pick{pick})
				all = append(all, pick)
			}
		}
	}
	if len(all) < 3 {
		c := b.loader.Last()
		b.t.Fatalf("only %d findings offer anything that takes: %v %v", len(all), findings(c), c.Source.Coverage)
	}
	try(all)
	b.wantUnwritten()
}

func taking(r model.RepairName) bool {
	return r == model.DeleteGroup || r == model.DeleteUser || r == model.DeactivateUser || r == model.RemoveMembers
}

// A pattern that leaves out the roles which groups come from makes all these groups look like leftovers.
func TestAWrongPatternWritesNothing(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"^nope", "^aws-d", "^AWS_"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "clean", usual, func(o *repair.Options) { o.Groups.Roles = regexp.MustCompile(pattern) })
			b.wantRefused(model.RuleStillYielded)
		})
	}
	t.Run("of a connection that was right before", func(t *testing.T) {
		t.Parallel()
		b := lay(t, "clean", usual)
		b.remembered = &b.learnt
		b.opts.Groups.Roles = regexp.MustCompile("^nope")
		b.start()
		b.wantRefused(model.RuleShrunk, model.RuleStillYielded)
	})
}

// Two sides that do not belong together have nobody in common, so that everybody lingers.
func TestAMispairedConnectionWritesNothing(t *testing.T) {
	t.Parallel()
	b := lay(t, "drift", usual)
	b.bend(func(w *world.World) {
		for _, u := range w.Target.Users {
			u.UserName, u.Email, u.ExternalID = "x."+u.UserName, "x."+u.Email, ""
		}
	})
	b.read()
	b.wantRefused(model.RuleMispaired, plan.GuardRules()...)
}

// A source of which a third has gone since the last complete read is not believed.
func TestASourceThatShrankWritesNothing(t *testing.T) {
	t.Parallel()
	for name, shrink := range map[string]func(w *world.World, app int64){
		"users": func(w *world.World, app int64) {
			left := w.Source.Assigned(app)
			for _, id := range world.SortedIDs(left)[:len(left)/3] {
				delete(w.Source.Apps[app].Direct, id)
				delete(w.Source.Logins, world.LoginKey{App: app, User: id})
				for _, r := range w.Source.Roles {
					delete(r.Users, id)
				}
			}
		},
		"roles": func(w *world.World, app int64) {
			granting := w.Source.GrantingRoles(app)
			for _, id := range granting[:len(granting)/2] {
				delete(w.Source.Roles, id)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "clean", usual)
			b.remembered = &b.learnt
			b.bend(func(w *world.World) { shrink(w, b.tenant.AppID); w.Source.Changes++ })
			b.start()
			b.wantRefused(model.RuleShrunk,
				slices.DeleteFunc(plan.GuardRules(), func(r model.GuardRule) bool { return r == model.RuleShrunk })...)
		})
	}
}

// A disk that is full from some moment on: before the first write the run is not begun, and later no write goes out of
// which the journal does not know.
func TestAFullDiskStopsARun(t *testing.T) {
	t.Parallel()
	refused := 0
	for room := 0; ; room++ {
		disk := statetest.New(1)
		b := lay(t, "drift", func(o *repair.Options) {
			o.Journal = journal.Open(disk, "/state",
				o.Now)
		})
		plan := b.plan(model.GroupLingering, model.DeleteGroup, 2)
		written := 0
		disk.Fail(func(op statetest.Op, _ string) error {
			if op != statetest.OpWrite && op != statetest.OpCreate && op != statetest.OpMkdir {
				return nil
			}
			if written++; written > room {
				return syscall.ENOSPC
			}
			return nil
		})
		b.server.SCIM.ResetRequests()
		run, err := b.repairer.Run(t.Context(), plan, asPlanned(plan))
		if err == nil {
			b.wantStates(run, model.RunDone, "confirmed confirmed")
			break
		}
		sent := b.writes()
		disk.Fail(nil)
		history, err := b.repairer.History()
		if err != nil {
			t.Fatal(err)
		}
		if len(history) == 0 {
			refused++
			b.wantUnwritten()
			continue
		}
		known := 0
		for _, s := range history[0].Steps {
			if s.State == model.StepConfirmed || s.State == model.StepInDoubt {
				known++
			}
		}
		if known < len(sent) {
			t.Errorf("room for %d: %q was sent, and the journal tells of %d:%s", room, sent, known, details(history[0]))
		}
	}
	if refused == 0 {
		t.Error("no run was refused for want of room")
	}
}
