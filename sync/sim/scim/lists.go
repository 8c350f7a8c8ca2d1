package scim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listBody is what both envelopes have.
func listBody(shown []any) object {
	return object{"itemsPerPage": len(shown), "schemas": []string{listURN}, "Resources": shown}
}

// plainList is the envelope without a cursor. Its total is the number of rows in it, not of those that exist: the
// guide's samples show the same filter with totalResults 100 here and 110 rows over two pages there.
func plainList(shown []any) *answer {
	body := listBody(shown)
	body["totalResults"], body["startIndex"] = len(shown), 1
	return &answer{http.StatusOK, body}
}

// cursor says where a walk goes on. Its row is named, so that every row that stays is seen although others go: rows
// counted from the first would shift.
type cursor struct {
	Last string `json:"l"` // the last row delivered
	Next string `json:"x"` // the row that comes then
	Rows int    `json:"r"` // how many rows came before it
	Page int    `json:"p"` // the number of the next page, from 2
	Nth  int    `json:"n"` // makes each cursor another one
}

// start is where the walk goes on among the rows as they are now. Where both rows are gone it begins again, which
// loses none.
func (k cursor) start(ids []string) int {
	if k.Rows > 0 && k.Rows <= len(ids) && ids[k.Rows-1] == k.Last {
		return k.Rows
	}
	if at := slices.Index(ids, k.Last); at >= 0 {
		return at + 1
	}
	return max(0, slices.Index(ids, k.Next))
}

type paging struct {
	about     string // the list and filter that a cursor is bound to
	count     int
	hasCursor bool // cursor is there, be it bare
	given     string
	at        cursor
}

func (c *call) readPaging(resource string) (paging, error) {
	k := c.knobs
	p := paging{
		about: resource + "\x00" + c.query.Get("filter"), count: k.PageSize,
		hasCursor: c.query.Has("cursor"), given: c.query.Get("cursor"), at: cursor{Page: 1},
	}
	if p.hasCursor && !k.Cursor {
		return p, errInvalid
	}
	if c.query.Has("count") && k.Cursor {
		count, err := strconv.Atoi(c.query.Get("count"))
		if err != nil || count < 1 || count > 100 {
			return p, errInvalid
		}
		p.count = min(count, k.PageSize)
	}
	if p.given == "" {
		return p, nil
	}
	if !fault.Open(p.given, p.about, &p.at) || c.usedCursors[p.given] {
		return p, errInvalid
	}
	if k.SingleUseCursors {
		c.usedCursors[p.given] = true
	}
	return p, nil
}

func (c *call) list(name string, ids []string, p paging, show func(id string) any) (*answer, error) {
	start := 0
	if p.given != "" {
		start = p.at.start(ids)
	}
	faults := *c.pages.For(name)
	if !p.hasCursor {
		faults.Sizes = nil // of the pages of a walk
	}
	cut := faults.Cut(p.at.Page, start, p.count, len(ids))
	shown := make([]any, 0, cut.To-cut.From)
	for _, id := range ids[cut.From:cut.To] {
		shown = append(shown, show(id))
	}
	if !p.hasCursor {
		return plainList(shown), nil
	}
	body := listBody(shown)
	switch {
	case cut.Again && p.given != "":
		body["nextCursor"] = p.given
	case cut.More:
		c.cursorsMade++
		next := cursor{Last: p.at.Last, Next: ids[cut.To], Rows: cut.To, Page: p.at.Page + 1, Nth: c.cursorsMade}
		if cut.To > 0 {
			next.Last = ids[cut.To-1]
		}
		body["nextCursor"] = fault.Token(p.about, next)
	}
	return &answer{http.StatusOK, body}, nil
}

// readFilter reads the filter; its attribute is empty where there is none.
func (c *call) readFilter() (term, error) {
	if !c.query.Has("filter") {
		return term{}, nil
	}
	one, err := parseFilter(c.query.Get("filter"), c.knobs.FilterEscapes)
	if err == nil && one.value == "" { // github.com/slashdevops/idp-scim-sync/issues/75
		err = errInvalid
	}
	return one, err
}

func (c *call) listUsers() (*answer, error) {
	filter, err := c.readFilter()
	if err != nil {
		return nil, err
	}
	p, err := c.readPaging("Users")
	if err != nil {
		return nil, err
	}
	all, name := c.target.UserOrder, "users"
	show := func(id string) any { return showUser(c.target.Users[id]) }
	has := func(attr unique[*world.TargetUser]) []string {
		return slices.DeleteFunc(slices.Clone(all), func(id string) bool {
			return !equalText(attr.value(c.target.Users[id]), filter.value, attr.folded)
		})
	}
	attrs := uniqueOfUsers()
	var ids []string
	switch filter.attr {
	case "":
		ids = all
	case "groups.value":
		g := c.target.Groups[filter.value]
		switch {
		case !c.knobs.Cursor:
			return nil, errInvalid
		case g == nil && c.knobs.UnknownGroup404:
			return nil, errNotFound
		case g != nil:
			ids = existingIDs(slices.Sorted(maps.Keys(g.Members)), c.target.Users)
		}
		name = "members"
	case "username":
		ids = has(attrs[0])
	case "externalid":
		ids = has(attrs[2])
	case "id":
		ids = existingIDs([]string{filter.value}, c.target.Users)
	default:
		return nil, errInvalid
	}
	return c.list(name, ids, p, show)
}

func existingIDs[T any](ids []string, all map[string]T) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, there := all[id]; return !there })
}

func (c *call) listGroups() (*answer, error) {
	filter, err := c.readFilter()
	if err != nil {
		return nil, err
	}
	p, err := c.readPaging("Groups")
	if err != nil {
		return nil, err
	}
	that := func(keep func(*world.TargetGroup) bool) []string {
		return slices.DeleteFunc(slices.Clone(c.target.GroupOrder),
			func(id string) bool { return !keep(c.target.Groups[id]) })
	}
	show := func(id string) any {
		doc := showGroup(c.target.Groups[id])
		doc["members"] = []string{} // a list has the key, and nobody in it
		return doc
	}
	attrs := uniqueOfGroups()
	// A member filter that names no user is refused, so that "not a member" and "no such user" differ (developer
	// guide "ListGroups").
	if filter.attr == "members.value" && c.target.Users[filter.value] == nil {
		return nil, errNotFound
	}
	// Whether a cursor goes with another filter the sources disagree; this is the stricter reading.
	if p.hasCursor && filter.attr != "" && filter.attr != "members.value" {
		return nil, errInvalid
	}
	name := "groups"
	var ids []string
	switch filter.attr {
	case "":
		ids = c.target.GroupOrder
	case "members.value":
		if !c.knobs.Cursor {
			return nil, errInvalid
		}
		name, ids = "members", that(func(g *world.TargetGroup) bool { return g.Members[filter.value] })
	case "displayname":
		ids = that(func(g *world.TargetGroup) bool { return equalText(g.DisplayName, filter.value, attrs[0].folded) })
	case "externalid":
		ids = that(func(g *world.TargetGroup) bool { return equalText(g.ExternalID, filter.value, attrs[1].folded) })
	default:
		return nil, errInvalid
	}
	return c.list(name, ids, p, show)
}
