package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

type features struct {
	// cursor: pages may be asked for by cursor (RFC 9865). noFilter, noPatch: the target says that it cannot filter, or
	// cannot change parts of a record. etag: it says that a write may name the version of the record (RFC 7644 section
	// 3.14).
	cursor, noFilter, noPatch, etag bool
	// maxRows is the most that it puts on one page, where it says so: maxPageSize (RFC 9865) or filter.maxResults (RFC
	// 7643 section 5); 0 where it does not.
	maxRows int
}

type discovery struct {
	features  cachedAnswer[features]  // by ServiceProviderConfig
	locations cachedAnswer[endpoints] // by ResourceTypes
}

// newDiscovery makes one for a target that is asked, or that knows nothing of itself and is taken for what its dialect
// says.
func newDiscovery(ask bool) *discovery {
	d := &discovery{}
	if !ask {
		d.features.answer.Store(&features{})
		d.locations.answer.Store(standardEndpoints())
	}
	return d
}

// cachedAnswer is a question that is asked until it was answered.
type cachedAnswer[T any] struct {
	mu transport.ContextMutex
	// answer is nil until then, and lastErr why the last attempt failed.
	answer  atomic.Pointer[T]
	lastErr atomic.Pointer[error]
}

// get gives the answer. Who waits while somebody else's attempt fails takes that for an answer, or each would go
// through all its retries in turn.
func (a *cachedAnswer[T]) get(ctx context.Context, ask func() (*T, error)) (*T, error) {
	if answer := a.answer.Load(); answer != nil {
		return answer, nil
	}
	before := a.lastErr.Load()
	release, err := a.mu.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if answer := a.answer.Load(); answer != nil {
		return answer, nil
	}
	if lost := a.lastErr.Load(); lost != before {
		return nil, *lost
	}
	answer, err := ask()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		a.lastErr.Store(&err)
		return nil, err
	}
	a.answer.Store(answer)
	return answer, nil
}

// knownFeatures gives the features of the target. One without the document, or with a broken one, is taken to have none
// beyond the standard's least, and so is one that fails for a moment: the next list asks again. The error is for a read
// that was cancelled.
func (d *discovery) knownFeatures(ctx context.Context, c *Client) (features, error) {
	found, err := d.features.get(ctx, func() (*features, error) {
		raw, err := c.getJSON(ctx, "/ServiceProviderConfig")
		switch {
		case err == nil:
			f := decodeFeatures(raw)
			return &f, nil
		case isRefusedRequest(err) || transport.StatusOf(err) == http.StatusNotFound:
			return &features{}, nil
		}
		return nil, err
	})
	switch {
	case ctx.Err() != nil:
		return features{}, context.Cause(ctx)
	case err != nil:
		return features{}, nil //nolint:nilerr // see above
	}
	return *found, nil
}

// featuresOrNone is knownFeatures for questions of which there may be many: after one failure they go on without, or
// each would go through all retries.
func (d *discovery) featuresOrNone(ctx context.Context, c *Client) (features, error) {
	if d.features.answer.Load() == nil && d.features.lastErr.Load() != nil {
		return features{}, nil
	}
	return d.knownFeatures(ctx, c)
}

// Prepare finds out what Encode has to know of the target. It is two requests, once, and none for AWS; the error says
// that the target could not be asked.
func (c *Client) Prepare(ctx context.Context) error {
	if _, err := c.discovered.endpoints(ctx, c); err != nil {
		return fmt.Errorf("the target could not be asked where it keeps its records: %s", c.reason(err))
	}
	if _, err := c.discovered.knownFeatures(ctx, c); err != nil {
		return fmt.Errorf("the target could not be asked what it can do: %s", c.reason(err))
	}
	if c.discovered.features.answer.Load() == nil {
		return errNotPrepared
	}
	return nil
}

var errNotPrepared = errors.New("what the target can do could not be read from its /ServiceProviderConfig and " +
	"/ResourceTypes; reload, then plan again")

// featureBlock is a part of ServiceProviderConfig. One of another shape says nothing.
type featureBlock struct {
	Supported   flag   `json:"supported"`
	Cursor      flag   `json:"cursor"`
	MaxResults  number `json:"maxResults"`
	MaxPageSize number `json:"maxPageSize"`
}

// UnmarshalJSON never fails.
func (b *featureBlock) UnmarshalJSON(raw []byte) error {
	type plain featureBlock
	_ = transport.Decode(raw, (*plain)(b))
	return nil
}

