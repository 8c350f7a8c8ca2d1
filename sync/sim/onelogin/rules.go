package onelogin

import (
	"maps"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// appRules finds an app's rules for a handler.
func (s *Server) appRules(h func(*call, *world.App) answer) handler {
	return func(c *call) answer {
		a := s.w.Source.Apps[number(c.path("id"))]
		if a == nil {
			return notFound()
		}
		return h(c, a)
	}
}

// listRules serves GET /api/2/apps/{id}/rules, listMappings the tenant's user mappings.
func listRules(c *call, a *world.App) answer { return ruleRows(c, a.Rules) }

func (s *Server) listMappings(c *call) answer { return ruleRows(c, s.w.Source.Mappings) }

// ruleRows is all rules in one answer, but only the enabled ones unless enabled=false, which gives only the disabled
// ones. https://developers.onelogin.com/api-docs/2/app-rules/list-rules
func ruleRows(c *call, all []world.Rule) answer {
	enabled := c.query.Get("enabled") != "false"
	kept := slices.DeleteFunc(slices.Clone(all), func(r world.Rule) bool { return r.Enabled != enabled })
	slices.SortStableFunc(kept, func(a, b world.Rule) int { return a.Position - b.Position })
	rows := []map[string]any{}
	for i := range kept {
		rows = append(rows, ruleObject(&kept[i]))
	}
	return respond(http.StatusOK, rows)
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
	actions := []world.Action{}
	for _, a := range r.Actions {
		if a.Value == nil {
			a.Value = []string{}
		}
		actions = append(actions, a)
	}
	row["conditions"], row["actions"] = append([]world.Condition{}, r.Conditions...), actions
	return row
}

func getRule(c *call, a *world.App) answer {
	if i := ruleIndex(c, a); i >= 0 {
		return respond(http.StatusOK, ruleObject(&a.Rules[i]))
	}
	return notFound()
}

// deleteRule takes a rule away and numbers the enabled ones anew; what the rule did to users stays.
func deleteRule(c *call, a *world.App) answer {
	i := ruleIndex(c, a)
	if i < 0 {
		return notFound()
	}
	a.Rules = slices.Delete(a.Rules, i, i+1)
	n := 0
	for j := range a.Rules {
		if r := &a.Rules[j]; r.Enabled {
			n++
			r.Position = n
		}
	}
	return nothing()
}

func ruleIndex(c *call, a *world.App) int {
	id := number(c.path("rule"))
	return slices.IndexFunc(a.Rules, func(r world.Rule) bool { return r.ID == id })
}

// listGroupValues serves the values of set_groups: here the entitlement cache. That the real service does so is not
// confirmed.
func listGroupValues(_ *call, a *world.App) answer {
	list := []map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(a.Entitlements)) {
		list = append(list, map[string]string{"name": name, "value": name})
	}
	return respond(http.StatusOK, list)
}
