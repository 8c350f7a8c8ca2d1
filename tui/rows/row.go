// Package rows turns a comparison into what the board lists: one row for each finding, group and user, with its place
// under a heading, in every order, and the text that a filter searches. A Set is built once for each comparison, away
// from the event loop, and never changed; a List is what one tab shows of it and where the operator stands.
package rows

import (
	"github.com/scimdrift/scimdrift/model"
)

// Sign is the one-cell sign of a relation.
func Sign(r model.Relation) string { return [...]string{"?", "=", "≠", "▷", "◁", " "}[r] }

// Row is one line of the grid: a finding, or a user or group with its findings.
type Row struct {
	// Source and Target are indices into the users or groups of each directory; model.None where there is no record.
	// Both are None for a finding about a rule or the connection.
	Source, Target int32
	// Finding is the worst finding on the record, or the row's own; model.None if there is none.
	Finding  int32
	Relation model.Relation
	// User: the indices are of users; else of groups.
	User bool
	// Own: the row stands for the finding itself and not for the record.
	Own bool
}

// ID names a row for good: it is the same after a reload, in any order and under any filter. It is comparable.
type ID struct {
	kind idKind
	text string
}

type idKind uint8

const (
	noID idKind = iota
	findingID
	headingID
	sourceUser
	targetUser
	sourceGroup
	targetGroup
	namedGroup // a group that only a rule names has no id
)

// IsZero reports whether the ID names no row.
func (id ID) IsZero() bool { return id.kind == noID }

// FindingID is the ID of the row of a finding on the drift tab.
func FindingID(id string) ID { return ID{findingID, id} }

// ID gives the name of a row.
func (s *Set) ID(r Row) ID {
	c := s.Comparison
	switch {
	case r.Own:
		return ID{findingID, c.Findings[r.Finding].ID}
	case r.User && r.Source != model.None:
		return ID{sourceUser, c.Source.Users[r.Source].ID}
	case r.User:
		return ID{targetUser, c.Target.Users[r.Target].ID}
	case r.Source != model.None && c.Source.Groups[r.Source].ID == "":
		return ID{namedGroup, c.Source.Groups[r.Source].Name}
	case r.Source != model.None:
		return ID{sourceGroup, c.Source.Groups[r.Source].ID}
	default:
		return ID{targetGroup, c.Target.Groups[r.Target].ID}
	}
}

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

// RecordName is what a user or a group of one side is called, raw.
func (s *Set) RecordName(user bool, side model.Side, at int32) string {
	d := s.Directory(side)
	if user {
		return d.Users[at].Called()
	}
	return d.Groups[at].Called()
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

// FindSubject gives the row of a user or group, whichever of its findings it stands for.
func (s *Set) FindSubject(subject model.Subject) (Row, bool) {
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
	return src != nil && sameID(src.ID, subject.SourceID) || tgt != nil && sameID(tgt.ID, subject.TargetID)
}

// isGroup: a group that only a rule names has no id.
func (s *Set) isGroup(r Row, subject model.Subject) bool {
	src, tgt := s.GroupsOf(r)
	return src != nil && (sameID(src.ID, subject.SourceID) || src.ID == "" && model.SameName(src.Name, subject.Name)) ||
		tgt != nil && sameID(tgt.ID, subject.TargetID)
}

func sameID(id, other string) bool { return id != "" && id == other }

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
