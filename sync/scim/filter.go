package scim

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// joinQuery joins the parts of a query string that are not empty. It is no url.Values because the first page of a
// cursor walk wants the bare key: url.Values can only write "cursor=".
func joinQuery(parts ...string) string {
	return strings.Join(model.NonEmpty(parts...), "&")
}

func equalsFilter(attribute, value string) string {
	return "filter=" + percentEncode(attribute+" eq "+quoteValue(value))
}

// quoteValue writes a value as JSON (RFC 7644 section 3.4.2.2), so that a quote in it makes no other filter.
func quoteValue(value string) string {
	quoted, _ := jsontext.AppendQuote(nil, value) // of bytes that are no text, which match nobody, it says so too
	return string(quoted)
}

// cursorParam makes the parameter of a later page. Cursors may hold + / and =, which would arrive as something else.
func cursorParam(cursor string) string { return "cursor=" + percentEncode(cursor) }

// percentEncode percent-encodes, spaces as %20 because a + is read as a plus by servers that do not decode forms.
func percentEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// heedsFilter reports whether a filter is heeded: asked for what cannot exist, the target finds nobody. A service that
// ignores a filter it does not know shows everybody as a member of every group; believed, that would have everybody
// removed from everywhere. It is one request, until the collection is listed again. A filter that is refused leaves it
// unsaid, and a question that failed is asked again.
func (c *Client) heedsFilter(ctx context.Context, of collection, attribute string) (answer model.Tri, err error) {
	k := questionKind{of, attribute}
	c.observed.update(func() { answer = c.observed.filterHeeded[k] })
	if answer != model.Unsaid {
		return answer, nil
	}
	filter := equalsFilter(attribute, randomID())
	var p page
	if c.dialect.membersInGroups || attribute == "userName" {
		p, err = c.readPage(ctx, of, filter)
	} else {
		p, _, err = c.firstPageAWS(ctx, list{collection: of, filter: filter})
	}
	switch {
	case isRefusedRequest(err):
		return model.Unsaid, nil
	case err != nil && transport.StatusOf(err) != http.StatusNotFound: // AWS documents it for members that do not exist
		return model.Unsaid, err
	}
	answer = model.TriOf(len(p.rows) == 0)
	c.observed.update(func() { c.observed.filterHeeded[k] = answer })
	return answer, nil
}

// filterDistrust gives why what a membership filter finds of a collection is not believed, nil if it is: a shortfall
// where the filter is ignored, else why that could not be found out.
func (c *Client) filterDistrust(ctx context.Context, of collection) error {
	attribute, lists := membersFilter, "members of a group and lists everybody"
	if of == ofGroups {
		attribute, lists = groupsFilter, "groups of a user and lists them all"
	}
	switch heeds, err := c.heedsFilter(ctx, of, attribute); {
	case err != nil:
		return fmt.Errorf("whether the target ignores a filter by %s could not be found out: %s", attribute,
			c.reason(err))
	case heeds == model.No:
		return &shortfall{reason: "the target ignores the filter for the " + lists + "; the AWS lens can read them: " +
			"configure [connections.NAME.aws]"}
	}
	return nil
}

// randomID is a UUID that no record has.
func randomID() string {
	var b [16]byte
	// crypto/rand never returns an error.
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
