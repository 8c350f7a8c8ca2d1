package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Balance is how the counts of one part add up: Source less all of OnlySource and more all of OnlyTarget is Target.
type Balance struct {
	Part           model.Part
	Source, Target int
	// OnlySource and OnlyTarget are in a fixed order, none of them zero.
	OnlySource, OnlyTarget []Share
}

// Share is a number of records with the reason why only one side has them: a word or phrase behind the number.
type Share struct {
	N   int
	Why string
}

// Balances adds up users, groups and memberships, where both sides' are known in full, by the verdicts.
func (c *Comparison) Balances() []Balance {
	var out []Balance
	for part, add := range [...]func(source, target tally){c.tallyUsers, c.tallyGroups, c.tallyMembers} {
		p := model.Part(part)
		if !c.Source.Coverage[p].Complete() || !c.Target.Coverage[p].Complete() {
			continue
		}
		source, target := tally{}, tally{}
		add(source, target)
		s, t := c.Source.Totals(), &c.Target
		out = append(out, Balance{
			Part: p, Source: [...]int{s.Users, s.Groups, s.Memberships}[p],
			Target:     [...]int{len(t.Users), len(t.Groups), t.Members.Total()}[p],
			OnlySource: source.shares(), OnlyTarget: target.shares(),
		})
	}
	return out
}

// oneSidedLabel words the verdict on a record that counts on one side only.
func (v *Verdict) oneSidedLabel() string {
	switch {
	case v.Relation == model.OnlySource:
		return "missing"
	case v.Relation == model.OnlyTarget && v.Kind == model.GroupUnclaimed:
		return "unclaimed"
	case v.Relation == model.OnlyTarget:
		return "lingering"
	case v.Relation == model.Differs:
		return "duplicate" // it claims a record that another one has
	}
	return "not settled"
}

type tally map[string]int

func (t tally) shares() []Share {
	out := make([]Share, 0, len(t))
	for why, n := range t {
		out = append(out, Share{n, why})
	}
	slices.SortFunc(out, func(x, y Share) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Why, y.Why)) })
	return out
}

func (c *Comparison) tallyUsers(source, target tally) {
	for i, t := range c.Users.ToTarget {
		u, v := &c.Source.Users[i], c.UserVerdict(int32(i), t)
		switch {
		case u.Assigned && t == model.None && v.Relation == model.Same: // absent is as good as inactive
			source[cmp.Or(u.Standing, "not active")]++
		case u.Assigned && t == model.None:
			source[v.oneSidedLabel()]++
		case !u.Assigned && t != model.None:
			target[v.oneSidedLabel()]++
		}
	}
	for i, s := range c.Users.ToSource {
		if v := c.UserVerdict(model.None, int32(i)); s == model.None {
			target[v.oneSidedLabel()]++
		}
	}
}

func (c *Comparison) tallyGroups(source, target tally) {
	for i, t := range c.Groups.ToTarget {
		v, allowed := c.GroupVerdict(int32(i), t), c.Source.Groups[i].Expectation == model.Allowed
		switch {
		case !allowed && t == model.None:
			source[v.oneSidedLabel()]++
		case allowed && t != model.None:
			target["allowed with nobody in it"]++
		}
	}
	for i, s := range c.Groups.ToSource {
		if v := c.GroupVerdict(model.None, int32(i)); s == model.None {
			target[v.oneSidedLabel()]++
		}
	}
}

// tallyMembers adds up memberships: one that both sides have joins a paired user and a paired group on either.
func (c *Comparison) tallyMembers(source, target tally) {
	for g, at := range c.Groups.ToTarget {
		for _, u := range c.Source.Members.Of(g) {
			switch t := c.Users.ToTarget[u]; {
			case at != model.None && t != model.None && c.Target.Members.Has(at, t): // on both sides
			case c.MembershipVerdict(int32(g), at, u, t, true, false).Relation == model.Unsettled:
				source["not settled"]++
			case at == model.None:
				source["in groups that are not there"]++
			case t == model.None:
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
			case at != model.None && s != model.None && c.Source.Members.Has(at, s): // on both sides
			case c.MembershipVerdict(at, int32(g), s, u, false, true).Relation == model.Unsettled:
				target["not settled"]++
			case at == model.None:
				target["in groups that OneLogin does not push"]++
			case s == model.None || !c.Source.Users[s].Assigned:
				target["of users whom OneLogin does not push"]++
			case !c.Source.Users[s].Active || !c.Target.Users[u].Active:
				target["of users who are not active"]++
			default:
				target["too many"]++
			}
		}
	}
}

// Sizes are those of each side's parts that were read completely, by the part's name: at the source the users of the
// app, the roles, and the users of these. Rules and events may be empty at any time and have none.
func (c *Comparison) Sizes() (source, target map[string]int) {
	held := 0
	for i := range c.Source.Roles {
		held += len(c.Source.Roles[i].Users.IDs)
	}
	sizes := func(coverages model.Coverages, counts ...int) map[string]int {
		out := map[string]int{}
		for part, n := range counts { // users, groups, memberships
			if coverages[part].Complete() {
				out[model.Part(part).String()] = n
			}
		}
		return out
	}
	t := &c.Target
	return sizes(c.Source.Coverage, c.Source.Totals().Users, len(c.Source.Roles), held),
		sizes(t.Coverage, len(t.Users), len(t.Groups), t.Members.Total())
}
