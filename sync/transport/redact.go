package transport

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// mask stands where a secret stood.
const mask = "***"

var (
	// secretPair finds secrets by the name beside them, in JSON, in forms and in OneLogin's "client_id:…" header.
	secretPair = regexp.MustCompile(`(?i)("?(?:access_token|refresh_token|id_token|client_id|client_secret|password|authorization|api_?key)"?\s*[:=]\s*"?)([^"&,\s}]+)`)
	// bearer finds tokens by the scheme before them; OneLogin's documentation writes both "bearer x" and "bearer:x".
	bearer = regexp.MustCompile(`(?i)\b(bearer|basic)([ :]\s*)[A-Za-z0-9._~+/=-]{16,}`)
	// userInfo finds the credentials in a proxy's URL.
	userInfo = regexp.MustCompile(`://[^/@\s"]+@`)
)

// Redact masks what looks like a credential in text that is to be shown or kept.
func Redact(text string) string {
	text = bearer.ReplaceAllString(text, "$1$2"+mask)
	text = secretPair.ReplaceAllString(text, "$1"+mask)
	return userInfo.ReplaceAllString(text, "://"+mask+"@")
}

// redact also masks the secrets that the client knows by value, in whatever form a server echoes them.
func (c *Client) redact(text, authorization string) string {
	for _, s := range c.opts.Secrets {
		text = replaceSecret(text, s)
	}
	token := authorization[strings.LastIndexAny(authorization, " :")+1:]
	return Redact(replaceSecret(text, token))
}

// secretRun finds what may be a part of a secret: some servers quote the beginning of what they refuse.
var secretRun = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)

func replaceSecret(text, secret string) string {
	if len(secret) < 4 {
		return text
	}
	text = strings.ReplaceAll(text, secret, mask)
	text = strings.ReplaceAll(text, url.QueryEscape(secret), mask)
	return secretRun.ReplaceAllStringFunc(text, func(run string) string {
		if strings.Contains(secret, run) {
			return mask
		}
		return run
	})
}

// redactError keeps the kind of an error (for errors.Is and As) and masks its text. The URL that net/http puts before
// its errors is dropped: it holds the query, and so personal data.
func (c *Client) redactError(err error, authorization string) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	text := err.Error()
	if masked := c.redact(text, authorization); masked != text {
		return redacted{masked, err}
	}
	return err
}

type redacted struct {
	text string
	err  error
}

func (e redacted) Error() string { return e.text }
func (e redacted) Unwrap() error { return e.err }

// secretKeys are query parameters whose values are never kept.
var secretKeys = regexp.MustCompile(`(?i)token|secret|password|authorization|api_?key|client_id`)

// plainKeys are query parameters that say how much is asked for, never of whom.
var plainKeys = regexp.MustCompile(`(?i)^(limit|page|count|startindex|fields|attributes|excludedattributes|enabled|sort|ignore_visibility|app_id|event_type_id|since|until)$`)

// maskQuery masks the values of those keys that hide accepts, and keeps order and spelling of the rest.
func maskQuery(raw string, hide func(key string) bool) string {
	if raw == "" {
		return ""
	}
	parts := strings.Split(raw, "&")
	for i, p := range parts {
		key, _, found := strings.Cut(p, "=")
		name, err := url.QueryUnescape(key)
		if found && (err != nil || hide(name)) {
			parts[i] = key + "=" + mask
		}
	}
	return strings.Join(parts, "&")
}
