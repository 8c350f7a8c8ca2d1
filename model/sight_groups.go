package model

import (
	"cmp"
	"slices"
)

// groupPairs answers whether a source group and a target group are still a pair.
func (e *eye) groupPairs(s int32, id string) string {
	t, found := e.targetGroup(id)
	name := Visible(e.c.Source.Groups[s].Name)
	switch {
	case !found:
		return "the group for " + name + " is gone from the target"
	case e.c.Groups.ToTarget[s] != t:
		return name + " at the source is no longer that group"
	case e.c.Groups.Contests[s] != nil:
		return "another group claims to be " + name + " too"
	case e.c.Groups.onlyLooks(s):
		return "the group at the target only looks like " + name
	case e.c.Groups.Basis[s] != BasisName && !e.c.bothGroupsRead():
		return cmp.Or(notAll(AtSource, e.c.Source.Coverage, PartGroups), notAll(AtTarget, e.c.Target.Coverage, PartGroups))
	}
	return ""
}

// ungrounded says what of that from which groups follow was not read, "" if all was.
func (e *eye) ungrounded() string {
	if e.c.Source.Origin == FromRules {
		return notAll(AtSource, e.c.Source.Coverage, PartGroups, PartRules)
	}
	return notAll(AtSource, e.c.Source.Coverage, PartGroups)
}

// unruled says why the groups of the source do not bear a step that takes something away, "" if they do.
func (e *eye) unruled() string {
	book := e.c.Source.book
	switch {
	case e.c.Source.Origin == FromNothing || e.c.Source.Origin == FromRolesInstead || book == nil:
		return "the rules could not be read, and they could say otherwise"
	case e.c.Source.Origin == FromRules && book.empty():
		return "no rule of the app sets groups any more"
	}
	return e.ungrounded()
}

func (e *eye) yields(s *Statement) string {
	at, found := e.sourceGroup(s.Name)
	if !found {
		return "nothing at the source yields " + Visible(s.Name) + " any more"
	}
	expectation := e.c.Source.Groups[at].Expectation
	switch {
	case s.ID == "" && expectation != Expected:
		return "the source does not expect " + Visible(s.Name) + " any more"
	case s.ID == "":
		return e.ungrounded()
	case expectation != Expected && expectation != Allowed:
		return "whether the source yields " + Visible(s.Name) + " could not be read"
	}
	return cmp.Or(e.unruled(), notAll(AtTarget, e.c.Target.Coverage, PartGroups), e.groupPairs(at, s.ID))
}

func (e *eye) yieldsNot(s *Statement) string {
	if s.Name == "" {
		return malformed
	}
	if why := cmp.Or(e.unruled(), notAll(AtSource, e.c.Source.Coverage, PartMemberships)); why != "" {
		return why
	}
	if !e.c.settled(PartRules) {
		return notAll(AtSource, e.c.Source.Coverage, PartRules)
	}
	if _, found := e.sourceGroup(s.Name); found {
		return "the source yields " + Visible(s.Name) + " again"
	}
	if r, _ := e.c.Source.book.doubts.reach(s.Name); r != nil {
		return "the rule " + Visible(r.subject().Name) + " cannot be evaluated, and may name " + Visible(s.Name)
	}
	if s.ID == "" {
		return ""
	}
	return e.stray(s)
}

// stray answers whether a target group stands for nothing at the source, not by another name either.
func (e *eye) stray(s *Statement) string {
	t, found := e.targetGroup(s.ID)
	if !found {
		return Visible(s.Name) + " is gone from the target"
	}
	if e.c.Groups.ToSource[t] != None || e.c.Groups.lostTarget[t] {
		return "a group of the source stands for " + Visible(s.Name) + " again"
	}
	g := &e.c.Target.Groups[t]
	carried := g.ExternalID
	for i := range e.c.Source.Groups {
		if carried != "" && e.c.Groups.ToTarget[i] == None && slices.Contains(e.c.Source.Groups[i].RoleIDs, carried) {
			return "the role of " + Visible(s.Name) + " lives on as " + Visible(e.c.Source.Groups[i].Name)
		}
	}
	if slices.ContainsFunc(e.c.Source.Roles, func(r Role) bool { return carried != "" && r.ID == carried }) {
		if why := notAll(AtTarget, e.c.Target.Coverage, PartGroups); why != "" {
			return why // a group that was not read could prove that the external id pairs this one
		}
	}
	if e.c.settled(PartEvents) || e.c.offers(s.ID, DeleteGroup) {
		return ""
	}
	// An event that was not read may show that the role lives on under another name.
	return notAll(AtSource, e.c.Source.Coverage, PartEvents)
}

// offers reports whether a finding about a target record offers a repair.
func (c *Comparison) offers(targetID string, r RepairName) bool {
	return slices.ContainsFunc(c.Findings, func(f Finding) bool {
		return f.Subject.TargetID == targetID && slices.ContainsFunc(f.Repairs, func(o Option) bool { return o.Repair == r })
	})
}

// grouping finds a source group whose members are known.
func (e *eye) grouping(s *Statement) (at int32, why string) {
	at, found := e.sourceGroup(s.Name)
	if !found {
		return None, "nothing at the source yields " + Visible(s.Name) + " any more"
	}
	if unknown := e.c.Source.Groups[at].MembersUnknown; unknown != "" {
		return None, "who belongs in " + Visible(s.Name) + " could not be read: " + unknown
	}
	why = cmp.Or(e.ungrounded(), notAll(AtSource, e.c.Source.Coverage, PartMemberships))
	if why == "" && s.ID != "" {
		why = e.groupPairs(at, s.ID)
	}
	return at, why
}

func (e *eye) belongs(s *Statement) string {
	at, why := e.grouping(s)
	if why != "" {
		return why
	}
	members := e.c.Source.Members.Of(int(at))
	return e.each(s, func(m *Member) string {
		u, why := e.known(m)
		if why != "" {
			return why
		}
		if _, in := slices.BinarySearch(members, u); !in {
			return Visible(m.UserName) + " does not belong in " + Visible(s.Name) + " any more"
		}
		return ""
	})
}

func (e *eye) belongsNot(s *Statement) string {
	at, why := e.grouping(s)
	if why = cmp.Or(why, e.unruled(), e.notAllUsers(), notAll(AtTarget, e.c.Target.Coverage, PartGroups)); why != "" {
		return why
	}
	if open := e.c.Source.Groups[at].MembersOpen; open != "" {
		return "more users may belong in " + Visible(s.Name) + ": " + open
	}
	members := e.c.Source.Members.Of(int(at))
	return e.each(s, func(m *Member) string {
		t, found := e.targetUser(m.ID)
		if !found {
			return Visible(m.UserName) + " is gone from the target"
		}
		u := e.c.Users.ToSource[t]
		if u == None || e.c.Source.Users[u].RollOnly {
			return "who " + Visible(m.UserName) + " is at the source is not known"
		}
		if _, in := slices.BinarySearch(members, u); in {
			return Visible(m.UserName) + " belongs in " + Visible(s.Name) + " again"
		}
		return e.pairs(u, m.ID, m.UserName)
	})
}
