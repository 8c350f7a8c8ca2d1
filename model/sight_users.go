package model

import (
	"cmp"
	"fmt"
)

// notAll says that a part was not read in full, "" if it was.
func notAll(side string, coverage Coverages, parts ...Part) string {
	for _, p := range parts {
		if !coverage[p].Complete() {
			return fmt.Sprintf("not all %s of the %s were read: %s", p, side, cmp.Or(coverage[p].Reason, coverage[p].State.String()))
		}
	}
	return ""
}

func (e *eye) notAllUsers() string { return e.c.notAllUsers() }

// known finds a source user whose details were read.
func (e *eye) known(m *Member) (s int32, why string) {
	s, found := e.sourceUser(m.SourceID)
	switch {
	case !found:
		return None, Visible(m.UserName) + " is not known at the source any more"
	case e.c.Source.Users[s].RollOnly:
		return None, "the details of " + Visible(m.UserName) + " could not be read at the source"
	}
	return s, ""
}

// pairs answers whether a source user still pairs with a target user, and nothing that was not read could say otherwise.
func (e *eye) pairs(s int32, id, name string) string {
	t, found := e.targetUser(id)
	switch {
	case !found:
		return Visible(name) + " is gone from the target"
	case e.c.Users.ToTarget[s] != t:
		return Visible(name) + " at the target is no longer the same user as at the source"
	case e.c.Users.tied(s):
		return "another record claims to be " + Visible(name) + " too"
	case e.c.Users.onlyLooks(s):
		return "the user at the target only looks like " + Visible(name)
	case !e.c.firm(s, t):
		return "a user who was not read may be whom " + Visible(name) + " stands for: " + e.notAllUsers()
	}
	return ""
}

func (e *eye) entitled(m *Member) string {
	s, why := e.known(m)
	if why != "" {
		return why
	}
	switch u := &e.c.Source.Users[s]; {
	case !u.Assigned:
		return Visible(m.UserName) + " is not assigned to the app any more"
	case !u.Active:
		return Visible(m.UserName) + " is not active at the source any more"
	case m.ID != "":
		return e.pairs(s, m.ID, m.UserName)
	}
	if why := e.notAllUsers(); why != "" {
		return why // the user may be there already
	}
	if e.c.Users.ToTarget[s] != None || e.c.Users.lostSource[s] {
		return Visible(m.UserName) + " is at the target already"
	}
	return ""
}

func (e *eye) unassigned(s *Statement) string {
	if why := notAll(AtSource, e.c.Source.Coverage, PartUsers); why != "" {
		return why
	}
	t, found := e.targetUser(s.ID)
	if !found {
		return "the user " + Visible(s.ID) + " is gone from the target"
	}
	name := Visible(e.c.Target.Users[t].UserName)
	if e.c.Users.lostTarget[t] {
		return "an assigned user of the source may be " + name
	}
	if at := e.c.Users.ToSource[t]; at != None && e.c.Source.Users[at].Assigned {
		return name + " is assigned to the app again"
	}
	return ""
}

func (e *eye) inactive(s *Statement) string {
	if why := e.notAllUsers(); why != "" {
		return why
	}
	t, found := e.targetUser(s.ID)
	if !found {
		return "the user " + Visible(s.ID) + " is gone from the target"
	}
	name := e.c.Target.Users[t].UserName
	at := e.c.Users.ToSource[t]
	if at == None {
		return Visible(name) + " is not known at the source any more"
	}
	switch u := &e.c.Source.Users[at]; {
	case u.RollOnly:
		return "the details of " + Visible(name) + " could not be read at the source"
	case !u.Assigned:
		return Visible(name) + " is not assigned to the app any more"
	case u.Active:
		return Visible(name) + " is active at the source again"
	}
	return e.pairs(at, s.ID, name)
}

func (e *eye) wants(s *Statement) string {
	if len(s.Users) == 0 {
		return malformed
	}
	m := &s.Users[0]
	at, why := e.known(m)
	if why != "" {
		return why
	}
	u := &e.c.Source.Users[at]
	value, known := u.attribute(s.Field)
	switch {
	case !known:
		return "a condition is about a field that is not known: " + Visible(s.Field)
	case !u.Assigned:
		return Visible(m.UserName) + " is not assigned to the app any more"
	case value != s.Value:
		return fmt.Sprintf("the source now has %s as %s of %s", quoted(value), s.Field, Visible(m.UserName))
	case m.ID == "":
		return ""
	}
	if s.Field == fieldUserName { // a missing row could hold a stronger match, and the rename would take that user's access
		why = e.notAllUsers()
	}
	return cmp.Or(why, e.pairs(at, m.ID, m.UserName))
}
