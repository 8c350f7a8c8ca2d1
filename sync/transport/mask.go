package transport

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// masked hides secrets in a text, however it writes them: services repeat what they were sent in JSON, in URLs and in
// pages, and readers of an error undo that. A text that holds an escaped one is given without its escapes.
func masked(text string, secrets []string) string {
	plain, hidden := unescaped(text), withoutSecrets(text, secrets)
	if plain == text {
		return hidden
	}
	bare := make([]string, len(secrets))
	for i, secret := range secrets {
		bare[i] = unescaped(secret)
	}
	if safe := withoutSecrets(plain, bare); safe != unescaped(hidden) {
		return safe
	}
	return hidden
}

// maxLayers is how often what is quoted may itself have been quoted.
const maxLayers = 4

// escape is a character as JSON, %q, URLs or pages write it.
var escape = regexp.MustCompile(`%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\\/"']|&#?\w{1,8};`)

func unescaped(text string) string {
	for range maxLayers {
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
