package onelogin

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// putApp serves PUT /api/2/apps/{id}: a merge, but role_ids is replaced as a whole, so that two writers can undo each
// other. It starts no provisioning. https://developers.onelogin.com/api-docs/2/apps/update-app
func (s *Server) putApp(c *call) answer {
	a := s.w.Source.Apps[number(c.path("id"))]
	if a == nil {
		return notFound()
	}
	var body struct {
		Name         *string `json:"name"`
		Visible      *bool   `json:"visible"`
		Provisioning *struct {
			Enabled *bool `json:"enabled"`
		} `json:"provisioning"`
		RoleIDs       *[]int64                              `json:"role_ids"`
		Configuration map[string]any                        `json:"configuration"`
		Parameters    map[string]map[string]json.RawMessage `json:"parameters"`
	}
	if json.Unmarshal(c.body, &body) != nil {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object with fields of the right type")
	}
	if body.RoleIDs != nil {
		for _, id := range *body.RoleIDs {
			if s.w.Source.Roles[id] == nil {
				return unprocessable("Invalid role_ids: a role does not exist")
			}
		}
		for id, r := range s.w.Source.Roles {
			s.grant(r, a, slices.Contains(*body.RoleIDs, id))
		}
	}
	if problem := mergeParameters(a, body.Parameters); problem != "" {
		return unprocessable(problem)
	}
	if body.Name != nil {
		a.Name = *body.Name
	}
	if body.Visible != nil {
		a.Hidden = !*body.Visible
	}
	if body.Provisioning != nil && body.Provisioning.Enabled != nil {
		a.ProvisioningEnabled = *body.Provisioning.Enabled
	}
	for name, v := range body.Configuration {
		if a.Configuration == nil {
			a.Configuration = map[string]any{}
		}
		a.Configuration[name] = v
	}
	a.UpdatedAt = s.w.Now()
	s.w.Source.Changes++
	return respond(http.StatusOK, s.fullApp(a))
}

// grant adds an app to a role or takes it away, with the event that the console would leave.
func (s *Server) grant(r *world.Role, a *world.App, want bool) {
	if r.Apps[a.ID] == want {
		return
	}
	setMember(&r.Apps, a.ID, want)
	event := 2
	if want {
		event = 1
	}
	s.addEvent(world.Event{Type: event, AppID: a.ID, AppName: a.Name, RoleID: r.ID, RoleName: r.Name})
}

// mergeParameters changes the parameters that are named; those of the connector cannot be taken away and so always come
// back.
func mergeParameters(a *world.App, parameters map[string]map[string]json.RawMessage) string {
	for key, fields := range parameters {
		i := slices.IndexFunc(a.Parameters, func(p world.Parameter) bool { return p.Key == key })
		if i < 0 {
			return "parameter " + key + " does not belong to this connector"
		}
		p := &a.Parameters[i]
		for name, to := range map[string]*string{
			"label": &p.Label, "user_attribute_mappings": &p.UserAttributeMappings,
			"user_attribute_macros": &p.UserAttributeMacros, "attributes_transformations": &p.AttributesTransformation,
		} {
			if problem := assign(fields, name, to); problem != "" {
				return problem
			}
		}
		for name, to := range map[string]*bool{
			"skip_if_blank": &p.SkipIfBlank, "provisioned_entitlements": &p.ProvisionedEntitlements,
			"safe_entitlements_enabled": &p.SafeEntitlements, "include_in_saml_assertion": &p.IncludeInSAMLAssertion,
		} {
			if problem := assign(fields, name, to); problem != "" {
				return problem
			}
		}
		if raw, has := fields["values"]; has {
			p.Values = raw
		}
		if raw, has := fields["default_values"]; has {
			p.DefaultValues = raw
		}
	}
	return ""
}
