package onelogin

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// list names a v2 list with its page sizes.
type list struct {
	name          string
	fallback, max int
}

// listOf gives a list's page sizes. Maxima are the documented ones or those that OneLogin's own clients use; more is
// clamped, which is our choice.
func (s *Server) listOf(name string) list {
	switch name {
	case "users":
		return list{name, 50, or(s.knobs.UsersPageMax, 50)}
	case "apps", "app_users", "connectors":
		return list{name, 100, 1000}
	case "roles":
		return list{name, 50, 650}
	}
	return list{name, 50, 100} // a role's users, admins and apps
}

// page is what a client asks of a list.
type page struct {
	list

	limit, number int
	sort          string
	descending    bool
	query         url.Values // filters, to be repeated in links
}

// pageOf reads limit and page, or a cursor, which excludes both.
func (s *Server) pageOf(c *call, name string) (page, *answer) {
	l := s.listOf(name)
	p := page{list: l, limit: min(l.fallback, l.max), number: 1, sort: "id", query: filters(c.query)}
	if cursor := c.query.Get("cursor"); cursor != "" {
		if c.query.Has("limit") || c.query.Has("page") {
			bad := badPage("Requests can only have cursor xor pagination arguments")
			return p, &bad
		}
		return p.resume(cursor)
	}
	bad := badPage("limit and page must be positive numbers")
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return p, &bad
		}
		p.limit = min(n, l.max)
	}
	if text := c.query.Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return p, &bad
		}
		p.number = n
	}
	if order := strings.TrimSpace(c.query.Get("sort")); order != "" {
		p.descending = strings.HasPrefix(order, "-")
		p.sort = strings.TrimLeft(order, "+-")
	}
	return p, nil
}

// cursor is opaque to clients. Seen in the wild: a query string in base64, so with "=" and possibly "+" or "/" in it.
// The filters are not inside; clients send them again.
func (p page) cursor(number int) string {
	direction := "asc"
	if p.descending {
		direction = "desc"
	}
	text := "limit=" + strconv.Itoa(p.limit) + "&sort=" + url.QueryEscape(p.sort) + "&page=" + strconv.Itoa(number) +
		"&sort_direction=" + direction
	return base64.StdEncoding.EncodeToString([]byte(text))
}

func (p page) resume(cursor string) (page, *answer) {
	bad := badPage("Invalid pagination cursor")
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return p, &bad
	}
	q, err := url.ParseQuery(string(raw))
	if err != nil {
		return p, &bad
	}
	limit, errLimit := strconv.Atoi(q.Get("limit"))
	number, errNumber := strconv.Atoi(q.Get("page"))
	if errLimit != nil || errNumber != nil || limit < 1 || number < 1 || q.Get("sort") == "" {
		return p, &bad
	}
	p.limit, p.number, p.sort, p.descending = min(limit, p.max), number, q.Get("sort"), q.Get("sort_direction") == "desc"
	return p, nil
}

// slice is the part of a list that one answer shows.
type slice struct {
	from, to     int // rows
	total, pages int
	more         bool // a next page is announced
	again        bool // by the cursor of this very page
}

// cut decides which of total rows a page shows, bent as the knobs say.
func (s *Server) cut(p page, total int) slice {
	f := s.fault(p.name)
	size := p.limit
	if f.Kind == ShortPages {
		size = max(1, size/2)
	}
	stride := size
	if f.Kind == Duplicates {
		stride = max(1, size-1)
	}
	if f.Kind == Empty {
		total = 0
	}
	out := slice{from: (p.number - 1) * stride, total: total, pages: (total + stride - 1) / stride}
	switch f.Kind { //nolint:exhaustive // the rest bend rows
	case EmptyPage:
		out.pages++
		if p.number == f.Page {
			out.more = out.from < total
			out.from = total
		} else if p.number > f.Page {
			out.from -= stride
		}
	case Vanish:
		if p.number > 1 {
			out.from++
			out.total--
		}
	case TotalChanges:
		out.total += (p.number + 1) % 2
	}
	out.from = min(out.from, total)
	out.to = min(out.from+size, total)
	out.more = out.more || out.to < total && out.from < total
	switch {
	case f.Kind == Truncated && p.number >= f.Page:
		out.more = false
		if p.number > f.Page {
			out.to = out.from
		}
	case f.Kind == RepeatedCursor:
		out.again = true
	}
	return out
}

// listed is a bare array with the pagination headers.
func (c *call) listed(p page, cut slice, rows any) answer {
	a := respond(http.StatusOK, rows)
	set := func(name string, n int) { a.header[name] = []string{strconv.Itoa(n)} }
	set("Current-Page", p.number)
	set("Page-Items", cut.to-cut.from)
	set("Total-Count", cut.total)
	set("Total-Pages", cut.pages)
	links := []string{}
	link := func(rel, cursor string) {
		q := url.Values{"cursor": {cursor}}
		for name := range p.query {
			q.Set(name, p.query.Get(name))
		}
		links = append(links, "<"+c.link(q)+`>; rel="`+rel+`"`)
	}
	if p.number > 1 {
		a.header["Before-Cursor"] = []string{p.cursor(p.number - 1)}
		link("prev", p.cursor(p.number-1))
	}
	if cut.more {
		next := p.number + 1
		if cut.again {
			next = p.number
		}
		a.header["After-Cursor"] = []string{p.cursor(next)}
		link("next", p.cursor(next))
	}
	if len(links) > 0 {
		a.header["Link"] = []string{strings.Join(links, ", ")}
	}
	return a
}
