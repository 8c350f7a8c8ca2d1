package onelogin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// noEvent: the handler makes its own.
const noEvent = 0

// eventsMax is the documented page size of the event list, default and maximum.
const eventsMax = 50

func (s *Server) addEvent(e world.Event) {
	e.ID, e.At = s.w.NextID(), s.w.Now()
	s.w.Source.Events = append(s.w.Source.Events, e)
}

// logCallEvent leaves the event that an API call makes of itself: its type, or the next number when the call failed
// (that is how the types from 9014 on are paired). A client has to tell these from real history by its own client id.
func (s *Server) logCallEvent(c *call, event, status int) {
	if event == noEvent {
		return
	}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		event = world.EventAPIUnauthorized
	case status >= http.StatusBadRequest && event > 9000:
		event++
	case status >= http.StatusBadRequest:
		event = world.EventAPIBadRequest
	}
	s.addEvent(world.Event{Type: event, ClientID: c.cred.ClientID, Notes: c.req.Method + " " + c.req.URL.Path})
}

// eventCursor names the last row of a page and not a number of rows, because the log grows while it is read: rows
// counted from the newest would shift and repeat. 0 stands in front of the first row.
type eventCursor struct {
	Last int64
	Page int
}

// listEvents serves GET /api/1/events, newest first. There is no app_id filter: an unknown parameter is ignored.
func (s *Server) listEvents(c *call) answer {
	bad := errorV1(http.StatusBadRequest, "bad request", "Invalid pagination cursor or limit")
	limit, start, at := eventsMax, 0, eventCursor{Page: 1}
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return bad
		}
		limit = min(n, eventsMax)
	}
	found := s.matchingEvents(filters(c.query))
	slices.Reverse(found)
	used := c.query.Get("after_cursor")
	if used != "" {
		known := fault.Open(used, "events", &at)
		start = 1 + slices.IndexFunc(found, func(e *world.Event) bool { return e.ID == at.Last })
		if !known || start == 0 && at.Last != 0 {
			return bad
		}
	}
	cut := s.pages.For("events").Cut(at.Page, start, limit, len(found))
	rows := []map[string]any{}
	for _, e := range found[cut.From:cut.To] {
		rows = append(rows, s.eventObject(e))
	}
	next := ""
	switch {
	case cut.Again && used != "":
		next = used
	case cut.More:
		if at.Page++; cut.To > 0 {
			at.Last = found[cut.To-1].ID
		}
		next = fault.Token("events", at)
	}
	return s.pageV1(next, rows)
}

// pageV1 is the v1 envelope with pagination. That it has no way back is ours: before_cursor is documented and
// nobody goes there.
func (s *Server) pageV1(next string, rows any) answer {
	absent := any(nil)
	if s.knobs.NullCursorString {
		absent = "null"
	}
	pagination := map[string]any{
		"before_cursor": absent, "after_cursor": absent, "previous_link": absent, "next_link": absent,
	}
	if next != "" {
		pagination["after_cursor"], pagination["next_link"] = next, otherHost
	}
	return respond(http.StatusOK, map[string]any{
		"status": status(false, http.StatusOK, "success", "Success"), "pagination": pagination, "data": rows,
	})
}

func (s *Server) matchingEvents(q url.Values) []*world.Event {
	types := parseIDs(q.Get("event_type_id"))
	since, hasSince := parseTime(q.Get("since"))
	until, hasUntil := parseTime(q.Get("until"))
	found := []*world.Event{}
	for i := range s.w.Source.Events {
		e := &s.w.Source.Events[i]
		switch {
		case q.Has("event_type_id") && !types[int64(e.Type)], hasSince && e.At.Before(since),
			hasUntil && e.At.After(until), q.Has("user_id") && e.UserID != parseID(q.Get("user_id")),
			q.Has("client_id") && e.ClientID != q.Get("client_id"):
			continue
		}
		found = append(found, e)
	}
	return found
}

// parseTime reads a time as ISO 8601, with or without fractions, or a bare date.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// eventObject shows an event; most fields are null on most events.
func (s *Server) eventObject(e *world.Event) map[string]any {
	row := map[string]any{
		"id": e.ID, "created_at": stamp(e.At), "account_id": s.w.Source.AccountID, "event_type_id": e.Type,
		"user_id": orNull(e.UserID), "user_name": orNull(e.UserName), "actor_user_id": orNull(e.ActorUserID),
		"actor_user_name": orNull(e.ActorUserName), "app_id": orNull(e.AppID), "role_id": orNull(e.RoleID),
		"role_name": orNull(e.RoleName), "client_id": orNull(e.ClientID),
		"error_description": orNull(e.ErrorDescription), "notes": orNull(e.Notes), "custom_message": nil,
		"app_name": orNull(e.AppName), "group_name": nil,
	}
	for _, name := range []string{
		"actor_system", "assuming_acting_user_id", "group_id", "mapping_id", "param", "operation_name",
		"resource_type_id", "object_id", "ipaddr", "proxy_ip", "policy_id", "policy_name", "directory_id", "resolution",
		"resolved_at", "solved", "risk_score",
	} {
		row[name] = nil
	}
	return row
}
