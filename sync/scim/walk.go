package scim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// maxFruitlessPages is how many pages in a row may bring no new row, which ends walks that would never end. Empty pages
// with a next cursor are legal, and a service that filters after it reads may send very many.
const maxFruitlessPages = 1000

// maxPages ends a list: a target that makes up new rows for ever must not take all memory.
const maxPages = 50_000

// errEndless ends a walk for good: another one would take as long.
func errEndless() error {
	return &shortfall{reason: fmt.Sprintf("the target offers more than %d pages; tell its vendor", maxPages)}
}

// shortfall is why a walk ended with fewer rows than there are, or may be. retryable means that another walk may do
// better.
type shortfall struct {
	reason    string
	retryable bool
}

func (s *shortfall) Error() string { return s.reason }

// decoder reads a row of a list, and gives its id.
type decoder[T any] func(raw json.RawMessage) (id string, row T, err error)

// listing collects the rows of a walk, each id once.
type listing[T any] struct {
	decode decoder[T]
	what   string // "users" or "groups", for messages

	rows []T
	// ids are the rows that were seen, unread those that could not be read, each by the last page that had it.
	ids, unread map[string]int32
	page        int32
	firstUnread error // why it could not be read
}

func newListing[T any](what string, decode decoder[T]) *listing[T] {
	return &listing[T]{what: what, decode: decode, unread: map[string]int32{}}
}

// added is what a page brought: how many rows it had, each counted once, and how many of them were new.
type added struct{ rows, newRows int }

// add takes a page. A row that was seen before is left out: pages may overlap when somebody writes during the walk. A
// row that cannot be read counts as one, or the walk would take the list for a shorter one.
func (r *listing[T]) add(p page) (got added) {
	r.page++
	if r.ids == nil {
		r.ids = make(map[string]int32, len(p.rows))
	}
	for i, raw := range p.rows {
		id, row, err := r.decode(raw)
		if flaw := p.flaws[i]; flaw != nil {
			err = flaw
		}
		if err != nil && id == "" {
			id = rowID(raw)
		}
		rows, key := r.ids, id
		if err != nil {
			rows, key = r.unread, cmp.Or(id, string(raw))
		}
		last, known := rows[key]
		if last == r.page {
			continue
		}
		got.rows++
		rows[key] = r.page
		if known {
			continue
		}
		got.newRows++
		switch {
		case err == nil:
			r.rows = append(r.rows, row)
		case r.firstUnread == nil:
			r.firstUnread = rowError{id, err}
		}
	}
	return got
}

type rowError struct {
	id  string
	err error
}

func (e rowError) Error() string {
	if e.id == "" {
		return e.err.Error()
	}
	return model.Visible(e.id) + ": " + e.err.Error()
}

func rowID(raw json.RawMessage) string {
	var row struct {
		ID recordID `json:"id"`
	}
	if !isObject(raw) || transport.DecodeLossy(raw, &row) != nil ||
		strings.ContainsRune(string(row.ID), utf8.RuneError) {
		return ""
	}
	return string(row.ID)
}

// unreadError is the last word on a walk that came to its end: rows that could not be read make it partial.
func (r *listing[T]) unreadError() error {
	if len(r.unread) == 0 {
		return nil
	}
	return &shortfall{reason: fmt.Sprintf("%d of the %s listed could not be read (%v); look at them at the target",
		len(r.unread), r.what, r.firstUnread)}
}

// pager is what a walk needs of a list: add takes its pages, next fetches them by cursor, from by index.
type pager struct {
	add       func(page) added
	fetchNext func(ctx context.Context, cursor string) (page, error)
	fetchFrom func(ctx context.Context, startIndex int) (page, error)
}

// walkCursor follows nextCursor until there is none, whatever the pages hold: a short or empty page is not the last one
// (docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html). A cursor that comes twice would go round for
// ever.
func walkCursor(ctx context.Context, first page, list pager) error {
	known := map[string]bool{}
	all, fruitless := 0, 0
	for p := first; ; {
		fresh := list.add(p).newRows
		all += fresh
		if fruitless++; fresh > 0 {
			fruitless = 0
		}
		switch {
		case p.next == "":
			return checkCursorTotal(first, p, all)
		case known[p.next]:
			return &shortfall{reason: "the target repeats a page cursor, so the rest cannot be reached; reload, and " +
				"tell its vendor if it happens again"}
		case len(known) >= maxPages:
			return errEndless()
		case fruitless >= maxFruitlessPages:
			return &shortfall{reason: "the target goes on offering pages without anything new on them; reload, and " +
				"tell its vendor if it happens again"}
		}
		known[p.next] = true
		var err error
		p, err = nextPage(ctx, p.next, list)
		if isRefusedRequest(err) {
			return &shortfall{retryable: true, reason: "the target refused the cursor that it had given, as after " +
				"its time: " +
				err.Error() + "; reload to try again"}
		}
		if err != nil {
			return err
		}
	}
}

