package rows

import (
	"maps"
	"slices"
)

// Marks are the rows that the operator has chosen to act on, by name, so that they stay chosen whatever is done to the
// lists.
type Marks map[ID]bool

// Retain unmarks the rows that no list has any more and gives their number. It is for a comparison that is final: one
// that is still coming in lacks rows that will be back.
func (m Marks) Retain(s *Set) (gone int) {
	if len(m) == 0 {
		return 0
	}
	before, there := len(m), map[ID]bool{}
	for t := range s.tables {
		for _, r := range s.tables[t].rows {
			if id := s.ID(r); m[id] {
				there[id] = true
			}
		}
	}
	maps.DeleteFunc(m, func(id ID, _ bool) bool { return !there[id] })
	return before - len(m)
}

// ToggleMark marks or unmarks the row at the cursor, or, at a heading, all rows under it that show: it unmarks them
// only if all are marked.
func (l *List) ToggleMark(m Marks) {
	line, ok := l.Current()
	if !ok {
		return
	}
	l.Moved = true
	chosen := []Row{line.Row}
	if line.Heading != nil {
		chosen = l.UnderCursor()
	}
	open := slices.ContainsFunc(chosen, func(r Row) bool { return !m[l.set.ID(r)] })
	for _, r := range chosen {
		if open {
			m[l.set.ID(r)] = true
		} else {
			delete(m, l.set.ID(r))
		}
	}
}

// MarkMatches marks every row that the filter leaves, whether it is folded away or not, and gives their number.
func (l *List) MarkMatches(m Marks) int {
	l.Moved = true
	for _, r := range l.matched {
		m[l.set.ID(l.table().rows[r])] = true
	}
	return len(l.matched)
}

// ToggleRange opens a range at the cursor, or closes the open one and marks its rows.
func (l *List) ToggleRange(m Marks) {
	l.Moved = true
	if l.rangeAnchor.IsZero() {
		l.rangeAnchor = l.CurrentID()
		return
	}
	for _, r := range l.InRange() {
		m[l.set.ID(r)] = true
	}
	l.DropRange()
}

// InRange gives the rows of the open range.
func (l *List) InRange() (out []Row) {
	from, to, _ := l.Range()
	for line := from; line <= to; line++ {
		if l.lines[line] >= 0 {
			out = append(out, l.table().rows[l.lines[line]])
		}
	}
	return out
}

// DropRange closes an open range without marking.
func (l *List) DropRange() { l.rangeAnchor = ID{} }

// Range gives the lines of the open range. A range whose first row no longer shows has only the cursor's line.
func (l *List) Range() (from, to int, open bool) {
	if l.rangeAnchor.IsZero() || len(l.lines) == 0 {
		return 0, -1, false
	}
	from = l.find(l.rangeAnchor)
	if from < 0 {
		from = l.Cursor()
	}
	return min(from, l.Cursor()), max(from, l.Cursor()), true
}
