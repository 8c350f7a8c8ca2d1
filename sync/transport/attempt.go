package transport

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/go-resty/resty/v2"
)

// call is one request on its way through all its attempts. It holds a slot from the first to the last: during a wait
// nobody else should press the service either, and a retry need not queue behind new requests.
type call struct {
	c        *Client
	req      Request
	rest     *resty.Request
	check    func(body []byte) error // nil: any body will do
	deadline time.Time

	authorization     string
	maskedQuery       string // the query without secrets
	credentialRenewed bool   // the credential has been renewed once
	attemptOpen       bool   // an attempt has begun and was not judged yet
	attempts          int
	retries           int           // attempts after a failure
	tokensPaid        int           // the tokens that the last retry took
	heldBack          time.Duration // before the next attempt
	nextDelay         time.Duration // to be waited before the next attempt, because of why
	delayReason       string
	rateLimitWaits    int           // that a rate limit asked for
	rateLimitWaited   time.Duration // in them

	health *health // of the part that the request belongs to
	// answeredBefore is how often the part, and its load, had been answered when the request began, or last waited in
	// vain.
	answeredBefore, loadAnsweredBefore int

	// resp or err is what came of the last attempt, or of the wait for one.
	resp *Response
	err  error
}

type callKey struct{}

func callFrom(r *resty.Request) *call {
	k, _ := r.Context().Value(callKey{}).(*call)
	return k
}

// do has resty send a request until it succeeds, fails for good, or may not be tried again.
func (c *Client) do(ctx context.Context, r Request, check func([]byte) error) (*Response, error) {
	target, err := c.requestURL(r)
	if err = cmp.Or(c.opts.Offline, err); err != nil {
		return nil, err
	}
	if r.JSON && check == nil {
		check = validJSONText
	}
	k := &call{c: c, req: r, check: check, health: partFrom(ctx).health(c)}
	if err := k.givenUpError(0); err != nil {
		return nil, err
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, k.cancelledError(ctx)
	}
	k.deadline = c.clock.Now().Add(c.opts.TotalTimeout)
	k.updateHealth(func(h *health) { k.answeredBefore, k.loadAnsweredBefore = h.answered, h.load.answered })
	if _, err := k.authorize(ctx); err != nil {
		return nil, err
	}
	k.maskedQuery = maskQuery(r.RawQuery, func(key, value string) string {
		if secretKeys.MatchString(key) {
			return mask
		}
		return k.redact(value)
	})
	limited, cancel := context.WithTimeout(ctx, c.opts.TotalTimeout)
	defer cancel()
	k.buildRequest(limited)
	answer, err := k.rest.Execute(r.Method, target)
	if k.attemptOpen { // where its context is over, resty asks nobody whether to try again
		k.endAttempt(answer, err)
	}
	if k.err != nil && ctx.Err() != nil && k.mayRepeat() {
		return nil, k.cancelledError(ctx)
	}
	return k.resp, k.err
}

