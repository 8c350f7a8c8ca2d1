package rows

import "github.com/scimdrift/scimdrift/model"

// Subject names the record of a row as findings do: by the source's name where there is one.
func (s *Set) Subject(r Row) model.Subject {
	if r.Finding != model.None {
		return s.Comparison.Findings[r.Finding].Subject
	}
	if r.User {
		subject := model.Subject{Type: model.SubjectUser}
		src, tgt := s.UsersOf(r)
		if tgt != nil {
			subject.Name, subject.TargetID = tgt.UserName, tgt.ID
		}
		if src != nil {
			subject.Name, subject.SourceID = src.UserName, src.ID
		}
		return subject
	}
	subject := model.Subject{Type: model.SubjectGroup}
	src, tgt := s.GroupsOf(r)
	if tgt != nil {
		subject.Name, subject.TargetID = tgt.Name, tgt.ID
	}
	if src != nil {
		subject.Name, subject.SourceID = src.Name, src.ID
	}
	return subject
}

// MarkedNames gives the raw names of the marked rows, each once, in the order of the tabs.
func (s *Set) MarkedNames(m *Marks) []string {
	var names []string
	seen := map[string]bool{}
	for t := range s.tables {
		for _, i := range s.tables[t].orders[ByWorst] {
			r := s.tables[t].rows[i]
			if !m.Has(s.ID(r)) {
				continue
			}
			if name := s.Subject(r).Name; !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// NamesUnderCursor gives the raw names of the rows under the heading at the cursor, as far as the filter leaves them.
func (l *List) NamesUnderCursor() []string {
	h, ok := l.headingAt(l.cursor)
	if !ok {
		return nil
	}
	t := l.table()
	var names []string
	for _, i := range l.matched {
		if t.heading[i] == h {
			names = append(names, l.set.Subject(t.rows[i]).Name)
		}
	}
	return names
}

// Find gives the row of that name, from whichever tab has it.
func (s *Set) Find(id ID) (Row, bool) {
	for t := range s.tables {
		for _, r := range s.tables[t].rows {
			if s.ID(r) == id {
				return r, true
			}
		}
	}
	return Row{}, false
}
