package world

import (
	"slices"
)

// Assigned gives the users of an app, by a role or directly, leaving out ids without a user. The map is the caller's.
func (s *Source) Assigned(app int64) map[int64]bool {
	users := map[int64]bool{}
	a := s.Apps[app]
	if a == nil {
		return users
	}
	for id, on := range a.Direct {
		if on && s.Users[id] != nil {
			users[id] = true
		}
	}
	for _, r := range s.Roles {
		if !r.Apps[app] {
			continue
		}
		for id, on := range r.Users {
			if on && s.Users[id] != nil {
				users[id] = true
			}
		}
	}
	return users
}

// IsAssigned tells whether an app lists one user, without listing all.
func (s *Source) IsAssigned(app, user int64) bool {
	a := s.Apps[app]
	if a == nil || s.Users[user] == nil {
		return false
	}
	return a.Direct[user] || len(s.roles(func(r *Role) bool { return r.Apps[app] && r.Users[user] })) > 0
}

// RolesOf gives the ids of a user's roles, sorted.
func (s *Source) RolesOf(user int64) []int64 {
	return s.roles(func(r *Role) bool { return r.Users[user] })
}

// GrantingRoles gives the ids of the roles that grant an app, sorted.
func (s *Source) GrantingRoles(app int64) []int64 {
	return s.roles(func(r *Role) bool { return r.Apps[app] })
}

func (s *Source) roles(fits func(*Role) bool) []int64 {
	roles := []int64{}
	for id, r := range s.Roles {
		if fits(r) {
			roles = append(roles, id)
		}
	}
	slices.Sort(roles)
	return roles
}

// Active tells whether provisioning counts the user as active: neither suspended, nor rejected, nor unlicensed.
func (u *User) Active() bool { return u.Status != 2 && u.State != 2 && u.State != 3 }

// SortedIDs gives a set's members in order.
func SortedIDs(set map[int64]bool) []int64 {
	ids := make([]int64, 0, len(set))
	for id, on := range set {
		if on {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
