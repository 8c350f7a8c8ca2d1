package onelogin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listRoles serves GET /api/2/roles. fields=users adds that array; apps is there in any case unless others are asked
// for. https://developers.onelogin.com/api-docs/2/roles/list-roles
func (s *Server) listRoles(c *call) answer {
	src := &s.w.Source
	fields := c.query.Get("fields")
	if s.knobs.IgnoreRoleFields {
		fields = ""
	}
	return list(s, c, "roles", src.Roles, func(q url.Values) []int64 {
		named := valueFilter(q.Get("name"))
		return idsWhere(src.Roles, func(r *world.Role) bool {
			return named(r.Name) && (!q.Has("app_id") || r.Apps[parseID(q.Get("app_id"))])
		})
	}, func(r *world.Role) map[string]any {
		row := map[string]any{"id": r.ID, "name": r.Name, "apps": world.SortedIDs(r.Apps)}
		if fields == "" {
			return row
		}
		if strings.Contains(fields, "users") {
			row["users"] = world.SortedIDs(r.Users)
		}
		return selectFields(row, fields+",name")
	})
}

// getRole serves GET /api/2/roles/{id}: id and name only (terraform-provider-onelogin#223).
func (s *Server) getRole(_ *call, r *world.Role) answer {
	return respond(http.StatusOK, map[string]any{"id": r.ID, "name": r.Name})
}

func (s *Server) listRoleUsers(c *call, r *world.Role) answer {
	src := &s.w.Source
	return list(s, c, "role_users", src.Users, func(url.Values) []int64 {
		return slices.DeleteFunc(world.SortedIDs(r.Users), func(id int64) bool { return src.Users[id] == nil })
	}, func(u *world.User) map[string]any {
		return map[string]any{
			"id": u.ID, "name": fullName(u), "username": orNull(u.Username), "assigned": true,
			"added_at": stampOrNull(u.CreatedAt), "added_by": nil,
		}
	})
}

// fullName is how OneLogin shows a person: first and last name, else the e-mail.
func fullName(u *world.User) string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	return u.Email
}

func (s *Server) listRoleApps(c *call, r *world.Role) answer {
	return list(s, c, "role_apps", s.w.Source.Apps, func(url.Values) []int64 { return world.SortedIDs(r.Apps) },
		func(a *world.App) map[string]any { return map[string]any{"id": a.ID, "name": a.Name, "icon_url": nil} })
}
