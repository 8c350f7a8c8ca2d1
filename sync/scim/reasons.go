package scim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// reason puts an error into a phrase that says what happened and what to do, fit for a coverage.
func (c *Client) reason(err error) string {
	var status *transport.StatusError
	var short *shortfall
	if given, ok := errors.AsType[*transport.GivenUpError](err); ok {
		return given.Because(c.reason(given.Err))
	}
	switch {
	case errors.As(err, &short):
		return c.http.Redact(short.reason)
	case errors.As(err, &status):
		return c.statusReason(err, status)
	case errors.Is(err, context.Canceled):
		return "the read was cancelled; reload to read again"
	}
	return c.http.Redact(err.Error())
}

func (c *Client) statusReason(err error, status *transport.StatusError) string {
	detail, plain := c.said(status)
	said := ""
	if detail != "" {
		said = ": " + detail
	}
	switch {
	case status.Status == http.StatusUnauthorized:
		return "the target refused the token (401" + said + "): " + c.dialect.tokenRefused
	case status.Status == http.StatusForbidden:
		return "the target does not let us read (403" + said +
			"): the token lacks the permission, or a network rule of " +
			"the target refuses this address; check the token's rights and the target's list of allowed addresses"
	case status.Status == http.StatusNotFound && detail != "" && plain && isSCIMError(status.Body):
		return "the target knows no such record or address (404" + said + "); reload"
	case status.Status == http.StatusNotFound:
		return "the target knows no such address (404" + said +
			"); if it is not a record that has just gone, the base URL is wrong: it mostly ends in /scim/v2"
	case status.Status == http.StatusTooManyRequests:
		if wait, ok := errors.AsType[*transport.WaitError](err); ok {
			return "the target limits our rate: " + c.http.Redact(wait.Error())
		}
		return "the target limits our rate (429" + said + "); wait a minute and reload, or lower rate_share"
	case status.Status >= http.StatusInternalServerError:
		return fmt.Sprintf("the target failed (%d%s); reload in a while%s", status.Status, said,
			quote(status.RequestID))
	}
	if detail != "" && plain { // its own words say what is wrong, and advice of ours could only lead away from it
		return fmt.Sprintf("the target refused the request (%d%s)%s", status.Status, said, quote(status.RequestID))
	}
	return fmt.Sprintf("the target refused the request (%d%s); reload, and if it stays so check the URL and the "+
		"dialect%s", status.Status, said, quote(status.RequestID))
}

func quote(requestID string) string {
	if requestID == "" {
		return ""
	}
	return ", and quote its request id " + requestID + " to its support"
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// errorText finds the useful words in the body of an error: SCIM's detail, what gateways send in its place, the title
// of an HTML page, or the text itself. It is empty where there are none.
func errorText(body []byte) string {
	body = bytes.TrimSpace(body)
	var value any
	switch {
	case json.Unmarshal(body, &value) == nil:
		return transport.OneLine(words(value))
	case isMarkup(body):
		if title := htmlTitle.FindSubmatch(body); title != nil {
			return transport.OneLine(html.UnescapeString(string(title[1])))
		}
		return ""
	case len(body) > 0 && (body[0] == '{' || body[0] == '['):
		return "" // JSON that was cut off says nothing to people
	}
	return transport.OneLine(string(body))
}

// isMarkup reports whether a body is a page for people, from a proxy or a web server in front of the target.
func isMarkup(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

// words searches a decoded error for text, most telling key first. Servers send detail as a list too, and AWS's
// gateway, which is in front of the SCIM endpoint, a message.
func words(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		var all []string
		for _, one := range v {
			if s, is := one.(string); is {
				all = append(all, strings.TrimSpace(s))
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		for _, key := range []string{"detail", "message", "Message", "error_description", "error", "scimType"} {
			if _, nested := v[key].(map[string]any); nested {
				continue
			}
			if s := words(v[key]); s != "" {
				return s
			}
		}
	}
	return ""
}

// said is what a target says of a refusal in its own words. plain is false for a page, which somebody else may have put
// in its place.
func (c *Client) said(status *transport.StatusError) (words string, plain bool) {
	return c.http.Redact(errorText(status.Body)), !isMarkup(status.Body)
}
