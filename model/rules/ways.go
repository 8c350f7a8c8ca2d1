package rules

import (
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// Way is one reason why a user is in a source group.
type Way struct {
	// Rule is the app rule that yields it; nil where the configuration takes groups from roles, or ByDefault.
	Rule *model.Rule
	// Role is the role of the user's whose name becomes the group; nil for other ways.
	Role *model.Role
	// ByDefault: the app's Groups parameter gives the group to everybody.
	ByDefault bool
	// Certain is false where the rule cannot be evaluated in full, or its shape is confirmed by nothing.
	Certain bool
}

// WaysOfRule are the ways in which one rule gives one user the group of a folded name.
func (e *evaluation) WaysOfRule(rule *model.Rule, name string, user int32, who verdict) (ways []Way) {
	applies, _ := e.allConditionsTest(rule)
	who = min(who, applies(user))
	if who == Fails {
		return nil
	}
	for i := range rule.Actions {
		if rule.Actions[i].Name != model.SetGroups {
			continue
		}
		y, _ := e.actionYield(&rule.Actions[i])
		named := func(n string) bool { return model.Fold(n) == name }
		if certain := slices.ContainsFunc(y.names, named); certain || slices.ContainsFunc(y.possibleNames, named) {
			ways = append(ways, Way{Rule: rule, Certain: certain && who == Holds})
		}
		for _, field := range y.fields {
			if model.IsRoleField(field) {
				ways = append(ways, e.waysByRole(rule, &y, name, user, who)...)
			} else if certain, found := e.valueYields(&y, model.Fold(field), name, user); found {
				ways = append(ways, Way{Rule: rule, Certain: certain && who == Holds})
			}
		}
	}
	return ways
}

func (e *evaluation) waysByRole(rule *model.Rule, y *yield, name string, user int32, who verdict) (ways []Way) {
	for i := range e.src.Roles {
		role := &e.src.Roles[i]
		if made, fits := y.groupName(role.Name); fits != Fails && model.Fold(made) == name && e.MemberTest(role)(user) {
			ways = append(ways, Way{Rule: rule, Role: role, Certain: min(who, fits) == Holds})
		}
	}
	return ways
}

func (e *evaluation) valueYields(y *yield, field, name string, user int32) (certain, found bool) {
	values, _ := e.src.Users[user].Attributes.Of(field)
	for _, value := range values {
		all, several := splitNames(value, valueSeparators)
		for _, part := range all {
			if made, fits := y.groupName(part); fits != Fails && model.Fold(made) == name {
				certain, found = certain || fits == Holds && !several, true
			}
		}
	}
	return certain, found
}
