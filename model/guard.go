package model

import (
	"maps"
	"time"
)

// GuardRule names a rule that can refuse a plan.
type GuardRule string

// The rules that nothing overrides.
const (
	RuleReadOnly  GuardRule = "read-only"
	RuleProtected GuardRule = "protected"
	RuleCoverage  GuardRule = "coverage"
	RuleMispaired GuardRule = "setup-mispaired"
	RuleAll       GuardRule = "all-records"
	// RuleContradicted: what was read says two things of a finding.
	RuleContradicted GuardRule = "contradicted"
	// RuleUnsettled: an earlier run on this connection has steps in doubt.
	RuleUnsettled GuardRule = "unsettled"
)

// The rules that --allow overrides one by one.
const (
	RuleMaxDeletes  GuardRule = "max-deletes"
	RuleMaxRemovals GuardRule = "max-removals"
	RuleMaxGrants   GuardRule = "max-grants"
	RuleMaxPercent  GuardRule = "max-percent"
	RuleNotCertain  GuardRule = "not-certain"
	// RuleUnclaimed: a group is deleted of which nothing shows that OneLogin made it.
	RuleUnclaimed    GuardRule = "unclaimed"
	RuleShrunk       GuardRule = "shrunk"
	RuleNoBackup     GuardRule = "no-backup"
	RuleAssigned     GuardRule = "assigned"
	RuleStillYielded GuardRule = "still-yielded"
	RuleSharedTarget GuardRule = "shared-target"
	RuleOldPlan      GuardRule = "old-plan"
)

// GuardVerdict is what the guard says of a plan.
type GuardVerdict struct {
	Allowed bool `json:"allowed"`
	// Refusals are the rules that refuse it.
	Refusals []GuardRefusal `json:"refusals"`
	// Overridden are rules that would refuse it but for --allow.
	Overridden []GuardRefusal `json:"overridden,omitempty"`
}

// Overrides are the rules that are overridden.
func (v *GuardVerdict) Overrides() (rules []GuardRule) {
	for _, r := range v.Overridden {
		rules = append(rules, r.Rule)
	}
	return rules
}

// GuardRefusal is one rule with its numbers and the way on.
type GuardRefusal struct {
	Rule GuardRule `json:"rule"`
	// Text says what is wrong, with the numbers; Way what to do, such as the flag that overrides the rule.
	Text string `json:"text"`
	Way  string `json:"way"`
	// Steps are the ids of the steps that it is about; empty if it is about the whole plan.
	Steps []string `json:"steps,omitempty"`
}

// Guard is a connection's configuration of the guard.
type Guard struct {
	MaxDeletes, MaxRemovals, MaxGrants int
	// MaxPercent is of the target's records of one type.
	MaxPercent int
	// ProtectGroups and ProtectUsers are globs over folded names.
	ProtectGroups, ProtectUsers []string
	ReadOnly                    bool
}

// DefaultGuard is the guard of a connection that configures none.
func DefaultGuard() Guard {
	return Guard{MaxDeletes: 10, MaxRemovals: 200, MaxGrants: 200, MaxPercent: 20}
}

// Baseline is what is remembered of the last complete read, to notice a source that shrank.
type Baseline struct {
	At time.Time `json:"at"`
	// Source and Target are the sizes of the parts that were complete, by the part's name.
	Source map[string]int `json:"source"`
	Target map[string]int `json:"target"`
	// IDs are a few of the records of each part, such as "source users", to be asked for where it is suddenly empty.
	IDs map[string][]string `json:"ids,omitempty"`
	// Groups is a digest of the configuration of groups.
	Groups string `json:"groups"`
	// Most are the largest sizes of the source's parts within BaselineSpan, and Meant the configuration of groups until
	// another was tried within it: a look in between must not make what was lost, or set wrong, the measure.
	Most  map[string]Size `json:"most,omitempty"`
	Meant GroupsDigest    `json:"meant,omitzero"`
}

// GroupsDigest is the digest of a configuration of groups, and when it was last read with.
type GroupsDigest struct {
	Groups string    `json:"groups"`
	At     time.Time `json:"at"`
}

// Size is how large a part was, and when.
type Size struct {
	N  int       `json:"n"`
	At time.Time `json:"at"`
}

// BaselineSpan is how long a larger source and another configuration are remembered beside the last complete read.
const BaselineSpan = 24 * time.Hour

// Largest is the size of a part of the source at the last complete read, or the largest within a day before now.
func (b *Baseline) Largest(part Part, now time.Time) (n int, at time.Time, known bool) {
	n, known = b.Source[part.String()]
	at = b.At
	if most, is := b.Most[part.String()]; is && now.Sub(most.At) <= BaselineSpan && (!known || most.N > n) {
		return most.N, most.At, true
	}
	return n, at, known
}

// GroupsChanged reports whether another configuration of groups was in force at the last complete read, or until it was
// changed within a day before now, and when that was last read with.
func (b *Baseline) GroupsChanged(digest string, now time.Time) (at time.Time, other bool) {
	if b.Meant.Groups != "" && now.Sub(b.Meant.At) <= BaselineSpan {
		return b.Meant.At, b.Meant.Groups != digest // to go back to it is no change
	}
	return b.At, b.Groups != "" && b.Groups != digest
}

// Remember adds a further complete read: sizes are those of the parts of the source that it read in full, and digest
// is the configuration of groups that it was compared with, "" where the groups were not read.
func (b *Baseline) Remember(at time.Time, sizes map[string]int, digest string) {
	most := map[string]Size{}
	maps.Copy(most, b.Most)
	for part, n := range sizes {
		if before, is := most[part]; !is || n >= before.N || at.Sub(before.At) > BaselineSpan {
			most[part] = Size{n, at}
		}
	}
	b.Most = most
	if digest != "" && (b.Meant.Groups == "" || b.Meant.Groups == digest || at.Sub(b.Meant.At) > BaselineSpan) {
		b.Meant = GroupsDigest{digest, at}
	}
}
