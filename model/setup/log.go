package setup

import (
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Event types that only the set-up checks read (GET /api/1/events/types, copied in the modelling rules of
// github.com/demisto/content).
const (
	EventUserLimit      = 38
	EventJobInQueue     = 216
	EventJobStartFailed = 242
	EventAppConfigError = 250
	EventThrottled      = 251
)

const (
	// maxQueueDelay is twice what OneLogin gives as the delay of queued work
	// (https://developers.onelogin.com/api-docs/1/getting-started/dev-overview).
	maxQueueDelay = 10 * time.Minute
	// maxEditsListed bounds the list of edits: the newest say enough.
	maxEditsListed = 5

	reconnectTodo = "Open the Configuration tab, make a new token at the target if need be, paste it, and press Enable."
)

// newestOfType finds the newest event of a type.
func newestOfType(eventType int) func(*Setup) *model.Event {
	return func(s *Setup) *model.Event {
		return s.newestEvent(func(e *model.Event) bool { return e.Type == eventType })
	}
}

// tokenRejected finds the newest refusal of OneLogin's token; what no push has followed is best said by the event of
// its own.
func (s *Setup) tokenRejected() *model.Event {
	if e := newestOfType(model.EventTokenRejected)(s); e != nil && !s.pushedAfter(e) {
		return e
	}
	return s.newestEvent(drift.RefusesToken)
}

// newestEvent is the newest event of a kind that is the app's own or names no app; nil if there is none.
func (s *Setup) newestEvent(is func(*model.Event) bool) *model.Event {
	for _, e := range s.events {
		if is(e) && e.ConcernsApp(s.Source.App.ID) {
			return e
		}
	}
	return nil
}

// unreadLog says that the log could not be read. A part, read from its newest end, will do where something was found.
func (s *Setup) unreadLog(found bool) (judgement, bool) {
	c := s.Source.Coverage[model.PartEvents]
	switch {
	case c.Complete() || found:
		return judgement{}, false
	case c.State == model.Skipped:
		return unknown("the configuration says not to read OneLogin's log", "Look at OneLogin's events by hand."), true
	}
	return unknownBecause("OneLogin's log was not read in full", c.Reason, mendFirstTodo), true
}

// reapplyDue names what was changed after the last reapply, when and by whom: OneLogin applies none of it to those
// who have the app already (https://developers.onelogin.com/api-docs/2/app-rules).
func (s *Setup) reapplyDue() judgement {
	open := s.Source.EditsSince()
	if v, unread := s.unreadLog(len(open) > 0); unread {
		return v
	}
	when := "no reapply is in the log as far as it was read"
	last, reapplied := s.Source.LastReapply()
	if reapplied {
		when = "last reapplied on " + timeAndActor(&last)
	}
	switch {
	case len(open) == 0 && reapplied && last.AppID == "" && s.newestEvent((*model.Event).Edits) != nil:
		return look(when+", and what was changed before is applied if that was this app's: the event names none",
			"Look whether the mappings of this app were reapplied then; if not, reapply them.")
	case len(open) == 0:
		return fine("nothing was changed since: " + when)
	}
	edits := model.Map(open, func(e *model.Event) string { return e.TypeName() + " on " + timeAndActor(e) })
	v := mend(model.Counted(len(open), "edit is", "edits are")+" not applied to those who have the app already, "+
		"newest first: "+model.FirstOf(edits, maxEditsListed)+"; "+when,
		"Reapply the entitlement mappings. That applies every edit since the last time, to everybody: read the "+
			"edits first.")
	// An edit that names no app may be of another one.
	v.likely = !slices.ContainsFunc(open, func(e model.Event) bool { return e.AppID != "" })
	v.evidence = model.Map(open[:min(len(open), maxEditsListed)], (*model.Event).Evidence)
	return v
}

// timeAndActor is when, and by whom where the event says.
func timeAndActor(e *model.Event) string {
	out := model.ToTheMinute(e.At)
	if e.Actor != "" {
		out += " by " + e.Actor
	}
	return out
}

// judgeNewestEvent judges the newest event of one kind: what came before a push that worked is over.
func judgeNewestEvent(find func(*Setup) *model.Event, never, todo string) func(*Setup) judgement {
	return func(s *Setup) judgement {
		e := find(s)
		if v, unread := s.unreadLog(e != nil); unread {
			return v
		}
		if e == nil {
			return fine(never)
		}
		seen := e.TypeName() + " on " + timeAndActor(e)
		if e.Text != "" {
			seen += ", saying “" + strings.TrimSpace(e.Text) + "”"
		}
		if s.pushedAfter(e) {
			return fine("over since a later push worked: " + seen)
		}
		v := mend(seen+", and no push has worked since", todo)
		v.likely = e.AppID == "" || e.PushFailed() // the words of a push are nowhere documented
		v.evidence = []model.Evidence{e.Evidence()}
		return v
	}
}

func (s *Setup) pushedAfter(e *model.Event) bool {
	last, worked := s.Source.LastPush()
	return worked && last.At.After(e.At)
}

// throttled is for looking only: OneLogin tries again by itself.
func (s *Setup) throttled() judgement {
	v := judgeNewestEvent(newestOfType(EventThrottled), "the target has not throttled OneLogin",
		"Wait. If it goes on, see who else writes to the target, and lower target.rate_share here.")(s)
	if v.Result == model.CheckMend {
		v.Result = model.CheckLook
	}
	return v
}

// jobsStuck: a job that could not start, or one that has waited longer than OneLogin says that its queue takes.
func (s *Setup) jobsStuck() judgement {
	const todo = "Look at Users > Provisioning for tasks that stand still; if there are many, ask OneLogin's support."
	if v := judgeNewestEvent(newestOfType(EventJobStartFailed), "", todo)(s); v.Result == model.CheckMend {
		return v
	}
	queued := newestOfType(EventJobInQueue)(s)
	if v, unread := s.unreadLog(queued != nil); unread {
		return v
	}
	switch {
	case queued == nil, s.pushedAfter(queued):
		return fine("no job stands still in OneLogin's queue")
	case s.Source.ReadAt.Sub(queued.At) <= maxQueueDelay:
		return fine("a job is in OneLogin's queue since " + timeAndActor(queued) + ", which is not long")
	}
	return look("a job is in OneLogin's queue since "+timeAndActor(queued)+" and nothing was pushed since", todo)
}
