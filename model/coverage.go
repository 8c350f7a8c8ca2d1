package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Part is one portion of a side that is read, and can fail, on its own.
type Part uint8

// The parts. Rules and events exist at the source only.
const (
	PartUsers Part = iota
	PartGroups
	PartMemberships
	PartRules
	PartEvents
	PartCount
)

// SourceParts lists the parts of a source in the order in which they are shown.
func SourceParts() []Part {
	return []Part{PartUsers, PartGroups, PartMemberships, PartRules, PartEvents}
}

// TargetParts is as SourceParts.
func TargetParts() []Part { return []Part{PartUsers, PartGroups, PartMemberships} }

func (p Part) String() string {
	return [...]string{"users", "groups", "memberships", "rules", "events"}[p]
}

// CoverageState says how much of a part was read. Unknown is zero, so that an unread part is never taken for empty.
type CoverageState uint8

// The states of coverage.
const (
	Unknown CoverageState = iota
	Partial
	Complete
	Skipped
)

func (s CoverageState) String() string {
	return [...]string{"unknown", "partial", "complete", "skipped"}[s]
}

// Coverage is a state with its reason. Partial and Unknown always carry one, fit to be shown to an operator.
type Coverage struct {
	State  CoverageState
	Reason string
}

// CompleteCoverage marks a part that was read in full and can be believed.
func CompleteCoverage() Coverage { return Coverage{State: Complete} }

// PartialCoverage marks a part that was read in part. A reason is a phrase that says what happened, and what to do.
func PartialCoverage(reason string) Coverage { return Coverage{State: Partial, Reason: reason} }

// UnknownCoverage marks a part of which nothing can be believed.
func UnknownCoverage(reason string) Coverage { return Coverage{State: Unknown, Reason: reason} }

// SkippedCoverage marks a part that the configuration says not to read.
func SkippedCoverage() Coverage { return Coverage{State: Skipped} }

// CoverageOfMembers sums up lists of which some may be unknown, with the reason that most of them have.
func CoverageOfMembers(lists []MemberList) Coverage {
	unknown, reason, seen := 0, "", map[string]int{}
	for i := range lists {
		if lists[i].Unknown != "" {
			unknown++
			if seen[lists[i].Unknown]++; seen[lists[i].Unknown] > seen[reason] {
				reason = lists[i].Unknown
			}
		}
	}
	if unknown == 0 {
		return CompleteCoverage()
	}
	reason = fmt.Sprintf("the members of %d of %d groups are not known: %s", unknown, len(lists), reason)
	if unknown == len(lists) {
		return UnknownCoverage(reason)
	}
	return PartialCoverage(reason)
}

// Complete reports whether the whole part was read and can be believed.
func (c Coverage) Complete() bool { return c.State == Complete }

// Settled reports whether nothing of the part is unknown: it was read in full, or there is nothing to read.
func (c Coverage) Settled() bool { return c.State == Complete || c.State == Skipped }

// String is the form of the JSON report: "complete", "partial: REASON", "unknown: REASON" or "skipped".
func (c Coverage) String() string {
	return strings.Join(NonEmpty(c.State.String(), c.Reason), ": ")
}

// Coverages holds the coverage of every part of one side.
type Coverages [PartCount]Coverage

// Complete reports whether each of the given parts is complete or skipped: the condition for "complete": true.
func (c Coverages) Complete(parts []Part) bool {
	return !slices.ContainsFunc(parts, func(p Part) bool { return !c[p].Settled() })
}

// MarshalText gives the state with its reason, as String does.
func (c Coverage) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads it.
func (c *Coverage) UnmarshalText(text []byte) error {
	word, reason, _ := strings.Cut(string(text), ": ")
	for _, state := range []CoverageState{Unknown, Partial, Complete, Skipped} {
		if word == state.String() {
			*c = Coverage{state, reason}
			return nil
		}
	}
	return fmt.Errorf("%q is no coverage", text)
}

// MarshalJSON gives the coverages by the names of their parts; a part that is not named is unknown.
func (c Coverages) MarshalJSON() ([]byte, error) { return marshalParts(c) }

// UnmarshalJSON reads them.
func (c *Coverages) UnmarshalJSON(text []byte) (err error) {
	*c, err = unmarshalParts[Coverage](text)
	return err
}

// Side is one of the two systems.
type Side uint8

// The sides.
const (
	SourceSide Side = iota
	TargetSide
)

// Sides are both of them.
func Sides() []Side { return []Side{SourceSide, TargetSide} }

func (s Side) String() string { return [...]string{"source", "target"}[s] }

// Parts are what is read of a side.
func (s Side) Parts() []Part {
	if s == SourceSide {
		return SourceParts()
	}
	return TargetParts()
}

// SideName is how a side is called on a screen.
type SideName struct {
	// Title is the full name, such as "AWS IAM Identity Center"; Short the one used in sentences, such as "AWS"; Detail
	// what tells this one from others of its kind, such as "us-east-1" or "app 500001". Raw.
	Title, Short, Detail string
}

// Face is what can be said of a connection without opening it. Its texts are raw.
type Face struct {
	// Connection is its name; Accent the colour of its frame: one of those that the configuration knows by name, or
	// empty.
	Connection, Accent string
	ReadOnly           bool
	Sides              [2]SideName
}

// PartState says where the reading of one part stands.
type PartState uint8

// The states of reading a part. The zero value stands for a part that was not begun.
const (
	PartQueued PartState = iota
	PartReading
	PartRead
	PartFailed
)

// Progress is where the reading of one part of one side stands.
type Progress struct {
	Side  Side
	Part  Part
	State PartState
	// Done counts records read so far; Expected is how many there will be, 0 if that is not known.
	Done, Expected int
	// Requests counts the HTTP requests of the whole side so far, retries included.
	Requests int
	// WaitingUntil is when a wait for a rate limit, or after a failure, ends; zero when nothing waits. WaitingFor
	// says why, such as "our share of the rate limit"; of a part that is queued, what has to be read before it.
	WaitingUntil time.Time
	WaitingFor   string
	// Reason says why a part failed or is not complete, and what to do about it; empty otherwise.
	Reason string
}

// Exchange is one HTTP request and its answer, for the request log. It holds no secrets.
type Exchange struct {
	At time.Time
	// Service is the short name of the side, such as "OneLogin" or "AWS".
	Service, Method string
	// Path is the path with its query, secrets masked; Base what stands before it, empty where it is signed.
	Base, Path string
	// Login: it asked for a token, with the client's id and secret.
	Login bool
	// Status is the HTTP status, 0 when no answer arrived; Err says why.
	Status int
	Err    string
	// Duration is from sending to the end of the answer; Waited is how long the request was held back before.
	Duration, Waited time.Duration
}
