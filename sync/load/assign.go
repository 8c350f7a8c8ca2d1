package load

import (
	"context"
	"maps"

	"golang.org/x/sync/errgroup"

	"github.com/scimdrift/scimdrift/model"
)

const (
	// maxPrincipals bounds the groups and users that are asked for their account assignments: the rate is ten a second, and a person
	// waits. Who is beyond it is asked when a plan is made.
	maxPrincipals = 50
	askers        = 8
)

// assign asks for the account assignments of those whom a delete would be about, and compares again if there are any. What
// cannot be read is no finding and no loss: the plan says why.
func (l *Loader) assign(ctx context.Context, r *reading, c *model.Comparison) *model.Comparison {
	if l.opts.Assignments == nil {
		return c
	}
	var of []model.Principal
	for i := range c.Findings {
		f := &c.Findings[i]
		switch f.Kind { //nolint:exhaustive // nothing is deleted for the others
		case model.GroupLingering, model.GroupUnclaimed, model.UserLingering:
			if f.Subject.TargetID != "" && len(of) < maxPrincipals {
				of = append(of, model.Principal{Type: f.Subject.Type, ID: f.Subject.TargetID})
			}
		}
	}
	found := make([]model.Assigned, len(of))
	var group errgroup.Group
	group.SetLimit(askers)
	for i := range of {
		group.Go(func() error {
			list, err := l.opts.Assignments(ctx, of[i])
			found[i].List = list
			if err != nil {
				found[i] = model.Assigned{Unknown: err.Error()}
			}
			return nil
		})
	}
	_ = group.Wait() // what failed is in what was found
	r.assignments = make(map[string]model.Assigned, len(of))
	for i := range of {
		r.assignments[of[i].ID] = found[i]
	}
	if len(of) == 0 {
		return c
	}
	return r.compare(l.opts)
}

// patchAssignments puts account assignments that were read again into the reading.
func (r *reading) patchAssignments(seen *model.Sight) {
	if len(seen.Assignments) == 0 || r.assignments == nil {
		return
	}
	r.assignments = maps.Clone(r.assignments) // the last reading keeps its own
	maps.Copy(r.assignments, seen.Assignments)
}
