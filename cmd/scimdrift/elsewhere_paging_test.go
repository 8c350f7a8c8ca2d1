package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// pageWays is how a target behind the front of this file gives its pages.
type pageWays struct {
	// cursor and index are what it offers and takes (RFC 9865); expires has it refuse the first cursor that is handed
	// back.
	cursor, index, expires bool
}

// pagedTarget is the server of github.com/elimity-com/scim, which knows pages by index only, behind a front that gives
// them in another way too.
func pagedTarget(how pageWays, byCursor *atomic.Int64, expired *atomic.Bool) kind {
	return func(t *testing.T, users, groups []row) location {
		t.Helper()
		behind := elimityTarget(true)(t, users, groups)
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			list := strings.HasSuffix(r.URL.Path, "/Users") || strings.HasSuffix(r.URL.Path, "/Groups")
			start := q.Get("cursor")
			switch {
			case list && (q.Has("cursor") && !how.cursor || q.Has("startIndex") && !how.index):
				http.Error(rw, `{"status":"400","detail":"no such way to page"}`, http.StatusBadRequest)
				return
			case list && start != "" && how.expires && expired.CompareAndSwap(false, true):
				http.Error(rw, `{"status":"400","scimType":"expiredCursor"}`, http.StatusBadRequest)
				return
			case q.Has("cursor"):
				byCursor.Add(1)
				q.Del("cursor")
				if start != "" {
					q.Set("startIndex", start)
				}
			}
			ask := r.Clone(r.Context())
			ask.URL.RawQuery = q.Encode()
			answer := httptest.NewRecorder()
			behind.handler.ServeHTTP(answer, ask)
			var body row
			if json.Unmarshal(answer.Body.Bytes(), &body) == nil && answer.Code == http.StatusOK {
				if strings.HasSuffix(r.URL.Path, "/ServiceProviderConfig") {
					body["pagination"] = row{"cursor": how.cursor, "index": how.index, "maxPageSize": 20}
				}
				if rows, is := body["Resources"].([]any); is && r.URL.Query().Has("cursor") {
					delete(body, "startIndex")
					from, _ := strconv.Atoi(start)
					if next := max(from, 1) + len(rows); float64(next) <= body["totalResults"].(float64) {
						body["nextCursor"] = strconv.Itoa(next)
					}
				}
			}
			rw.Header().Set("Content-Type", "application/scim+json")
			rw.WriteHeader(answer.Code)
			if body != nil {
				_ = json.NewEncoder(rw).Encode(body)
			}
		}))
		t.Cleanup(front.Close)
		return location{url: front.URL + "/v2", token: behind.token}
	}
}

// TestEveryWayToPageIsReadWhole: whatever way a target offers, the findings are the truth and nothing is called
// incomplete.
func TestEveryWayToPageIsReadWhole(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]pageWays{
		"cursor only":               {cursor: true},
		"index only":                {index: true},
		"both":                      {cursor: true, index: true},
		"a cursor that runs out":    {cursor: true, expires: true},
		"one that runs out of both": {cursor: true, index: true, expires: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var byCursor atomic.Int64
			var expired atomic.Bool
			e := newElsewhere(t, pagedTarget(how, &byCursor, &expired), 2)
			c, code := checkJSON(t, "--config", e.config)
			if code != exitDrift || !c.Complete {
				t.Errorf("exit code %d, target %v", code, c.Target.Coverage)
			}
			wantTruth(t, c, withoutAWS(e.truth))
			if (byCursor.Load() > 0) != how.cursor {
				t.Errorf("%d pages were asked for by cursor", byCursor.Load())
			}
			if expired.Load() != how.expires {
				t.Error("no cursor ran out")
			}
		})
	}
}
