package rows

import (
	"cmp"
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
	// at is the other record's place in its table, whose rows stand in the order of the names.
	at int32
}

// places says where in the Users or Groups table each record stands: its rows are sorted by name, so that a list of
// five thousand members is sorted by comparing numbers.
func (t *table) places(of *drift.Pairing) byRecord {
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

// MembersOf lists who is in a group on which side: those first who are on one side only, then what is not settled, then
// who is in both, each in the order of the names.
func (s *Set) MembersOf(r Row) []Membership {
	c := s.Comparison
	var wanted, held []int32
	if r.Source != model.None {
		wanted = c.Source.Members.Of(int(r.Source))
	}
	if r.Target != model.None {
		held = c.Target.Members.Of(int(r.Target))
	}
	out := make([]Membership, 0, max(len(wanted), len(held)))
	both := make([]bool, len(held))
	for _, u := range wanted {
		t := c.Users.ToTarget[u]
		at, in := slices.BinarySearch(held, t)
		if in = in && t != model.None; in {
			both[at] = true
		}
		v := c.MembershipVerdict(r.Source, r.Target, u, t, true, in)
		m := Membership{Source: u, Target: model.None, Relation: v.Relation, Why: v.Why}
		if in {
			m.Target = t
		}
		out = append(out, m)
	}
	for i, t := range held {
		if !both[i] {
			v := c.MembershipVerdict(r.Source, r.Target, c.Users.ToSource[t], t, false, true)
			out = append(out, Membership{Source: model.None, Target: t, Relation: v.Relation, Why: v.Why})
		}
	}
	return inOrder(out, s.users)
}

// GroupsOfUser lists the groups that a user is in on either side, in the order of MembersOf.
func (s *Set) GroupsOfUser(r Row) []Membership {
	c := s.Comparison
	in := func(l model.Lists, group, user int32) bool {
		if group == model.None || user == model.None {
			return false
		}
		_, found := slices.BinarySearch(l.Of(int(group)), user)
		return found
	}
	var out []Membership
	for source, target := range pairs(&c.Groups) {
		m := Membership{Source: model.None, Target: model.None}
		if in(c.Source.Members, source, r.Source) {
			m.Source = source
		}
		if in(c.Target.Members, target, r.Target) {
			m.Target = target
		}
		v := c.MembershipVerdict(source, target, r.Source, r.Target, m.Source != model.None, m.Target != model.None)
		if m.Relation, m.Why = v.Relation, v.Why; m.Relation != model.Aside {
			out = append(out, m)
		}
	}
	return inOrder(out, s.groups)
}

func inOrder(all []Membership, by byRecord) []Membership {
	rank := [model.Aside + 1]uint8{
		model.OnlySource: 0, model.OnlyTarget: 0, model.Differs: 0, model.Unsettled: 1,
		model.Same: 2, model.Aside: 2,
	}
	for i := range all {
		all[i].at = *by.slot(all[i].Source, all[i].Target)
	}
	slices.SortFunc(all, func(x, y Membership) int {
		return cmp.Or(cmp.Compare(rank[x.Relation], rank[y.Relation]), cmp.Compare(x.at, y.at),
			cmp.Compare(x.Source, y.Source), cmp.Compare(x.Target, y.Target))
	})
	return all
}

// Sift leaves the memberships whose other record a filter picks; users says that those are users.
func (s *Set) Sift(all []Membership, users bool, q filter.Query) []Membership {
	if q.Empty() {
		return all
	}
	tab := Groups
	if users {
		tab = Users
	}
	picked := s.picks(tab, q)
	out := make([]Membership, 0, len(all)/8)
	for _, m := range all {
		if m.at != model.None && picked(m.at) { // else no tab lists the record
			out = append(out, m)
		}
	}
	return out
}
