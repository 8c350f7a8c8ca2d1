package onelogin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const (
	// maxWalks is how often a list is walked when its totals do not agree with its rows.
	maxWalks = 3
	// maxEmptyPages ends a walk whose cursors lead from one empty page to the next.
	maxEmptyPages = 20
	// pageWorkers is how many pages of one list are read at once.
	pageWorkers = 4
	// maxPages is the most that are read by number; a larger number can only be a mistake.
	maxPages = 20_000
)

// list describes a list of /api/2: a bare array with the paging in headers. One of /api/1 is the log, which is read
// once and from its newest end; its rows and its cursor are in an envelope.
type list[T any] struct {
	path string
	// query holds the filters. They are sent with every page, because whether a cursor carries them is not known.
	query url.Values
	// extra is sent with the first kind of request only and left out when OneLogin refuses it.
	extra url.Values
	// limits are the page sizes to ask for, best first, each where OneLogin refused the one before.
	limits []int
	scope  string
	id     func(T) string
	// trim, if it is set, drops what a row is not kept with.
	trim func(*T)
	// maxLogPages is how many pages of the log are read; 0 is no log.
	maxLogPages int
}

// envelope is what stands around the rows of the log. Its next_link is not followed: it may lead to another host.
type envelope struct {
	Data       json.RawMessage `json:"data"`
	Pagination lenient[struct {
		After text `json:"after_cursor"`
	}] `json:"pagination"`
}

// unwrap gives the rows in an envelope, however their own texts are. What stands around them must be text.
func (v *envelope) unwrap(body []byte) (rows []byte, err error) {
	if err = transport.DecodeLossy(body, v); err != nil || len(v.Data) == 0 {
		return []byte("null"), err
	}
	return v.Data, transport.CheckLossless(bytes.Replace(body, v.Data, []byte("null"), 1))
}

// walkResult is what came of a walk. All rows are there if reason is empty. err is the failure that ended it, if one
// did.
type walkResult[T any] struct {
	rows   []T
	reason string
	err    error
}

func (w walkResult[T]) coverage(of string) model.Coverage {
	switch {
	case w.reason == "":
		return model.CompleteCoverage()
	case w.err != nil && len(w.rows) == 0:
		return model.UnknownCoverage(of + " could not be read: " + w.reason)
	}
	return model.PartialCoverage("of " + of + " " + w.reason)
}

// walk reads a whole list, or says why not. It believes no single sign of completeness: rows are counted without
// duplicates and held against the total; a list that changed under the walk is walked again. Where the total stood
// still and the rows still did not add up, page numbers may be the trouble, and the next walk does without.
func walk[T any](ctx context.Context, c *Client, l list[T], progress progress) walkResult[T] {
	var best walkResult[T]
	parallel := true
	for n := range maxWalks {
		p := pass[T]{c: c, list: l, progress: progress, parallel: parallel}
		got, again := p.run(ctx)
		parallel = parallel && p.changed
		if got.reason == "" {
			return got
		}
		if n == 0 || len(got.rows) >= len(best.rows) {
			best = got
		}
		if !again || ctx.Err() != nil || l.maxLogPages > 0 {
			break
		}
	}
	return best
}

// page is one answer of a list. Numbers are -1 where the answer does not give them.
type page[T any] struct {
	rows         []T
	bad          []string // why rows were left out
	total, pages int
	next         string
}

func (p page[T]) size() int { return len(p.rows) + len(p.bad) }

func (l list[T]) fetch(ctx context.Context, c *Client, paging url.Values) (page[T], error) {
	q := maps.Clone(paging)
	maps.Copy(q, l.query)
	p := page[T]{total: -1, pages: -1}
	var around envelope
	unwrap := func(body []byte) ([]byte, error) {
		if l.maxLogPages == 0 {
			return body, nil
		}
		return around.unwrap(body)
	}
	resp, decoded, err := c.api.GetRows(ctx, l.path, q.Encode(), func(body []byte) error {
		body, err := unwrap(body)
		if err == nil {
			p.rows, err = decodeRows[T](body)
		}
		return err
	})
	if err != nil {
		return page[T]{}, explain(err, l.scope)
	}
	if !decoded {
		body, err := unwrap(resp.Body)
		if err == nil {
			p.rows, p.bad, err = decodeEachRow[T](body)
		}
		if err != nil {
			return page[T]{}, c.api.NotRead(l.path, resp, err)
		}
	}
	if p.rows == nil {
		return page[T]{}, notAListError(c, l.path, resp)
	}
	if l.maxLogPages > 0 {
		p.next = parseCursor(around.Pagination.value.After.value)
		return p, nil
	}
	p.total, p.pages = headerInt(resp, "Total-Count"), headerInt(resp, "Total-Pages")
	p.next = parseCursor(resp.Header.Get("After-Cursor"))
	return p, nil
}

// notAListError is the error of an answer that is null: taken for an empty list, it would say that nobody is there.
func notAListError(c *Client, path string, resp *transport.Response) error {
	return c.api.NotRead(path, resp, errors.New("there is no list in it, where one is documented"))
}

// fetchFirst asks for the first page in the best way that OneLogin accepts, and gives the paging parameters that
// worked.
func (l list[T]) fetchFirst(ctx context.Context, c *Client) (p page[T], paging url.Values, err error) {
	limits := l.limits
	if len(limits) == 0 {
		limits = []int{0}
	}
	for _, extra := range []url.Values{l.extra, nil} {
		for _, limit := range limits {
			paging = url.Values{}
			maps.Copy(paging, extra)
			if limit > 0 {
				paging.Set("limit", strconv.Itoa(limit))
			}
			if p, err = l.fetch(ctx, c, paging); err == nil || !refusedParameters(err) {
				return p, paging, err
			}
		}
		if l.extra == nil {
			break
		}
	}
	return p, nil, err
}

// refusedParameters reports whether OneLogin disliked the parameters: another limit or cursor may do.
func refusedParameters(err error) bool {
	if _, ok := errors.AsType[*transport.WaitError](err); ok {
		return false
	}
	var s *transport.StatusError
	return errors.As(err, &s) && !isRateLimited(s.Status, s.Body) &&
		(s.Status == http.StatusBadRequest || s.Status == http.StatusUnprocessableEntity)
}

func headerInt(r *transport.Response, name string) int {
	n, err := strconv.Atoi(r.Header.Get(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}
