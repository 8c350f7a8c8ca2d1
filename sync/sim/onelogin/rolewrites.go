package onelogin

import (
	"encoding/json"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// createRole serves POST /api/2/roles.
func (s *Server) createRole(c *call) answer {
	var body roleBody
	if json.Unmarshal(c.body, &body) != nil || body.Name == nil || *body.Name == "" {
		return unprocessable("name is required")
	}
	r := &world.Role{ID: s.w.NextID(), Name: *body.Name, Users: map[int64]bool{}, Apps: map[int64]bool{}, Admins: map[int64]bool{}}
	body.fill(r)
	s.w.Source.Roles[r.ID] = r
	s.w.Source.Changes++
	s.addEvent(world.Event{Type: 1801, RoleID: r.ID, RoleName: r.Name, ClientID: c.cred.ClientID})
	return respond(http.StatusCreated, map[string]int64{"id": r.ID})
}

type roleBody struct {
	Name   *string  `json:"name"`
	Users  *[]int64 `json:"users"`
	Apps   *[]int64 `json:"apps"`
	Admins *[]int64 `json:"admins"`
}

// fill replaces the memberships that the body has: an empty array empties them.
func (b roleBody) fill(r *world.Role) {
	for set, list := range map[*map[int64]bool]*[]int64{&r.Users: b.Users, &r.Apps: b.Apps, &r.Admins: b.Admins} {
		if list == nil {
			continue
		}
		*set = map[int64]bool{}
		for _, id := range *list {
			(*set)[id] = true
		}
	}
}

// putRole serves PUT /api/2/roles/{id}. What it does with membership arrays is disputed: see Knobs.WipingRolePut.
// Either way no app login appears from it (terraform-provider-onelogin#80), so nothing is provisioned.
func (s *Server) putRole(c *call) answer {
	r := s.w.Source.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	var body roleBody
	if json.Unmarshal(c.body, &body) != nil {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	if body.Name != nil && *body.Name != "" {
		r.Name = *body.Name
	}
	if s.knobs.WipingRolePut {
		body.fill(r)
	}
	s.w.Source.Changes++
	return respond(http.StatusOK, map[string]int64{"id": r.ID})
}

// deleteRole serves DELETE /api/2/roles/{id}; who loses an app by it is deprovisioned as the app says.
func (s *Server) deleteRole(c *call) answer {
	r := s.w.Source.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	delete(s.w.Source.Roles, r.ID)
	s.w.Source.Changes++
	s.addEvent(world.Event{Type: 1802, RoleID: r.ID, RoleName: r.Name, ClientID: c.cred.ClientID})
	for _, user := range world.SortedIDs(r.Users) {
		s.userChanged(user, false)
	}
	return nothing()
}

// changeRoleUsers serves POST and DELETE /api/2/roles/{id}/users, whose body is a bare array (onelogin-python-sdk#134).
func (s *Server) changeRoleUsers(add bool) handler {
	return func(c *call) answer {
		r := s.w.Source.Roles[number(c.path("id"))]
		if r == nil {
			return notFound()
		}
		list, bad := s.userArray(c)
		if bad != nil {
			return *bad
		}
		event := 148
		if add {
			event = 147
		}
		for _, id := range list {
			if r.Users[id] == add {
				continue
			}
			setMember(&r.Users, id, add)
			s.w.Source.Changes++
			u := s.w.Source.Users[id]
			s.addEvent(world.Event{Type: event, UserID: id, UserName: fullName(u), RoleID: r.ID, RoleName: r.Name, ClientID: c.cred.ClientID})
			s.userChanged(id, false)
		}
		return idRows(list, add)
	}
}

// changeRoleAdmins serves POST and DELETE /api/2/roles/{id}/admins.
func (s *Server) changeRoleAdmins(add bool) handler {
	return func(c *call) answer {
		r := s.w.Source.Roles[number(c.path("id"))]
		if r == nil {
			return notFound()
		}
		list, bad := s.userArray(c)
		if bad != nil {
			return *bad
		}
		for _, id := range list {
			setMember(&r.Admins, id, add)
		}
		s.w.Source.Changes++
		return idRows(list, add)
	}
}

// userArray reads a bare array of ids of users that exist.
func (s *Server) userArray(c *call) ([]int64, *answer) {
	var list []int64
	if json.Unmarshal(c.body, &list) != nil || list == nil {
		bad := named(http.StatusBadRequest, "BadRequestError", "Expected array in request")
		return nil, &bad
	}
	for _, id := range list {
		if s.w.Source.Users[id] == nil {
			bad := unprocessable("A user with a given id does not exist")
			return nil, &bad
		}
	}
	return list, nil
}

func idRows(list []int64, added bool) answer {
	if !added {
		return nothing()
	}
	rows := []map[string]int64{}
	for _, id := range list {
		rows = append(rows, map[string]int64{"id": id})
	}
	return respond(http.StatusOK, rows)
}

// putRoleApps serves PUT /api/2/roles/{id}/apps: the whole list. It leaves the events of an app added or removed and
// provisions nobody until mappings run (terraform-provider-onelogin#160).
func (s *Server) putRoleApps(c *call) answer {
	r := s.w.Source.Roles[number(c.path("id"))]
	if r == nil {
		return notFound()
	}
	var list []int64
	if json.Unmarshal(c.body, &list) != nil || list == nil {
		return named(http.StatusBadRequest, "BadRequestError", "Expected array in request")
	}
	want := map[int64]bool{}
	for _, id := range list {
		if s.w.Source.Apps[id] == nil {
			return unprocessable("An app with a given id does not exist")
		}
		want[id] = true
	}
	for id, a := range s.w.Source.Apps {
		s.grant(r, a, want[id])
	}
	s.w.Source.Changes++
	return idRows(list, true)
}
