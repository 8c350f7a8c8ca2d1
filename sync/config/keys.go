package config

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// unknownKeys turns the decoder's complaint into one line for each unknown key, with the nearest known one.
func unknownKeys(path string, err *toml.StrictMissingError) error {
	lines := make([]string, 0, len(err.Errors))
	for i := range err.Errors {
		key := err.Errors[i].Key()
		line, _ := err.Errors[i].Position()
		text := fmt.Sprintf("%s:%d: unknown key %s", path, line, strings.Join(key, "."))
		if near := nearest(key); near != "" {
			text += "; did you mean " + near + "?"
		}
		lines = append(lines, text)
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}

// decoderWords is how the decoder says that a value has the wrong type: in Go's types, which no operator need know.
var decoderWords = regexp.MustCompile(`^cannot decode TOML (.+) into (?:struct field \S+ of type )?(\S+)$`)

// inWords puts the decoder's complaint about a type into words, and leaves any other as it is.
func inWords(complaint string) string {
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

// nearest finds the known key beside which the unknown one stands and that it resembles most; "" if none is near.
func nearest(key toml.Key) string {
	if len(key) == 0 {
		return ""
	}
	t := reflect.TypeFor[File]()
	for _, step := range key[:len(key)-1] {
		next, ok := child(t, step)
		if !ok {
			return ""
		}
		t = next
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	last := key[len(key)-1]
	best, distance := "", len(last)/2+2
	for _, field := range reflect.VisibleFields(t) {
		if name := field.Tag.Get("toml"); name != "" {
			if d := edits(last, name); d < distance {
				best, distance = name, d
			}
		}
	}
	return best
}

// child follows one step of a key path through the types.
func child(t reflect.Type, step string) (reflect.Type, bool) {
	switch t.Kind() { //nolint:exhaustive // only tables have children
	case reflect.Map:
		return t.Elem(), true
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			if field.Tag.Get("toml") == step {
				return field.Type, true
			}
		}
	}
	return nil, false
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// misspelt lists the keys of a table that the decoder accepted although their case is wrong.
func (f *File) misspelt(table map[string]any, t reflect.Type, above []string) []string {
	var text []string
	for _, key := range slices.Sorted(maps.Keys(table)) {
		path := append(slices.Clone(above), key)
		next, ok := child(t, key)
		if !ok {
			text = append(text, fmt.Sprintf("%s: unknown key %s; did you mean %s?", f.at(strings.Join(path, ".")), strings.Join(path, "."), strings.ToLower(key)))
			continue
		}
		if inner, ok := table[key].(map[string]any); ok && (next.Kind() == reflect.Struct || next.Kind() == reflect.Map) {
			text = append(text, f.misspelt(inner, next, path)...)
		}
	}
	return text
}
