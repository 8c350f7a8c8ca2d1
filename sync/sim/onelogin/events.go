package onelogin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listEvents serves GET /api/1/events, newest first unless sorted. There is no app_id filter: an unknown parameter is
// ignored.
func (s *Server) listEvents(c *call) answer {
	found := s.matchingEvents(c)
	order := strings.TrimSpace(c.query.Get("sort"))
	ascending := order != "" && !strings.HasPrefix(order, "-")
	if !ascending {
		slices.Reverse(found)
	}
	at := func(i int) int64 { return found[i].ID }
	cut, bad := s.cutV1(c, "events", len(found), at)
	if bad != nil {
		return *bad
	}
	rows := []map[string]any{}
	for _, e := range found[cut.from:cut.to] {
		rows = append(rows, pick(s.eventObject(e), c.query.Get("fields")))
	}
	return s.enveloped(c, cut, rows)
}

// matchingEvents gives the visible events that every filter lets through, oldest first.
func (s *Server) matchingEvents(c *call) []*world.Event {
	q := filters(c.query)
	types, wanted := ids(q.Get("event_type_id")), q.Has("event_type_id")
	since, hasSince := instant(q.Get("since"))
	until, hasUntil := instant(q.Get("until"))
	created, hasCreated := instant(q.Get("created_at"))
	client := q.Get("client_id")
	shown := s.w.Now().Add(-s.knobs.EventDelay)
	found := []*world.Event{}
	for i := range s.w.Source.Events {
		e := &s.w.Source.Events[i]
		switch {
		case s.knobs.EventDelay > 0 && e.At.After(shown),
			wanted && !types[int64(e.Type)],
			hasSince && e.At.Before(since),
			hasUntil && e.At.After(until),
			hasCreated && !e.At.Equal(created),
			q.Has("id") && e.ID != number(q.Get("id")),
			q.Has("user_id") && e.UserID != number(q.Get("user_id")),
			client != "" && e.ClientID != client,
			q.Has("directory_id"), q.Has("resolution"): // no event of this tenant has either
			continue
		}
		found = append(found, e)
	}
	return found
}

// getEvent serves GET /api/1/events/{id}.
func (s *Server) getEvent(c *call) answer {
	id := number(c.path("id"))
	for i := range s.w.Source.Events {
		e := &s.w.Source.Events[i]
		if e.ID == id && (s.knobs.EventDelay == 0 || !e.At.After(s.w.Now().Add(-s.knobs.EventDelay))) {
			return respond(http.StatusOK, map[string]any{"status": success(), "data": []any{s.eventObject(e)}})
		}
	}
	return wrapped(http.StatusNotFound, "Not Found", "Event not found")
}

// eventObject shows an event; most fields are null on most events.
func (s *Server) eventObject(e *world.Event) map[string]any {
	row := map[string]any{
		"id": e.ID, "created_at": stamp(e.At), "account_id": s.w.Source.AccountID, "event_type_id": e.Type,
		"user_id": idOrNull(e.UserID), "user_name": orNull(e.UserName),
		"actor_user_id": idOrNull(e.ActorUserID), "actor_user_name": orNull(e.ActorUserName), "actor_system": orNull(""),
		"app_id": idOrNull(e.AppID), "role_id": idOrNull(e.RoleID), "role_name": orNull(e.RoleName), "client_id": orNull(e.ClientID),
		"error_description": orNull(e.ErrorDescription), "notes": orNull(e.Notes), "custom_message": orNull(e.CustomMessage),
	}
	appName, groupName := "app_name", "group_name"
	if s.knobs.DashedEventNames {
		appName, groupName = "app-name", "group-name"
	}
	row[appName], row[groupName] = orNull(e.AppName), nil
	if e.ObjectName != "" {
		row["object_name"] = e.ObjectName
	}
	for _, name := range []string{
		"assuming_acting_user_id", "group_id", "mapping_id", "param", "operation_name", "resource_type_id", "object_id",
		"ipaddr", "proxy_ip", "policy_id", "policy_name", "otp_device_id", "otp_device_name", "directory_id", "directory_sync_run_id",
		"resolution", "resolved_at", "resolved_by_user_id", "solved", "risk_score", "risk_reasons", "risk_cookie_id", "browser_fingerprint",
	} {
		row[name] = nil
	}
	return row
}
