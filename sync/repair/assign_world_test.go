package repair_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/repair"
	simaws "github.com/scimdrift/scimdrift/sync/sim/aws"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/sample"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// opened is what each group opens, by its name, and how many assignments name nobody.
func (b *bed) opened() (byGroup map[string][]string, dangling int) {
	byGroup = map[string][]string{}
	b.bend(func(w *world.World) {
		for _, a := range w.Target.Assignments {
			switch g := w.Target.Groups[a.PrincipalID]; {
			case g != nil:
				byGroup[g.DisplayName] = append(byGroup[g.DisplayName], a.AccountID+" "+a.PermissionSetARN)
			case w.Target.Users[a.PrincipalID] == nil:
				dangling++
			}
		}
	})
	for _, list := range byGroup {
		slices.Sort(list)
	}
	return byGroup, dangling
}

// Whatever groups open whatever accounts, and whether their assignments go before them or are left: the undo brings
// back every group with its members and all that it opened, and to nobody else. Assignments that go first leave nothing
// behind.
func TestAssignmentsComeBackInAnyWorld(t *testing.T) {
	t.Parallel()
	first, step := sample.Every(t)
	for world := first; world < 24; world += step {
		t.Run(strconv.Itoa(world), func(t *testing.T) {
			t.Parallel()
			assignmentsComeBack(t, uint64(world))
		})
	}
}

func assignmentsComeBack(t *testing.T, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	tenant, err := tenants.Build(tenants.Options{
		Scenario: []string{"drift", "lingering-groups"}[r.IntN(2)], Seed: seed, Users: 20,
		Groups: 5 + r.IntN(8),
	})
	if err != nil {
		t.Fatal(err)
	}
	// Any group may open any account.
	w := tenant.World
	accounts, sets := slices.Sorted(maps.Keys(w.Target.Accounts)), slices.Sorted(maps.Keys(w.Target.PermissionSets))
	w.Target.Assignments = nil
	for _, id := range w.Target.GroupOrder {
		for n := range 1 + r.IntN(4) {
			w.Target.Assignments = append(w.Target.Assignments, world.Assignment{
				AccountID: accounts[n%len(accounts)], PermissionSetARN: sets[(n+len(id))%len(sets)],
				PrincipalType: "GROUP", PrincipalID: id,
			})
		}
	}
	b := serve(t, tenant, func(o *repair.Options) {
		o.Journal = journal.Open(statetest.New(1), "/state", o.Now)
	}).seeThrough()
	b.server.AWS.SetKnobs(simaws.Knobs{
		Polls: r.IntN(3), Lag: r.IntN(2), Paging: fault.Sizes(1 + r.IntN(4)),
	})
	c := b.loader.Last()
	var picks []model.Pick
	leaves := false
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.GroupLingering || len(c.Target.Assignments[f.Subject.TargetID].List) == 0 {
			continue
		}
		name := []model.RepairName{model.RemoveAssignments, model.DeleteGroup}[r.IntN(2)]
		if !slices.Contains(f.Repairs, model.Option{Repair: name, Channel: model.Direct}) {
			continue
		}
		leaves = leaves || name == model.DeleteGroup
		picks = append(picks, model.Pick{
			Finding: f.ID, Option: model.Option{Repair: name, Channel: model.Direct},
			Named: true,
		})
	}
	if len(picks) == 0 {
		t.Fatal("no group with assignments lingers")
	}
	before := b.directory()
	accountsBefore, _ := b.opened()
	plan, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleAssigned))
	if err != nil || !plan.Guard.Allowed || len(plan.LeftOut) > 0 {
		t.Fatalf("%v, left out %v, guard %+v", err, plan.LeftOut, plan.Guard)
	}
	run := b.run(plan, repair.RunOptions{})
	if run.State != model.RunDone {
		t.Fatalf("run is %s:%s", run.State, details(run))
	}
	if _, dangling := b.opened(); (dangling > 0) != leaves {
		t.Fatalf("%d assignments dangle; left on purpose: %v", dangling, leaves)
	}
	b.undone(run)
	b.wantDirectory(before)
	now, _ := b.opened()
	if diff := cmp.Diff(accountsBefore, now); diff != "" {
		t.Fatalf("what groups open (-before +after the undo):\n%s", diff)
	}
}
