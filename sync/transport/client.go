// Package transport makes the HTTP clients of both services. It is the one place that knows resty, which sends, tries
// again, traces and has the redirects judged. When it tries again, after which wait, and what never is, stands in
// retry.go; how long a service that fails is borne with, in retrybudget.go.
package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"

	"github.com/scimdrift/scimdrift/model"
)

// Client sends requests to one service. It is safe for many goroutines.
type Client struct {
	opts    Options
	base    *url.URL
	rest    *resty.Client
	wire    *http.Transport
	slots   chan struct{}
	limiter *rate.Limiter // nil: no limit
	sent    atomic.Int64
	clock   Clock
	jitter  func() float64 // in [0, 1)

	// bodies are buffers that answers are read into.
	bodies sync.Pool

	// authorization is what was sent last, for masking it where it is quoted.
	authorization atomic.Value

	mu     sync.Mutex
	budget model.Budget
	// notBefore holds every request back after a rate limit, because the others would only be refused too; putOff is
	// how long that has been in all.
	notBefore time.Time
	putOff    time.Duration
}

// New makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	c := &Client{
		opts: o, base: base,
		slots: make(chan struct{}, o.Concurrency),
		clock: o.Clock, jitter: rand.Float64,
		bodies: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	if o.Rate > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(o.Rate), o.Burst)
	}
	c.wire = &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        o.Concurrency,
		MaxIdleConnsPerHost: o.Concurrency,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
	c.rest = resty.NewWithClient(&http.Client{
		Transport: c.wire,
		Timeout:   o.AttemptTimeout,
	})
	c.rest.SetLogger(silent{}).SetDisableWarn(true).EnableTrace()
	c.rest.SetRedirectPolicy(resty.RedirectPolicyFunc(c.checkRedirect))
	c.rest.OnBeforeRequest(func(_ *resty.Client, r *resty.Request) error { return callOf(r).begin(r) })
	// A call counts its own retries, and waits on the client's clock: resty is told to try again at once, for as long
	// as it is let.
	c.rest.SetRetryCount(math.MaxInt).SetRetryWaitTime(0).SetRetryMaxWaitTime(1)
	c.rest.SetRetryAfter(func(_ *resty.Client, r *resty.Response) (time.Duration, error) {
		return 1, callOf(r.Request).pause(r.Request)
	})
	return c, nil
}

// Close drops the idle connections. The client can be used again afterwards.
func (c *Client) Close() { c.wire.CloseIdleConnections() }

// Requests is how many requests were sent so far, retries and followed redirects included.
func (c *Client) Requests() int { return int(c.sent.Load()) }

// Host is the host and port of the service, for messages.
func (c *Client) Host() string { return c.base.Host }

// Request is one request. Path is escaped already and relative to the base URL; RawQuery is sent as it stands.
type Request struct {
	Method, Path, RawQuery string
	// Name is what events and records show as the path, for services whose operations all have the same one.
	Name   string
	Header http.Header
	// Body is sent as JSON unless Header says otherwise.
	Body []byte
	// Retry lets a method other than GET be tried again like one. It is for requests that change nothing, such as a
	// search by POST or a login; writes are never re-sent.
	Retry bool
	// JSON: an answer that is no JSON counts as one that was lost on the way, and one that is no text is an error, as
	// in GetJSON.
	JSON bool
}

// Response is a 2xx answer. Its body is in UTF-8, whatever charset it came in, unless that is not known.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// At is when the answer was complete, by our clock. Attempts is how often the request was sent.
	At       time.Time
	Attempts int
}

// Do sends a request and gives its 2xx answer. Errors are *StatusError, *ConnError, *RedirectError,
// *WaitError, *TimeoutError, *GivenUpError, with Request.JSON *DecodeError, the error of Options.Authorize, or one that
// wraps that of ctx.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	return c.do(ctx, r, nil)
}

