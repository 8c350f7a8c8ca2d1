package onelogin

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/sync/sim/engine/rule"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// listUsers serves GET /api/2/users: slim items unless fields asks for more.
// https://developers.onelogin.com/api-docs/2/users/list-users
func (s *Server) listUsers(c *call) answer {
	src := &s.w.Source
	fields := c.query.Get("fields")
	return list(s, c, "users", src.Users, s.matchingUsers, func(u *world.User) map[string]any {
		row := slimUser(u)
		if strings.Contains(fields, "role_ids") {
			row["role_ids"] = src.RolesOf(u.ID)
		}
		if strings.Contains(fields, "custom_attributes") {
			row["custom_attributes"] = s.customAttributes(u)
		}
		return selectFields(row, fields)
	})
}

// matchingUsers collects the users that every filter lets through; an unknown filter is ignored, as the API does.
func (s *Server) matchingUsers(q url.Values) []int64 {
	tests := []func(*world.User) bool{}
	for name := range q {
		value := q.Get(name)
		switch name {
		case "app_id", "user_ids":
			set := parseIDs(value)
			if name == "app_id" {
				set = s.w.Source.Assigned(parseID(value))
			}
			tests = append(tests, func(u *world.User) bool { return set[u.ID] })
		case "email", "username", "firstname", "lastname", "external_id":
			fits := valueFilter(value)
			tests = append(tests, func(u *world.User) bool {
				text, _ := rule.Field(u, name)
				return fits(text)
			})
		case "updated_since":
			if at, ok := parseTime(value); ok && s.knobs.UpdatedSince != "ignored" {
				if s.knobs.UpdatedSince == "nobody" {
					return []int64{}
				}
				tests = append(tests, func(u *world.User) bool { return !u.UpdatedAt.Before(at) })
			}
		}
	}
	return idsWhere(s.w.Source.Users, func(u *world.User) bool {
		return !slices.ContainsFunc(tests, func(test func(*world.User) bool) bool { return !test(u) })
	})
}

func (s *Server) getUser(c *call, u *world.User) answer {
	return respond(http.StatusOK, selectFields(s.fullUser(u), c.query.Get("fields")))
}

// slimUser has neither role_ids nor custom_attributes, as the documentation's list sample.
func slimUser(u *world.User) map[string]any {
	return map[string]any{
		"id": u.ID, "username": orNull(u.Username), "email": orNull(u.Email), "firstname": orNull(u.FirstName),
		"lastname": orNull(u.LastName), "title": orNull(u.Title), "department": orNull(u.Department),
		"company": orNull(u.Company), "phone": orNull(u.Phone), "group_id": orNull(u.GroupID), "state": u.State,
		"status": u.Status, "external_id": orNull(u.ExternalID), "created_at": stampOrNull(u.CreatedAt),
		"updated_at": stampOrNull(u.UpdatedAt), "directory_id": nil, "samaccountname": nil, "member_of": nil,
		"distinguished_name": nil, "activated_at": nil, "last_login": nil, "invitation_sent_at": nil,
		"locked_until": nil, "password_changed_at": nil, "invalid_login_attempts": 0,
	}
}

func (s *Server) fullUser(u *world.User) map[string]any {
	full := slimUser(u)
	full["role_ids"], full["custom_attributes"] = s.w.Source.RolesOf(u.ID), s.customAttributes(u)
	for _, name := range []string{
		"comment", "trusted_idp_id", "manager_user_id", "userprincipalname", "preferred_locale_code",
	} {
		full[name] = nil
	}
	return full
}

// customAttributes carries every attribute of the tenant, null when unset.
func (s *Server) customAttributes(u *world.User) map[string]any {
	all := map[string]any{}
	for _, name := range s.w.Source.CustomAttributes {
		all[name] = nil
		if v, ok := u.Custom[name]; ok {
			all[name] = v
		}
	}
	return all
}

// listUserApps serves GET /api/2/users/{id}/apps, the one place that shows provisioning states. Apps off the portal are
// left out unless ignore_visibility is true. https://developers.onelogin.com/api-docs/2/users/get-user-apps
func (s *Server) listUserApps(c *call, u *world.User) answer {
	src := &s.w.Source
	rows := []map[string]any{}
	for _, id := range slices.Sorted(maps.Keys(src.Apps)) {
		app := src.Apps[id]
		login := src.Logins[world.LoginKey{App: id, User: u.ID}]
		if !src.IsAssigned(id, u.ID) && login == nil || app.Hidden && c.query.Get("ignore_visibility") != "true" {
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

// putUser serves PUT /api/2/users/{id}: a partial update that starts user mappings and app rules, unless
// mappings=disabled, or nothing has changed. mappings=sync leaves out the queue's delay.
// https://developers.onelogin.com/api-docs/2/users/update-user
func (s *Server) putUser(c *call, u *world.User) answer {
	var body map[string]json.RawMessage
	if json.Unmarshal(c.body, &body) != nil || body == nil {
		return errorV2(http.StatusBadRequest, "BadRequestError", "The request body must be a JSON object")
	}
	next := *u
	next.Custom = maps.Clone(u.Custom)
	problem := s.applyUserFields(&next, body)
	mode := c.query.Get("mappings")
	if !slices.Contains([]string{"", "async", "sync", "disabled"}, mode) {
		problem = "mappings must be async, sync or disabled"
	}
	if problem != "" {
		s.addEvent(world.Event{
			Type: world.EventAPIUserRefused, UserID: u.ID, UserName: fullName(u),
			ClientID: c.cred.ClientID, ErrorDescription: problem,
		})
		return errorV2(http.StatusUnprocessableEntity, "UnprocessableEntityError", problem)
	}
	s.addEvent(world.Event{
		Type: world.EventAPIUserUpdated, UserID: u.ID, UserName: fullName(u), ClientID: c.cred.ClientID,
	})
	if !reflect.DeepEqual(*u, next) {
		next.UpdatedAt = s.w.Now()
		*u = next
		s.w.Source.Changes++
		s.addEvent(world.Event{Type: world.EventUserUpdated, UserID: u.ID, UserName: fullName(u)})
		if mode != "disabled" && s.engine != nil {
			s.engine.UserChanged(u.ID, mode == "sync")
		}
	}
	return respond(http.StatusOK, s.fullUser(u))
}

// applyUserFields applies the fields of a body that anybody here writes; the others are ignored. It returns what is
// wrong, or nothing.
func (s *Server) applyUserFields(u *world.User, body map[string]json.RawMessage) string {
	var custom map[string]string
	for field, to := range map[string]any{
		"title": &u.Title, "department": &u.Department, "custom_attributes": &custom,
	} {
		if raw, has := body[field]; has && json.Unmarshal(raw, to) != nil {
			return field + " has the wrong type"
		}
	}
	for name, value := range custom {
		switch {
		case !slices.Contains(s.w.Source.CustomAttributes, name):
			return "custom attribute " + name + " is not defined: add it in the console first"
		case u.Custom == nil:
			u.Custom = map[string]string{name: value}
		default:
			u.Custom[name] = value
		}
	}
	return ""
}
