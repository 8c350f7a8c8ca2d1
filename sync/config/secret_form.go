package config

import (
	"errors"
	"regexp"
	"strings"
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

// ReadSecret takes a secret as the decoder gives it. The error does not name the key.
func ReadSecret(value any) (Secret, error) {
	switch v := value.(type) {
	case nil:
		return Secret{}, errors.New("is missing; set " + secretForms)
	case string:
		if v == "" {
			return Secret{}, errors.New("is empty; set " + secretForms)
		}
		if hasInvisible(v) {
			return Secret{}, errInvisible
		}
		return Secret{literal: v}, nil
	case map[string]any:
		for form, of := range v {
			if len(v) == 1 {
				return parseReference(form, of)
			}
		}
	}
	return Secret{}, errors.New("must be " + secretForms)
}

// parseReference reads a table of one key. What is refused is not shown: somebody who pastes the secret itself into the
// wrong place must not find it in a log.
func parseReference(form string, of any) (Secret, error) {
	text, _ := of.(string)
	list, _ := of.([]any)
	why := "must be " + secretForms
	switch {
	case form == "env" && looksLikeVariable.MatchString(text):
		return Secret{Env: text}, nil
	case form == "keyring" && looksLikeEntry.MatchString(text) && !looksLikeHex.MatchString(text):
		return Secret{Keyring: text}, nil
	case form == "command" && len(list) > 0:
		return parseCommand(list)
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

func parseCommand(list []any) (s Secret, err error) {
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
