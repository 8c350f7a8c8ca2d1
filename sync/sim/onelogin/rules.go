package onelogin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listRules serves GET /api/2/apps/{id}/rules and GET /api/2/mappings: all in one answer, but only the enabled ones
// unless enabled=false, which gives only the disabled ones.
// https://developers.onelogin.com/api-docs/2/app-rules/list-rules
func (s *Server) listRules(c *call, book ruleBook) answer {
	return respond(http.StatusOK, ruleRows(c, *book.rules))
}

// ruleRows filters and orders rules or user mappings, which share their shape and filters.
func ruleRows(c *call, all []world.Rule) []map[string]any {
	enabled := c.query.Get("enabled") != "false"
	kept := []*world.Rule{}
	for i := range all {
		r := &all[i]
		if r.Enabled == enabled && hasCondition(r, c.query.Get("has_condition")) && hasAction(r, c.query.Get("has_action")) {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b *world.Rule) int { return a.Position - b.Position })
	rows := []map[string]any{}
	for _, r := range kept {
		rows = append(rows, ruleObject(r))
	}
	return rows
}

// hasCondition tests a filter "source:value"; the value may be "*" or missing.
func hasCondition(r *world.Rule, filter string) bool {
	if filter == "" {
		return true
	}
	name, value, _ := strings.Cut(filter, ":")
	return slices.ContainsFunc(r.Conditions, func(c world.Condition) bool {
		return c.Source == name && (value == "" || like(value, c.Value))
	})
}

func hasAction(r *world.Rule, filter string) bool {
	if filter == "" {
		return true
	}
	name, value, _ := strings.Cut(filter, ":")
	return slices.ContainsFunc(r.Actions, func(a world.Action) bool {
		return a.Action == name && (value == "" || slices.ContainsFunc(a.Value, func(v string) bool { return like(value, v) }))
	})
}

// ruleObject shows a rule with its unknown keys; a disabled one has no position.
func ruleObject(r *world.Rule) map[string]any {
	row := map[string]any{}
	for name, raw := range r.Extra {
		row[name] = rawOrNull(raw)
	}
	row["id"], row["name"], row["match"], row["enabled"] = r.ID, r.Name, r.Match, r.Enabled
	row["position"] = nil
	if r.Enabled {
		row["position"] = r.Position
	}
	conditions, actions := r.Conditions, []world.Action{}
	if conditions == nil {
		conditions = []world.Condition{}
	}
	for _, a := range r.Actions {
		if a.Value == nil {
			a.Value = []string{}
		}
		actions = append(actions, a)
	}
	row["conditions"], row["actions"] = conditions, actions
	return row
}

// getRule serves one rule or user mapping.
func (s *Server) getRule(c *call, book ruleBook) answer {
	if i := ruleIndex(*book.rules, c.path("rule")); i >= 0 {
		return respond(http.StatusOK, ruleObject(&(*book.rules)[i]))
	}
	return notFound()
}

func ruleIndex(all []world.Rule, id string) int {
	n := number(id)
	return slices.IndexFunc(all, func(r world.Rule) bool { return r.ID == n })
}

// decodeObject reads a body that must be a JSON object, keeping each value's bytes.
func decodeObject(body []byte) (map[string]json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		return nil, false
	}
	return object, true
}