func (b featureBlock) isUnsupported() bool { return b.Supported.given && !b.Supported.value }

func decodeFeatures(raw json.RawMessage) features {
	var wire struct {
		Filter     featureBlock `json:"filter"`
		Pagination featureBlock `json:"pagination"`
		Patch      featureBlock `json:"patch"`
		ETag       featureBlock `json:"etag"`
	}
	if transport.Decode(raw, &wire) != nil {
		return features{}
	}
	f := features{
		cursor: wire.Pagination.Cursor.value, etag: wire.ETag.Supported.value, noFilter: wire.Filter.isUnsupported(),
		noPatch: wire.Patch.isUnsupported(),
	}
	for _, most := range []number{wire.Filter.MaxResults, wire.Pagination.MaxPageSize} {
		if most.value > 0 && (f.maxRows == 0 || most.value < f.maxRows) {
			f.maxRows = most.value
		}
	}
	return f
}

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User"

// offeredFields are the compared fields that the target's schema says it returns without being asked. A target that
// refuses to show one offers none; the error is for a question that failed, which says nothing of the fields.
func (c *Client) offeredFields(ctx context.Context) (model.FieldSet, error) {
	raw, err := c.getJSON(ctx, "/Schemas/"+userSchema)
	status := transport.StatusOf(err)
	refusal := status >= http.StatusBadRequest && status < http.StatusInternalServerError
	switch {
	case err == nil:
		return decodeSchema(raw), nil
	case refusal && status != http.StatusTooManyRequests, status == http.StatusNotImplemented:
		return 0, nil
	}
	return 0, err
}

type wireAttribute struct {
	Name          text            `json:"name"`
	Returned      text            `json:"returned"`
	SubAttributes []wireAttribute `json:"subAttributes"`
}

func decodeSchema(raw json.RawMessage) (offered model.FieldSet) {
	var wire struct {
		Attributes []wireAttribute `json:"attributes"`
	}
	if transport.Decode(raw, &wire) != nil {
		return 0
	}
	for _, field := range model.Fields() {
		if offersPath(wire.Attributes, strings.Split(field.String(), ".")) {
			offered |= model.FieldSetOf(field)
		}
	}
	return offered
}

// offersPath follows a path such as name.givenName through a schema.
func offersPath(attributes []wireAttribute, path []string) bool {
	for _, a := range attributes {
		if !strings.EqualFold(string(a.Name), path[0]) {
			continue
		}
		withheld := strings.EqualFold(string(a.Returned), "never") || strings.EqualFold(string(a.Returned), "request")
		return !withheld && (len(path) == 1 || offersPath(a.SubAttributes, path[1:]))
	}
	return false
}

// Capabilities finds out what the target understands, in three requests: the first page of users, a filter by a
// userName that nobody has, and one by a group that does not exist. What a service says of itself is not asked.
func (c *Client) Capabilities(ctx context.Context) model.Capabilities {
	var found model.Capabilities
	first, err := c.readPage(ctx, ofUsers, bareCursor)
	switch {
	case isRefusedRequest(err):
		found.Cursor = model.No
	case err != nil:
		found.Trouble = "the first page could not be read: " + c.reason(err)
		return found
	default:
		found.Cursor = model.TriOf(first.isCursorPage())
		cut := !first.isCursorPage() && c.dialect.silentCut > 0 && len(first.rows) >= c.dialect.silentCut
		if first.next != "" || first.total.value > len(first.rows) || cut {
			found.PageSize = len(first.rows)
		}
	}
	found.Filter = c.checkFilter(ctx, "userName", &found.Trouble)
	if places := c.discovered.locations.answer.Load(); places != nil {
		found.Elsewhere, found.Ignored = places.unfollowedText(), c.http.Redact(strings.Join(places.ignored, "; "))
	}
	if !c.dialect.membersInGroups {
		found.MemberFilter = c.checkFilter(ctx, membersFilter, &found.Trouble)
	}
	return found
}

func (c *Client) checkFilter(ctx context.Context, attribute string, trouble *string) model.Tri {
	heeds, err := c.heedsFilter(ctx, ofUsers, attribute)
	if err != nil {
		*trouble = "a filter could not be tried: " + c.reason(err)
		return model.Unsaid
	}
	return model.TriOf(heeds == model.Yes)
}
