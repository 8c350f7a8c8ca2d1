package scim

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

func TestListWithoutCursorIsCutSilently(t *testing.T) {
	for _, test := range []struct {
		name   string
		legacy bool
		want   int
	}{{"current", false, 100}, {"legacy", true, 50}} {
		t.Run(test.name, func(t *testing.T) {
			f := start(t, func(k *Knobs) {
				if test.legacy {
					*k = Legacy().Unlimited()
				}
			})
			ids := f.addUsers(130)
			r := f.want(200, "GET", "/Users", nil)
			if diff := cmp.Diff(ids[:test.want], r.ids()); diff != "" {
				t.Error(diff)
			}
			delete(r.doc, "Resources")
			want := map[string]any{
				"totalResults": float64(test.want), "itemsPerPage": float64(test.want), "startIndex": 1.0,
				"schemas": []any{listURN},
			}
			if diff := cmp.Diff(want, r.doc); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEmptyLists(t *testing.T) {
	f := start(t, nil)
	for _, path := range []string{"/Users", "/Groups", "/Users?cursor", "/Groups?cursor="} {
		if r := f.want(200, "GET", path, nil); !strings.Contains(r.text, `"Resources":[]`) ||
			strings.Contains(r.text, "nextCursor") {
			t.Errorf("%s: %s", path, r.text)
		}
	}
}

func TestCursorEnvelope(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(110)
	for _, opening := range []string{"cursor", "cursor="} {
		r := f.want(200, "GET", "/Users?"+opening, nil)
		cursor := r.next()
		if !regexp.MustCompile(`^[-a-zA-Z0-9+=/:_]+$`).MatchString(cursor) || !strings.Contains(cursor, "+") ||
			!strings.Contains(cursor, "/") || !strings.Contains(cursor, "=") {
			t.Errorf("cursor %q does not show the whole alphabet, or more", cursor)
		}
		for _, absent := range []string{"totalResults", "startIndex", "previousCursor"} {
			if _, there := r.doc[absent]; there {
				t.Errorf("a page has %s", absent)
			}
		}
		second := f.want(200, "GET", "/Users?cursor="+url.QueryEscape(cursor), nil)
		if second.next() != "" || second.doc["itemsPerPage"] != 10.0 {
			t.Errorf("last page: %s", second.text[:80])
		}
		if diff := cmp.Diff(ids, append(r.ids(), second.ids()...)); diff != "" {
			t.Error(diff)
		}
		f.want(400, "GET", "/Users?cursor="+cursor, nil) // unescaped, "+" is a space
	}
}

func TestCursorIsBoundToItsList(t *testing.T) {
	f := start(t, nil)
	ids := f.addUsers(3)
	g, other := f.addGroup("g", ids...), f.addGroup("h", ids...)
	ofGroup := filter(`groups.value eq "` + g.ID + `"`)
	cursor := url.QueryEscape(f.want(200, "GET", "/Users?cursor&count=1&"+ofGroup, nil).next())
	f.want(200, "GET", "/Users?count=1&cursor="+cursor+"&"+ofGroup, nil)
	f.want(400, "GET", "/Users?count=1&cursor="+cursor, nil)
	f.want(400, "GET", "/Users?count=1&cursor="+cursor+"&"+filter(`groups.value eq "`+other.ID+`"`), nil)
	f.want(400, "GET", "/Groups?cursor="+cursor, nil)
	f.want(400, "GET", "/Users?cursor=made-up", nil)
	f.want(400, "GET", "/Users?cursor=QUJD", nil)
}

func TestCount(t *testing.T) {
	f := start(t, nil)
	f.addUsers(120)
	for query, want := range map[string]int{
		"cursor&count=1": 1, "cursor&count=100": 100, "count=7": 7,
		"cursor&count=1&startIndex=5&attributes=id&excludedAttributes=x": 1,
	} {
		if r := f.want(200, "GET", "/Users?"+query, nil); len(r.ids()) != want {
			t.Errorf("%s: %d rows", query, len(r.ids()))
		}
	}
	small := Current().Unlimited()
	small.PageSize = 10
	f.server.SetKnobs(small)
	if r := f.want(200, "GET", "/Users?cursor&count=50", nil); len(r.ids()) != 10 {
		t.Errorf("count takes more than a page: %d rows", len(r.ids()))
	}
	for _, query := range []string{
		"cursor&count=0", "cursor&count=101", "cursor&count=-1", "count=x", "count=",
		"cursor=%zz",
	} {
		f.want(400, "GET", "/Users?"+query, nil)
	}
}

func TestListKnobs(t *testing.T) {
	f := start(t, nil)
	f.addUsers(120)
	f.addGroup("g")
	get := func(status int, query string) reply { t.Helper(); return f.want(status, "GET", "/Users?"+query, nil) }
	set := func(change func(*Knobs)) {
		knobs := Current().Unlimited()
		change(&knobs)
		f.server.SetKnobs(knobs)
	}
	set(func(k *Knobs) { k.SingleUseCursors = true })
	cursor := url.QueryEscape(get(200, "cursor").next())
	get(200, "cursor="+cursor)
	get(400, "cursor="+cursor)
	set(func(*Knobs) {})
	f.want(400, "GET", "/Groups?cursor&"+filter(`displayName eq "g"`), nil)
	f.want(200, "GET", "/Users?cursor&"+filter(`userName eq "u1@corp.example"`), nil)
}

func TestLegacyProfileKnowsNeitherCursorNorMembershipFilters(t *testing.T) {
	f := start(t, func(k *Knobs) { *k = Legacy().Unlimited() })
	ids := f.addUsers(60)
	g := f.addGroup("g", ids[0])
	f.want(400, "GET", "/Users?cursor", nil)
	f.want(400, "GET", "/Groups?cursor=", nil)
	f.want(400, "GET", "/Users?"+filter(`groups.value eq "`+g.ID+`"`), nil)
	f.want(400, "GET", "/Groups?"+filter(`members.value eq "`+ids[0]+`"`), nil)
	if r := f.want(200, "GET", "/Users?count=5", nil); len(r.ids()) != 50 {
		t.Errorf("count acts in the legacy profile: %d rows", len(r.ids()))
	}
}

func TestPagingFaults(t *testing.T) {
	for _, test := range []struct {
		name  string
		knobs func(*Knobs)
		limit int
		want  string // the rows of each page, users being numbered from 0
	}{
		{
			"empty and short pages", func(k *Knobs) { k.Paging = []fault.Paging{{Sizes: []int{3, 0, 1}}} }, 9,
			"[0 1 2] [] [3] [4 5 6] [] [7] [8]",
		},
		{"short pages", func(k *Knobs) { k.Paging = []fault.Paging{{Sizes: []int{4}}} }, 9, "[0 1 2 3] [4 5 6 7] [8]"},
		{
			"loop", func(k *Knobs) { k.PageSize, k.Paging = 4, []fault.Paging{{LoopAt: 2}} }, 5,
			"[0 1 2 3] [4 5 6 7] [4 5 6 7] [4 5 6 7] [4 5 6 7]",
		},
		{
			"duplicates", func(k *Knobs) { k.PageSize, k.Paging = 4, []fault.Paging{{Duplicates: 2}} }, 9,
			"[0 1 2 3] [2 3 4 5] [4 5 6 7] [6 7 8]",
		},
		{
			"duplicates leave room", func(k *Knobs) { k.PageSize, k.Paging = 3, []fault.Paging{{Duplicates: 9}} }, 9,
			"[0 1 2] [1 2 3] [2 3 4] [3 4 5] [4 5 6] [5 6 7] [6 7 8]",
		},
		{
			"vanished row", func(k *Knobs) { k.PageSize, k.Paging = 4, []fault.Paging{{List: "users", Vanish: true}} },
			9,
			"[0 1 2 3] [5 6 7 8]",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := start(t, test.knobs)
			ids := f.addUsers(9)
			number := map[string]int{}
			for i, id := range ids {
				number[id] = i
			}
			pages := f.walk("/Users", "", test.limit)
			got := make([]string, 0, len(pages))
			for _, page := range pages {
				rows := make([]int, 0, len(page))
				for _, id := range page {
					rows = append(rows, number[id])
				}
				got = append(got, fmt.Sprint(rows))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARowIsSeenThoughAnotherIsDeletedMeanwhile(t *testing.T) {
	f := start(t, func(k *Knobs) { k.PageSize = 3 })
	ids := f.addUsers(6)
	for i, gone := range []int{0, 2} { // a row, and the last one shown
		r := f.want(200, "GET", "/Users?cursor", nil)
		f.want(204, "DELETE", "/Users/"+ids[gone], nil)
		rest := f.want(200, "GET", "/Users?cursor="+url.QueryEscape(r.next()), nil)
		if want := 3 - i; len(rest.ids()) != want || rest.ids()[0] != ids[3+i] {
			t.Errorf("after the deletion of %d: %v of %v", gone, rest.ids(), ids)
		}
	}
}
