package rows

import (
	"slices"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// List is what one tab shows of a Set, in which order and under which filter, and where the operator stands in it. It
// is moved from the event loop only.
type List struct {
	screen.List

	tab       Tab
	set       *Set
	order     Order
	driftOnly bool
	filter    filter.Query
	// lastFilter is the last filter that was not empty: its matches are gone through also once it narrows no more.
	lastFilter filter.Query
	folded     map[ID]bool

	// base are the rows of the order that driftOnly leaves, matched those of them that the filter leaves.
	base, matched []int32
	// lines are row indices, or headings as their complement (^h).
	lines []int32
	// summaries is what each heading bears of the rows that match.
	summaries []HeadingSummary

	// beforeFilter is what the cursor stood on before a filter took it away, and afterFilter where that led instead: a
	// filter that in the end leaves nothing leads back.
	beforeFilter, afterFilter ID
	// rangeAnchor is where a range began; zero if none is open.
	rangeAnchor ID
}

// NewList makes the list of a tab, empty until it gets a Set. The drift tab starts with drift only.
func NewList(tab Tab) *List {
	l := &List{tab: tab, driftOnly: tab == Drift, folded: map[ID]bool{}}
	l.Leads = func(line int) bool { return l.lines[line] < 0 } // no first row of a group without its heading
	l.SetHeight(1)
	return l
}

// Tab is which of the tables it lists.
func (l *List) Tab() Tab { return l.tab }

// Line is one line of a list: a row, or a heading if Heading is not nil.
type Line struct {
	HeadingSummary

	Row     Row
	Heading *Heading
	// Folded: the rows that the heading bears are hidden.
	Folded bool
}

// HeadingSummary is what a heading bears of the rows that match the filter.
type HeadingSummary struct {
	Shown    int // how many
	findings []int32
	// Group is their cause group, and Text says what is wrong with them; nil and empty over rows without a finding.
	Group *drift.CauseGroup
	Text  string
}

// Use shows another Set. A cursor that nobody has moved is on its first row, so that the worst is seen however late
// it comes. Else the cursor stays on the row it was on, at the same height on the screen; where the row is gone, it
// stays at the same place.
func (l *List) Use(s *Set) {
	if s == l.set {
		return
	}
	at, below, id := l.Cursor(), l.Cursor()-l.Top(), l.CurrentID()
	l.set = s
	l.applyFilter(false)
	l.layout()
	if found := l.find(id); !l.Moved {
		at, below = l.firstRow(), 0
	} else if found >= 0 {
		at = found
	}
	l.Put(at, below)
}

// Clear empties the list.
func (l *List) Clear() {
	l.set, l.base, l.matched, l.lines, l.summaries = nil, nil, nil, nil, nil
	l.rangeAnchor, l.beforeFilter, l.afterFilter, l.Moved = ID{}, ID{}, ID{}, false
	l.SetLen(0)
}

// Order says how the list is sorted.
func (l *List) Order() Order { return l.order }

// DriftOnly reports whether rows in sync are left out.
func (l *List) DriftOnly() bool { return l.driftOnly }

// Grouped reports whether rows stand under headings, which say what the rows then need not repeat.
func (l *List) Grouped() bool {
	return l.set != nil && l.order == ByWorst && l.set.tables[l.tab].headings != nil
}

// Sort sorts another way; the cursor stays on its row.
func (l *List) Sort(by Order) {
	l.order = by
	l.rebuild()
}

// ToggleDrift shows or hides rows in sync; the cursor stays on its row if it can.
func (l *List) ToggleDrift() (driftOnly bool) {
	l.driftOnly = !l.driftOnly
	l.rebuild()
	return l.driftOnly
}

// ToggleFold folds or unfolds the heading at the cursor, or the one that the row at the cursor stands under.
func (l *List) ToggleFold() {
	h, ok := l.headingAt(l.Cursor())
	if !ok {
		return
	}
	heading := l.table().headings[h]
	l.folded[heading.ID()] = !l.isFolded(heading)
	l.layout()
	l.To(slices.Index(l.lines, ^h))
}

// FoldAll folds every heading, or unfolds all if all are folded.
func (l *List) FoldAll() {
	if !l.Grouped() {
		return
	}
	h, _ := l.headingAt(l.Cursor())
	headings := l.table().headings
	open := slices.ContainsFunc(headings, func(h Heading) bool { return !l.isFolded(h) })
	for _, heading := range headings {
		l.folded[heading.ID()] = open
	}
	l.layout()
	l.To(slices.Index(l.lines, ^h))
}

// isFolded: until the operator says otherwise the symptoms of a cause that explains them are folded away beneath it.
func (l *List) isFolded(h Heading) bool {
	folded, said := l.folded[h.ID()]
	return folded || !said && h.Group != nil && h.Group.HasSymptoms()
}

func (l *List) table() *table { return &l.set.tables[l.tab] }

// rebuild lays the rows out anew and keeps the cursor on its row.
func (l *List) rebuild() {
	if l.set == nil {
		return
	}
	ref, below := l.currentRef(), l.Cursor()-l.Top()
	l.applyFilter(false)
	l.layout()
	l.restoreCursor(ref, below)
}

// currentRef is what stands at the cursor, for the same Set only.
func (l *List) currentRef() int32 {
	if l.Cursor() < len(l.lines) {
		return l.lines[l.Cursor()]
	}
	return -1 << 31 // nothing
}

// restoreCursor puts the cursor on what ref stands for, else on the first row. Who sorts or filters has looked at where
// it stands.
func (l *List) restoreCursor(ref int32, below int) {
	l.Moved = true
	at := slices.Index(l.lines, ref)
	if at < 0 {
		at = l.firstRow()
	}
	l.Put(at, below)
}

// layout makes the lines from the matched rows. Under a filter nothing stays folded, because a match that does not show
// is no match.
func (l *List) layout() {
	defer func() { l.SetLen(len(l.lines)) }()
	if !l.Grouped() {
		l.lines, l.summaries = l.matched, nil
		return
	}
	t := l.table()
	l.summarizeHeadings(t)
	l.lines = make([]int32, 0, len(l.matched)+len(t.headings))
	last := int32(-1)
	open := true
	for _, r := range l.matched {
		if h := t.heading[r]; h != last {
			last, open = h, !l.isFolded(t.headings[h]) || !l.filter.Empty()
			l.lines = append(l.lines, ^h)
		}
		if open {
			l.lines = append(l.lines, r)
		}
	}
}

// summarizeHeadings works out what the headings bear, and puts them and their rows in order by that: a heading over
// what a filter leaves is no worse than what stands under it.
func (l *List) summarizeHeadings(t *table) {
	all := l.set.Comparison.Findings
	l.summaries = make([]HeadingSummary, len(t.headings))
	for _, r := range l.matched {
		h := t.heading[r]
		l.summaries[h].Shown++
		if t.headings[h].Group != nil {
			l.summaries[h].findings = append(l.summaries[h].findings, t.rows[r].Finding)
		}
	}
	order := make([]int32, 0, len(t.headings))
	for h := range l.summaries {
		s, g := &l.summaries[h], t.headings[h].Group
		if s.Shown > 0 {
			order = append(order, int32(h))
		}
		if len(s.findings) == 0 {
			continue
		}
		if s.Group = g; s.Shown < t.headings[h].Rows {
			some := g.Subset(all, s.findings)
			s.Group = &some
		}
		s.Text = explain.GroupHeading(g.Key, s.Group.Of(all), l.set.scale)
	}
	worstFirst := func(a, b int32) int {
		if x, y := l.summaries[a].Group, l.summaries[b].Group; x != nil && y != nil {
			return x.Compare(y)
		}
		return 0 // rows without a finding stand last already
	}
	if slices.IsSortedFunc(order, worstFirst) {
		return
	}
	slices.SortStableFunc(order, worstFirst)
	rank := make([]int32, len(t.headings))
	for at, h := range order {
		rank[h] = int32(at)
	}
	l.matched = bucketSort(l.matched, len(rank), func(r int32) int32 { return rank[t.heading[r]] })
}

// headingAt gives the heading at or above a line.
func (l *List) headingAt(line int) (int32, bool) {
	if !l.Grouped() || line >= len(l.lines) {
		return 0, false
	}
	if at := l.lines[line]; at < 0 {
		return ^at, true
	}
	return l.table().heading[l.lines[line]], true
}

// Keys are those of a list of rows.
func (*List) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/rows | Rows | on Drift, Groups and Users
fold              | enter  | 1 fold     | fold or unfold a heading | a heading at the cursor
inspect           | enter  | 1 inspect  | look at one row in full | a row at the cursor
fold-all          | z      |            | fold or unfold all headings | headings: {sort} sorts, worst first
next-severity     | ]      |            | down to the next severity | rows that show
previous-severity | [      |            | up to the severity before | rows that show
next-match        | n      |            | to the filter's next match, cleared or not | a filter: {filter} sets one
previous-match    | N      |            | to the match before | a filter: {filter} sets one
drift-only        | f      | 4 all rows | drift only, or all rows | a read
sort              | s      | 5 sort     | sort: worst, by name, by side, latest first | a read
mark              | space  | 2 mark     | mark or unmark, and go on | a row at the cursor
range             | v      |            | begin a range, or mark the one that is open | a row at the cursor
mark-matches      | ctrl+a |            | mark every row that the filter leaves | rows that show
unmark            | V      |            | unmark all | a marked row
export            | x      |            | export what shows: Markdown, CSV, JSON, a plan | a read`
