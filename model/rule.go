package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
)

// The kinds of findings that come from reading the app's rules.
const (
	RuleRedundant    Kind = "rule-redundant"
	RuleOpaque       Kind = "rule-opaque"
	SetupNoGroupRule Kind = "setup-no-group-rule"
)

// The causes of these findings.
const (
	CauseUnreadableRule Cause = "unreadable-rule"
	CauseTwoRules       Cause = "two-rules"
	CauseRuleAndDefault Cause = "rule-and-default"
)

// The subjects of these findings.
const (
	SubjectRule       SubjectType = "rule"
	SubjectConnection SubjectType = "connection"
)

// OpenRules opens the app's Rules tab: OneLogin's rules are never written by us.
const OpenRules RepairName = "open-rules"

// Rule is an app rule ("entitlement mapping", https://developers.onelogin.com/api-docs/2/app-rules) with its JSON kept
// whole, because OneLogin adds keys.
type Rule struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
	// Position is the rule's place among the enabled ones, from 1; 0 if it has none, as a disabled rule.
	Position int `json:"position"`
	// Match is "all" or "any", of the conditions.
	Match      string      `json:"match"`
	Conditions []Condition `json:"conditions"`
	Actions    []Action    `json:"actions"`
	// Odd is why the JSON is no rule as documented; empty for those that are. Such a rule may give any group to anybody.
	Odd string          `json:"odd,omitempty"`
	Raw json.RawMessage `json:"raw,omitempty"`
}

// Condition is one condition of a rule, such as source "has_role", operator "ri" (role is in), value a role's id.
type Condition struct {
	Source   string `json:"source"`
	Operator string `json:"operator"`
	// Values holds one value in all rules that were seen so far.
	Values []string `json:"values"`
	// Odd: it has keys that are not documented, which may change what it means.
	Odd bool `json:"odd,omitempty"`
}

// Action is one action of a rule. Only set_groups is about groups.
type Action struct {
	// Name is such as "set_groups".
	Name string `json:"name"`
	// Values are group names or, with an expression, the fields whose values become groups.
	Values     []string `json:"values"`
	Expression string   `json:"expression,omitempty"`
	Macro      string   `json:"macro,omitempty"`
	Scriplet   string   `json:"scriplet,omitempty"` // "scriplet" is OneLogin's spelling
	// Odd: it has keys or values that are not documented.
	Odd bool `json:"odd,omitempty"`
}

const (
	setGroups = "set_groups"
	hasRole   = "has_role"
)

// GroupNames are the names that the rule's set_groups actions give as they stand.
func (r *Rule) GroupNames() (names []string) {
	for i := range r.Actions {
		if a := &r.Actions[i]; a.Name == setGroups && !a.forEach() {
			names = append(names, a.Values...)
		}
	}
	return names
}

// same reports whether another reading of the rule says the same, as far as it is understood.
func (r *Rule) same(other Rule) bool {
	return r.ID == other.ID && r.Enabled == other.Enabled && r.Match == other.Match && r.Odd == other.Odd &&
		slices.EqualFunc(r.Conditions, other.Conditions, func(a, b Condition) bool {
			return a.Source == b.Source && a.Operator == b.Operator && a.Odd == b.Odd &&
				slices.Equal(a.Values, b.Values)
		}) && slices.EqualFunc(r.Actions, other.Actions, func(a, b Action) bool {
		return a.Name == b.Name && a.Expression == b.Expression && a.Macro == b.Macro && a.Scriplet == b.Scriplet &&
			a.Odd == b.Odd &&
			slices.Equal(a.Values, b.Values)
	})
}

// SameRules reports whether two readings of an app's rules say the same to the letter, in whatever order.
func SameRules(a, b []Rule) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(r Rule) bool {
		return !slices.ContainsFunc(b, func(other Rule) bool { return r.same(other) && bytes.Equal(r.Raw, other.Raw) })
	})
}

// NamesFromAttributes reports whether a rule makes names of groups out of attributes of users, so that any user who changes
// may bring a name with them that nobody has seen. Names of roles are no such attributes.
func NamesFromAttributes(rules []Rule) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return slices.ContainsFunc(r.Actions, func(a Action) bool {
			return a.Name == setGroups && a.forEach() &&
				slices.ContainsFunc(a.Values, func(field string) bool { return !isRoleField(field) })
		})
	})
}

// setsGroups reports whether the rule can give groups at all.
func (r *Rule) setsGroups() bool {
	return r.Odd != "" || slices.ContainsFunc(r.Actions, func(a Action) bool { return a.Name == setGroups })
}

// forEach: the values name fields, each value of which becomes a group if the expression finds something in it.
func (a *Action) forEach() bool { return a.Expression != "" }

// isRoleField reports whether a for-each goes through the names of the user's roles. That OneLogin writes "role" there is
// not confirmed (reference: app rules), so both forms are taken.
func isRoleField(field string) bool {
	folded := Fold(field)
	return folded == "role" || folded == "roles"
}

// NeededFields are the user fields that group rules look at, folded and sorted, so that a reader keeps those and no others.
func NeededFields(rules []Rule) []string {
	var fields []string
	for i := range rules {
		if !rules[i].setsGroups() {
			continue
		}
		for _, c := range rules[i].Conditions {
			if Fold(c.Source) != hasRole {
				fields = append(fields, Fold(c.Source))
			}
		}
		for _, a := range rules[i].Actions {
			for _, field := range a.Values {
				if a.Name == setGroups && a.forEach() && !isRoleField(field) {
					fields = append(fields, Fold(field))
				}
			}
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// NeedsRole tells a reader whether a group rule depends on who is in that role, whether the role grants the app or not.
func NeedsRole(rules []Rule, id, name string) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return r.setsGroups() && (slices.ContainsFunc(r.Conditions, func(c Condition) bool {
			return Fold(c.Source) == hasRole && slices.Contains(c.Values, id)
		}) || slices.ContainsFunc(r.Actions, func(a Action) bool {
			if a.Name != setGroups || !a.forEach() || !slices.ContainsFunc(a.Values, isRoleField) {
				return false
			}
			pattern, err := regexp.Compile(a.Expression)
			return err == nil && pattern.MatchString(name)
		}))
	})
}

// inOrder gives the rules as OneLogin runs them: the enabled ones by position, then those that are disabled.
func inOrder(rules []Rule) []*Rule {
	sorted := make([]*Rule, 0, len(rules))
	for i := range rules {
		sorted = append(sorted, &rules[i])
	}
	rank := func(r *Rule) int {
		switch {
		case r.Enabled && r.Position > 0:
			return 0
		case r.Enabled:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(sorted, func(a, b *Rule) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Position, b.Position), compareIDs(a.ID, b.ID))
	})
	return sorted
}
