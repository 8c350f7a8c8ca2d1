package tenants

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func moment() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

func made(t testing.TB, o Options) *Tenant {
	t.Helper()
	o.Now = moment()
	tenant, err := Build(o)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestTruthIsWhatAPlainReadingOfTheWorldSays(t *testing.T) {
	for _, s := range Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			for seed := range uint64(8) {
				o := Options{Scenario: s.Name, Seed: seed}
				if s.Users > 1000 {
					o.Users, o.Groups = 900+int(seed)*10, 80
				}
				tenant := made(t, o)
				if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" {
					t.Fatalf("seed %d: truth (-) and world (+) disagree:\n%s", seed, diff)
				}
			}
		})
	}
}

func TestTruthHoldsAtAnySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := Scenarios()
		s := all[rapid.IntRange(0, len(all)-1).Draw(rt, "scenario")]
		tenant := made(t, Options{
			Scenario: s.Name, Users: rapid.IntRange(1, 90).Draw(rt, "users"),
			Groups: rapid.IntRange(1, 30).Draw(rt, "groups"),
			Seed:   rapid.Uint64().Draw(rt, "seed"),
		})
		if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" {
			rt.Fatalf("%s: truth (-) and world (+) disagree:\n%s", s.Name, diff)
		}
		sound(rt, tenant)
	})
}

func TestAnyRowOfBendsKeepsTheTruth(t *testing.T) {
	bends := Drifts()
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		tenant := made(t, Options{Scenario: "clean", Seed: seed})
		r := rand.New(rand.NewPCG(seed, 1))
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(bends)-1), 1, 12).Draw(rt, "bends") {
			before, events := len(tenant.Truth), len(tenant.World.Source.Events)
			if bends[i].Apply(tenant, r) {
				kind, _, _ := strings.Cut(bends[i].Name, "/")
				if len(tenant.Truth) != before+1 || tenant.Truth[before].Kind != kind {
					rt.Fatalf("%s added %+v", bends[i].Name, tenant.Truth[before:])
				}
			} else if len(tenant.Truth) != before || len(tenant.World.Source.Events) != events {
				rt.Fatalf("%s was not applied and left traces", bends[i].Name)
			}
			if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" {
				rt.Fatalf("after %s truth (-) and world (+) disagree:\n%s", bends[i].Name, diff)
			}
		}
		sound(rt, tenant)
	})
}

func TestBendsKeepTheTruthUntilNobodyIsLeftToBend(t *testing.T) {
	bends := Drifts()
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		tenant := made(t, Options{
			Scenario: "clean", Seed: seed, Users: rapid.IntRange(8, 60).Draw(rt, "users"),
			Groups: rapid.IntRange(2, 20).Draw(rt, "groups"),
		})
		r := rand.New(rand.NewPCG(seed, 2))
		for _, b := range rapid.Permutation(bends).Draw(rt, "order") {
			for n := 0; n < 25 && b.Apply(tenant, r); n++ {
				if strings.Contains(b.Name, "-lingering/") || strings.Contains(b.Name, "-unclaimed/") {
					n += 12 // These make new records and never run out of old ones.
				}
			}
			if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" {
				rt.Fatalf("after every %s truth (-) and world (+) disagree:\n%s", b.Name, diff)
			}
		}
		sound(rt, tenant)
	})
}

// A group whose last active member is suspended is no longer expected, which would take back what a bend has said of
// it.
func TestSuspendingEverybodyLeftKeepsGroupsExpected(t *testing.T) {
	for _, bend := range []string{
		"group-missing/never-attempted", "members-extra/source-removed", "members-extra/target-added",
		"group-renamed/source",
	} {
		for seed := range uint64(20) {
			scenario := "lingering-groups"
			if strings.HasPrefix(bend, "group-renamed") {
				scenario = "clean" // Only there do target groups carry role ids.
			}
			tenant, r := made(t, Options{Scenario: scenario, Seed: seed}), rand.New(rand.NewPCG(seed, 3))
			for _, name := range []string{bend, "user-still-active/suspended"} {
				b := Drifts()[slices.IndexFunc(Drifts(), func(b Drift) bool { return b.Name == name })]
				for n := 0; n < 50 && b.Apply(tenant, r); n++ {
					if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" {
						t.Fatalf("seed %d: after %s %s truth (-) and world (+) disagree:\n%s", seed, bend, name, diff)
					}
				}
			}
			sound(t, tenant)
		}
	}
}

func TestEveryBendAppliesToACleanTenant(t *testing.T) {
	for _, b := range Drifts() {
		t.Run(b.Name, func(t *testing.T) {
			tenant := made(t, Options{Scenario: "clean", Seed: 5, Users: 1500})
			if len(tenant.Truth) != 0 {
				t.Fatalf("a clean tenant has findings: %+v", tenant.Truth)
			}
			if !b.Apply(tenant, rand.New(rand.NewPCG(5, 5))) {
				t.Fatal("not applied")
			}
			if diff := cmp.Diff(told(tenant), read(tenant)); diff != "" || len(tenant.Truth) != 1 {
				t.Fatalf("truth (-) and world (+) disagree:\n%s", diff)
			}
		})
	}
}

func TestEqualOptionsGiveEqualTenants(t *testing.T) {
	for _, s := range Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			o := Options{Scenario: s.Name, Seed: 42, Users: min(s.Users, 500), Groups: min(s.Groups, 40)}
			a, b := made(t, o), made(t, o)
			for _, pair := range [][2]any{
				{a.World.Source, b.World.Source},
				{a.World.Target, b.World.Target},
				{a.Truth, b.Truth},
			} {
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Fatalf("two builds differ:\n%s", diff)
				}
			}
			o.Seed++
			if cmp.Equal(a.World.Source.Credentials, made(t, o).World.Source.Credentials) {
				t.Fatal("another seed gives the same secrets")
			}
		})
	}
}

func TestDriftShowsEveryKind(t *testing.T) {
	for seed := range uint64(50) {
		totals := made(t, Options{Seed: seed}).Truth.totals()
		for _, b := range Drifts() {
			if kind, _, _ := strings.Cut(b.Name, "/"); totals[kind] == 0 {
				t.Errorf("seed %d has no %s", seed, kind)
			}
		}
	}
}

func TestScenarios(t *testing.T) {
	if _, err := Build(Options{Scenario: "lingering-group"}); err == nil {
		t.Error("an unknown scenario is built")
	}
	for _, s := range Scenarios() {
		if !strings.HasSuffix(s.About, ".") {
			t.Errorf("%s has no sentence", s.Name)
		}
	}
}

func TestNegativeSizesAreRefused(t *testing.T) {
	for _, o := range []Options{{Users: -1}, {Groups: -1}} {
		if _, err := Build(o); err == nil || !strings.Contains(err.Error(), "give 0") {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

// totals counts the findings by kind.
func (t Truth) totals() map[string]int {
	totals := map[string]int{}
	for i := range t {
		totals[t[i].Kind]++
	}
	return totals
}
