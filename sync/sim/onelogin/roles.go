package onelogin

import (
	"net/http"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listRoles serves GET /api/2/roles. fields=users,admins adds those arrays; apps is there in any case.
// https://developers.onelogin.com/api-docs/2/roles/list-roles
func (s *Server) listRoles(c *call) answer {
	p, bad := s.pageOf(c, "roles")
	if bad != nil {
		return *bad
	}
	src := &s.w.Source
	found := s.walkOf(p, "", func() []int64 {
		found := []int64{}
		for id, r := range src.Roles {
			if s.roleMatches(p, r) {
				found = append(found, id)
			}
		}
		return found
	}, func(a, b int64) int {
		if p.sort == "name" {
			return strings.Compare(strings.ToLower(src.Roles[a].Name), strings.ToLower(src.Roles[b].Name))
		}
		return byID(a, b)
	})
	cut := s.cut(p, len(found))
	fields := names(c.query.Get("fields"))
	if s.knobs.IgnoreRoleFields {
		fields = nil
	}
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		r := src.Roles[id]
		if r == nil {
			continue
		}
		row := map[string]any{"id": id, "name": r.Name}
		if len(fields) == 0 || fields["apps"] {
			row["apps"] = world.SortedIDs(r.Apps)
		}
		if fields["users"] {
			row["users"] = world.SortedIDs(r.Users)
		}
		if fields["admins"] {
			row["admins"] = world.SortedIDs(r.Admins)
		}
		rows = append(rows, row)
	}
	return c.listed(p, cut, rows)
}

func (s *Server) roleMatches(p page, r *world.Role) bool {
	for _, name := range []string{"name", "role_name"} { // the documentation says name, the OpenAPI file role_name
		if pattern := p.query.Get(name); pattern != "" && !like(pattern, r.Name) {
			return false
		}
	}
	if id := p.query.Get("app_id"); id != "" && !r.Apps[number(id)] {
		return false
	}
	if pattern := p.query.Get("app_name"); pattern != "" {
		for id, on := range r.Apps {
			if a := s.w.Source.Apps[id]; on && a != nil && like(pattern, a.Name) {
				return true
			}
		}
		return false
	}
	return true
}

// getRole serves GET /api/2/roles/{id}: id and name only (terraform-provider-onelogin#223).
func (s *Server) getRole(c *call) answer {
	r := s.w.Source.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	return respond(http.StatusOK, map[string]any{"id": r.ID, "name": r.Name})
}

// listRoleUsers and listRoleAdmins share a shape.
func (s *Server) listRoleUsers(c *call) answer {
	return s.listRolePeople(c, "role_users", func(r *world.Role) map[int64]bool { return r.Users })
}

func (s *Server) listRoleAdmins(c *call) answer {
	return s.listRolePeople(c, "role_admins", func(r *world.Role) map[int64]bool { return r.Admins })
}

func (s *Server) listRolePeople(c *call, name string, of func(*world.Role) map[int64]bool) answer {
	src := &s.w.Source
	r := src.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	p, bad := s.pageOf(c, name)
	if bad != nil {
		return *bad
	}
	members := of(r)
	found := s.walkOf(p, c.path("id"), func() []int64 {
		found := []int64{}
		take := func(id int64) {
			u := src.Users[id]
			if pattern := p.query.Get("name"); u != nil && (pattern == "" || like(pattern, fullName(u))) {
				found = append(found, id)
			}
		}
		if p.query.Get("include_unassigned") == "true" {
			for id := range src.Users {
				take(id)
			}
			return found
		}
		for id, on := range members {
			if on {
				take(id)
			}
		}
		return found
	}, byID)
	cut := s.cut(p, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		u := src.Users[id]
		if u == nil {
			continue
		}
		row := map[string]any{"id": id, "name": fullName(u), "username": orNull(u.Username), "assigned": members[id], "added_at": nil, "added_by": nil}
		if members[id] {
			row["added_at"] = stampOrNull(u.CreatedAt)
		}
		rows = append(rows, row)
	}
	return c.listed(p, cut, rows)
}

// fullName is how OneLogin shows a person: first and last name, else the e-mail.
func fullName(u *world.User) string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	return u.Email
}

// listRoleApps serves GET /api/2/roles/{id}/apps; assigned=false lists the apps that the role does not grant.
func (s *Server) listRoleApps(c *call) answer {
	src := &s.w.Source
	r := src.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	p, bad := s.pageOf(c, "role_apps")
	if bad != nil {
		return *bad
	}
	granted := p.query.Get("assigned") != "false"
	found := s.walkOf(p, c.path("id"), func() []int64 {
		found := []int64{}
		for id := range src.Apps {
			if r.Apps[id] == granted {
				found = append(found, id)
			}
		}
		return found
	}, byID)
	cut := s.cut(p, len(found))
	rows := []map[string]any{}
	for _, id := range found[cut.from:cut.to] {
		if a := src.Apps[id]; a != nil {
			rows = append(rows, map[string]any{"id": id, "name": a.Name, "icon_url": nil})
		}
	}
	return c.listed(p, cut, rows)
}
