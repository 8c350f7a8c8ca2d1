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

// walks is how often a list that moves while it is read is walked.
const walks = 3

// pageSize is asked for in the generic dialect, unless the target announces less. What is served counts.
const pageSize = 100

// readAll walks a list until it stood still for once. The error says why the rows are not all.
func readAll[T any](ctx context.Context, c *Client, l list, decode decoder[T], told progress) ([]T, error) {
	var most []T
	for walk := 1; ; walk++ {
		rows := newListing(l.what, decode)
		err := c.walk(ctx, l, func(p page) added {
			got := rows.add(p)
			told.tell(len(rows.rows), expected(p))
			return got
		})
		if err == nil && (len(rows.ids)+len(rows.unread) > 0 || walk > 1) {
			return rows.rows, rows.verdict()
		}
		if err == nil {
			// Nothing at all is asked for twice, because it may have been a slip and means that everybody is gone.
			continue
		}
		if len(rows.rows) >= len(most) {
			most = rows.rows
		}
		var short *shortfall
		if walk == walks || !errors.As(err, &short) || !short.again {
			return most, err
		}
	}
}

// expected is what a page says of the length of the list. A total may be no more than that of the page.
func expected(p page) int {
	if p.total.said && p.total.value > len(p.rows) {
		return p.total.value
	}
	return -1
}

// list names what is walked: a collection, and a filter parameter if not all of it is wanted.
type list struct {
	what   string
	of     collection
	filter string
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
	return rows.rows, rows.verdict()
}

// walk reads the pages of a list in the way that its first page shows.
func (c *Client) walk(ctx context.Context, l list, add func(page) added) error {
	count := ""
	if c.dialect.announces {
		count = c.countParam()
	}
	pages := pager{
		add: add,
		next: func(ctx context.Context, cursor string) (page, error) {
			return c.page(ctx, l.of, query(cursorParam(cursor), count, l.filter))
		},
		from: func(ctx context.Context, start int) (page, error) { return c.pageFrom(ctx, l.of, start, l.filter) },
	}
	switch {
	case l.lookup:
		first, err := c.page(ctx, l.of, l.filter)
		if err != nil {
			return err
		}
		return walkCursor(ctx, first, pages)
	case !c.dialect.announces: // whether there are cursors shows in the answers only
		return c.walkAWS(ctx, l, pages)
	}
	first, byCursor, err := c.openGeneric(ctx, l, pages)
	if err != nil {
		return err
	}
	if first.next != "" || byCursor && first.endsCursor(c.pageRows()) {
		return walkCursor(ctx, first, pages)
	}
	return walkIndex(ctx, first, pages)
}

func (c *Client) walkAWS(ctx context.Context, l list, pages pager) error {
	first, understood, err := c.openAWS(ctx, l)
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
		return &shortfall{again: true, reason: "the target answered with an empty list of another kind than its " +
			"other lists; reload to try again"}
	case rows >= legacyPage || first.total.value > rows:
		return &shortfall{reason: fmt.Sprintf(
			"the target gave %d %s, a full page, and no cursor to ask for more, so the list may be cut there; "+
				"configure [connections.NAME.aws] to read the rest", rows, l.what)}
	}
	return nil
}

// pageRows is the count to ask for, by what is known of the target.
func (c *Client) pageRows() int {
	if known := c.announced.features.answer.Load(); known != nil && known.mostRows > 0 {
		return min(known.mostRows, pageSize)
	}
	return pageSize
}

func (c *Client) countParam() string { return "count=" + strconv.Itoa(c.pageRows()) }

// openGeneric asks by cursor where the target offers it (RFC 9865), and says so, else by index.
func (c *Client) openGeneric(ctx context.Context, l list, pages pager) (first page, byCursor bool, err error) {
	ask := c.announced.known
	if l.filter != "" {
		ask = c.announced.once
	}
	known, err := ask(ctx, c)
	if err != nil {
		return page{}, false, err
	}
	if known.cursor {
		answer, refusal := c.page(ctx, l.of, query(bareCursor, c.countParam(), l.filter))
		if !refused(refusal) {
			return answer, true, refusal
		}
	}
	first, err = pages.from(ctx, 1)
	return first, false, err
}

// endsCursor reports whether a first page without nextCursor is all there is. RFC 9865 lets a server leave totalResults
// out beside cursors, and it may count nothing. A startIndex, a total beyond the page or a full page may be the signs
// of a server that took no notice of the cursor, and then there is more by index.
func (p *page) endsCursor(full int) bool {
	return !p.start.said && p.total.value <= len(p.rows) && len(p.rows) < full
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

func isShort(err error) bool {
	_, is := errors.AsType[*shortfall](err)
	return is
}

// refused reports whether the target does not know what it was asked: a parameter, a filter.
func refused(err error) bool {
	status := transport.StatusOf(err)
	return status == http.StatusBadRequest || status == http.StatusNotImplemented
}
