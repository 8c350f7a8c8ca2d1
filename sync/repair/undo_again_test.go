package repair_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/identitycenter"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// Wherever an undo ends before its time, because somebody cancels it, a write fails or the machine goes down, and
// however often: the next undo of the same run goes on with the ids that there are, makes nothing twice, and the target
// ends as before the run.
func TestAnUndoIsCompletedByTheNext(t *testing.T) {
	t.Parallel()
	most, checks, broken := 4, 0, false // each makes and runs some plans; what breaks is looked into further
	switch {
	case sample.All():
		most = 16
	case testing.Short():
		most = 1
	}
	went := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		if checks++; checks > most && !broken {
			return
		}
		broken = true
		tenant, err := tenants.Build(tenants.Options{
			Scenario: "drift", Seed: rapid.Uint64Max(1<<16).Draw(t, "seed"), Users: 20,
			Groups: rapid.IntRange(5, 8).Draw(t, "groups"),
		})
		if err != nil {
			t.Fatal(err)
		}
		opensAccounts(tenant.World)
		disk := statetest.New(1)
		b := serve(t, tenant, func(o *repair.Options) {
			o.Journal = journal.Open(disk, "/state",
				o.Now)
		}).seeThrough()
		before, users, groups := b.directory(), len(tenant.World.Target.Users), len(tenant.World.Target.Groups)
		accounts, _ := b.opened()
		run := b.takes(t)
		b.bend(func(w *world.World) { letIn(w, b.tenant.AppID, &run) })

		for range rapid.IntRange(1, 3).Draw(t, "interruptions") {
			disk = b.halfUndone(t, disk, run.ID, went)
		}
		undo := b.undoPlan(run.ID)
		if len(undo.LeftOut) > 0 {
			t.Fatalf("left out: %v", undo.LeftOut)
		}
		if len(undo.Steps) > 0 {
			if back := b.run(undo, repair.RunOptions{}); back.State != model.RunDone {
				t.Fatalf("the last undo is %s:%s", back.State, details(back))
			}
			if left := b.undoPlan(run.ID); len(left.Steps)+len(left.LeftOut) > 0 {
				t.Fatalf("after all of it there is something left: %+v", left)
			}
		}
		if diff := cmp.Diff(before, b.directory()); diff != "" {
			t.Fatalf("the target differs (-before the run +now):\n%s", diff)
		}
		now, _ := b.opened()
		if diff := cmp.Diff(accounts, now); diff != "" {
			t.Fatalf("what groups open differs (-before the run +now):\n%s", diff)
		}
		history, err := b.repairer.History()
		if err != nil {
			t.Fatal(err)
		}
		b.bend(func(w *world.World) {
			if len(w.Target.Users) != users || len(w.Target.Groups) != groups {
				t.Fatalf("%d users and %d groups, want %d and %d", len(w.Target.Users), len(w.Target.Groups), users,
					groups)
			}
			for _, r := range history {
				for _, s := range r.Steps {
					if s.CreatedID != "" && w.Target.Users[s.CreatedID] == nil && w.Target.Groups[s.CreatedID] == nil {
						t.Fatalf("what %s made as %s is not what is there:%s", r.ID, s.CreatedID, details(r))
					}
				}
			}
		})
		broken = false
	})
	if !sample.All() {
		return
	}
	for _, way := range []string{"cancel", "refuse", "crash"} {
		if went[way] == 0 {
			t.Errorf("no undo was ended by %s half-way: %v", way, went)
		}
	}
}

// opensAccounts lets every group open two accounts.
func opensAccounts(w *world.World) {
	accounts, sets := slices.Sorted(maps.Keys(w.Target.Accounts)), slices.Sorted(maps.Keys(w.Target.PermissionSets))
	w.Target.Assignments = nil
	for _, id := range w.Target.GroupOrder {
		for n := range 2 {
			w.Target.Assignments = append(w.Target.Assignments, world.Assignment{
				AccountID: accounts[n%len(accounts)], PermissionSetARN: sets[(n+len(id))%len(sets)],
				PrincipalType: "GROUP", PrincipalID: id,
			})
		}
	}
}

// takes runs what takes most away: groups with their members and assignments, users with their groups, and memberships.
func (b *bed) takes(t *rapid.T) model.Run {
	c := b.loader.Last()
	var picks []model.Pick
	pick := func(f *model.Finding, names ...model.RepairName) {
		name := rapid.SampledFrom(names).Draw(t, f.ID)
		if o := (model.Option{Repair: name, Channel: model.Direct}); slices.Contains(f.Repairs, o) {
			picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
		}
	}
	for i := range c.Findings {
		//nolint:exhaustive // those whose way back rests on nothing but the journal
		switch f := &c.Findings[i]; f.Kind {
		case model.GroupLingering:
			pick(f, model.DeleteGroup, model.RemoveAssignments)
		case model.UserLingering:
			known := false
			b.bend(func(w *world.World) {
				source := sourceOf(w, w.Target.Users[f.Subject.TargetID])
				known = source != nil && source.Status == 1
			})
			if known {
				pick(f, model.DeleteUser)
			}
		case model.MembersMissing:
			pick(f, model.AddMembers)
		case model.UserAttributes:
			pick(f, model.UpdateUser)
		case model.GroupRenamed:
			pick(f, model.RenameGroup)
		}
	}
	plan, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleAssigned, model.RuleShrunk))
	if err != nil || !plan.Guard.Allowed || len(plan.Steps) == 0 {
		t.Fatalf("%v, %+v", err, plan)
	}
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	return run
}

