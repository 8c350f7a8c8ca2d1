package tenants

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// Scenario is a kind of tenant that Build knows: a table of scenarios.toml, which says what each key means.
type Scenario struct {
	Name string
	// About is one sentence for people who choose.
	About string
	// Users and Groups are the scenario's own size.
	Users, Groups int

	Pushed          []string
	RoleIDs         int  `toml:"role_ids"`
	GroupsOff       bool `toml:"groups_off"`
	Approval, Fresh bool
	Steps           []step
	Everybody       *Finding
	AllTeams        *Finding `toml:"all_teams"`
}

func (s *Scenario) pushed(what string) bool { return slices.Contains(s.Pushed, what) }

// step is what a scenario does to a tenant: a drift or one of otherSteps, so many times.
type step struct {
	Do    string
	Times int
	OneIn int `toml:"one_in"`
}

//go:embed scenarios.toml
var scenarioFile []byte

var scenarios = sync.OnceValue(func() []Scenario {
	var file struct{ Scenario []Scenario }
	if err := toml.NewDecoder(bytes.NewReader(scenarioFile)).DisallowUnknownFields().Decode(&file); err != nil {
		panic("tenants: scenarios.toml: " + err.Error()) // which is a part of the program
	}
	return file.Scenario
})

// Scenarios lists what Build can make, the default first.
func Scenarios() []Scenario { return slices.Clone(scenarios()) }

func find(name string) (Scenario, error) {
	all := scenarios()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == cmp.Or(name, all[0].Name) })
	if i < 0 {
		return Scenario{}, fmt.Errorf("no scenario is named %q", name)
	}
	return all[i], nil
}

func (t *Tenant) play(s *Scenario, r *rand.Rand) {
	for _, one := range s.Steps {
		if do, other := otherSteps()[one.Do]; other {
			do(t, r)
			continue
		}
		times := max(one.Times, 1)
		if one.OneIn > 0 {
			times = max(times, len(t.teams)/one.OneIn)
		}
		t.times(r, times, one.Do)
	}
	if s.Everybody != nil {
		for _, p := range t.people {
			t.found(*s.Everybody.ofUser(p))
		}
	}
	if s.AllTeams != nil {
		for _, m := range t.teams {
			t.found(*s.AllTeams.ofTeam(m))
		}
	}
}
