package transport

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLayers is how often what is quoted may itself have been quoted.
const maxLayers = 4

// masked hides secrets in a text, however it writes them: services repeat what they were sent in JSON, in URLs and in
// pages, and readers of an error undo that. A text that holds an escaped one is given without its escapes.
func masked(text string, secrets []string) string { return maskedIn(maxLayers, text, secrets) }

// maskedIn looks at a text as it is written and with up to so many layers of escapes undone. What is hidden in one is a
// secret in the next: undone, it may hold what looks like its end.
func maskedIn(layers int, text string, secrets []string) string {
	hidden, found := withoutSecrets(text, secrets)
	plain := unescaped(1, text)
	if plain == text || layers == 0 {
		return hidden
	}
	known := slices.Clone(secrets)
	for _, secret := range slices.Concat(secrets, found) {
		if bare := unescaped(1, secret); bare != secret && !slices.Contains(known, bare) {
			known = append(known, bare)
		}
	}
	if safe := maskedIn(layers-1, plain, known); unescaped(maxLayers, safe) != unescaped(maxLayers, hidden) {
		return safe
	}
	return hidden
}

// escape is a character as JSON, %q, URLs or pages write it.
var escape = regexp.MustCompile(`%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\\/"']|&#?\w{1,8};`)

func unescaped(layers int, text string) string {
	for range layers {
		if !strings.ContainsAny(text, `\%&`) {
			break
		}
		text = escape.ReplaceAllStringFunc(text, func(written string) string {
			var read string
			var err error
			switch {
			case written[0] == '%':
				read, err = url.PathUnescape(written)
			case written[0] == '&':
				read = html.UnescapeString(written)
			case len(written) > 2:
				read, err = strconv.Unquote(`"` + written + `"`)
			default:
				read = written[1:]
			}
			if err != nil || !utf8.ValidString(read) {
				return written
			}
			return read
		})
	}
	return text
}
