package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Reading is what is read of both sides, as records, from which a comparison is made, and as it is kept on disk.
type Reading struct {
	Source SourceReading `json:"source"`
	Target TargetReading `json:"target"`
	// Facts are what was seen in passing, and by a probe.
	Facts Facts `json:"facts"`
	// Replies are the direct questions that were asked: without them nothing would be as certain as it was.
	Replies Replies `json:"replies,omitempty"`
	// Notes are those of the comparison.
	Notes []string `json:"notes,omitempty"`
}

// SideReading is what both sides' readings have.
type SideReading struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	// At is when each part was read, and Unchanged when the source's log last showed that all of them hold.
	At        PartTimes `json:"read_at"`
	Unchanged time.Time `json:"unchanged,omitzero"`

	Requests int       `json:"requests"`
	Coverage Coverages `json:"coverage"`
	Users    []User    `json:"users"`
}

// SourceReading is what is read of OneLogin.
type SourceReading struct {
	SideReading

	App          App              `json:"app"`
	Roles        []Role           `json:"roles"`
	Rules        []Rule           `json:"rules"`
	Events       []Event          `json:"events"`
	Logins       map[string]Login `json:"logins"`
	Entitlements []string         `json:"entitlements"`
}

// TargetReading is what is read of the target.
type TargetReading struct {
	SideReading

	Groups []Group `json:"groups"`
	// Members are those of the groups, in their order.
	Members    []MemberList `json:"members"`
	Ignored    int          `json:"ignored,omitempty"`
	Unreadable FieldSet     `json:"unreadable"`
	// Assignments and Makers, by the id of a user or group: account assignments, and who made it. nil without the lens.
	Assignments map[string]Assigned `json:"assignments,omitzero"`
	Makers      map[string]string   `json:"makers,omitempty"`
	// Provenance is that of Directory.
	Provenance []Provenance `json:"provenance,omitempty"`
	// Former are groups that earlier readings had and this one lacks; kept with the AWS lens only.
	Former []FormerName `json:"former,omitempty"`
}

// Directory is the side as it is compared, without groups and memberships. Its age is that of the oldest of the parts.
func (s *SideReading) Directory(parts []Part) Directory {
	return Directory{
		Kind: s.Kind, Name: s.Name, Users: s.Users, Coverage: s.Coverage, ReadAt: s.At.Oldest(parts),
		Unchanged: s.Unchanged, Requests: s.Requests,
	}
}

// FillMaker fills in who made a record.
func FillMaker(makers map[string]string, id string, by *string) {
	if *by == "" {
		*by = makers[id]
	}
}

// Complete reports whether every part of both sides was read in full, or left out by the configuration.
func (r *Reading) Complete() bool {
	return r.Source.Coverage.Complete(SourceParts()) && r.Target.Coverage.Complete(TargetParts())
}

// FilledFrom gives the reading with what it knows less of from an older one: the last complete read of each part, else
// the last. Roles come with their users, and the target as one. Direct answers are the later read's alone.
func (r *Reading) FilledFrom(older *Reading) (out Reading) {
	out = *r
	s, t, was := &out.Source, &out.Target, &older.Source
	if s.App.ID == "" {
		s.App = was.App
	}
	if s.adoptCoverage(&was.SideReading, PartUsers) {
		s.Users = was.Users
	}
	if s.adoptCoverage(&was.SideReading, PartGroups, PartMemberships) {
		s.Roles = was.Roles
	}
	if s.adoptCoverage(&was.SideReading, PartRules) {
		s.Rules, s.Entitlements = was.Rules, was.Entitlements
	}
	if s.adoptCoverage(&was.SideReading, PartEvents) {
		s.Events = was.Events
	}
	if t.adoptCoverage(&older.Target.SideReading, TargetParts()...) {
		*t = older.Target
	}
	return out
}

// adoptCoverage reports whether the older side knows more of any of these parts, and takes over how well it does.
func (s *SideReading) adoptCoverage(older *SideReading, parts ...Part) bool {
	if !slices.ContainsFunc(parts, func(p Part) bool { return s.Coverage[p].Rank() < older.Coverage[p].Rank() }) {
		return false
	}
	for _, p := range parts {
		s.Coverage[p], s.At[p] = older.Coverage[p], older.At[p]
	}
	s.Unchanged = time.Time{} // what the log showed was about what this read had
	return true
}

