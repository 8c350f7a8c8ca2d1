package scim

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// throttle has a bucket for each operation and one for the membership changes inside CreateGroup and PatchGroup (user
// guide "Quotas"). A bucket holds one second's worth.
type throttle struct {
	read, write float64
	buckets     map[string]*rate.Limiter
	members     *rate.Limiter
}

func newThrottle(k Knobs) *throttle {
	t := &throttle{read: k.ReadRate, write: k.WriteRate, buckets: map[string]*rate.Limiter{}}
	if k.MembershipRate > 0 {
		t.members = rate.NewLimiter(rate.Limit(k.MembershipRate), int(2*k.MembershipRate))
	}
	return t
}

func (t *throttle) allow(op operation, now time.Time) bool {
	limit := t.read
	if op.write {
		limit = t.write
	}
	if limit <= 0 {
		return true
	}
	bucket := t.buckets[op.name]
	if bucket == nil {
		bucket = rate.NewLimiter(rate.Limit(limit), int(math.Ceil(limit)))
		t.buckets[op.name] = bucket
	}
	return bucket.AllowN(now, 1)
}

// allow takes one request from the operation's bucket.
func (s *Server) allow(op operation) bool {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.throttle.allow(op, now)
}

// allowMembers takes membership changes from their bucket: all of them or, with an answer of 429, none.
func (c *call) allowMembers(changes int) error {
	now := c.server.clock()
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if limiter := c.server.throttle.members; limiter != nil && !limiter.AllowN(now, changes) {
		return refuse(429, "")
	}
	return nil
}