// letIn assigns the app to those whom a run deleted, so that they may come back.
func letIn(w *world.World, app int64, run *model.Run) {
	for i := range run.Steps {
		for _, kept := range run.Steps[i].Backup {
			for _, s := range w.Source.Users {
				if run.Plan.Steps[i].Repair == model.DeleteUser && strings.EqualFold(s.Email, kept.Name) {
					w.Source.Apps[app].Direct[s.ID] = true
				}
			}
		}
	}
}

func (b *bed) undoPlan(run string) *model.Plan {
	b.t.Helper()
	b.read()
	undo, err := b.repairer.Undo(b.t.Context(), run, append(overridable(), model.RuleShrunk))
	if err != nil {
		b.t.Fatal(err)
	}
	return undo
}

// halfUndone begins an undo that does not come to its end, and does what comes after that.
func (b *bed) halfUndone(t *rapid.T, disk *statetest.Memory, id string, went map[string]int) *statetest.Memory {
	undo := b.undoPlan(id)
	if len(undo.Steps) == 0 {
		return disk
	}
	at := rapid.IntRange(0, len(undo.Steps)-1).Draw(t, "at")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := repair.RunOptions{}
	way := rapid.SampledFrom([]string{"cancel", "refuse", "crash"}).Draw(t, "way")
	switch way {
	case "cancel":
		o.Watch = func(p plan.RunProgress) {
			if p.Step == at {
				cancel()
			}
		}
	case "refuse":
		service := fault.SCIM
		if undo.Steps[at].Request.Service == model.ServiceAWS {
			service = fault.AWS
		}
		o.Watch = func(p plan.RunProgress) {
			if p.Step == at && p.Phase == plan.PhaseWriting {
				b.fail(fault.Fault{
					Service: service, Method: undo.Steps[at].Request.Method, Kind: fault.Forbidden,
					Times: 1,
				})
			}
		}
	case "crash":
		disk.CrashAt(rapid.IntRange(2, 6+2*at).Draw(t, "operation"))
	}
	o.Allow = append(o.Allow, undo.Guard.Overrides()...)
	run, err := b.repairer.Run(ctx, undo, o)
	b.server.Faults.Clear()
	if err == nil && run.State != model.RunDone {
		went[way]++
	}
	if way != "crash" {
		if err != nil {
			t.Fatal(err)
		}
		return disk
	}
	disk = disk.Restart()
	b.opts.Journal = journal.Open(disk, "/state", b.clock)
	b.seeThrough() // in a new process, which knows no instance
	b.ahead += 10 * time.Minute
	if open, found, err := b.opts.Journal.Unsettled(print1); err != nil {
		t.Fatal(err)
	} else if found {
		went[way]++
		if _, err := b.repairer.Settle(t.Context(), open); err != nil {
			t.Fatal(err)
		}
	}
	return disk
}

// A process that has read nothing through the lens, and has no instance in its configuration, makes assignments again
// all the same.
func TestAssignmentsComeBackInAFreshProcess(t *testing.T) {
	t.Parallel()
	b := withLens(t)
	f := b.assigned()
	want := b.accounts(f.Subject.Name)
	run := b.run(b.planOf(f, model.DeleteGroup, model.RuleAssigned), repair.RunOptions{})
	b.wantStates(run, model.RunDone, "confirmed")
	target := &b.tenant.World.Target
	lens := identitycenter.New(identitycenter.Options{
		Region: target.Region, Endpoint: b.server.URL(), RateShare: identitycenter.Unlimited,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		Sleep:       func(context.Context, time.Duration) error { return nil },
	})
	t.Cleanup(lens.Close)
	b.opts.Lens = lens
	b.start()
	undo := b.undoPlan(run.ID)
	if len(undo.LeftOut) > 0 {
		t.Fatalf("left out: %v", undo.LeftOut)
	}
	if back := b.run(undo, repair.RunOptions{}); back.State != model.RunDone {
		t.Fatal(details(back))
	}
	if diff := cmp.Diff(want, b.accounts(f.Subject.Name)); diff != "" {
		t.Errorf("what the group opens (-before +after the undo):\n%s", diff)
	}
}

// Who or what gets in the way of an undo is named, and a group of the old name that no undo made is left alone.
func TestAnUndoKnowsItsOwnFromOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bend func(w *world.World, id string)
		says string
	}{
		"renamed": {
			func(w *world.World, id string) { w.Target.Groups[id].DisplayName = "other" },
			"is called other by now",
		},
		"deleted and made by somebody": {func(w *world.World, id string) {
			name := w.Target.Groups[id].DisplayName
			w.Target.RemoveGroup(id)
			w.Target.AddGroup(&world.TargetGroup{ID: w.NewUUID(), DisplayName: name})
		}, "no undo of this run made it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lay(t, "drift")
			plan, _ := b.deleteBig()
			run := b.run(plan, repair.RunOptions{})
			undo := b.undoPlan(run.ID)
			b.fail(fault.Fault{Service: fault.SCIM, Method: "PATCH", Kind: fault.Forbidden})
			half, err := b.repairer.Run(t.Context(), undo, asPlanned(undo))
			b.server.Faults.Clear()
			if err != nil || half.Steps[0].CreatedID == "" {
				t.Fatal(err, details(half))
			}
			b.bend(func(w *world.World) { test.bend(w, half.Steps[0].CreatedID) })
			after := b.directory()
			again := b.undoPlan(run.ID)
			if len(again.Steps) > 0 || len(again.LeftOut) != 1 ||
				!strings.Contains(again.LeftOut[0].Reason, test.says) {
				t.Errorf("%d steps, left out %v", len(again.Steps), again.LeftOut)
			}
			b.wantDirectory(after)
		})
	}
}
