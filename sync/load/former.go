package load

import (
	"context"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Former is what is known of earlier times that tells what groups were called which are gone by now.
type Former struct {
	// Journal gives what the runs of this connection did to groups, by their ids.
	Journal func() ([]model.FormerName, error)
	// LastKnown gives the groups of the reading that an earlier program kept, and those that were gone in it.
	LastKnown func() []model.FormerName
}

// rememberGone keeps the names of groups that an earlier reading had: assignments that hang on their ids name nobody
// else.
func (l *Loader) rememberGone(r *reading) {
	last, _ := l.lastReading()
	switch {
	case l.opts.AWS == nil:
	case last != nil:
		r.Target.Former = model.GoneGroupNames(append(slices.Clip(last.Target.Former),
			model.NamesOf(last.Target.Groups, last.Target.At[model.PartGroups])...), r.Target.Groups)
	case l.opts.Former.LastKnown != nil:
		r.Target.Former = model.GoneGroupNames(l.opts.Former.LastKnown(), r.Target.Groups)
	}
}

// learnFormer adds to what the lens found who those are that are gone.
func (l *Loader) learnFormer(r *reading, facts *model.AssignmentFacts) {
	if len(facts.Dangling) == 0 {
		return
	}
	known := slices.Clone(r.Target.Former)
	if l.opts.Former.Journal != nil {
		of, err := l.opts.Former.Journal()
		if err != nil {
			facts.FormerUnread = fmt.Sprintf("the journal, which may say otherwise, could not be read: %s", err)
		}
		known = append(known, of...)
	}
	for _, f := range known {
		if slices.ContainsFunc(facts.Dangling, func(a model.Assignment) bool { return a.PrincipalID == f.ID }) {
			facts.Former = append(facts.Former, f)
		}
	}
}

// patchDangling takes out of what the lens found the account assignments that were seen to be gone since.
func (l *Loader) patchDangling(r *reading, seen *plan.Observation) {
	if len(seen.Dangling) == 0 {
		return
	}
	l.opts.Observer.addFacts(r.answers, func(f *model.Facts) {
		f.Assignments.Dangling = stillDangling(f.Assignments.Dangling, seen)
	})
}

// stillDangling are those account assignments that were not seen to be gone.
func stillDangling(all []model.Assignment, seen *plan.Observation) []model.Assignment {
	return slices.DeleteFunc(slices.Clone(all), func(a model.Assignment) bool {
		hangs, read := seen.Dangling[a.WithoutNames()]
		return read && !hangs
	})
}

// readStrandedAssignments asks for the account assignments of the groups of stranded findings, which are to get more.
func (l *Loader) readStrandedAssignments(
	ctx context.Context, r *reading, c *drift.Comparison, ids []string,
) (asked bool) {
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Kind == model.AssignmentsStranded && slices.Contains(ids, f.ID) && l.opts.AWS != nil {
			if r.Target.Assignments == nil {
				r.Target.Assignments = map[string]model.Assigned{}
			}
			l.rereadAssignments(ctx, r, f.Subject)
			asked = true
		}
	}
	return asked
}
