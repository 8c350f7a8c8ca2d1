package onelogin

import "net/http"

// routes lists every path that answers. A path or method that is not here is a 404, as OneLogin answers to guessed
// ones: no public path can sync logins, refresh or reapply entitlements, approve or retry.
func (s *Server) routes() {
	s.route("POST /auth/oauth2/v2/token", s.issueToken)
	s.route("POST /auth/oauth2/token", s.issueToken)
	s.route("POST /auth/oauth2/revoke", s.revokeToken)
	s.route("GET /auth/rate_limit", s.rateLimit)
	s.readRoutes()
	s.writeRoutes()
	s.ruleRoutes()
	s.consoleRoutes()
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
	s.api("GET /api/1/users/{id}/roles", readUsers, eventIndex, s.listUserRolesV1)

	s.api("GET /api/2/apps", readAll, eventIndex, s.listApps)
	s.api("GET /api/2/apps/{id}", readAll, eventShow, s.getApp)
	s.api("GET /api/2/apps/{id}/users", readAll, eventIndex, s.listAppUsers)
	s.api("GET /api/2/connectors", manageAll, eventIndex, s.listConnectors)

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

func (s *Server) writeRoutes() {
	s.api("POST /api/2/users", manageUsers, noEvent, s.createUser)
	s.api("DELETE /api/2/users/{id}", manageUsers, noEvent, s.deleteUser)
	s.api("PUT /api/2/users/{id}", manageUsers, noEvent, s.putUser)
	s.api("PUT /api/1/users/{id}/add_roles", manageAll, noEvent, s.changeRoles(true, 513))
	s.api("PUT /api/1/users/{id}/remove_roles", manageAll, noEvent, s.changeRoles(false, 514))
	s.api("PUT /api/1/users/{id}/set_state", manageUsers, eventOther, s.setState)
	s.api("PUT /api/2/apps/{id}", manageAll, eventAppUpdated, s.putApp)
	s.api("POST /api/2/roles", manageAll, noEvent, s.createRole)
	s.api("PUT /api/2/roles/{id}", manageAll, 9052, s.putRole)
	s.api("DELETE /api/2/roles/{id}", manageAll, noEvent, s.deleteRole)
	s.api("PUT /api/2/roles/{id}/apps", manageAll, 9052, s.putRoleApps)
	s.api("POST /api/2/roles/{id}/users", manageAll, 9052, s.changeRoleUsers(true))
	s.api("DELETE /api/2/roles/{id}/users", manageAll, 9052, s.changeRoleUsers(false))
	s.api("POST /api/2/roles/{id}/admins", manageAll, 9052, s.changeRoleAdmins(true))
	s.api("DELETE /api/2/roles/{id}/admins", manageAll, 9052, s.changeRoleAdmins(false))
}

// ruleRoutes are the rules of an app and, with the same handlers, the tenant's user mappings. Each needs Manage All,
// also for reading.
func (s *Server) ruleRoutes() {
	for _, r := range []struct {
		method, tail   string
		event, mapping int // for app rules, for user mappings
		h              func(*call, ruleBook) answer
	}{
		{"GET", "", 9014, eventIndex, s.listRules},
		{"POST", "", 9016, 189, s.createRule},
		{"PUT", "/sort", 9026, 193, s.sortRules},
		{"GET", "/conditions", 9032, eventIndex, s.listConditions},
		{"GET", "/conditions/{value}/operators", 9034, eventIndex, s.listOperators},
		{"GET", "/conditions/{value}/values", eventIndex, eventIndex, s.listConditionValues},
		{"GET", "/actions", 9036, eventIndex, s.listActions},
		{"GET", "/actions/{value}/values", 9038, eventIndex, s.listActionValues},
		{"GET", "/{rule}", 9020, eventShow, s.getRule},
		{"PUT", "/{rule}", 9018, 193, s.putRule},
		{"DELETE", "/{rule}", 9024, 190, s.deleteRule},
	} {
		s.api(r.method+" /api/2/apps/{id}/rules"+r.tail, manageAll, r.event, s.appRules(r.h))
		s.api(r.method+" /api/2/mappings"+r.tail, manageAll, r.mapping, s.mappings(r.h))
	}
	s.api("POST /api/2/mappings/{rule}/dryrun", manageAll, eventOther, s.mappings(s.dryRun))
}
