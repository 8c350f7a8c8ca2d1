package rows

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// userRows lists every user that the connection is about: assigned at the source, or at the target at all.
func (s *Set) userRows(worst byRecord) []Row {
	c := s.Comparison
	rows := make([]Row, 0, max(len(c.Source.Users), len(c.Target.Users)))
	for i := range c.Source.Users {
		src := int32(i)
		tgt := c.Users.ToTarget[i]
		if !c.Source.Users[i].Assigned && tgt == model.None {
			continue // only known, so that lingering users can be explained
		}
		r := Row{Source: src, Target: tgt, Finding: worst.sourceUsers[i], User: true}
		r.Relation = s.Verdict(r).Relation
		rows = append(rows, r)
	}
	for i := range c.Target.Users {
		if c.Users.ToSource[i] != model.None {
			continue
		}
		r := Row{Source: model.None, Target: int32(i), Finding: worst.targetUsers[i], User: true}
		r.Relation = s.Verdict(r).Relation
		rows = append(rows, r)
	}
	return rows
}

// groupRows lists every group of both sides.
func (s *Set) groupRows(worst byRecord) []Row {
	c := s.Comparison
	rows := make([]Row, 0, max(len(c.Source.Groups), len(c.Target.Groups)))
	for i := range c.Source.Groups {
		r := Row{Source: int32(i), Target: c.Groups.ToTarget[i], Finding: worst.sourceGroups[i]}
		r.Relation = s.Verdict(r).Relation
		rows = append(rows, r)
	}
	for i := range c.Target.Groups {
		if c.Groups.ToSource[i] != model.None {
			continue
		}
		r := Row{Source: model.None, Target: int32(i), Finding: worst.targetGroups[i]}
		r.Relation = s.Verdict(r).Relation
		rows = append(rows, r)
	}
	return rows
}

// Verdict is the verdict on the record of a row.
func (s *Set) Verdict(r Row) drift.Verdict {
	if r.User {
		return s.Comparison.UserVerdict(r.Source, r.Target)
	}
	return s.Comparison.GroupVerdict(r.Source, r.Target)
}
