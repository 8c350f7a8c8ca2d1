package scim

import (
	"encoding/json"
	"regexp"
	"strings"
)

// term is one comparison of a filter; eq is the only operator there is.
type term struct{ attr, value string }

// escapedTerm is one term with a JSON string, plainTerm one whose value ends at the next quote.
var (
	escapedTerm = regexp.MustCompile(`(?is)^ *([a-z0-9.:_$-]+) +eq +("(?:[^"\\]|\\.)*") *$`)
	plainTerm   = regexp.MustCompile(`(?is)^ *([a-z0-9.:_$-]+) +eq +"([^"]*)" *$`)
)

// parseFilter reads `attr eq "value"`. The service also has two of them joined by `and` (developer guide
// "Limitations"), which nobody here asks. Attribute names come back lower-cased, because SCIM names have no case. With
// escapes a value is a JSON string; without, a backslash is a backslash.
func parseFilter(text string, escapes bool) (term, error) {
	form := plainTerm
	if escapes {
		form = escapedTerm
	}
	found := form.FindStringSubmatch(text)
	if found == nil {
		return term{}, errInvalid
	}
	one := term{strings.ToLower(found[1]), found[2]}
	if escapes && json.Unmarshal([]byte(found[2]), &one.value) != nil {
		return term{}, errInvalid
	}
	return one, nil
}
