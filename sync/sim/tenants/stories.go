package tenants

import (
	"math/rand/v2"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// otherSteps are the steps of scenarios that are no drifts: those that plant no finding, or many.
func otherSteps() map[string]func(*Tenant, *rand.Rand) {
	return map[string]func(*Tenant, *rand.Rand){
		"harmless": harmless, "redundant-rules": redundantRules, "access-attributes": accessAttributes,
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
		t.found(Finding{
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
		t.times(r, rounds, d.Name)
	}
}
