package config

import (
	_ "embed"
	"strings"
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

// literal reports whether a default is a value as it would be written, and no words.
func literal(value string) bool {
	return value == "true" || value == "false" || strings.HasPrefix(value, `"`) ||
		strings.Trim(value, "0123456789.") == ""
}
