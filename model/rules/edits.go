package rules

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// LastReapply is the newest "Reapply entitlement mappings" of the app in the log. ok is false if none is in it as far
// as it was read: it may have been longer ago than the window.
func (s *Source) LastReapply() (reapply model.Event, ok bool) {
	return s.newestEvent(func(e *model.Event) bool { return e.Type == model.EventReapplied && e.ConcernsApp(s.App.ID) })
}

// LastPush is the newest event of the app that says that a push to the target went through. It proves that OneLogin
// had the right address and a token that was accepted then; ok is false if none is in the log as far as it was read.
func (s *Source) LastPush() (push model.Event, ok bool) {
	return s.newestEvent(func(e *model.Event) bool { return e.AppID == s.App.ID && e.Pushed() })
}

func (s *Source) newestEvent(is func(*model.Event) bool) (e model.Event, ok bool) {
	events := model.NewestFirst(s.Events)
	if i := slices.IndexFunc(events, is); i >= 0 {
		return *events[i], true
	}
	return e, false
}

// EditsSince are the edits of the app, its parameters and its rules after the last reapply, newest first; all that
// are in the log if there was none. A reapply applies every one of them to everybody, because most edits reach users
// who have the app already only then (https://developers.onelogin.com/api-docs/2/app-rules). Edits of rules and
// parameters do not always name their app, so those that name none are among them.
func (s *Source) EditsSince() []model.Event {
	last, reapplied := s.LastReapply()
	var out []model.Event
	for _, e := range model.NewestFirst(s.Events) {
		if e.Edits() && e.ConcernsApp(s.App.ID) && (!reapplied || last.Before(e)) {
			out = append(out, *e)
		}
	}
	return out
}
