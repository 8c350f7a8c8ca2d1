package config

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Shown is one value as it holds, and why.
type Shown struct {
	// Table is the dotted path of the one that the key is in, empty at the top; Value is as it would be written, with
	// secrets masked, and empty where nothing is set.
	Table, Key, Value string
	// Origin is "line N" or "default".
	Origin string
}

// Show lists every value that holds for a connection in the order of the reference, without checking them and without
// fetching a secret. Tables that the file leaves out altogether are left out, but for those without which nothing
// works.
func (f *File) Show(name string) []Shown {
	keys := Reference()
	out := make([]Shown, 0, len(keys))
	for _, k := range keys {
		parts := strings.Split(k.Path, ".")
		if parts[0] == "connections" {
			parts[1] = name
		}
		value, set := lookUp(f.values, parts)
		in := parts[:len(parts)-1]
		_, hasTable := lookUp(f.values, in)
		shown := Shown{Table: strings.Join(in, "."), Key: parts[len(in)], Origin: "default"}
		switch {
		case set:
			shown.Value = f.written(k.Path, value)
			shown.Origin = "line " + strconv.Itoa(f.lines[strings.Join(parts, ".")])
		case strings.HasPrefix(k.Path, anyConnection+"aws.") && !hasTable:
			continue // there is no lens
		case literal(k.Default):
			shown.Value = k.Default
		default:
			shown.Origin = "not set: " + strings.ReplaceAll(k.Default, "`", "")
		}
		out = append(out, shown)
	}
	return out
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

// written is a value in TOML. A secret, or what should be one, says only where it comes from.
func (f *File) written(key string, value any) string {
	if key == anyConnection+"onelogin.client_secret" || key == anyConnection+"target.token" {
		secret, err := ReadSecret(value)
		if err != nil {
			return "***"
		}
		return secret.String()
	}
	if text, ok := value.(string); ok && (strings.HasSuffix(key, "url") || strings.HasSuffix(key, "endpoint")) {
		value = withoutSecrets(text)
	}
	var text strings.Builder
	if err := toml.NewEncoder(&text).SetTablesInline(true).Encode(map[string]any{"x": value}); err != nil {
		return "***"
	}
	return strings.TrimSpace(strings.TrimPrefix(text.String(), "x = "))
}

// withoutSecrets masks an address that holds what may be a credential, where none belongs: a user name and password, a
// query, a fragment.
func withoutSecrets(raw string) string {
	if u, err := url.Parse(raw); err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "***"
	}
	return raw
}
