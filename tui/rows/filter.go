package rows

import (
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
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
		l.lastFilter = q
	}
	if l.set == nil {
		return err
	}
	ref, below, stood := l.currentRef(), l.Cursor()-l.Top(), l.CurrentID()
	l.applyFilter(again)
	l.layout()
	l.restoreCursor(ref, below)
	l.restorePosition(stood)
	return err
}

// restorePosition remembers where the operator stood before a filter that does not find it, and goes there again from
// one that found nothing at all. Whoever has moved since then stands elsewhere.
func (l *List) restorePosition(stood ID) {
	if stood != l.afterFilter {
		l.beforeFilter = ID{}
	}
	switch {
	case stood == ID{}:
		l.ToID(l.beforeFilter)
	case l.beforeFilter == ID{} && l.find(stood) < 0:
		l.beforeFilter = stood
	}
	if l.filter.Empty() {
		l.beforeFilter = ID{}
	}
	l.afterFilter = l.CurrentID()
}

// applyFilter works out which rows match; among those that matched before, if again is set.
func (l *List) applyFilter(again bool) {
	t := l.table()
	if !again {
		l.base = t.orders[l.order]
		if l.driftOnly {
			l.base = filterRows(l.base, func(i int32) bool { return t.rows[i].Finding >= 0 })
		}
		l.matched = l.base
	}
	if !l.filter.Empty() {
		l.matched = filterRows(l.matched, l.set.rowMatcher(l.tab, l.filter))
	}
}

// rowMatcher tells which rows of a tab a filter picks. Among Groups, member: finds whoever is in a group on either
// side.
func (s *Set) rowMatcher(tab Tab, q filter.Query) func(row int32) bool {
	t, m := &s.tables[tab], q.ForClasses(s.classes)
	if tab == Groups {
		m.Member = s.memberMatcher()
	}
	return func(i int32) bool { return m.Matches(i, t.class[i], t.keys[i]) }
}

func (s *Set) memberMatcher() func(group int32, word string) bool {
	found := map[string][2][]bool{}
	sides := [...]*model.Directory{&s.Comparison.Source.Directory, &s.Comparison.Target}
	return func(group int32, word string) bool {
		users, known := found[word]
		if !known {
			users = s.usersWith(word)
			found[word] = users
		}
		row := s.tables[Groups].rows[group]
		for side, at := range [...]int32{row.Source, row.Target} {
			if at != model.None && slices.ContainsFunc(sides[side].Members.Of(int(at)), func(u int32) bool {
				return users[side][u]
			}) {
				return true
			}
		}
		return false
	}
}

// usersWith marks the users of each side in whose row a word stands.
func (s *Set) usersWith(word string) [2][]bool {
	marked := [...][]bool{make([]bool, len(s.Comparison.Source.Users)), make([]bool, len(s.Comparison.Target.Users))}
	t := &s.tables[Users]
	for i, row := range t.rows {
		if strings.Contains(t.keys[i], word) {
			for side, at := range [...]int32{row.Source, row.Target} {
				if at != model.None {
					marked[side][at] = true
				}
			}
		}
	}
	return marked
}

// filterRows gives the rows that pass. It never writes into the list it was given, which may be one of the table's
// orders.
func filterRows(from []int32, pass func(int32) bool) []int32 {
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