// GetJSON reads a path into a value. Broken JSON is taken for a lost connection and asked for again, because services
// behind proxies truncate answers and still say 200; in the end it is a *DecodeError. JSON of another shape than into,
// and JSON that is no text (Lossless), is a *DecodeError at once.
func (c *Client) GetJSON(ctx context.Context, path, rawQuery string, into any) (*Response, error) {
	resp, err := c.get(ctx, path, rawQuery, wholeText)
	if err != nil {
		return nil, err
	}
	if raw, is := into.(*json.RawMessage); is {
		*raw = resp.Body
		return resp, nil
	}
	if err := Decode(resp.Body, into); err != nil {
		return nil, c.NotRead(path, resp, err)
	}
	return resp, nil
}

// GetRows is GetJSON for a list: rows that are no text are for the caller to leave out and to say so, because one bad
// name must not cost the names of everybody else. decode reads the whole answer with Decode. Where it fails though the
// answer is JSON, decoded is false, and the caller looks at the rows of the response one by one.
func (c *Client) GetRows(
	ctx context.Context, path, rawQuery string, decode func(body []byte) error,
) (resp *Response, decoded bool, err error) {
	resp, err = c.get(ctx, path, rawQuery, func(body []byte) error {
		if decoded = decode(body) == nil; decoded {
			return nil
		}
		return whole(body)
	})
	return resp, decoded, err
}

func (c *Client) get(ctx context.Context, path, rawQuery string, check func([]byte) error) (*Response, error) {
	header := http.Header{"Accept": {c.opts.Accept}}
	return c.do(ctx, Request{Method: http.MethodGet, Path: path, RawQuery: rawQuery, Header: header}, check)
}

// readBody reads an answer to its end. resty's own reading begins with 512 bytes and copies whenever they do not do: it
// took three times the memory, and a tenth of the time of a load.
func (c *Client) readBody(answer *resty.Response) error {
	body := answer.RawResponse.Body
	defer body.Close() //nolint:errcheck // it was read to its end, or failed before
	buffer, _ := c.bodies.Get().(*bytes.Buffer)
	defer c.bodies.Put(buffer)
	buffer.Reset()
	size, err := buffer.ReadFrom(io.LimitReader(body, int64(c.opts.MaxBody)+1))
	if err == nil && size > int64(c.opts.MaxBody) {
		err = fmt.Errorf("%w: over %d bytes", errTooLarge, c.opts.MaxBody)
	}
	answer.SetBody(bytes.Clone(buffer.Bytes()))
	return err
}

var errTooLarge = errors.New("it is too large")

// NotRead is the *DecodeError of an answer to a GET that arrived and is not what was asked for.
func (c *Client) NotRead(path string, resp *Response, err error) error {
	asked := Asked{http.MethodGet, c.base.Host, path, resp.Attempts}
	return c.decodeError(asked, resp.Status, resp.Header, shapeError(err), c.lastAuthorization())
}

func (c *Client) lastAuthorization() string {
	header, _ := c.authorization.Load().(string)
	return header
}

// wholeText fails too where JSON is no text.
func wholeText(body []byte) error {
	if isText(body) {
		return nil
	}
	if err := whole(body); err != nil {
		return err
	}
	return Lossless(body)
}

func whole(body []byte) error {
	switch {
	case wellFormed(body):
		return nil
	case len(body) == 0:
		return errors.New("the answer is empty")
	}
	if isPage(body) {
		return errPage
	}
	return errors.New("the answer is broken or no JSON")
}

var errPage = errors.New("the answer is a page and no JSON")

// isPage reports whether an answer is for people: a login page, or what a proxy says.
func isPage(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

// shapeError says where JSON has another shape than expected, without the value, which may be personal data.
func shapeError(err error) error {
	if t, ok := errors.AsType[*v2.SemanticError](err); ok {
		return fmt.Errorf("unexpected %s at %q", t.JSONKind, t.JSONPointer)
	}
	return err
}

func (c *Client) target(r Request) (string, error) {
	path := "/" + strings.TrimLeft(r.Path, "/")
	if strings.ContainsAny(path, "?#") {
		return "", fmt.Errorf("the path %q is not escaped; report this as a bug", path)
	}
	u, err := url.Parse(c.base.String() + path)
	if err != nil {
		return "", fmt.Errorf("the path %q is not escaped; report this as a bug", path)
	}
	u.RawQuery = r.RawQuery
	return u.String(), nil
}

// silent keeps resty from writing to standard error, which belongs to the terminal program.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

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
		Asked: Asked{
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
