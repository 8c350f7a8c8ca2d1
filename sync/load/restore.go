package load

import (
	"context"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Restore makes what was read earlier, perhaps by another program, the last reading: Last gives its comparison, which
// is not made before, and Recheck, Refresh and BearOut patch it. A reading that this loader has made itself is newer
// and stays. The error is that of ctx.
func (l *Loader) Restore(ctx context.Context, read model.Reading) error {
	release, err := hold(ctx, l.changing)
	if err != nil {
		return err
	}
	defer release()
	if last, _ := l.known(); last != nil {
		return nil
	}
	r := restored(&read)
	r.answers = l.opts.Observer.recall(&read.Facts)
	s, t := &read.Source, &read.Target
	if source, ok := l.source.(interface {
		Recall(users []model.User, roles []model.Role, rules []model.Rule)
	}); ok {
		source.Recall(s.Users, s.Roles, s.Rules)
	}
	if target, ok := l.target.(interface {
		Recall(users []model.User, groups []model.Group)
	}); ok {
		target.Recall(t.Users, t.Groups)
	}
	own := *r
	l.keepUncompared(r, sync.OnceValue(func() *drift.Comparison { return own.compare(l.opts) }))
	return nil
}

// restored is a kept reading as the loader patches it, but for what it answers of the set-up.
func restored(read *model.Reading) *reading {
	s, t := &read.Source, &read.Target
	r := &reading{
		app: s.App, users: s.Users, roles: s.Roles, rules: s.Rules, events: s.Events, logins: s.Logins,
		entitlements: s.Entitlements,
		tusers:       t.Users, tgroups: t.Groups, members: t.Members, ignored: t.Ignored, unreadable: t.Unreadable,
		assignments: t.Assignments,
		makers:      t.Makers, provenance: t.Provenance, former: t.Former, replies: read.Replies, notes: read.Notes,
		source: s.Coverage, target: t.Coverage, requests: [2]int{s.Requests, t.Requests},
		unchanged: s.Unchanged, parts: [2]model.PartTimes{s.At, t.At}, at: s.At.Oldest(model.SourceParts()),
	}
	if at := t.At.Oldest(model.TargetParts()); at.Before(r.at) {
		r.at = at
	}
	return r
}

// Kept is the last reading as it can be kept and restored, with its comparison; false before the first.
func (l *Loader) Kept() (model.Reading, *drift.Comparison, bool) {
	last, shown := l.known()
	if last == nil {
		return model.Reading{}, nil, false
	}
	return last.whole(l.opts), shown(), true
}

// whole is the reading as everybody knows it. It shares its lists.
func (r *reading) whole(o Options) model.Reading {
	return model.Reading{
		Source: model.SourceReading{
			SideReading: model.SideReading{
				Kind: "onelogin", Name: o.SourceName, At: r.parts[model.SourceSide],
				Unchanged: r.unchanged,
				Requests:  r.requests[model.SourceSide],
				Coverage:  r.source, Users: r.users,
			},
			App: r.app, Roles: r.roles, Rules: r.rules, Events: r.events, Logins: r.logins,
			Entitlements: r.entitlements,
		},
		Target: model.TargetReading{
			SideReading: model.SideReading{
				Kind: o.TargetKind, Name: o.TargetName, At: r.parts[model.TargetSide],
				Requests: r.requests[model.TargetSide],
				Coverage: r.target, Users: r.tusers,
			},
			Groups: r.tgroups, Members: r.members, Ignored: r.ignored, Unreadable: r.unreadable,
			Assignments: r.assignments, Makers: r.makers, Provenance: r.provenance, Former: r.former,
		},
		Facts: o.Observer.of(r.answers), Replies: r.replies, Notes: r.notes,
	}
}
