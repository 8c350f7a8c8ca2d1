// Package config reads the configuration file and the environment, resolves secrets and hands plain values to the
// parts.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/adrg/xdg"
	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/model"
)

// DefaultPath is $XDG_CONFIG_HOME/scimdrift/config.toml or what stands for it on this system.
func DefaultPath() string { return filepath.Join(xdg.ConfigHome, "scimdrift", "config.toml") }

// StatePath is where runs and what is remembered between them are kept: $XDG_STATE_HOME/scimdrift or what stands for it
// on this system.
func StatePath() string { return filepath.Join(xdg.StateHome, "scimdrift") }

// File is a configuration file as written, secrets not yet resolved. What its keys mean stands in reference.txt.
type File struct {
	DefaultConnection string             `toml:"default_connection"`
	UI                UISection          `toml:"ui"`
	Views             []ViewSection      `toml:"views"`
	Connections       map[string]Section `toml:"connections"`

	path string
	// exposed: others than the owner can read the file.
	exposed bool
	// lines and values are where each key stands and what it holds, for errors and for show.
	lines  map[string]int
	values map[string]any
}

// UISection is [ui].
type UISection struct {
	HandoffDeadline string              `toml:"handoff_deadline"`
	Watch           string              `toml:"watch"`
	Notify          string              `toml:"notify"`
	Plain           bool                `toml:"plain"`
	Mouse           *bool               `toml:"mouse"`
	Theme           any                 `toml:"theme"`
	Keys            map[string][]string `toml:"keys"`
}

// ViewSection is one [[views]] table: a filter with a name.
type ViewSection struct {
	Name   string `toml:"name"`
	Filter string `toml:"filter"`
}

// Section is one [connections.NAME] table. What is empty is left out where it is written.
type Section struct {
	Accent   string        `toml:"accent,omitempty"`
	ReadOnly bool          `toml:"read_only,omitempty"`
	Remember *bool         `toml:"remember,omitempty"` // nil is true
	OneLogin OneLogin      `toml:"onelogin,omitempty"`
	Target   Target        `toml:"target,omitempty"`
	AWS      AWS           `toml:"aws,omitempty"`
	Groups   GroupsSection `toml:"groups,omitempty"`
	Users    UsersSection  `toml:"users,omitempty"`
	Guard    GuardSection  `toml:"guard,omitempty"`
}

// GroupsSection is [connections.NAME.groups].
type GroupsSection struct {
	From   string   `toml:"from,omitempty"`
	Roles  string   `toml:"roles,omitempty"`
	Name   string   `toml:"name,omitempty"`
	Ignore []string `toml:"ignore,omitempty"`
}

// UsersSection is [connections.NAME.users].
type UsersSection struct {
	UserName string   `toml:"user_name,omitempty"`
	Compare  []string `toml:"compare,omitempty"`
}

// GuardSection is [connections.NAME.guard]; nil means the default.
type GuardSection struct {
	MaxDeletes       *int     `toml:"max_deletes,omitempty"`
	MaxRemovals      *int     `toml:"max_removals,omitempty"`
	MaxGrants        *int     `toml:"max_grants,omitempty"`
	MaxDeletePercent *int     `toml:"max_delete_percent,omitempty"`
	ProtectGroups    []string `toml:"protect_groups,omitempty"`
	ProtectUsers     []string `toml:"protect_users,omitempty"`
}

// Read reads a file. Errors name the file, the line and the key, and what was expected.
func Read(path string) (*File, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the operator's own choice of file
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no configuration file %s; make one with scimdrift init or write it as the "+
			"README shows, or try the program with --demo", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the configuration file cannot be read: %w; check the path and its rights", err)
	}
	f, err := Parse(data, path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil {
		f.exposed = readableByOthers(info)
	}
	return f, nil
}

// byteOrderMark is what some editors on Windows put before a text; TOML has no place for it.
const byteOrderMark = "\ufeff"

