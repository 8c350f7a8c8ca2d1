package rows

import (
	"github.com/scimdrift/scimdrift/model/filter"
)

// Filter is the text of the filter, empty if none is set.
func (l *List) Filter() string { return l.filter.Text() }

// SetFilter leaves only the rows that a filter picks; the cursor stays on its row if that matches. The error says
// which word is none of the language: the others count all the same.
func (l *List) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text == l.filter.Text() {
		return err
	}
	again := q.Narrows(l.filter)
	if l.filter = q; !q.Empty() {
		l.sought = q
	}
	if l.set == nil {
		return err
	}
	ref, offset := l.ref(), l.cursor-l.top
	l.narrow(again)
	l.layout()
	l.follow(ref, offset)
	return err
}

// narrow works out which rows match; among those that matched before, if again is set.
func (l *List) narrow(again bool) {
	t := l.table()
	if !again {
		l.base = t.orders[l.order]
		if l.driftOnly {
			l.base = keep(l.base, func(i int32) bool { return t.rows[i].Finding >= 0 })
		}
		l.matched = l.base
	}
	if !l.filter.Empty() {
		m := l.filter.Over(l.set.classes)
		l.matched = keep(l.matched, func(i int32) bool { return m.Matches(t.class[i], t.keys[i]) })
	}
}

// keep gives the rows that pass. It never writes into the list it was given, which may be one of the table's orders.
func keep(from []int32, pass func(int32) bool) []int32 {
	out := make([]int32, 0, len(from))
	for _, i := range from {
		if pass(i) {
			out = append(out, i)
		}
	}
	return out
}

// Unfiltered is how many rows there would be without a filter.
func (l *List) Unfiltered() int { return len(l.base) }

// Complete gives what the last word of a filter could become, as filter.Complete does, with the names that findings
// hold.
func (l *List) Complete(text string) (before string, words []string) {
	return filter.Complete(text, func(f filter.Field) []string {
		switch {
		case l.set == nil:
		case f == filter.By:
			return l.set.actors
		case f == filter.Member:
			return l.set.members
		}
		return nil
	})
}
