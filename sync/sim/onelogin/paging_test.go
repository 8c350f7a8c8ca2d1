package onelogin_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// walkCursor follows After-Cursor until it is gone, sending the filters again, and gives the ids in order.
func walkCursor(tn *tenant, path string, query url.Values, pages int) (list []int64, ended bool) {
	tn.t.Helper()
	next := url.Values{}
	maps.Copy(next, query)
	for range pages {
		r := tn.want(200, "GET", path+"?"+next.Encode(), "")
		rows := r.rows(tn.t)
		if r.header.Get("Page-Items") != strconv.Itoa(len(rows)) {
			tn.t.Errorf("Page-Items %s with %d rows", r.header.Get("Page-Items"), len(rows))
		}
		list = append(list, rowIDs(rows)...)
		cursor := r.header.Get("After-Cursor")
		if cursor == "" {
			return list, true
		}
		next = url.Values{"cursor": {cursor}}
		for k, v := range query {
			if k != "limit" && k != "page" && k != "sort" {
				next[k] = v
			}
		}
	}
	return list, false
}

// everybody gives the ids 101 to 100+n.
func everybody(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(101 + i)
	}
	return list
}

func TestEveryWalkMeetsEveryRowOnce(t *testing.T) {
	tn := newTenant(t, 137, onelogin.Knobs{HourlyLimit: -1})
	paths := []string{"/api/2/users", "/api/2/apps/500001/users", "/api/2/roles/700002/users"}
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(paths).Draw(rt, "path")
		limit := rapid.IntRange(1, 200).Draw(rt, "limit")
		p := rapid.SampledFrom([]fault.Paging{
			{},
			{Sizes: []int{9, 0}},
			{Sizes: []int{5}},
			{Duplicates: 1},
			{Total: true},
		}).Draw(rt, "fault")
		tn.bendPages("", p)
		got, ended := walkCursor(tn, path, url.Values{"limit": {strconv.Itoa(limit)}}, 500)
		if p.Duplicates > 0 {
			got = slices.Compact(got)
		}
		if !ended || !slices.Equal(got, everybody(137)) {
			rt.Fatalf("%s limit %d with %+v: %d rows, ended %t", path, limit, p, len(got), ended)
		}
	})
}

func TestPagesByNumber(t *testing.T) {
	tn := newTenant(t, 7, onelogin.Knobs{})
	r := tn.want(200, "GET", "/api/2/users?limit=3&page=3", "")
	if !slices.Equal(rowIDs(r.rows(t)), []int64{107}) {
		t.Errorf("third page: %s", r.body)
	}
	for name, want := range map[string]string{
		"Current-Page": "3", "Page-Items": "1", "Total-Count": "7",
		"Total-Pages": "3", "After-Cursor": "",
	} {
		if r.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, r.header.Get(name), want)
		}
	}
	if r = tn.want(200, "GET", "/api/2/users?limit=3&page=9", ""); len(r.rows(t)) != 0 ||
		r.header.Get("After-Cursor") != "" {
		t.Errorf("a page behind the end: %s", r.body)
	}
}

func TestCursorRules(t *testing.T) {
	tn := newTenant(t, 7, onelogin.Knobs{})
	cursor := tn.want(200, "GET", "/api/2/users?limit=2", "").header.Get("After-Cursor")
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatalf("the cursor %q is no base64: %v", cursor, err)
	}
	inside, err := url.ParseQuery(string(raw))
	if err != nil || inside.Get("limit") != "2" || inside.Get("page") != "2" {
		t.Errorf("the cursor holds %s", raw)
	}
	if got := rowIDs(tn.want(200, "GET", "/api/2/users?cursor="+url.QueryEscape(cursor), "").rows(t)); !slices.Equal(
		got, []int64{103, 104}) {
		t.Errorf("second page: %v", got)
	}
	for query, text := range map[string]string{
		"cursor=" + url.QueryEscape(cursor) + "&limit=2": "Requests can only have cursor xor pagination arguments",
		"cursor=" + url.QueryEscape(cursor) + "&page=1":  "Requests can only have cursor xor pagination arguments",
		"cursor=nonsense": "Invalid pagination cursor",
		"cursor=" + base64.StdEncoding.EncodeToString([]byte("limit=x&page=1&sort=id")): "Invalid pagination cursor",
		"limit=0": "limit and page must be positive numbers",
		"page=-1": "limit and page must be positive numbers",
	} {
		o := tn.want(400, "GET", "/api/2/users?"+query, "").object(t)
		if o["error"] != "BadRequestError" || o["status"] != 400.0 || o["description"] != text {
			t.Errorf("%s: %v, want an E4 body with %q", query, o, text)
		}
	}
}

