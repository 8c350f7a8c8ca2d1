package onelogin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// The scopes of OneLogin's API credentials that reading needs.
const (
	readAll   = "Read All"
	manageAll = "Manage All"
)

// explain adds to a failure what it means at OneLogin and what to do. scope is what the request needs at least.
func explain(err error, scope string) error {
	var status *transport.StatusError
	var done *transport.ExplainedError
	if err == nil || errors.As(err, &done) || !errors.As(err, &status) {
		return err // a lost connection says already what to do
	}
	return transport.Explain(err, "%v%s; %s", err, quoteMessage(status), hint(status, scope))
}

// quoteMessage quotes a refusal: OneLogin's message, or the words of whoever answered in its place.
func quoteMessage(s *transport.StatusError) string {
	message, _ := transport.ErrorMessage(s.Body)
	if message == "" {
		return ""
	}
	return ", saying “" + message + "”"
}

func hint(s *transport.StatusError, scope string) string {
	switch {
	case isRateLimited(s.Status, s.Body) || s.Status == http.StatusTooManyRequests:
		return "the account's hourly limit is shared by all its API clients; try again after it resets, or lower " +
			"rate_share"
	case s.Status == http.StatusUnauthorized:
		return "token rejected or scope missing, also after a new login: this needs the scope " + scope +
			"; check the API credential under Developers > API Credentials"
	case s.Status == http.StatusForbidden:
		return "the credential's scope or a network rule forbids it: this needs the scope " + scope +
			"; check the API credential under Developers > API Credentials and the account's allowed networks"
	case s.Status == http.StatusNotFound:
		return "check the URL, and that the record still exists"
	case s.Status == http.StatusInternalServerError:
		return "OneLogin answers this too when the administrator who made the API credential has been deleted; " +
			"if it persists, make a new credential"
	case s.Status > http.StatusInternalServerError:
		return "OneLogin is overloaded or down; try again later"
	}
	return "this is not expected; report it with the request id"
}

func isNotFound(err error) bool { return transport.StatusOf(err) == http.StatusNotFound }

// isRateLimited knows OneLogin's older answer to too many calls (coded for by airbnb/streamalert).
func isRateLimited(status int, body []byte) bool {
	return status == http.StatusBadRequest && strings.Contains(string(body), "rate_limit_exceeded")
}
