package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// keyTree holds the keys of the file by their names, NAME for any; a leaf may hold what it likes.
type keyTree map[string]keyTree

func knownKeys() keyTree {
	root := keyTree{}
	for _, k := range append(Reference(), Key{Path: "views.NAME.name"}, Key{Path: "views.NAME.filter"}) {
		at := root
		for step := range strings.SplitSeq(k.Path, ".") {
			if at[step] == nil {
				at[step] = keyTree{}
			}
			at = at[step]
		}
	}
	return root
}

// unknownKeys is an error with one line for each key that the reference does not have. Case counts, though the decoder
// takes READ_ONLY for read_only: what shows a value, and whoever looks for it, does not.
func (f *File) unknownKeys(places []place) error {
	var text []string
	seen, all := map[string]bool{}, knownKeys()
	for _, p := range places {
		known := all
		for i, step := range p.path {
			next, ok := known[step]
			if !ok {
				next, ok = known["NAME"]
			}
			if key := strings.Join(p.path[:i+1], "."); !ok && len(known) > 0 && !seen[key] {
				seen[key] = true
				text = append(text, fmt.Sprintf("%s: unknown key %s%s", f.position(key), key, hint(step, known)))
			}
			if !ok {
				break
			}
			known = next
		}
	}
	if len(text) == 0 {
		return nil
	}
	return errors.New(strings.Join(text, "\n"))
}

// hint says which of the keys beside an unknown one resembles it, or where they all stand.
func hint(name string, beside keyTree) string {
	shortestFirst := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
	return cmp.Or(model.DidYouMean(name, slices.SortedFunc(maps.Keys(beside), shortestFirst)),
		"; scimdrift help configuration lists the keys")
}

// decoderTypeError is how the decoder says that a value has the wrong type: in Go's types, which no operator need know.
var decoderTypeError = regexp.MustCompile(`^cannot decode TOML (.+) into (?:struct field \S+ of type )?(\S+)$`)

// plainTypeError puts the decoder's complaint about a type into words, and leaves any other as it is.
func plainTypeError(complaint string) string {
	if strings.HasPrefix(complaint, "cannot store an array table") {
		return "a list of tables found; write a table, in single brackets"
	}
	match := decoderTypeError.FindStringSubmatch(complaint)
	if match == nil {
		return complaint
	}
	want, ok := map[string]string{
		"string": "a string", "[]string": "a list of strings", "bool": "true or false", "int": "a whole number",
		"int64": "a whole number", "float64": "a number",
	}[match[2]]
	if !ok {
		want = "a table"
	}
	return "TOML " + match[1] + " found; write " + want
}
