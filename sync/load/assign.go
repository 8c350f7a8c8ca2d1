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
	maxPrincipals     = 50
	assignmentWorkers = 8
	// placesInLoad bounds the lists of accounts and assignments that a load looks through, placesOfDoctor those of
	// doctor: four seconds, and not quite a minute, at ten a second. Of the policies of permission sets a third as
	// many are looked through, at three requests each.
	placesInLoad   = 40
	placesOfDoctor = 500
	setsInLoad     = placesInLoad / 3
	setsOfDoctor   = placesOfDoctor / 3
)

// AWS is what the AWS lens tells beside what SCIM does; what its methods promise is said at identitycenter.Client.
type AWS interface {
	Assignments(ctx context.Context, of model.Principal) ([]model.Assignment, error)
	Dangling(ctx context.Context, known map[string]bool, most int) (found []model.Assignment, rest string, err error)
	AccessControl(ctx context.Context, most int) model.AccessFacts
	// Groups and GetUser tell who made records.
	Groups(ctx context.Context, told progress) ([]model.Group, model.Coverage)
	GetUser(ctx context.Context, id string) (model.User, bool, error)
}

// askLens asks the AWS lens what SCIM does not tell of the records that findings are about, and compares again. What
// cannot be read is no finding and no loss: a note says why.
func (l *Loader) askLens(ctx context.Context, r *reading, c *drift.Comparison) *drift.Comparison {
	if l.opts.AWS == nil || ctx.Err() != nil {
		return c
	}
	// Doctor looks in more places.
	assignments := l.findDangling(ctx, r, c, placesInLoad)
	access := l.opts.AWS.AccessControl(transport.BeginPart(ctx), setsInLoad)
	if ctx.Err() == nil {
		l.opts.Observer.addFacts(r.answers, func(f *model.Facts) { f.Assignments, f.Access = assignments, access })
	}
	if len(assignments.Dangling) > 0 { // groups that were made again are to have them
		c = r.compare(l.opts)
	}
	l.readAssignments(ctx, r, c)
	l.readCreators(ctx, r, c)
	return r.compare(l.opts)
}

// readAssignments asks for the account assignments of those whom a delete or a move would be about.
func (l *Loader) readAssignments(ctx context.Context, r *reading, c *drift.Comparison) {
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
	var group sync.WaitGroup
	for i := range of {
		switch {
		case i == 0:
			// Alone: without credentials or permission the answer to all others is the same, and may take its time.
			found[0] = model.AssignedOf(l.opts.AWS.Assignments(ctx, of[0]))
		case found[0].Unknown != "":
			found[i].Unknown = found[0].Unknown
		default:
			group.Go(func() { found[i] = model.AssignedOf(l.opts.AWS.Assignments(ctx, of[i])) })
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

// rereadAssignments asks again for the account assignments of a record that is re-read.
func (l *Loader) rereadAssignments(ctx context.Context, r *reading, subject model.Subject) {
	if l.opts.AWS == nil || r.Target.Assignments == nil || subject.TargetID == "" {
		return
	}
	of := model.Principal{Type: subject.Type, ID: subject.TargetID}
	r.patchAssignments(&plan.Observation{Assignments: map[string]model.Assigned{
		of.ID: model.AssignedOf(l.opts.AWS.Assignments(ctx, of)),
	}})
}

// patchAssignments puts account assignments that were read again into the reading.
func (r *reading) patchAssignments(seen *plan.Observation) {
	if len(seen.Assignments) == 0 || r.Target.Assignments == nil {
		return
	}
	r.Target.Assignments = maps.Clone(r.Target.Assignments) // the last reading keeps its own
	maps.Copy(r.Target.Assignments, seen.Assignments)
}
