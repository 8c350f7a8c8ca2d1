package rows

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Query is a filter taken apart: words that must all be found, and words after an exclamation mark that must not.
type Query struct {
	text      string
	want, not []string
}

// ParseQuery takes a filter apart; case does not matter.
func ParseQuery(text string) Query {
	q := Query{text: text}
	for word := range strings.FieldsSeq(text) {
		if rest, inverse := strings.CutPrefix(word, "!"); !inverse {
			q.want = append(q.want, model.Fold(word))
		} else if rest != "" {
			q.not = append(q.not, model.Fold(rest))
		}
	}
	return q
}

// Text is the filter as it was typed.
func (q Query) Text() string { return q.text }

// Empty reports whether everything matches.
func (q Query) Empty() bool { return len(q.want) == 0 && len(q.not) == 0 }

// Matches reports whether a text, folded by model.Fold, has every word wanted and none that is not.
func (q Query) Matches(key string) bool {
	for _, w := range q.want {
		if !strings.Contains(key, w) {
			return false
		}
	}
	for _, w := range q.not {
		if strings.Contains(key, w) {
			return false
		}
	}
	return true
}

// narrows reports whether whatever matches q has matched old too, so that only old's matches need be searched.
func (q Query) narrows(old Query) bool {
	return len(old.not) == 0 && strings.HasPrefix(q.text, old.text)
}

// Filter is the text of the filter, empty if none is set.
func (l *List) Filter() string { return l.filter.text }

// SetFilter leaves only rows in whose names, e-mails, members, kind, cause or severity every word of text is found, and
// none of the words that follow an exclamation mark; case does not matter. The cursor stays on its row if that matches.
func (l *List) SetFilter(text string) {
	if text == l.filter.text {
		return
	}
	q := ParseQuery(text)
	again := q.narrows(l.filter)
	l.filter = q
	if l.set == nil {
		return
	}
	ref, offset := l.ref(), l.cursor-l.top
	l.narrow(again)
	l.layout()
	l.follow(ref, offset)
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
		l.matched = keep(l.matched, func(i int32) bool { return l.filter.Matches(t.keys[i]) })
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