// Parse reads the text of a file; path is for errors only.
func Parse(data []byte, path string) (*File, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	f := &File{path: path}
	err := toml.Unmarshal(data, f)
	if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := wrong.Position()
		key := strings.Join(wrong.Key(), ".")
		if key != "" {
			key = " (key " + key + ")"
		}
		return nil, fmt.Errorf("%s:%d:%d: %s%s", path, line, column,
			plainTypeError(strings.TrimPrefix(wrong.Error(), "toml: ")), key)
	}
	if err == nil {
		err = toml.Unmarshal(data, &f.values)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	places := parsePlaces(data)
	f.lines = firstLines(places)
	if err := f.unknownKeys(places); err != nil {
		return nil, err
	}
	if _, nameless := f.Connections[""]; nameless {
		return nil, fmt.Errorf("%s: a connection has an empty name; write one such as [connections.prod]",
			f.position("connections."))
	}
	return f, nil
}

// Path is the file's path.
func (f *File) Path() string { return f.path }

// Names lists the connections, sorted.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.Connections)) }

// Choose picks a connection: the one that was asked for, else the default, else the only one.
func (f *File) Choose(name string) (string, error) {
	at := f.path
	if name == "" && f.DefaultConnection != "" {
		name, at = f.DefaultConnection, f.position("default_connection")+": default_connection is wrong: the file"
	}
	if name == "" && len(f.Connections) == 1 {
		name = f.Names()[0]
	}
	if len(f.Connections) == 0 {
		return "", fmt.Errorf("%s has no connection; add one with scimdrift init, or [connections.NAME] tables as the "+
			"README shows", f.path)
	}
	if name == "" {
		return "", fmt.Errorf("%s names %d connections and no default_connection; choose one with --connection (%s)",
			f.path, len(f.Connections), strings.Join(f.Names(), ", "))
	}
	if _, ok := f.Connections[name]; !ok {
		return "", fmt.Errorf("%s has no connection %q; it has: %s%s", at, name, strings.Join(f.Names(), ", "),
			model.DidYouMean(name, f.Names()))
	}
	return name, nil
}

// Theme is ui.theme: its name, or colours by role.
func (f *File) Theme() (name string, colours map[string]string, err error) {
	switch value := f.UI.Theme.(type) {
	case nil:
	case string:
		name = value
	case map[string]any:
		colours = map[string]string{}
		for role, colour := range value {
			switch colour.(type) {
			case string, int64:
				colours[role] = fmt.Sprint(colour)
			default:
				return "", nil, f.Wrong("ui.theme."+role,
					"must be a colour: a name, a number from 0 to 255, or #rrggbb")
			}
		}
	default:
		return "", nil, f.Wrong("ui.theme", "must be the name of a theme, or a table of colours by role")
	}
	return name, colours, nil
}

// Wrong is an error about a key: where it stands, which it is, and what is wrong with it.
func (f *File) Wrong(key, text string) error {
	return fmt.Errorf("%s: %s %s", f.position(key), key, text)
}

// Sharing lists the other connections of the file with the same target as the one of that name, sorted. Two connections
// on one target each take what the other provisions for drift.
func (f *File) Sharing(name string) []string {
	own := normalizeAddress(f.Connections[name].Target.URL)
	var others []string
	for _, other := range f.Names() {
		if other != name && normalizeAddress(f.Connections[other].Target.URL) == own {
			others = append(others, other)
		}
	}
	return others
}

// normalizeAddress is the form in which addresses are compared: hosts have no case, and a slash at the end makes no
// difference.
func normalizeAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/")
}

// Fingerprint tells a connection apart by its addresses and its app, whatever it is called. app is the id of the app,
// where a pattern chooses it the one that it chose.
func (c *Connection) Fingerprint(app string) string {
	return model.Fingerprint("connection", normalizeAddress(c.OneLogin.URL), app, normalizeAddress(c.Target.URL))
}
