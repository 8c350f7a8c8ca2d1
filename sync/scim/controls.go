package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// A negative answer, a 404 or an empty filter, may come from a gateway, from a wrong path or from a server that does
// not understand the question. It counts only if the target says so in SCIM's own words, or if the same kind of
// question about a record that is known to be there was answered with yes: the control.

const (
	// controlValidFor is how long a control of an endpoint stands: gateways come and go.
	controlValidFor = 5 * time.Second
	// samplesKept are kept for each kind of question: one that is gone meanwhile proves nothing.
	samplesKept = 3
)

// questionKind is a kind of question: a filter by an attribute of a collection, or, without an attribute, a record by
// its id.
type questionKind struct {
	collection collection
	attribute  string
}

// sample is a record that a list or an answer showed, with the value by which a filter must find it.
type sample struct{ id, value string }

// samples are known records: the first ones that have the value, and such whose value no server spells otherwise.
type samples map[questionKind][]sample

func (s samples) add(of collection, id, name, externalID string) {
	s.addSample(questionKind{collection: of}, id, "")
	s.addSample(questionKind{of, nameAttribute(of)}, id, name)
	s.addSample(questionKind{of, "externalId"}, id, externalID)
}

func (s samples) addSample(k questionKind, id, value string) {
	odd := func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }
	full := len(s[k]) == samplesKept
	if full || k.attribute != "" && (value == "" || strings.ContainsFunc(value, odd)) || !isAddressable(id) {
		return
	}
	s[k] = append(s[k], sample{id, value})
}

// controlOutcome is when a control was asked and why it failed, "" if it did not.
type controlOutcome struct {
	at      time.Time
	failure string
}

// isSCIMError knows SCIM's errors by their schemas (RFC 7644 section 3.12), and AWS's by its older schema.
func isSCIMError(body []byte) bool {
	var wire struct {
		Schemas []text `json:"schemas"`
		Schema  []text `json:"schema"`
	}
	if !isObject(body) || transport.DecodeLossy(body, &wire) != nil {
		return false
	}
	return slices.ContainsFunc(slices.Concat(wire.Schemas, wire.Schema), func(name text) bool {
		lower := strings.ToLower(string(name))
		return strings.HasPrefix(lower, "urn:") && strings.HasSuffix(lower, ":error")
	})
}

func notFoundStatus(err error) *transport.StatusError {
	status, is := errors.AsType[*transport.StatusError](err)
	if is && status.Status == http.StatusNotFound {
		return status
	}
	return nil
}

// isGone reports whether a failed question shows that the record is not there; if not, the error says why.
func (c *Client) isGone(ctx context.Context, of collection, id string, err error) (bool, error) {
	status := notFoundStatus(err)
	switch {
	case status == nil:
		return false, err
	case isSCIMError(status.Body):
		return true, nil
	}
	why := c.checkEndpoint(ctx, of, id)
	if why == "" {
		return true, nil
	}
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	said, _ := c.refusalText(status)
	return false, &shortfall{reason: fmt.Sprintf("an answer came that is no SCIM error %s, and %s; it may be from a "+
		"gateway, so it does not show that the record is gone; check the URL, and reload", said, why)}
}

// checkEndpoint asks an endpoint for another, known record, and gives why that did not work. One answer serves for
// moments.
func (c *Client) checkEndpoint(ctx context.Context, of collection, id string) (why string) {
	release, err := c.controlMu.Lock(ctx)
	if err != nil {
		return err.Error()
	}
	defer release()
	if was := c.observed.snapshot().outcomes[of]; time.Since(was.at) < controlValidFor {
		return was.failure
	}
	defer func() {
		if ctx.Err() == nil {
			c.observed.update(func() { c.observed.outcomes[of] = controlOutcome{time.Now(), why} })
		}
	}()
	another := func() bool {
		return slices.ContainsFunc(c.observed.samplesOf(questionKind{collection: of}), func(one sample) bool {
			if one.id == id {
				return false
			}
			raw, _, err := c.fetchRecord(ctx, of, one.id)
			return err == nil && rowID(raw) == one.id
		})
	}
	if another() {
		return ""
	}
	listed, empty, err := c.readSamples(ctx, of)
	switch {
	case err != nil:
		return "the list of " + of.String() + " does not answer either"
	case empty: // nobody else is there to ask for: the list itself is the answer
		return ""
	case len(listed) == 1 && listed[0].id == id:
		return "the list of " + of.String() + " has the record"
	case another():
		return ""
	}
	return "it answers in the same way for a " + of.singular() + " that is there"
}

