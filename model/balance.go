package model

import (
	"cmp"
	"slices"
)

// Totals are the counts of one side, wherever they are shown.
type Totals struct {
	Users, Groups, Memberships int
	// Unknown are groups whose members are not known: their memberships are not among the others.
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
		if unreadMembers(d.Groups[i].MembersUnknown, d.Coverage[PartMemberships]) != "" &&
			d.Coverage[PartMemberships].State != Skipped {
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

// Balances adds up users, groups and memberships, as far as both sides' are known in full. The reasons are the
// verdicts.
func (c *Comparison) Balances() []Balance {
	var out []Balance
	for _, one := range []struct {
		part Part
		make func() Balance
	}{{PartUsers, c.balanceUsers}, {PartGroups, c.balanceGroups}, {PartMemberships, c.balanceMembers}} {
		if c.Source.Coverage[one.part].Complete() && c.Target.Coverage[one.part].Complete() {
			sum := one.make()
			sum.Part = one.part
			out = append(out, sum)
		}
	}
	return out
}

// alone words the verdict on a record that counts on one side only.
func (v *Verdict) alone() string {
	switch {
	case v.Relation == OnlySource:
		return "missing"
	case v.Relation == OnlyTarget && v.Kind == GroupUnclaimed:
		return "unclaimed"
	case v.Relation == OnlyTarget:
		return "lingering"
	case v.Relation == Differs:
		return "duplicate" // it claims a record that another one has
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

func (c *Comparison) balanceUsers() Balance {
	source, target := tally{}, tally{}
	for i, t := range c.Users.ToTarget {
		u, v := &c.Source.Users[i], c.UserVerdict(int32(i), t)
		switch {
		case u.Assigned && t == None && v.Relation == Same: // absent is as good as inactive
			source[cmp.Or(u.Standing, "not active")]++
		case u.Assigned && t == None:
			source[v.alone()]++
		case !u.Assigned && t != None:
			target[v.alone()]++
		}
	}
	for i, s := range c.Users.ToSource {
		if v := c.UserVerdict(None, int32(i)); s == None {
			target[v.alone()]++
		}
	}
	return balance(c.Source.Totals().Users, len(c.Target.Users), source, target)
}

func (c *Comparison) balanceGroups() Balance {
	source, target := tally{}, tally{}
	for i, t := range c.Groups.ToTarget {
		switch allowed := c.Source.Groups[i].Expectation == Allowed; {
		case !allowed && t == None:
			v := c.GroupVerdict(int32(i), None)
			source[v.alone()]++
		case allowed && t != None:
			target["allowed with nobody in it"]++
		}
	}
	for i, s := range c.Groups.ToSource {
		if v := c.GroupVerdict(None, int32(i)); s == None {
			target[v.alone()]++
		}
	}
	return balance(c.Source.Totals().Groups, len(c.Target.Groups), source, target)
}

// balanceMembers adds up memberships: one that both sides have joins a paired user and a paired group on either.
func (c *Comparison) balanceMembers() Balance {
	source, target := tally{}, tally{}
	for g, at := range c.Groups.ToTarget {
		for _, u := range c.Source.Members.Of(g) {
			switch t := c.Users.ToTarget[u]; {
			case at != None && t != None && c.Target.Members.has(at, t): // on both sides
			case c.MembershipVerdict(int32(g), at, u, t, true, false).Relation == Unsettled:
				source["not settled"]++
			case at == None:
				source["in groups that are not there"]++
			case t == None:
				source["of users who are not there"]++
			case !c.Target.Users[t].Active:
				source["of users who are inactive there"]++
			default:
				source["missing"]++
			}
		}
	}
	for g, at := range c.Groups.ToSource {
		for _, u := range c.Target.Members.Of(g) {
			switch s := c.Users.ToSource[u]; {
			case at != None && s != None && c.Source.Members.has(at, s): // on both sides
			case c.MembershipVerdict(at, int32(g), s, u, false, true).Relation == Unsettled:
				target["not settled"]++
			case at == None:
				target["in groups that OneLogin does not push"]++
			case s == None || !c.Source.Users[s].Assigned:
				target["of users whom OneLogin does not push"]++
			case !c.Source.Users[s].Active || !c.Target.Users[u].Active:
				target["of users who are not active"]++
			default:
				target["too many"]++
			}
		}
	}
	return balance(c.Source.Members.Total(), c.Target.Members.Total(), source, target)
}

// has reports whether a list holds an index; lists are ascending.
func (l Lists) has(list, index int32) bool {
	_, found := slices.BinarySearch(l.Of(int(list)), index)
	return found
}
