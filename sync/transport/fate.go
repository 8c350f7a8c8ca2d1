package transport

import (
	"errors"
	"net/http"
	"time"

	"github.com/scimdrift/scimdrift/model"
)

// Fate says what became of a write whose Do failed: what the status says where one arrived, else whether the service
// can have seen it. status is 0 where none arrived, and wait what a rate limit asks for. What a 404 means is for the
// adapter to refine.
//
// A failure of another request is one of the login, and then the write did not happen: it was never sent, or refused
// with a 401 before the login was renewed.
func (c *Client) Fate(r Request, err error) (fate model.WriteFate, status int, wait time.Duration) {
	var answer *StatusError
	var unread *DecodeError
	var redirect *RedirectError
	var conn *ConnError
	switch {
	case errors.As(err, &answer) && answer.Path == r.Path:
		if c.rateLimited(answer.Status, answer.Body) {
			return model.WriteThrottled, answer.Status, answer.RetryAfter
		}
		return fateOfStatus(answer.Status), answer.Status, 0
	case errors.As(err, &unread) && unread.Path == r.Path:
		return fateOfStatus(unread.Status), unread.Status, 0
	case errors.As(err, &redirect) && redirect.Method == r.Method:
		return model.WriteRefused, 0, 0 // it was to be made elsewhere, and nobody followed
	case errors.As(err, &conn) && conn.Path == r.Path && conn.Sent:
		return model.WriteUnsure, conn.Status, 0
	}
	// No connection, a cancellation or a time-out before an attempt, a login that failed. What fails during an
	// attempt is one of the above.
	return model.WriteNotSent, 0, 0
}

// fateOfStatus goes by RFC 9110. A 408 may come from a proxy that gave up on the service, and a 2xx got here because
// its answer could not be read: both may have happened.
func fateOfStatus(status int) model.WriteFate {
	switch {
	case status == http.StatusNotFound:
		return model.WriteAbsent
	case status == http.StatusConflict:
		return model.WriteConflict
	case status == http.StatusPreconditionFailed:
		return model.WriteChanged
	case status == http.StatusNotImplemented:
		return model.WriteRefused
	case status == http.StatusRequestTimeout, status < 300, status >= http.StatusInternalServerError:
		return model.WriteUnsure
	}
	return model.WriteRefused
}
