package model

import "slices"

// Timeline gives what OneLogin's log says of a subject, newest first: its own events, and those of the whole app that
// decide whether it is pushed at all (reapplies, refreshes, a rejected token, edits of the set-up). Events of other apps
// are left out. It walks the log each time, so ask for it when a subject is opened, not for every row.
func (c *Comparison) Timeline(s Subject) []Event {
	concerns := c.ofUser(s)
	switch s.Type {
	case SubjectUser:
	case SubjectGroup:
		concerns = c.ofGroup(s)
	default:
		concerns = func(*Event) bool { return false }
	}
	var out []Event
	for _, e := range newestFirst(c.Source.Events) {
		if e.of(c.Source.App.ID) && (e.appWide() || concerns(e)) {
			out = append(out, *e)
		}
	}
	return out
}

// appWide reports whether the event bears on every subject of the app.
func (e *Event) appWide() bool {
	switch e.Type {
	case EventReapplied, EventEntitlementsRefresh, EventLoginsSynced, EventTokenRejected, EventBrokenConnector, 38, 250, 251:
		return true
	}
	return e.edits()
}

// ofUser tells the events of one user: by OneLogin's id, which a user who is only at the target may carry as external id;
// where there is no user at the source, by the names that an event gives, because ids of deleted users lead nowhere.
func (c *Comparison) ofUser(s Subject) func(*Event) bool {
	id, names := s.SourceID, []string(nil)
	if id == "" {
		names = append(names, Fold(s.Name))
		if t := slices.IndexFunc(c.Target.Users, func(u User) bool { return s.TargetID != "" && u.ID == s.TargetID }); t >= 0 {
			u := &c.Target.Users[t]
			id, names = u.ExternalID, append(names, Fold(u.Email))
		}
	}
	return func(e *Event) bool {
		name := Fold(e.UserName)
		return id != "" && e.UserID == id || name != "" && slices.Contains(names, name)
	}
}

// ofGroup tells the events of the roles that yield or yielded a group, and failed pushes that name it.
func (c *Comparison) ofGroup(s Subject) func(*Event) bool {
	names := []string{Fold(s.Name)}
	var roles []string
	for i := range c.Source.Groups {
		if g := &c.Source.Groups[i]; s.SourceID != "" && g.ID == s.SourceID || SameName(g.Name, s.Name) {
			roles, names = append(roles, g.RoleIDs...), append(names, Fold(g.Name))
		}
	}
	for i := range c.Target.Groups {
		if g := &c.Target.Groups[i]; s.TargetID != "" && g.ID == s.TargetID {
			names = append(names, Fold(g.Name))
			if g.ExternalID != "" {
				roles = append(roles, g.ExternalID)
			}
		}
	}
	return func(e *Event) bool {
		role := Fold(e.RoleName)
		switch {
		case e.RoleID != "" && slices.Contains(roles, e.RoleID), role != "" && slices.Contains(names, role):
			return true
		case !e.Problem() || e.Text == "":
			return false
		}
		text := Fold(e.Text)
		return slices.ContainsFunc(names, func(name string) bool { return containsWord(text, name) })
	}
}

// About gives the subjects that an event names, as findings and rows know them: its user, and the groups of its role. It
// is the way back from the log to the board; nil if the event concerns nobody on it.
func (c *Comparison) About(e *Event) []Subject {
	var out []Subject
	for s := range c.Source.Users {
		if e.UserID != "" && c.Source.Users[s].ID == e.UserID {
			out = append(out, c.UserSubject(int32(s), c.Users.ToTarget[s]))
		}
	}
	for t := range c.Target.Users {
		if u := &c.Target.Users[t]; e.UserID != "" && u.ExternalID == e.UserID && c.Users.ToSource[t] == None {
			out = append(out, c.UserSubject(None, int32(t)))
		}
	}
	for s := range c.Source.Groups {
		if e.RoleID != "" && slices.Contains(c.Source.Groups[s].RoleIDs, e.RoleID) {
			out = append(out, c.GroupSubject(int32(s), c.Groups.ToTarget[s]))
		}
	}
	for t := range c.Target.Groups {
		if g := &c.Target.Groups[t]; c.Groups.ToSource[t] == None && e.RoleName != "" && SameName(g.Name, e.RoleName) {
			out = append(out, c.GroupSubject(None, int32(t)))
		}
	}
	return out
}