func (k *call) buildRequest(ctx context.Context) {
	k.rest = k.c.rest.R().SetContext(context.WithValue(ctx, callKey{}, k)).AddRetryCondition(k.shouldRetry).
		SetDoNotParseResponse(true)
	for name, values := range k.req.Header {
		k.rest.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	k.rest.SetHeader("User-Agent", k.c.opts.UserAgent)
	if k.req.Body != nil {
		k.rest.SetBody(k.req.Body)
		if k.rest.Header.Get("Content-Type") == "" {
			k.rest.SetHeader("Content-Type", "application/json")
		}
	}
}

func (k *call) beginAttempt(r *resty.Request) error {
	if k.err = k.waitForRateLimit(r.Context()); k.err != nil {
		return k.err
	}
	if k.authorization != "" {
		r.SetHeader("Authorization", k.authorization)
	}
	k.attemptOpen = true
	k.attempts++
	k.c.sent.Add(1)
	return nil
}

// endAttempt ends an attempt: 2xx is a response, everything else a typed error.
func (k *call) endAttempt(answer *resty.Response, err error) {
	c := k.c
	k.attemptOpen = false
	event := k.newEvent(EventAnswer)
	event.Waited, k.heldBack = k.heldBack, 0
	if answer == nil {
		answer = &resty.Response{Request: k.rest}
	}
	if err == nil {
		err = c.readBody(answer)
	}
	event.Duration = answer.Time()
	if errors.Is(err, context.DeadlineExceeded) && answer.Request.Context().Err() == nil {
		err = answerTimeoutError(c.opts.AttemptTimeout)
	}
	if answer.RawResponse != nil {
		event.Status, event.Bytes = answer.StatusCode(), len(answer.Body())
		event.Budget, event.Date = c.noteBudget(answer.Header(), event.At), parseDate(answer.Header())
	}
	k.resp, k.err = k.attemptResult(answer, err, event.At)
	if k.err != nil {
		event.Err = k.err.Error()
	}
	c.opts.Recorder.add(event)
	c.observe(event)
}

func (k *call) attemptResult(answer *resty.Response, err error, now time.Time) (*Response, error) {
	c, status := k.c, answer.StatusCode()
	redirect, redirected := errors.AsType[*RedirectError](err)
	switch {
	case redirected:
		redirect.To = truncateHeader(k.redact(redirect.To))
		return nil, redirect
	case errors.Is(err, errTooLarge):
		return nil, c.decodeError(k.requestInfo(), status, answer.Header(), err, k.credentials()...)
	case err != nil:
		// Where there was a connection, the service may have seen it.
		return nil, &ConnError{
			RequestInfo: k.requestInfo(), Sent: answer.Request.TraceInfo().RemoteAddr != nil, Status: status,
			Err: c.redactError(err, k.credentials()...),
		}
	case status < 200 || status > 299:
		body := answer.Body()
		return nil, &StatusError{
			RequestInfo: k.requestInfo(), Status: status,
			Body: k.maskedBody(answer.Header(), body),
			// a gateway may make one of what it was sent
			RequestID:  truncateHeader(k.redact(requestID(answer.Header()))),
			RetryAfter: c.requestedWait(answer.Header(), body, status, now),
		}
	}
	body, err := toText(answer.Header().Get("Content-Type"), answer.Body())
	if err != nil {
		body = answer.Body()
	} else if k.check != nil {
		err = k.check(body)
	}
	if err != nil && k.check != nil {
		return nil, c.decodeError(k.requestInfo(), status, answer.Header(), err, k.credentials()...)
	}
	return &Response{Status: status, Header: answer.Header(), Body: body, At: now, Attempts: k.attempts}, nil
}

func (k *call) requestInfo() RequestInfo {
	return RequestInfo{k.req.Method, k.c.base.Host, k.req.Path, k.attempts}
}

// credentials are the credentials that the request carries: ours, or those that its sender signed it with.
func (k *call) credentials() []string {
	return []string{k.authorization, k.req.Header.Get("Authorization"), k.req.Header.Get("X-Amz-Security-Token")}
}

func (k *call) redact(text string) string { return k.c.redact(text, k.credentials()...) }

func (c *Client) decodeError(asked RequestInfo, status int, h http.Header, err error, sent ...string) *DecodeError {
	return &DecodeError{
		RequestInfo: asked, Status: status, ContentType: truncateHeader(c.redact(h.Get("Content-Type"), sent...)),
		Err: c.redactError(err, sent...),
	}
}

// maxErrorBody is how much of a refusal is kept: more than any sentence has.
const maxErrorBody = 16 << 10

// maskedBody is the body of a refusal as text, without secrets. It is cut after they are masked, for half a secret is
// not recognised.
func (k *call) maskedBody(h http.Header, body []byte) []byte {
	text, err := toText(h.Get("Content-Type"), body)
	if err != nil {
		text = body
	}
	masked := k.redact(string(text[:min(len(text), maxErrorBody+4096)]))
	return []byte(masked[:min(len(masked), maxErrorBody)])
}

func (c *Client) requestedWait(h http.Header, body []byte, status int, now time.Time) time.Duration {
	wait := parseRetryWait(h, c.isRateLimited(status, body), now)
	if wait == 0 && c.opts.AskedWait != nil {
		wait = c.opts.AskedWait(body)
	}
	return wait
}

// requestID finds the id under the names that OneLogin (x-request-id) and AWS (x-amzn-requestid) use.
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Amzn-Requestid", "X-Amz-Request-Id"} {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// truncateHeader keeps what support needs of a header. It comes after the masking, because half a secret is not
// recognised.
func truncateHeader(text string) string { return text[:min(len(text), 100)] }

func (k *call) newEvent(kind EventKind) Event {
	return Event{
		Kind: kind, At: k.c.clock.Now(), Method: k.req.Method, Host: k.c.base.Host,
		Path: cmp.Or(k.req.Name, k.req.Path), Query: k.maskedQuery, Attempt: k.attempts,
	}
}

func (c *Client) observe(e Event) {
	if c.opts.Observe != nil {
		c.opts.Observe(e)
	}
}
