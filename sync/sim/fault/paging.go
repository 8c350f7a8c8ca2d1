package fault

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// Paging makes the pages of a list go wrong. Its zero value leaves them right. It is not put in front of a handler
// but asked where a service cuts a page: from outside, a short page would lose rows.
type Paging struct {
	// List is the service's name of the list, such as "users"; empty is every list.
	List string
	// Sizes cap the successive pages, over and over: {100, 0, 3} makes the second page empty, with rows still to
	// come, and the third short.
	Sizes []int
	// Duplicates is how many rows of the page before each later page begins with.
	Duplicates int
	// LoopAt is the page, from 1, whose cursor for the next one leads to itself; 0 is none.
	LoopAt int
	// Total adds one to the total on every second page.
	Total bool
	// Vanish leaves out the row that the second page would begin with, as when an earlier row is removed meanwhile.
	Vanish bool
	// EndAt is the page, from 1, after which the walk ends while the totals still promise more; 0 is none.
	EndAt int
	// Empty answers that there is no row at all.
	Empty bool
	// Times is how many answers go wrong; 0 is all.
	Times int
}

// Sizes are the faults of a service whose every list has pages of these sizes, over and over.
func Sizes(rows ...int) []Paging { return []Paging{{Sizes: rows}} }

// Cut is the part of a list that one answer shows.
type Cut struct {
	From, To int  // rows
	Total    int  // as the answer tells it
	More     bool // whether a next page is announced
	Again    bool // by a cursor that leads to this very page
}

// Cut cuts a page, numbered from 1, out of total rows, of which start came before it and size would go onto it.
func (p *Paging) Cut(number, start, size, total int) Cut {
	if p.Empty {
		return Cut{}
	}
	if n := len(p.Sizes); n > 0 {
		size = min(size, p.Sizes[(number-1)%n])
	}
	c := Cut{From: start, Total: total}
	if number > 1 {
		c.From -= max(0, min(p.Duplicates, size-1, start))
	}
	if p.Vanish && number > 1 {
		c.Total--
		if number == 2 {
			c.From++
		}
	}
	if p.Total && number%2 == 0 {
		c.Total++
	}
	c.From = min(c.From, total)
	c.To = min(c.From+size, total)
	if p.EndAt > 0 && number > p.EndAt {
		c.To = c.From
	}
	c.More = c.To < total && (p.EndAt == 0 || number < p.EndAt)
	c.Again = c.More && number == p.LoopAt
	return c
}

// CutNumbered is Cut for a list whose cursors are page numbers, and gives how many pages it has.
func (p *Paging) CutNumbered(number, size, total int) (asked Cut, pages int) {
	whole := *p
	whole.EndAt = 0
	asked = Cut{From: total, To: total, Total: total}
	most := total * (1 + len(p.Sizes)) // a cycle of nothing but zeros would never end
	for start, more := 0, total > 0; more && pages < most; {
		pages++
		if pages == number {
			asked = p.Cut(number, start, size, total)
		}
		at := whole.Cut(pages, start, size, total)
		start, more = at.To, at.More
	}
	return asked, pages
}

// Pages are the paging faults of a service. The service guards it.
type Pages struct {
	faults []Paging
	hits   []int
}

// Set replaces the faults and lets them count anew.
func (p *Pages) Set(faults []Paging) { p.faults, p.hits = faults, make([]int, len(faults)) }

// For gives the first fault that is for a list and not used up, and counts the answer that goes wrong by it.
func (p *Pages) For(list string) *Paging {
	for i := range p.faults {
		if f := &p.faults[i]; (f.List == "" || f.List == list) && (f.Times == 0 || p.hits[i] < f.Times) {
			p.hits[i]++
			return f
		}
	}
	return &Paging{}
}

// tokenPrefix is "+/+/" in base64: every token shows what a client must percent-encode.
const tokenPrefix = "\xfb\xff\xbf"

// token is where a walk goes on, and the list and filter for which alone it is good.
type token struct {
	About string `json:"about"`
	At    any    `json:"at"`
}

// Token is an opaque cursor that says where a walk through a list goes on. about tells the list and its filter, for
// which alone it is good. Its alphabet is [-a-zA-Z0-9+=/:_], as AWS documents for its cursors.
func Token(about string, at any) string {
	text, _ := json.Marshal(token{about, at}) // places are numbers and ids, which always marshal
	for len(text)%3 != 2 {                    // so that it ends in "="
		text = append(text, ' ')
	}
	return base64.StdEncoding.EncodeToString(append([]byte(tokenPrefix), text...))
}

// Open reads a token back. It is false for one that was made for another list, or was never made here.
func Open(cursor, about string, at any) bool {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	text, ours := bytes.CutPrefix(raw, []byte(tokenPrefix))
	known := token{At: at}
	return err == nil && ours && json.Unmarshal(text, &known) == nil && known.About == about
}
