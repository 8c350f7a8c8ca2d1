package model

import "time"

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

// Next adds a further read. One that was cut short needed at least what it took, so that it never makes the next look
// cheaper.
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

// lowBudget is the share of an hour's calls below which OneLogin's own provisioner, which shares them, may starve.
const lowBudget = 0.1

// At is the budget at a later moment, nobody else spending: whole again after its reset. One that does not say when
// it resets is worth an hour.
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
func (b Budget) Low() bool { return float64(b.Remaining) < float64(b.Limit)*lowBudget }

// For tells whether the budget will do for so many calls.
func (b Budget) For(calls int) Sufficiency {
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

// nudgeCalls is how many calls one nudged user costs: the write, and a look at the login.
const nudgeCalls = 2

// NudgeCalls is how many of OneLogin's calls the nudging of some users takes.
func NudgeCalls(users int) int { return users * nudgeCalls }
