package transport

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/scimdrift/scimdrift/model"
)

// ExplainedError is an error in words for an operator: what it means at a service, and what to do. The error itself
// stays behind it.
type ExplainedError struct {
	text string
	err  error
}

// Explain puts an error into words.
func Explain(err error, form string, args ...any) *ExplainedError {
	return &ExplainedError{fmt.Sprintf(form, args...), err}
}

func (e *ExplainedError) Error() string { return e.text }

func (e *ExplainedError) Unwrap() error { return e.err }

// RequestInfo is the request that an error is about. Path is relative to the base URL, and Attempts how often it was
// sent.
type RequestInfo struct {
	Method, Host, Path string
	Attempts           int
}

// StatusError is an answer other than 2xx. Its text states the fact only; what it means at a service, and what to do,
// is for the adapter to say.
type StatusError struct {
	RequestInfo

	Status int
	// Body is the first 16 KB, with secrets masked. It may hold personal data, so Error leaves it out.
	Body []byte
	// RequestID is the service's own id of the request, to be quoted to its support; empty if it sent none.
	RequestID string
	// RetryAfter is the wait that the service asked for; 0 if none.
	RetryAfter time.Duration
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s answered %d %s to %s %s", e.Host, e.Status, http.StatusText(e.Status), e.Method, e.Path)
	if e.Attempts > 1 {
		s += fmt.Sprintf(" after %d tries", e.Attempts)
	}
	if e.RequestID != "" {
		s += " (request id " + e.RequestID + ")"
	}
	return s
}

// ConnError is a request without a whole answer: no connection, one that was lost, or no answer in time.
type ConnError struct {
	RequestInfo

	// Sent is true if the service may have received the request, even if it never answered: a write may then have
	// happened, and has to be settled by reading.
	Sent bool
	// Status is the answer's status, if that much arrived; else 0.
	Status int
	Err    error
}

func (e *ConnError) Error() string {
	todo := "check the network, the proxy and the URL, then try again"
	if _, ok := errors.AsType[x509.UnknownAuthorityError](e.Err); ok {
		todo = "no authority that is known here vouches for its certificate; if a proxy or a private target is meant " +
			"to be there, add its authority to the system's (or, for a target, name it in target.ca_file)"
	}
	return fmt.Sprintf("no complete answer from %s to %s %s after %s: %v; %s", e.Host, e.Method, e.Path,
		triesText(e.Attempts), e.Err, todo)
}

func (e *ConnError) Unwrap() error { return e.Err }

// DecodeError is an answer that is not the JSON that was expected, every time it was asked for, or that is beyond
// Options.MaxBody bytes after decompression.
type DecodeError struct {
	RequestInfo

	// Status is that of the answer: a write with a 2xx status has happened.
	Status int
	// ContentType tells a proxy's or login page's HTML from broken JSON.
	ContentType string
	Err         error
}

func (e *DecodeError) Error() string {
	if _, lossy := errors.AsType[*TextError](e.Err); lossy {
		return fmt.Sprintf("the answer of %s to %s %s cannot be turned into text without loss (content type %q): %v; "+
			"mend the record there, or have the service declare its charset", e.Host, e.Method, e.Path, e.ContentType,
			e.Err)
	}
	todo := "check that the URL leads to the API and not to a login page or proxy"
	if strings.Contains(strings.ToLower(e.ContentType), "json") && !errors.Is(e.Err, errPage) &&
		!errors.Is(e.Err, errTooLarge) { // nobody need look for a mistake in a URL that JSON came from
		todo = "read again, and report it to the service's support if it stays so"
	}
	return fmt.Sprintf("the answer of %s to %s %s cannot be read as JSON (content type %q, %s): %v; %s",
		e.Host, e.Method, e.Path, e.ContentType, triesText(e.Attempts), e.Err, todo)
}

func (e *DecodeError) Unwrap() error { return e.Err }

// RedirectError is a redirect that was not followed: to another scheme, host or port, of a write, or in a loop.
type RedirectError struct {
	RequestInfo

	// To is where it led, without path and query.
	To     string
	Reason string
}

func (e *RedirectError) Error() string {
	return fmt.Sprintf("%s redirects %s %s to %s, which was not followed (%s); if that is the right address, put it "+
		"into the configuration", e.Host, e.Method, e.Path, e.To, e.Reason)
}

// WaitError means that the service asked for a longer wait than Options.MaxWait. It wraps the *StatusError.
type WaitError struct {
	Wait, Max time.Duration
	// Until is when the service wants to be asked again.
	Until time.Time
	Err   *StatusError
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("%v and asks to wait %s, longer than the %s we wait; try again after %s",
		e.Err, model.Lasting(e.Wait), model.Lasting(e.Max), e.Until.UTC().Format(time.RFC3339))
}

func (e *WaitError) Unwrap() error { return e.Err }

// TimeoutError means that Options.TotalTimeout ran out between tries. It wraps the last failure, if there was one.
type TimeoutError struct {
	RequestInfo

	Total time.Duration
	Err   error
}

func (e *TimeoutError) Error() string {
	s := fmt.Sprintf("%s %s at %s did not succeed within %s (%s)", e.Method, e.Path, e.Host, model.Lasting(e.Total),
		triesText(e.Attempts))
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s + "; try again later"
}

func (e *TimeoutError) Unwrap() error { return e.Err }

// GivenUpError means that a service answered a part of a load with nothing but failures for so long that it is not
// asked any more. It wraps the last failure.
type GivenUpError struct {
	// Failed of Sent requests of the part were not answered, retries included.
	Failed, Sent int
	Err          error
}

func (e *GivenUpError) Error() string { return e.Because(e.Err.Error()) }

// Because is the error with other words for the last failure.
func (e *GivenUpError) Because(last string) string {
	return fmt.Sprintf("given up after %d of %d requests failed, the last: %s", e.Failed, e.Sent, last)
}

func (e *GivenUpError) Unwrap() error { return e.Err }

// answerTimeoutError is the cause of a *ConnError: no whole answer within this time.
type answerTimeoutError time.Duration

func (e answerTimeoutError) Error() string { return "no answer within " + time.Duration(e).String() }
func (answerTimeoutError) Timeout() bool   { return true }

func timedOut(err error) bool {
	late, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && late.Timeout()
}

// OneLine keeps a service's own text from breaking the sentence that quotes it: any sentence is shown whole, and a
// traceback is not.
func OneLine(text string) string {
	const most = 1000
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

func triesText(n int) string { return model.Counted(n, "try", "tries") }

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
		if c.isRateLimited(answer.Status, answer.Body) {
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
