package scim

import (
	"net/http"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// onlyCursors offers cursors and no index, and answers every list by a body.
func onlyCursors(body func(cursor string, asked bool) any) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		switch {
		case r.URL.Path == "/ServiceProviderConfig":
			reply(rw, 200, object{"pagination": object{"cursor": true, "index": false}})
		case q.Has("startIndex"):
			reply(rw, 200, body("", false))
		default:
			reply(rw, 200, body(q.Get("cursor"), true))
		}
	}
}

// RFC 9865 lets a server leave totalResults out; a list that fits on one page is then complete as it is.
func TestOnePageByCursorIsComplete(t *testing.T) {
	for name, body := range map[string]object{
		"no total":              {"Resources": userRows(30)},
		"a total of nothing":    {"totalResults": 0, "Resources": userRows(30)},
		"a total of the page":   {"totalResults": 30, "itemsPerPage": 30, "Resources": userRows(30)},
		"a next cursor of null": {"nextCursor": nil, "Resources": userRows(30)},
	} {
		s := serve(t, onlyCursors(func(string, bool) any { return body }))
		users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
		wantCoverage(t, name, coverage, model.Complete)
		if len(users) != 30 || len(s.asked()) != 3 {
			t.Errorf("%s: %d users in %v", name, len(users), s.asked())
		}
	}
}

// A server that announces cursors and takes no notice of them is read by index.
func TestACursorThatIsIgnoredDoesNotEndTheList(t *testing.T) {
	rows := userRows(130)
	first := func(string, bool) any { return object{"totalResults": 130, "startIndex": 1, "Resources": rows[:100]} }
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ResourceTypes" {
			reply(rw, http.StatusNotFound, scimGone)
			return
		}
		if r.URL.Query().Get("startIndex") == "101" {
			reply(rw, 200, object{"totalResults": 130, "startIndex": 101, "Resources": rows[100:]})
			return
		}
		onlyCursors(first)(rw, r)
	})
	users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Complete)
	if len(users) != 130 {
		t.Errorf("%d users", len(users))
	}
}

// By index, a server that says no total on the first page and counts pages later is read to its end.
func TestATotalThatComesLateIsNoChange(t *testing.T) {
	rows := userRows(3)
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("startIndex") {
		case "":
			reply(rw, 404, "")
		case "1":
			reply(rw, 200, object{"Resources": rows})
		default:
			reply(rw, 200, object{"totalResults": 3, "Resources": rows[2:]})
		}
	})
	users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Complete)
	if len(users) != 3 {
		t.Errorf("%d users", len(users))
	}
}

// TestACursorThatRanOutStartsTheListAgain: RFC 9865 lets a server forget its cursors (expiredCursor); what was read
// until then is not all.
func TestACursorThatRanOutStartsTheListAgain(t *testing.T) {
	for expires, want := range map[int]model.CoverageState{1: model.Complete, 9: model.Partial} {
		left := expires
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			switch q := r.URL.Query(); {
			case r.URL.Path == "/ServiceProviderConfig":
				reply(rw, 200, object{"pagination": object{"cursor": true, "index": false}})
			case r.URL.Path != "/Users" || !q.Has("cursor"):
				reply(rw, 400, object{"scimType": "invalidValue"})
			case q.Get("cursor") == "":
				reply(rw, 200, object{"Resources": userRows(4)[:2], "nextCursor": "second"})
			case left > 0:
				left--
				reply(rw, 400, object{"scimType": "expiredCursor", "detail": "gone"})
			default:
				reply(rw, 200, object{"Resources": userRows(4)[2:]})
			}
		})
		users, coverage := client(t, s.URL, Generic).Users(t.Context(), nil)
		wantCoverage(t, "users", coverage, want)
		if coverage.Complete() != (len(users) == 4) || len(s.asked()) > 2+3*2 {
			t.Errorf("%d users in %v", len(users), s.asked())
		}
	}
}
