package transport

import (
	"errors"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const mask = "***"

var (
	// secretPair finds secrets by the name beside them, in JSON, in forms and in OneLogin's "client_id:…" header.
	secretPair = regexp.MustCompile(`(?i)("?(?:access_token|refresh_token|id_token|client_id|client_secret|password|` +
		`authorization|api_?key)"?\s*[:=]\s*"?)([^"&,\s}]+)`)
	// bearer finds tokens by the scheme before them; OneLogin's documentation writes both "bearer x" and "bearer:x".
	bearer = regexp.MustCompile(`(?i)\b(bearer|basic)([ :]\s*)[A-Za-z0-9._~+/=-]{16,}`)
	// userInfo finds the credentials in a proxy's URL.
	userInfo = regexp.MustCompile(`://[^/@\s"]+@`)
)

// Redact masks what looks like a credential, and the secrets that the client knows by value, in whatever form a service
// repeats them. Whatever a service wrote goes through it before it enters an error, an event or a log.
func (c *Client) Redact(text string) string { return c.redact(text, c.lastAuthorization()) }

func (c *Client) redact(text string, authorizations ...string) string {
	secrets := slices.Clip(c.opts.Secrets)
	for _, a := range authorizations {
		if token := a[strings.LastIndexAny(a, " :")+1:]; token != "" {
			secrets = append(secrets, token)
		}
	}
	return maskEncoded(maxLayers, text, secrets)
}

func withoutSecrets(text string, secrets []string) (hidden string, found []string) {
	marks := make([]bool, len(text))
	hide := func(from, to int) {
		for i := from; i < to; i++ {
			marks[i] = true
		}
	}
	for _, secret := range secrets {
		findSecret(text, secret, hide)
	}
	findCredentials(text, hide)
	var out strings.Builder
	for i := 0; i < len(text); {
		end := i + 1
		for end < len(text) && marks[end] == marks[i] {
			end++
		}
		if marks[i] {
			out.WriteString(mask)
			found = append(found, text[i:end])
		} else {
			out.WriteString(text[i:end])
		}
		i = end
	}
	return out.String(), found
}

// findCredentials finds them by what stands beside them.
func findCredentials(text string, hide func(from, to int)) {
	folded := strings.ToLower(strings.ToUpper(text)) // expressions that mind no case take long to find nothing
	mentions := func(word string) bool { return strings.Contains(folded, word) }
	if mentions("bearer") || mentions("basic") {
		for _, m := range bearer.FindAllStringSubmatchIndex(text, -1) {
			hide(m[5], m[1])
		}
	}
	if slices.ContainsFunc([]string{"_token", "client_", "password", "authorization", "api"}, mentions) {
		for _, m := range secretPair.FindAllStringSubmatchIndex(text, -1) {
			hide(m[4], m[5])
		}
	}
	for _, m := range userInfo.FindAllStringIndex(text, -1) {
		hide(m[0]+len("://"), m[1]-len("@"))
	}
}

// minSecretPart is how much of a secret is recognised by itself: some servers quote the beginning of what they refuse.
const minSecretPart = 12

// findSecret finds a secret, and parts of a long one. It looks at pairs of bytes from the end of where a part could
// stand: hardly any text has one that the secret has, so that most of a text is passed over.
func findSecret(text, secret string, hide func(from, to int)) {
	size := min(len(secret), minSecretPart)
	if size < 4 {
		return
	}
	for i := 0; i+size <= len(text); {
		pair := i + size - 2
		for pair >= i && strings.Contains(secret, text[pair:pair+2]) {
			pair--
		}
		if pair >= i {
			i = pair + 1 // nothing that holds this pair is a part
			continue
		}
		if !strings.Contains(secret, text[i:i+size]) {
			i++
			continue
		}
		end := i + size
		for end < len(text) && strings.Contains(secret, text[end-size+1:end+1]) {
			end++
		}
		hide(i, end)
		i = end - size + 1
	}
}

// redactError keeps the kind of an error (for errors.Is and As) and masks its text. The URL that net/http puts before
// its errors is dropped: it holds the query, and so personal data.
func (c *Client) redactError(err error, authorizations ...string) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	text := err.Error()
	if masked := c.redact(text, authorizations...); masked != text {
		return &ExplainedError{masked, err}
	}
	return err
}

// secretKeys are query parameters whose values are never kept.
var secretKeys = regexp.MustCompile(`(?i)token|secret|password|authorization|api_?key|client_id`)

// plainKeys are query parameters that say how much is asked for, never of whom.
var plainKeys = regexp.MustCompile(`(?i)^(limit|page|count|startindex|fields|attributes|excludedattributes|enabled|` +
	`sort|ignore_visibility|app_id|event_type_id|since|until)$`)

// maskQuery changes the values of a query as show has it, and keeps order and spelling of the rest.
func maskQuery(raw string, show func(key, value string) string) string {
	parts := strings.Split(raw, "&")
	for i, p := range parts {
		key, value, found := strings.Cut(p, "=")
		name, err := url.QueryUnescape(key)
		switch {
		case found && err != nil:
			parts[i] = key + "=" + mask
		case found:
			parts[i] = key + "=" + show(name, value)
		}
	}
	return strings.Join(parts, "&")
}

// maxLayers is how often what is quoted may itself have been quoted.
const maxLayers = 4

// maskEncoded hides secrets in a text, however it writes them: services repeat what they were sent in JSON, in URLs and
// in pages, and readers of an error undo that. A text that holds an escaped one is given without its escapes.
//
// It looks at the text as it is written and with up to so many layers of escapes undone. What is hidden in one is a
// secret in the next: undone, it may hold what looks like its end.
func maskEncoded(layers int, text string, secrets []string) string {
	hidden, found := withoutSecrets(text, secrets)
	plain := unescape(1, text)
	if plain == text || layers == 0 {
		return hidden
	}
	known := slices.Clone(secrets)
	for _, secret := range slices.Concat(secrets, found) {
		if bare := unescape(1, secret); bare != secret && !slices.Contains(known, bare) {
			known = append(known, bare)
		}
	}
	if safe := maskEncoded(layers-1, plain, known); unescape(maxLayers, safe) != unescape(maxLayers, hidden) {
		return safe
	}
	return hidden
}

// escapePattern is a character as JSON, %q, URLs or pages write it.
var escapePattern = regexp.MustCompile(`%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\\/"']|&#?\w{1,8};`)

func unescape(layers int, text string) string {
	for range layers {
		if !strings.ContainsAny(text, `\%&`) {
			break
		}
		text = escapePattern.ReplaceAllStringFunc(text, func(written string) string {
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
