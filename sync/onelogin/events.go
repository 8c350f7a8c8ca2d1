package onelogin

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const (
	// eventOverlap is read again before the window: events are queued and indexed late.
	eventOverlap = 5 * time.Minute
	// proofPages bounds the walk that has no window; windowPages is a stop for a window that nobody would wait for.
	// tailPages is one for following a log that grows faster than anybody reads.
	proofPages, windowPages, tailPages = 20, 400, 20
	eventTime                          = "2006-01-02T15:04:05.000Z"
)

type event struct {
	ID        id       `json:"id"`
	At        text     `json:"created_at"`
	Type      intValue `json:"event_type_id"`
	UserID    id       `json:"user_id"`
	UserName  text     `json:"user_name"`
	RoleID    id       `json:"role_id"`
	RoleName  text     `json:"role_name"`
	AppID     id       `json:"app_id"`
	ActorName text     `json:"actor_user_name"`
	ActorSys  text     `json:"actor_system"`
	Error     text     `json:"error_description"`
	Notes     text     `json:"notes"`
	Message   text     `json:"custom_message"`
}

// Events reads the log: what happened to provisioning since a moment (the zero time: ever), and, without regard to it,
// which roles were deleted or lost an app, as far back as 20 pages go. Events are newest first, each once. OneLogin
// cannot filter by app, so events of other apps are among them; traces of this program's own reading are not.
func (c *Client) Events(ctx context.Context, since time.Time, told progress) ([]model.Event, model.Coverage) {
	ctx = transport.BeginPartAgain(ctx, model.PartEvents.String())
	from := ""
	if !since.IsZero() {
		from = since.UTC().Add(-eventOverlap).Format(eventTime)
	}
	var window, proof walkResult[event]
	var both sync.WaitGroup
	both.Go(func() { window = c.walkEvents(ctx, model.EventTypes(), from, windowPages, told) })
	both.Go(func() { // proof of where a lingering group came from, however long ago that was
		gone := []int{model.EventAppRemovedFromRole, model.EventRoleDeleted}
		proof = c.walkEvents(ctx, gone, "", proofPages, nil)
	})
	both.Wait()
	return c.toModelEvents(slices.Concat(window.rows, proof.rows)), eventCoverage(window, proof)
}

// Tail reads what has come to the log since a moment, for following it. Events are newest first. OneLogin logs late, so
// the last minutes before that moment are read again, and with them events that the caller knows: their ids tell. A
// page that cannot be read is an error, and what came before it is given all the same.
func (c *Client) Tail(ctx context.Context, after time.Time) ([]model.Event, error) {
	ctx = transport.BeginPartAgain(ctx, model.PartEvents.String())
	got := c.walkEvents(ctx, model.EventTypes(), after.UTC().Add(-eventOverlap).Format(eventTime), tailPages, nil)
	events := c.toModelEvents(got.rows)
	switch {
	case got.err != nil:
		return events, fmt.Errorf("the log could not be followed: %w", got.err)
	case got.reason != "":
		return events, fmt.Errorf("the log could not be followed without a gap: %s; reload to see all of it",
			got.reason)
	}
	return events, nil
}

// toModelEvents puts the lines of several lists in order, each once. Their texts quote what a target answered, which
// may quote what it was sent.
func (c *Client) toModelEvents(rows []event) []model.Event {
	seen, masked := map[string]bool{}, map[string]string{"": ""}
	var events []model.Event
	for i := range rows {
		if e := rows[i].toModel(); !seen[e.ID] {
			seen[e.ID] = true
			text, known := masked[e.Text]
			if !known {
				text = c.api.Redact(e.Text)
				masked[e.Text] = text
			}
			e.Text = text
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b model.Event) int { return b.At.Compare(a.At) })
	return events
}

func eventCoverage(window, proof walkResult[event]) model.Coverage {
	var reasons []string
	if window.reason != "" {
		reasons = append(reasons, "provisioning events: "+window.reason)
	}
	if proof.reason != "" {
		reasons = append(reasons, "deleted and unmapped roles: "+proof.reason)
	}
	switch {
	case len(reasons) == 0:
		return model.CompleteCoverage()
	case window.err != nil && proof.err != nil && len(window.rows)+len(proof.rows) == 0:
		return model.UnknownCoverage(reasons[0])
	}
	return model.PartialCoverage(strings.Join(reasons, "; "))
}

// walkEvents reads the log from its newest end. It grows meanwhile, so that there is no total to go by.
func (c *Client) walkEvents(ctx context.Context, types []int, since string, most int, told progress) walkResult[event] {
	numbers := model.Map(types, func(n *int) string { return strconv.Itoa(*n) })
	filter := url.Values{"event_type_id": {strings.Join(numbers, ",")}}
	if since != "" {
		filter.Set("since", since)
	}
	got := walk(ctx, c, list[event]{
		path: "/api/1/events", query: filter, scope: readUsers, maxLogPages: most,
		limits: []int{1000, 50}, // documented are 50; others ask for 1000, and what is served counts
		id:     func(e event) string { return string(e.ID) },
	}, told)
	got.rows = slices.DeleteFunc(got.rows, func(e event) bool { return !slices.Contains(types, e.Type.value) })
	return got
}

func (e *event) toModel() model.Event {
	return model.Event{
		ID: string(e.ID), At: parseTime(e.At.value), Type: e.Type.value,
		UserID: string(e.UserID), UserName: e.UserName.value, RoleID: string(e.RoleID), RoleName: e.RoleName.value,
		AppID:  string(e.AppID),
		Actor:  cmp.Or(e.ActorName.value, e.ActorSys.value),
		Text:   cmp.Or(e.Error.value, e.Notes.value, e.Message.value),
		Failed: e.Error.value != "",
	}
}