// Rank grades how much of a part is known.
func (c Coverage) Rank() int {
	switch {
	case c.Settled():
		return 2
	case c.State == Partial:
		return 1
	}
	return 0
}

// PartTimes holds a time for each part.
type PartTimes [PartCount]time.Time

// AllAt is one time for every part.
func AllAt(at time.Time) (t PartTimes) {
	for p := range t {
		t[p] = at
	}
	return t
}

// Oldest is when the first of these parts was read.
func (t PartTimes) Oldest(parts []Part) (oldest time.Time) {
	for i, p := range parts {
		if i == 0 || t[p].Before(oldest) {
			oldest = t[p]
		}
	}
	return oldest
}

// MarshalJSON gives the times by the names of their parts.
func (t PartTimes) MarshalJSON() ([]byte, error) { return marshalParts(t) }

// UnmarshalJSON reads them.
func (t *PartTimes) UnmarshalJSON(text []byte) (err error) {
	*t, err = unmarshalParts[time.Time](text)
	return err
}

// marshalParts words what is there for each part as an object; what is zero is left out.
func marshalParts[T comparable](of [PartCount]T) ([]byte, error) {
	var none T
	named := map[string]T{}
	for p, v := range of {
		if v != none {
			named[Part(p).String()] = v
		}
	}
	return json.Marshal(named)
}

func unmarshalParts[T any](text []byte) (of [PartCount]T, err error) {
	var named map[string]T
	if err := json.Unmarshal(text, &named); err != nil {
		return of, err
	}
	for p := range of {
		of[p] = named[Part(p).String()]
		delete(named, Part(p).String())
	}
	for name := range named {
		return of, fmt.Errorf("there is no part %q to read", name)
	}
	return of, nil
}

// Budget is what a service said last about its rate limit, in requests.
type Budget struct {
	// Known is false until an answer told it: OneLogin documents the headers but does not send them always
	// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
	Known     bool `json:"known"`
	Limit     int  `json:"limit"`
	Remaining int  `json:"remaining"`
	// Reset is when Remaining becomes Limit again; zero if the service did not say.
	Reset time.Time `json:"reset,omitzero"`
}

// ReadCost is what the last full read of a connection took of OneLogin's calls, and what was left of them then.
type ReadCost struct {
	// At is when it ended; Calls is how many requests the source took, retries included.
	At    time.Time `json:"at"`
	Calls int       `json:"calls"`
	// Budget is what OneLogin said last, as of At.
	Budget Budget `json:"budget"`
}

// Next adds a further read. One that was cut short never makes the next look cheaper.
func (c ReadCost) Next(at time.Time, calls int, whole bool, left Budget) ReadCost {
	if !whole {
		calls = max(calls, c.Calls)
	}
	return ReadCost{At: at, Calls: calls, Budget: left}
}

// Sufficiency is whether what is left of an hour's calls will do.
type Sufficiency uint8

// The sufficiencies, from the one that needs no word to the worst.
const (
	// Unreckoned: the need or what is left is not known.
	Unreckoned Sufficiency = iota
	Enough
	// Tight: it will do, and leave less than OneLogin's own provisioner may need.
	Tight
	// Short: it will not do before the hour is over.
	Short
)

// lowBudgetShare is the share of an hour's calls below which OneLogin's own provisioner, which shares them, may starve.
const lowBudgetShare = 0.1

// At is the budget at a later moment, nobody else spending: whole again after its reset, or else an hour.
func (b Budget) At(seen, now time.Time) Budget {
	reset := b.Reset
	if reset.IsZero() {
		reset = seen.Add(time.Hour)
	}
	if b.Known && !now.Before(reset) {
		b.Remaining, b.Reset = b.Limit, time.Time{}
	}
	return b
}

// Low reports whether so few calls are left that OneLogin's own provisioner may starve.
func (b Budget) Low() bool { return float64(b.Remaining) < float64(b.Limit)*lowBudgetShare }

// SufficiencyFor tells whether the budget will do for so many calls.
func (b Budget) SufficiencyFor(calls int) Sufficiency {
	left := b
	left.Remaining -= calls
	switch {
	case !b.Known || calls <= 0:
		return Unreckoned
	case left.Remaining < 0:
		return Short
	case left.Low():
		return Tight
	}
	return Enough
}
