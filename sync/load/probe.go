package load

import (
	"context"
	"maps"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// SourceProber asks OneLogin for the account's hourly limit, where no answer has told it, in one request.
type SourceProber interface {
	AskBudget(ctx context.Context) (model.Budget, error)
}

// TargetProber finds out what the target understands, in at most three requests. What it cannot find out is in Trouble.
type TargetProber interface {
	Capabilities(ctx context.Context) model.Capabilities
}

// Probe asks both sides what only doctor wants to know, in at most four requests, and the AWS lens for account
// assignments without a user or group and for attributes for access control. It gives the last comparison again with
// the set-up checks that follow from the answers, and comes after Load. A side that did not answer the load is not
// asked again. The error is that of ctx, or ErrNothingLoaded.
func (l *Loader) Probe(ctx context.Context, source SourceProber, target TargetProber) (*drift.Comparison, error) {
	return l.changeLast(ctx, false, func(r *reading) (*drift.Comparison, error) {
		facts := l.opts.Observer.factsOf(r.answers)
		facts.Probed = true
		if facts.Source.Answered && !facts.Source.Budget.Known {
			if budget, err := source.AskBudget(ctx); err == nil {
				facts.Source.Budget = budget
			} // else the check says that the limit is not known
		}
		facts.Capabilities = model.Capabilities{Trouble: "the target did not answer"}
		if facts.Target.Answered {
			facts.Capabilities = target.Capabilities(ctx)
		}
		if !facts.Assignments.Asked || facts.Assignments.Rest != "" { // the load has looked everywhere else
			facts.Assignments = l.findDangling(ctx, r, r.compare(l.opts), placesOfDoctor)
		}
		if l.opts.AWS != nil {
			facts.Access = l.opts.AWS.AccessControl(transport.BeginPart(ctx), setsOfDoctor)
		}
		if ctx.Err() != nil {
			return nil, cancelledError(ctx)
		}
		l.opts.Observer.addFacts(r.answers, func(f *model.Facts) {
			f.Probed, f.Capabilities = true, facts.Capabilities
			f.Assignments, f.Access = facts.Assignments, facts.Access
			if !f.Source.Budget.Known {
				f.Source.Budget = facts.Source.Budget
			}
		})
		return r.compare(l.opts), nil
	})
}

// findDangling asks the lens for account assignments whose user or group is gone. Whoever the lists showed is there; of
// all others it asks AWS itself, so that a list that was cut short makes nobody look gone.
func (l *Loader) findDangling(ctx context.Context, r *reading, c *drift.Comparison, most int) model.AssignmentFacts {
	if l.opts.AWS == nil {
		return model.AssignmentFacts{}
	}
	known := model.SetOf(c.Target.Users, userID)
	maps.Copy(known, model.SetOf(c.Target.Groups, groupID))
	found, rest, err := l.opts.AWS.Dangling(transport.BeginPart(ctx), known, most)
	if err != nil {
		return model.AssignmentFacts{Trouble: err.Error()}
	}
	facts := model.AssignmentFacts{Asked: true, Dangling: found, Rest: rest}
	l.learnFormer(r, &facts)
	return facts
}
