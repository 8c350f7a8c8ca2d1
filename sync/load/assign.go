package load

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const (
	// maxPrincipals bounds the groups and users that are asked for their account assignments: the rate is ten a
	// second, and a person waits. Who is beyond it is asked when a plan is made.
	maxPrincipals = 50
	askers        = 8
	// placesInLoad bounds the lists of accounts and assignments that a load looks through, placesOfDoctor those of
	// doctor: four seconds, and not quite a minute, at ten a second. Of the policies of permission sets a third as
	// many are looked through, at three requests each.
	placesInLoad   = 40
	placesOfDoctor = 500
	setsInLoad     = placesInLoad / 3
	setsOfDoctor   = placesOfDoctor / 3
)

// deepen asks the AWS lens what SCIM does not tell of the records that findings are about, and compares again. What
// cannot be read is no finding and no loss: a note says why.
func (l *Loader) deepen(ctx context.Context, r *reading, c *drift.Comparison) *drift.Comparison {
	if l.opts.Assignments == nil && l.opts.Origin == nil && l.opts.Dangling == nil {
		return c
	}
	if l.lookThrough(ctx, r, c) {
		c = r.compare(l.opts)
	}
	l.assign(ctx, r, c)
	l.originate(ctx, r, c)
	return r.compare(l.opts)
}

// lookThrough looks for account assignments without a principal, and says whether there are any: groups that were
// made again are to have them. Beside that it looks at attributes for access control. Doctor looks in more places.
func (l *Loader) lookThrough(ctx context.Context, r *reading, c *drift.Comparison) bool {
	if l.opts.Dangling == nil || ctx.Err() != nil {
		return false
	}
	assignments, access := l.dangling(ctx, r, c, placesInLoad), l.access(ctx, setsInLoad)
	if ctx.Err() == nil {
		l.opts.Observer.learn(r.answers, func(f *model.Facts) { f.Assignments, f.Access = assignments, access })
	}
	return len(assignments.Dangling) > 0
}

// access asks the lens what AWS does with attributes for access control.
func (l *Loader) access(ctx context.Context, most int) model.AccessFacts {
	if l.opts.Access == nil {
		return model.AccessFacts{}
	}
	return l.opts.Access(transport.BeginPart(ctx), most)
}

// assign asks for the account assignments of those whom a delete would be about, and of groups to which some are to
// be moved.
func (l *Loader) assign(ctx context.Context, r *reading, c *drift.Comparison) {
	if l.opts.Assignments == nil {
		return
	}
	var of []model.Principal
	for i := range c.Findings {
		f := &c.Findings[i]
		switch f.Kind { //nolint:exhaustive // nothing is deleted for the others
		case model.GroupLingering, model.GroupUnclaimed, model.UserLingering, model.AssignmentsStranded:
			if f.Subject.TargetID != "" && len(of) < maxPrincipals {
				of = append(of, model.Principal{Type: f.Subject.Type, ID: f.Subject.TargetID})
			}
		}
	}
	ctx = transport.BeginPart(ctx)
	found := make([]model.Assigned, len(of))
	ask := func(i int) {
		list, err := l.opts.Assignments(ctx, of[i])
		if found[i] = (model.Assigned{List: list}); err != nil {
			found[i] = model.Assigned{Unknown: err.Error()}
		}
	}
	var group sync.WaitGroup
	for i := range of {
		switch {
		case i == 0:
			// Alone: without credentials or permission the answer to all others is the same, and may take its time.
			ask(0)
		case found[0].Unknown != "":
			found[i].Unknown = found[0].Unknown
		default:
			group.Go(func() { ask(i) })
		}
	}
	group.Wait()
	r.Target.Assignments = make(map[string]model.Assigned, len(of))
	unknown, reason := 0, ""
	for i := range of {
		r.Target.Assignments[of[i].ID] = found[i]
		if found[i].Unknown != "" {
			unknown, reason = unknown+1, found[i].Unknown
		}
	}
	if unknown > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("the account assignments of %d of %d groups and users with a finding "+
			"could not be read: %s", unknown, len(of), reason))
	}
}

// reassign asks again for the account assignments of a record that is re-read.
func (l *Loader) reassign(ctx context.Context, r *reading, subject model.Subject) {
	if l.opts.Assignments == nil || r.Target.Assignments == nil || subject.TargetID == "" {
		return
	}
	list, err := l.opts.Assignments(ctx, model.Principal{Type: subject.Type, ID: subject.TargetID})
	assigned := model.Assigned{List: list}
	if err != nil {
		assigned = model.Assigned{Unknown: err.Error()}
	}
	r.patchAssignments(&plan.Observation{Assignments: map[string]model.Assigned{subject.TargetID: assigned}})
}

// patchAssignments puts account assignments that were read again into the reading.
func (r *reading) patchAssignments(seen *plan.Observation) {
	if len(seen.Assignments) == 0 || r.Target.Assignments == nil {
		return
	}
	r.Target.Assignments = maps.Clone(r.Target.Assignments) // the last reading keeps its own
	maps.Copy(r.Target.Assignments, seen.Assignments)
}
