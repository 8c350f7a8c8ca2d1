package load

import (
	"context"
	"maps"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// lookCalls is how many calls a look takes of OneLogin at most where its events show no change.
const lookCalls = 5

// Look is Load for a program that looks again and again: OneLogin's events come first, and where they show no change
// since the last reading, its source stays as it was read, with its times. The target is read whole. spare keeps the
// source as it is without asking for events either, where there is one: its calls are wanted elsewhere.
func (l *Loader) Look(ctx context.Context, watch drift.Watch, spare bool) (*drift.Comparison, error) {
	return l.load(ctx, watch, func(ctx context.Context) *reading {
		if r := l.unchangedSource(ctx, spare); r != nil {
			return r
		}
		return l.newReading()
	})
}

// unchangedSource is a reading with the source of the last one and no target; nil where that may have changed.
func (l *Loader) unchangedSource(ctx context.Context, spare bool) *reading {
	last, _ := l.lastReading()
	if last == nil || !spare && last.whyEventsInsufficient() != "" {
		return nil
	}
	r := &reading{Reading: model.Reading{Source: last.Source, Replies: maps.Clone(last.Replies)}, sourceKept: true}
	r.Source.Logins, r.answers = maps.Clone(last.Source.Logins), last.answers
	maps.DeleteFunc(r.Replies, func(q model.Ask, reply model.Reply) bool {
		return sideOf(q) == model.TargetSide || reply.Failed != ""
	})
	if !spare {
		began := l.opts.Now()
		readAt := l.opts.Observer.onSourceClock(r.answers, r.Source.At.Oldest(model.SourceParts()))
		if l.appendEvents(ctx, r) != nil || r.sourceChanged(last, readAt) {
			return nil
		}
		r.Source.At[model.PartEvents], r.Source.Unchanged = began, began
	}
	r.answers = l.opts.Observer.keepSource(last.answers)
	return r
}

// sourceChanged reports whether the log shows that the source is no longer as the reading has it, and forgets the
// states of those whom new events name. last is what the reading was before its events were caught up with, readAt when
// the source was read by its own clock.
func (r *reading) sourceChanged(last *reading, readAt time.Time) bool {
	known := last.eventIDs()
	for i := range r.Source.Events {
		e := &r.Source.Events[i]
		if known[e.ID] && !e.At.After(readAt) {
			continue
		}
		if e.AltersSource(r.Source.App.ID) {
			return true
		}
		switch {
		case e.UserID != "":
			delete(r.Source.Logins, e.UserID)
		case e.ConcernsApp(r.Source.App.ID):
			r.Source.Logins = nil
		}
	}
	return false
}
