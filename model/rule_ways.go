package model

import "slices"

// Way is one reason why a user is in a source group.
type Way struct {
	// Rule is the app rule that yields it; nil where the configuration takes groups from roles, or ByDefault.
	Rule *Rule
	// Role is the role of the user's whose name becomes the group; nil for other ways.
	Role *Role
	// ByDefault: the app's Groups parameter gives the group to everybody.
	ByDefault bool
	// Certain is false where the rule cannot be evaluated in full, or has a shape that is not confirmed and that the target does not bear out.
	Certain bool
}

// Ways says why a source user is in a source group, both by index: every enabled rule that yields it and, by roles, every
// role. It is worked out when it is asked for, because a directory has millions of memberships.
func (c *Comparison) Ways(group, user int32) (ways []Way) {
	src := &c.Source
	e := newEvaluation(src)
	name := Fold(src.Groups[group].Name)
	who := e.people(user)
	if who == fails {
		return nil
	}
	if src.Origin == FromRoles || src.Origin == FromRolesInstead {
		for _, id := range src.Groups[group].RoleIDs {
			if role := e.roles[id]; role != nil && e.member(role)(user) {
				ways = append(ways, Way{Role: role, Certain: who == holds && src.Origin == FromRoles})
			}
		}
	}
	defaults, _ := src.App.parameterGroups()
	if slices.ContainsFunc(defaults, func(d string) bool { return Fold(d) == name }) {
		ways = append(ways, Way{ByDefault: true, Certain: who == holds})
	}
	if src.book == nil {
		return ways
	}
	unproven := c.unproven()
	for i := range src.book.rules {
		if rule := src.book.rules[i].Rule; rule.Enabled {
			for _, w := range e.waysBy(rule, name, user, who) {
				w.Certain = w.Certain && !unproven[i]
				ways = append(ways, w)
			}
		}
	}
	return ways
}

// waysBy are the ways in which one rule gives one user the group of a folded name.
func (e *evaluation) waysBy(rule *Rule, name string, user int32, who verdict) (ways []Way) {
	applies, _ := e.conditions(rule)
	who = min(who, applies(user))
	if who == fails {
		return nil
	}
	for i := range rule.Actions {
		if rule.Actions[i].Name != setGroups {
			continue
		}
		y, _ := e.yieldOf(&rule.Actions[i])
		if slices.ContainsFunc(y.names, func(n string) bool { return Fold(n) == name }) {
			ways = append(ways, Way{Rule: rule, Certain: who == holds})
		}
		for _, field := range y.fields {
			if isRoleField(field) {
				ways = append(ways, e.waysByRole(rule, &y, name, user, who)...)
			} else if certain, found := e.valueYields(&y, Fold(field), name, user); found {
				ways = append(ways, Way{Rule: rule, Certain: certain && who == holds})
			}
		}
	}
	return ways
}

func (e *evaluation) waysByRole(rule *Rule, y *yield, name string, user int32, who verdict) (ways []Way) {
	for i := range e.src.Roles {
		role := &e.src.Roles[i]
		if made, ok := y.nameOf(role.Name); ok && Fold(made) == name && e.member(role)(user) {
			ways = append(ways, Way{Rule: rule, Role: role, Certain: who == holds})
		}
	}
	return ways
}

func (e *evaluation) valueYields(y *yield, field, name string, user int32) (certain, found bool) {
	values, _ := e.src.Users[user].Attributes.of(field)
	for _, value := range values {
		all, several := parts(value)
		for _, part := range all {
			if made, ok := y.nameOf(part); ok && Fold(made) == name {
				certain, found = certain || !several, true
			}
		}
	}
	return certain, found
}

// groupDoubt says why the rules do not bear out what was said of a group.
func (c *Comparison) groupDoubt(f *Finding) string {
	if f.Target != None {
		if why := c.GroupDoubt(f.Target); why != "" {
			return why
		}
	}
	return "the rules do not tell whether OneLogin yields it"
}

// GroupDoubt says why nothing is said of a target group that no source group pairs with; empty if all is said.
func (c *Comparison) GroupDoubt(target int32) string {
	switch {
	case c.Source.book == nil || c.Groups.ToSource[target] != None:
	case c.Source.Origin == FromNothing:
		return "the rules could not be read"
	case c.Source.Origin == FromRules && c.Source.book.empty():
		return "no rule sets groups"
	}
	r, broad := c.Source.book.doubts.reach(c.Target.Groups[target].Name)
	if r != nil && (!broad || c.Source.Origin == FromRules) {
		return "the rule " + Visible(r.subject().Name) + " cannot be evaluated, and may name it"
	}
	return ""
}
