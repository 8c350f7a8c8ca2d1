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
		l.sought = q
	}
	if l.set == nil {
		return err
	}
	ref, below, stood := l.ref(), l.Cursor()-l.Top(), l.CurrentID()
	l.narrow(again)
	l.layout()
	l.follow(ref, below)
	l.back(stood)
	return err
}

// back remembers where the operator stood before a filter that does not find it, and goes there again from one that
// found nothing at all. Whoever has moved since then stands elsewhere.
func (l *List) back(stood ID) {
	if stood != l.put {
		l.left = ID{}
	}
	switch {
	case stood == ID{}:
		l.ToID(l.left)
	case l.left == ID{} && l.find(stood) < 0:
		l.left = stood
	}
	if l.filter.Empty() {
		l.left = ID{}
	}
	l.put = l.CurrentID()
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
		l.matched = keep(l.matched, l.set.picks(l.tab, l.filter))
	}
}

// picks tells which rows of a tab a filter picks. Among Groups, member: finds whoever is in a group on either side.
func (s *Set) picks(tab Tab, q filter.Query) func(row int32) bool {
	t, m := &s.tables[tab], q.ForClasses(s.classes)
	if tab == Groups {
		m.Member = s.holds()
	}
	return func(i int32) bool { return m.Matches(i, t.class[i], t.keys[i]) }
}

func (s *Set) holds() func(group int32, word string) bool {
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
