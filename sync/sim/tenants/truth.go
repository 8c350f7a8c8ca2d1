package tenants

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

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

func (t *Tenant) found(f Finding) {
	f.SubjectType, _, _ = strings.Cut(f.Kind, "-")
	if f.SubjectType == "members" {
		f.SubjectType = "group"
	}
	slices.Sort(f.Members)
	slices.Sort(f.Fields)
	t.Truth = append(t.Truth, f)
}

func (f Finding) ofUser(p *person) *Finding {
	f.Subject, f.SourceID = p.user.Email, decimal(p.user.ID)
	if p.target != nil {
		f.TargetID = p.target.ID
	}
	return &f
}

func (f Finding) ofTeam(m *team) *Finding {
	f.Subject, f.SourceID = m.role.Name, decimal(m.role.ID)
	if m.group != nil {
		f.TargetID = m.group.ID
	}
	return &f
}

// onStray is a finding about a group that only the target has, with everybody who is in it.
func (t *Tenant) onStray(cause string, g *world.TargetGroup) *Finding {
	f := &Finding{Subject: g.DisplayName, Cause: cause, TargetID: g.ID}
	for id := range g.Members {
		f.Members = append(f.Members, t.World.Target.Users[id].UserName)
	}
	return f
}
