package onelogin

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listApps serves GET /api/2/apps with slim items. https://developers.onelogin.com/api-docs/2/apps/list-apps
func (s *Server) listApps(c *call) answer {
	p, bad := s.pageOf(c, "apps")
	if bad != nil {
		return *bad
	}
	src := &s.w.Source
	found := s.walkOf(p, "", func() []int64 {
		found := []int64{}
		for id, a := range src.Apps {
			if name := p.query.Get("name"); name != "" && !like(name, a.Name) {
				continue
			}
			if n := p.query.Get("connector_id"); n != "" && number(n) != a.ConnectorID {
				continue
			}
			if n := p.query.Get("auth_method"); n != "" && n != strconv.Itoa(a.AuthMethod) {
				continue
			}
			found = append(found, id)
		}
		return found
	}, func(a, b int64) int {
		if p.sort == "name" {
			return cmp.Compare(strings.ToLower(src.Apps[a].Name), strings.ToLower(src.Apps[b].Name))
		}
		return byID(a, b)
	})
	cut := s.cut(p, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		if a := src.Apps[id]; a != nil {
			rows = append(rows, pick(slimApp(a), c.query.Get("fields")))
		}
	}
	return c.listed(p, cut, rows)
}

func slimApp(a *world.App) map[string]any {
	return map[string]any{
		"id": a.ID, "connector_id": a.ConnectorID, "auth_method": a.AuthMethod,
		"auth_method_description": authMethod(a.AuthMethod), "name": a.Name, "description": nil, "notes": nil, "tab_id": nil,
		"visible": !a.Hidden, "created_at": stampOrNull(a.CreatedAt), "updated_at": stampOrNull(a.UpdatedAt),
	}
}

func authMethod(n int) string {
	words := map[int]string{0: "Password", 1: "OpenId", 2: "SAML2.0", 3: "API", 4: "Google", 6: "Forms Based App", 7: "WSFED", 8: "OpenId Connect"}
	return words[n]
}

// getApp serves GET /api/2/apps/{id} with parameters, provisioning and roles. Approval, deprovisioning mode, SCIM base
// URL and token are set in the console and not shown. https://developers.onelogin.com/api-docs/2/apps/get-app
func (s *Server) getApp(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil {
		return notFound()
	}
	return respond(http.StatusOK, pick(s.fullApp(a), c.query.Get("fields")))
}

func (s *Server) fullApp(a *world.App) map[string]any {
	full := slimApp(a)
	delete(full, "auth_method_description")
	base := "https://" + s.w.Source.Subdomain + ".onelogin.com/"
	tail := strconv.FormatInt(a.ID, 10)
	parameters := map[string]any{}
	for i := range a.Parameters {
		parameters[a.Parameters[i].Key] = parameter(&a.Parameters[i])
	}
	configuration := a.Configuration
	if configuration == nil {
		configuration = map[string]any{}
	}
	maps.Copy(full, map[string]any{
		"icon_url": nil, "policy_id": nil, "brand_id": nil, "allow_assumed_signin": false, "enforcement_point": nil,
		"role_ids": s.w.Source.GrantingRoles(a.ID), "provisioning": map[string]bool{"enabled": a.ProvisioningEnabled},
		"configuration": configuration, "parameters": parameters,
		"sso": map[string]any{
			"metadata_url": base + "saml/metadata/" + tail, "acs_url": base + "trust/saml2/http-post/sso/" + tail,
			"sls_url": base + "trust/saml2/http-redirect/slo/" + tail, "issuer": base + "saml/metadata/" + tail,
			"certificate": map[string]any{"id": 1, "name": "Standard Strength Certificate (2048-bit)", "value": ""},
		},
	})
	return full
}

// parameter keeps values as they are stored, string or array (terraform-provider-onelogin#239 and #253).
func parameter(p *world.Parameter) map[string]any {
	return map[string]any{
		"id": p.ID, "label": p.Label, "user_attribute_mappings": orNull(p.UserAttributeMappings),
		"user_attribute_macros": orNull(p.UserAttributeMacros), "attributes_transformations": orNull(p.AttributesTransformation),
		"values": rawOrNull(p.Values), "default_values": rawOrNull(p.DefaultValues), "skip_if_blank": p.SkipIfBlank,
		"provisioned_entitlements": p.ProvisionedEntitlements, "safe_entitlements_enabled": p.SafeEntitlements,
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
func (s *Server) listAppUsers(c *call) answer {
	src := &s.w.Source
	app := number(c.path("id"))
	if src.Apps[app] == nil {
		return notFound()
	}
	p, bad := s.pageOf(c, "app_users")
	if bad != nil {
		return *bad
	}
	found := s.walkOf(p, c.path("id"), func() []int64 { return world.SortedIDs(src.Assigned(app)) }, byID)
	cut := s.cut(p, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		if u := src.Users[id]; u != nil {
			rows = append(rows, map[string]any{
				"id": id, "firstname": orNull(u.FirstName), "lastname": orNull(u.LastName),
				"username": orNull(u.Username), "email": orNull(u.Email),
			})
		}
	}
	return c.listed(p, cut, rows)
}
