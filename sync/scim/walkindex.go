package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// walkIndex reads a list by startIndex. totalResults is taken for what it should be only when it exceeds the first page:
// some servers count just the page, and for them the walk goes on until a page brings nothing new. Past the end, servers
// answer with an empty page, an error or the first page again.
func walkIndex(ctx context.Context, first page, list pager) error {
	w := indexWalk{pager: list, total: first.total}
	w.take(first)
	rows := len(first.rows)
	switch {
	case first.total.said && first.total.value > rows && rows > 0:
		return w.untilTotal(ctx)
	case first.total.said && first.total.value > 0 && rows == 0:
		return w.short("the first page is empty")
	case rows == 0:
		return nil
	}
	return w.untilNothingNew(ctx, first)
}

type indexWalk struct {
	pager

	total number // as the first page gave it
	// served is after which row the next page starts. A row that stands twice on a page counts once: whether startIndex
	// counts it twice is not known, and the next page may rather begin with rows of this one than leave some out.
	served int
	got    added
	// repeated rows came on two pages: the list moved under the walk, and where one row comes twice another may never come.
	repeated bool
}

func (w *indexWalk) take(p page) (fresh int) {
	overlap := w.got.double
	got := w.add(p)
	w.got = w.got.and(got)
	w.served += got.rows
	w.repeated = w.repeated || got.rows-got.fresh > overlap
	return got.fresh
}

// untilTotal trusts totalResults.
func (w *indexWalk) untilTotal(ctx context.Context) error {
	for w.served < w.total.value {
		p, err := w.from(ctx, w.served+1)
		if err != nil {
			return err
		}
		fresh := w.take(p)
		if p.total.said && p.total.value != w.total.value {
			return w.short(fmt.Sprintf("the total changed from %d to %d while the pages were read", w.total.value, p.total.value))
		}
		if fresh == 0 && w.got.makeUp(w.total.value) {
			break // the end of a list that counts a row as often as it shows it
		}
		if fresh == 0 {
			return w.short("a page brought nothing new before the end, as if the target ignored startIndex")
		}
	}
	if w.repeated || !w.got.makeUp(w.total.value) {
		return w.short("some came twice, so that others may be missing")
	}
	return nil
}

// untilNothingNew does not believe totalResults, because it only counts the page or is absent.
func (w *indexWalk) untilNothingNew(ctx context.Context, first page) error {
	if w.served > 1 {
		// The last row is asked for once more. A server that honours startIndex shows that row and what follows; one
		// that ignores startIndex shows the first page again: past the end the two could not be told apart.
		w.served--
	}
	for pages := 1; ; pages++ {
		p, err := w.from(ctx, w.served+1)
		if pastTheEnd(err) {
			return nil
		}
		if err != nil {
			return err
		}
		fresh := w.take(p)
		switch {
		case fresh == 0 && pages == 1 && len(first.rows) > 1 && len(p.rows) >= len(first.rows):
			return w.unpaged(first)
		case p.total.said && w.total.said && p.total.value != len(p.rows) && p.total.value != w.total.value:
			return w.short(fmt.Sprintf("the total changed from %d to %d while the pages were read", w.total.value, p.total.value))
		case fresh == 0:
			return nil
		case pages >= maxPages:
			return w.short("the pages do not end")
		}
	}
}

// unpaged judges a server that gives one page whatever is asked: it has no paging and shows everything, or it cuts the
// list without a sign, as AWS does without a cursor. A number of rows that is a usual page size is not believed.
func (w *indexWalk) unpaged(first page) error {
	if slices.Contains([]int{10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000}, len(first.rows)) {
		return &shortfall{reason: fmt.Sprintf("the target ignores startIndex and lists exactly %d, which may be where it cuts the list; count them at the target", len(first.rows))}
	}
	return nil
}

func (w *indexWalk) short(why string) error {
	return &shortfall{again: true, reason: fmt.Sprintf("%d of %d were listed: %s; reload to try again", w.got.fresh, max(w.total.value, w.got.fresh), why)}
}

// pastTheEnd reports whether a server refuses a startIndex beyond its last row.
func pastTheEnd(err error) bool {
	var status *transport.StatusError
	return errors.As(err, &status) && (status.Status == http.StatusBadRequest || status.Status == http.StatusNotFound)
}
