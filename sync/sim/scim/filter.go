package scim

import (
	"encoding/json"
	"regexp"
	"strings"
)

// term is one comparison of a filter; eq is the only operator there is.
type term struct{ attr, value string }

// escapedTerm is one term with a JSON string, plainTerm one whose value ends at the next quote; behind it is another
// term or nothing.
var (
	escapedTerm = regexp.MustCompile(`(?is)^ *([a-z0-9.:_$-]+) +eq +("(?:[^"\\]|\\.)*")(?: +and +| *$)`)
	plainTerm   = regexp.MustCompile(`(?is)^ *([a-z0-9.:_$-]+) +eq +"([^"]*)"(?: +and +| *$)`)
)

// parseFilter reads `attr eq "value"`, and two of them joined by `and`: all that the service has (developer guide
// "Limitations"). Attribute names come back lower-cased, because SCIM names have no case. With escapes a value is a
// JSON string; without, a backslash is a backslash.
func parseFilter(text string, escapes bool) ([]term, error) {
	form := plainTerm
	if escapes {
		form = escapedTerm
	}
	var terms []term
	for more := true; more; {
		found := form.FindStringSubmatch(text)
		if found == nil || len(terms) == 2 {
			return nil, errInvalid
		}
		one := term{strings.ToLower(found[1]), found[2]}
		if escapes && json.Unmarshal([]byte(found[2]), &one.value) != nil {
			return nil, errInvalid
		}
		terms, text = append(terms, one), text[len(found[0]):]
		more = text != "" || strings.HasSuffix(strings.ToLower(strings.TrimRight(found[0], " ")), `" and`)
	}
	return terms, nil
}
