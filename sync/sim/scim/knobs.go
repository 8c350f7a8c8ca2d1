package scim

import (
	"math"

	"golang.org/x/time/rate"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// Knobs are the choices of the simulated service that a test makes: where the public documentation is silent or
// contradicts itself, where the two generations of the service differ, and the paging faults. Start from Current or
// Legacy: the zero value is no profile.
type Knobs struct {
	// PageSize is the number of rows in a page where count does not ask for fewer, and the cut of a list without
	// cursor. Current 100, Legacy 50.
	PageSize int
	// Cursor switches cursor paging and the filters groups.value and members.value on; without it they are refused
	// with 400. Current true, Legacy false.
	Cursor bool

	// SingleUseCursors refuses a cursor that was used before. Default false.
	SingleUseCursors bool
	// UnknownGroup404 refuses a groups.value filter that names no group. Default false: an empty list.
	UnknownGroup404 bool
	// FilterEscapes reads \" and \\ in a filter value as JSON does; without it the value ends at the next quote.
	// Default true.
	FilterEscapes bool
	// MemberPathFilter accepts members[value eq "ID"] as the path of a remove. Default true.
	MemberPathFilter bool
	// PrefixedIDs makes ids in the old form, ten hex digits before the UUID. Default false.
	PrefixedIDs bool

	// WriteRate and ReadRate are requests a second for each operation, 0 for no limit. Default 25 and 40 (user guide
	// "Quotas").
	WriteRate, ReadRate float64
	// MembershipRate is membership changes a second over CreateGroup and PatchGroup together, twice as many of which
	// may come at once, 0 for no limit. AWS does not publish the numbers. Default 250.
	MembershipRate float64

	// Paging are faults of the lists users, groups and members (either list, filtered by a membership); the first
	// that fits applies.
	Paging []fault.Paging
}

// Current is the service as documented in 2026.
func Current() Knobs {
	return Knobs{
		PageSize: 100, Cursor: true, FilterEscapes: true, MemberPathFilter: true,
		WriteRate: 25, ReadRate: 40, MembershipRate: 250,
	}
}

// Legacy is the service before the cursor: lists end silently at 50 rows, memberships are asked pair by pair.
func Legacy() Knobs {
	k := Current()
	k.PageSize, k.Cursor = 50, false
	return k
}

// Unlimited is these knobs without throttling.
func (k Knobs) Unlimited() Knobs {
	k.WriteRate, k.ReadRate, k.MembershipRate = 0, 0, 0
	return k
}

// throttle has a bucket for each operation, which holds one second's worth, and one for the membership changes inside
// CreateGroup and PatchGroup, which holds two (user guide "Quotas").
type throttle struct {
	read, write float64
	buckets     map[string]*rate.Limiter
	members     *rate.Limiter
}

func newThrottle(k Knobs) *throttle {
	return &throttle{
		read: k.ReadRate, write: k.WriteRate, buckets: map[string]*rate.Limiter{},
		members: limiter(k.MembershipRate, 2*k.MembershipRate),
	}
}

// limiter lets everything through where the rate is 0.
func limiter(a, most float64) *rate.Limiter {
	if a <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(a), int(math.Ceil(most)))
}

func (s *Server) allow(op operation) bool {
	t := s.throttle
	limit := t.read
	if op.write {
		limit = t.write
	}
	if t.buckets[op.name] == nil {
		t.buckets[op.name] = limiter(limit, limit)
	}
	return t.buckets[op.name].AllowN(s.Clock(), 1)
}

// allowMembers takes membership changes from their bucket: all of them or, with an answer of 429, none.
func (c *call) allowMembers(changes int) error {
	if !c.throttle.members.AllowN(c.Clock(), changes) {
		return errThrottled
	}
	return nil
}
