package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

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

func (c *Client) statusReason(err error, status *transport.StatusError) string {
	detail, plain := c.said(status)
	said := ""
	if detail != "" {
		said = ": " + detail
	}
	switch {
	case status.Status == http.StatusUnauthorized:
		return "the target refused the token (401" + said + "): " + c.manner.tokenRefused
	case status.Status == http.StatusForbidden:
		return "the target does not let us read (403" + said + "): the token lacks the permission, or a network rule of the target refuses this address; " +
			"check the token's rights and the target's list of allowed addresses"
	case status.Status == http.StatusNotFound && detail != "" && plain && isSCIMError(status.Body):
		return "the target knows no such record or address (404" + said + "); reload"
	case status.Status == http.StatusNotFound:
		return "the target knows no such address (404" + said + "); if it is not a record that has just gone, the base URL is wrong: it mostly ends in /scim/v2"
	case status.Status == http.StatusTooManyRequests:
		if wait, ok := errors.AsType[*transport.WaitError](err); ok {
			return "the target limits our rate: " + c.http.Redact(wait.Error())
		}
		return "the target limits our rate (429" + said + "); wait a minute and reload, or lower rate_share"
	case status.Status >= http.StatusInternalServerError:
		return fmt.Sprintf("the target failed (%d%s); reload in a while%s", status.Status, said, quote(status.RequestID))
	}
	if detail != "" && plain { // its own words say what is wrong, and advice of ours could only lead away from it
		return fmt.Sprintf("the target refused the request (%d%s)%s", status.Status, said, quote(status.RequestID))
	}
	return fmt.Sprintf("the target refused the request (%d%s); reload, and if it stays so check the URL and the dialect%s", status.Status, said, quote(status.RequestID))
}

// counted puts a number before the right one of two words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func quote(requestID string) string {
	if requestID == "" {
		return ""
	}
	return ", and quote its request id " + requestID + " to its support"
}
