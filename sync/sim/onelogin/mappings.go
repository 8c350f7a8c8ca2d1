package onelogin

import (
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
)

// dryRun serves POST /api/2/mappings/{rule}/dryrun: whom a mapping would reach. There is no such call for app rules.
// https://developers.onelogin.com/api-docs/2/user-mappings/dryrun
func (s *Server) dryRun(c *call, book ruleBook) answer {
	i := ruleIndex(*book.rules, c.path("rule"))
	if i < 0 {
		return notFound()
	}
	list, bad := s.userArray(c)
	if bad != nil {
		return *bad
	}
	rows := []map[string]any{}
	for _, id := range list {
		u := s.w.Source.Users[id]
		rows = append(rows, map[string]any{"mapped": rule.Matches(&s.w.Source, &(*book.rules)[i], u), "user": map[string]any{
			"id":        id,
			"firstname": orNull(u.FirstName), "lastname": orNull(u.LastName), "username": orNull(u.Username), "email": orNull(u.Email),
		}})
	}
	return respond(http.StatusOK, rows)
}