func TestLimitsAreClamped(t *testing.T) {
	tn := newTenant(t, 130, onelogin.Knobs{})
	tn.w.Lock()
	for i := range int64(700) {
		tn.w.Source.Roles[710000+i] = &world.Role{ID: 710000 + i, Name: fmt.Sprintf("r%d", i)}
	}
	tn.w.Unlock()
	for path, want := range map[string]int{
		"/api/2/users": 50, "/api/2/users?limit=9999": 50, "/api/2/apps/500001/users": 100,
		"/api/2/apps/500001/users?limit=9999": 130,
		"/api/2/roles":                        50, "/api/2/roles?limit=9999": 650,
		"/api/2/roles/700002/users?limit=9999": 100,
	} {
		if got := len(tn.want(200, "GET", path, "").rows(t)); got != want {
			t.Errorf("%s: %d rows, want %d", path, got, want)
		}
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.UsersPageMax = 20 })
	if got := len(tn.want(200, "GET", "/api/2/users", "").rows(t)); got != 20 {
		t.Errorf("users with the narrower maximum: %d", got)
	}
	tn.srv.SetKnobs(func(k *onelogin.Knobs) { k.UsersPageMax = 100 })
	if got := len(tn.want(200, "GET", "/api/2/users?limit=100", "").rows(t)); got != 100 {
		t.Errorf("users with the wider maximum: %d", got)
	}
}

func TestPagingFaultsThatLoseRows(t *testing.T) {
	tn := newTenant(t, 10, onelogin.Knobs{})
	limit := url.Values{"limit": {"4"}}

	tn.bendPages("users", fault.Paging{Vanish: true})
	if got, _ := walkCursor(tn, "/api/2/users", limit, 9); slices.Contains(got, 105) || len(got) != 9 {
		t.Errorf("vanish: %v, want all but 105", got)
	}
	tn.bendPages("app_users", fault.Paging{EndAt: 2})
	if got, ended := walkCursor(tn, "/api/2/apps/500001/users", limit, 9); !ended || !slices.Equal(got, everybody(8)) {
		t.Errorf("truncated: %v, want the first two pages", got)
	}
	if r := tn.want(200, "GET", "/api/2/apps/500001/users?limit=4&page=2", ""); r.header.Get("Total-Count") != "10" {
		t.Errorf("truncated: the total %s no longer gives it away", r.header.Get("Total-Count"))
	}
	tn.bendPages("users", fault.Paging{LoopAt: 1})
	if _, ended := walkCursor(tn, "/api/2/users", limit, 20); ended {
		t.Error("repeated cursor: the walk ended")
	}
	tn.bendPages("app_users", fault.Paging{Empty: true, Times: 1})
	if got, _ := walkCursor(tn, "/api/2/apps/500001/users", limit, 9); len(got) != 0 {
		t.Errorf("empty: %v", got)
	}
	if got, _ := walkCursor(tn, "/api/2/apps/500001/users", limit, 9); len(got) != 10 {
		t.Errorf("empty once: the second walk has %d rows", len(got))
	}
	tn.bendPages("roles", fault.Paging{Empty: true})
	if r := tn.want(200, "GET", "/api/2/roles", ""); r.body != "[]\n" {
		t.Errorf("empty roles: %q", r.body)
	}
	tn.bendPages("users", fault.Paging{Total: true})
	one, two := tn.get("/api/2/users?limit=4"), tn.get("/api/2/users?limit=4&page=2")
	if one.header.Get("Total-Count") == two.header.Get("Total-Count") {
		t.Error("the totals did not change")
	}
}

func TestAUserRemovedDuringAWalkShiftsIt(t *testing.T) {
	tn := newTenant(t, 10, onelogin.Knobs{})
	first := tn.want(200, "GET", "/api/2/users?limit=4", "")
	tn.w.Lock()
	delete(tn.w.Source.Users, 101)
	tn.w.Unlock()
	second := tn.want(200, "GET", "/api/2/users?cursor="+url.QueryEscape(first.header.Get("After-Cursor")), "")
	if got := rowIDs(second.rows(t)); !slices.Equal(got, []int64{106, 107, 108, 109}) {
		t.Errorf("second page %v: pages are counted from the front, so 105 slips through", got)
	}
	if second.header.Get("Total-Count") != "9" {
		t.Errorf("total %s", second.header.Get("Total-Count"))
	}
}

func TestChangesAreNoticedDuringAWalk(t *testing.T) {
	tn := newTenant(t, 6, onelogin.Knobs{})
	first := tn.want(200, "GET", "/api/2/roles/700002/users?limit=3", "")
	tn.w.Lock()
	members := tn.w.Source.Roles[readers].Users
	delete(members, 105)
	moved := *tn.w.Source.Users[105]
	moved.ID = 150
	tn.w.Source.Users[150] = &moved
	delete(tn.w.Source.Users, 105)
	members[150] = true
	tn.w.Source.Changes++ // as many as before: sizes alone do not tell
	tn.w.Unlock()
	next := "/api/2/roles/700002/users?cursor=" + url.QueryEscape(first.header.Get("After-Cursor"))
	if got := rowIDs(tn.want(200, "GET", next, "").rows(t)); !slices.Equal(got, []int64{104, 106, 150}) {
		t.Errorf("second page %v", got)
	}
}
