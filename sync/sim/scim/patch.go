package scim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// change is one operation of a PATCH: on an attribute, or on the element of it that a filter chooses, or on a part of
// either.
type change struct {
	op     string // "add", "replace" or "remove"
	attr   string
	filter *term
	part   string
	value  any
}

// changePath is `attr`, `attr.part`, `attr[part eq "x"]` or `attr[part eq "x"].part`.
var changePath = regexp.MustCompile(`(?s)^(\w+)(?:\[(.+)\])?(?:\.(\w+))?$`)

// readChanges reads a PATCH body. Operations without a path are refused: the service takes some, and nobody here
// sends one.
func (c *call) readChanges() ([]change, error) {
	doc, err := parseObject(c.body)
	if err != nil {
		return nil, err
	}
	list, _ := valueByKey(doc, "Operations").([]any)
	if len(list) == 0 {
		return nil, errInvalid
	}
	changes := make([]change, 0, len(list))
	for _, item := range list {
		one, _ := item.(object)
		op, _ := valueByKey(one, "op").(string)
		path, _ := valueByKey(one, "path").(string)
		ch := change{op: strings.ToLower(op), value: valueByKey(one, "value")}
		parts := changePath.FindStringSubmatch(path)
		if parts == nil || !slices.Contains([]string{"add", "replace", "remove"}, ch.op) {
			return nil, errInvalid
		}
		ch.attr, ch.part = parts[1], parts[3]
		if parts[2] != "" {
			chosen, err := parseFilter(parts[2], c.knobs.FilterEscapes)
			if err != nil {
				return nil, err
			}
			ch.filter = &chosen
		}
		changes = append(changes, ch)
	}
	return changes, nil
}

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
