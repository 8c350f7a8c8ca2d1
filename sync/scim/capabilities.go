package scim

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Capabilities finds out what the target understands, in three requests: the first page of users, a filter by a userName
// that nobody has, and one by a group that does not exist. What a service says of itself is not asked: AWS's own document
// knows no cursors and names the wrong page size
// (https://docs.aws.amazon.com/singlesignon/latest/developerguide/serviceproviderconfig.html).
func (c *Client) Capabilities(ctx context.Context) model.Capabilities {
	var found model.Capabilities
	style := styleBare
	first, err := c.page(ctx, ofUsers, style.param())
	switch {
	case refused(err):
		found.Cursor, style = model.No, styleNone
	case err != nil:
		found.Trouble = "the first page could not be read: " + c.reason(err)
		return found
	default:
		found.Cursor = model.TriOf(first.isCursorPage())
		if !first.isCursorPage() {
			style = styleNone
		}
		cut := style == styleNone && c.manner.silentCut > 0 && len(first.rows) >= c.manner.silentCut
		if first.next != "" || first.total.value > len(first.rows) || cut {
			found.PageSize = len(first.rows)
		}
	}
	var trouble string
	if found.Filter, trouble = c.honours(ctx, equals("userName", randomID())); trouble != "" {
		found.Trouble = trouble
	}
	if places := c.features.places.Load(); places != nil {
		found.Elsewhere, found.Ignored = places.elsewhere(), c.http.Redact(strings.Join(places.ignored, "; "))
	}
	if !c.manner.membersInGroups {
		found.MemberFilter, trouble = c.honours(ctx, query(style.param(), equals("groups.value", randomID())))
		if trouble != "" {
			found.Trouble = trouble
		}
	}
	return found
}

// honours asks for what cannot exist: whoever lists somebody ignores the filter, whoever refuses does not know it. A 404 is an
// answer too: AWS documents it for members that do not exist.
func (c *Client) honours(ctx context.Context, rawQuery string) (answer model.Tri, trouble string) {
	p, err := c.page(ctx, ofUsers, rawQuery)
	var status *transport.StatusError
	switch {
	case err == nil:
		return model.TriOf(len(p.rows) == 0), ""
	case refused(err):
		return model.No, ""
	case errors.As(err, &status) && status.Status == http.StatusNotFound:
		return model.Yes, ""
	}
	return model.Unsaid, "a filter could not be tried: " + c.reason(err)
}
