package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	v2 "github.com/go-json-experiment/json"
)

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

// GetJSON reads a path into a value. Broken JSON is taken for a lost connection and asked for again, because services
// behind proxies truncate answers and still say 200; in the end it is a *DecodeError. JSON of another shape than into,
// and JSON that is no text (CheckLossless), is a *DecodeError at once.
func (c *Client) GetJSON(ctx context.Context, path, rawQuery string, into any) (*Response, error) {
	resp, err := c.get(ctx, path, rawQuery, validJSONText)
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
		return validJSON(body)
	})
	return resp, decoded, err
}

func (c *Client) get(ctx context.Context, path, rawQuery string, check func([]byte) error) (*Response, error) {
	header := http.Header{"Accept": {c.opts.Accept}}
	return c.do(ctx, Request{Method: http.MethodGet, Path: path, RawQuery: rawQuery, Header: header}, check)
}

// NotRead is the *DecodeError of an answer to a GET that arrived and is not what was asked for.
func (c *Client) NotRead(path string, resp *Response, err error) error {
	asked := RequestInfo{http.MethodGet, c.base.Host, path, resp.Attempts}
	return c.decodeError(asked, resp.Status, resp.Header, shapeError(err), c.lastAuthorization())
}

// validJSONText fails too where JSON is no text.
func validJSONText(body []byte) error {
	if isText(body) {
		return nil
	}
	if err := validJSON(body); err != nil {
		return err
	}
	return CheckLossless(body)
}

func validJSON(body []byte) error {
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

func (c *Client) requestURL(r Request) (string, error) {
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
