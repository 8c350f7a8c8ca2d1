package onelogin

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
)

// eventsMax is the documented page size of the event list, default and maximum.
const eventsMax = 50

// sliceV1 is the part of a v1 list that one answer shows, with the cursors around it.
type sliceV1 struct {
	from, to      int
	before, after string
}

// cutV1 decides which of total rows an answer shows. Its cursors name the row next to the page and not a number of rows,
// because the log grows while it is read: rows counted from the newest would shift and repeat.
func (s *Server) cutV1(c *call, listName string, total int, id func(int) int64) (sliceV1, *answer) {
	bad := wrapped(http.StatusBadRequest, "bad request", "Invalid pagination cursor or limit")
	limit, number, start := eventsMax, 1, 0
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return sliceV1{}, &bad
		}
		limit = min(n, eventsMax)
	}
	find := func(row int64) int {
		for i := range total {
			if id(i) == row {
				return i
			}
		}
		return -1
	}
	used := c.query.Get("after_cursor")
	if used != "" {
		row, n, ok := openCursor(used)
		start, number = find(row)+1, n
		if !ok || (start == 0 && row != 0) {
			return sliceV1{}, &bad
		}
	} else if before := c.query.Get("before_cursor"); before != "" {
		row, n, ok := openCursor(before)
		end := find(row)
		if !ok || end < 0 {
			return sliceV1{}, &bad
		}
		start, number = max(0, end-limit), n
		limit = end - start
	}
	return s.bendV1(listName, total, limit, number, start, used, id), nil
}

// bendV1 makes the slice and applies the knobs' paging fault.
func (s *Server) bendV1(listName string, total, limit, number, start int, used string, id func(int) int64) sliceV1 {
	f := s.fault(listName)
	size := limit
	switch f.Kind { //nolint:exhaustive // the rest bend other things
	case ShortPages:
		size = max(1, limit/2)
	case Duplicates:
		if number > 1 && start > 0 && size > 1 {
			start--
		}
	case Vanish:
		if number > 1 {
			start++
		}
	case Empty:
		return sliceV1{}
	}
	start = min(start, total)
	cut := sliceV1{from: start, to: min(start+size, total)}
	if f.Kind == EmptyPage && number == f.Page {
		cut.to = cut.from
	}
	cut.cursors(total, number, id)
	switch {
	case f.Kind == Truncated && number >= f.Page:
		cut.after = ""
	case f.Kind == RepeatedCursor && used != "" && cut.after != "":
		cut.after = used
	}
	return cut
}

// cursors names the rows on both sides of the page.
func (s *sliceV1) cursors(total, number int, id func(int) int64) {
	if s.to < total {
		last := int64(0) // in front of the first row
		if s.to > 0 {
			last = id(s.to - 1)
		}
		s.after = sealCursor(last, number+1)
	}
	if s.from > 0 && s.from < total {
		s.before = sealCursor(id(s.from), max(1, number-1))
	}
}

func sealCursor(row int64, number int) string {
	return base64.StdEncoding.EncodeToString([]byte("id=" + strconv.FormatInt(row, 10) + "&page=" + strconv.Itoa(number)))
}

func openCursor(cursor string) (row int64, number int, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, 0, false
	}
	q, err := url.ParseQuery(string(raw))
	if err != nil {
		return 0, 0, false
	}
	row, errRow := strconv.ParseInt(q.Get("id"), 10, 64)
	number, errNumber := strconv.Atoi(q.Get("page"))
	return row, number, errRow == nil && errNumber == nil && number >= 1
}

// enveloped is the v1 envelope with pagination.
func (s *Server) enveloped(c *call, cut sliceV1, rows any) answer {
	absent := any(nil)
	if s.knobs.NullCursorString {
		absent = "null"
	}
	pagination := map[string]any{"before_cursor": absent, "after_cursor": absent, "previous_link": absent, "next_link": absent}
	set := func(name, link, cursor string) {
		if cursor == "" {
			return
		}
		q := filters(c.query)
		for _, other := range []string{"before_cursor", "after_cursor"} {
			q.Del(other)
		}
		q.Set(name, cursor)
		pagination[name], pagination[link] = cursor, c.link(q)
	}
	set("before_cursor", "previous_link", cut.before)
	set("after_cursor", "next_link", cut.after)
	return respond(http.StatusOK, map[string]any{"status": success(), "pagination": pagination, "data": rows})
}
