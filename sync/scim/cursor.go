package scim

import (
	"context"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// legacyPageSize is the smallest page at which AWS cuts a list without a sign: 50 rows in the old generation, 100 in
// the new (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html). A shorter list is whole.
const legacyPageSize = 50

// bareCursor asks for the first page of a cursor walk
// (docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html).
const bareCursor = "cursor"

// probe finds out once whether an endpoint understands cursors; nothing announces it. The first page of the first list
// is the probe, so that an endpoint with cursors costs no request more.
type probe struct {
	// mu is held by the list that probes; the others wait, or each would waste the same requests.
	mu    transport.ContextMutex
	known model.Tri
}

// firstPageAWS fetches the first page of a list; understood means that this endpoint is known to understand cursors.
// Any answer but a 400 that is no list leaves that open: a refused token says nothing about cursors.
func (c *Client) firstPageAWS(ctx context.Context, l list) (first page, understood bool, err error) {
	release, err := c.cursor.mu.Lock(ctx)
	if err != nil {
		return first, false, err
	}
	known := c.cursor.known
	if known != model.Unsaid || l.filter != "" {
		release()
		cursor := bareCursor
		if known == model.No {
			cursor = ""
		}
		first, err = c.readPage(ctx, l.collection, joinQuery(cursor, l.filter))
		return first, known == model.Yes, err
	}
	defer release()
	first, err = c.readPage(ctx, l.collection, bareCursor)
	if isRefusedRequest(err) {
		if first, err = c.readPage(ctx, l.collection, ""); err == nil {
			c.cursor.known = model.No
		}
		return first, false, err
	}
	switch {
	case err != nil:
	case first.isCursorPage():
		c.cursor.known = model.Yes
	case len(first.rows) >= legacyPageSize || first.total.value > len(first.rows):
		c.cursor.known = model.No // else it is whole, cursor or not, and the next list may still decide
	}
	return first, c.cursor.known == model.Yes, err
}
