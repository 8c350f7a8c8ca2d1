package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// maxWalks is how often a list that moves while it is read is walked.
const maxWalks = 3

// pageSize is asked for in the generic dialect, unless the target announces less. What is served counts.
const pageSize = 100

// readAll walks a list until it stood still for once. The error says why the rows are not all.
func readAll[T any](ctx context.Context, c *Client, l list, decode decoder[T], told progress) ([]T, error) {
	var most []T
	for walk := 1; ; walk++ {
		rows := newListing(l.what, decode)
		err := c.walk(ctx, l, func(p page) added {
			got := rows.add(p)
			told.report(len(rows.rows), expectedRows(p))
			return got
		})
		if err == nil && (len(rows.ids)+len(rows.unread) > 0 || walk > 1) {
			return rows.rows, rows.unreadError()
		}
		if err == nil {
			// Nothing at all is asked for twice, because it may have been a slip and means that everybody is gone.
			continue
		}
		if len(rows.rows) >= len(most) {
			most = rows.rows
		}
		var short *shortfall
		if walk == maxWalks || !errors.As(err, &short) || !short.retryable {
			return most, err
		}
	}
}

// expectedRows is what a page says of the length of the list. A total may be no more than that of the page.
func expectedRows(p page) int {
	if p.total.given && p.total.value > len(p.rows) {
		return p.total.value
	}
	return -1
}

// list names what is walked: a collection, and a filter parameter if not all of it is wanted.
type list struct {
	what       string
	collection collection
	filter     string
	// lookup: the filter is by a name or an id, and its first page is asked for by nothing else. AWS documents cursors
	// for walks, and one of its clients reports that such a list refuses them.
	lookup bool
}

// readOnce walks a list once. The error says why the rows are not all.
func readOnce[T any](ctx context.Context, c *Client, l list, decode decoder[T]) ([]T, error) {
	rows := newListing(l.what, decode)
	if err := c.walk(ctx, l, rows.add); err != nil {
		return rows.rows, err
	}
	return rows.rows, rows.unreadError()
}

// walk reads the pages of a list in the way that its first page shows.
func (c *Client) walk(ctx context.Context, l list, add func(page) added) error {
	count := ""
	if c.dialect.hasDiscovery {
		count = c.countParam()
	}
	pages := pager{
		add: add,
		fetchNext: func(ctx context.Context, cursor string) (page, error) {
			return c.readPage(ctx, l.collection, joinQuery(cursorParam(cursor), count, l.filter))
		},
		fetchFrom: func(ctx context.Context, start int) (page, error) {
			return c.readPageFrom(ctx, l.collection, start, l.filter)
		},
	}
	switch {
	case l.lookup:
		first, err := c.readPage(ctx, l.collection, l.filter)
		if err != nil {
			return err
		}
		return walkCursor(ctx, first, pages)
	case !c.dialect.hasDiscovery: // whether there are cursors shows in the answers only
		return c.walkAWS(ctx, l, pages)
	}
	first, byCursor, err := c.firstPageGeneric(ctx, l, pages)
	if err != nil {
		return err
	}
	if first.next != "" || byCursor && c.endsCursorWalk(ctx, l, &first) {
		return walkCursor(ctx, first, pages)
	}
	return walkIndex(ctx, first, pages)
}

func (c *Client) walkAWS(ctx context.Context, l list, pages pager) error {
	first, understood, err := c.firstPageAWS(ctx, l)
	switch {
	case err != nil:
		return err
	case first.isCursorPage():
		return walkCursor(ctx, first, pages)
	}
	pages.add(first)
	rows := len(first.rows)
	switch {
	case understood && rows == 0:
		return &shortfall{retryable: true, reason: "the target answered with an empty list of another kind than its " +
			"other lists; reload to try again"}
	case rows >= legacyPageSize || first.total.value > rows:
		return &shortfall{reason: fmt.Sprintf(
			"the target gave %d %s, a full page, and no cursor to ask for more, so the list may be cut there; "+
				"configure [connections.NAME.aws] to read the rest", rows, l.what)}
	}
	return nil
}

// pageRows is the count to ask for, by what is known of the target.
func (c *Client) pageRows() int {
	if known := c.discovered.features.answer.Load(); known != nil && known.maxRows > 0 {
		return min(known.maxRows, pageSize)
	}
	return pageSize
}

func (c *Client) countParam() string { return "count=" + strconv.Itoa(c.pageRows()) }

// firstPageGeneric asks by cursor where the target offers it (RFC 9865), and says so, else by index.
func (c *Client) firstPageGeneric(ctx context.Context, l list, pages pager) (first page, byCursor bool, err error) {
	ask := c.discovered.knownFeatures
	if l.filter != "" {
		ask = c.discovered.featuresOrNone
	}
	known, err := ask(ctx, c)
	if err != nil {
		return page{}, false, err
	}
	if known.cursor {
		answer, refusal := c.readPage(ctx, l.collection, joinQuery(bareCursor, c.countParam(), l.filter))
		if !isRefusedRequest(refusal) {
			return answer, true, refusal
		}
	}
	first, err = pages.fetchFrom(ctx, 1)
	return first, false, err
}

// endsCursorWalk reports whether a first page without nextCursor is all there is. RFC 9865 lets a server leave
// totalResults out beside cursors, and it may count nothing. A startIndex, a total beyond the page or a full page may
// be the signs of a server that took no notice of the cursor, and then there is more by index. One that heeds it gives
// a cursor for what a smaller page leaves out.
func (c *Client) endsCursorWalk(ctx context.Context, l list, first *page) bool {
	rows, full := len(first.rows), c.pageRows()
	switch {
	case first.start.given || first.total.value > rows:
		return false
	case rows < full || full == 1:
		return rows < full
	}
	smaller, err := c.readPage(ctx, l.collection, joinQuery(bareCursor, "count="+strconv.Itoa(rows-1), l.filter))
	return err == nil && smaller.next != "" && len(smaller.rows) < rows
}

func (c *Client) coverage(what string, rows int, err error) model.Coverage {
	switch {
	case err == nil:
		return model.CompleteCoverage()
	case rows == 0:
		return model.UnknownCoverage(c.reason(err))
	}
	return model.PartialCoverage(fmt.Sprintf("only %d %s were read: %s", rows, what, c.reason(err)))
}

func isShortfall(err error) bool {
	_, is := errors.AsType[*shortfall](err)
	return is
}

// isRefusedRequest reports whether the target does not know what it was asked: a parameter, a filter.
func isRefusedRequest(err error) bool {
	status := transport.StatusOf(err)
	return status == http.StatusBadRequest || status == http.StatusNotImplemented
}
