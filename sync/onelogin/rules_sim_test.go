package onelogin

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
	simrule "github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/transport"
)

func one[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// randomRules bends a tenant: values for everybody, roles of telling names, and rules of every shape that both
// evaluators claim to know.
func randomRules(s *tenant, rng *rand.Rand) {
	src := &s.world.Source
	src.CustomAttributes = []string{"cost_center"}
	for id, role := range src.Roles {
		role.Name = one(rng, "aws-team-", "AWS ", "other ") + fmt.Sprint(id)
		for user := range src.Users {
			if rng.IntN(4) == 0 {
				role.Users[user] = true
			}
		}
	}
	for _, u := range src.Users {
		u.Department, u.Title = one(rng, "", "sales", "research"), one(rng, "head of sales", "clerk", "")
		u.Company, u.Phone, u.GroupID = one(rng, "", "acme"), one(rng, "", "acme"), one[int64](rng, 0, 7, 8)
		u.Custom = map[string]string{"cost_center": one(rng, "cc-1", "cc-22", "none")}
		if rng.IntN(3) == 0 {
			u.Custom = nil
		}
	}
	app := src.Apps[500]
	app.Rules = nil
	app.Entitlements = map[string]string{"aws-fixed": "9067-fixed"}
	for n := range 1 + rng.IntN(6) {
		r := world.Rule{
			ID: int64(900 + n), Name: fmt.Sprint("rule ", n), Match: one(rng, "all", "any"),
			Enabled: rng.IntN(4) > 0, Position: n + 1,
		}
		for range rng.IntN(3) {
			r.Conditions = append(r.Conditions, one(rng,
				world.Condition{
					Source: "has_role", Operator: one(rng, "ri", "rin"),
					Value: fmt.Sprint(1 + rng.IntN(5)),
				},
				world.Condition{
					Source: "department", Operator: one(rng, "=", "!=", "~", "!~", "bw", "ew"),
					Value: one(rng, "sales", "s", "research"),
				},
				world.Condition{Source: "title", Operator: one(rng, "~", "ew"), Value: "sales"},
				world.Condition{
					Source: "custom_attribute_cost_center", Operator: one(rng, "=", "bw"),
					Value: one(rng, "cc-1", "cc"),
				},
				world.Condition{Source: "state", Operator: one(rng, ">", "<", "="), Value: "1"},
				world.Condition{Source: one(rng, "company", "phone"), Operator: one(rng, "=", "!="), Value: "acme"},
				world.Condition{Source: "group_id", Operator: "=", Value: "7"},
			))
		}
		r.Actions = []world.Action{one(rng,
			world.Action{Action: "set_groups", Value: []string{"aws-fixed"}},
			world.Action{
				Action: "set_groups", Value: []string{"role"},
				Expression: one(rng, "aws-.*", "^(aws|AWS).(.*)$", "[0-9]"),
			},
			world.Action{
				Action: "set_groups", Value: []string{"custom_attribute_cost_center"},
				Expression: one(rng, "^cc-(.*)$", "cc"),
			},
			world.Action{Action: "set_groups", Value: []string{"department"}, Expression: ".+"},
			world.Action{Action: "set_userprincipalname", Value: []string{"email"}},
		)}
		app.Rules = append(app.Rules, r)
	}
}

// Two evaluators that were written apart, from the reference alone, and read over HTTP on one side, must agree on what
// everybody gets.
func TestRulesEqualTheSimulators(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		s := startTenant(t, 30, sim.Knobs{IgnoreRoleFields: seed%2 == 0}, "manage_all")
		randomRules(s, rand.New(rand.NewPCG(seed, 1)))
		s.client.opts.WithRules = true
		src := s.source(t)
		src = rules.Expect(src, rules.GroupsConfig{From: "rules"})
		got := map[string][]string{}
		for g := range src.Groups {
			if src.Groups[g].MembersOpen != "" {
				t.Fatalf("seed %d: %s is open: %s", seed, src.Groups[g].Name, src.Groups[g].MembersOpen)
			}
			for _, u := range src.Members.Of(g) {
				got[src.Users[u].ID] = append(got[src.Users[u].ID], model.Fold(src.Groups[g].Name))
			}
		}
		app := s.world.Source.Apps[500]
		for _, u := range src.Users {
			if !u.Active {
				continue
			}
			var id int64
			_, _ = fmt.Sscan(u.ID, &id)
			want := simrule.Groups(&s.world.Source, app, s.world.Source.Users[id])
			for i := range want {
				want[i] = model.Fold(want[i])
			}
			slices.Sort(want)
			slices.Sort(got[u.ID])
			if !slices.Equal(got[u.ID], slices.Compact(want)) {
				t.Fatalf("seed %d, %s: got %q, the simulator gives %q\nrules %+v", seed, u.Email, got[u.ID], want,
					app.Rules)
			}
		}
	}
}

