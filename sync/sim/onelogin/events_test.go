package onelogin_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// events walks GET /api/1/events to its end.
func (tn *tenant) events(query string) []map[string]any {
	tn.t.Helper()
	list, cursor := []map[string]any{}, ""
	for range 200 {
		path := "/api/1/events?" + query
		if cursor != "" {
			path += "&after_cursor=" + url.QueryEscape(cursor)
		}
		o := tn.want(200, "GET", path, "").object(tn.t)
		for _, row := range o["data"].([]any) {
			list = append(list, row.(map[string]any))
		}
		next, _ := o["pagination"].(map[string]any)["after_cursor"].(string)
		if next == "" || next == "null" {
			return list
		}
		cursor = next
	}
	tn.t.Fatal("the event walk does not end")
	return nil
}

func TestEventFilters(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	at := func(d time.Duration) string { return url.QueryEscape(tn.clock.Now().Add(d).Format(time.RFC3339)) }
	for query, want := range map[string][]int64{
		"event_type_id=51,64,99999":                  {5, 4, 3}, // newest first
		"event_type_id=1801":                         {1},
		"user_id=101&event_type_id=13":               {2},
		"event_type_id=13&app_id=1":                  {2}, // there is no app_id filter
		"user_id=101&since=" + at(-7*time.Minute):    {5, 4},
		"user_id=101&until=" + at(-9*time.Minute):    {2, 1},
		"user_id=101&event_type_id=":                 {5, 4, 3, 2, 1},
		"client_id=id-manage_all&event_type_id=1801": {},
	} {
		if got := rowIDs(tn.events(query)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	failed := tn.events("event_type_id=64")[0]
	if failed["error_description"] != "409 Conflict" || failed["app_name"] != "AWS IAM Identity Center" ||
		failed["role_id"] != nil {
		t.Errorf("a failure: %v", failed)
	}
}

func TestEventWalks(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	tn.w.Lock()
	for i := range int64(120) {
		tn.w.Source.Events = append(tn.w.Source.Events, world.Event{ID: 5000 + i, At: tn.clock.Now(), Type: 52})
	}
	tn.w.Unlock()
	whole := func() []int64 { return rowIDs(tn.events("event_type_id=52&limit=1000")) }
	if got := whole(); len(got) != 120 || got[0] != 5119 || got[119] != 5000 {
		t.Errorf("a walk with noise beside it: %d rows", len(got))
	}
	if n := len(tn.want(200, "GET", "/api/1/events?limit=1000", "").object(t)["data"].([]any)); n != 50 {
		t.Errorf("a page of %d, want 50", n)
	}
	for _, p := range []fault.Paging{{Sizes: []int{50, 0}}, {Sizes: []int{7}}, {Duplicates: 1}} {
		tn.bendPages("events", p)
		if got := slices.Compact(whole()); len(got) != 120 {
			t.Errorf("%+v: %d rows", p, len(got))
		}
	}
	for want, p := range map[int]fault.Paging{119: {Vanish: true}, 100: {EndAt: 2}, 0: {Empty: true}} {
		tn.bendPages("events", p)
		if got := whole(); len(got) != want {
			t.Errorf("%+v: %d rows, want %d", p, len(got), want)
		}
	}
	tn.bendPages("events", fault.Paging{LoopAt: 2})
	cursor := func(after string) string {
		o := tn.want(200, "GET", "/api/1/events?limit=10&event_type_id=52&after_cursor="+url.QueryEscape(after),
			"").object(t)
		return o["pagination"].(map[string]any)["after_cursor"].(string)
	}
	second := cursor("")
	if third := cursor(second); third != second {
		t.Error("the cursor did not repeat")
	}
}

func TestEventEnvelope(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	o := tn.want(200, "GET", "/api/1/events?event_type_id=13", "").object(t)
	p := o["pagination"].(map[string]any)
	if p["after_cursor"] != nil || p["next_link"] != nil || o["status"].(map[string]any)["type"] != "success" {
		t.Errorf("the envelope of one page: %v", o)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.NullCursorString = true })
	p = tn.want(200, "GET", "/api/1/events?event_type_id=13", "").object(t)["pagination"].(map[string]any)
	if p["after_cursor"] != "null" {
		t.Errorf(`pagination %v, want the string "null"`, p)
	}
	first := tn.want(200, "GET", "/api/1/events?limit=2&user_id=101", "").object(t)
	next := first["pagination"].(map[string]any)["after_cursor"].(string)
	second := tn.want(200, "GET", "/api/1/events?limit=2&user_id=101&after_cursor="+url.QueryEscape(next), "").object(t)
	if rows := second["data"].([]any); len(rows) != 2 || rows[0].(map[string]any)["id"] != 3.0 {
		t.Errorf("the second page: %v", rows)
	}
	e := tn.want(400, "GET", "/api/1/events?after_cursor=nonsense", "").object(t)
	if e["status"].(map[string]any)["error"] != true {
		t.Errorf("a bad cursor: %v", e)
	}
}

func TestCallsLeaveNoise(t *testing.T) {
	tn := newTenant(t, 1, onelogin.Knobs{})
	tn.want(200, "GET", "/api/2/users", "")
	tn.want(200, "GET", "/api/2/users/101", "")
	tn.want(200, "GET", "/api/2/apps/500001/rules", "")
	tn.want(404, "GET", "/api/2/apps/1/rules", "")
	tn.token = tn.login("read_all")
	tn.want(200, "GET", "/api/2/roles", "")
	got := map[float64]int{}
	for _, e := range tn.events("client_id=id-manage_all") {
		got[e["event_type_id"].(float64)]++
	}
	if got[501] != 1 || got[502] != 1 || got[9014] != 1 || got[9015] != 1 || got[515] != 1 {
		t.Errorf("the noise of one client: %v", got)
	}
	if got := tn.events("client_id=id-read_all&event_type_id=9048"); len(got) != 1 {
		t.Errorf("the noise of another client: %v", got)
	}
}
