package model

import (
	"cmp"
	"slices"
)

// Totals are the counts of one side, wherever they are shown.
type Totals struct {
	Users, Groups, Memberships int
	// Unknown are groups whose members are not known, though others' are: their memberships are not among the others.
	Unknown int
}

// Totals counts the app's assigned users, the groups that OneLogin should push now or that nobody could decide, and
// their members.
func (s *Source) Totals() Totals {
	n := Totals{Memberships: s.Members.Total()}
	for i := range s.Users {
		if s.Users[i].Assigned {
			n.Users++
		}
	}
	for i := range s.Groups {
		if s.Groups[i].Expectation != Allowed {
			n.Groups++
		}
	}
	return n
}

// Totals counts all records of a target. Ignored groups were left out before.
func (d *Directory) Totals() Totals {
	n := Totals{Users: len(d.Users), Groups: len(d.Groups), Memberships: d.Members.Total()}
	for i := range d.Groups {
		if d.Groups[i].MembersUnknown != "" && d.Coverage[PartMemberships].State != Unknown {
			n.Unknown++
		}
	}
	return n
}

// Balance is how the counts of one part add up: what each side has that the other has not, by why. Source less all of
// OnlySource and more all of OnlyTarget is Target.
type Balance struct {
	Part           Part
	Source, Target int
	// OnlySource and OnlyTarget are in a fixed order, none of them zero.
	OnlySource, OnlyTarget []Share
}

// Share is a number of records with the reason why only one side has them: a word or phrase behind the number.
type Share struct {
	N   int
	Why string
}

// Balances adds up users, groups and memberships, as far as both sides' are known in full. The reasons are those of the
// findings.
func (c *Comparison) Balances() []Balance {
	var out []Balance
	b := balancer{Comparison: c, source: map[recordAt]Kind{}, target: map[recordAt]Kind{}}
	b.index()
	for _, one := range []struct {
		part Part
		make func() Balance
	}{{PartUsers, b.users}, {PartGroups, b.groups}, {PartMemberships, b.members}} {
		if c.Source.Coverage[one.part].Complete() && c.Target.Coverage[one.part].Complete() {
			sum := one.make()
			sum.Part = one.part
			out = append(out, sum)
		}
	}
	return out
}

type recordAt struct {
	of SubjectType
	at int32
}

// balancer has the finding that says why a record is on one side only, by record.
type balancer struct {
	*Comparison

	source, target map[recordAt]Kind
}

func (b *balancer) index() {
	for _, pairs := range []struct {
		of   SubjectType
		kind Kind
		p    *Pairing
	}{{SubjectUser, UserDuplicate, &b.Users}, {SubjectGroup, GroupDuplicate, &b.Groups}} {
		for s := range pairs.p.lostSource { // the finding is on the pair that won
			b.source[recordAt{pairs.of, s}] = pairs.kind
		}
		for t := range pairs.p.lostTarget {
			b.target[recordAt{pairs.of, t}] = pairs.kind
		}
	}
	for i := range b.Findings {
		f := &b.Findings[i]
		switch f.Kind { //nolint:exhaustive // the others are about what both sides have
		case UserUnsynced, UserLingering, UserDuplicate, GroupMissing, GroupLingering, GroupUnclaimed, GroupDuplicate:
			if f.Source != None {
				b.source[recordAt{f.Subject.Type, f.Source}] = f.Kind
			}
			if f.Target != None {
				b.target[recordAt{f.Subject.Type, f.Target}] = f.Kind
			}
		}
	}
}

// why words the finding of a record that only one side has.
func why(kind Kind) string {
	switch kind { //nolint:exhaustive // see index
	case UserUnsynced, GroupMissing:
		return "missing"
	case UserLingering, GroupLingering:
		return "lingering"
	case GroupUnclaimed:
		return "unclaimed"
	case UserDuplicate, GroupDuplicate:
		return "duplicate"
	}
	return "not settled"
}

// tally counts by reason.
type tally map[string]int

func (t tally) shares() []Share {
	out := make([]Share, 0, len(t))
	for why, n := range t {
		out = append(out, Share{n, why})
	}
	slices.SortFunc(out, func(x, y Share) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Why, y.Why)) })
	return out
}

func balance(source, target int, onlySource, onlyTarget tally) Balance {
	return Balance{Source: source, Target: target, OnlySource: onlySource.shares(), OnlyTarget: onlyTarget.shares()}
}

func (b *balancer) users() Balance {
	source, target := tally{}, tally{}
	for i, t := range b.Users.ToTarget {
		u, at := &b.Source.Users[i], recordAt{SubjectUser, int32(i)}
		switch {
		case u.Assigned && t == None && b.source[at] == "" && !u.Active && u.Standing != "" && !u.RollOnly:
			source[u.Standing]++ // absent is as good as inactive
		case u.Assigned && t == None:
			source[why(b.source[at])]++
		case !u.Assigned && t != None:
			target[why(b.target[recordAt{SubjectUser, t}])]++
		}
	}
	for i, s := range b.Users.ToSource {
		if s == None {
			target[why(b.target[recordAt{SubjectUser, int32(i)}])]++
		}
	}
	return balance(b.Source.Totals().Users, len(b.Target.Users), source, target)
}

func (b *balancer) groups() Balance {
	source, target := tally{}, tally{}
	for i, t := range b.Groups.ToTarget {
		switch allowed := b.Source.Groups[i].Expectation == Allowed; {
		case !allowed && t == None:
			source[why(b.source[recordAt{SubjectGroup, int32(i)}])]++
		case allowed && t != None:
			target["allowed with nobody in it"]++
		}
	}
	for i, s := range b.Groups.ToSource {
		if s == None {
			target[why(b.target[recordAt{SubjectGroup, int32(i)}])]++
		}
	}
	return balance(b.Source.Totals().Groups, len(b.Target.Groups), source, target)
}

// members adds up memberships: one that both sides have joins a paired user and a paired group on either.
func (b *balancer) members() Balance {
	source, target := tally{}, tally{}
	for g, at := range b.Groups.ToTarget {
		for _, u := range b.Source.Members.Of(g) {
			switch t := b.Users.ToTarget[u]; {
			case at == None:
				source["in groups that are not there"]++
			case t == None:
				source["of users who are not there"]++
			case !b.Target.Members.has(at, t) && !b.Target.Users[t].Active:
				source["of users who are inactive there"]++
			case !b.Target.Members.has(at, t):
				source["missing"]++
			}
		}
	}
	for g, at := range b.Groups.ToSource {
		for _, u := range b.Target.Members.Of(g) {
			switch s := b.Users.ToSource[u]; {
			case at == None:
				target["in groups that OneLogin does not push"]++
			case s == None || !b.Source.Users[s].Assigned:
				target["of users whom OneLogin does not push"]++
			case !b.Source.Members.has(at, s) && !(b.Source.Users[s].Active && b.Target.Users[u].Active):
				target["of users who are not active"]++
			case !b.Source.Members.has(at, s):
				target["too many"]++
			}
		}
	}
	return balance(b.Source.Members.Total(), b.Target.Members.Total(), source, target)
}

// has reports whether a list holds an index; lists are ascending.
func (l Lists) has(list, index int32) bool {
	_, found := slices.BinarySearch(l.Of(int(list)), index)
	return found
}
