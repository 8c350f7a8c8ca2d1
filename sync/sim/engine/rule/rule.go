// Package rule evaluates OneLogin's app rules and user mappings as far as they are known: conditions on roles and user
// fields, and the two shapes of set_groups.
package rule

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Matches tells whether a rule's conditions hold for a user: all or any of them, as the rule says. A rule without
// conditions holds for everybody. A condition whose source or operator is not known does not hold.
func Matches(src *world.Source, r *world.Rule, u *world.User) bool {
	if len(r.Conditions) == 0 {
		return true
	}
	test := func(c world.Condition) bool { return conditionHolds(src, c, u) }
	if r.Match == "any" {
		return slices.ContainsFunc(r.Conditions, test)
	}
	return !slices.ContainsFunc(r.Conditions, func(c world.Condition) bool { return !test(c) })
}

func conditionHolds(src *world.Source, c world.Condition, u *world.User) bool {
	if c.Source == "has_role" {
		id, err := strconv.ParseInt(c.Value, 10, 64)
		if err != nil {
			return false
		}
		role := src.Roles[id]
		inside := role != nil && role.Users[u.ID]
		switch c.Operator {
		case "ri", "=":
			return inside
		case "rin", "!=":
			return !inside
		}
		return false
	}
	have, known := Field(u, c.Source)
	if !known {
		return false
	}
	return compare(strings.ToLower(have), c.Operator, strings.ToLower(c.Value))
}

func compare(have, operator, want string) bool {
	switch operator {
	case "=":
		return have == want
	case "!=":
		return have != want
	case "~":
		return strings.Contains(have, want)
	case "!~":
		return !strings.Contains(have, want)
	case "bw":
		return strings.HasPrefix(have, want)
	case "ew":
		return strings.HasSuffix(have, want)
	case "<", ">":
		return compareOrdered(have, operator, want)
	}
	return false
}

// compareOrdered compares as numbers where both sides are numbers, else as text.
func compareOrdered(have, operator, want string) bool {
	a, errA := strconv.ParseFloat(have, 64)
	b, errB := strconv.ParseFloat(want, 64)
	less, more := have < want, have > want
	if errA == nil && errB == nil {
		less, more = a < b, a > b
	}
	if operator == "<" {
		return less
	}
	return more
}

var fields = map[string]func(*world.User) string{
	"email":       func(u *world.User) string { return u.Email },
	"username":    func(u *world.User) string { return u.Username },
	"firstname":   func(u *world.User) string { return u.FirstName },
	"lastname":    func(u *world.User) string { return u.LastName },
	"title":       func(u *world.User) string { return u.Title },
	"department":  func(u *world.User) string { return u.Department },
	"company":     func(u *world.User) string { return u.Company },
	"phone":       func(u *world.User) string { return u.Phone },
	"external_id": func(u *world.User) string { return u.ExternalID },
	"status":      func(u *world.User) string { return strconv.Itoa(u.Status) },
	"state":       func(u *world.User) string { return strconv.Itoa(u.State) },
	"group_id":    func(u *world.User) string { return strconv.FormatInt(u.GroupID, 10) },
}

// Field gives a user's value by the name that rules and parameters use for it, and whether the name is known. A custom
// attribute is custom_attribute_ and its short name.
func Field(u *world.User, name string) (string, bool) {
	if custom, ok := strings.CutPrefix(name, "custom_attribute_"); ok {
		return u.Custom[custom], true
	}
	if field := fields[name]; field != nil {
		return field(u), true
	}
	return "", false
}

// outerSpace are the spaces around a name, without which groups are pushed. What OneLogin does with them is documented
// nowhere: here it does what those who compare names take for granted, that a role whose name ends with a space and
// the group without it are one.
const outerSpace = " \t\n\v\f\r"

// Groups gives the groups that an app's enabled rules yield for a user, without outer spaces, sorted and each once.
func Groups(src *world.Source, a *world.App, u *world.User) []string {
	set := map[string]bool{}
	for i := range a.Rules {
		r := &a.Rules[i]
		if !r.Enabled || !Matches(src, r, u) {
			continue
		}
		for _, action := range r.Actions {
			if action.Action != "set_groups" {
				continue
			}
			for _, name := range groupsOfAction(src, action, u) {
				set[strings.Trim(name, outerSpace)] = true
			}
		}
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// GroupsParameter finds the parameter that carries groups. Its key is not documented for the AWS app, so the label
// counts too.
func GroupsParameter(a *world.App) *world.Parameter {
	for i := range a.Parameters {
		p := &a.Parameters[i]
		if strings.Contains(strings.ToLower(p.Key), "group") || strings.EqualFold(p.Label, "groups") {
			return p
		}
	}
	return nil
}

// groupsOfAction evaluates one set_groups action: its literal values, or, with an expression, each value of the field
// that it names and that matches. A capture in the expression is the group's name, else the whole value is; an
// expression that is none yields nothing.
func groupsOfAction(src *world.Source, a world.Action, u *world.User) (found []string) {
	if a.Expression == "" {
		return a.Value
	}
	pattern, err := regexp.Compile(a.Expression)
	if err != nil {
		return nil
	}
	for _, field := range a.Value {
		for _, value := range loopValues(src, u, field) {
			m := pattern.FindStringSubmatch(value)
			switch {
			case m == nil:
			case len(m) > 1:
				found = append(found, m[1])
			default:
				found = append(found, value)
			}
		}
	}
	return found
}

// loopValues gives the values that a "for each" goes through: the names of the user's roles, or one field.
func loopValues(src *world.Source, u *world.User, field string) []string {
	if field == "role" || field == "roles" {
		values := []string{}
		for _, id := range src.RolesOf(u.ID) {
			values = append(values, src.Roles[id].Name)
		}
		return values
	}
	if value, known := Field(u, field); known && value != "" {
		return []string{value}
	}
	return nil
}
