package load

import (
	"context"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Restore makes what was read earlier, perhaps by another program, the last reading: Last gives its comparison, which
// is not made before, and Recheck, Refresh and BearOut patch it. A reading that this loader has made itself is newer
// and stays. rosters say whom its lists mean, as far as that is known; nil if it is not. The error is that of ctx.
func (l *Loader) Restore(ctx context.Context, read model.Reading, rosters *model.Rosters) error {
	release, err := l.changingMu.Lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if last, _ := l.lastReading(); last != nil {
		return nil
	}
	r := &reading{Reading: read, answers: l.opts.Observer.restoreFacts(&read.Facts), rosters: rosters}
	s, t := &read.Source, &read.Target
	if source, ok := l.source.(interface {
		Recall(users []model.User, roles []model.Role, rules []model.Rule)
	}); ok {
		source.Recall(s.Users, s.Roles, s.Rules)
	}
	if target, ok := l.target.(interface {
		Recall(ctx context.Context, users []model.User, groups []model.Group)
	}); ok {
		target.Recall(ctx, t.Users, t.Groups)
	}
	own := *r
	l.setLastUncompared(r, sync.OnceValue(func() *drift.Comparison { return own.compare(l.opts) }))
	return nil
}

// Kept is the last reading as it can be kept and restored, with its comparison; false before the first.
func (l *Loader) Kept() (model.Reading, *drift.Comparison, bool) {
	last, shown := l.lastReading()
	if last == nil {
		return model.Reading{}, nil, false
	}
	return last.toModel(l.opts), shown(), true
}

// toModel is the reading as everybody knows it. It shares its lists.
func (r *reading) toModel(o Options) model.Reading {
	whole := r.Reading
	whole.Source.Kind, whole.Source.Name = "onelogin", o.SourceName
	whole.Target.Kind, whole.Target.Name = o.TargetKind, o.TargetName
	whole.Facts = o.Observer.factsOf(r.answers)
	return whole
}
