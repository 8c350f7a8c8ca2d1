package onelogin

import (
	"maps"
	"slices"
)

// awsConnectorName is what OneLogin's catalogue calls the connector (knowledge base article 0e314c73…).
const awsConnectorName = "AWS Single Sign-on"

// listConnectors serves GET /api/2/connectors: the two connectors whose numbers are public, and those of the tenant's apps
// under the catalogue's name.
func (s *Server) listConnectors(c *call) answer {
	p, bad := s.pageOf(c, "connectors")
	if bad != nil {
		return *bad
	}
	catalogue := map[int64]string{50534: "Amazon Web Services (AWS) Multi Role", 114099: "Amazon Connect"}
	for _, a := range s.w.Source.Apps {
		if _, known := catalogue[a.ConnectorID]; !known {
			catalogue[a.ConnectorID] = awsConnectorName
		}
	}
	found := s.walkOf(p, "", func() []int64 {
		found := []int64{}
		for _, id := range slices.Sorted(maps.Keys(catalogue)) {
			if name := p.query.Get("name"); name == "" || like(name, catalogue[id]) {
				found = append(found, id)
			}
		}
		return found
	}, byID)
	cut := s.cut(p, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		rows = append(rows, map[string]any{"id": id, "name": catalogue[id], "auth_method": 2, "allows_new_parameters": true, "icon_url": nil})
	}
	return c.listed(p, cut, rows)
}
