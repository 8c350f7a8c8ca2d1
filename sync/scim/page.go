package scim

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/scimdrift/scimdrift/sync/transport"
)

// page is one answer of a list, its rows still undecoded.
type page struct {
	rows []json.RawMessage
	// total and start are totalResults and startIndex. The total may count all that matches, or only this page.
	total, start number
	// next is nextCursor; empty on the last page of a cursor walk and on every page of the other kinds.
	next string
	// flaws are the rows that are no text, by index, and why; nil where all are.
	flaws map[int]error
}

// markLossy finds the rows that cannot be decoded without loss. What stands outside of them must be text.
func (p *page) markLossy(raw json.RawMessage) error {
	p.flaws = map[int]error{}
	for i, row := range p.rows {
		if err := transport.CheckLossless(row); err != nil {
			p.flaws[i] = err
			raw = bytes.Replace(raw, row, []byte("null"), 1)
		}
	}
	return transport.CheckLossless(raw)
}

// errNotAList is a 200 that is no list: a proxy's page, say. Taken for one, it would make everybody look deleted.
var errNotAList = errors.New("the answer is not a SCIM list; check that the URL is the SCIM base URL, which mostly " +
	"ends in /scim/v2")

// decodePage reads a list answer with one of the ways to read JSON. Resources may be missing only where totalResults
// says that there are none (RFC 7644 section 3.4.2), or that there are no more than the rows before, which an answer
// past the end is about: one that lost its rows on the way must not make everybody look deleted.
func decodePage(raw json.RawMessage, before int, read func([]byte, any) error) (page, error) {
	if !isObject(raw) {
		return page{}, errNotAList
	}
	var wire struct {
		TotalResults number            `json:"totalResults"`
		StartIndex   number            `json:"startIndex"`
		NextCursor   text              `json:"nextCursor"`
		Resources    []json.RawMessage `json:"Resources"`
	}
	if err := read(raw, &wire); err != nil {
		return page{}, errNotAList
	}
	p := page{
		total: wire.TotalResults, start: wire.StartIndex, next: string(wire.NextCursor),
		rows: wire.Resources,
	}
	if p.rows != nil {
		return p, nil
	}
	if end := p.total.value == 0 || p.total.value == before; !p.total.given || !end || p.next != "" {
		return page{}, errNotAList
	}
	return p, nil
}

// isCursorPage tells AWS's answer to an accepted cursor from the legacy answer, which is all that an endpoint without
// cursors gives: with a cursor totalResults and startIndex vanish
// (docs.aws.amazon.com/singlesignon/latest/developerguide/listusers.html).
func (p *page) isCursorPage() bool { return p.next != "" || !p.total.given && !p.start.given }
