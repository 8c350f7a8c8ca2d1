package scim

import (
	"math"

	"golang.org/x/time/rate"
)

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
	s.mu.Lock()
	defer s.mu.Unlock()
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
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if !c.server.throttle.members.AllowN(c.server.Clock(), changes) {
		return errThrottled
	}
	return nil
}
