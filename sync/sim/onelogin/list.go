package onelogin

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
)

// pageSizes gives the rows of a list's page, by default and at most. Maxima are the documented ones or those that
// OneLogin's own clients use; more is clamped, which is our choice.
func (s *Server) pageSizes(list string) (usual, most int) {
	switch list {
	case "users":
		most = cmp.Or(s.knobs.UsersPageMax, 50)
		return min(50, most), most
	case "apps", "app_users":
		return 100, 1000
	case "roles":
		return 50, 650
	}
	return 50, 100 // a role's users and apps
}

type page struct {
	limit, number int
	query         url.Values // filters
}

// pageOf reads limit and page, or a cursor, which excludes both.
func (s *Server) pageOf(c *call, list string) (page, *answer) {
	usual, most := s.pageSizes(list)
	p := page{limit: usual, number: 1, query: filters(c.query)}
	from, wrong := c.query, badPagination("limit and page must be positive numbers")
	if cursor := c.query.Get("cursor"); cursor != "" {
		if c.query.Has("limit") || c.query.Has("page") {
			wrong = badPagination("Requests can only have cursor xor pagination arguments")
			return p, &wrong
		}
		wrong = badPagination("Invalid pagination cursor")
		raw, err := base64.StdEncoding.DecodeString(cursor)
		if from, _ = url.ParseQuery(string(raw)); err != nil || !from.Has("limit") || !from.Has("page") {
			return p, &wrong
		}
	}
	for name, to := range map[string]*int{"limit": &p.limit, "page": &p.number} {
		if text := from.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return p, &wrong
			}
			*to = n
		}
	}
	p.limit = min(p.limit, most)
	return p, nil
}

// otherHost is where links lead: to another host, as those of an account that is asked at a regional one may. A client
// follows the cursor.
const otherHost = "https://elsewhere.example/"

// cursor is opaque to clients. Seen in the wild: a query string in base64, so with "=" and possibly "+" or "/" in it.
// The filters are not inside; clients send them again.
func (p page) cursor(number int) string {
	text := "limit=" + strconv.Itoa(p.limit) + "&sort=id&page=" + strconv.Itoa(number) + "&sort_direction=asc"
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// list answers a page of a list under /api/2: a bare array with the pagination in headers, without those of the way
// back, where nobody goes. collect gives the ids of all records that the filters let through, in any order, and row
// shows one of them.
func list[T any](
	s *Server, c *call, name string, all map[int64]*T, collect func(url.Values) []int64, row func(*T) map[string]any,
) answer {
	p, bad := s.pageOf(c, name)
	if bad != nil {
		return *bad
	}
	found := s.walkOf(c, p, collect)
	cut, pages := s.pages.For(name).CutNumbered(p.number, p.limit, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.From:cut.To] {
		if one := all[id]; one != nil { // it may have been removed meanwhile
			rows = append(rows, row(one))
		}
	}
	return pageAnswer(p, cut, pages, rows)
}

func pageAnswer(p page, cut fault.Cut, pages int, rows []map[string]any) answer {
	a := respond(http.StatusOK, rows)
	for name, n := range map[string]int{
		"Current-Page": p.number, "Page-Items": cut.To - cut.From, "Total-Count": cut.Total, "Total-Pages": pages,
	} {
		a.header[name] = []string{strconv.Itoa(n)}
	}
	if cut.More {
		next := p.number + 1
		if cut.Again {
			next = p.number
		}
		a.header["After-Cursor"] = []string{p.cursor(next)}
		a.header["Link"] = []string{"<" + otherHost + `>; rel="next"`}
	}
	return a
}

// walk is a filtered and sorted list of ids, kept between the pages of one walk so that a page costs what it shows.
type walk struct {
	ids     []int64
	sizes   [4]int
	changes uint64
}

// walksKept bounds the memory; a dropped walk is only sorted again.
const walksKept = 32

// walkOf gives a list's ids in order. The first page always collects anew, later pages only when the world has changed
// (see world.Source.Changes).
func (s *Server) walkOf(c *call, p page, collect func(url.Values) []int64) []int64 {
	key := c.req.URL.Path + "\n" + p.query.Encode()
	sizes := s.sizes()
	if w, ok := s.walks[key]; ok && p.number > 1 && w.sizes == sizes && w.changes == s.w.Source.Changes {
		return w.ids
	}
	found := collect(p.query)
	slices.Sort(found)
	if len(s.walks) >= walksKept {
		clear(s.walks)
	}
	s.walks[key] = walk{ids: found, sizes: sizes, changes: s.w.Source.Changes}
	return found
}

// sizes notice users and memberships that came or went since a walk began.
func (s *Server) sizes() [4]int {
	src := &s.w.Source
	n := [4]int{len(src.Users), len(src.Roles), len(src.Apps), 0}
	for _, r := range src.Roles {
		n[3] += len(r.Users) + len(r.Apps)
	}
	for _, a := range src.Apps {
		n[3] += len(a.Direct)
	}
	return n
}

func idsWhere[T any](all map[int64]T, test func(T) bool) []int64 {
	found := make([]int64, 0, len(all))
	for id, one := range all {
		if test(one) {
			found = append(found, id)
		}
	}
	return found
}

// valueFilter compares a filter value: exact, without regard to case, unless it has an asterisk, which stands for any
// text. No filter narrows nothing.
func valueFilter(pattern string) func(value string) bool {
	if pattern == "" {
		return func(string) bool { return true }
	}
	if !strings.Contains(pattern, "*") {
		return func(value string) bool { return strings.EqualFold(pattern, value) }
	}
	form := strings.ReplaceAll(regexp.QuoteMeta(strings.ToValidUTF8(pattern, "?")), `\*`, ".*")
	return regexp.MustCompile("(?is)^" + form + "$").MatchString
}

// parseIDs reads a comma list of ids; words that are no number match nothing, as id 0 belongs to nobody.
func parseIDs(list string) map[int64]bool {
	set := map[int64]bool{}
	for word := range strings.SplitSeq(list, ",") {
		if id := parseID(strings.TrimSpace(word)); id != 0 {
			set[id] = true
		}
	}
	return set
}

// filters keeps what narrows a list: a blank value narrows nothing, so a client that sends one gets the whole tenant.
func filters(q url.Values) url.Values {
	kept := url.Values{}
	for name, values := range q {
		switch name {
		case "limit", "page", "cursor", "fields", "sort":
		default:
			if len(values) > 0 && values[0] != "" {
				kept.Set(name, values[0])
			}
		}
	}
	return kept
}

// selectFields keeps the fields that a client asked for, and the id.
func selectFields(object map[string]any, fields string) map[string]any {
	if fields == "" {
		return object
	}
	kept := map[string]any{"id": object["id"]}
	for name := range strings.SplitSeq(fields, ",") {
		if v, ok := object[strings.TrimSpace(name)]; ok {
			kept[strings.TrimSpace(name)] = v
		}
	}
	return kept
}

// parseID reads an id from a path; 0 is nobody's.
func parseID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
