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
	w := indexWalk{pager: list, total: first.total, served: len(first.rows), unique: list.add(first)}
	switch {
	case first.total.said && first.total.value > w.served && w.served > 0:
		return w.untilTotal(ctx)
	case first.total.said && first.total.value > 0 && w.served == 0:
		return w.short("the first page is empty")
	case w.served == 0:
		return nil
	}
	return w.untilNothingNew(ctx, first)
}

type indexWalk struct {
	pager

	total number // as the first page gave it
	// served counts the rows received, which is where the next page starts; unique those that were new.
	served, unique int
	// repeated rows came twice: the list moved under the walk, and where one row comes twice another may never come.
	repeated bool
}

func (w *indexWalk) take(p page) (fresh int) {
	fresh = w.add(p)
	w.unique += fresh
	w.served += len(p.rows)
	w.repeated = w.repeated || fresh < len(p.rows)
	return fresh
}

// untilTotal trusts totalResults.
func (w *indexWalk) untilTotal(ctx context.Context) error {
	w.repeated = w.unique < w.served
	for w.served < w.total.value {
		p, err := w.from(ctx, w.served+1)
		if err != nil {
			return err
		}
		fresh := w.take(p)
		if p.total.said && p.total.value != w.total.value {
			return w.short(fmt.Sprintf("the total changed from %d to %d while the pages were read", w.total.value, p.total.value))
		}
		if fresh == 0 {
			return w.short("a page brought nothing new before the end, as if the target ignored startIndex")
		}
	}
	if w.repeated || w.unique != w.total.value {
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
	return &shortfall{again: true, reason: fmt.Sprintf("%d of %d were listed: %s; reload to try again", w.unique, max(w.total.value, w.unique), why)}
}

// pastTheEnd reports whether a server refuses a startIndex beyond its last row.
func pastTheEnd(err error) bool {
	var status *transport.StatusError
	return errors.As(err, &status) && (status.Status == http.StatusBadRequest || status.Status == http.StatusNotFound)
}
