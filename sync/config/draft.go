package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// Draft is a connection that is about to be written into a file.
type Draft struct {
	Section

	// Name is the connection's, and App the name of its app, as a comment.
	Name, App           string
	ClientSecret, Token Secret
}

// LiteralSecret is a secret that is to stand in the file.
func LiteralSecret(text string) Secret { return Secret{literal: text} }

// connectionName is what needs no quotes in TOML, on a command line, or in an entry of the keyring.
var connectionName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// ValidName refuses names of connections that would need quoting.
func ValidName(name string) error {
	if !connectionName.MatchString(name) {
		return errors.New("a connection's name has letters, digits, - and _ only, such as prod")
	}
	return nil
}

// ValidAddress refuses what Checked would refuse as an address.
func ValidAddress(raw string) error {
	if text := transport.AddressTrouble(raw); text != "" {
		return errors.New("the address " + text)
	}
	return nil
}

// Text is the connection as it stands in a file. Masked, it can be shown: a literal secret is left out.
func (d *Draft) Text(masked bool) string {
	section, table := d.Section, "[connections."+d.Name
	section.OneLogin.Secret, section.Target.Secret = d.ClientSecret.tomlValue(masked), d.Token.tomlValue(masked)
	var b strings.Builder
	_ = toml.NewEncoder(&b).Encode(section) // everything in it has a form; Add checks what came of it
	text := strings.ReplaceAll("\n"+b.String(), "\n[", "\n"+table+".")
	if d.ReadOnly {
		text = table + "]" + text
	}
	return "# OneLogin's app: " + model.Visible(d.App) + "\n" + strings.TrimLeft(text, "\n")
}

func (s Secret) tomlValue(masked bool) any {
	switch {
	case s.InFile() && masked:
		return "***"
	case s.InFile():
		return s.literal
	case s.Env != "":
		return map[string]any{"env": s.Env}
	case s.Keyring != "":
		return map[string]any{"keyring": s.Keyring}
	case len(s.Command) > 0:
		return map[string]any{"command": s.Command}
	}
	return nil
}

// Add gives the text of a file with the connection in it; before is the text so far, empty if there is no file.
// Everything else in the file stays as it is, with its comments. path is for errors only.
func (d *Draft) Add(before []byte, path string) ([]byte, error) {
	if err := ValidName(d.Name); err != nil {
		return nil, err
	}
	file, err := Parse(before, path)
	if err != nil {
		return nil, fmt.Errorf("%w\nmend the file first, or name another with --config", err)
	}
	if _, taken := file.Connections[d.Name]; taken {
		return nil, fmt.Errorf("%s: there is a connection %s already; choose another name, or edit the file",
			file.position("connections."+d.Name), d.Name)
	}
	text := strings.TrimPrefix(string(before), byteOrderMark)
	if chosen := defaultFor(file, d.Name); chosen != "" {
		text = "default_connection = " + file.shownValue("default_connection", chosen) + "\n" + text
	}
	if text != "" {
		text = strings.TrimRight(text, "\n") + "\n\n"
	}
	after := []byte(text + d.Text(false))
	// What was written by other hands may be laid out in a way that a new table does not fit into.
	made, err := Parse(after, path)
	if err == nil {
		_, err = made.Checked(d.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("the connection would not be right: %w", err)
	}
	return after, nil
}

// defaultFor is the default that has to be written down: the first connection, or the one that was the only one so far
// and would no longer go without saying.
func defaultFor(file *File, adding string) string {
	names := append(file.Names(), adding)
	if file.DefaultConnection != "" || len(names) > 2 {
		return ""
	}
	return names[0]
}
