package config

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"
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
		for form, of := range v {
			if len(v) == 1 {
				return referenceOf(form, of)
			}
		}
	}
	return Secret{}, errors.New("must be " + secretForms)
}

// referenceOf reads a table of one key. What is refused is not shown: somebody who pastes the secret itself into the
// wrong place must not find it in a log.
func referenceOf(form string, of any) (Secret, error) {
	text, _ := of.(string)
	list, _ := of.([]any)
	why := "must be " + secretForms
	switch {
	case form == "env" && looksLikeVariable.MatchString(text):
		return Secret{Env: text}, nil
	case form == "keyring" && looksLikeEntry.MatchString(text) && !looksLikeHex.MatchString(text):
		return Secret{Keyring: text}, nil
	case form == "command" && len(list) > 0:
		return commandOf(list)
	case text == "":
	case form == "env":
		why = "names an environment variable that cannot exist; write its name, such as ONELOGIN_CLIENT_SECRET"
	case form == "keyring":
		why = "names an entry of the keyring that cannot exist; write a name such as scimdrift/prod"
	case form == "command":
		why = "has a command that is a string; there is no shell, so " + commandForm
	}
	return Secret{}, errors.New(why)
}

func commandOf(list []any) (s Secret, err error) {
	for _, word := range list {
		text, ok := word.(string)
		if !ok || strings.ContainsRune(text, 0) {
			return Secret{}, errors.New("has a command that is no list of strings; " + commandForm)
		}
		s.Command = append(s.Command, text)
	}
	if strings.TrimSpace(s.Command[0]) == "" {
		return Secret{}, errors.New("has a command without a program; " + commandForm)
	}
	return s, nil
}

// Fetch gives the secret itself. The error names place and key and what to do, and holds nothing of what a command
// printed.
func (s Secret) Fetch(ctx context.Context, from Sources) (string, error) {
	text, where, again, err := s.fetch(ctx, from)
	switch text = strings.TrimRight(text, "\r\n"); {
	case err == nil && text == "":
		err = fmt.Errorf("it is empty; %s", again)
	case err == nil && stray(text):
		err = fmt.Errorf("it %w", errStray)
	}
	switch {
	case err == nil:
		return text, nil
	case where != "":
		err = fmt.Errorf("comes from %s: %w", where, err)
	}
	if s.Key != "" { // one that is not in a file yet has neither place nor key
		err = fmt.Errorf("%s: %s %w", s.at, s.Key, err)
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

// readableByOthers: group or world may read the file. Windows has no such bits; its own rights hold there.
func readableByOthers(info fs.FileInfo) bool {
	const others = 0o044
	return runtime.GOOS != "windows" && info.Mode().Perm()&others != 0
}

var errNoDate = errors.New("that is no date")

// dated reads a date of TOML's, with or without a time, or the same in a string. A day without a time begins in UTC,
// which is early everywhere west of it and a few hours late east of it.
func dated(value any) (time.Time, error) {
	switch v := value.(type) {
	case time.Time:
		return v.UTC(), nil
	case toml.LocalDate:
		return v.AsTime(time.UTC), nil
	case toml.LocalDateTime:
		return v.AsTime(time.UTC), nil
	case string:
		for _, form := range []string{time.DateOnly, time.RFC3339} {
			if at, err := time.Parse(form, strings.TrimSpace(v)); err == nil {
				return at.UTC(), nil
			}
		}
	}
	return time.Time{}, errNoDate
}

// jwtEnd is when a token that is a JWT says that it ends (RFC 7519, section 4.1.4); zero if it is none, or does not
// say. The signature is the target's business.
func jwtEnd(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var said struct {
		Exp float64 `json:"exp"`
	}
	// Beyond these years no date is meant.
	if json.Unmarshal(claims, &said) != nil || said.Exp < 1e9 || said.Exp > 1e10 {
		return time.Time{}
	}
	return time.Unix(int64(said.Exp), 0).UTC()
}
