package onelogin

import (
	"net/http"
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listUsers serves GET /api/2/users: slim items unless fields asks for more.
// https://developers.onelogin.com/api-docs/2/users/list-users
func (s *Server) listUsers(c *call) answer {
	p, bad := s.pageOf(c, "users")
	if bad != nil {
		return *bad
	}
	src := &s.w.Source
	found := s.walkOf(p, "", func() []int64 { return s.matchingUsers(p) }, func(a, b int64) int {
		if p.sort == "id" {
			return byID(a, b)
		}
		return strings.Compare(userSortKey(src.Users[a], p.sort), userSortKey(src.Users[b], p.sort))
	})
	cut := s.cut(p, len(found))
	rows := make([]map[string]any, 0, cut.to-cut.from)
	fields := c.query.Get("fields")
	wanted := names(fields)
	for _, id := range found[cut.from:cut.to] {
		u := src.Users[id]
		if u == nil {
			continue // removed since the walk was sorted
		}
		row := slimUser(u)
		if wanted["role_ids"] {
			row["role_ids"] = src.RolesOf(id)
		}
		if wanted["custom_attributes"] {
			row["custom_attributes"] = s.customAttributes(u)
		}
		rows = append(rows, pick(row, fields))
	}
	return c.listed(p, cut, rows)
}

// userSortKey gives a field's text for sorting; a field that cannot be sorted by leaves the order by id.
func userSortKey(u *world.User, field string) string {
	switch field {
	case "created_at":
		return stamp(u.CreatedAt)
	case "updated_at":
		return stamp(u.UpdatedAt)
	}
	text, _ := rule.Field(u, field)
	return strings.ToLower(text)
}

// matchingUsers collects the users that every filter lets through.
func (s *Server) matchingUsers(p page) []int64 {
	src := &s.w.Source
	tests := []func(*world.User) bool{}
	inside := func(set map[int64]bool) {
		tests = append(tests, func(u *world.User) bool { return set[u.ID] })
	}
	for name := range p.query {
		value := p.query.Get(name)
		switch name {
		case "app_id":
			inside(src.Assigned(number(value)))
		case "user_ids":
			inside(ids(value))
		case "role_ids":
			set := map[int64]bool{}
			for role := range ids(value) {
				if r := src.Roles[role]; r != nil {
					for id, on := range r.Users {
						set[id] = set[id] || on
					}
				}
			}
			inside(set)
		default:
			if test := userTest(name, value); test != nil {
				tests = append(tests, test)
			}
		}
	}
	found := []int64{}
users:
	for id, u := range src.Users {
		for _, test := range tests {
			if !test(u) {
				continue users
			}
		}
		found = append(found, id)
	}
	return found
}

// userTest makes the test of one field's filter; an unknown name tests nothing, as the API ignores it.
func userTest(name, value string) func(*world.User) bool {
	text := func(of func(*world.User) string) func(*world.User) bool {
		return func(u *world.User) bool { return like(value, of(u)) }
	}
	if custom, ok := strings.CutPrefix(name, "custom_attributes."); ok {
		return text(func(u *world.User) string { return u.Custom[custom] })
	}
	switch name {
	case "email":
		return text(func(u *world.User) string { return u.Email })
	case "username":
		return text(func(u *world.User) string { return u.Username })
	case "firstname":
		return text(func(u *world.User) string { return u.FirstName })
	case "lastname":
		return text(func(u *world.User) string { return u.LastName })
	case "external_id":
		return text(func(u *world.User) string { return u.ExternalID })
	case "group_id":
		return func(u *world.User) bool { return u.GroupID == number(value) }
	case "samaccountname", "directory_id", "last_login_since", "last_login_until":
		return func(*world.User) bool { return false } // no user of this tenant has a directory or a last login
	case "created_since", "updated_since", "created_until", "updated_until":
		at, ok := instant(value)
		if !ok {
			return nil
		}
		return userSpan(name, at)
	}
	return nil
}

func userSpan(name string, at time.Time) func(*world.User) bool {
	of := func(u *world.User) time.Time { return u.UpdatedAt }
	if strings.HasPrefix(name, "created_") {
		of = func(u *world.User) time.Time { return u.CreatedAt }
	}
	if strings.HasSuffix(name, "_since") {
		return func(u *world.User) bool { return !of(u).Before(at) }
	}
	return func(u *world.User) bool { return !of(u).After(at) }
}

// getUser serves GET /api/2/users/{id} with everything.
func (s *Server) getUser(c *call) answer {
	u := s.w.Source.Users[number(c.path("id"))]
	if u == nil {
		return notFound()
	}
	return respond(http.StatusOK, pick(s.fullUser(u), c.query.Get("fields")))
}

// slimUser has neither role_ids nor custom_attributes, as the documentation's list sample.
func slimUser(u *world.User) map[string]any {
	return map[string]any{
		"id": u.ID, "username": orNull(u.Username), "email": orNull(u.Email), "firstname": orNull(u.FirstName), "lastname": orNull(u.LastName),
		"title": orNull(u.Title), "department": orNull(u.Department), "company": orNull(u.Company), "phone": orNull(u.Phone),
		"group_id": idOrNull(u.GroupID), "state": u.State, "status": u.Status, "external_id": orNull(u.ExternalID),
		"created_at": stampOrNull(u.CreatedAt), "updated_at": stampOrNull(u.UpdatedAt),
		"directory_id": nil, "samaccountname": nil, "member_of": nil, "distinguished_name": nil,
		"activated_at": nil, "last_login": nil, "invitation_sent_at": nil, "locked_until": nil, "password_changed_at": nil,
		"invalid_login_attempts": 0,
	}
}

func (s *Server) fullUser(u *world.User) map[string]any {
	full := slimUser(u)
	full["role_ids"] = s.w.Source.RolesOf(u.ID)
	full["custom_attributes"] = s.customAttributes(u)
	for _, name := range []string{"comment", "trusted_idp_id", "manager_ad_id", "manager_user_id", "userprincipalname", "preferred_locale_code"} {
		full[name] = nil
	}
	return full
}

// customAttributes carries every attribute of the tenant, null when unset.
func (s *Server) customAttributes(u *world.User) map[string]any {
	all := map[string]any{}
	for _, name := range s.w.Source.CustomAttributes {
		all[name] = nil
		if v, ok := u.Custom[name]; ok {
			all[name] = v
		}
	}
	return all
}

// listCustomAttributes serves GET /api/2/users/custom_attributes: the attributes that the tenant has defined.
func (s *Server) listCustomAttributes(*call) answer {
	rows := []map[string]any{}
	for i, name := range s.w.Source.CustomAttributes {
		rows = append(rows, map[string]any{"id": i + 1, "name": name, "shortname": name, "position": nil})
	}
	return respond(http.StatusOK, rows)
}
