// Package tenants makes simulated tenants together with the truth about them: every finding that a right comparison
// must give. The truth is written down while the world drifts, step by step, and never by comparing the two sides, so
// that it cannot share a mistake with the comparison that it judges.
package tenants

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
	s, err := findScenario(o.Scenario)
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
		given:       wordList("given names"),
		family:      wordList("family names"),
		departments: wordList("departments"),
	}
	t.addCloud(r)
	t.addApp(r, &s)
	return t, func() {
		t.addPeople(r, o.Users, &s)
		t.addTeams(r, o.Groups, &s)
		t.assignSome(r)
		t.addPortal(r)
		t.addBystanders(r, o.Users)
		t.applySteps(&s, r)
		t.addHistory(r, &s)
		t.orderEvents()
	}, nil
}

// Filled gives the options with the scenario's name and sizes in place of those that were left to it: all options
// that make the same tenant are the same by then. An unknown scenario or a negative size is an error.
func (o Options) Filled() (Options, error) {
	s, err := findScenario(o.Scenario)
	if err == nil && min(o.Users, o.Groups) < 0 {
		err = fmt.Errorf("%d users and %d groups: a tenant cannot have fewer than none; give 0 for the scenario's own "+
			"size of %d and %d", o.Users, o.Groups, s.Users, s.Groups)
	}
	o.Scenario, o.Users, o.Groups = s.Name, cmp.Or(o.Users, s.Users), cmp.Or(o.Groups, s.Groups)
	return o, err
}

// Truth is every finding of a tenant, no more and no less, for a comparison in roles mode with both sides read in full.
type Truth []Finding

// Finding is one difference that a right comparison names. Words are those of the design, repeated here as text
// because the simulation must not import the model.
type Finding struct {
	// Kind is such as "user-unsynced", and SubjectType "user", "group" or "rule".
	Kind, SubjectType string
	// Subject is the raw name at the source (userName as it would be sent, role name, rule name), or the target's name
	// if the record is only there. For a duplicate it is the pair's source name.
	Subject string
	// Severity is "critical", "high", "medium", "low" or "info".
	Severity string
	// Confidence is "certain" where two complete directories leave no room for doubt; empty claims nothing.
	Confidence string
	// Cause is set only where roles, users, the app or events show it plainly; empty claims nothing.
	Cause string
	// StateCause is the cause once the provisioning state of that user's login is read as well; empty claims nothing.
	StateCause string `toml:"state_cause"`
	// Members are sorted userNames: who is missing, who is extra, who is in a group that lingers or is unclaimed. For
	// duplicates they are the names of the losing claimants.
	Members []string
	// Fields are the sorted names of what differs, as in the configuration's "compare" list, or "userName".
	Fields []string
	// SourceID is the OneLogin id in decimal and TargetID the SCIM id; empty where there is no record.
	SourceID, TargetID string
}

// Words that many findings share.
const (
	certain     = "certain"
	pushFailure = "provisioning-failed"
)

func (t *Tenant) addFinding(f Finding) {
	f.SubjectType, _, _ = strings.Cut(f.Kind, "-")
	if f.SubjectType == "members" {
		f.SubjectType = "group"
	}
	slices.Sort(f.Members)
	slices.Sort(f.Fields)
	t.Truth = append(t.Truth, f)
}

func (f Finding) forUser(p *person) *Finding {
	f.Subject, f.SourceID = p.user.Email, decimal(p.user.ID)
	if p.target != nil {
		f.TargetID = p.target.ID
	}
	return &f
}

func (f Finding) forTeam(m *team) *Finding {
	f.Subject, f.SourceID = m.role.Name, decimal(m.role.ID)
	if m.group != nil {
		f.TargetID = m.group.ID
	}
	return &f
}

// targetGroupFinding is a finding about a group that only the target has, with everybody who is in it.
func (t *Tenant) targetGroupFinding(cause string, g *world.TargetGroup) *Finding {
	f := &Finding{Subject: g.DisplayName, Cause: cause, TargetID: g.ID}
	for id := range g.Members {
		f.Members = append(f.Members, t.World.Target.Users[id].UserName)
	}
	return f
}
