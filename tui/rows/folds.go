package rows

// hidden are the rows that stand under folded headings, each with its heading.
func (l *List) hidden() map[ID]ID {
	if !l.Grouped() {
		return nil
	}
	t := l.table()
	var out map[ID]ID
	for i, r := range t.rows {
		if h := t.headings[t.heading[i]].ID(); l.folded[h] {
			if out == nil {
				out = map[ID]ID{}
			}
			out[l.set.ID(r)] = h
		}
	}
	return out
}

// inherit folds the new headings under which nothing stands but rows that were hidden: a finding whose cause has become
// known moves under another heading, and what the operator had folded away must not come back for that.
func (l *List) inherit(hidden map[ID]ID) {
	if len(hidden) == 0 {
		return
	}
	t := l.table()
	seen := make([]bool, len(t.headings)) // shows a row that was not hidden
	for i, r := range t.rows {
		if _, was := hidden[l.set.ID(r)]; !was {
			seen[t.heading[i]] = true
		}
	}
	for h := range t.headings {
		if !seen[h] {
			l.folded[t.headings[h].ID()] = true
		}
	}
}

// below is the first row under the heading at the cursor; zero if there is none there.
func (l *List) below() ID {
	h, ok := l.headingAt(l.cursor)
	if !ok || l.lines[l.cursor] >= 0 {
		return ID{}
	}
	t := l.table()
	for _, r := range l.matched {
		if t.heading[r] == h {
			return l.set.ID(t.rows[r])
		}
	}
	return ID{}
}

// toHeadingOf puts the cursor on the heading that a row stands under by now: its old one has gone.
func (l *List) toHeadingOf(row ID) {
	if row.IsZero() || !l.Grouped() {
		return
	}
	t := l.table()
	for _, r := range l.matched {
		if l.set.ID(t.rows[r]) == row {
			l.toID(t.headings[t.heading[r]].ID())
			return
		}
	}
}
