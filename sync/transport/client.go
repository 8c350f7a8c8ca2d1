// Package transport makes the HTTP clients of both services. It is the one place that knows resty, which sends, tries
// again, traces and has the redirects judged. When it tries again and what never is, stands in retry.go; what is waited
// for, in pace.go; how long a service that fails is borne with, in retrybudget.go.
package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

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

	// bodyBuffers are buffers that answers are read into.
	bodyBuffers sync.Pool

	// authorization is what was sent last, for masking it where it is quoted.
	authorization atomic.Value

	mu     sync.Mutex
	budget model.Budget
	// notBefore holds every request back after a rate limit, because the others would only be refused too;
	// totalHeldBack is how long that has been in all.
	notBefore     time.Time
	totalHeldBack time.Duration
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
		bodyBuffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
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
	c.rest.SetLogger(discardLogger{}).SetDisableWarn(true).EnableTrace()
	c.rest.SetRedirectPolicy(resty.RedirectPolicyFunc(c.checkRedirect))
	c.rest.OnBeforeRequest(func(_ *resty.Client, r *resty.Request) error { return callFrom(r).beginAttempt(r) })
	// A call counts its own retries, and waits on the client's clock: resty is told to try again at once, for as long
	// as it is let.
	c.rest.SetRetryCount(math.MaxInt).SetRetryWaitTime(0).SetRetryMaxWaitTime(1)
	c.rest.SetRetryAfter(func(_ *resty.Client, r *resty.Response) (time.Duration, error) {
		return 1, callFrom(r.Request).waitBeforeRetry(r.Request)
	})
	return c, nil
}

// Close drops the idle connections. The client can be used again afterwards.
func (c *Client) Close() { c.wire.CloseIdleConnections() }

// Requests is how many requests were sent so far, retries and followed redirects included.
func (c *Client) Requests() int { return int(c.sent.Load()) }

// Host is the host and port of the service, for messages.
func (c *Client) Host() string { return c.base.Host }

// Do sends a request and gives its 2xx answer. Errors are *StatusError, *ConnError, *RedirectError,
// *WaitError, *TimeoutError, *GivenUpError, with Request.JSON *DecodeError, the error of Options.Authorize, or one that
// wraps that of ctx.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	return c.do(ctx, r, nil)
}

// readBody reads an answer to its end. resty's own reading begins with 512 bytes and copies whenever they do not do: it
// took three times the memory, and a tenth of the time of a load.
func (c *Client) readBody(answer *resty.Response) error {
	body := answer.RawResponse.Body
	defer body.Close() //nolint:errcheck // it was read to its end, or failed before
	buffer, _ := c.bodyBuffers.Get().(*bytes.Buffer)
	defer c.bodyBuffers.Put(buffer)
	buffer.Reset()
	size, err := buffer.ReadFrom(io.LimitReader(body, int64(c.opts.MaxBody)+1))
	if err == nil && size > int64(c.opts.MaxBody) {
		err = fmt.Errorf("%w: over %d bytes", errTooLarge, c.opts.MaxBody)
	}
	answer.SetBody(bytes.Clone(buffer.Bytes()))
	return err
}

var errTooLarge = errors.New("it is too large")

func (c *Client) lastAuthorization() string {
	header, _ := c.authorization.Load().(string)
	return header
}

// discardLogger keeps resty from writing to standard error, which belongs to the terminal program.
type discardLogger struct{}

func (discardLogger) Errorf(string, ...any) {}

func (discardLogger) Warnf(string, ...any) {}

func (discardLogger) Debugf(string, ...any) {}
