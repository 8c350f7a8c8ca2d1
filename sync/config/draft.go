package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// Draft is a connection that is about to be written into a file. Empty fields are left out.
type Draft struct {
	Name     string
	ReadOnly bool

	OneLoginURL, ClientID string
	ClientSecret          Secret
	AppID                 int64
	// AppName is the app's name, as a comment beside its number.
	AppName string

	Dialect, TargetURL, CAFile string
	Token                      Secret

	From, Roles string
}

// LiteralSecret is a secret that is to stand in the file.
func LiteralSecret(text string) Secret { return Secret{literal: text} }

// ErrExists means that the file has a connection of that name.
var ErrExists = errors.New("exists already")

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
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			b.WriteString(key + " = " + value + "\n")
		}
	}
	table := func(name string) { b.WriteString("\n[connections." + d.Name + name + "]\n") }
	if d.ReadOnly {
		table("")
		line("read_only", "true")
	}
	table(".onelogin")
	line("url", quoted(d.OneLoginURL))
	line("client_id", quoted(d.ClientID))
	line("client_secret", d.ClientSecret.text(masked))
	app := strconv.FormatInt(d.AppID, 10)
	if d.AppName != "" {
		app += " # " + strings.Map(commented, d.AppName)
	}
	line("app_id", app)
	table(".target")
	line("dialect", quoted(d.Dialect))
	line("url", quoted(d.TargetURL))
	line("token", d.Token.text(masked))
	line("ca_file", quoted(d.CAFile))
	if d.From != "" || d.Roles != "" {
		table(".groups")
		line("from", quoted(d.From))
		line("roles", quoted(d.Roles))
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// commented replaces what may not stand in a comment of TOML, or could move a cursor there.
func commented(r rune) rune {
	if !strconv.IsPrint(r) {
		return '?'
	}
	return r
}

func (s Secret) text(masked bool) string {
	switch {
	case s.InFile() && masked:
		return `"***"`
	case s.InFile():
		return quoted(s.literal)
	case len(s.Command) == 0:
		return s.String()
	}
	words := make([]string, 0, len(s.Command))
	for _, word := range s.Command {
		words = append(words, quoted(word))
	}
	return "{ command = [" + strings.Join(words, ", ") + "] }"
}

// quoted is a string in TOML, empty for none: a string of JSON is one of TOML too.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) //nolint:errchkjson // a string always has a form; Add checks what came of it
	return strings.TrimSpace(b.String())
}

// Add gives the text of a file with the connection in it; before is the text so far, empty if there is no file.
// Everything else in the file stays as it is, with its comments. A connection of the same name is an ErrExists, unless
// it is to be replaced. path is for errors only.
func (d *Draft) Add(before []byte, path string, replace bool) ([]byte, error) {
	if err := ValidName(d.Name); err != nil {
		return nil, err
	}
	file, err := Parse(before, path)
	if err != nil {
		return nil, fmt.Errorf("%w\nmend the file first, or name another with --config", err)
	}
	text := strings.TrimPrefix(string(before), byteOrderMark)
	if _, taken := file.Connections[d.Name]; taken {
		if !replace {
			return nil, fmt.Errorf("%s: connection %s %w", file.at("connections."+d.Name), d.Name, ErrExists)
		}
		text = without(text, d.Name)
		rest, err := Parse([]byte(text), path)
		if err == nil {
			_, taken = rest.Connections[d.Name]
		}
		if err != nil || taken {
			return nil, fmt.Errorf("%s: connection %s is not written as tables [connections.%s…] and cannot be "+
				"replaced; edit it by hand, or choose another name", path, d.Name, d.Name)
		}
	}
	if chosen := defaultFor(file, d.Name); chosen != "" {
		text = "default_connection = " + quoted(chosen) + "\n" + text
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
	switch names := file.Names(); {
	case file.DefaultConnection != "":
		return ""
	case len(names) == 0:
		return adding
	case len(names) == 1 && names[0] != adding:
		return names[0]
	}
	return ""
}
