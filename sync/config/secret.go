package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"strings"
	"unicode"
)

const commandForm = `write { command = ["PROGRAM", "ARGUMENT"] }`

const secretForms = `a string, { env = "NAME" }, ` +
	`{ command = ["PROGRAM", "ARGUMENT"] } or { keyring = "NAME" }`

// looksLikeVariable is short on purpose: OneLogin's secrets have 64 hexadecimal digits, SCIM tokens hundreds of
// characters.
var looksLikeVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,47}$`)

// looksLikeEntry is what an entry of the keyring may be called; looksLikeHex finds a secret of OneLogin's in its place.
var (
	looksLikeEntry = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./@-]{0,63}$`)
	looksLikeHex   = regexp.MustCompile(`^[0-9a-fA-F]{32,}$`)
)

// Sources are where secrets come from that do not stand in the file. A nil one has none.
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

	// at is the place in the file, for errors.
	at      string
	literal string
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

// ReadSecret takes a secret as the decoder gives it. The error does not name the key.
func ReadSecret(value any) (Secret, error) {
	switch v := value.(type) {
	case nil:
		return Secret{}, errors.New("is missing; set " + secretForms)
	case string:
		if v == "" {
			return Secret{}, errors.New("is empty; set " + secretForms)
		}
		if stray(v) {
			return Secret{}, errStray
		}
		return Secret{literal: v}, nil
	case map[string]any:
		if len(v) == 1 {
			return referenceOf(v)
		}
	}
	return Secret{}, errors.New("must be " + secretForms)
}

// referenceOf reads a table of one key. What is refused is not shown: somebody who pastes the secret itself into the
// wrong place must not find it in a log.
func referenceOf(v map[string]any) (Secret, error) {
	if name, ok := v["env"].(string); ok && name != "" {
		if !looksLikeVariable.MatchString(name) {
			return Secret{}, errors.New("names an environment variable that cannot exist; write its name, such as " +
				"ONELOGIN_CLIENT_SECRET")
		}
		return Secret{Env: name}, nil
	}
	if name, ok := v["keyring"].(string); ok && name != "" {
		if !looksLikeEntry.MatchString(name) || looksLikeHex.MatchString(name) {
			return Secret{}, errors.New("names an entry of the keyring that cannot exist; write a name such as " +
				"scimdrift/prod")
		}
		return Secret{Keyring: name}, nil
	}
	if list, ok := v["command"].([]any); ok && len(list) > 0 {
		command := make([]string, 0, len(list))
		for _, word := range list {
			text, ok := word.(string)
			if !ok || strings.ContainsRune(text, 0) {
				return Secret{}, errors.New("has a command that is no list of strings; " + commandForm)
			}
			command = append(command, text)
		}
		if strings.TrimSpace(command[0]) == "" {
			return Secret{}, errors.New("has a command without a program; " + commandForm)
		}
		return Secret{Command: command}, nil
	}
	if _, ok := v["command"].(string); ok {
		return Secret{},
			errors.New("has a command that is a string; there is no shell, so " + commandForm)
	}
	return Secret{}, errors.New("must be " + secretForms)
}

// Fetch gives the secret itself. The error names place and key and what to do, and holds nothing of what a command
// printed.
func (s Secret) Fetch(ctx context.Context, from Sources) (string, error) {
	text, err := s.fetch(ctx, from)
	if err == nil && stray(text) {
		err = errStray
	}
	if err != nil {
		return "", s.placed(err)
	}
	return text, nil
}

// placed puts place and key before an error. A secret that is not in a file yet has neither.
func (s Secret) placed(err error) error {
	if s.Key == "" {
		return err
	}
	return fmt.Errorf("%s: %s %w", s.at, s.Key, err)
}

func (s Secret) fetch(ctx context.Context, from Sources) (string, error) {
	switch {
	case s.InFile():
		return s.literal, nil
	case s.Env != "":
		var text string
		var set bool
		if from.Env != nil {
			text, set = from.Env(s.Env)
		}
		if !set {
			return "", fmt.Errorf("comes from the environment variable %s, which is not set; set it", s.Env)
		}
		if text = cut(text); text == "" {
			return "", fmt.Errorf("comes from the environment variable %s, which is empty; set it to the secret", s.Env)
		}
		return text, nil
	case len(s.Command) > 0:
		return s.printed(ctx, from)
	case s.Keyring != "":
		if from.Keyring == nil {
			return "", fmt.Errorf("comes from the keyring's entry %q, and no keyring may be asked here", s.Keyring)
		}
		text, err := from.Keyring.Get(ctx, s.Keyring)
		if err != nil {
			return "", fmt.Errorf("comes from the keyring's entry %q: %w", s.Keyring, err)
		}
		if text = cut(text); text == "" {
			return "", fmt.Errorf("comes from the keyring's entry %q, which is empty; store it again with scimdrift "+
				"login", s.Keyring)
		}
		return text, nil
	}
	return "", errors.New("is missing; set " + secretForms)
}

func (s Secret) printed(ctx context.Context, from Sources) (string, error) {
	program := s.Command[0]
	if from.Run == nil {
		return "", fmt.Errorf("comes from the command %s, and no command may be run here", program)
	}
	out, err := from.Run(ctx, s.Command)
	if err != nil {
		return "", fmt.Errorf("comes from the command %s: %w", program, err)
	}
	text := cut(string(out))
	switch {
	case text == "":
		return "", fmt.Errorf("comes from the command %s, which printed nothing; run it by hand", program)
	case strings.ContainsAny(text, "\r\n"):
		return "", fmt.Errorf("comes from the command %s, which printed several lines; it must print the secret alone",
			program)
	}
	return text, nil
}

// errStray is said before anything is sent: a service would only answer that it does not know the credential.
var errStray = errors.New("holds white space or another character that cannot be seen, which no credential has; copy " +
	"it again without")

// ValidCredential refuses an id or a secret that no service can have given out. The error does not show it.
func ValidCredential(text string) error {
	switch {
	case text == "":
		return errors.New("is missing; copy it from where it was made")
	case stray(text):
		return errStray
	}
	return nil
}

// stray finds what comes along when a credential is copied from a page or a mail.
func stray(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// cut takes off the line break that a file, an echo or a variable set from one ends with.
func cut(text string) string { return strings.TrimRight(text, "\r\n") }

// readableByOthers: group or world may read the file. Windows has no such bits; its own rights hold there.
func readableByOthers(info fs.FileInfo) bool {
	const others = 0o044
	return runtime.GOOS != "windows" && info.Mode().Perm()&others != 0
}
