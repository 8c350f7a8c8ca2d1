package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// reason puts an error into a phrase that says what happened and what to do, fit for a coverage.
func (c *Client) reason(err error) string {
	var status *transport.StatusError
	var short *shortfall
	if given, ok := errors.AsType[*transport.GivenUpError](err); ok {
		return given.Because(c.reason(given.Err))
	}
	switch {
	case errors.As(err, &short):
		return c.http.Redact(short.reason)
	case errors.As(err, &status):
		return c.statusReason(err, status)
	case errors.Is(err, context.Canceled):
		return "the read was cancelled; reload to read again"
	}
	return c.http.Redact(err.Error())
}

// forbidden is what a 403 can mean and where to look.
const forbidden = "the token lacks the permission, or a network rule of the target refuses this address; check the " +
	"token's rights and the target's list of allowed addresses"

func (c *Client) statusReason(err error, status *transport.StatusError) string {
	said, plain := c.refusalText(status)
	support := quoteRequestID(status.RequestID)
	switch code := status.Status; {
	case code == http.StatusUnauthorized:
		return "the target refused the token " + said + ": " + c.dialect.tokenRefused
	case code == http.StatusForbidden:
		return "the target does not let us read " + said + ": " + forbidden
	case code == http.StatusNotFound && plain && isSCIMError(status.Body):
		return "the target knows no such record or address " + said + "; reload"
	case code == http.StatusNotFound:
		return "the target knows no such address " + said +
			"; if it is not a record that has just gone, the base URL is wrong: it mostly ends in /scim/v2"
	case code == http.StatusTooManyRequests:
		if wait, ok := errors.AsType[*transport.WaitError](err); ok {
			return "the target limits our rate: " + c.http.Redact(wait.Error())
		}
		return "the target limits our rate " + said + "; wait a minute and reload, or lower rate_share"
	case code >= http.StatusInternalServerError:
		return "the target failed " + said + "; reload in a while" + support
	case plain: // its own words say what is wrong, and advice of ours could only lead away from it
		return "the target refused the request " + said + support
	}
	return "the target refused the request " + said + "; reload, and if it stays so check the URL and the dialect" +
		support
}

func quoteRequestID(requestID string) string {
	if requestID == "" {
		return ""
	}
	return ", and quote its request id " + requestID + " to its support"
}

// refusalText is a refusal's status with the target's own words, in brackets. plain: there are words, and not those of
// a page, which somebody else may have put in their place.
func (c *Client) refusalText(status *transport.StatusError) (said string, plain bool) {
	words, page := transport.ErrorMessage(status.Body)
	if words == "" {
		return fmt.Sprintf("(%d)", status.Status), false
	}
	return fmt.Sprintf("(%d: %s)", status.Status, c.http.Redact(words)), !page
}
