package repair

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// clockSlack is how well the clocks are known at best: a service tells its own in a header of whole seconds. What
// stood in the log when the watch began is known by its id, so that only what was logged late within the slack could
// be taken for news.
const clockSlack = 2 * time.Second

// eventLog is OneLogin's log from a moment on. What was logged before must not confirm what is done after it, so an
// event counts only if it was not in the log then, and is not older than that moment by the service's own clock:
// OneLogin logs late, and an older event may appear only afterwards.
type eventLog struct {
	knownIDs map[string]bool
	// from is that moment by the service's clock, as far as it is known how far ours is from it.
	from time.Time
	// canTellOldFromNew: the log was read at that moment, or the clocks are known, so that old and new can be told
	// apart.
	canTellOldFromNew bool
	// err is why the last read failed.
	err error
}

// newEventLog is the log from a moment of our clock on. Where the clocks are not known, the first read tells what is
// old.
func newEventLog(o *Options, at time.Time) *eventLog {
	l := &eventLog{knownIDs: map[string]bool{}, from: at.Add(-clockSlack)}
	if o.Skew != nil {
		if skew, known := o.Skew(); known {
			l.from, l.canTellOldFromNew = l.from.Add(-skew), true
		}
	}
	return l
}

// readNew gives what was logged since, the oldest first; old: what is in the log now is none.
func (l *eventLog) readNew(ctx context.Context, source Source, old bool) (fresh []model.Event, err error) {
	events, err := source.Tail(ctx, l.from)
	old = old || !l.canTellOldFromNew
	for i := range events {
		e := &events[i]
		switch {
		case l.knownIDs[e.ID]:
			continue
		case old:
			if e.At.After(l.from) {
				l.from = e.At // the service's clock is further on than we thought
			}
		case !e.At.Before(l.from):
			fresh = append(fresh, *e)
		}
		l.knownIDs[e.ID] = true
	}
	l.canTellOldFromNew, l.err = l.canTellOldFromNew || err == nil, err
	slices.Reverse(fresh)
	return fresh, err
}

func (w *watch) readLog(ctx context.Context) {
	if w.tooFewCalls() {
		return
	}
	events, err := w.log.readNew(ctx, w.options.Source, false)
	if err != nil && ctx.Err() == nil {
		w.said = err.Error()
	}
	for i := range events {
		w.recordEvent(&events[i])
	}
}

// recordEvent takes one event. One that names no app may be about another's, and confirms nothing.
func (w *watch) recordEvent(e *model.Event) {
	mine := e.AppID != "" && e.AppID == w.knownBefore.Source.App.ID
	edits := e.Edits() || e.RoleID != ""
	all := false
	switch e.Type {
	case model.EventEntitlementsRefresh, model.EventLoginsSynced, model.EventLoginsNotSynced, model.EventReapplied,
		model.EventNotReapplied:
		all = true
	}
	switch {
	case !mine && (e.AppID != "" || !edits), !all && !edits && !e.Pushed() && !e.PushFailed():
		return
	case !mine:
	case all:
		w.buttonEvents[e.Type] = *e
	case e.Pushed():
		delete(w.pushFailures, e.UserID)
	case e.PushFailed():
		w.pushFailures[e.UserID] = *e
	}
	if mine {
		w.said = quoteEvent(*e)
	}
	for _, a := range w.awaited {
		if of := a.tick.Subject; !a.tick.Done && (all || of.Type != model.SubjectUser || of.SourceID == e.UserID) {
			a.lastEventAt = w.options.Now()
		}
	}
}

func quoteEvent(e model.Event) string {
	words := model.Visible(e.TypeName())
	if e.UserName != "" {
		words += " " + model.Visible(e.UserName)
	}
	words += " at " + e.At.UTC().Format("15:04:05") + " UTC"
	if e.Text != "" {
		words += ": " + model.Visible(e.Text)
	}
	return words
}

// callsLeft is how many of OneLogin's hourly calls a watch leaves to others: its own provisioner lives on them too.
const callsLeft = 100

// tooFewCalls says that there are too few calls left to look, if so.
func (w *watch) tooFewCalls() bool {
	left := w.options.Source.Budget()
	if !left.Known || left.Remaining >= callsLeft {
		return false
	}
	w.said = fmt.Sprintf("OneLogin has only %d calls left for this hour, so nothing is read until there are more",
		left.Remaining)
	return true
}
