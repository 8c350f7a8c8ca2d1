// Package fault makes the simulated services fail: as data (Fault), put on and taken off while they run (Set), in
// front of their handlers (Set.Wrap). What would lose rows if it were done from outside, such as a short page, is a
// knob of the server.
package fault

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// Services that a fault can be for; the empty string is for all.
const (
	OneLogin = "onelogin"
	SCIM     = "scim"
	// AWS is Identity Store, SSO Admin and Organizations together; its requests all have the path /.
	AWS = "aws"
)

// Kind is what goes wrong.
type Kind string

// The kinds. Those that answer take Status, Headers and Body from the fault where they are set.
const (
	// Throttle answers 429, with Retry-After if the fault has one.
	Throttle Kind = "throttle"
	// ThrottleAs400 answers as OneLogin does by one account: 400 with the message rate_limit_exceeded.
	ThrottleAs400 Kind = "throttle-400"
	// ServerError answers 500 with the service's error body.
	ServerError Kind = "server-error"
	// BadGateway answers 502 with a page of HTML.
	BadGateway Kind = "bad-gateway"
	// Forbidden answers 403, as a network rule would.
	Forbidden Kind = "forbidden"
	// Reset aborts the connection before the handler runs: nothing was done and nothing is answered.
	Reset Kind = "reset"
	// ResetInBody runs the handler, sends the headers with the full length and half of the body, then aborts.
	ResetInBody Kind = "reset-in-body"
	// Truncate runs the handler and sends half of its body as if it were the whole, with a length that fits and
	// status 200.
	Truncate Kind = "truncate"
	// LoseAnswer runs the handler, so that a write is done, and aborts the connection without an answer.
	LoseAnswer Kind = "lose-answer"
	// Slow waits and then lets the request through. Several slow faults add up, and another kind may follow.
	Slow Kind = "slow"
	// Redirect answers 302 to the same path and query under Location.
	Redirect Kind = "redirect"
	// Answer answers Status (200 if none), Headers and Body as they are.
	Answer Kind = "answer"
	// Empty answers 200 with a list of nothing: [] for OneLogin, an empty ListResponse for SCIM, empty lists for AWS,
	// or Body.
	Empty Kind = "empty"
	// DoubleRow runs the handler and gives the first row of every list in its answer twice; totals stay as they are.
	DoubleRow Kind = "double-row"
)

// Fault says which requests go wrong, and how. The zero values match every request, from the first one, for ever.
type Fault struct {
	// Service is OneLogin, SCIM, AWS or, for all, empty.
	Service string `json:"service,omitempty"`
	// Method is an HTTP method, or empty for all.
	Method string `json:"method,omitempty"`
	// Path is an unanchored RE2 expression over path and query as sent, percent-encoded; empty for all.
	Path string `json:"path,omitempty"`
	// After is how many matching requests pass first.
	After int `json:"after,omitempty"`
	// Times is how many matching requests are hit after those; 0 is for ever.
	Times int  `json:"times,omitempty"`
	Kind  Kind `json:"kind"`

	// RetryAfter in seconds is sent with any answer if it is above 0.
	RetryAfter int `json:"retry_after,omitempty"`
	// Status replaces the kind's own.
	Status int `json:"status,omitempty"`
	// Headers are added to the kind's own.
	Headers map[string]string `json:"headers,omitempty"`
	// Body replaces the kind's own.
	Body string `json:"body,omitempty"`
	// Location is where Redirect points: scheme and host, such as "https://elsewhere.example".
	Location string `json:"location,omitempty"`
	// DelayMS is a wait in milliseconds before the fault strikes, for Slow all there is. It ends when the request is
	// given up.
	DelayMS int `json:"delay_ms,omitempty"`

	// Seen and Hits count the matching requests and those that were hit.
	Seen int `json:"seen,omitempty"`
	Hits int `json:"hits,omitempty"`
}

