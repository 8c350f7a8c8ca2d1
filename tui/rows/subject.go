package rows

import "github.com/scimdrift/scimdrift/model"

// Subject names the record of a row as findings do: by the source's name where there is one.
func (s *Set) Subject(r Row) model.Subject {
	if r.Finding != model.None {
		return s.Comparison.Findings[r.Finding].Subject
	}
	if r.User {
		return s.Comparison.UserSubject(r.Source, r.Target)
	}
	return s.Comparison.GroupSubject(r.Source, r.Target)
}

// Marked gives the marked rows, each once, in the order of the tabs.
func (s *Set) Marked(m Marks) []Row {
	var out []Row
	seen := map[ID]bool{}
	for t := range s.tables {
		for _, i := range s.tables[t].orders[ByWorst] {
			r := s.tables[t].rows[i]
			if id := s.ID(r); m[id] && !seen[id] {
				seen[id] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// UnderCursor gives the rows under the heading at the cursor, as far as the filter leaves them.
func (l *List) UnderCursor() []Row {
	h, ok := l.headingAt(l.Cursor())
	if !ok {
		return nil
	}
	t := l.table()
	var out []Row
	for _, i := range l.matched {
		if t.heading[i] == h {
			out = append(out, t.rows[i])
		}
	}
	return out
}

// Of gives the row of a user or group, whichever of its findings it stands for.
func (s *Set) Of(subject model.Subject) (Row, bool) {
	tab, is := Groups, s.isGroup
	if subject.Type == model.SubjectUser {
		tab, is = Users, s.isUser
	}
	for _, r := range s.tables[tab].rows {
		if is(r, subject) {
			return r, true
		}
	}
	return Row{}, false
}

func (s *Set) isUser(r Row, subject model.Subject) bool {
	src, tgt := s.UsersOf(r)
	return src != nil && same(src.ID, subject.SourceID) || tgt != nil && same(tgt.ID, subject.TargetID)
}

// isGroup: a group that only a rule names has no id.
func (s *Set) isGroup(r Row, subject model.Subject) bool {
	src, tgt := s.GroupsOf(r)
	return src != nil && (same(src.ID, subject.SourceID) || src.ID == "" && model.SameName(src.Name, subject.Name)) ||
		tgt != nil && same(tgt.ID, subject.TargetID)
}

func same(id, other string) bool { return id != "" && id == other }

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
