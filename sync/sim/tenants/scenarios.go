package tenants

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/sync/sim/world"
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

func (s *Scenario) hasPushed(what string) bool { return slices.Contains(s.Pushed, what) }

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

func findScenario(name string) (Scenario, error) {
	all := scenarios()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == cmp.Or(name, all[0].Name) })
	if i < 0 {
		return Scenario{}, fmt.Errorf("no scenario is named %q", name)
	}
	return all[i], nil
}

func (t *Tenant) applySteps(s *Scenario, r *rand.Rand) {
	for _, one := range s.Steps {
		if do, other := otherSteps()[one.Do]; other {
			do(t, r)
			continue
		}
		times := max(one.Times, 1)
		if one.OneIn > 0 {
			times = max(times, len(t.teams)/one.OneIn)
		}
		t.applyTimes(r, times, one.Do)
	}
	if s.Everybody != nil {
		for _, p := range t.people {
			t.addFinding(*s.Everybody.forUser(p))
		}
	}
	if s.AllTeams != nil {
		for _, m := range t.teams {
			t.addFinding(*s.AllTeams.forTeam(m))
		}
	}
}

// otherSteps are the steps of scenarios that are no drifts: those that plant no finding, or many.
func otherSteps() map[string]func(*Tenant, *rand.Rand) {
	return map[string]func(*Tenant, *rand.Rand){
		"harmless": addHarmless, "redundant-rules": redundantRules, "access-attributes": accessAttributes,
		"every-drift": everyDrift,
	}
}

// redundantRules adds, for each team without a group, a second enabled rule that yields it for the very holders of its
// role. The group's assignments dangle: AWS keeps those of a deleted group.
func redundantRules(t *Tenant, r *rand.Rand) {
	rules := &t.app().Rules
	for _, m := range t.teams {
		if m.group != nil {
			continue
		}
		t.assign(r, t.app().Entitlements[m.role.Name], 2)
		rule := t.literalRule(world.RedundantRule+m.role.Name, m.role.Name, m.role.ID)
		rule.Enabled, rule.Position = true, 1+len(*rules)
		*rules = append(*rules, rule)
		t.addFinding(Finding{
			Kind: "rule-redundant", Subject: rule.Name, Severity: "medium", Cause: "two-rules",
			SourceID: decimal(rule.ID),
		})
	}
}

// everyDrift drifts in every way a few times, the more the larger the tenant, up to a number that keeps building
// quick: taking a user away from the target costs a look into every group.
func everyDrift(t *Tenant, r *rand.Rand) {
	rounds := min(max(len(t.people)/2500, 1), 8)
	// Groups first, which the list has last: their findings need people whom nothing else has changed.
	for _, d := range slices.Backward(Drifts()) {
		t.applyTimes(r, rounds, d.Name)
	}
}

// accessAttributes leaves provisioning in sync and gets everything else wrong that an app, its users and an instance
// can get wrong of attributes for access control, each once.
func accessAttributes(t *Tenant, r *rand.Rand) {
	const (
		longestKey   = 128
		longestValue = 256
	)
	sent := func(name string) world.Parameter {
		return world.Parameter{
			Key: name, ID: t.World.NextID(), Label: name[strings.LastIndexByte(name, ':')+1:],
			UserAttributeMappings: "department", IncludeInSAMLAssertion: true,
		}
	}
	fixed := func(key, value string) world.Parameter {
		p := sent(accessAttribute + key)
		text, _ := json.Marshal(value) // a string always has its JSON
		p.UserAttributeMappings, p.Values = "", text
		return p
	}
	apart, empty := sent(accessAttribute+"Apart"), sent(accessAttribute+"Empty")
	apart.IncludeInSAMLAssertion, empty.UserAttributeMappings = false, ""
	app := t.app()
	app.Parameters = append(app.Parameters,
		sent(accessAttribute+"COMPANY"), // beside Company
		sent(accessAttribute+"AttributeName"),
		sent("https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team"),
		sent("https://aws.amazon.com/SAML/Attributes/AccesControl:Team"),
		sent(accessAttribute+"aws:Team"),
		sent(accessAttribute+"R&D"),
		sent(accessAttribute+strings.Repeat("k", longestKey+1)),
		fixed("Region", "aws:eu"), fixed("Office", strings.Repeat("v", longestValue+1)),
		fixed("Site", "Berlin"), // is right
		apart, empty,
		sent(accessAttribute+"CostCenter"), // AWS maps it as well
	)
	for _, value := range []string{"", "", "Research & Development", strings.Repeat("d", longestValue+1), "aws:ops"} {
		if p := t.claimPerson(r, (*person).isUntouched); p != nil {
			p.user.Department = value
		}
	}
	t.World.Target.Policies[t.sets[4]] = world.Policies{Inline: `{"Version":"2012-10-17",` +
		`"Statement":{"Effect":"Allow","Action":"s3:GetObject",` +
		`"Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/Project":"${aws:PrincipalTag/Project}"}}}}`}
}
