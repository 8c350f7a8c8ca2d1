package onelogin

import (
	"maps"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listRules serves GET /api/2/apps/{id}/rules: all rules in one answer, but only the enabled ones unless enabled=false,
// which gives only the disabled ones. https://developers.onelogin.com/api-docs/2/app-rules/list-rules
func (s *Server) listRules(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil {
		return notFound()
	}
	enabled := c.query.Get("enabled") != "false"
	kept := slices.DeleteFunc(slices.Clone(a.Rules), func(r world.Rule) bool { return r.Enabled != enabled })
	slices.SortStableFunc(kept, func(a, b world.Rule) int { return a.Position - b.Position })
	rows := []map[string]any{}
	for i := range kept {
		rows = append(rows, ruleObject(&kept[i]))
	}
	return respond(http.StatusOK, rows)
}

// ruleObject shows a rule with its unknown keys; a disabled one has no position.
func ruleObject(r *world.Rule) map[string]any {
	actions := []world.Action{}
	for _, a := range r.Actions {
		if a.Value == nil {
			a.Value = []string{}
		}
		actions = append(actions, a)
	}
	row := map[string]any{
		"id": r.ID, "name": r.Name, "match": r.Match, "enabled": r.Enabled, "position": nil,
		"conditions": append([]world.Condition{}, r.Conditions...), "actions": actions,
	}
	if r.Enabled {
		row["position"] = r.Position
	}
	for name, raw := range r.Extra {
		row[name] = raw
	}
	return row
}

// listGroupValues serves the values of set_groups: here the entitlement cache. That the real service does so is not
// confirmed.
func (s *Server) listGroupValues(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil {
		return notFound()
	}
	list := []map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(a.Entitlements)) {
		list = append(list, map[string]string{"name": name, "value": name})
	}
	return respond(http.StatusOK, list)
}
