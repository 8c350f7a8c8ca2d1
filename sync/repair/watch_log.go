package repair

import (
	"context"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// logMark is where OneLogin's log stood at a moment. What was logged before must not confirm what is done after it,
// so an event counts only if it was not in the log then, and is not older than that moment by the service's own
// clock: OneLogin logs late, and an older event may appear only afterwards.
type logMark struct {
	known map[string]bool
	// from is that moment by the service's clock, as far as it is known how far ours is from it.
	from time.Time
	// told: the log was read at that moment, or the clocks are known, so that old and new can be told apart.
	told bool
	// err is why the last read failed.
	err error
}

// clockSlack is how well the clocks are known at best: a service tells its own in a header of whole seconds. What
// stood in the log when it was marked is known by its id, so that only what was logged late within the slack could be
// taken for news.
const clockSlack = 2 * time.Second

func markLog(ctx context.Context, o *Options) *logMark {
	m := logSince(o, o.Now())
	_, m.err = m.news(ctx, o.Source, true)
	return m
}

// logSince is where the log stood at a moment of our clock, without reading it. Where it is not known how far our
// clock is from OneLogin's, the first read tells what is old.
func logSince(o *Options, at time.Time) *logMark {
	m := &logMark{known: map[string]bool{}, from: at.Add(-clockSlack)}
	if o.Skew != nil {
		if skew, known := o.Skew(); known {
			m.from, m.told = at.Add(-skew-clockSlack), true
		}
	}
	return m
}

func (m *logMark) news(ctx context.Context, source Source, first bool) ([]model.Event, error) {
	events, err := source.Tail(ctx, m.from)
	first = first || !m.told
	var fresh []model.Event
	for i := range events {
		e := &events[i]
		switch {
		case m.known[e.ID]:
			continue
		case first:
			if e.At.After(m.from) {
				m.from = e.At // the service's clock is further on than we thought
			}
		case !e.At.Before(m.from):
			fresh = append(fresh, *e)
		}
		m.known[e.ID] = true
	}
	if err == nil {
		m.told = true
	}
	slices.Reverse(fresh)
	return fresh, err
}

// readLog takes note of what was logged since the watch began.
func (w *watch) readLog(ctx context.Context) {
	if left := w.o.Source.Budget(); left.Known && left.Remaining < callsForLog {
		w.said = "OneLogin has hardly any calls left for this hour, so its log is not read"
		return
	}
	events, err := w.log.news(ctx, w.o.Source, false)
	if w.log.err = err; err != nil && ctx.Err() == nil {
		w.said = err.Error()
	}
	for i := range events {
		w.note(&events[i])
	}
}

// note takes one event of this app. One that names no app may be about another's, and confirms nothing.
func (w *watch) note(e *model.Event) {
	if e.AppID != w.app || w.app == "" {
		if e.AppID == "" {
			w.news(func(a *awaited) bool { return a.tick.Subject.Type != model.SubjectUser && edits(e) })
		}
		return
	}
	switch e.Type {
	case model.EventEntitlementsRefresh, model.EventLoginsSynced, model.EventLoginsNotSynced, model.EventReapplied,
		model.EventNotReapplied:
		w.signs[e.Type] = *e
		w.said = quote(*e)
		w.news(func(*awaited) bool { return true })
		return
	case model.EventCreatedInApp, model.EventUpdatedInApp, model.EventSuspendedInApp, model.EventReactivatedInApp,
		model.EventDeletedInApp, model.EventLinkedInApp:
		delete(w.failures, e.UserID)
	case model.EventSuspendFailed, model.EventReactivateFailed, model.EventDeleteFailed, model.EventCreateFailed,
		model.EventUpdateFailed:
		w.failures[e.UserID] = *e
	default:
		if !edits(e) {
			return
		}
	}
	w.said = quote(*e)
	w.news(func(a *awaited) bool {
		return a.tick.Subject.Type != model.SubjectUser || a.tick.Subject.SourceID == e.UserID
	})
}

// news marks what an event may have ended.
func (w *watch) news(about func(*awaited) bool) {
	now := w.o.Now()
	for _, a := range w.awaited {
		if !a.tick.Done && about(a) {
			a.newsAt = now
		}
	}
}

// edits reports whether an event changed the app, its parameters, rules or roles.
func edits(e *model.Event) bool {
	switch {
	case e.Type >= 600 && e.Type <= 602, e.Type >= 800 && e.Type <= 805, e.Type >= 1300 && e.Type <= 1305,
		e.Type >= 9016 && e.Type <= 9027, e.Type == model.EventAppAddedToRole, e.Type == model.EventAppRemovedFromRole,
		e.Type == model.EventRoleDeleted, e.Type == model.EventRoleUpdated:
		return true
	}
	return false
}
