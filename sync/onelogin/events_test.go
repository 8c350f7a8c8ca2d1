package onelogin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	sim "github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// eventLog serves events in pages of two, newest first; proof are those that are asked for without a window.
func eventLog(t *testing.T, window, proof []object) *fake {
	t.Helper()
	f := newFake()
	f.HandleFunc("GET /api/1/events", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		all := window
		if !q.Has("since") {
			all = proof
		} else if q.Get("since") != "2026-11-23T07:55:00.000Z" {
			t.Errorf("since %s, want the window and five minutes", q.Get("since"))
		}
		if q.Has("after_cursor") && q.Has("limit") {
			t.Error("cursor and limit together")
		}
		from, _ := strconv.Atoi(q.Get("after_cursor"))
		to := min(from+2, len(all))
		next := any("null")
		if to < len(all) {
			next = strconv.Itoa(to)
		}
		_ = json.NewEncoder(w).Encode(object{
			"status": object{"error": false}, "data": all[from:to],
			"pagination": object{"after_cursor": next, "next_link": "https://evil.example/x"},
		})
	})
	return f
}

func logged(id, kind int, at string, more object) object {
	e := object{"id": id, "event_type_id": kind, "created_at": "2026-11-23T" + at + ":00.000Z"}
	maps.Copy(e, more)
	return e
}

func TestEvents(t *testing.T) {
	since := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	f := eventLog(t, []object{
		logged(5, 64, "08:04", object{
			"user_id": 7, "user_name": "Jo", "app_id": 500, "app-name": "AWS",
			"error_description": "Request is unparsable", "notes": "n",
		}),
		logged(4, 9014, "08:03", object{"client_id": "client-id-0001"}),
		logged(3, 1802, "08:02", object{
			"role_id": "9", "role_name": "old", "actor_user_name": "Cy",
			"client_id": "client-id-0001",
		}),
		logged(3, 1802, "08:02", nil),
		logged(9007199254740993, 51, "08:01", object{"notes": "created"}),
	}, []object{
		logged(3, 1802, "08:02", nil), logged(1, 2, "01:00", object{"app_id": 500, "role_id": 4}),
		logged(2, 8, "01:00", nil),
	})
	events, cov := connect(t, f).Events(t.Context(), since, nil)
	if !cov.Complete() {
		t.Fatal(cov)
	}
	want := []model.Event{
		{
			ID: "5", At: since.Add(4 * time.Minute), Type: 64, UserID: "7", UserName: "Jo", AppID: "500",
			Text: "Request is unparsable", Failed: true,
		},
		{ID: "3", At: since.Add(2 * time.Minute), Type: 1802, RoleID: "9", RoleName: "old", Actor: "Cy"},
		{ID: "9007199254740993", At: since.Add(time.Minute), Type: 51, Text: "created"},
		{ID: "1", At: since.Add(-7 * time.Hour), Type: 2, RoleID: "4", AppID: "500"},
	}
	if fmt.Sprint(events) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", events, want)
	}
}

func TestEventsWithoutEndArePartial(t *testing.T) {
	var long []object
	for i := 5000; i > 0; i-- {
		long = append(long, logged(i, 2, "01:00", nil))
	}
	events, cov := connect(t, eventLog(t, nil, long)).Events(t.Context(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		nil)
	if cov.State != model.Partial || len(events) != 2*proofPages || !strings.Contains(cov.Reason, "40") {
		t.Errorf("%d events, %v", len(events), cov)
	}
}

func TestEventsWhosePagingFails(t *testing.T) {
	body := func(next string) string {
		return `{"data":[{"id":1,"event_type_id":2}],"pagination":{"after_cursor":"` + next + `"}}`
	}
	for name, tt := range map[string]struct {
		h    http.HandlerFunc
		want model.CoverageState
		part string
	}{
		"cursor comes twice": {says(200, body("same")), model.Partial, "twice"},
		"refused": {
			says(401, `{"status":{"error":true,"code":401,"message":"no"}}`), model.Unknown,
			"scope",
		},
		"no pagination": {says(200, `{"data":[]}`), model.Complete, ""},
		"limit refused": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("limit") != "50" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			says(200, `{"data":[],"pagination":[]}`)(w, r)
		}, model.Complete, ""},
		"later page fails": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("after_cursor") {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			says(200, body("x"))(w, r)
		}, model.Partial, "1 read"},
	} {
		f := newFake()
		f.HandleFunc("GET /api/1/events", tt.h)
		if _, cov := connect(t, f).Events(t.Context(), time.Time{}, nil); cov.State != tt.want ||
			!strings.Contains(cov.Reason, tt.part) {
			t.Errorf("%s: %v", name, cov)
		}
	}
}

func TestTail(t *testing.T) {
	after := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	f := eventLog(t, []object{
		logged(3, 52, "08:02", nil), logged(3, 52, "08:02", nil),
		logged(2, 9014, "08:01", object{"client_id": "client-id-0001"}), logged(1, 64, "07:57", nil),
	}, nil)
	events, err := connect(t, f).Tail(t.Context(), after)
	if err != nil || len(events) != 2 || events[0].ID != "3" || events[1].ID != "1" {
		t.Errorf("%v, %+v; want each once, what came late among them, and no traces of reading", err, events)
	}
	f = newFake()
	f.HandleFunc("GET /api/1/events", says(403, `{}`))
	if _, err := connect(t, f).Tail(t.Context(), after); err == nil || !strings.Contains(err.Error(), "scope") {
		t.Errorf("a refusal says %v", err)
	}
}

// A link in an answer may lead to another host, where our credential has no business.
func TestLinksInAnswersAreNotFollowed(t *testing.T) {
	s := startTenant(t, 130, sim.Knobs{}, "manage_all")
	if events, cov := s.client.Events(t.Context(), time.Time{}, nil); !cov.Complete() || len(events) != 90 {
		t.Errorf("%d events, %v", len(events), cov)
	}
	if users, cov := s.client.Users(t.Context(), nil); !cov.Complete() || len(users) != 130 {
		t.Errorf("%d users, %v", len(users), cov)
	}
	for _, e := range s.client.opts.HTTP.Recorder.Exchanges() {
		if e.Host != s.client.api.Host() || e.Status != 200 {
			t.Errorf("asked %s, which answered %d %s", e.Host, e.Status, e.Err)
		}
	}
}
