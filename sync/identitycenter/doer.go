package identitycenter

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// httpClient sends the SDK's signed requests through our own HTTP client, so that time-outs, limits, retries, redaction
// and the request log are those of every other request. The SDK itself tries nothing again.
type httpClient struct {
	opts transport.Options

	mu     sync.Mutex
	client *transport.Client // made for the address of the first request: the SDK knows it
	err    error
}

func (c *Client) newHTTPClient() *httpClient {
	o := c.opts.HTTP
	o.Concurrency, o.Transient, o.AskedWait = 8, isThrottled, throttleWait
	o.Rate, o.Burst = transport.ShareOf(documentedRate, c.opts.RateShare)
	d := &httpClient{opts: o}
	c.httpClients = append(c.httpClients, d)
	return d
}

// isThrottled knows AWS's rate limit: these services send it as 400 with a type
// (github.com/ministryofjustice/modernisation-platform/issues/11948).
func isThrottled(status int, body []byte) bool {
	return status == http.StatusTooManyRequests || status == http.StatusBadRequest &&
		(bytes.Contains(body, []byte("ThrottlingException")) ||
			bytes.Contains(body, []byte("TooManyRequestsException")))
}

// throttleWait reads how long AWS wants to be left alone, which it says in the body
// (github.com/aws/aws-sdk-go-v2, service/identitystore/types, ThrottlingException).
func throttleWait(body []byte) time.Duration {
	var said struct {
		RetryAfterSeconds int `json:"RetryAfterSeconds"`
	}
	if json.Unmarshal(body, &said) != nil {
		return 0 // a page of somebody on the way asks for nothing
	}
	return time.Duration(max(said.RetryAfterSeconds, 0)) * time.Second
}

// readOperations are the operations that change nothing, and may therefore be sent again.
var readOperations = regexp.MustCompile(`\.(List|Describe|Get|Is)[A-Za-z]+$`)

// Do sends one request. It is the SDK's idea of an HTTP client.
func (d *httpClient) Do(r *http.Request) (*http.Response, error) {
	client, err := d.clientFor(r.URL)
	if err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	operation := r.Header.Get("X-Amz-Target")
	header := r.Header.Clone()
	header.Del("Content-Length") // the length of the body says it
	read := readOperations.MatchString(operation)
	answer, err := client.Do(r.Context(), transport.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Name: "/" + operation, Header: header,
		Body:  body,
		Retry: read, JSON: read,
	})
	refusal, refused := err.(*transport.StatusError) //nolint:errorlint // what wraps one says how often, or until when
	switch {
	case refused:
		return newResponse(r, refusal.Status, http.Header{"X-Amzn-Requestid": {refusal.RequestID}}, refusal.Body), nil
	case err != nil:
		return nil, err
	}
	return newResponse(r, answer.Status, answer.Header, answer.Body), nil
}

func newResponse(r *http.Request, status int, header http.Header, body []byte) *http.Response {
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1,
		ProtoMinor: 1, Header: header,
		Request: r,
		Body:    io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func (d *httpClient) clientFor(u *url.URL) (*transport.Client, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.client == nil && d.err == nil {
		d.opts.BaseURL = u.Scheme + "://" + strings.ToLower(u.Host)
		d.client, d.err = transport.New(d.opts)
	}
	return d.client, d.err
}

func (d *httpClient) requests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.client == nil {
		return 0
	}
	return d.client.Requests()
}

func (d *httpClient) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.client != nil {
		d.client.Close()
	}
}
