package scim

import (
	"net/url"
	"slices"
	"strconv"
)

const listURN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

// listBody is either envelope: totalResults and startIndex without a cursor, nextCursor with one.
type listBody struct {
	TotalResults *int     `json:"totalResults,omitempty"`
	ItemsPerPage int      `json:"itemsPerPage"`
	StartIndex   *int     `json:"startIndex,omitempty"`
	NextCursor   string   `json:"nextCursor,omitempty"`
	Schemas      []string `json:"schemas"`
	Resources    []any    `json:"Resources"`
}

// ask is what the query of a list asks for.
type ask struct {
	count  int
	walks  bool   // cursor is there, be it bare
	cursor string // empty on the first page
	place  place
}

// rows are ordered ids to take pages from.
type rows struct {
	ids   []string
	keep  func(id string) bool                    // whether a row is in the list at all
	after func(id string) (place int, known bool) // the place behind a row
	show  func(id string) any
}

// readAsk reads count and cursor. about names the list and filter that a cursor is bound to.
func (c *call) readAsk(query url.Values, about string) (ask, error) {
	k := c.knobs
	a := ask{count: k.PageSize, walks: query.Has("cursor"), cursor: query.Get("cursor"), place: place{Page: 1}}
	if k.RefuseUnsupportedParameters {
		for name := range query {
			if name != "filter" && (!k.Cursor || name != "cursor" && name != "count") {
				return a, invalid("Unsupported parameter %s", name)
			}
		}
	}
	if a.walks && !k.Cursor {
		return a, invalid("Unsupported parameter cursor")
	}
	if text := query.Get("count"); query.Has("count") && k.Cursor && (a.walks || k.CountWithoutCursor) {
		count, err := strconv.Atoi(text)
		if err != nil {
			return a, invalid("Invalid count")
		}
		if clamped := min(max(count, 1), 100); clamped != count {
			if !k.ClampCount {
				return a, invalid("count must be between 1 and 100")
			}
			count = clamped
		}
		a.count = min(count, k.PageSize)
	}
	if a.cursor == "" {
		return a, nil
	}
	var err error
	if a.place, err = decodeCursor(a.cursor, about); err != nil {
		return a, err
	}
	switch {
	case a.place.stale(c.now, k.CursorLifetime):
		return a, invalid("The cursor has expired")
	case k.BindCount && a.count != a.place.Count:
		return a, invalid("count differs from that of the first page")
	case k.SingleUseCursors && !c.server.useCursor(a.cursor):
		return a, invalid("The cursor was used before")
	}
	return a, nil
}

// list answers one page of the rows.
func (c *call) list(r rows, a ask, about string) (*answer, error) {
	faults := c.knobs.Paging
	start := 0
	if a.cursor != "" {
		start = min(a.place.Offset, len(r.ids))
		if !c.knobs.OffsetCursors && a.place.Last != "" {
			var known bool
			if start, known = r.after(a.place.Last); !known {
				return nil, invalid("Invalid cursor")
			}
		}
	}
	size := a.count
	if n := len(faults.Sizes); a.walks && n > 0 {
		size = min(size, max(faults.Sizes[(a.place.Page-1)%n], 0))
	}
	var shown []any
	if repeated := min(faults.Duplicates, size-1); a.walks && a.place.Page > 1 && repeated > 0 {
		shown = r.before(start, repeated)
		size -= len(shown)
	}
	next := place{Last: a.place.Last, Page: a.place.Page + 1, Row: a.place.Row, Count: a.count, Issued: c.now.UnixMilli()}
	at := start
	for taken := 0; at < len(r.ids) && taken < size; at++ {
		if err := c.interrupted(at); err != nil {
			return nil, err
		}
		id := r.ids[at]
		if !r.keep(id) {
			continue
		}
		next.Last, next.Row = id, next.Row+1
		if a.walks && next.Row == faults.VanishRow && c.server.vanish() {
			continue
		}
		taken++
		shown = append(shown, r.show(id))
	}
	next.Offset = at
	if !a.walks {
		return c.plainList(shown), nil
	}
	body := listBody{ItemsPerPage: len(shown), Schemas: []string{listURN}, Resources: notNil(shown)}
	if slices.ContainsFunc(r.ids[at:], r.keep) {
		next.Serial = c.server.serial()
		body.NextCursor = next.encode(about)
		if a.cursor != "" && a.place.Page == faults.LoopAt {
			body.NextCursor = a.cursor
		}
	}
	return &answer{200, body}, nil
}

// before are the last n rows ahead of a place, in order.
func (r rows) before(start, n int) []any {
	var shown []any
	for at := start - 1; at >= 0 && len(shown) < n; at-- {
		if r.keep(r.ids[at]) {
			shown = append(shown, r.show(r.ids[at]))
		}
	}
	slices.Reverse(shown)
	return shown
}

// plainList is the envelope without a cursor. Its total is the number of rows in it, not of those that exist: the
// guide's samples show the same filter with totalResults 100 here and 110 rows over two pages there.
func (c *call) plainList(shown []any) *answer {
	total, first := len(shown), 1
	if c.knobs.Paging.ChangingTotals && c.server.serial()%2 == 0 {
		total++
	}
	return &answer{200, listBody{
		TotalResults: &total, ItemsPerPage: len(shown), StartIndex: &first, Schemas: []string{listURN}, Resources: notNil(shown),
	}}
}

// notNil makes an empty list an empty array and not null.
func notNil(shown []any) []any {
	if shown == nil {
		return []any{}
	}
	return shown
}
