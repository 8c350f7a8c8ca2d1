// Package tenants makes simulated tenants together with the truth about them: every finding that a right comparison
// must give. The truth is written down while the world drifts, step by step, and never by comparing the two sides, so
// that it cannot share a mistake with the comparison that it judges.
package tenants

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Options say which tenant to build.
type Options struct {
	// Scenario is a name of Scenarios; empty means "drift".
	Scenario string
	// Users is how many people have the app and Groups how many roles become groups, before the scenario adds its few
	// strays; 0 is the scenario's own size. Very small tenants get less drift than the scenario tells, never wrong
	// truth.
	Users, Groups int
	// Seed decides every id, name and choice: equal options give equal tenants.
	Seed uint64
	// Now is the moment of the story, and the world's clock runs on from it; zero is the present.
	Now time.Time
}

// Tenant is a world and what is wrong with it.
type Tenant struct {
	World *world.World
	// AppID is the OneLogin app that provisions the target.
	AppID int64
	// Truth holds the findings in the order in which the world drifted.
	Truth Truth

	now         time.Time
	people      []*person
	teams       []*team
	admins      []*person
	portal      *world.Role
	mails       map[string]int
	names       map[string]bool
	given       []string
	family      []string
	departments []string
	accounts    []string
	sets        []string
}

const (
	// NudgeAttribute is the short name of a custom attribute that every tenant has set aside for nudges.
	NudgeAttribute = "scimdrift_touch"
	// RolesPattern says which granting roles become groups of the same name (RE2, unanchored).
	RolesPattern = "^aws-"
	// ruleExpression is the app rule's own form of RolesPattern. No role name holds "aws-" elsewhere than in front, so
	// anchored and searching readings of it agree.
	ruleExpression = "aws-.*"
)

// Build makes the tenant. It fails for an unknown scenario and for negative sizes.
func Build(o Options) (*Tenant, error) {
	t, fill, err := Begin(o)
	if err == nil {
		fill()
	}
	return t, err
}

// Begin makes what connects to the tenant, and fill all the rest, which takes seconds for a large one. Nobody else may
// look into the world meanwhile.
func Begin(o Options) (t *Tenant, fill func(), err error) {
	o, err = o.Filled()
	if err != nil {
		return nil, nil, err
	}
	s, err := find(o.Scenario)
	if err != nil {
		return nil, nil, err
	}
	started := time.Now()
	now := o.Now
	if now.IsZero() {
		now = started
	}
	now = now.UTC().Truncate(time.Second)

	// A simulation must repeat itself, and nothing in it is secret.
	r := rand.New(rand.NewPCG(o.Seed, 0x7465_6e61_6e74))
	t = &Tenant{
		World:       world.New(o.Seed, func() time.Time { return now.Add(time.Since(started)) }),
		now:         now,
		mails:       make(map[string]int, o.Users),
		names:       make(map[string]bool, o.Groups),
		given:       words("given names"),
		family:      words("family names"),
		departments: words("departments"),
	}
	t.addCloud(r)
	t.addApp(r, &s)
	return t, func() {
		t.addPeople(r, o.Users, &s)
		t.addTeams(r, o.Groups, &s)
		t.assignSome(r)
		t.addPortal(r)
		t.addBystanders(r, o.Users)
		t.play(&s, r)
		t.addHistory(r, &s)
		t.settle()
	}, nil
}

// Filled gives the options with the scenario's name and sizes in place of those that were left to it: all options
// that make the same tenant are the same by then. An unknown scenario or a negative size is an error.
func (o Options) Filled() (Options, error) {
	s, err := find(o.Scenario)
	if err == nil && min(o.Users, o.Groups) < 0 {
		err = fmt.Errorf("%d users and %d groups: a tenant cannot have fewer than none; give 0 for the scenario's own "+
			"size of %d and %d", o.Users, o.Groups, s.Users, s.Groups)
	}
	o.Scenario, o.Users, o.Groups = s.Name, cmp.Or(o.Users, s.Users), cmp.Or(o.Groups, s.Groups)
	return o, err
}
