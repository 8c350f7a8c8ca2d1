package onelogin

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// option is one row of what the rule editor offers.
type option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// conditionSources are what a condition can look at.
func conditionSources(custom []string) []option {
	list := []option{
		{"Roles", "has_role"},
		{"Email", "email"},
		{"Username", "username"},
		{"First name", "firstname"},
		{"Last name", "lastname"},
		{"Title", "title"},
		{"Department", "department"},
		{"Company", "company"},
		{"Status", "status"},
		{"State", "state"},
		{"Group", "group_id"},
		{"External ID", "external_id"},
	}
	for _, name := range custom {
		list = append(list, option{name, "custom_attribute_" + name})
	}
	return list
}

func operatorsOf(source string) []option {
	if source == "has_role" {
		return []option{{"include", "ri"}, {"do not include", "rin"}}
	}
	return []option{{"equals", "="}, {"contains", "~"}, {"begins with", "bw"}, {"ends with", "ew"}, {"is less than", "<"}, {"is greater than", ">"}}
}

func actionsOf(book ruleBook) []option {
	if book.app == nil {
		return []option{{"Add role", "add_role"}}
	}
	list := []option{}
	for i := range book.app.Parameters {
		if p := &book.app.Parameters[i]; strings.Contains(strings.ToLower(p.Key), "group") {
			list = append(list, option{"Set " + p.Label, "set_groups"})
			break
		}
	}
	return append(list, option{"Set user name", "set_userprincipalname"})
}

// The discovery endpoints, the same for app rules and user mappings.

func (s *Server) listConditions(*call, ruleBook) answer {
	return respond(http.StatusOK, conditionSources(s.w.Source.CustomAttributes))
}

func (s *Server) listOperators(c *call, _ ruleBook) answer {
	if !has(conditionSources(s.w.Source.CustomAttributes), c.path("value")) {
		return notFound()
	}
	return respond(http.StatusOK, operatorsOf(c.path("value")))
}

// listConditionValues lists roles for has_role; an empty array means free text.
func (s *Server) listConditionValues(c *call, _ ruleBook) answer {
	if !has(conditionSources(s.w.Source.CustomAttributes), c.path("value")) {
		return notFound()
	}
	if c.path("value") != "has_role" {
		return respond(http.StatusOK, []option{})
	}
	return respond(http.StatusOK, s.roleOptions())
}

func (s *Server) roleOptions() []option {
	list := []option{}
	for _, id := range slices.Sorted(maps.Keys(s.w.Source.Roles)) {
		list = append(list, option{s.w.Source.Roles[id].Name, decimal(id)})
	}
	return list
}

func (s *Server) listActions(_ *call, book ruleBook) answer {
	return respond(http.StatusOK, actionsOf(book))
}

// listActionValues shows the entitlement cache for set_groups. That the real service does so is not confirmed:
// Knobs.EntitlementValues.
func (s *Server) listActionValues(c *call, book ruleBook) answer {
	action := c.path("value")
	if !has(actionsOf(book), action) {
		return notFound()
	}
	switch {
	case action == "add_role":
		return respond(http.StatusOK, s.roleOptions())
	case action != "set_groups" || s.knobs.EntitlementValues == "empty":
		return respond(http.StatusOK, []option{})
	case s.knobs.EntitlementValues == "404":
		return notFound()
	}
	list := []option{}
	for _, name := range slices.Sorted(maps.Keys(book.app.Entitlements)) {
		list = append(list, option{name, name})
	}
	return respond(http.StatusOK, list)
}
