package load

import (
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/setup"
)

// Suppose compares the last reading as it would be with other records of the target. It keeps nothing and asks
// nobody.
func (l *Loader) Suppose(seen *plan.Observation) *drift.Comparison {
	last, _ := l.lastReading()
	r := (&reading{Reading: last.toModel(l.opts)}).clone()
	r.patchTarget(seen, l.opts.Groups.Ignores)
	r.patchAssignments(seen)
	r.dropReplies(seen)
	r.recordReplies(seen, r.oldestPart())
	hangs := &r.Facts.Assignments.Dangling
	*hangs = stillDangling(*hangs, seen)
	return setup.CompareReading(&r.Reading, last.rosters, l.opts.Options)
}
