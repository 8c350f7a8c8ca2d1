package onelogin

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// putUser serves PUT /api/2/users/{id}: a partial update that starts user mappings and app rules, unless
// mappings=disabled, or nothing has changed (see Knobs.NoOpTriggers). mappings=sync leaves out the queue's delay.
// https://developers.onelogin.com/api-docs/2/users/update-user
func (s *Server) putUser(c *call) answer {
	src := &s.w.Source
	u := src.Users[number(c.path("id"))]
	if u == nil {
		return notFound()
	}
	mode := c.query.Get("mappings")
	if !slices.Contains([]string{"", "async", "sync", "disabled"}, mode) {
		return s.failedUpdate(c, u, "mappings must be async, sync or disabled")
	}
	body, ok := decodeObject(c.body)
	if !ok {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	next := *u
	next.Custom = maps.Clone(u.Custom)
	if problem := s.change(&next, body); problem != "" {
		return s.failedUpdate(c, u, problem)
	}
	var roles []int64
	if raw, has := body["role_ids"]; has && json.Unmarshal(raw, &roles) != nil {
		return s.failedUpdate(c, u, "role_ids must be an array of numbers")
	}
	changed := !maps.Equal(u.Custom, next.Custom) || !sameButCustom(*u, next)
	if _, has := body["role_ids"]; has {
		changed = s.setRoles(u.ID, roles) || changed
	}
	if changed {
		next.UpdatedAt = s.w.Now()
		*u = next
		src.Changes++
	}
	s.addEvent(world.Event{Type: 529, UserID: u.ID, UserName: fullName(u), ClientID: c.cred.ClientID})
	if changed {
		s.addEvent(world.Event{Type: 14, UserID: u.ID, UserName: fullName(u)})
	}
	if mode != "disabled" && (changed || s.knobs.NoOpTriggers) {
		s.userChanged(u.ID, mode == "sync")
	}
	return respond(http.StatusOK, s.fullUser(u))
}

func sameButCustom(a, b world.User) bool {
	a.Custom, b.Custom = nil, nil
	return reflect.DeepEqual(a, b)
}

func (s *Server) failedUpdate(c *call, u *world.User, problem string) answer {
	s.addEvent(world.Event{Type: 532, UserID: u.ID, UserName: fullName(u), ClientID: c.cred.ClientID, ErrorDescription: problem})
	return unprocessable(problem)
}

func (s *Server) userChanged(user int64, now bool) {
	if s.engine != nil {
		s.engine.UserChanged(user, now)
	}
}

// change applies the fields of a body that can be written; the others are ignored. It returns what is wrong, or nothing.
func (s *Server) change(u *world.User, body map[string]json.RawMessage) string {
	for field, to := range map[string]*string{
		"firstname": &u.FirstName, "lastname": &u.LastName, "email": &u.Email, "username": &u.Username,
		"title": &u.Title, "department": &u.Department, "company": &u.Company, "phone": &u.Phone, "external_id": &u.ExternalID,
	} {
		if problem := assign(body, field, to); problem != "" {
			return problem
		}
	}
	for field, to := range map[string]*int{"state": &u.State, "status": &u.Status} {
		if problem := assign(body, field, to); problem != "" {
			return problem
		}
	}
	if problem := assign(body, "group_id", &u.GroupID); problem != "" {
		return problem
	}
	if u.State < 0 || u.State > 3 || u.Status < 0 || u.Status > 8 || u.Status == 6 {
		return "state or status is not one of the documented numbers"
	}
	raw, has := body["custom_attributes"]
	if !has {
		return ""
	}
	var custom map[string]*string
	if json.Unmarshal(raw, &custom) != nil {
		return "custom_attributes must be an object of strings"
	}
	for name, value := range custom {
		if !slices.Contains(s.w.Source.CustomAttributes, name) {
			return "custom attribute " + name + " is not defined: add it in the console first"
		}
		if value == nil {
			delete(u.Custom, name)
			continue
		}
		if u.Custom == nil {
			u.Custom = map[string]string{}
		}
		u.Custom[name] = *value
	}
	return ""
}

// assign decodes one field if it is there; null empties it.
func assign[T any](body map[string]json.RawMessage, field string, to *T) string {
	raw, has := body[field]
	if !has {
		return ""
	}
	var value T
	if json.Unmarshal(raw, &value) != nil {
		return field + " has the wrong type"
	}
	*to = value
	return ""
}

// setRoles replaces a user's roles, or adds to them (Knobs.AddingRoleIDs), and tells whether that changed anything.
func (s *Server) setRoles(user int64, roles []int64) bool {
	changed := false
	for id, r := range s.w.Source.Roles {
		want := slices.Contains(roles, id)
		if r.Users[user] == want || (!want && s.knobs.AddingRoleIDs) {
			continue
		}
		setMember(&r.Users, user, want)
		changed = true
	}
	return changed
}

func setMember(set *map[int64]bool, id int64, in bool) {
	if !in {
		delete(*set, id)
		return
	}
	if *set == nil {
		*set = map[int64]bool{}
	}
	(*set)[id] = true
}

// changeRoles serves PUT /api/1/users/{id}/add_roles and remove_roles.
func (s *Server) changeRoles(add bool, event int) handler {
	return func(c *call) answer {
		u := s.w.Source.Users[number(c.path("id"))]
		if u == nil {
			return wrapped(http.StatusNotFound, "Not Found", "User not found")
		}
		var body struct {
			Roles []int64 `json:"role_id_array"`
		}
		if json.Unmarshal(c.body, &body) != nil || len(body.Roles) == 0 {
			return wrapped(http.StatusBadRequest, "bad request", "role_id_array must be an array of role ids")
		}
		changed := false
		for _, id := range body.Roles {
			r := s.w.Source.Roles[id]
			if r == nil {
				return wrapped(http.StatusNotFound, "Not Found", "Role not found")
			}
			if r.Users[u.ID] != add {
				setMember(&r.Users, u.ID, add)
				changed = true
			}
			s.addEvent(world.Event{Type: event, UserID: u.ID, UserName: fullName(u), RoleID: id, RoleName: r.Name, ClientID: c.cred.ClientID})
		}
		if changed {
			s.w.Source.Changes++
			s.userChanged(u.ID, false)
		}
		return respond(http.StatusOK, map[string]any{"status": success()})
	}
}

// listUserRolesV1 serves GET /api/1/users/{id}/roles.
func (s *Server) listUserRolesV1(c *call) answer {
	id := number(c.path("id"))
	if s.w.Source.Users[id] == nil {
		return wrapped(http.StatusNotFound, "Not Found", "User not found")
	}
	return respond(http.StatusOK, map[string]any{"status": success(), "data": s.w.Source.RolesOf(id)})
}

// setState serves PUT /api/1/users/{id}/set_state, which refuses the state that the user has already.
func (s *Server) setState(c *call) answer {
	u := s.w.Source.Users[number(c.path("id"))]
	if u == nil {
		return wrapped(http.StatusNotFound, "Not Found", "User not found")
	}
	var body struct {
		State *int `json:"state"`
	}
	if json.Unmarshal(c.body, &body) != nil || body.State == nil || *body.State < 0 || *body.State > 3 || *body.State == u.State {
		return wrapped(http.StatusBadRequest, "bad request", "state must be 0 to 3 and not what it is already")
	}
	u.State, u.UpdatedAt = *body.State, s.w.Now()
	s.w.Source.Changes++
	s.userChanged(u.ID, false)
	return respond(http.StatusOK, map[string]any{"status": success()})
}
