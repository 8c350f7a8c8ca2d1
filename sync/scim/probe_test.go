package scim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// cursorTarget serves rows by cursor where the first page is asked for in the style it knows: "bare" or none. What it
// does with another is in refuses: a 400, or a legacy answer cut at 50 rows.
func cursorTarget(style string, refuses bool, rows map[string][]object) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		all := rows[r.URL.Path]
		values := r.URL.Query()
		raw := strings.Split(r.URL.RawQuery, "&")
		asked := ""
		if slices.Contains(raw, "cursor") {
			asked = "bare"
		}
		cursor := values.Get("cursor")
		if cursor == "" && asked != style {
			if asked != "" && refuses {
				reply(rw, 400, `{"detail":"unknown parameter"}`)
				return
			}
			cut := all[:min(len(all), 50)]
			reply(rw, 200, object{
				"totalResults": len(cut), "startIndex": 1, "itemsPerPage": len(cut),
				"Resources": cut,
			})
			return
		}
		from, _ := strconv.Atoi(strings.TrimPrefix(cursor, "+/="))
		to := min(from+100, len(all))
		body := object{"itemsPerPage": to - from, "Resources": all[from:to]}
		if to < len(all) {
			body["nextCursor"] = fmt.Sprintf("+/=%d", to)
		}
		reply(rw, 200, body)
	}
}

func TestTheProbeFindsTheStyleOnceForBothLists(t *testing.T) {
	rows := map[string][]object{"/Users": userRows(230), "/Groups": groupRows(120)}
	for _, c := range []struct {
		style    string
		refuses  bool
		whole    bool
		requests int
	}{
		{"bare", true, true, 3 + 2},
		{"bare", false, true, 3 + 2},
		{"none", true, false, 1 + 1 + 1},
		{"none", false, false, 1 + 1}, // the answer to the cursor is the list without it already
	} {
		t.Run(fmt.Sprintf("%s refuses %v", c.style, c.refuses), func(t *testing.T) {
			s := serve(t, cursorTarget(c.style, c.refuses, rows))
			adapter := client(t, s.URL, AWS)
			var both sync.WaitGroup
			var users, groups model.Coverage
			both.Go(func() { _, users = adapter.Users(t.Context(), nil) })
			both.Go(func() { _, groups = adapter.Groups(t.Context(), nil) })
			both.Wait()
			want := model.Complete
			if !c.whole {
				want = model.Partial
			}
			wantCoverage(t, "users", users, want)
			wantCoverage(t, "groups", groups, want)
			if got := len(s.asked()); got != c.requests {
				t.Errorf("%d requests, want %d: %v", got, c.requests, s.asked())
			}
			if first := s.asked()[0]; !strings.HasSuffix(first, "?cursor") {
				t.Errorf("the first request is %s, not the bare cursor", first)
			}
		})
	}
}

func TestARefusedTokenSaysNothingAboutCursors(t *testing.T) {
	refuse := true
	rows := cursorTarget("bare", true, map[string][]object{"/Users": userRows(130)})
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if refuse {
			reply(rw, 401, "")
			return
		}
		rows(rw, r)
	})
	c := client(t, s.URL, AWS)
	_, coverage := c.Users(t.Context(), nil)
	wantCoverage(t, "users without a token", coverage, model.Unknown)
	refuse = false
	users, coverage := c.Users(t.Context(), nil)
	wantCoverage(t, "users", coverage, model.Complete)
	if len(users) != 130 {
		t.Errorf("%d users", len(users))
	}
}

func TestProgressCountsUpInOneVoice(t *testing.T) {
	s := serve(t, cursorTarget("bare", true, map[string][]object{"/Users": userRows(230)}))
	last, calls := 0, 0
	client(t, s.URL, AWS).Users(t.Context(), func(done, expected int) {
		if done < last || expected != -1 {
			t.Errorf("%d of %d after %d", done, expected, last)
		}
		last = done
		calls++
	})
	if last != 230 || calls != 3 {
		t.Errorf("%d calls, the last with %d", calls, last)
	}
}

func TestACancelledReadIsNotWhole(t *testing.T) {
	ctx, cancel := cancelAfter(t)
	rows := cursorTarget("bare", true, map[string][]object{"/Users": userRows(330)})
	s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") != "" {
			cancel()
			<-r.Context().Done()
			return
		}
		rows(rw, r)
	})
	users, coverage := client(t, s.URL, AWS).Users(ctx, nil)
	wantCoverage(t, "users", coverage, model.Partial)
	if len(users) != 100 || !strings.Contains(coverage.Reason, "cancelled") {
		t.Errorf("%d users, %s", len(users), coverage)
	}
}

func TestRowsThatCannotBeReadAreCounted(t *testing.T) {
	rows := append(userRows(3), object{"userName": "nobody"}, object{"userName": "nobody either"})
	for _, dialect := range []string{AWS, Generic} {
		s := serve(t, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/Users" {
				reply(rw, 404, "")
				return
			}
			cut := rows
			if n, err := strconv.Atoi(r.URL.Query().Get("startIndex")); err == nil {
				cut = rows[min(n-1, len(rows)):]
			}
			reply(rw, 200, object{"totalResults": len(rows), "startIndex": 1, "Resources": cut})
		})
		users, coverage := client(t, s.URL, dialect).Users(t.Context(), nil)
		wantCoverage(t, dialect, coverage, model.Partial)
		if len(users) != 3 || !strings.Contains(coverage.Reason, "2 of the users") {
			t.Errorf("%s: %d users, %s", dialect, len(users), coverage)
		}
	}
}
