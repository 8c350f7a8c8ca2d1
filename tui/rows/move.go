package rows

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Matches is how many rows the filter leaves, folded ones included.
func (l *List) Matches() int { return len(l.matched) }

// At gives a line, from 0 to Len.
func (l *List) At(line int) Line {
	t, at := l.table(), l.lines[line]
	if at >= 0 {
		return Line{Row: t.rows[at]}
	}
	h := &t.headings[^at]
	return Line{Heading: h, Folded: l.isFolded(*h) && l.filter.Empty(), HeadingSummary: l.summaries[^at]}
}

// Position says which of the matched rows the cursor stands on, from 1 on; at a heading the first below it.
func (l *List) Position() int {
	if l.Cursor() >= len(l.lines) {
		return 0
	}
	ref := l.lines[l.Cursor()]
	if ref >= 0 {
		return slices.Index(l.matched, ref) + 1
	}
	return slices.IndexFunc(l.matched, func(r int32) bool { return l.table().heading[r] == ^ref }) + 1
}

// Current gives the line at the cursor; ok is false when the list is empty.
func (l *List) Current() (line Line, ok bool) {
	if l.Cursor() >= len(l.lines) {
		return Line{}, false
	}
	return l.At(l.Cursor()), true
}

// CurrentID names the row or heading at the cursor; it is zero when the list is empty.
func (l *List) CurrentID() ID { return l.idAt(l.Cursor()) }

func (l *List) idAt(line int) ID {
	if line >= len(l.lines) {
		return ID{}
	}
	if at := l.At(line); at.Heading != nil {
		return at.Heading.ID()
	}
	return l.set.ID(l.table().rows[l.lines[line]])
}

// Head is how many lines stand above the rows.
func (*List) Head() int { return 0 }

// firstRow is the line of the first row, or of the first heading where what stands under it is folded away.
func (l *List) firstRow() int {
	if len(l.lines) > 0 && l.lines[0] < 0 && l.At(0).Folded {
		return 0
	}
	return max(slices.IndexFunc(l.lines, func(ref int32) bool { return ref >= 0 }), 0)
}

// ToID puts the cursor on the row or heading of that name and reports whether it shows.
func (l *List) ToID(id ID) bool {
	at := l.find(id)
	if at >= 0 {
		l.To(at)
	}
	return at >= 0
}

// Reveal does so too where the row is folded away: its heading is unfolded.
func (l *List) Reveal(id ID) bool {
	if l.Grouped() && l.find(id) < 0 {
		for _, r := range l.matched {
			if t := l.table(); l.set.ID(t.rows[r]) == id {
				l.folded[t.headings[t.heading[r]].ID()] = false
				l.layout()
			}
		}
	}
	return l.ToID(id)
}

// find gives the line of a row or heading, -1 if it does not show.
func (l *List) find(id ID) int {
	for line := range l.lines {
		if l.idAt(line) == id {
			return line
		}
	}
	return -1
}

// NextMatch goes to the n-th next row that the filter finds, or the one that was in force last; from the end it goes
// on at the top. It gives which of how many that is; of is 0 where none matches.
func (l *List) NextMatch(n int) (at, of int) {
	if l.set == nil || l.lastFilter.Empty() {
		return 0, 0
	}
	picked := l.set.rowMatcher(l.tab, l.lastFilter)
	var found []int // lines
	for line, ref := range l.lines {
		if ref >= 0 && picked(ref) {
			found = append(found, line)
		}
	}
	if len(found) == 0 {
		return 0, 0
	}
	next, here := slices.BinarySearch(found, l.Cursor())
	if n > 0 && !here {
		next--
	}
	next = ((next+n)%len(found) + len(found)) % len(found)
	l.To(found[next])
	return next + 1, len(found)
}

// LastFilter is the filter whose matches NextMatch goes through.
func (l *List) LastFilter() string { return l.lastFilter.Text() }

// NextSeverity goes down to the first row of another severity, or up to the first of the one before. A folded heading
// stands for the rows beneath it. It reports whether there is one.
func (l *List) NextSeverity(down bool) bool {
	from := l.Cursor()
	for from < len(l.lines)-1 && !l.hasSeverity(from) {
		from++ // an open heading stands for its first row
	}
	here, starts := -1, []int{} // the first line of each run of one severity, and in which of them the operator stands
	for line := range l.lines {
		if n := len(starts); l.hasSeverity(line) && (n == 0 || l.severityAt(line) != l.severityAt(starts[n-1])) {
			starts = append(starts, line)
			if line <= from {
				here++
			}
		}
	}
	to := here - 1
	if down {
		to = here + 1
	}
	if to < 0 || to >= len(starts) {
		return false
	}
	l.To(starts[to])
	return true
}

// hasSeverity: a line has a severity of its own, as a row, or as a heading whose rows do not show.
func (l *List) hasSeverity(line int) bool { return l.lines[line] >= 0 || l.At(line).Folded }

// severityAt is the severity of the row on a line, or that of a folded heading; -1 where it has no finding.
func (l *List) severityAt(line int) int {
	switch at := l.At(line); {
	case at.Group != nil:
		return int(at.Group.Severity)
	case at.Heading == nil && at.Row.Finding != model.None:
		return int(l.set.Comparison.Findings[at.Row.Finding].Severity)
	}
	return -1
}
