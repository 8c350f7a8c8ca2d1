package onelogin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// ruleBook is one list of rules: those of an app, or the tenant's user mappings, where app is nil.
type ruleBook struct {
	rules *[]world.Rule
	app   *world.App
}

// checkRule reads a rule from a body in which every field must be, and tells every mistake at once.
func (s *Server) checkRule(book ruleBook, body map[string]json.RawMessage, old *world.Rule) (world.Rule, []fieldError) {
	errs := []fieldError{}
	complain := func(field, format string, args ...any) {
		errs = append(errs, fieldError{field, []string{fmt.Sprintf(format, args...)}})
	}
	rule := world.Rule{}
	for _, f := range []struct {
		name string
		to   any
	}{{"name", &rule.Name}, {"match", &rule.Match}, {"enabled", &rule.Enabled}, {"conditions", &rule.Conditions}, {"actions", &rule.Actions}} {
		raw, given := body[f.name]
		switch {
		case !given || string(raw) == "null":
			complain(f.name, "Required field is missing")
		case json.Unmarshal(raw, f.to) != nil:
			complain(f.name, "Invalid field value")
		}
	}
	checkPosition(&rule, body, old, complain)
	if rule.Match != "all" && rule.Match != "any" && body["match"] != nil {
		complain("match", "Invalid match value: %s", rule.Match)
	}
	keepExtra(&rule, body, old, complain)
	for i, c := range rule.Conditions {
		s.checkCondition(fmt.Sprintf("conditions.[%d].", i), c, complain)
	}
	for i, a := range rule.Actions {
		s.checkAction(book, fmt.Sprintf("actions.[%d].", i), a, complain)
	}
	slices.SortFunc(errs, func(a, b fieldError) int { return strings.Compare(a.Field, b.Field) })
	return rule, errs
}

// complaint notes what is wrong with a field.
type complaint func(field, format string, args ...any)

func checkPosition(rule *world.Rule, body map[string]json.RawMessage, old *world.Rule, complain complaint) {
	position, given := body["position"]
	switch {
	case !given && old != nil:
		complain("position", "Required field is missing")
	case given && json.Unmarshal(position, &rule.Position) != nil:
		complain("position", "Invalid field value")
	case !rule.Enabled && rule.Position != 0:
		complain("position", "Invalid position: a disabled rule has none") // terraform-provider-onelogin#220
	}
}

// keepExtra lets a client send back the unknown keys that a rule has, and no others.
func keepExtra(rule *world.Rule, body map[string]json.RawMessage, old *world.Rule, complain complaint) {
	for name, raw := range body {
		switch name {
		case "name", "match", "enabled", "position", "conditions", "actions", "app_id": // OneLogin's Go client sends app_id
			continue
		}
		if old == nil || old.Extra[name] == nil {
			complain(name, "Field is not allowed")
			continue
		}
		if rule.Extra == nil {
			rule.Extra = map[string]json.RawMessage{}
		}
		rule.Extra[name] = raw
	}
}

func (s *Server) checkCondition(at string, c world.Condition, complain complaint) {
	if !has(conditionSources(s.w.Source.CustomAttributes), c.Source) {
		complain(at+"source", "Invalid condition source: %s", c.Source)
		return
	}
	if !has(operatorsOf(c.Source), c.Operator) {
		complain(at+"operator", "Invalid condition operator: %s", c.Operator)
	}
	if c.Source == "has_role" && s.w.Source.Roles[number(c.Value)] == nil {
		complain(at+"value", "Invalid condition value: %s", c.Value)
	}
}

func (s *Server) checkAction(book ruleBook, at string, a world.Action, complain complaint) {
	if !has(actionsOf(book), a.Action) {
		complain(at+"action", "Invalid action: %s", a.Action)
		return
	}
	wrong := []string{}
	for _, v := range a.Value {
		switch {
		case a.Action == "set_groups" && a.Expression == "" && book.app.Entitlements[v] == "",
			a.Action == "add_role" && s.w.Source.Roles[number(v)] == nil:
			wrong = append(wrong, v)
		}
	}
	if a.Action == "add_role" && len(a.Value) != 1 { // exactly one: terraform-provider-onelogin#62
		wrong = a.Value
	}
	if len(wrong) > 0 || (a.Action == "add_role" && len(a.Value) == 0) {
		complain(at+"value", "Invalid action value(s): %s", strings.Join(wrong, ", "))
	}
}

// place puts a rule at its position, moves the others aside and numbers the enabled ones from 1 without gaps; without a
// position it becomes the last.
func (b ruleBook) place(rule world.Rule) {
	all := slices.DeleteFunc(slices.Clone(*b.rules), func(r world.Rule) bool { return r.ID == rule.ID })
	slices.SortStableFunc(all, func(x, y world.Rule) int { return x.Position - y.Position })
	at := len(all)
	if rule.Enabled && rule.Position > 0 {
		for i := range all {
			if all[i].Enabled && all[i].Position >= rule.Position {
				at = i
				break
			}
		}
	}
	*b.rules = slices.Insert(all, at, rule)
	b.number()
}

func (b ruleBook) number() {
	n := 0
	for i := range *b.rules {
		r := &(*b.rules)[i]
		r.Position = 0
		if r.Enabled {
			n++
			r.Position = n
		}
	}
}

// order sorts the rules as an array of ids says, which must name all of them, or all that have a position.
func (b ruleBook) order(list []int64) bool {
	rank := map[int64]int{}
	for i, id := range list {
		rank[id] = i + 1
	}
	enabled := 0
	for i := range *b.rules {
		if r := &(*b.rules)[i]; r.Enabled {
			enabled++
			if rank[r.ID] == 0 {
				return false
			}
		}
	}
	if len(rank) != len(list) || (len(list) != enabled && len(list) != len(*b.rules)) {
		return false
	}
	slices.SortStableFunc(*b.rules, func(x, y world.Rule) int { return rank[x.ID] - rank[y.ID] })
	b.number()
	return true
}

func (b ruleBook) ids() []int64 {
	list := []int64{}
	for i := range *b.rules {
		list = append(list, (*b.rules)[i].ID)
	}
	return list
}

func has(options []option, value string) bool {
	return slices.ContainsFunc(options, func(o option) bool { return o.Value == value })
}

func decimal(id int64) string { return strconv.FormatInt(id, 10) }
