package rows

import (
	"iter"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// pairs gives every record of both sides once: each of the source with its own of the target, then the others of the
// target.
func pairs(p *drift.Pairing) iter.Seq2[int32, int32] {
	return func(yield func(source, target int32) bool) {
		for s, t := range p.ToTarget {
			if !yield(int32(s), t) {
				return
			}
		}
		for t, s := range p.ToSource {
			if s == model.None && !yield(model.None, int32(t)) {
				return
			}
		}
	}
}

// recordRows lists the groups of both sides, or every user that the connection is about: assigned at the source, or at
// the target at all. Others are only known, so that lingering users can be explained.
func (s *Set) recordRows(users bool, pairing *drift.Pairing, worst byRecord) []Row {
	rows := make([]Row, 0, max(len(pairing.ToTarget), len(pairing.ToSource)))
	for source, target := range pairs(pairing) {
		if users && target == model.None && !s.Comparison.Source.Users[source].Assigned {
			continue
		}
		r := Row{Source: source, Target: target, Finding: *worst.slot(source, target), User: users}
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

// byRecord holds a number for each user, or for each group, of both sides.
type byRecord struct{ source, target []int32 }

func newByRecord(of *drift.Pairing) byRecord {
	none := []int32{model.None}
	return byRecord{slices.Repeat(none, len(of.ToTarget)), slices.Repeat(none, len(of.ToSource))}
}

// slot is that of a pair, which stands under its source record where it has one, else under its target record.
func (b byRecord) slot(source, target int32) *int32 {
	if source != model.None {
		return &b.source[source]
	}
	return &b.target[target]
}

// chainFindings chains the findings on one record, from the worst on, which it gives.
func (s *Set) chainFindings() (users, groups byRecord) {
	c := s.Comparison
	users, groups = newByRecord(&c.Users), newByRecord(&c.Groups)
	for i := len(c.Findings) - 1; i >= 0; i-- { // from the mildest on, so that the worst ends up first
		f, of := &c.Findings[i], groups
		if f.Subject.Type == model.SubjectUser {
			of = users
		}
		if f.Source == model.None && f.Target == model.None { // about a rule or the connection
			s.nextFinding[i] = model.None
			continue
		}
		at := of.slot(f.Source, f.Target)
		s.nextFinding[i], *at = *at, int32(i)
	}
	return users, groups
}
