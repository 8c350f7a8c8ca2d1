package scim

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"strings"
)

// detailLimit is how many characters of a target's own words are passed on.
const detailLimit = 200

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

// scrub takes the token out of text that a target made, which may repeat what it was sent.
func (c *Client) scrub(s string) string { return strings.ReplaceAll(s, c.token, "…") }
