package scim

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// query joins the parts of a query string that are not empty. It is no url.Values because the first page of a cursor
// walk wants the bare key: url.Values can only write "cursor=".
func query(parts ...string) string {
	kept := parts[:0:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

func equals(attribute, value string) string {
	return "filter=" + escape(attribute+" eq "+quoteValue(value))
}

// quoteValue writes a value of a filter as JSON, as RFC 7644 section 3.4.2.2 has it, so that a name with a quote in it
// cannot become another filter.
func quoteValue(value string) string {
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	// A string always encodes, and a buffer always takes it.
	_ = e.Encode(value) //nolint:errchkjson // see above
	return strings.TrimSuffix(quoted.String(), "\n")
}

// cursorParam makes the parameter of a later page. Cursors may hold + / and =, which would arrive as something else.
func cursorParam(cursor string) string { return "cursor=" + escape(cursor) }

// escape percent-encodes, spaces as %20 because a + is read as a plus by servers that do not decode forms.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// askForNobody gives one page of what a filter finds by a value that nobody has.
func (c *Client) askForNobody(ctx context.Context, of collection, attribute string) (page, error) {
	filter := equals(attribute, randomID())
	if c.dialect.membersInGroups || attribute == "userName" {
		return c.page(ctx, of, filter)
	}
	p, _, err := c.openAWS(ctx, list{of: of, filter: filter})
	return p, err
}

// tryFilter asks for what cannot exist and gives the reason not to believe a membership filter, or nothing. A service
// that ignores a filter it does not know shows everybody as a member of every group; believed, that would have
// everybody removed from everywhere. It is one request.
func (c *Client) tryFilter(ctx context.Context, of collection, attribute string) string {
	p, err := c.askForNobody(ctx, of, attribute)
	switch {
	case refused(err), transport.StatusOf(err) == http.StatusNotFound:
	case err != nil:
		return "every group seems to have the same members, and whether the target ignores the filter could not be " +
			"found out: " + c.reason(err)
	case len(p.rows) > 0:
		return "the target ignores the filter for the members of a group and lists everybody; the AWS lens can read " +
			"them: configure [connections.NAME.aws]"
	}
	return ""
}

// randomID is a UUID that no record has.
func randomID() string {
	var b [16]byte
	// crypto/rand never returns an error.
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
