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

	auth     string
	shown    string // the query without secrets
	renewed  bool   // the credential has been renewed once
	open     bool   // an attempt has begun and was not judged yet
	attempts int
	retries  int           // attempts after a failure
	paid     int           // the tokens that the last retry took
	held     time.Duration // before the next attempt
	delay    time.Duration // to be waited before the next attempt, because of why
	why      string
	waits    int           // that a rate limit asked for
	waited   time.Duration // in them

	health *health // of the part that the request belongs to
	// before is how often the part, and its load, had been answered when the request began, or last waited in vain.
	before, loadBefore int

	// resp or err is what came of the last attempt, or of the wait for one.
	resp *Response
	err  error
}

type callKey struct{}

func callOf(r *resty.Request) *call {
	k, _ := r.Context().Value(callKey{}).(*call)
	return k
}

// do has resty send a request until it succeeds, fails for good, or may not be tried again.
func (c *Client) do(ctx context.Context, r Request, check func([]byte) error) (*Response, error) {
	target, err := c.target(r)
	if err = cmp.Or(c.opts.Offline, err); err != nil {
		return nil, err
	}
	if r.JSON && check == nil {
		check = wholeText
	}
	k := &call{c: c, req: r, check: check, health: partOf(ctx).health(c)}
	if err := k.givenUp(0); err != nil {
		return nil, err
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, k.cancelled(ctx)
	}
	k.deadline = c.clock.Now().Add(c.opts.TotalTimeout)
	k.with(func(h *health) { k.before, k.loadBefore = h.answered, h.load.answered })
	if _, err := k.authorize(ctx); err != nil {
		return nil, err
	}
	k.shown = maskQuery(r.RawQuery, func(key, value string) string {
		if secretKeys.MatchString(key) {
			return mask
		}
		return k.redact(value)
	})
	limited, cancel := context.WithTimeout(ctx, c.opts.TotalTimeout)
	defer cancel()
	k.build(limited)
	answer, err := k.rest.Execute(r.Method, target)
	if k.open { // where its context is over, resty asks nobody whether to try again
		k.judge(answer, err)
	}
	if k.err != nil && ctx.Err() != nil && k.mayRepeat() {
		return nil, k.cancelled(ctx)
	}
	return k.resp, k.err
}

func (k *call) build(ctx context.Context) {
	k.rest = k.c.rest.R().SetContext(context.WithValue(ctx, callKey{}, k)).AddRetryCondition(k.again).
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

func (k *call) begin(r *resty.Request) error {
	if k.err = k.pace(r.Context()); k.err != nil {
		return k.err
	}
	if k.auth != "" {
		r.SetHeader("Authorization", k.auth)
	}
	k.open = true
	k.attempts++
	k.c.sent.Add(1)
	return nil
}

// judge ends an attempt: 2xx is a response, everything else a typed error.
func (k *call) judge(answer *resty.Response, err error) {
	c := k.c
	k.open = false
	event := k.event(EventAnswer)
	event.Waited, k.held = k.held, 0
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
		event.Budget, event.Date = c.noteBudget(answer.Header(), event.At), answerDate(answer.Header())
	}
	k.resp, k.err = k.verdict(answer, err, event.At)
	if k.err != nil {
		event.Err = k.err.Error()
	}
	c.opts.Recorder.add(event)
	c.tell(event)
}

func (k *call) verdict(answer *resty.Response, err error, now time.Time) (*Response, error) {
	c, status := k.c, answer.StatusCode()
	redirect, redirected := errors.AsType[*RedirectError](err)
	switch {
	case redirected:
		redirect.To = shortened(k.redact(redirect.To))
		return nil, redirect
	case errors.Is(err, errTooLarge):
		return nil, c.decodeError(k.asked(), status, answer.Header(), err, k.sent()...)
	case err != nil:
		// Where there was a connection, the service may have seen it.
		return nil, &ConnError{
			Asked: k.asked(), Sent: answer.Request.TraceInfo().RemoteAddr != nil, Status: status,
			Err: c.redactError(err, k.sent()...),
		}
	case status < 200 || status > 299:
		body := answer.Body()
		return nil, &StatusError{
			Asked: k.asked(), Status: status,
			Body:       k.quotable(answer.Header(), body),
			RequestID:  shortened(k.redact(requestID(answer.Header()))), // a gateway may make one of what it was sent
			RetryAfter: c.wantedWait(answer.Header(), body, status, now),
		}
	}
	body, err := toText(answer.Header().Get("Content-Type"), answer.Body())
	if err != nil {
		body = answer.Body()
	} else if k.check != nil {
		err = k.check(body)
	}
	if err != nil && k.check != nil {
		return nil, c.decodeError(k.asked(), status, answer.Header(), err, k.sent()...)
	}
	return &Response{Status: status, Header: answer.Header(), Body: body, At: now, Attempts: k.attempts}, nil
}

func (k *call) asked() Asked { return Asked{k.req.Method, k.c.base.Host, k.req.Path, k.attempts} }

// sent are the credentials that the request carries: ours, or those that its sender signed it with.
func (k *call) sent() []string {
	return []string{k.auth, k.req.Header.Get("Authorization"), k.req.Header.Get("X-Amz-Security-Token")}
}

func (k *call) redact(text string) string { return k.c.redact(text, k.sent()...) }

func (c *Client) decodeError(asked Asked, status int, h http.Header, err error, sent ...string) *DecodeError {
	return &DecodeError{
		Asked: asked, Status: status, ContentType: shortened(c.redact(h.Get("Content-Type"), sent...)),
		Err: c.redactError(err, sent...),
	}
}

// errorBody is how much of a refusal is kept: more than any sentence has.
const errorBody = 16 << 10

// quotable is the body of a refusal as text, without secrets. It is cut after they are masked, for half a secret is not
// recognised.
func (k *call) quotable(h http.Header, body []byte) []byte {
	text, err := toText(h.Get("Content-Type"), body)
	if err != nil {
		text = body
	}
	masked := k.redact(string(text[:min(len(text), errorBody+4096)]))
	return []byte(masked[:min(len(masked), errorBody)])
}

func (c *Client) wantedWait(h http.Header, body []byte, status int, now time.Time) time.Duration {
	wait := askedWait(h, c.rateLimited(status, body), now)
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

// shortened keeps what support needs of a header. It comes after the masking, because half a secret is not recognised.
func shortened(text string) string { return text[:min(len(text), 100)] }

func (k *call) event(kind EventKind) Event {
	return Event{
		Kind: kind, At: k.c.clock.Now(), Method: k.req.Method, Host: k.c.base.Host,
		Path: cmp.Or(k.req.Name, k.req.Path), Query: k.shown, Attempt: k.attempts,
	}
}

func (c *Client) tell(e Event) {
	if c.opts.Observe != nil {
		c.opts.Observe(e)
	}
}
