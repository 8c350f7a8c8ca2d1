package scim

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// query joins the parts of a query string that are not empty. It is no url.Values because the first page of a cursor walk
// wants the bare key: url.Values can only write "cursor=".
func query(parts ...string) string {
	kept := parts[:0:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// equals makes the parameter of a filter: attribute eq "value".
func equals(attribute, value string) string {
	return "filter=" + escape(attribute+" eq "+quoteValue(value))
}

// quoteValue writes a value of a filter as JSON, as RFC 7644 section 3.4.2.2 has it, so that a name with a quote in it cannot
// become another filter.
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
