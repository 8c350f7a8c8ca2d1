package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"unicode"
)

// Sources are where secrets come from that do not stand in the file.
type Sources struct {
	// Env tells an empty variable from one that is not set, as os.LookupEnv does.
	Env     func(name string) (value string, set bool)
	Keyring Keyring
	// Run gives what a command prints. It takes the arguments as they are; there is no shell.
	Run func(ctx context.Context, command []string) ([]byte, error)
}

// Secret says where a secret comes from. It is not fetched before somebody asks. The zero value is none.
type Secret struct {
	// Key is the full key, such as connections.prod.target.token.
	Key string
	// Env, Command and Keyring are the variable, the argument list and the entry. At most one is set; without any the
	// secret stands in the file.
	Env     string
	Command []string
	Keyring string

	// position is the place in the file, for errors.
	position string
	literal  string
}

// InFile reports whether the secret stands in the file.
func (s Secret) InFile() bool { return s.literal != "" }

// String says where the secret comes from, never what it is.
func (s Secret) String() string {
	switch {
	case s.Env != "":
		return fmt.Sprintf("{ env = %q }", s.Env)
	case len(s.Command) > 0:
		return fmt.Sprintf("{ command = [%q, …] }", s.Command[0]) // an argument may be what should not be shown
	case s.Keyring != "":
		return fmt.Sprintf("{ keyring = %q }", s.Keyring)
	case s.InFile():
		return "***"
	}
	return ""
}

// GoString is String, so that no way of printing shows the secret.
func (s Secret) GoString() string { return s.String() }

// Fetch gives the secret itself. The error names place and key and what to do, and holds nothing of what a command
// printed.
func (s Secret) Fetch(ctx context.Context, from Sources) (string, error) {
	text, where, again, err := s.fetch(ctx, from)
	switch text = strings.TrimRight(text, "\r\n"); {
	case err == nil && text == "":
		err = fmt.Errorf("it is empty; %s", again)
	case err == nil && hasInvisible(text):
		err = fmt.Errorf("it %w", errInvisible)
	}
	switch {
	case err == nil:
		return text, nil
	case where != "":
		err = fmt.Errorf("comes from %s: %w", where, err)
	}
	if s.Key != "" { // one that is not in a file yet has neither place nor key
		err = fmt.Errorf("%s: %s %w", s.position, s.Key, err)
	}
	return "", err
}

// fetch gives what stands where the secret comes from, where that is, and what to do if it is nothing.
func (s Secret) fetch(ctx context.Context, from Sources) (text, where, again string, err error) {
	switch {
	case s.InFile():
		return s.literal, "", "", nil
	case s.Env != "":
		text, set := from.Env(s.Env)
		if !set {
			err = errors.New("it is not set; set it")
		}
		return text, "the environment variable " + s.Env, "set it to the secret", err
	case len(s.Command) > 0:
		where, again = "the command "+s.Command[0], "run it by hand: it must print the secret alone"
		out, err := from.Run(ctx, s.Command)
		return string(out), where, again, err
	case s.Keyring != "":
		where, again = fmt.Sprintf("the keyring's entry %q", s.Keyring), "store it again with scimdrift login"
		text, err = from.Keyring.Get(ctx, s.Keyring)
		return text, where, again, err
	}
	return "", "", "", errors.New("is missing; set " + secretForms)
}

// errInvisible is said before anything is sent: a service would only answer that it does not know the credential.
var errInvisible = errors.New("holds white space or another character that cannot be seen, which no credential has; " +
	"copy it again without")

// ValidCredential refuses an id or a secret that no service can have given out. The error does not show it.
func ValidCredential(text string) error {
	switch {
	case text == "":
		return errors.New("is missing; copy it from where it was made")
	case hasInvisible(text):
		return errInvisible
	}
	return nil
}

// hasInvisible finds what comes along when a credential is copied from a page or a mail.
func hasInvisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// readableByOthers: group or world may read the file. Windows has no such bits; its own rights hold there.
func readableByOthers(info fs.FileInfo) bool {
	const others = 0o044
	return runtime.GOOS != "windows" && info.Mode().Perm()&others != 0
}
