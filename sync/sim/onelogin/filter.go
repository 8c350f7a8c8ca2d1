package onelogin

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// like compares a filter value: exact, without regard to case, unless it has an asterisk, which stands for any text.
func like(pattern, value string) bool {
	pattern, value = strings.ToLower(pattern), strings.ToLower(value)
	if !strings.Contains(pattern, "*") {
		return pattern == value
	}
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(value) < len(first)+len(last) || !strings.HasPrefix(value, first) || !strings.HasSuffix(value, last) {
		return false
	}
	rest := value[len(first) : len(value)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return true
}

// ids reads a comma list of ids; words that are no number match nothing, as id 0 belongs to nobody.
func ids(list string) map[int64]bool {
	set := map[int64]bool{}
	for word := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
		if err == nil {
			set[id] = true
		}
	}
	return set
}

// names reads a comma list of words.
func names(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			set[word] = true
		}
	}
	return set
}

// instant reads a time as ISO 8601, with or without fractions, or a bare date.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// filters keeps what narrows a list: a blank value narrows nothing, so a client that sends one gets the whole tenant.
func filters(q url.Values) url.Values {
	kept := url.Values{}
	for name, values := range q {
		switch name {
		case "limit", "page", "cursor", "fields", "sort":
		default:
			if len(values) > 0 && values[0] != "" {
				kept.Set(name, values[0])
			}
		}
	}
	return kept
}

// pick keeps the fields that a client asked for, and the id.
func pick(object map[string]any, fields string) map[string]any {
	if fields == "" {
		return object
	}
	kept := map[string]any{"id": object["id"]}
	for name := range names(fields) {
		if v, ok := object[name]; ok {
			kept[name] = v
		}
	}
	return kept
}

// number reads an id from a path; 0 is nobody's.
func number(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
