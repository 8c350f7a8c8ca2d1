package onelogin

import (
	"net/http"
	"slices"
)

// scope is what a call needs of its credential. A credential pair has one of five scopes, set in the console.
type scope int

const (
	anyScope    scope = iota // GET events/types: none is documented
	readUsers                // users, their apps, events, policy groups
	manageUsers              // writing users
	readRoles                // roles
	readMembers              // a role's users, apps and admins: sources disagree, see Knobs.RoleMembersNeedManageAll
	readAll                  // apps and their users
	manageAll                // rules, mappings, connectors and every other write: also for reading
	anyToken                 // /auth/rate_limit: every token
)

// allows follows the table of scopes in the documentation of each call.
func (n scope) allows(held string, knobs Knobs) bool {
	var enough []string
	switch n {
	case anyToken:
		return true
	case anyScope, readUsers:
		enough = []string{"read_users", "manage_users", "read_all", "manage_all"}
	case manageUsers:
		enough = []string{"manage_users", "manage_all"}
	case readRoles:
		enough = []string{"read_users", "read_all", "manage_all"}
	case readMembers:
		enough = []string{"read_users", "read_all", "manage_all"}
		if knobs.RoleMembersNeedManageAll {
			enough = []string{"manage_all"}
		}
	case readAll:
		enough = []string{"read_all", "manage_all"}
	case manageAll:
		enough = []string{"manage_all"}
	}
	return slices.Contains(enough, held)
}

func (s *Server) outOfScope(c *call) answer {
	const text = "Insufficient permissions: the API credential's scope does not allow this call"
	code := s.knobs.ScopeStatus
	if code == 0 && c.v1() {
		code = http.StatusUnauthorized
	}
	code = or(code, http.StatusForbidden)
	name, kind := "ForbiddenError", "Forbidden"
	if code == http.StatusUnauthorized {
		name, kind = "UnauthorizedError", "Unauthorized"
	}
	if c.v1() {
		return wrapped(code, kind, text)
	}
	return named(code, name, text)
}
