package scim

import (
	"context"
	"sync/atomic"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// legacyPage is the smallest page at which AWS cuts a list without a sign: 50 rows in the old generation, 100 in the
// new (docs.aws.amazon.com/singlesignon/latest/userguide/limits.html). A shorter list is whole.
const legacyPage = 50

// cursorStyle is how the first page of a cursor walk is asked for. Both forms are shipped by clients of AWS
// (github.com/slashdevops/idp-scim-sync sends the bare key, others "cursor=").
type cursorStyle uint8

const (
	styleUndecided cursorStyle = iota
	styleBare
	styleEmpty
	styleNone
)

func (s cursorStyle) param() string {
	return [...]string{styleUndecided: "cursor", styleBare: "cursor", styleEmpty: "cursor=", styleNone: ""}[s]
}

// asks reports whether the style is one of an endpoint that understands cursors.
func (s cursorStyle) asks() bool { return s == styleBare || s == styleEmpty }

// probe finds out once which style an endpoint understands; nothing announces it. The first page of the first list is
// the probe, so that an endpoint with cursors costs no request more.
type probe struct {
	// turn is held by the list that probes; the others wait, or each would waste the same requests.
	turn  transport.Turn
	style cursorStyle
	// together and alone: a filter was taken beside a cursor, or was only without, as one client of AWS reports.
	together, alone atomic.Bool
}

// openAWS fetches the first page of a list; understood means that its answer is one to a cursor.
func (c *Client) openAWS(ctx context.Context, l list) (first page, understood bool, err error) {
	release, err := c.cursor.turn.Take(ctx)
	if err != nil {
		return page{}, false, err
	}
	style := c.cursor.style
	if style == styleUndecided && l.filter == "" {
		defer release()
		return c.probeCursor(ctx, l)
	}
	release()
	if l.filter != "" && c.cursor.alone.Load() {
		style = styleNone
	}
	first, err = c.page(ctx, l.of, query(style.param(), l.filter))
	beside := l.filter != "" && style != styleNone
	switch {
	case beside && err == nil:
		c.cursor.together.Store(true)
	case beside && refused(err) && !c.cursor.together.Load():
		style = styleNone
		if first, err = c.page(ctx, l.of, l.filter); err == nil {
			c.cursor.alone.Store(true)
		}
	}
	return first, style.asks(), err
}

// probeCursor decides the style. Any answer but a 400 that is no list leaves it undecided: a refused token says nothing
// about cursors.
func (c *Client) probeCursor(ctx context.Context, l list) (first page, understood bool, err error) {
	var legacy *page
	for _, style := range []cursorStyle{styleBare, styleEmpty} {
		first, err = c.page(ctx, l.of, style.param())
		switch {
		case refused(err):
			continue
		case err != nil:
			return page{}, false, err
		case first.isCursorPage():
			c.cursor.style = style
			return first, true, nil
		case len(first.rows) < legacyPage && first.total.value <= len(first.rows):
			return first, false, nil // whole, cursor or not; the next list may still decide
		}
		kept := first
		legacy = &kept
	}
	if legacy == nil {
		if first, err = c.page(ctx, l.of, ""); err != nil {
			return page{}, false, err
		}
		legacy = &first
	}
	c.cursor.style = styleNone
	return *legacy, false, nil
}
