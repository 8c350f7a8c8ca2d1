package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/sync/transport"
)

func rawRow(i int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"id":"u%d"}`, i)) }

func listingOfUsers() *listing[string] {
	return newListing("users", func(raw json.RawMessage) (string, string, error) {
		_, r, err := decodeUser(raw)
		return r.user.ID, r.user.ID, err
	})
}

// holds reports whether a listing has exactly the rows 1 to n.
func holds(r *listing[string], n int) bool {
	for i := 1; i <= n; i++ {
		if _, ok := r.ids[fmt.Sprintf("u%d", i)]; !ok {
			return false
		}
	}
	return len(r.rows) == n
}

// cursorServer is a list in pages of any size, with at most one fault.
type cursorServer struct {
	pages [][]int
	total int // -1: not said
	// fault, at page at: "error", "loop", "cycle", "blank" (an empty answer, once)
	fault string
	at    int
	once  bool
}

func (s *cursorServer) page(i int) (page, error) {
	var p page
	if s.total >= 0 {
		p.total = number{true, s.total}
	}
	if i < len(s.pages)-1 {
		p.next = fmt.Sprintf("+/=%d", i+1)
	}
	for _, row := range s.pages[i] {
		p.rows = append(p.rows, rawRow(row))
	}
	if i != s.at {
		return p, nil
	}
	switch s.fault {
	case "error":
		return page{}, errors.New("the line is dead")
	case "loop":
		p.next = fmt.Sprintf("+/=%d", i)
	case "cycle":
		p.next = "+/=1"
	case "blank":
		if !s.once {
			s.once = true
			return page{}, nil
		}
	}
	return p, nil
}

func TestACursorWalkHasEveryRowOrSaysThatItHasNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "rows")
		s := &cursorServer{total: rapid.SampledFrom([]int{-1, n}).Draw(t, "total")}
		for next := 1; next <= n || len(s.pages) == 0; {
			size := rapid.IntRange(0, 7).Draw(t, "size")
			var rows []int
			if repeat := rapid.IntRange(0, 3).Draw(t, "repeat"); next > repeat {
				for i := next - repeat; i < next; i++ {
					rows = append(rows, i)
				}
			}
			for ; size > 0 && next <= n; size-- {
				rows = append(rows, next)
				next++
			}
			s.pages = append(s.pages, rows)
		}
		if len(s.pages) > 1 {
			s.at = rapid.IntRange(1, len(s.pages)-1).Draw(t, "at")
			s.fault = rapid.SampledFrom([]string{"", "error", "loop", "cycle", "blank"}).Draw(t, "fault")
		}
		first, err := s.page(0)
		if err != nil {
			t.Fatal(err)
		}
		got := listingOfUsers()
		requests := 1
		err = walkCursor(context.Background(), first, pager{
			add: got.add,
			fetchNext: func(_ context.Context, cursor string) (page, error) {
				if requests++; requests > len(s.pages)+3 {
					t.Fatalf("the walk does not end; now at %q", cursor)
				}
				var i int
				if _, bad := fmt.Sscanf(cursor, "+/=%d", &i); bad != nil {
					t.Fatal(bad)
				}
				return s.page(i)
			},
		})
		if err == nil && !holds(got, n) {
			t.Fatalf("complete with %d of %d rows", len(got.rows), n)
		}
		if (s.fault == "" || s.fault == "blank") && err != nil {
			t.Fatalf("a whole walk was called short: %v", err)
		}
	})
}

func TestPagesWithoutAnEndAreLeft(t *testing.T) {
	pages := 0
	got := listingOfUsers()
	err := walkCursor(context.Background(), page{next: "0"},
		pager{add: got.add, fetchNext: func(context.Context, string) (page, error) {
			pages++
			return page{rows: []json.RawMessage{rawRow(1)}, next: strconv.Itoa(pages)}, nil
		}})
	if err == nil || pages > maxFruitlessPages+1 {
		t.Fatalf("%d pages, %v", pages, err)
	}
}

// endless reports whether a walk was given up, and is not to be begun again.
func endless(err error) bool {
	short, is := errors.AsType[*shortfall](err)
	return is && !short.retryable
}

// TestRowsWithoutAnEndAreLeft: a target that makes up a new row for each page is not read until memory ends.
func TestRowsWithoutAnEndAreLeft(t *testing.T) {
	t.Parallel()
	pages := 0
	made := func() page {
		pages++
		return page{rows: []json.RawMessage{rawRow(2 * pages), rawRow(2*pages + 1)}, next: strconv.Itoa(pages)}
	}
	all := func(p page) added { return added{len(p.rows), len(p.rows)} }
	if err := walkCursor(t.Context(), made(), pager{
		add: all, fetchNext: func(context.Context, string) (page, error) { return made(), nil },
	}); !endless(err) || pages > maxPages+2 {
		t.Errorf("by cursor: %d pages, %v", pages, err)
	}
	pages = 0
	if err := walkIndex(t.Context(), made(), pager{
		add: all, fetchFrom: func(context.Context, int) (page, error) { return made(), nil },
	}); !endless(err) || pages > maxPages+2 {
		t.Errorf("by index: %d pages, %v", pages, err)
	}
}

// indexServer is a list by startIndex with the habits of servers in the wild.
type indexServer struct {
	rows []int
	size int
	// total is "true", "page" (the rows of this page) or "none"; past is what comes beyond the end: "empty", "first" or
	// "error".
	total, past string
	// ignores: startIndex makes no difference.
	ignores bool
	// drop removes the first row, and grow adds one at the front, before request number at.
	drop, grow bool
	at         int
	asked      int
}

func (s *indexServer) page(start int) (page, error) {
	if s.asked++; s.asked == s.at {
		switch {
		case s.drop && len(s.rows) > 0:
			s.rows = s.rows[1:]
		case s.grow:
			s.rows = append([]int{1000}, s.rows...)
		}
	}
	if s.ignores {
		start = 1
	}
	if start > len(s.rows) && start > 1 {
		switch s.past {
		case "first":
			start = 1
		case "error":
			return page{}, errPastTheEnd
		}
	}
	var p page
	for i := start - 1; i < min(len(s.rows), start-1+s.size); i++ {
		p.rows = append(p.rows, rawRow(s.rows[i]))
	}
	switch s.total {
	case "true":
		p.total = number{true, len(s.rows)}
	case "page":
		p.total = number{true, len(p.rows)}
	}
	return p, nil
}

func TestAnIndexWalkHasEveryRowOrSaysThatItHasNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "rows")
		s := &indexServer{
			size:  rapid.IntRange(1, 15).Draw(t, "size"),
			total: rapid.SampledFrom([]string{"true", "page", "none"}).Draw(t, "total"),
			past:  rapid.SampledFrom([]string{"empty", "first", "error"}).Draw(t, "past"),
		}
		for i := range n {
			s.rows = append(s.rows, i+1)
		}
		got := listingOfUsers()
		err := walkWith(t, s, got, n)
		if err != nil {
			t.Fatalf("a whole walk was called short: %v", err)
		}
		if !holds(got, n) {
			t.Fatalf("complete with %d of %d rows", len(got.rows), n)
		}
	})
}

func TestAListThatMovesUnderAnIndexWalkIsNotCalledWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(5, 40).Draw(t, "rows")
		s := &indexServer{
			size: rapid.IntRange(1, 4).Draw(t, "size"), total: "true", past: "empty",
			drop: rapid.Bool().Draw(t, "drop"), at: 2,
		}
		s.grow = !s.drop
		for i := range n {
			s.rows = append(s.rows, i+1)
		}
		got := listingOfUsers()
		var short *shortfall
		if err := walkWith(t, s, got, n); !errors.As(err, &short) || !short.retryable {
			t.Fatalf("%d of %d rows, %v", len(got.rows), len(s.rows), err)
		}
	})
}

func walkWith(t *rapid.T, s *indexServer, got *listing[string], n int) error {
	first, err := s.page(1)
	if err != nil {
		t.Fatal(err)
	}
	return walkIndex(context.Background(), first, pager{
		add: got.add,
		fetchFrom: func(_ context.Context, start int) (page, error) {
			if s.asked > n+5 {
				t.Fatalf("the walk does not end; now at %d", start)
			}
			return s.page(start)
		},
	})
}

func TestAServerThatIgnoresStartIndexIsBelievedOnlyWhereItCannotHaveCut(t *testing.T) {
	for _, c := range []struct {
		rows, size int
		total      string
		whole      bool
	}{
		{rows: 7, size: 100, total: "true", whole: true},
		{rows: 7, size: 100, total: "none", whole: true},
		{rows: 45, size: 20, total: "true"},
		{rows: 45, size: 20, total: "page"},
		{rows: 80, size: 50, total: "page"},
		{rows: 1, size: 1, total: "true", whole: true},
	} {
		s := &indexServer{size: c.size, total: c.total, ignores: true}
		for i := range c.rows {
			s.rows = append(s.rows, i+1)
		}
		first, err := s.page(1)
		if err != nil {
			t.Fatal(err)
		}
		got := listingOfUsers()
		err = walkIndex(context.Background(), first, pager{
			add:       got.add,
			fetchFrom: func(_ context.Context, start int) (page, error) { return s.page(start) },
		})
		if whole := err == nil; whole != c.whole {
			t.Errorf("%d rows in pages of %d, total %s: %d read, %v", c.rows, c.size, c.total, len(got.rows), err)
		}
		if err != nil && !strings.Contains(err.Error(), "startIndex") {
			t.Errorf("the reason %q does not name startIndex", err)
		}
	}
}

var errPastTheEnd = &transport.StatusError{Status: 400}

// A row that cannot be read and changes with each answer is no new row: a target that gives the same page whatever is
// asked would be walked for ever.
func TestAWalkEndsThoughAnUnreadableRowChanges(t *testing.T) {
	answers := 0
	rows := func() page {
		answers++
		if answers > 2*maxFruitlessPages {
			t.Fatal("the walk does not end")
		}
		return page{rows: []json.RawMessage{
			rawRow(1), json.RawMessage(`{"id":"u2"}`),
			json.RawMessage(fmt.Sprintf(`{"id":"u3","userName":["x"],"meta":{"lastModified":"%d"}}`, answers)),
		}}
	}
	for what, walk := range map[string]func(r *listing[string]) error{
		"by index": func(r *listing[string]) error {
			return walkIndex(t.Context(), rows(), pager{
				add: r.add, fetchFrom: func(context.Context, int) (page, error) { return rows(), nil },
			})
		},
		"by cursor": func(r *listing[string]) error {
			next := func() page {
				p := rows()
				p.next = fmt.Sprint("at ", answers)
				return p
			}
			return walkCursor(t.Context(), next(), pager{
				add: r.add, fetchNext: func(context.Context, string) (page, error) { return next(), nil },
			})
		},
	} {
		answers = 0
		r := listingOfUsers()
		if err := walk(r); r.unreadError() == nil || len(r.unread) != 1 || !holds(r, 2) {
			t.Errorf("%s: %d rows and %d that could not be read, %v", what, len(r.rows), len(r.unread), err)
		}
	}
}
