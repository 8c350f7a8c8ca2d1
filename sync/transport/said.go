package transport

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// ErrorMessage finds the useful words in the body of a refusal, "" where there are none: what SCIM, OneLogin and
// gateways have for people, the title of a page, or the text itself. page: it is one, which somebody else put in the
// service's place.
func ErrorMessage(body []byte) (words string, page bool) {
	body = bytes.TrimSpace(body)
	var value any
	switch {
	case DecodeLossy(body, &value) == nil:
		words = findErrorText(value)
	case isPage(body):
		if title := htmlTitle.FindSubmatch(body); title != nil {
			words = html.UnescapeString(string(title[1]))
		}
		page = true
	case len(body) > 0 && !bytes.ContainsAny(body[:1], `{["`): // JSON that was cut off says nothing to people
		words = string(body)
	}
	return OneLine(words), page
}

// findErrorText searches a decoded error for text, most telling key first. Servers send detail as a list too; AWS's
// gateway, which is in front of the SCIM endpoint, sends a message; OneLogin has a shape for /auth and /api/1, with all
// of it in status, and others for /api/2, rules and pagination.
func findErrorText(value any) string {
	var all []string
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		for _, one := range v {
			all = append(all, findErrorText(one))
		}
	case map[string]any:
		said := errorText(v, false)
		if said == "" {
			said = errorText(v, true)
		}
		if field, is := v["field"].(string); is && said != "" {
			said = field + ": " + said
		}
		errs, _ := v["errors"].([]any)
		all = []string{said, findErrorText(errs)}
	}
	return strings.Join(model.NonEmpty(all...), "; ")
}

// errorText gives the words of an error itself, or of an object in it.
func errorText(v map[string]any, nested bool) string {
	for _, key := range []string{
		"detail", "message", "Message", "error_description", "description", "error", "scimType", "status", "title",
		"name",
	} {
		if _, is := v[key].(map[string]any); is != nested || !nested && key == "status" {
			continue
		}
		said := findErrorText(v[key])
		if raw, err := json.Marshal(v[key]); nested && said == "" && key == "message" && err == nil {
			said = string(raw)
		}
		if said != "" {
			return said
		}
	}
	return ""
}
