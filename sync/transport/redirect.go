package transport

import (
	"net/http"
	"net/url"
	"strings"
)

const maxRedirects = 5

// checkRedirect follows a redirect of a read within the same origin only: net/http would carry the Authorization header
// on to subdomains, and would turn a redirected POST into a GET that looks like success.
func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	var reason string
	switch {
	case first.Method != http.MethodGet && first.Method != http.MethodHead:
		reason = "only reads are redirected"
	case origin(next.URL) != origin(c.base):
		reason = "credentials do not go to another host, port or scheme"
	case len(via) > maxRedirects:
		reason = "too many redirects"
	default:
		c.sent.Add(1)
		return nil
	}
	return &RedirectError{
		RequestInfo: RequestInfo{
			Method: first.Method, Host: first.URL.Host,
			Path: strings.TrimPrefix(first.URL.EscapedPath(), c.base.EscapedPath()),
		},
		To: next.URL.Scheme + "://" + next.URL.Host, Reason: reason,
	}
}

func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