// check refuses what no request could match and what cannot be answered: net/http sends no other status, and would end
// the connection in place of answering.
func (f *Fault) check() (*regexp.Regexp, error) {
	_, answers := f.reply("", "")
	inFront := []Kind{Reset, ResetInBody, Truncate, LoseAnswer, Slow, DoubleRow}
	path, err := regexp.Compile(f.Path)
	switch {
	case !answers && !slices.Contains(inFront, f.Kind):
		return nil, fmt.Errorf("fault kind %q is not known: use one of the kinds that the package lists", f.Kind)
	case !slices.Contains([]string{"", OneLogin, SCIM, AWS}, f.Service):
		return nil, fmt.Errorf("fault service %q is not known: use %q, %q, %q or leave it empty for all", f.Service,
			OneLogin, SCIM, AWS)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return nil, fmt.Errorf("fault status %d is none that can be answered: use 200 to 599", f.Status)
	case err != nil:
		return nil, fmt.Errorf("fault path %q is no regular expression: %w; write it in RE2 syntax", f.Path, err)
	}
	return path, nil
}

// reply is what a fault answers without running the handler.
type reply struct {
	status            int
	contentType, body string
}

// reply is that of a kind that answers by itself; ok is false for the others.
func (f *Fault) reply(service, requestURI string) (answer reply, ok bool) {
	const asJSON, asHTML = "application/json", "text/html"
	answer, ok = map[Kind]reply{
		Throttle:      {429, asJSON, errorBody(service, 429, "Too Many Requests", "Rate exceeded.")},
		ThrottleAs400: {400, asJSON, errorBody(OneLogin, 400, "bad request", "rate_limit_exceeded")},
		ServerError:   {500, asJSON, errorBody(service, 500, "Internal Server Error", "Internal server error")},
		BadGateway: {502, asHTML, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n" +
			"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"},
		Forbidden: {403, asJSON, errorBody(service, 403, "Forbidden", "Access denied.")},
		Redirect:  {302, asHTML, "<a href=\"" + requestURI + "\">Found</a>.\n"},
		Answer:    {200, asJSON, ""},
		Empty:     {200, asJSON, emptyList(service, requestURI)},
	}[f.Kind]
	return reply{cmp.Or(f.Status, answer.status), answer.contentType, cmp.Or(f.Body, answer.body)}, ok
}

// emptyList is a service's list of nothing, SCIM's in the envelope that goes with the request: only without a cursor
// are there totals.
func emptyList(service, requestURI string) string {
	switch service {
	case OneLogin:
		return "[]"
	case AWS:
		return `{"Users":[],"Groups":[],"GroupMemberships":[],"AccountAssignments":[]}`
	}
	totals := `"totalResults":0,"startIndex":1,`
	if u, err := url.ParseRequestURI(requestURI); err == nil && u.Query().Has("cursor") {
		totals = ""
	}
	return `{` + totals + `"itemsPerPage":0,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],` +
		`"Resources":[]}`
}

// errorBody is a service's own: OneLogin's E1, or the SCIM error of Identity Center.
func errorBody(service string, status int, kind, text string) string {
	doc := map[string]any{"status": map[string]any{"error": true, "code": status, "type": kind, "message": text}}
	switch service {
	case AWS:
		// Throttling has a type of its own; everything else that a fault answers is a fault of the service or of the
		// network.
		doc = map[string]any{"__type": "InternalServerException", "message": text}
		if status == http.StatusTooManyRequests {
			doc["__type"] = "ThrottlingException"
		}
	case SCIM:
		urn := []string{"urn:ietf:params:scim:api:messages:2.0:Error"}
		doc = map[string]any{
			"schema": urn, "schemas": urn, "detail": text, "status": strconv.Itoa(status),
			"exceptionRequestId": "00000000-0000-4000-8000-000000000000", "timeStamp": "2026-01-02 03:04:05.678",
		}
	}
	encoded, _ := json.Marshal(doc) // plain strings and numbers always marshal
	return string(encoded)
}
