package rows

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Tab is one of the lists of rows on the board.
type Tab uint8

// The tabs, in the order in which they stand.
const (
	Drift Tab = iota
	Groups
	Users
	TabCount
)

// Set is everything that the board lists of one comparison.
type Set struct {
	Comparison *drift.Comparison
	// Sides counts the records of each side for the header, Severities the findings by severity.
	Sides      [2]model.Totals
	Severities [model.Critical + 1]int
	// Outage says how nothing is pushed at all, or most people or groups are hit; empty for leftovers.
	Outage string
	// Sizes are phrases on how the sizes of both sides add up, where they differ.
	Sizes []string
	// Open counts the records of which nothing is known, whatever was read.
	Open int
	// Groups are the findings by cause, in the order in which they should be repaired.
	Groups []drift.CauseGroup
	// Events are the source's log.
	Events Events

	scale         explain.Scale
	tables        [TabCount]table
	users, groups byRecord
	// classes are those of the rows of all tabs; actors and members are names that findings hold, for completion.
	classes         []filter.Class
	actors, members []string
	// nextFinding chains the findings on one record, from the worst on.
	nextFinding []int32
}

// table is the rows of one tab in a fixed order, with what is needed to find and sort them.
type table struct {
	rows []Row
	// keys are the folded texts that a filter searches, by row; class is the filter's class of each.
	keys  []string
	class []int32
	// orders holds for each Order the row indices in that order.
	orders [orderCount][]int32
	// headings and heading (by row) exist only where rows are grouped.
	headings []Heading
	heading  []int32
	drifting int
	// nameWidth is how many characters nearly all names have, longest how many the longest has.
	nameWidth, longest int
}

// NewSet works out what the board lists. It takes time in proportion to the directories (and n log n for names), so it
// belongs outside the event loop.
func NewSet(c *drift.Comparison) *Set {
	if c.Provisional {
		c = c.AsProvisional()
	}
	s := &Set{Comparison: c, Events: NewEvents(c.Source.Events), nextFinding: make([]int32, len(c.Findings))}
	s.countFindings()
	users, groups := s.chainFindings()
	texts := filter.NewTexts(c)
	s.tables[Groups].rows = s.recordRows(false, &c.Groups, groups)
	s.tables[Users].rows = s.recordRows(true, &c.Users, users)
	for _, tab := range []Tab{Groups, Users} {
		t := &s.tables[tab]
		s.buildKeys(t, texts)
		t.sortRowsByName()
		t.buildOrders(s)
	}
	s.users = s.tables[Users].namePositions(&c.Users)
	s.groups = s.tables[Groups].namePositions(&c.Groups)
	s.tables[Drift] = s.driftTable(texts)
	s.classes = texts.Classes
	s.actors, s.members = completionNames(c.Findings)
	for t := range s.tables {
		s.tables[t].nameWidth, s.tables[t].longest = s.measureNames(s.tables[t].rows)
	}
	return s
}

// Len is how many rows a tab has, and how many of them drift.
func (s *Set) Len(t Tab) (all, drifting int) { return len(s.tables[t].rows), s.tables[t].drifting }

// RowAt gives a row of a tab, from 0 to Len, in no order that shows.
func (s *Set) RowAt(t Tab, i int) Row { return s.tables[t].rows[i] }

// NameWidths are how many characters a cell needs to hold nearly every name of a tab, where a few very long ones do not
// count, and every name, up to 64.
func (s *Set) NameWidths(t Tab) (nearly, longest int) {
	return s.tables[t].nameWidth, s.tables[t].longest
}

// FindingsOf lists the findings that a row stands for, the worst first.
func (s *Set) FindingsOf(r Row) []*model.Finding {
	var out []*model.Finding
	for f := r.Finding; f != model.None; f = s.nextFinding[f] {
		out = append(out, &s.Comparison.Findings[f])
		if r.Own {
			break
		}
	}
	return out
}

func (s *Set) countFindings() {
	c := s.Comparison
	s.Groups = drift.CauseGroups(c.Findings)
	s.scale = explain.ScaleOf(c)
	s.Outage = explain.Outage(s.Groups, c.Findings, s.scale)
	s.Sizes = explain.Sizes(c, explain.Target(c.Target.Kind))
	s.Sides = [2]model.Totals{c.Source.Totals(), c.Target.Totals()}
	s.Open = len(c.UnsettledRecords(model.SubjectUser)) + len(c.UnsettledRecords(model.SubjectGroup))
	for i := range c.Findings {
		s.Severities[c.Findings[i].Severity]++
	}
}

// measureNames gives the width that all but one in fifty names stay within, and that of the longest.
func (s *Set) measureNames(rows []Row) (nearly, longest int) {
	const most = 64
	var lengths [most + 1]int
	total := 0
	count := func(name string) {
		width := min(style.Width(name), most)
		lengths[width]++
		longest = max(longest, width)
		total++
	}
	for _, r := range rows {
		for side, at := range [2]int32{r.Source, r.Target} {
			if at != model.None {
				count(s.RecordName(r.User, model.Side(side), at))
			}
		}
	}
	rest := total / 50
	for n := most; n > 0; n-- {
		if rest -= lengths[n]; rest < 0 {
			return n, longest
		}
	}
	return 0, longest
}

// Directory is one side of the comparison.
func (s *Set) Directory(side model.Side) *model.Directory {
	if side == model.SourceSide {
		return &s.Comparison.Source.Directory
	}
	return &s.Comparison.Target
}
