package config

import (
	_ "embed"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/model"
)

// Key is one key of the file, for the reference and for show.
type Key struct {
	// Path is the dotted path, with NAME for the connection's name.
	Path string
	// Default is what holds without the key, in words or as it would be written; "needed" where there is none.
	Default string
	// Meaning is Markdown.
	Meaning string
}

const anyConnection = "connections.NAME."

// SecretForms are the ways in which a secret may be written, and where it comes from then.
func SecretForms() []Key {
	return []Key{
		{Path: `{ env = "NAME" }`, Meaning: "an environment variable"},
		{
			Path: `{ command = ["op", "read", "…"] }`,
			Meaning: "what a command prints, without the line break at its end. There is no shell; it has a minute; " +
				"if it fails, its exit status is reported and its output is not",
		},
		{Path: `{ keyring = "scimdrift/prod" }`, Meaning: "the keyring of the system. scimdrift login puts it there " +
			"without showing it " +
			"(or reads standard input), scimdrift logout removes it. A machine without a keyring says so"},
		{Path: `"…"`, Meaning: "the file itself, which is refused if others can read it"},
	}
}

// referenceText has an entry for each key, in the order of the documentation: the key, what holds without it, and below
// that what it means.
//
//go:embed reference.txt
var referenceText string

// Reference lists every key of the file.
func Reference() (keys []Key) {
	for entry := range strings.SplitSeq(referenceText, "\n\n") {
		head, meaning, _ := strings.Cut(entry, "\n")
		path, fallback, _ := strings.Cut(head, " = ")
		keys = append(keys, Key{path, fallback, strings.Join(strings.Fields(meaning), " ")})
	}
	return keys
}

// Split parts a key from its table, which is empty for a key at the top.
func (k Key) Split() (table, name string) {
	if i := strings.LastIndex(k.Path, "."); i >= 0 {
		return k.Path[:i], k.Path[i+1:]
	}
	return "", k.Path
}

// isTOMLValue reports whether a default is a value as it would be written, and no words.
func isTOMLValue(value string) bool {
	return value == "true" || value == "false" || strings.HasPrefix(value, `"`) ||
		strings.Trim(value, "0123456789.") == ""
}

// Show is every value that holds for a connection, and why, as a file with its secrets masked: in the order of the
// reference, without checking them and without fetching a secret. Tables that the file leaves out altogether are left
// out, but for those without which nothing works.
func (f *File) Show(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# file: %s\n# connection: %s\n", model.Visible(f.path), model.Visible(name))
	table := ""
	for _, k := range Reference() {
		parts := strings.Split(k.Path, ".")
		if parts[0] == "connections" {
			parts[1] = name
		}
		value, set := lookUp(f.values, parts)
		in := parts[:len(parts)-1]
		_, hasTable := lookUp(f.values, in)
		text, origin := "", "default"
		switch {
		case set:
			text, origin = f.shownValue(k.Path, value), "line "+strconv.Itoa(f.lines[strings.Join(parts, ".")])
		case strings.HasPrefix(k.Path, anyConnection+"aws.") && !hasTable:
			continue // there is no lens
		case isTOMLValue(k.Default):
			text = k.Default
		default:
			origin = "not set: " + strings.ReplaceAll(k.Default, "`", "")
		}
		if here := strings.Join(in, "."); here != table {
			fmt.Fprintf(&b, "\n[%s]\n", model.Visible(here))
			table = here
		}
		left := parts[len(in)] + " = " + model.Visible(text)
		if text == "" {
			left = "# " + parts[len(in)]
		}
		fmt.Fprintf(&b, "%-48s # %s\n", left, origin)
	}
	return b.String()
}

func lookUp(values map[string]any, path []string) (any, bool) {
	if len(path) == 0 {
		return values, true
	}
	v, ok := values[path[0]]
	if !ok || len(path) == 1 {
		return v, ok
	}
	table, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	return lookUp(table, path[1:])
}

// shownValue is a value in TOML. A secret, or what should be one, says only where it comes from.
func (f *File) shownValue(key string, value any) string {
	if key == anyConnection+"onelogin.client_secret" || key == anyConnection+"target.token" {
		secret, err := ReadSecret(value)
		if err != nil {
			return "***"
		}
		return secret.String()
	}
	if text, ok := value.(string); ok && (strings.HasSuffix(key, "url") || strings.HasSuffix(key, "endpoint")) {
		value = maskAddress(text)
	}
	var text strings.Builder
	if err := toml.NewEncoder(&text).SetTablesInline(true).Encode(map[string]any{"x": value}); err != nil {
		return "***"
	}
	return strings.TrimSpace(strings.TrimPrefix(text.String(), "x = "))
}

// maskAddress masks an address that holds what may be a credential, where none belongs: a user name and password, a
// query, a fragment.
func maskAddress(raw string) string {
	if u, err := url.Parse(raw); err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "***"
	}
	return raw
}
