package model

import "strings"

// Called is what a user is called in words: by the userName, else by what else they have. Text of nothing but spaces
// names nobody.
func (u *User) Called() string {
	if strings.TrimSpace(u.UserName) != "" {
		return u.UserName
	}
	for _, name := range []string{u.Email, u.DisplayName, Trim(u.GivenName + " " + u.FamilyName), u.Login} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return u.ID
}

// Called is what a group is called in words: by its name, else by its id.
func (g *Group) Called() string {
	if strings.TrimSpace(g.Name) != "" {
		return g.Name
	}
	return g.ID
}

// calledTogether is what a user is called whom one side or both have: by the source's userName, else by the target's,
// else by what one of them has.
func calledTogether(src, tgt *User) string {
	if src == nil || tgt != nil && strings.TrimSpace(src.UserName) == "" && strings.TrimSpace(tgt.UserName) != "" {
		return tgt.Called()
	}
	return src.Called()
}

// Called is what a subject is called in words: by its name, with the spaces around it spelled.
func (s Subject) Called() string { return SpellEdges(s.Name) }

// Called is what the subject is called in words: its name where anything gives it.
func (t *Tick) Called() string {
	switch {
	case !t.Nameless:
		return t.Subject.Called()
	case t.Subject.Type == SubjectUser || t.Subject.Type == SubjectGroup:
		return "a " + string(t.Subject.Type) + " that is in neither side's records any more"
	}
	return t.Finding
}

// Called is what a step's subject is called, as a finding's is.
func (s PlanSubject) Called() string { return SpellEdges(s.Name) }
