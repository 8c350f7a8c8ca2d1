package model

import "cmp"

// LastReapply is the newest "Reapply entitlement mappings" of the app in the log. ok is false if none is in it as far as
// it was read: it may have been longer ago than the window.
func (s *Source) LastReapply() (reapply Event, ok bool) {
	var newest *Event
	for i := range s.Events {
		e := &s.Events[i]
		if e.Type == EventReapplied && e.of(s.App.ID) && (newest == nil || newest.before(e)) {
			newest = e
		}
	}
	if newest == nil {
		return Event{}, false
	}
	return *newest, true
}

// LastPush is the newest event of the app that says that a push to the target went through. It proves that OneLogin had the right
// address and a token that was accepted then; ok is false if none is in the log as far as it was read.
func (s *Source) LastPush() (push Event, ok bool) {
	for _, e := range newestFirst(s.Events) {
		if e.AppID == s.App.ID && e.Pushed() {
			return *e, true
		}
	}
	return Event{}, false
}

// EditsSince are the edits of the app, its parameters and its rules after the last reapply, newest first; all that are in
// the log if there was none. A reapply applies every one of them to everybody, because most edits reach users who have the
// app already only then (https://developers.onelogin.com/api-docs/2/app-rules). Edits of rules and parameters do not
// always name their app, so those that name none are among them.
func (s *Source) EditsSince() []Event {
	last, reapplied := s.LastReapply()
	var out []Event
	for _, e := range newestFirst(s.Events) {
		if e.edits() && e.of(s.App.ID) && (!reapplied || last.before(e)) {
			out = append(out, *e)
		}
	}
	return out
}

// edits reports whether the event changed what the app provisions. The numbers between these are reads and failures.
func (e *Event) edits() bool {
	switch e.Type {
	case EventAppUpdated, EventAPIAppUpdated, EventParameterCreated, EventParameterUpdated, EventParameterDeleted,
		EventRuleCreated, EventRuleUpdated, EventRuleDeleted, EventRulesSorted:
		return true
	}
	return false
}

// before orders events as the log does: by time, and by id where two have the same.
func (e *Event) before(other *Event) bool {
	return cmp.Or(e.At.Compare(other.At), compareIDs(e.ID, other.ID)) < 0
}
