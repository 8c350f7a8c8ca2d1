package repair_test

import (
	stdcmp "cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// drawTenant draws a tenant of any scenario that is small enough, bent a few times more.
func drawTenant(t *rapid.T) *tenants.Tenant {
	seed := rapid.Uint64Max(1<<20).Draw(t, "seed")
	tenant, err := tenants.Build(tenants.Options{
		Scenario: rapid.SampledFrom([]string{"clean", "drift", "lingering-groups", "deleted-in-aws-first"}).Draw(t,
			"scenario"), Seed: seed,
		Users: rapid.IntRange(20, 60).Draw(t, "users"), Groups: rapid.IntRange(5, 20).Draw(t, "groups"),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	for _, bend := range rapid.SliceOfN(rapid.SampledFrom(tenants.Drifts()), 0, 8).Draw(t, "bends") {
		bend.Apply(tenant, r)
	}
	if rapid.Bool().Draw(t, "numbers each by themselves") {
		shareIDs(tenant)
	}
	return tenant
}

// shareIDs gives groups the id of one of their members, as may be at targets that number both by themselves.
func shareIDs(tenant *tenants.Tenant) {
	target := &tenant.World.Target
	for _, id := range slices.Clone(target.GroupOrder) {
		group := *target.Groups[id]
		target.RemoveGroup(id)
		for _, user := range slices.Sorted(maps.Keys(group.Members)) {
			if target.Groups[user] == nil {
				group.ID = user
			}
		}
		target.AddGroup(&group)
		for i := range target.Assignments {
			if a := &target.Assignments[i]; a.PrincipalID == id {
				a.PrincipalID = group.ID
			}
		}
		for _, app := range tenant.World.Source.Apps {
			for name, of := range app.Entitlements {
				if of == id {
					app.Entitlements[name] = group.ID
				}
			}
		}
	}
}

// drawBed serves a drawn tenant, whose groups follow from its roles or its rules, with a journal in memory.
func drawBed(t *rapid.T) *bed {
	from := rapid.SampledFrom([]string{"roles", "auto"}).Draw(t, "from")
	return serve(t, drawTenant(t), func(o *repair.Options) {
		o.Groups.From = from
		o.Journal = journal.Open(statetest.New(1), "/state", o.Now)
	})
}

// direct are the repairs of a finding that we can do ourselves in a plan for many: a group that nobody is known to have
// provisioned is deleted singly.
func direct(f *model.Finding) (out []model.Option) {
	for _, o := range f.Repairs {
		if o.Channel == model.Direct && f.Kind != model.GroupUnclaimed {
			out = append(out, o)
		}
	}
	return out
}

// directly chooses one direct repair for each finding that offers any, as somebody does who names each.
func directly(t *rapid.T, c *drift.Comparison) (picks []model.Pick) {
	for i := range c.Findings {
		if options := direct(&c.Findings[i]); len(options) > 0 {
			o := rapid.SampledFrom(options).Draw(t, c.Findings[i].ID)
			picks = append(picks, model.Pick{Finding: c.Findings[i].ID, Option: o, Named: true})
		}
	}
	return picks
}

// likeAnother is said of a group of a few users that half-way is like another by chance, which is doubted on purpose.
const likeAnother = "exactly those who belong in"

// byChance reports whether a run left out steps for that alone: all others were confirmed, or needed one of these.
func byChance(run *model.Run) bool {
	left := map[string]bool{}
	for i, rec := range run.Steps {
		needs := slices.ContainsFunc(run.Plan.Steps[i].After, func(id string) bool { return left[id] })
		switch {
		case rec.State == model.StepConfirmed:
		case rec.State == model.StepSkipped && (needs || strings.Contains(rec.Detail, likeAnother)):
			left[rec.ID] = true
		default:
			return false
		}
	}
	return len(left) > 0
}

// without are the findings about users, groups and rules that no direct repair ends. What is said of the connection as
// a whole goes by what all of them are like, and ends with them; so does the doubt about a group that is like another
// by chance.
func without(c *drift.Comparison) (ids []string) {
	for i := range c.Findings {
		chance := strings.Contains(c.Findings[i].Contradicted, likeAnother)
		if c.Findings[i].Subject.Type != model.SubjectConnection && len(direct(&c.Findings[i])) == 0 && !chance {
			ids = append(ids, c.Findings[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// However a tenant has drifted, one direct repair for each finding and perhaps a second round leave exactly what has no
// direct repair, and nothing else in either world has changed. A round that left out a step because a group is like
// another by chance is followed by one more.
func TestRepairsConverge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBed(t)
		c := b.loader.Last()
		want := without(c)
		extra := 1
		for rounds := 2; rounds > 0; rounds-- {
			picks := directly(t, c)
			if len(picks) == 0 {
				break
			}
			plan, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleShrunk))
			if err != nil {
				t.Fatal(err)
			}
			if !plan.Guard.Allowed || len(plan.LeftOut) > 0 {
				t.Fatalf("left out %v, guard %+v", plan.LeftOut, plan.Guard)
			}
			before := b.shoot()
			run := b.run(plan, repair.RunOptions{})
			switch {
			case run.State == model.RunDone:
			case byChance(&run):
				rounds += extra
				extra = 0
			default:
				t.Fatalf("run is %s:%s", run.State, details(run))
			}
			b.wantTraffic(run)
			after := b.shoot()
			before.done(t, &run, after)
			before.want(t, after)
			c = b.read()
		}
		if diff := cmp.Diff(want, without(c)); diff != "" {
			t.Fatalf("left after two rounds (-want +got):\n%s", diff)
		}
		if again := directly(t, c); len(again) > 0 {
			t.Fatalf("after two rounds there is still something to do: %v", again)
		}
	})
}

// What a plan of direct steps says that it leaves is what a read after its run finds, and those who lose or gain
// something are exactly those whose groups differ then.
func TestAPlanForetellsWhatItsRunLeaves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBed(t)
		c := b.loader.Last()
		picks := directly(t, c)
		if len(picks) == 0 {
			t.Skip("nothing to repair")
		}
		plan, err := b.repairer.Plan(t.Context(), picks, append(overridable(), model.RuleShrunk))
		if err != nil {
			t.Fatal(err)
		}
		if run := b.run(plan, repair.RunOptions{}); run.State != model.RunDone {
			t.Skip("not all steps were made")
		}
		after := b.read()
		left := map[string]int{}
		known := map[string]bool{}
		for i := range c.Findings {
			known[c.Findings[i].ID] = true
		}
		var came []string
		for i := range after.Findings {
			left[after.Findings[i].Severity.String()]++
			if !known[after.Findings[i].ID] {
				came = append(came, after.Findings[i].ID)
			}
		}
		slices.Sort(came)
		want := &model.Forecast{Before: len(c.Findings), Left: len(after.Findings), BySeverity: left, New: came}
		if diff := cmp.Diff(want, plan.Forecast); diff != "" {
			t.Fatalf("-left by the run +foretold:\n%s", diff)
		}
		if diff := cmp.Diff(groupsChanged(c, after), access(plan)); diff != "" {
			t.Fatalf("-changed by the run +foretold:\n%s", diff)
		}
	})
}

