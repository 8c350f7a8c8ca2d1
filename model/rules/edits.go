package rules

import (
	"github.com/scimdrift/scimdrift/model"
)

// LastReapply is the newest "Reapply entitlement mappings" of the app in the log. ok is false if none is in it as far
// as it was read: it may have been longer ago than the window.
func (s *Source) LastReapply() (reapply model.Event, ok bool) {
	var newest *model.Event
	for i := range s.Events {
		e := &s.Events[i]
		if e.Type == model.EventReapplied && e.Of(s.App.ID) && (newest == nil || newest.Before(e)) {
			newest = e
		}
	}
	if newest == nil {
		return model.Event{}, false
	}
	return *newest, true
}

// LastPush is the newest event of the app that says that a push to the target went through. It proves that OneLogin
// had the right address and a token that was accepted then; ok is false if none is in the log as far as it was read.
func (s *Source) LastPush() (push model.Event, ok bool) {
	for _, e := range model.NewestFirst(s.Events) {
		if e.AppID == s.App.ID && e.Pushed() {
			return *e, true
		}
	}
	return model.Event{}, false
}

// EditsSince are the edits of the app, its parameters and its rules after the last reapply, newest first; all that
// are in the log if there was none. A reapply applies every one of them to everybody, because most edits reach users
// who have the app already only then (https://developers.onelogin.com/api-docs/2/app-rules). Edits of rules and
// parameters do not always name their app, so those that name none are among them.
func (s *Source) EditsSince() []model.Event {
	last, reapplied := s.LastReapply()
	var out []model.Event
	for _, e := range model.NewestFirst(s.Events) {
		if e.Edits() && e.Of(s.App.ID) && (!reapplied || last.Before(e)) {
			out = append(out, *e)
		}
	}
	return out
}
