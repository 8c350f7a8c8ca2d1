package rows

// Marks are the rows that the operator has chosen to act on, by name, so that they stay chosen whatever is done to the
// lists.
type Marks struct{ set map[ID]bool }

// NewMarks makes an empty choice.
func NewMarks() *Marks { return &Marks{set: map[ID]bool{}} }

// Len is how many rows are marked.
func (m *Marks) Len() int { return len(m.set) }

// Has reports whether a row is marked.
func (m *Marks) Has(id ID) bool { return len(m.set) > 0 && m.set[id] }

// Clear unmarks every row.
func (m *Marks) Clear() { clear(m.set) }

// Retain unmarks the rows that no list has any more and gives their number. It is for a comparison that is final: one
// that is still coming in lacks rows that will be back.
func (m *Marks) Retain(s *Set) (gone int) {
	if len(m.set) == 0 {
		return 0
	}
	there := make(map[ID]bool, len(m.set))
	for t := range s.tables {
		for _, r := range s.tables[t].rows {
			if id := s.ID(r); m.set[id] {
				there[id] = true
			}
		}
	}
	gone = len(m.set) - len(there)
	m.set = there
	return gone
}

// ToggleMark marks or unmarks the row at the cursor, or, at a heading, all rows under it that show: it unmarks them
// only if all are marked.
func (l *List) ToggleMark(m *Marks) {
	line, ok := l.Current()
	if !ok {
		return
	}
	l.Moved = true
	if line.Heading == nil {
		m.toggle([]ID{l.CurrentID()})
		return
	}
	h, _ := l.headingAt(l.Cursor())
	t := l.table()
	var ids []ID
	for _, r := range l.matched {
		if t.heading[r] == h {
			ids = append(ids, l.set.ID(t.rows[r]))
		}
	}
	m.toggle(ids)
}

func (m *Marks) toggle(ids []ID) {
	all := true
	for _, id := range ids {
		all = all && m.set[id]
	}
	for _, id := range ids {
		if all {
			delete(m.set, id)
		} else {
			m.set[id] = true
		}
	}
}

// MarkMatches marks every row that the filter leaves, whether it is folded away or not, and gives their number.
func (l *List) MarkMatches(m *Marks) int {
	l.Moved = true
	if l.set == nil {
		return 0
	}
	for _, r := range l.matched {
		m.set[l.set.ID(l.table().rows[r])] = true
	}
	return len(l.matched)
}

// ToggleRange opens a range at the cursor, or closes the open one and marks its rows.
func (l *List) ToggleRange(m *Marks) {
	l.Moved = true
	if l.anchor.IsZero() {
		l.anchor = l.CurrentID()
		return
	}
	from, to, _ := l.Range()
	for line := from; line <= to; line++ {
		if l.lines[line] >= 0 {
			m.set[l.idAt(line)] = true
		}
	}
	l.anchor = ID{}
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

// DropRange closes an open range without marking; it reports whether there was one.
func (l *List) DropRange() bool {
	open := !l.anchor.IsZero()
	l.anchor = ID{}
	return open
}

// Range gives the lines of the open range. A range whose first row no longer shows has only the cursor's line.
func (l *List) Range() (from, to int, open bool) {
	if l.anchor.IsZero() || len(l.lines) == 0 {
		return 0, -1, false
	}
	from = l.find(l.anchor)
	if from < 0 {
		from = l.Cursor()
	}
	return min(from, l.Cursor()), max(from, l.Cursor()), true
}
