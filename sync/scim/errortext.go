package scim

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// detailLimit is how many characters of a target's own words are passed on: any sentence is, and a traceback is not.
const detailLimit = 1000

var (
	htmlTitle  = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	htmlHidden = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)>`)
	htmlTag    = regexp.MustCompile(`(?s)<[^>]*>`)
)

// errorText finds the first useful words in the body of an error: SCIM's detail, the keys of other error shapes, the title
// of an HTML page, or the text itself. It is empty where there are none.
func errorText(body []byte) string {
	body = bytes.TrimSpace(body)
	var value any
	if json.Unmarshal(body, &value) == nil {
		return shorten(words(value, 0))
	}
	s := string(body)
	if isMarkup(body) {
		if m := htmlTitle.FindStringSubmatch(s); m != nil && strings.TrimSpace(m[1]) != "" {
			return shorten(html.UnescapeString(m[1]))
		}
		return shorten(html.UnescapeString(htmlTag.ReplaceAllString(htmlHidden.ReplaceAllString(s, " "), " ")))
	}
	if len(s) > 0 && (s[0] == '{' || s[0] == '[') {
		return "" // JSON that was cut off says nothing to people
	}
	return shorten(s)
}

// isMarkup reports whether a body is a page for people, from a proxy or a web server in front of the target.
func isMarkup(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

// words searches a decoded error for text, most telling key first. Servers send detail as a string, an array or an object.
func words(value any, depth int) string {
	if depth > 4 {
		return ""
	}
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		var all []string
		for _, one := range v {
			if s := words(one, depth+1); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, "; ")
	case map[string]any:
		for _, key := range []string{"detail", "message", "Message", "error_description", "description", "errors", "Errors", "error", "title", "scimType"} {
			if s := words(v[key], depth+1); s != "" {
				return s
			}
		}
	}
	return ""
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > detailLimit {
		return string(runes[:detailLimit]) + "…"
	}
	return s
}

// said is what a target says of a refusal in its own words. plain is false for a page, which somebody else may have put
// in its place.
func (c *Client) said(status *transport.StatusError) (words string, plain bool) {
	return c.http.Redact(errorText(status.Body)), !isMarkup(status.Body)
}

// saying adds to an error about an answer what the answer says of itself: some servers refuse with 200.
func (c *Client) saying(err error, body []byte) error {
	var refusal struct {
		Detail text `json:"detail"`
	}
	if json.Unmarshal(body, &refusal) != nil || refusal.Detail == "" {
		return err
	}
	words := c.http.Redact(shorten(string(refusal.Detail)))
	return recordError{"the answer is not a SCIM list; the target says: " + words, err}
}
