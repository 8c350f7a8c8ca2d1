package onelogin

import (
	"maps"
	"net/http"
	"slices"

	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listUserApps serves GET /api/2/users/{id}/apps, the one place that shows provisioning states. Apps off the portal are
// left out unless ignore_visibility is true. https://developers.onelogin.com/api-docs/2/users/get-user-apps
func (s *Server) listUserApps(c *call) answer {
	src := &s.w.Source
	user := number(c.path("id"))
	if src.Users[user] == nil {
		return notFound()
	}
	rows := []map[string]any{}
	for _, id := range slices.Sorted(maps.Keys(src.Apps)) {
		app := src.Apps[id]
		login := src.Logins[world.LoginKey{App: id, User: user}]
		if !src.IsAssigned(id, user) && (login == nil || login.State == "deleted") {
			continue
		}
		if app.Hidden && c.query.Get("ignore_visibility") != "true" {
			continue
		}
		row := map[string]any{
			"id": id, "name": app.Name, "icon_url": nil, "extension": false, "login_id": nil,
			"provisioning_status": nil, "provisioning_state": nil, "provisioning_enabled": app.ProvisioningEnabled,
		}
		if login != nil {
			row["login_id"] = login.ID
			row["provisioning_status"], row["provisioning_state"] = orNull(login.Status), orNull(login.State)
		}
		rows = append(rows, row)
	}
	return respond(http.StatusOK, rows)
}

// listUserAppsV1 serves the old sibling, whose provisioned says nothing.
func (s *Server) listUserAppsV1(c *call) answer {
	src := &s.w.Source
	user := number(c.path("id"))
	if src.Users[user] == nil {
		return wrapped(http.StatusNotFound, "Not Found", "User not found")
	}
	rows := []map[string]any{}
	for _, id := range slices.Sorted(maps.Keys(src.Apps)) {
		if src.IsAssigned(id, user) {
			row := map[string]any{
				"id": id, "name": src.Apps[id].Name, "icon": nil, "provisioned": "unknown", "extension": false,
				"login_id": nil, "personal": false,
			}
			if login := src.Logins[world.LoginKey{App: id, User: user}]; login != nil {
				row["login_id"] = login.ID
			}
			rows = append(rows, row)
		}
	}
	return respond(http.StatusOK, map[string]any{"status": success(), "data": rows})
}
