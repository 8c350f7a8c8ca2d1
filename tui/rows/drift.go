package rows

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Heading stands above the rows of one cause group, or over rows without a finding that are in sync or not settled.
type Heading struct {
	// Group is the cause group; nil over rows without a finding.
	Group *drift.CauseGroup
	// User and Relation tell the headings without a group apart.
	User     bool
	Relation model.Relation
	// Rows is how many rows stand under it; fewer show when a filter is set.
	Rows int
}

// ID names a heading for good.
func (h Heading) ID() ID {
	if h.Group == nil {
		return ID{headingID, Sign(h.Relation) + map[bool]string{true: "users", false: "groups"}[h.User]}
	}
	return ID{headingID, h.Group.Key.Why + "/" + string(h.Group.Key.Repair)}
}

// driftTable lists the findings by cause group, and below them the records without one, which show only when all rows
// do.
func (s *Set) driftTable(texts *filter.Texts) table {
	c := s.Comparison
	n := len(c.Findings)
	t := table{rows: make([]Row, 0, n), drifting: n}
	for i := range s.Groups {
		g := &s.Groups[i]
		t.headings = append(t.headings, Heading{Group: g, Rows: len(g.Findings)})
		for _, at := range g.Findings {
			f := &c.Findings[at]
			t.rows = append(t.rows, Row{
				Source: f.Source, Target: f.Target, Finding: at, Relation: f.Relation(),
				User: f.Subject.Type == model.SubjectUser, Own: true,
			})
			t.heading = append(t.heading, int32(i))
		}
	}
	s.buildKeys(&t, texts)
	at := map[Heading]int32{}
	for _, tab := range []Tab{Groups, Users} {
		from := &s.tables[tab]
		for _, i := range from.orders[ByName] {
			r := from.rows[i]
			if r.Finding != model.None {
				continue
			}
			h := Heading{User: r.User, Relation: r.Relation}
			under, ok := at[h]
			if !ok {
				under = int32(len(t.headings))
				at[h] = under
				t.headings = append(t.headings, h)
			}
			t.headings[under].Rows++
			t.rows = append(t.rows, r)
			t.heading = append(t.heading, under)
			// Shared: a second copy would cost more than the rows.
			t.keys, t.class = append(t.keys, from.keys[i]), append(t.class, from.class[i])
		}
	}
	t.buildOrders(s)
	return t
}
