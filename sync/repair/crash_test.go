package repair_test

import (
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// offer is a repair of a kind.
type offer struct {
	kind   model.Kind
	repair model.RepairName
}

// chosen takes the first finding for each of some offers.
func (b *bed) chosen(offers []offer) (picks []model.Pick) {
	b.t.Helper()
	for _, o := range offers {
		for _, p := range b.picks(o.kind, o.repair) {
			if !slices.ContainsFunc(picks, func(other model.Pick) bool { return other.Finding == p.Finding }) {
				picks = append(picks, p)
				break
			}
		}
	}
	if len(picks) != len(offers) {
		b.t.Fatalf("%d of %d are offered", len(picks), len(offers))
	}
	return picks
}

// rest are the picks of which something is left, and what half a run has brought to light.
func (b *bed) rest(picks []model.Pick, before map[string]bool) (out []model.Pick) {
	for _, f := range b.loader.Last().Findings {
		i := slices.IndexFunc(picks, func(p model.Pick) bool { return p.Finding == f.ID })
		if i >= 0 && slices.Contains(f.Repairs, picks[i].Option) {
			out = append(out, picks[i])
		} else if i < 0 && !before[f.ID] && len(f.Repairs) > 0 {
			// the direct one comes last
			out = append(out, model.Pick{Finding: f.ID, Option: f.Repairs[len(f.Repairs)-1], Named: true})
		}
	}
	return out
}

// Whenever the machine goes down, at any operation of the journal on a disk that forgets what was not synced: the
// journal knows every write that may have happened, reading settles it right, and what is left is done by another run,
// nothing of it twice.
func TestACrashLosesNothing(t *testing.T) {
	t.Parallel()
	first, step := sample.Every(t)
	plans := map[string][]offer{
		"users that come": {
			{model.UserUnsynced, model.CreateUser},
			{model.UserInactive, model.ActivateUser},
			{model.UserAttributes, model.UpdateUser},
			{model.UserRenamed, model.UpdateUser},
		},
		"users that go": {
			{model.UserStillActive, model.DeactivateUser},
			{model.UserLingering, model.DeactivateUser},
			{model.UserLingering, model.DeleteUser},
			{model.MembersExtra, model.RemoveMembers},
		},
		"groups that come": {
			{model.GroupMissing, model.CreateGroup},
			{model.GroupRenamed, model.RenameGroup},
			{model.MembersMissing, model.AddMembers},
		},
		"groups that go": {
			{model.GroupLingering, model.DeleteGroup},
			{model.GroupLingering, model.DeleteGroup},
			{model.GroupUnclaimed, model.DeleteGroup},
		},
		"a bit of all": {
			{model.UserInactive, model.ActivateUser},
			{model.UserStillActive, model.DeactivateUser},
			{model.MembersMissing, model.AddMembers},
			{model.MembersExtra, model.RemoveMembers},
			{model.GroupLingering, model.DeleteGroup},
			{model.GroupRenamed, model.RenameGroup},
			{model.UserLingering, model.DeleteUser},
		},
		"both": {
			{model.UserUnsynced, model.CreateUser},
			{model.UserUnsynced, model.CreateUser},
			{model.GroupLingering, model.DeleteGroup},
			{model.GroupMissing, model.CreateGroup},
			{model.UserLingering, model.DeleteUser},
		},
	}
	var total atomic.Int64
	t.Cleanup(func() { // when all plans are through
		if least := 190/step - len(plans); int(total.Load()) < least {
			t.Errorf("only %d crashes, want %d", total.Load(), least)
		}
	})
	for name, offers := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := whole(t, offers)
			crashed, crashes := true, int64(-1)
			for at := 1 + first; crashed && !t.Failed(); at += step {
				crashes++
				t.Run(strconv.Itoa(at), func(t *testing.T) { crashed = crash(t, offers, at, want) })
			}
			total.Add(crashes)
			t.Logf("%d crashes", crashes)
		})
	}
}

