package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
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

// Rule is an app rule (https://developers.onelogin.com/api-docs/2/app-rules), with all its JSON: there are new keys.
type Rule struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
	// Position is the rule's place among the enabled ones, from 1; 0 if it has none, as a disabled rule.
	Position int `json:"position"`
	// Match is "all" or "any", of the conditions.
	Match      string          `json:"match"`
	Conditions []RuleCondition `json:"conditions"`
	Actions    []RuleAction    `json:"actions"`
	// Odd is why the JSON is no rule as documented, which may give any group to anybody; else empty.
	Odd string          `json:"odd,omitempty"`
	Raw json.RawMessage `json:"raw,omitempty"`
}

// RuleCondition is one condition of a rule, such as source "has_role", operator "ri" (role is in), value a role's id.
type RuleCondition struct {
	Source   string `json:"source"`
	Operator string `json:"operator"`
	// Values holds one value in all rules that were seen so far.
	Values []string `json:"values"`
	// Odd: it has keys that are not documented, which may change what it means.
	Odd bool `json:"odd,omitempty"`
}

// RuleAction is one action of a rule. Only set_groups is about groups.
type RuleAction struct {
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

// SetGroups is the action that makes groups, and HasRole the field of a condition on roles, by OneLogin's names.
const (
	SetGroups = "set_groups"
	HasRole   = "has_role"
)

// GroupNames are the names that the rule's set_groups actions give as they stand.
func (r *Rule) GroupNames() (names []string) {
	for i := range r.Actions {
		if a := &r.Actions[i]; a.Name == SetGroups && !a.ForEach() {
			names = append(names, a.Values...)
		}
	}
	return names
}

// Same reports whether another reading of the rule says the same, as far as it is understood.
func (r *Rule) Same(other Rule) bool {
	return r.ID == other.ID && r.Enabled == other.Enabled && r.Match == other.Match && r.Odd == other.Odd &&
		slices.EqualFunc(r.Conditions, other.Conditions, func(a, b RuleCondition) bool {
			return a.Source == b.Source && a.Operator == b.Operator && a.Odd == b.Odd &&
				slices.Equal(a.Values, b.Values)
		}) && slices.EqualFunc(r.Actions, other.Actions, func(a, b RuleAction) bool {
		return a.Name == b.Name && a.Expression == b.Expression && a.Macro == b.Macro && a.Scriplet == b.Scriplet &&
			a.Odd == b.Odd &&
			slices.Equal(a.Values, b.Values)
	})
}

// SameRules reports whether two readings of an app's rules say the same to the letter, in whatever order. One that was
// kept has its JSON without spaces and with other escapes.
func SameRules(a, b []Rule) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(r Rule) bool {
		return !slices.ContainsFunc(b, func(other Rule) bool { return r.Same(other) && sameValue(r.Raw, other.Raw) })
	})
}

// NamesFromAttributes reports whether a rule makes names of groups out of attributes of users, so that any user who
// changes may bring a name with them that nobody has seen. Names of roles are no such attributes.
func NamesFromAttributes(rules []Rule) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		return slices.ContainsFunc(r.Actions, func(a RuleAction) bool {
			return a.Name == SetGroups && a.ForEach() &&
				slices.ContainsFunc(a.Values, func(field string) bool { return !IsRoleField(field) })
		})
	})
}

// SetsGroups reports whether the rule can give groups at all.
func (r *Rule) SetsGroups() bool {
	return r.Odd != "" || slices.ContainsFunc(r.Actions, func(a RuleAction) bool { return a.Name == SetGroups })
}

// ForEach reports whether the values name fields, whose values become groups if the expression fits them.
func (a *RuleAction) ForEach() bool { return a.Expression != "" }

// IsRoleField reports whether a for-each goes through the names of the user's roles. That OneLogin writes "role"
// there is not confirmed (reference: app rules), so both forms are taken.
func IsRoleField(field string) bool {
	folded := Fold(field)
	return folded == "role" || folded == "roles"
}

// NeededFields are the user fields that group rules look at, folded and sorted: a reader keeps no others.
func NeededFields(rules []Rule) []string {
	var fields []string
	for i := range rules {
		if !rules[i].SetsGroups() {
			continue
		}
		for _, c := range rules[i].Conditions {
			if Fold(c.Source) != HasRole {
				fields = append(fields, Fold(c.Source))
			}
		}
		for _, a := range rules[i].Actions {
			for _, field := range a.Values {
				if a.Name == SetGroups && a.ForEach() && !IsRoleField(field) {
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
		return r.SetsGroups() && (slices.ContainsFunc(r.Conditions, func(c RuleCondition) bool {
			return Fold(c.Source) == HasRole && slices.Contains(c.Values, id)
		}) || slices.ContainsFunc(r.Actions, func(a RuleAction) bool {
			if a.Name != SetGroups || !a.ForEach() || !slices.ContainsFunc(a.Values, IsRoleField) {
				return false
			}
			pattern, err := regexp.Compile(a.Expression)
			return err == nil && pattern.MatchString(name)
		}))
	})
}

// InOrder gives the rules as OneLogin runs them: the enabled ones by position, then those that are disabled.
func InOrder(rules []Rule) []*Rule {
	sorted := Map(rules, func(r *Rule) *Rule { return r })
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
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Position, b.Position), CompareIDs(a.ID, b.ID))
	})
	return sorted
}

// Subject is what a finding about the rule is about.
func (r *Rule) Subject() Subject {
	return Subject{Type: SubjectRule, Name: cmp.Or(r.Name, "rule "+r.ID), SourceID: r.ID}
}

// JSON is the rule on one line, as far as it is JSON.
func (r *Rule) JSON() string {
	var b bytes.Buffer
	if json.Compact(&b, r.Raw) != nil {
		return string(r.Raw)
	}
	return b.String()
}

// Attributes are the values of a source user that rules ask for. They are kept behind a pointer and with shared names,
// because a directory has a hundred thousand users: ten fields take 216 bytes and the values themselves.
type Attributes struct {
	// Names are folded field names, shared by users. A field that is not among them was not read; "" is an empty one.
	Names []string `json:"names"`
	// Values has one for each name: several values of one field are joined by JoinValues.
	Values []string `json:"values"`
}

// valueSeparator parts the values of a multi-valued field; no field of OneLogin's holds a NUL.
const valueSeparator = "\x00"

// JoinValues makes one text of several values of a field.
func JoinValues(values []string) string { return strings.Join(values, valueSeparator) }

// Of gives the values of a field; read is false if it was not among what was read.
func (a *Attributes) Of(field string) (values []string, read bool) {
	if a == nil {
		return nil, false
	}
	at := slices.Index(a.Names, field)
	switch {
	case at < 0 || at >= len(a.Values):
		return nil, false
	case a.Values[at] == "":
		return nil, true
	case !strings.Contains(a.Values[at], valueSeparator):
		return a.Values[at : at+1 : at+1], true // without a copy: rules ask it of everybody
	}
	return strings.Split(a.Values[at], valueSeparator), true
}
