package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/model"
)

// unknownKeys turns the decoder's complaint into one line for each unknown key, with the nearest known one.
func unknownKeys(path string, at lines, err *toml.StrictMissingError) error {
	text := make([]string, 0, len(err.Errors))
	for i := range err.Errors {
		key := err.Errors[i].Key()
		line, _ := err.Errors[i].Position()
		if known := at[strings.Join(key, ".")]; known > 0 {
			line = known // the decoder does not know where a list of tables stands
		}
		text = append(text, fmt.Sprintf("%s:%d: unknown key %s%s", path, line, strings.Join(key, "."), hint(key)))
	}
	return errors.New(strings.Join(text, "\n"))
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

// hint says what may have been meant by an unknown key: the same key in another table, or one of this table that
// resembles it.
func hint(key toml.Key) string {
	t := reflect.TypeFor[File]()
	for i, step := range key {
		next, ok := child(t, step)
		if ok {
			t = next
			continue
		}
		if tables := tablesWith(step, key); i == len(key)-1 && len(tables) > 0 {
			return "; it belongs into " + strings.Join(tables, " or ")
		}
		return model.DidYouMean(step, keysOf(t))
	}
	return ""
}

// tablesWith lists the tables that know a key of that name. They belong to the connection in whose tables the key
// stands.
func tablesWith(name string, stands toml.Key) []string {
	connection := "NAME"
	if len(stands) > 2 && stands[0] == "connections" {
		connection = stands[1]
		if !connectionName.MatchString(connection) {
			connection = strconv.Quote(connection)
		}
	}
	var tables []string
	for _, k := range Reference() {
		in, last := k.Split()
		if last != name {
			continue
		}
		if in == "" {
			tables = append(tables, "the top of the file, before any table")
			continue
		}
		tables = append(tables, "["+strings.Replace(in, "NAME", connection, 1)+"]")
	}
	return tables
}

func keysOf(t reflect.Type) (keys []string) {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range reflect.VisibleFields(t) {
		if name := field.Tag.Get("toml"); name != "" {
			keys = append(keys, name)
		}
	}
	return keys
}

func child(t reflect.Type, step string) (reflect.Type, bool) {
	switch t.Kind() { //nolint:exhaustive // only tables have children
	case reflect.Map:
		return t.Elem(), true
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			if field.Tag.Get("toml") == step {
				if t := field.Type; t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
					return t.Elem(), true
				}
				return field.Type, true
			}
		}
	}
	return nil, false
}

// misspelt lists the keys of a table that the decoder accepted although their case is wrong.
func (f *File) misspelt(table map[string]any, t reflect.Type, above []string) []string {
	var text []string
	for _, key := range slices.Sorted(maps.Keys(table)) {
		path := append(slices.Clone(above), key)
		next, ok := child(t, key)
		if !ok {
			text = append(text, fmt.Sprintf("%s: unknown key %s; did you mean %s?", f.at(strings.Join(path, ".")),
				strings.Join(path, "."), strings.ToLower(key)))
			continue
		}
		if next.Kind() != reflect.Struct && next.Kind() != reflect.Map {
			continue
		}
		switch inner := table[key].(type) {
		case map[string]any:
			text = append(text, f.misspelt(inner, next, path)...)
		case []any:
			for i, each := range inner {
				if each, ok := each.(map[string]any); ok {
					text = append(text, f.misspelt(each, next, append(slices.Clone(path), strconv.Itoa(i)))...)
				}
			}
		}
	}
	return text
}