// source reads the tenant as a load does.
func (s *tenant) source(t *testing.T) rules.Source {
	t.Helper()
	ctx := t.Context()
	app, err := s.client.App(ctx)
	if err != nil {
		t.Fatal(err)
	}
	src := rules.Source{App: app}
	cover := &src.Coverage
	src.Rules, src.Entitlements, cover[model.PartRules] = s.client.Rules(ctx)
	src.Users, cover[model.PartUsers] = s.client.Users(ctx, nil)
	src.Roles, cover[model.PartGroups], cover[model.PartMemberships] = s.client.Roles(ctx, nil)
	cover[model.PartEvents] = model.SkippedCoverage()
	if !cover.Complete(model.SourceParts()) {
		t.Fatalf("not all was read: %v", *cover)
	}
	return src
}

func TestRulesAreReadOnceALoad(t *testing.T) {
	s := startTenant(t, 30, sim.Knobs{}, "manage_all")
	s.client.opts.WithRules = true
	s.world.Source.Apps[500].Entitlements = map[string]string{"aws-a": "1", "aws-gone": "2"}
	for load := 1; load <= 2; load++ {
		src := s.source(t)
		if !slices.Equal(src.Entitlements, []string{"aws-a", "aws-gone"}) {
			t.Errorf("entitlements %q", src.Entitlements)
		}
		n := 0
		for path, times := range s.served() {
			if strings.Contains(path, "/rules") {
				n += times
			}
		}
		if n != 3*load {
			t.Errorf("%d requests for rules after %d loads: enabled, disabled and the entitlement cache are three a "+
				"load", n,
				load)
		}
	}
}

// A program that goes on with what another one read asks for single users as that one did.
func TestSingleUsersAreReadByRulesThatAnEarlierProgramKnew(t *testing.T) {
	s := startTenant(t, 3, sim.Knobs{}, "manage_all")
	s.world.Lock()
	s.world.Source.Users[10_000_000_001].Department = "sales"
	s.world.Unlock()
	s.client.Recall(nil, nil, []model.Rule{{
		Enabled:    true,
		Conditions: []model.RuleCondition{{Source: "department", Operator: "=", Values: []string{"sales"}}},
		Actions:    []model.RuleAction{{Name: setGroups, Values: []string{"aws-a"}}},
	}})
	u, found, err := s.client.ReadUser(t.Context(), "10000000001")
	if values, _ := u.Attributes.Of("department"); err != nil || !found || !slices.Equal(values, []string{"sales"}) {
		t.Errorf("%+v, %v, %v", u, found, err)
	}
}

// What rules ask for must not cost more than a few tens of megabytes for the largest directories: names are shared, and
// so are values that repeat.
func TestAttributesOfManyUsersAreSmall(t *testing.T) {
	rules := []model.Rule{{Actions: []model.RuleAction{{Name: "set_groups", Values: []string{"aws-a"}}}}}
	for _, field := range []string{
		"department", "title", "company", "member_of", "status",
		"custom_attribute_cost_center",
	} {
		rules[0].Conditions = append(rules[0].Conditions,
			model.RuleCondition{Source: field, Operator: "=", Values: []string{"x"}})
	}
	const users = 20_000
	want := fieldsNeeded("email", rules, &model.App{})
	kept := make([]*model.Attributes, users)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what earlier tests put into pools goes with the second
	runtime.ReadMemStats(&before)
	for i := range kept {
		var u user
		if err := transport.Decode(fmt.Appendf(nil, `{"status":1,"department":"dept %d","title":"t %d","company":"corp",
			"member_of":null,
			"custom_attributes":{"cost_center":"cc-%d"}}`, i%41, i%307, i%907), &u); err != nil {
			t.Fatal(err)
		}
		kept[i] = want.attributes(&u)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / users; each > 250 {
		t.Errorf("%d bytes for each user", each)
	}
	runtime.KeepAlive(kept)
}
