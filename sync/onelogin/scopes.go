package onelogin

import "strings"

// Needs names what a GET of the API reads and the least scope of a credential that may
// (each call lists its own under https://developers.onelogin.com/api-docs). what is empty for hints that
// the program does without.
func Needs(path string) (what, scope string) {
	switch {
	case strings.HasPrefix(path, "/auth/oauth2"):
		return "the login", ""
	case strings.HasPrefix(path, "/auth/"), strings.Contains(path, "/rules/"),
		strings.HasPrefix(path, "/api/1/events/types"):
		return "", ""
	case strings.HasSuffix(path, "/rules"):
		return "app rules", manageAll
	case strings.HasPrefix(path, "/api/1/events"):
		return "events", readUsers
	case strings.HasPrefix(path, "/api/2/roles/"):
		return "the users of single roles", readAll
	case strings.HasPrefix(path, "/api/2/roles"):
		return "roles", readUsers
	case strings.HasPrefix(path, "/api/2/apps") && strings.HasSuffix(path, "/users"):
		return "the app's users", readAll
	case strings.HasPrefix(path, "/api/2/apps"):
		return "the app", readAll
	case strings.HasPrefix(path, "/api/2/users/") && strings.HasSuffix(path, "/apps"):
		return "provisioning states of users", readUsers
	case strings.HasPrefix(path, "/api/2/users"):
		return "users", readUsers
	}
	return "", ""
}

// readUsers is the scope below Read All.
const readUsers = "Read Users"
