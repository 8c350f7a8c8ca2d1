package drift

import (
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// togetherFor is how far apart the parts of one load may stand: a look asks for events before it reads the target.
const togetherFor = 10 * time.Second

// apart reports whether what a claim rests on was read at moments so far from each other that a difference may be no
// more than what happened between them, and no direct question about it was answered since: a failed read keeps parts
// of the read before it, and a look may spare OneLogin's calls.
func (c *Comparer) apart(f *model.Finding, rule *claimRule) bool {
	oldest, newest := c.readBetween()
	if newest.Sub(oldest) <= togetherFor {
		return false
	}
	for _, asks := range []func(*Comparer, *model.Finding) []model.Ask{rule.asks, rule.more} {
		if asks != nil && slices.ContainsFunc(asks(c, f), func(q model.Ask) bool {
			reply, answered := c.Options.Replies.Usable(q)
			return !answered || reply.At.Before(newest)
		}) {
			return true
		}
	}
	return false
}

// readBetween is when the first and the last of all parts were read, or shown to hold still by the source's log. The
// log itself may be newer than the rest. Both are zero where a moment is not known.
func (c *Comparison) readBetween() (oldest, newest time.Time) {
	oldest, newest = c.Target.ReadAt, c.Target.ReadAt
	for _, p := range model.SourceParts() {
		at := c.Source.At[p]
		if at.IsZero() || oldest.IsZero() {
			return at, at
		}
		if at.Before(c.Source.Unchanged) {
			at = c.Source.Unchanged
		}
		if at.Before(oldest) {
			oldest = at
		}
		if p != model.PartEvents && at.After(newest) {
			newest = at
		}
	}
	return oldest, newest
}
