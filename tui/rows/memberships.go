package rows

import (
	"cmp"
	"iter"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/filter"
)

// Membership is one user in one group, as both sides have it. In the list of a group's members the indices are of
// users, in the list of a user's groups of groups; model.None stands on a side that does not have the membership.
type Membership struct {
	Source, Target int32
	Relation       model.Relation
	// Why is why it is not settled, where it is not.
	Why string
	// position is the other record's place in its table, whose rows stand in the order of the names.
	position int32
}

// namePositions says where in the Users or Groups table each record stands: its rows are sorted by name, so that a list
// of five thousand members is sorted by comparing numbers.
func (t *table) namePositions(of *drift.Pairing) byRecord {
	p := newByRecord(of)
	for i, r := range t.rows {
		if r.Source != model.None {
			p.source[r.Source] = int32(i)
		}
		if r.Target != model.None {
			p.target[r.Target] = int32(i)
		}
	}
	return p
}

// Memberships lists who is in a group, or which groups a user is in: those first that are on one side only, then what
// is not settled, then what both sides have, each in the order of the names.
func (s *Set) Memberships(r Row) []Membership { return s.memberships(r, false) }

// Apart lists those of them that are on one side only: that both sides have as many says nothing of it.
func (s *Set) Apart(r Row) []Membership {
	return slices.DeleteFunc(s.memberships(r, true), func(m Membership) bool { return m.Relation == model.Unsettled })
}

func (s *Set) memberships(r Row, apart bool) (out []Membership) {
	c := s.Comparison
	others, places := pairs(&c.Groups), s.groups
	if !r.User {
		others, places = s.membersOf(r), s.users
	}
	for source, target := range others {
		group, user := [2]int32{r.Source, r.Target}, [2]int32{source, target}
		if r.User {
			group, user = user, group
		}
		inSource := group[0] != model.None && c.Source.Members.Has(group[0], user[0])
		inTarget := group[1] != model.None && c.Target.Members.Has(group[1], user[1])
		if apart && inSource && inTarget {
			continue
		}
		v := c.MembershipVerdict(group[0], group[1], user[0], user[1], inSource, inTarget)
		if v.Relation == model.Aside {
			continue
		}
		m := Membership{Source: model.None, Target: model.None, Relation: v.Relation, Why: v.Why}
		if inSource {
			m.Source = source
		}
		if inTarget {
			m.Target = target
		}
		out = append(out, m)
	}
	return sortMemberships(out, places)
}

// membersOf gives everybody who is in a group on either side once, with the records that they have on both.
func (s *Set) membersOf(r Row) iter.Seq2[int32, int32] {
	c := s.Comparison
	return func(yield func(source, target int32) bool) {
		if r.Source != model.None {
			for _, u := range c.Source.Members.Of(int(r.Source)) {
				if !yield(u, c.Users.ToTarget[u]) {
					return
				}
			}
		}
		if r.Target == model.None {
			return
		}
		for _, u := range c.Target.Members.Of(int(r.Target)) {
			source := c.Users.ToSource[u]
			known := r.Source != model.None && source != model.None && c.Source.Members.Has(r.Source, source)
			if !known && !yield(source, u) {
				return
			}
		}
	}
}

func sortMemberships(all []Membership, by byRecord) []Membership {
	rank := [model.Aside + 1]uint8{
		model.OnlySource: 0, model.OnlyTarget: 0, model.Differs: 0, model.Unsettled: 1,
		model.Same: 2, model.Aside: 2,
	}
	for i := range all {
		all[i].position = *by.slot(all[i].Source, all[i].Target)
	}
	slices.SortFunc(all, func(x, y Membership) int {
		return cmp.Or(cmp.Compare(rank[x.Relation], rank[y.Relation]), cmp.Compare(x.position, y.position),
			cmp.Compare(x.Source, y.Source), cmp.Compare(x.Target, y.Target))
	})
	return all
}

// FilterMemberships leaves the memberships whose other record a filter picks; users says that those are users.
func (s *Set) FilterMemberships(all []Membership, users bool, q filter.Query) []Membership {
	if q.Empty() {
		return all
	}
	tab := Groups
	if users {
		tab = Users
	}
	picked := s.rowMatcher(tab, q)
	out := make([]Membership, 0, len(all)/8)
	for _, m := range all {
		if m.position != model.None && picked(m.position) { // else no tab lists the record
			out = append(out, m)
		}
	}
	return out
}
