package onelogin

import (
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// createUser serves POST /api/2/users: a user name or an e-mail address is required and neither may be taken.
func (s *Server) createUser(c *call) answer {
	body, ok := decodeObject(c.body)
	if !ok {
		return named(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	now := s.w.Now()
	u := &world.User{State: 1, CreatedAt: now, UpdatedAt: now}
	problem := s.change(u, body)
	if problem == "" && u.Email == "" && u.Username == "" {
		problem = "email or username is required"
	}
	for _, other := range s.w.Source.Users {
		if problem == "" && (u.Email != "" && like(u.Email, other.Email) || u.Username != "" && like(u.Username, other.Username)) {
			problem = "email or username is taken"
		}
	}
	if problem != "" {
		s.addEvent(world.Event{Type: 534, ClientID: c.cred.ClientID, ErrorDescription: problem})
		return unprocessable(problem)
	}
	u.ID = s.w.NextID()
	s.w.Source.Users[u.ID] = u
	s.w.Source.Changes++
	s.addEvent(world.Event{Type: 533, UserID: u.ID, UserName: fullName(u), ClientID: c.cred.ClientID})
	s.addEvent(world.Event{Type: 13, UserID: u.ID, UserName: fullName(u)})
	s.userChanged(u.ID, false)
	return respond(http.StatusCreated, s.fullUser(u))
}

// deleteUser serves DELETE /api/2/users/{id}; the user loses every app, each of which deprovisions as it says.
func (s *Server) deleteUser(c *call) answer {
	src := &s.w.Source
	u := src.Users[number(c.path("id"))]
	if u == nil {
		return notFound()
	}
	delete(src.Users, u.ID)
	for _, r := range src.Roles {
		delete(r.Users, u.ID)
		delete(r.Admins, u.ID)
	}
	for _, a := range src.Apps {
		delete(a.Direct, u.ID)
	}
	src.Changes++
	s.addEvent(world.Event{Type: 17, UserID: u.ID, UserName: fullName(u), ClientID: c.cred.ClientID})
	s.userChanged(u.ID, false)
	return nothing()
}
