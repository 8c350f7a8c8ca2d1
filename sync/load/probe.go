package load

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// SourceProber asks OneLogin what a load has no need of. Each call is one request, retries aside.
type SourceProber interface {
	// AskBudget asks for the account's hourly limit, where no answer has told it.
	AskBudget(ctx context.Context) (model.Budget, error)
	// Login is the provisioning state of one user's login in the app; the zero Login if there is none.
	Login(ctx context.Context, userID string) (model.Login, error)
}

// TargetProber finds out what the target understands, in at most three requests. What it cannot find out is in Trouble.
type TargetProber interface {
	Capabilities(ctx context.Context) model.Capabilities
}

// Probe asks both sides what only doctor wants to know, in at most five requests, and the AWS lens for account
// assignments without a user or group and for attributes for access control. It gives the last comparison again with
// the set-up checks that follow from the answers, and comes after Load. A side that did not answer the load is not
// asked again. The error is that of ctx, or ErrNothingLoaded.
func (l *Loader) Probe(ctx context.Context, source SourceProber, target TargetProber) (*drift.Comparison, error) {
	r, release, err := l.holdLast(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	before := r.compare(l.opts)
	facts := l.opts.Observer.of(r.answers)
	facts.Probed = true
	if facts.Source.Answered && before.Source.App.ID != "" {
		l.probeSource(ctx, source, before, &facts)
	}
	facts.Capabilities = model.Capabilities{Trouble: "the target did not answer"}
	if facts.Target.Answered {
		facts.Capabilities = target.Capabilities(ctx)
	}
	if !facts.Assignments.Asked || facts.Assignments.Rest != "" { // the load has looked everywhere else
		facts.Assignments = l.dangling(ctx, &r, before, placesOfDoctor)
	}
	facts.Access = l.access(ctx, setsOfDoctor)
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	l.opts.Observer.learn(r.answers, func(f *model.Facts) {
		f.Probed, f.Capabilities, f.Login = true, facts.Capabilities, facts.Login
		f.Assignments, f.Access = facts.Assignments, facts.Access
		if !f.Source.Budget.Known {
			f.Source.Budget = facts.Source.Budget
		}
	})
	c := r.compare(l.opts)
	l.keep(&r, c)
	return c, nil
}

func (l *Loader) probeSource(ctx context.Context, source SourceProber, c *drift.Comparison, facts *model.Facts) {
	if !facts.Source.Budget.Known {
		if budget, err := source.AskBudget(ctx); err == nil {
			facts.Source.Budget = budget
		} // else the check says that the limit is not known
	}
	if len(c.Source.Logins) > 0 {
		return // states were read for the findings, and with them who may not
	}
	if user, ok := sample(c); ok {
		facts.Login.UserName = user.UserName
		if login, err := source.Login(ctx, user.ID); err != nil {
			facts.Login.Trouble = err.Error()
		} else {
			facts.Login.Status, facts.Login.State = login.Status, login.State
		}
	}
}

// sample picks the user whose login tells most: one who is missing at the target for no known cause, else any
// assigned one, so that a scope that is missing shows.
func sample(c *drift.Comparison) (model.User, bool) {
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind == model.UserUnsynced && (f.Cause == model.CauseUnknown || f.Cause == model.CauseNeverAttempted) {
			return c.Source.Users[f.Source], true
		}
	}
	for i := range c.Source.Users {
		if c.Source.Users[i].Assigned {
			return c.Source.Users[i], true
		}
	}
	return model.User{}, false
}

// dangling asks the lens for account assignments whose user or group is gone. Whoever the lists showed is there; of
// all others it asks AWS itself, so that a list that was cut short makes nobody look gone.
func (l *Loader) dangling(ctx context.Context, r *reading, c *drift.Comparison, most int) model.AssignmentFacts {
	if l.opts.Dangling == nil {
		return model.AssignmentFacts{}
	}
	known := make(map[string]bool, len(c.Target.Users)+len(c.Target.Groups))
	for i := range c.Target.Users {
		known[c.Target.Users[i].ID] = true
	}
	for i := range c.Target.Groups {
		known[c.Target.Groups[i].ID] = true
	}
	found, rest, err := l.opts.Dangling(transport.BeginPart(ctx), known, most)
	if err != nil {
		return model.AssignmentFacts{Trouble: err.Error()}
	}
	facts := model.AssignmentFacts{Asked: true, Dangling: found, Rest: rest}
	l.learnFormer(r, &facts)
	return facts
}
