package onelogin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/transport"
)

type item struct {
	ID id `json:"id"`
}

func items(limits ...int) list[item] {
	return list[item]{path: "/list", limits: limits, scope: readAll, id: func(i item) string { return string(i.ID) }}
}

// shelf is a list with pages in which everything can go wrong.
type shelf struct {
	mu    sync.Mutex
	pages [][]int
	size  int // how many rows there really are

	totals, counts, cursors bool // which headers are sent
	ignoresPage             bool // every page number gives the first page
	nullCursor              bool
	totalOf                 func(page int) int
	repeat                  int         // from this page on, the cursor leads to the page itself; 0: never
	broken                  map[int]int // page: status
	requests                int
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	q := r.URL.Query()
	n := 1
	if c := q.Get("cursor"); c != "" {
		if q.Has("limit") || q.Has("page") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		n, _ = strconv.Atoi(c[1:])
	} else if p := q.Get("page"); p != "" && !s.ignoresPage {
		n, _ = strconv.Atoi(p)
	}
	if status := s.broken[n]; status != 0 {
		w.WriteHeader(status)
		return
	}
	out := []object{}
	if n <= len(s.pages) {
		for _, id := range s.pages[n-1] {
			out = append(out, object{"id": id})
		}
	}
	if s.totals {
		w.Header().Set("Total-Count", strconv.Itoa(s.totalOf(n)))
	}
	if s.counts {
		w.Header().Set("Total-Pages", strconv.Itoa(len(s.pages)))
	}
	switch {
	case s.cursors && n < len(s.pages) && s.repeat > 0 && n >= s.repeat:
		w.Header().Set("after-cursor", fmt.Sprint("c", n))
	case s.cursors && n < len(s.pages):
		w.Header().Set("after-cursor", fmt.Sprint("c", n+1))
	case s.nullCursor:
		w.Header().Set("after-cursor", "null")
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Whatever a list does: either every row is there once and the walk says so, or it says that it is not complete.
func TestWalkIsWholeOrSaysSo(t *testing.T) {
	var current atomic.Pointer[shelf] // a request of the last check that was cancelled may still arrive in the next one
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			says(200, `{"access_token":"token-0123456789abcdef"}`)(w, r)
			return
		}
		current.Load().ServeHTTP(w, r)
	}))
	defer srv.Close()
	c, err := New(Options{
		URL: srv.URL, ClientID: "cid-1", ClientSecret: "cs-1", AppID: 1,
		RateShare: transport.Unlimited, HTTP: transport.Options{Retries: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	rapid.Check(t, func(rt *rapid.T) {
		s, sound := drawShelf(rt)
		current.Store(s)
		got := walk(t.Context(), c, items(10), nil)
		seen := map[string]bool{}
		for _, row := range got.rows {
			if seen[string(row.ID)] {
				rt.Fatalf("row %s came twice", row.ID)
			}
			seen[string(row.ID)] = true
		}
		if got.reason == "" && len(seen) != s.size {
			rt.Fatalf("%d of %d rows taken for all", len(seen), s.size)
		}
		if sound && got.reason != "" {
			rt.Fatalf("a list without a fault gave %q", got.reason)
		}
		if n := s.count(); n > 3*(2*len(s.pages)+maxEmptyPages+1)+pageWorkers {
			rt.Fatalf("%d requests for %d pages", n, len(s.pages))
		}
	})
}

// drawShelf draws a list. sound is true if a careful reader can read it whole.
func drawShelf(rt *rapid.T) (s *shelf, sound bool) {
	s = &shelf{size: rapid.IntRange(0, 90).Draw(rt, "rows"), broken: map[int]int{}}
	for id := 1; id <= s.size; {
		n := rapid.IntRange(0, 10).Draw(rt, "page size")
		p := []int{}
		for ; n > 0 && id <= s.size; n-- {
			p = append(p, id)
			id++
		}
		s.pages = append(s.pages, p)
	}
	if len(s.pages) == 0 {
		s.pages = [][]int{{}}
	}
	s.cursors = rapid.Bool().Draw(rt, "cursors")
	s.counts = !s.cursors || rapid.Bool().Draw(rt, "page counts")
	s.totals = rapid.Bool().Draw(rt, "totals")
	s.nullCursor = rapid.Bool().Draw(rt, "null cursor")
	s.totalOf = func(int) int { return s.size }
	sound = s.spoil(rt)
	if emptyRun(s.pages) >= maxEmptyPages {
		sound = false
	}
	return s, sound
}

// spoil draws a fault. sound is true if the list can still be read whole.
func (s *shelf) spoil(rt *rapid.T) (sound bool) {
	last := len(s.pages)
	some := func() int { return rapid.IntRange(1, last).Draw(rt, "page") }
	sound = true
	switch rapid.SampledFrom([]string{
		"none", "duplicates", "double row", "lost row", "lost page", "repeat", "status",
		"moving total", "page ignored",
	}).Draw(rt, "fault") {
	case "duplicates":
		if n := some(); n > 1 { // a page of nothing else is like one whose number was ignored
			sound = s.totals || len(s.pages[n-1]) > 0 || len(s.pages[n-2]) == 0
			s.pages[n-1] = append(s.pages[n-1], s.pages[n-2]...)
		}
	case "double row":
		if p := some(); len(s.pages[p-1]) > 0 {
			s.pages[p-1] = append(s.pages[p-1], s.pages[p-1][0])
			counted := rapid.IntRange(0, 1).Draw(rt, "counted")
			s.totalOf = func(int) int { return s.size + counted }
		}
	case "lost row":
		if p := some(); s.totals && len(s.pages[p-1]) > 0 { // without a total nobody could tell
			s.pages[p-1], sound = s.pages[p-1][1:], false
		}
	case "lost page":
		if s.totals {
			lost := s.pages[last-1]
			s.pages[last-1], sound = nil, len(lost) == 0
		}
	case "repeat":
		s.repeat, sound = some(), !s.cursors || s.counts || last == 1
	case "status":
		s.broken[some()], sound = rapid.SampledFrom([]int{400, 403, 404, 500, 502}).Draw(rt, "status"), false
	case "moving total":
		odd := some()
		s.totalOf = func(page int) int {
			if page == odd {
				return s.size + 1
			}
			return s.size
		}
		sound = !s.totals
	case "page ignored":
		s.ignoresPage = true
		s.totals = s.totals || last > 1 && len(s.pages[0]) == 0 // or nobody could tell
		sound = s.cursors || last == 1
	}
	return sound
}

func emptyRun(pages [][]int) (longest int) {
	run := 0
	for _, p := range pages {
		run++
		if len(p) > 0 {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

func TestFullPagesWithoutAnyHeaderAreFollowed(t *testing.T) {
	s := &shelf{size: 120, totalOf: func(int) int { return 0 }}
	for from := 1; from <= 120; from += 50 {
		p := []int{}
		for id := from; id < from+50 && id <= 120; id++ {
			p = append(p, id)
		}
		s.pages = append(s.pages, p)
	}
	f := newFake()
	f.Handle("/list", s)
	if got := walk(t.Context(), connect(t, f), items(50), nil); len(got.rows) != 120 || got.reason != "" {
		t.Errorf("%d of 120 rows, %q", len(got.rows), got.reason)
	}
	s.ignoresPage = true
	if got := walk(t.Context(), connect(t, f), items(50), nil); got.reason == "" {
		t.Errorf("a first page that comes whatever is asked for is taken for all: %d rows", len(got.rows))
	}
}

func TestRefusedLimitIsLowered(t *testing.T) {
	f := newFake()
	f.HandleFunc("/list", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("limit") != "50" || r.URL.Query().Has("fields") {
			says(422, `{"message":"limit"}`)(w, r)
			return
		}
		rows(object{"id": 1})(w, r)
	})
	l := items(100, 50)
	l.extra = map[string][]string{"fields": {"x"}}
	if got := walk(t.Context(), connect(t, f), l, nil); len(got.rows) != 1 || got.reason != "" {
		t.Errorf("%d rows, %q", len(got.rows), got.reason)
	}
}

func TestRowsWithoutIDMakeTheListPartial(t *testing.T) {
	f := newFake()
	f.HandleFunc("/list", says(200, `[{"id":1},{"name":"x"},null]`))
	if got := walk(t.Context(), connect(t, f), items(50), nil); len(got.rows) != 1 || got.reason == "" {
		t.Errorf("%d rows, %q", len(got.rows), got.reason)
	}
}
