package rows

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Heading stands above the rows of one kind, cause and severity. A heading without a kind is over rows that are in sync,
// or not settled.
type Heading struct {
	Severity model.Severity
	Kind     model.Kind
	Cause    model.Cause
	// Contradicted: something else that was read speaks against each of them.
	Contradicted bool
	// User and Relation tell the headings without a kind apart.
	User     bool
	Relation model.Relation
	// Rows is how many rows stand under it; fewer show when a filter is set.
	Rows int
}

// ID names a heading for good.
func (h Heading) ID() ID {
	if h.Kind == "" {
		return ID{headingID, Sign(h.Relation) + map[bool]string{true: "users", false: "groups"}[h.User]}
	}
	name := h.Severity.String() + "/" + string(h.Kind) + "/" + string(h.Cause)
	if h.Contradicted {
		name += "/contradicted"
	}
	return ID{headingID, name}
}

// driftTable lists the findings, grouped, and below them the records without one, which show only when all rows do. The
// severity is part of the grouping so that the worst always stand on top.
func (s *Set) driftTable(texts *filter.Texts) table {
	c := s.Comparison
	n := len(c.Findings)
	t := table{rows: make([]Row, 0, n), drifting: n}
	at := map[Heading]int32{}
	add := func(r Row, h Heading) {
		i, ok := at[h]
		if !ok {
			i = int32(len(t.headings))
			at[h] = i
			t.headings = append(t.headings, h)
		}
		t.headings[i].Rows++
		t.rows = append(t.rows, r)
		t.heading = append(t.heading, i)
	}
	for i := range c.Findings {
		f := &c.Findings[i]
		add(Row{
			Source: f.Source, Target: f.Target, Finding: int32(i), Relation: f.Relation(),
			User: f.Subject.Type == model.SubjectUser, Own: true,
		}, Heading{Severity: f.Severity, Kind: f.Kind, Cause: f.Cause, Contradicted: f.Contradicted != ""})
	}
	s.index(&t, texts)
	for _, tab := range []Tab{Groups, Users} {
		from := &s.tables[tab]
		for _, i := range from.orders[ByName] {
			if r := from.rows[i]; r.Finding == model.None {
				add(r, Heading{User: r.User, Relation: r.Relation})
				t.keys, t.class = append(t.keys, from.keys[i]), append(t.class, from.class[i]) // a second copy would cost more than the rows
			}
		}
	}
	t.sort(s)
	return t
}
