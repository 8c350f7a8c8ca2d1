package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// keyTree holds the keys of the file by their names, NAME for any; a leaf may hold what it likes.
type keyTree map[string]keyTree

func keysKnown() keyTree {
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
	seen, all := map[string]bool{}, keysKnown()
	for _, p := range places {
		known := all
		for i, step := range p.path {
			next, ok := known[step]
			if !ok {
				next, ok = known["NAME"]
			}
			if key := strings.Join(p.path[:i+1], "."); !ok && len(known) > 0 && !seen[key] {
				seen[key] = true
				text = append(text, fmt.Sprintf("%s: unknown key %s%s", f.at(key), key, hint(p.path[:i+1], known)))
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

// hint says what may have been meant by an unknown key: the same key in another table, or one of those beside it that
// resembles it.
func hint(path []string, beside keyTree) string {
	name := path[len(path)-1]
	if tables := tablesWith(name, path); len(tables) > 0 {
		return "; it belongs into " + strings.Join(tables, " or ")
	}
	shortestFirst := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
	return model.DidYouMean(name, slices.SortedFunc(maps.Keys(beside), shortestFirst))
}

// tablesWith lists the tables that know a key of that name. They belong to the connection in whose tables the key
// stands.
func tablesWith(name string, stands []string) []string {
	connection := "NAME"
	if len(stands) > 2 && stands[0] == "connections" {
		connection = stands[1]
		if !connectionName.MatchString(connection) {
			connection = strconv.Quote(connection)
		}
	}
	var tables []string
	for _, k := range Reference() {
		switch in, last := k.Split(); {
		case last != name:
		case in == "":
			tables = append(tables, "the top of the file, before any table")
		default:
			tables = append(tables, "["+strings.Replace(in, "NAME", connection, 1)+"]")
		}
	}
	return tables
}

// decoderWords is how the decoder says that a value has the wrong type: in Go's types, which no operator need know.
var decoderWords = regexp.MustCompile(`^cannot decode TOML (.+) into (?:struct field \S+ of type )?(\S+)$`)

// inWords puts the decoder's complaint about a type into words, and leaves any other as it is.
func inWords(complaint string) string {
	if strings.HasPrefix(complaint, "cannot store an array table") {
		return "a list of tables found; write a table, in single brackets"
	}
	match := decoderWords.FindStringSubmatch(complaint)
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
