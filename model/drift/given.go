package drift

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
)

// WaysToGroup says why a source user is in a source group, both by index: every enabled rule that yields it and, by
// roles, every role. It is worked out when it is asked for, because a directory has millions of memberships.
func (c *Comparison) WaysToGroup(group, user int32) (ways []rules.Way) {
	src := &c.Source
	e := rules.NewEvaluation(src)
	name := model.Fold(src.Groups[group].Name)
	who := e.Provisions(user)
	if who == rules.Fails {
		return nil
	}
	if src.Origin == rules.FromRoles || src.Origin == rules.FromRolesInstead {
		for _, id := range src.Groups[group].RoleIDs {
			if role := e.Roles[id]; role != nil && e.MemberTest(role)(user) {
				ways = append(ways, rules.Way{Role: role, Certain: who == rules.Holds && src.Origin == rules.FromRoles})
			}
		}
	}
	for _, text := range src.App.GroupsParameter().Defaults {
		all, several := e.DefaultNames(text)
		if slices.ContainsFunc(all, func(n string) bool { return model.Fold(n) == name }) {
			ways = append(ways, rules.Way{ByDefault: true, Certain: !several && who == rules.Holds})
		}
	}
	if src.Book == nil {
		return ways
	}
	unproven := c.Unproven()
	for i := range src.Book.Rules {
		if rule := src.Book.Rules[i].Rule; rule.Enabled {
			for _, w := range e.WaysOfRule(rule, name, user, who) {
				w.Certain = w.Certain && !unproven[i]
				ways = append(ways, w)
			}
		}
	}
	return ways
}

// WhyGroupUnsettled says why nothing is said of a target group that no source group pairs with; "" if all is, or for
// None.
func (c *Comparison) WhyGroupUnsettled(target int32) string {
	switch {
	case target == model.None || c.Source.Book == nil:
		return ""
	case c.Groups.ToSource[target] != model.None:
	case c.Source.Origin == rules.FromNothing:
		return "the rules could not be read"
	case c.Source.Origin == rules.FromRules && c.Source.Book.Empty():
		return "no rule sets groups"
	}
	r, broad := c.Source.Book.PossibleYields.Matching(c.Target.Groups[target].Name)
	if r != nil && (!broad || c.Source.Origin == rules.FromRules) {
		return "the rule " + model.Visible(r.Subject().Name) + " cannot be evaluated, and may name it"
	}
	return ""
}

// RedundantWays is a group that two ways give at once: mending one of them changes nothing while the other stands.
type RedundantWays struct {
	// Take is the way to take away, Keep the one that gives the group to all of Take's. Covered: there is such a one.
	Take, Keep GroupWay
	Covered    bool
	// Both is how many users both give it to.
	Both int
	// Certain is false where one of the two cannot be evaluated in full.
	Certain bool
}

// GroupWay is one way in which users get a group, and how many do.
type GroupWay struct {
	// Rule is nil for the default value of the app's Groups parameter.
	Rule  *model.Rule
	Users int
}

// Called names the way, raw.
func (g GroupWay) Called() string {
	if g.Rule == nil {
		return "the default value of the Groups parameter"
	}
	return "the rule " + g.Rule.Subject().Name
}

// RedundantWaysTo are the pairs of ways to a group of that name. Of equal ones the later goes: the earlier is seen
// first.
func (c *Comparison) RedundantWaysTo(group string) (out []RedundantWays) {
	book := c.Source.Book
	if book == nil {
		return nil
	}
	unproven := c.Unproven()
	for _, o := range book.Overlaps {
		if !model.SameName(o.Group, group) {
			continue
		}
		t := RedundantWays{Covered: true, Both: o.Both, Certain: true}
		t.Take.Users, t.Keep.Users = o.Users, o.Others
		for rule, of := range map[int32]*GroupWay{o.Rule: &t.Take, o.Other: &t.Keep} {
			if rule != rules.ByDefault {
				of.Rule, t.Certain = book.Rules[rule].Rule, t.Certain && !unproven[rule]
			}
		}
		switch o.Both {
		case o.Users:
		case o.Others:
			t.Take, t.Keep = t.Keep, t.Take
		default:
			t.Covered = false
		}
		out = append(out, t)
	}
	return out
}

// GivenOnLogin names who likely has a group of that name on their own login, set by hand, which no API shows: those for
// whom a push of it was refused, as the log says, and to whom neither a rule nor a role gives it, nor gave it until
// later; with what OneLogin says of the login, if it was asked. Nobody is named where that was not read in full.
func (c *Comparison) GivenOnLogin(group string) (names []string) {
	if !c.Source.Coverage.Complete([]model.Part{
		model.PartUsers, model.PartGroups, model.PartMemberships, model.PartRules, model.PartEvents,
	}) {
		return nil
	}
	index := indexEvents(c.Source.Events, c.Source.App.ID)
	var members []int32
	var roles []string
	if s := slices.IndexFunc(c.Source.Groups, func(g model.Group) bool {
		return model.SameName(g.Name, group)
	}); s >= 0 {
		if c.Source.MembersUnknown(int32(s)) != "" || c.Source.Groups[s].MembersOpen != "" {
			return nil
		}
		members, roles = c.Source.Members.Of(s), c.Source.Groups[s].RoleIDs
	}
	byID := map[string]int32{}
	for i := range c.Source.Users {
		byID[c.Source.Users[i].ID] = int32(i)
	}
	for _, e := range index.staleIDFailures(group) {
		u, known := byID[e.UserID]
		if !known || !c.Source.Users[u].Assigned || !c.Source.Users[u].Active ||
			slices.Contains(members, u) {
			continue
		}
		if left := index.latestRemoval(roles, e.UserID); left != nil && !left.At.Before(e.At) {
			continue
		}
		name, login := c.Source.Users[u].Called(), c.Source.Logins[e.UserID]
		if state := cmp.Or(login.State, login.Status); state != "" {
			name += " (" + state + ")"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
