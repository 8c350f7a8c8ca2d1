package scim

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// recordPath is the path of one record below its collection, or of the one that an earlier step creates. Without an id it would be
// the path of all of them.
func recordPath(collection, id, ref string) (string, error) {
	switch {
	case id == "" && ref != "":
		return collection + "/" + model.RefInPath(ref), nil
	case !addressable(id):
		return "", fmt.Errorf("%q is not the id of a record that can be changed safely; reload, and look at the record at the target", id)
	}
	return collection + "/" + url.PathEscape(id), nil
}

// addressable reports whether an id stays one segment below its collection whatever stands in front of the target: proxies
// decode %2F and %2E, once or again, take a backslash for a slash, cut off what follows a semicolon, and then climb by the
// dots. An id that such a path could lose would leave a DELETE of another record, or of all.
func addressable(id string) bool {
	for range 5 {
		if !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
			return false
		}
		for part := range strings.SplitSeq(strings.ReplaceAll(id, `\`, "/"), "/") {
			part, _, _ = strings.Cut(part, ";")
			if strings.Trim(part, ". ") == "" {
				return false
			}
		}
		decoded, err := url.PathUnescape(id)
		if err != nil || decoded == id {
			return true
		}
		id = decoded
	}
	return false
}