// groupsChanged says of everybody what groups they lost and gained between two comparisons, by id, and by userName of
// those who came.
func groupsChanged(before, after *drift.Comparison) map[string][2]string {
	there := map[string]bool{}
	for i := range before.Target.Users {
		there[before.Target.Users[i].ID] = true
	}
	of := func(c *drift.Comparison) map[string][]string {
		groups := map[string][]string{}
		for g := range c.Target.Groups {
			for _, u := range c.Target.Members.Of(g) {
				name := c.Target.Users[u].ID
				if !there[name] {
					name = c.Target.Users[u].UserName
				}
				groups[name] = append(groups[name], c.Target.Groups[g].Name)
			}
		}
		return groups
	}
	was, is := of(before), of(after)
	out := map[string][2]string{}
	for _, all := range []map[string][]string{was, is} {
		for name := range all {
			if lost, gained := missing(was[name], is[name]), missing(is[name], was[name]); lost+gained != "" {
				out[name] = [2]string{lost, gained}
			}
		}
	}
	return out
}

// missing are the names that the second list lacks.
func missing(list, other []string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(other, name) })
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// access is what a plan says of groups, by whom.
func access(p *model.Plan) map[string][2]string {
	out := map[string][2]string{}
	for _, a := range p.Access {
		if len(a.Loses)+len(a.Gains) > 0 {
			out[stdcmp.Or(a.ID, a.Person)] = [2]string{strings.Join(a.Loses, ", "), strings.Join(a.Gains, ", ")}
		}
	}
	return out
}