// readSamples reads one page of a list for records that are there by now. empty: the list says that there are none.
func (c *Client) readSamples(ctx context.Context, of collection) (known []sample, empty bool, err error) {
	var p page
	if c.dialect.hasDiscovery {
		p, err = c.readPageFrom(ctx, of, 1, "")
	} else {
		p, err = c.readPage(ctx, of, "")
	}
	if err != nil {
		return nil, false, err
	}
	listed := samples{}
	for _, raw := range p.rows {
		if _, one, err := decodeKeys(of)(raw); err == nil {
			listed.add(of, one.id, one.name, one.externalID)
		}
	}
	c.observed.addSamples(listed)
	c.observed.update(func() { c.observed.recalled[of] = false })
	return c.observed.samplesOf(questionKind{collection: of}), len(p.rows) == 0 && p.total.value == 0, nil
}

// filterWorks reports whether a filter by an attribute finds a record that is known to have it. Where nobody is known
// who has one, there is nothing that it could have missed.
func (c *Client) filterWorks(ctx context.Context, of collection, attribute string) bool {
	k := questionKind{of, attribute}
	var works, tried bool
	c.observed.update(func() { works, tried = c.observed.filterFound[k] })
	if tried {
		return works
	}
	known := c.observed.samplesOf(k)
	if len(known) == 0 && len(c.observed.samplesOf(questionKind{collection: of})) == 0 {
		if _, _, err := c.readSamples(ctx, of); err != nil {
			return false
		}
		known = c.observed.samplesOf(k)
	}
	if len(known) == 0 {
		return true
	}
	answered := false
	for _, one := range known {
		p, err := c.readPage(ctx, of, equalsFilter(attribute, one.value))
		answered = answered || err == nil || isRefusedRequest(err)
		if err == nil && slices.ContainsFunc(p.rows, func(raw json.RawMessage) bool { return rowID(raw) == one.id }) {
			c.observed.update(func() { c.observed.filterFound[k] = true })
			return true
		}
	}
	if answered && c.observed.snapshot().recalled[of] { // those that were known may all have gone since
		if _, _, err := c.readSamples(ctx, of); err == nil {
			return c.filterWorks(ctx, of, attribute)
		}
	}
	if answered { // what failed for the moment may work in the next
		c.observed.update(func() { c.observed.filterFound[k] = false })
	}
	return false
}

// nameAttribute is the attribute by which a record is known (RFC 7643 sections 4.1.1 and 4.2).
func nameAttribute(of collection) string { return [...]string{"userName", "displayName"}[of] }

// setSamples makes the records of a list the known ones of its collection: what was proven before is to be proven anew.
func (s *observations) setSamples(of collection, known samples) {
	s.update(func() {
		maps.DeleteFunc(s.samples, func(k questionKind, _ []sample) bool { return k.collection == of })
		maps.DeleteFunc(s.filterFound, func(k questionKind, _ bool) bool { return k.collection == of })
		maps.DeleteFunc(s.filterHeeded, func(k questionKind, _ model.Tri) bool { return k.collection == of })
		s.outcomes[of], s.recalled[of] = controlOutcome{}, false
		maps.Copy(s.samples, known)
	})
}

func (s *observations) addSamples(known samples) { s.update(func() { maps.Copy(s.samples, known) }) }

func (s *observations) samplesOf(k questionKind) []sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.samples[k]
}

// Recall takes up what an earlier program read: records by which a no of the target is held, which may have gone since,
// and whom the members of its groups may mean.
func (c *Client) Recall(ctx context.Context, users []model.User, groups []model.Group) {
	if c.dialect.membersInGroups {
		c.setListed(ctx, users, groups, false)
	}
	known := samples{}
	for i := range users[:min(len(users), maxRecalled)] {
		known.add(ofUsers, users[i].ID, users[i].UserName, users[i].ExternalID)
	}
	for i := range groups[:min(len(groups), maxRecalled)] {
		known.add(ofGroups, groups[i].ID, groups[i].Name, groups[i].ExternalID)
	}
	c.observed.addSamples(known)
	c.observed.update(func() { c.observed.recalled = [2]bool{true, true} })
}

// maxRecalled is how many records are looked through for some that can be asked for.
const maxRecalled = 100
