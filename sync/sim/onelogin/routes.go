package onelogin

import (
	"fmt"
	"io"
	"maps"
	"net/http"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

type handler func(*call) answer

// routes lists every path that answers. A path or method that is not here is a 404, as OneLogin answers to guessed
// ones: no public path can sync logins, refresh or reapply entitlements, approve or retry.
func (s *Server) routes() {
	users, apps, roles := s.w.Source.Users, s.w.Source.Apps, s.w.Source.Roles

	s.route("POST /auth/oauth2/v2/token", s.issueToken)
	s.route("GET /auth/rate_limit", s.rateLimit)

	s.api("GET /api/2/users", readUsers, world.EventAPIIndex, s.listUsers)
	s.api("GET /api/2/users/{id}", readUsers, world.EventAPIShow, of(users, s.getUser))
	s.api("PUT /api/2/users/{id}", manageUsers, noEvent, of(users, s.putUser))
	s.api("GET /api/2/users/{id}/apps", readUsers, world.EventAPIIndex, of(users, s.listUserApps))

	s.api("GET /api/2/apps", readAll, world.EventAPIIndex, s.listApps)
	s.api("GET /api/2/apps/{id}", readAll, world.EventAPIShow, of(apps, s.getApp))
	s.api("GET /api/2/apps/{id}/users", readAll, world.EventAPIIndex, of(apps, s.listAppUsers))
	s.api("GET /api/2/apps/{id}/rules", manageAll, world.EventAPIRulesListed, of(apps, s.listRules))
	s.api("DELETE /api/2/apps/{id}/rules/{rule}", manageAll, 9024, of(apps, s.deleteRule))
	s.api("GET /api/2/apps/{id}/rules/actions/set_groups/values", manageAll, 9038, of(apps, s.listGroupValues))

	s.api("GET /api/2/roles", readRoles, 9048, s.listRoles)
	s.api("GET /api/2/roles/{id}", readRoles, 9050, of(roles, s.getRole))
	s.api("GET /api/2/roles/{id}/apps", readRoles, 9054, of(roles, s.listRoleApps))
	s.api("GET /api/2/roles/{id}/users", readRoles, 9056, of(roles, s.listRoleUsers))

	s.api("GET /api/1/events", readUsers, world.EventAPIIndex, s.listEvents)

	for _, path := range []string{"GET /apps/{id}/edit", "GET /apps/{id}/edit/{$}"} {
		s.route(path, s.appPage)
	}
	s.route("POST /__sim/console/apps/{id}/{button}", s.press)
	s.route("POST /__sim/console/apps/{id}/boxes/{box}", of(apps, s.tick))
	s.route("/", func(c *call) answer {
		if c.v1() {
			return wrapped(http.StatusNotFound, "Not Found", "No Route Exists")
		}
		return named(http.StatusNotFound, "NotFoundError", "No Route Exists")
	})
}

// of hands a handler the record that the path names.
func of[T any](all map[int64]*T, h func(*call, *T) answer) handler {
	return func(c *call) answer {
		if one := all[number(c.path("id"))]; one != nil {
			return h(c, one)
		}
		return notFound()
	}
}

// route registers a handler that needs no bearer token; api does so for all under /api.
func (s *Server) route(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
		if err != nil { // too long, or the client went away and hears nothing of this
			http.Error(rw, "Request Entity Too Large", http.StatusRequestEntityTooLarge)
			return
		}
		c := &call{req: r, query: r.URL.Query(), body: body}
		s.w.Lock()
		a := h(c)
		s.served++
		id := fmt.Sprintf("%08x-sim", s.served)
		s.w.Unlock()
		s.note(c, a)
		maps.Copy(rw.Header(), a.header)
		rw.Header().Set("X-Request-Id", id)
		rw.WriteHeader(a.status)
		_, _ = rw.Write(a.body) // a client that hung up needs no answer
	})
}

// api registers a handler behind bearer token, budget and scope. event is the type that a call leaves in the log.
func (s *Server) api(pattern string, need scope, event int, h handler) {
	s.route(pattern, func(c *call) answer {
		if bad := s.authenticate(c); bad != nil {
			return *bad
		}
		if over := s.spend(); over != nil {
			return *over
		}
		if !need.allows(c.cred.Scope) {
			refused := s.outOfScope(c)
			s.noteCall(c, event, refused.status)
			return s.withRate(refused)
		}
		a := h(c)
		s.noteCall(c, event, a.status)
		return s.withRate(a)
	})
}