// crash runs a plan on a machine that goes down at one operation, and says false if the run was over before that.
func crash(t *testing.T, offers []offer, at int, want map[string]string) bool {
	t.Helper()
	disk := statetest.New(uint64(at))
	b := lay(t, "drift", func(o *repair.Options) {
		o.Journal = journal.Open(disk, "/state",
			o.Now)
	})
	picks := b.chosen(offers)
	plan, err := b.repairer.Plan(t.Context(), picks, overridable())
	if err != nil || !plan.Guard.Allowed || len(plan.LeftOut) > 0 {
		t.Fatalf("%v, %+v", err, plan)
	}
	was := findings(b.loader.Last())
	disk.CrashAt(at)
	b.server.SCIM.ResetRequests()
	run, err := b.repairer.Run(t.Context(), plan, asPlanned(plan))
	if err == nil {
		if run.State != model.RunDone {
			t.Fatalf("run is %s:%s", run.State, details(run))
		}
		return false
	}
	sent := b.writes()

	disk = b.restarted(disk)
	history, err := b.repairer.History()
	switch {
	case err != nil:
		t.Fatal(err)
	case len(history) == 0 && len(sent) > 0:
		t.Fatalf("crash %d: %q was sent and no journal knows", at, sent)
	case len(history) == 1:
		b.settledRight(disk, plan, sent, at)
	}

	left := b.rest(picks, was)
	if len(left) > 0 {
		more, err := b.repairer.Plan(t.Context(), left, overridable())
		if err != nil || !more.Guard.Allowed || len(more.LeftOut) > 0 {
			t.Fatalf("crash %d: %v, %+v", at, err, more)
		}
		b.server.SCIM.ResetRequests()
		run, err := b.repairer.Run(t.Context(), more, asPlanned(more))
		if err != nil || run.State != model.RunDone {
			t.Fatalf("crash %d: %v, %s", at, err, details(run))
		}
		sent = append(sent, b.writes()...)
	}
	slices.Sort(sent)
	if once := slices.Compact(slices.Clone(sent)); len(once) != len(sent) {
		t.Fatalf("crash %d: something was sent twice: %q", at, sent)
	}
	if diff := cmp.Diff(want, b.directory()); diff != "" {
		t.Fatalf("crash %d: both runs do not make what one makes (-one +both):\n%s", at, diff)
	}
	return true
}

// restarted is the bed in a new process on the machine that has come up again.
func (b *bed) restarted(disk *statetest.Memory) *statetest.Memory {
	b.t.Helper()
	disk = disk.Restart()
	b.opts.Journal = journal.Open(disk, "/state", b.clock)
	b.start()
	return disk
}

// settledRight settles the one run that there is, through another crash, and holds its steps against what was sent.
func (b *bed) settledRight(disk *statetest.Memory, plan *model.Plan, sent []string, at int) {
	b.t.Helper()
	run := b.only()
	if !run.Settled() {
		if _, err := b.repairer.Run(b.t.Context(), plan, asPlanned(plan)); err == nil {
			b.t.Fatalf("crash %d: a new run begins", at)
		}
		b.ahead += 10 * time.Minute // until then a request may still be on its way
		disk.CrashAt(1 + at%3)
		_, _ = b.repairer.Settle(b.t.Context(), run.ID) // whether it got through is seen below
		b.restarted(disk)
		if run = b.only(); !run.Settled() {
			if _, err := b.repairer.Settle(b.t.Context(), run.ID); err != nil {
				b.t.Fatalf("crash %d: %v", at, err)
			}
			run = b.only()
		}
		b.read()
	}
	if !run.Settled() || len(run.Steps) != len(plan.Steps) {
		b.t.Fatalf("crash %d: the run is %s and has %d steps:%s", at, run.State, len(run.Steps), details(run))
	}
	run.Plan = plan
	var want []string
	all := requests(run)
	for i, s := range run.Steps {
		if s.State == model.StepConfirmed {
			want = append(want, all[i])
		}
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		b.t.Fatalf("crash %d: what the journal calls confirmed is not what was sent (-journal +sent):\n%s%s", at, diff,
			details(run))
	}
}

// only is the one run of the journal.
func (b *bed) only() model.Run {
	b.t.Helper()
	history, err := b.repairer.History()
	if err != nil || len(history) != 1 {
		b.t.Fatalf("%d runs, %v", len(history), err)
	}
	return history[0]
}

// whole is what one run of a plan that nothing interrupts makes of a directory.
func whole(t *testing.T, offers []offer) map[string]string {
	t.Helper()
	b := lay(t, "drift")
	plan, err := b.repairer.Plan(t.Context(), b.chosen(offers), overridable())
	if err != nil {
		t.Fatal(err)
	}
	if run := b.run(plan, repair.RunOptions{}); run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	return b.directory()
}
