package onelogin

import "net/http"

// routes lists every path that answers. A path or method that is not here is a 404, as OneLogin answers to guessed ones: no public
// path can sync logins, refresh or reapply entitlements, approve or retry.
func (s *Server) routes() {
	s.route("POST /auth/oauth2/v2/token", s.issueToken)
	s.route("POST /auth/oauth2/token", s.issueToken)
	s.route("POST /auth/oauth2/revoke", s.revokeToken)
	s.route("GET /auth/rate_limit", s.rateLimit)
	s.readRoutes()
	s.route("/", func(c *call) answer {
		if c.v1() {
			return wrapped(http.StatusNotFound, "Not Found", "No Route Exists")
		}
		return named(http.StatusNotFound, "NotFoundError", "No Route Exists")
	})
}

func (s *Server) readRoutes() {
	s.api("GET /api/2/users", readUsers, eventIndex, s.listUsers)
	s.api("GET /api/2/users/custom_attributes", readUsers, eventIndex, s.listCustomAttributes)
	s.api("GET /api/2/users/{id}", readUsers, eventShow, s.getUser)
	s.api("GET /api/2/users/{id}/apps", readUsers, eventIndex, s.listUserApps)
	s.api("GET /api/1/users/{id}/apps", readUsers, eventIndex, s.listUserAppsV1)

	s.api("GET /api/2/apps", readAll, eventIndex, s.listApps)
	s.api("GET /api/2/apps/{id}", readAll, eventShow, s.getApp)
	s.api("GET /api/2/apps/{id}/users", readAll, eventIndex, s.listAppUsers)
	s.api("GET /api/2/connectors", manageAll, eventIndex, s.listConnectors)

	s.api("GET /api/2/apps/{id}/rules", manageAll, 9014, s.listRules)
	s.api("GET /api/2/apps/{id}/rules/{rule}", manageAll, 9020, s.getRule)

	s.api("GET /api/2/roles", readRoles, 9048, s.listRoles)
	s.api("GET /api/2/roles/{id}", readRoles, 9050, s.getRole)
	s.api("GET /api/2/roles/{id}/apps", readMembers, 9054, s.listRoleApps)
	s.api("GET /api/2/roles/{id}/users", readMembers, 9056, s.listRoleUsers)
	s.api("GET /api/2/roles/{id}/admins", readMembers, 9058, s.listRoleAdmins)

	s.api("GET /api/1/events", readUsers, eventIndex, s.listEvents)
	s.api("GET /api/1/events/types", anyScope, eventIndex, s.listEventTypes)
	s.api("GET /api/1/events/{id}", readUsers, eventShow, s.getEvent)
	s.api("GET /api/1/groups", readUsers, eventIndex, s.listGroups)
	s.api("GET /api/1/groups/{id}", readUsers, eventShow, s.getGroup)
}
