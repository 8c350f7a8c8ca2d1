package onelogin

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listApps serves GET /api/2/apps with slim items. https://developers.onelogin.com/api-docs/2/apps/list-apps
func (s *Server) listApps(c *call) answer {
	src := &s.w.Source
	return list(s, c, "apps", src.Apps, func(q url.Values) []int64 {
		named := valueFilter(q.Get("name"))
		return idsWhere(src.Apps, func(a *world.App) bool { return named(a.Name) })
	}, slimApp)
}

func slimApp(a *world.App) map[string]any {
	return map[string]any{
		"id": a.ID, "connector_id": a.ConnectorID, "auth_method": 2, "name": a.Name, "description": nil, "notes": nil,
		"tab_id": nil, "visible": !a.Hidden, "created_at": stampOrNull(a.CreatedAt),
		"updated_at": stampOrNull(a.UpdatedAt),
	}
}

// getApp serves GET /api/2/apps/{id} with parameters, provisioning and roles. Approval, deprovisioning mode, SCIM base
// URL and token are set in the console and not shown. https://developers.onelogin.com/api-docs/2/apps/get-app
func (s *Server) getApp(_ *call, a *world.App) answer {
	parameters := map[string]any{}
	for i := range a.Parameters {
		parameters[a.Parameters[i].Key] = parameter(&a.Parameters[i])
	}
	full := slimApp(a)
	full["role_ids"], full["parameters"] = s.w.Source.GrantingRoles(a.ID), parameters
	full["provisioning"] = map[string]bool{"enabled": a.ProvisioningEnabled}
	full["configuration"], full["policy_id"], full["brand_id"] = map[string]any{}, nil, nil
	return respond(http.StatusOK, full)
}

// parameter keeps values as they are stored, string or array (terraform-provider-onelogin#239 and #253).
func parameter(p *world.Parameter) map[string]any {
	return map[string]any{
		"id": p.ID, "label": p.Label, "user_attribute_mappings": orNull(p.UserAttributeMappings),
		"user_attribute_macros": nil, "attributes_transformations": nil, "values": rawOrNull(p.Values),
		"default_values": rawOrNull(p.DefaultValues), "skip_if_blank": false,
		"provisioned_entitlements": p.ProvisionedEntitlements, "safe_entitlements_enabled": false,
		"include_in_saml_assertion": p.IncludeInSAMLAssertion,
	}
}

func rawOrNull(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// listAppUsers serves GET /api/2/apps/{id}/users: who is assigned, without any provisioning field.
func (s *Server) listAppUsers(c *call, a *world.App) answer {
	src := &s.w.Source
	return list(s, c, "app_users", src.Users,
		func(url.Values) []int64 { return world.SortedIDs(src.Assigned(a.ID)) },
		func(u *world.User) map[string]any {
			return map[string]any{
				"id": u.ID, "firstname": orNull(u.FirstName), "lastname": orNull(u.LastName),
				"username": orNull(u.Username), "email": orNull(u.Email),
			}
		})
}

// listRules serves GET /api/2/apps/{id}/rules: all rules in one answer, but only the enabled ones unless enabled=false,
// which gives only the disabled ones. https://developers.onelogin.com/api-docs/2/app-rules/list-rules
func (s *Server) listRules(c *call, a *world.App) answer {
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

// deleteRule takes a rule away and numbers the enabled ones anew; what the rule did to users stays. Only somebody else
// than the product does so.
func (s *Server) deleteRule(c *call, a *world.App) answer {
	i := slices.IndexFunc(a.Rules, func(r world.Rule) bool { return r.ID == parseID(c.path("rule")) })
	if i < 0 {
		return notFound()
	}
	a.Rules = slices.Delete(a.Rules, i, i+1)
	position := 0
	for i := range a.Rules {
		if r := &a.Rules[i]; r.Enabled {
			position++
			r.Position = position
		}
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

// listGroupValues serves the values of set_groups: here the entitlement cache. That the real service does so is not
// confirmed.
func (s *Server) listGroupValues(_ *call, a *world.App) answer {
	list := []map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(a.Entitlements)) {
		list = append(list, map[string]string{"name": name, "value": name})
	}
	return respond(http.StatusOK, list)
}
