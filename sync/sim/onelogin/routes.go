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

	s.handle("POST /auth/oauth2/v2/token", s.issueToken)
	s.handle("GET /auth/rate_limit", s.rateLimit)

	s.handleAPI("GET /api/2/users", readUsers, world.EventAPIIndex, s.listUsers)
	s.handleAPI("GET /api/2/users/{id}", readUsers, world.EventAPIShow, withRecord(users, s.getUser))
	s.handleAPI("PUT /api/2/users/{id}", manageUsers, noEvent, withRecord(users, s.putUser))
	s.handleAPI("GET /api/2/users/{id}/apps", readUsers, world.EventAPIIndex, withRecord(users, s.listUserApps))

	s.handleAPI("GET /api/2/apps", readAll, world.EventAPIIndex, s.listApps)
	s.handleAPI("GET /api/2/apps/{id}", readAll, world.EventAPIShow, withRecord(apps, s.getApp))
	s.handleAPI("GET /api/2/apps/{id}/users", readAll, world.EventAPIIndex, withRecord(apps, s.listAppUsers))
	s.handleAPI("GET /api/2/apps/{id}/rules", manageAll, world.EventAPIRulesListed, withRecord(apps, s.listRules))
	s.handleAPI("DELETE /api/2/apps/{id}/rules/{rule}", manageAll, 9024, withRecord(apps, s.deleteRule))
	s.handleAPI("GET /api/2/apps/{id}/rules/actions/set_groups/values", manageAll, 9038,
		withRecord(apps, s.listGroupValues))

	s.handleAPI("GET /api/2/roles", readRoles, 9048, s.listRoles)
	s.handleAPI("GET /api/2/roles/{id}", readRoles, 9050, withRecord(roles, s.getRole))
	s.handleAPI("GET /api/2/roles/{id}/apps", readRoles, 9054, withRecord(roles, s.listRoleApps))
	s.handleAPI("GET /api/2/roles/{id}/users", readRoles, 9056, withRecord(roles, s.listRoleUsers))

	s.handleAPI("GET /api/1/events", readUsers, world.EventAPIIndex, s.listEvents)

	for _, path := range []string{"GET /apps/{id}/edit", "GET /apps/{id}/edit/{$}"} {
		s.handle(path, s.appPage)
	}
	s.handle("POST /__sim/console/apps/{id}/{button}", s.press)
	s.handle("POST /__sim/console/apps/{id}/boxes/{box}", withRecord(apps, s.toggleSetting))
	s.handle("/", func(c *call) answer {
		if c.v1() {
			return errorV1(http.StatusNotFound, "Not Found", "No Route Exists")
		}
		return errorV2(http.StatusNotFound, "NotFoundError", "No Route Exists")
	})
}

// withRecord hands a handler the record that the path names.
func withRecord[T any](all map[int64]*T, h func(*call, *T) answer) handler {
	return func(c *call) answer {
		if one := all[parseID(c.path("id"))]; one != nil {
			return h(c, one)
		}
		return notFound()
	}
}

// handle registers a handler that needs no bearer token; handleAPI does so for all under /api.
func (s *Server) handle(pattern string, h handler) {
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
		s.logRequest(c, a)
		maps.Copy(rw.Header(), a.header)
		rw.Header().Set("X-Request-Id", id)
		rw.WriteHeader(a.status)
		_, _ = rw.Write(a.body) // a client that hung up needs no answer
	})
}

// handleAPI registers a handler behind bearer token, budget and scope. event is the type that a call leaves in the log.
func (s *Server) handleAPI(pattern string, need scope, event int, h handler) {
	s.handle(pattern, func(c *call) answer {
		if bad := s.authenticate(c); bad != nil {
			return *bad
		}
		if over := s.spendCall(); over != nil {
			return *over
		}
		if !need.allows(c.cred.Scope) {
			refused := s.outOfScope(c)
			s.logCallEvent(c, event, refused.status)
			return s.withRateHeaders(refused)
		}
		a := h(c)
		s.logCallEvent(c, event, a.status)
		return s.withRateHeaders(a)
	})
}
