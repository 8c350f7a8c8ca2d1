package model

import "fmt"

const (
	notRead   = " was not read again"
	malformed = "a condition names no record; make the plan again"
)

// user finds a record that was read; why is the phrase if it is not there.
func (e *eye) user(id, called string) (u *User, why string) {
	u, read := e.Users[id]
	switch {
	case id == "":
		return nil, malformed
	case !read:
		return nil, Visible(called) + notRead
	case u == nil:
		return nil, Visible(called) + " is gone from the target"
	}
	return u, ""
}

func (e *eye) userIs(id, name string) string {
	u, why := e.user(id, name)
	if why == "" && u.UserName != name {
		return calledNow(name, u.UserName)
	}
	return why
}

// calledNow says that a record has another name than it had, so that they show as two.
func calledNow(then, now string) string {
	then, now = Distinct(then, now)
	return Visible(then) + " is called " + Visible(now) + " at the target now"
}

func (e *eye) userAbsent(s *Statement) string {
	switch {
	case s.Field == fieldExternalID:
		return e.externalIDFree(s.Value)
	case s.ID != "":
		u, read := e.Users[s.ID]
		switch {
		case !read:
			return Visible(named(s)) + notRead
		case u != nil:
			return Visible(u.UserName) + " is still at the target"
		}
		return ""
	case s.Name == "":
		return malformed
	}
	return taken(e.UserNames, s.Name)
}

func named(s *Statement) string {
	if s.Name == "" {
		return s.ID
	}
	return s.Name
}

// taken says whether somebody has a name, by what a lookup said.
func taken(held map[string]string, name string) string {
	switch id, read := held[Fold(name)]; {
	case !read:
		return "who is called " + Visible(name) + notRead
	case id != "":
		return Visible(name) + " is at the target already"
	}
	return ""
}

func (e *eye) externalIDFree(value string) string {
	switch id, read := e.ExternalIDs[value]; {
	case value == "":
		return malformed
	case !read:
		return "who has the external id " + Visible(value) + notRead
	case id != "":
		return "another user at the target has the external id " + Visible(value) + " already"
	}
	return ""
}

func (e *eye) fieldIs(s *Statement) string {
	u, why := e.user(s.ID, named(s))
	if why != "" {
		return why
	}
	switch value, known := u.attribute(s.Field); {
	case !known:
		return "a condition is about a field that is not known: " + Visible(s.Field)
	case value != s.Value:
		return fmt.Sprintf("%s of %s is %s at the target, not %s", s.Field, Visible(u.UserName), quoted(value), quoted(s.Value))
	}
	return ""
}

// quoted shows a value that may be empty.
func quoted(value string) string { return `"` + Visible(value) + `"` }

func (e *eye) usersAre(users []Member) string {
	return e.each(&Statement{Users: users}, func(m *Member) string {
		if why := e.userIs(m.ID, m.UserName); why != "" {
			return why
		}
		if !e.Users[m.ID].Active {
			return Visible(m.UserName) + " is not active at the target"
		}
		return ""
	})
}

func (e *eye) groupIs(s *Statement) string {
	g, read := e.Groups[s.ID]
	switch {
	case s.ID == "":
		return malformed
	case !read:
		return Visible(s.Name) + notRead
	case g == nil:
		return Visible(s.Name) + " is gone from the target"
	case g.Name != s.Name:
		return calledNow(s.Name, g.Name)
	}
	return ""
}

func (e *eye) groupAbsent(s *Statement) string {
	if s.ID == "" && s.Name == "" {
		return malformed
	}
	if s.ID == "" {
		return taken(e.GroupNames, s.Name)
	}
	g, read := e.Groups[s.ID]
	switch {
	case !read:
		return Visible(named(s)) + notRead
	case g != nil:
		return Visible(g.Name) + " is still at the target"
	}
	return ""
}

// members gives the ids of a group's members; an id of which the lookup says that nobody has it gives nobody access.
func (e *eye) members(id string) (ids map[string]bool, why string) {
	list, read := e.Members[id]
	switch {
	case id == "":
		return nil, malformed
	case !read:
		return nil, "the members of " + e.groupName(id) + " were not read again"
	case list.Unknown != "":
		return nil, "the members of " + e.groupName(id) + " could not be read in full: " + list.Unknown
	}
	ids = make(map[string]bool, len(list.IDs))
	for _, member := range list.IDs {
		if u, read := e.Users[member]; !read || u != nil {
			ids[member] = true
		}
	}
	return ids, ""
}

func (e *eye) groupName(id string) string {
	if g := e.Groups[id]; g != nil {
		return Visible(g.Name)
	}
	return "group " + Visible(id)
}

func (e *eye) membersAre(s *Statement) string {
	ids, why := e.members(s.ID)
	if why != "" {
		return why
	}
	for _, m := range s.Users {
		if !ids[m.ID] {
			return Visible(m.UserName) + " is no longer in " + e.groupName(s.ID)
		}
		delete(ids, m.ID)
	}
	if len(ids) > 0 {
		return fmt.Sprintf("%s has %d more members than before", e.groupName(s.ID), len(ids))
	}
	return ""
}

// membersHold answers whether all or none of some users are in a group.
func (e *eye) membersHold(s *Statement) string {
	ids, why := e.members(s.ID)
	if why != "" {
		return why
	}
	return e.each(s, func(m *Member) string {
		switch {
		case m.ID == "":
			return malformed
		case s.Fact == MembersInclude && !ids[m.ID]:
			return Visible(m.UserName) + " is not in " + e.groupName(s.ID)
		case s.Fact == MembersExclude && ids[m.ID]:
			return Visible(m.UserName) + " is in " + e.groupName(s.ID)
		}
		return ""
	})
}
