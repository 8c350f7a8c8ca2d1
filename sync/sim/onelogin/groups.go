package onelogin

import (
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listGroups serves GET /api/1/groups: security-policy groups, which are not the target's groups.
func (s *Server) listGroups(c *call) answer {
	rows := []map[string]any{}
	for i := range s.w.Source.PolicyGroups {
		rows = append(rows, policyGroup(&s.w.Source.PolicyGroups[i]))
	}
	return s.enveloped(c, sliceV1{}, rows)
}

// getGroup serves GET /api/1/groups/{id}.
func (s *Server) getGroup(c *call) answer {
	for i := range s.w.Source.PolicyGroups {
		if g := &s.w.Source.PolicyGroups[i]; g.ID == number(c.path("id")) {
			return respond(http.StatusOK, map[string]any{"status": success(), "data": []any{policyGroup(g)}})
		}
	}
	return wrapped(http.StatusNotFound, "Not Found", "Group not found")
}

func policyGroup(g *world.PolicyGroup) map[string]any {
	return map[string]any{"id": g.ID, "name": g.Name, "reference": orNull(g.Reference)}
}
