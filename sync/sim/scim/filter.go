package scim

import (
	"encoding/json"
	"strings"
)

// term is one comparison of a filter; eq is the only operator there is.
type term struct{ attr, value string }

// parseFilter reads `attr eq "value"`, and two of them joined by `and`: all that the service has (developer guide
// "Limitations"). Attribute names come back lower-cased, because SCIM names have no case. With escapes a value is a JSON
// string; without, it ends at the next quote and a backslash is a backslash.
func parseFilter(text string, escapes bool) ([]term, error) {
	var terms []term
	rest := strings.TrimSpace(text)
	for {
		var one term
		var err error
		if one, rest, err = parseTerm(rest, escapes); err != nil {
			return nil, err
		}
		terms = append(terms, one)
		if rest == "" {
			return terms, nil
		}
		joiner, after, ok := word(rest)
		if !ok || !strings.EqualFold(joiner, "and") || len(terms) == 2 {
			return nil, invalid(preciseFilter)
		}
		rest = after
	}
}

func parseTerm(text string, escapes bool) (one term, rest string, err error) {
	attr, rest, ok := word(text)
	if !ok || !attributeName(attr) {
		return term{}, "", invalid(preciseFilter)
	}
	op, rest, ok := word(rest)
	if !ok || !strings.EqualFold(op, "eq") {
		return term{}, "", invalid(preciseFilter)
	}
	value, rest, err := quoted(rest, escapes)
	if err != nil {
		return term{}, "", err
	}
	after := strings.TrimLeft(rest, " ")
	if after != "" && len(after) == len(rest) {
		return term{}, "", invalid(preciseFilter) // `"x"and` has no space
	}
	return term{strings.ToLower(attr), value}, after, nil
}

// word cuts the first word off; ok is false where nothing follows it.
func word(text string) (first, rest string, ok bool) {
	first, rest, ok = strings.Cut(text, " ")
	return first, strings.TrimLeft(rest, " "), ok && first != ""
}

func attributeName(s string) bool {
	for _, r := range s {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_$", r) {
			return false
		}
	}
	return s != ""
}

func quoted(text string, escapes bool) (value, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", invalid(preciseFilter)
	}
	end := 1
	for end < len(text) && text[end] != '"' {
		if escapes && text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(text) {
		return "", "", invalid(preciseFilter)
	}
	if !escapes {
		return text[1:end], text[end+1:], nil
	}
	if json.Unmarshal([]byte(text[:end+1]), &value) != nil {
		return "", "", invalid(preciseFilter)
	}
	return value, text[end+1:], nil
}