// nextPage asks once more for a last page that is empty: the page before announced that there is more, and an answer
// that went empty by mistake would end the walk as if that were all. Where a cursor is good only once the first answer
// counts.
func nextPage(ctx context.Context, cursor string, list pager) (page, error) {
	p, err := list.fetchNext(ctx, cursor)
	if err != nil || p.next != "" || len(p.rows) > 0 {
		return p, err
	}
	again, err := list.fetchNext(ctx, cursor)
	if isRefusedRequest(err) {
		return p, nil
	}
	return again, err
}

// checkCursorTotal compares the rows with totalResults, which RFC 9865 lets a server send beside cursors, and which may
// count everything or only the page. A total that comes on one page only belongs to an answer that took no notice of
// the cursor.
func checkCursorTotal(first, last page, read int) error {
	countsAll := first.next == "" || first.total.value != len(first.rows)
	switch {
	case first.total.given != last.total.given:
		return &shortfall{retryable: true, reason: fmt.Sprintf("the list ended after %d with a page unlike the "+
			"others; reload to try again", read)}
	case last.total.given && countsAll && last.total.value > read:
		return &shortfall{retryable: true, reason: fmt.Sprintf("%d of %d were listed; reload to try again", read,
			last.total.value)}
	case last.total.given && countsAll && first.next != "" && last.total.value != first.total.value:
		return &shortfall{retryable: true, reason: fmt.Sprintf("the total changed from %d to %d while the pages were "+
			"read; reload to try again", first.total.value, last.total.value)}
	}
	return nil
}

// walkIndex reads a list by startIndex. totalResults is taken for what it should be only when it exceeds the first
// page: some servers count just the page, and for them the walk goes on until a page brings nothing new. Past the end,
// servers answer with an empty page, an error or the first page again.
func walkIndex(ctx context.Context, first page, list pager) error {
	w := indexWalk{pager: list, total: first.total}
	w.addPage(first)
	rows := len(first.rows)
	trusted := first.total.given && first.total.value > rows
	switch {
	case rows == 0 && first.total.value > 0:
		return w.shortfallError("the first page is empty")
	case rows == 0:
		return nil
	case !trusted && w.served > 1:
		// The last row is asked for once more. A server that honours startIndex shows that row and what follows; one
		// that ignores startIndex shows the first page again: past the end the two could not be told apart.
		w.served--
	}
	for pages := 1; !trusted || w.served < w.total.value; pages++ {
		p, err := w.fetchFrom(ctx, w.served+1)
		switch {
		case !trusted && isPastEnd(err):
			return nil
		case err != nil:
			return err
		}
		fresh := w.addPage(p)
		switch {
		case !trusted && fresh == 0 && pages == 1 && rows > 1 && len(p.rows) >= rows:
			return w.checkUnpaged(first)
		case p.total.given && w.total.given && p.total.value != w.total.value &&
			(trusted || p.total.value != len(p.rows)):
			return w.shortfallError(fmt.Sprintf("the total changed from %d to %d while the pages were read",
				w.total.value, p.total.value))
		case pages >= maxPages:
			return errEndless()
		case fresh == 0 && trusted:
			return w.shortfallError("a page brought nothing new before the end, as if the target ignored startIndex")
		case fresh == 0:
			return nil
		}
	}
	if w.repeated || w.newRows != w.total.value {
		return w.shortfallError("some came twice, so that others may be missing")
	}
	return nil
}

type indexWalk struct {
	pager

	total number // as the first page gave it
	// served is after which row the next page starts. A row that stands twice on a page counts once: whether startIndex
	// counts it twice is not known, and the next page may rather begin with rows of this one than leave some out.
	served, newRows int
	// repeated rows came on two pages: the list moved under the walk, and others may never come.
	repeated bool
}

func (w *indexWalk) addPage(p page) (fresh int) {
	got := w.add(p)
	w.served, w.newRows = w.served+got.rows, w.newRows+got.newRows
	w.repeated = w.repeated || got.rows > got.newRows
	return got.newRows
}

// checkUnpaged judges a server that gives one page whatever is asked: it has no paging and shows everything, or it cuts
// the list without a sign, as AWS does without a cursor. A number of rows that is a usual page size is not believed.
func (w *indexWalk) checkUnpaged(first page) error {
	if slices.Contains([]int{10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000}, len(first.rows)) {
		return &shortfall{reason: fmt.Sprintf("the target ignores startIndex and lists exactly %d, which may be "+
			"where it cuts the list; count them at the target", len(first.rows))}
	}
	return nil
}

func (w *indexWalk) shortfallError(why string) error {
	return &shortfall{retryable: true, reason: fmt.Sprintf("%d of %d were listed: %s; reload to try again", w.newRows,
		max(w.total.value, w.newRows), why)}
}

// isPastEnd reports whether a server refuses a startIndex beyond its last row.
func isPastEnd(err error) bool {
	status := transport.StatusOf(err)
	return status == http.StatusBadRequest || status == http.StatusNotFound
}
