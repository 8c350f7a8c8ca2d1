package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// A negative answer, a 404 or an empty filter, may come from a gateway, from a wrong path or from a server that does
// not understand the question. It counts only if the target says so in SCIM's own words, or if the same kind of
// question about a record that is known to be there was answered with yes: the control.

const (
	// controlGood is how long a control of an endpoint stands: gateways come and go.
	controlGood = 5 * time.Second
	// samplesKept is how many known records are kept for each kind of question; those that are gone meanwhile prove
	// nothing.
	samplesKept = 3
)

// sample is a record that a list or an answer showed, with the value by which a filter must find it.
type sample struct{ id, value string }

// turn lets one at a time through.
type turn chan struct{}

func (t turn) take(ctx context.Context) (release func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// kind is a kind of question: a filter by an attribute of a collection, or, without an attribute, a record by its id.
type kind struct {
	of        collection
	attribute string
}

// controls are the known records of a load, and what they proved.
type controls struct {
	samples map[kind][]sample
	// works are the filters that found a known record; false for those that did not.
	works map[kind]bool
	// outcomes are those of the last question about a known record, by its endpoint.
	outcomes map[collection]outcome
	// stale are the collections of which an earlier program has read the samples.
	stale map[collection]bool
}

// outcome is when a control was asked and why it failed, "" if it did not.
type outcome struct {
	at  time.Time
	why string
}

// isSCIMError reports whether a body is an error in SCIM's words: RFC 7644 section 3.12 by its schemas, AWS's older
// schema, or the Errors of SCIM 1.1.
func isSCIMError(body []byte) bool {
	var wire struct {
		Schemas many[text]      `json:"schemas"`
		Schema  many[text]      `json:"schema"`
		Errors  json.RawMessage `json:"Errors"`
	}
	if !isObject(body) || transport.DecodeLossy(body, &wire) != nil {
		return false
	}
	names := slices.Concat([]text(wire.Schemas), []text(wire.Schema))
	return strings.HasPrefix(strings.TrimSpace(string(wire.Errors)), "[") ||
		slices.ContainsFunc(names, func(name text) bool {
			return strings.HasPrefix(strings.ToLower(string(name)), "urn:") &&
				strings.HasSuffix(strings.ToLower(string(name)), ":error")
		})
}

// answered404 gives the 404 that an error is, nil for any other.
func answered404(err error) *transport.StatusError {
	var status *transport.StatusError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return status
	}
	return nil
}

// gone reports whether a failed question about one record shows that the record is not there. Where it does not, the
// error says why.
func (c *Client) gone(ctx context.Context, of collection, id string, err error) (bool, error) {
	status := answered404(err)
	switch {
	case status == nil:
		return false, err
	case isSCIMError(status.Body):
		return true, nil
	}
	why := c.answersFor(ctx, of, id)
	if why == "" {
		return true, nil
	}
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	said := c.http.Redact(errorText(status.Body))
	if said != "" {
		said = ": " + said
	}
	return false, &shortfall{reason: fmt.Sprintf("a 404 came that is no SCIM error%s, and %s; it may be from a gateway, so it does not show that "+
		"the record is gone; check the URL, and reload", said, why)}
}

// answersFor asks an endpoint for another record, one that is known to be there. It gives why that did not work. One
// answer serves whoever asks in the next moments.
func (c *Client) answersFor(ctx context.Context, of collection, id string) (why string) {
	release, err := c.controlling.take(ctx)
	if err != nil {
		return err.Error()
	}
	defer release()
	if was, recent := c.seen.outcome(of); recent {
		return was.why
	}
	defer func() {
		if ctx.Err() == nil {
			c.seen.noteOutcome(of, why)
		}
	}()
	for _, one := range c.seen.samples(kind{of: of}) {
		if one.id != id && c.isThere(ctx, of, one.id) {
			return ""
		}
	}
	listed, empty, err := c.sampled(ctx, of)
	switch {
	case err != nil:
		return "the list of " + of.String() + " does not answer either"
	case empty: // nobody else is there to ask for: the list itself is the answer
		return ""
	case len(listed) == 1 && listed[0].id == id:
		return "the list of " + of.String() + " has the record"
	}
	for _, one := range listed {
		if one.id != id && c.isThere(ctx, of, one.id) {
			return ""
		}
	}
	return "it answers in the same way for a " + of.one() + " that is there"
}

func (c *Client) isThere(ctx context.Context, of collection, id string) bool {
	raw, err := c.recordAt(ctx, of, id)
	return err == nil && idOf(raw) == id
}

// sampled reads one page of a list for records that are there by now. empty: the list says that there are none.
func (c *Client) sampled(ctx context.Context, of collection) (known []sample, empty bool, err error) {
	var p page
	if c.manner.announces {
		p, err = c.pageFrom(ctx, of, 1)
	} else {
		p, err = c.page(ctx, of, "")
	}
	if err != nil {
		return nil, false, err
	}
	k := newSampler(of)
	for _, raw := range p.rows {
		k.addRaw(raw)
	}
	c.seen.addSamples(k)
	return c.seen.samples(kind{of: of}), len(p.rows) == 0 && p.total.value == 0, nil
}

// filterWorks reports whether a filter by an attribute finds a record that is known to have it. Where nobody is known
// who has one, there is nothing that it could have missed.
func (c *Client) filterWorks(ctx context.Context, of collection, attribute string) bool {
	k := kind{of, attribute}
	if works, tried := c.seen.proven(k); tried {
		return works
	}
	known := c.seen.samples(k)
	if len(known) == 0 && len(c.seen.samples(kind{of: of})) == 0 {
		if _, _, err := c.sampled(ctx, of); err != nil {
			return false
		}
		known = c.seen.samples(k)
	}
	if len(known) == 0 {
		return true
	}
	answered := false
	for _, one := range known {
		p, err := c.page(ctx, of, equals(attribute, one.value))
		answered = answered || err == nil || refused(err)
		if err == nil && slices.ContainsFunc(p.rows, func(raw json.RawMessage) bool { return idOf(raw) == one.id }) {
			c.seen.prove(k, true)
			return true
		}
	}
	if answered && c.seen.stale(of) { // those that were known may all have gone since
		if _, _, err := c.sampled(ctx, of); err == nil {
			return c.filterWorks(ctx, of, attribute)
		}
	}
	if answered { // what failed for the moment may work in the next
		c.seen.prove(k, false)
	}
	return false
}
