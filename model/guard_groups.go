package model

import (
	"slices"
	"strings"
)

// noBackup: what cannot be read cannot be kept, and so not be given back.
func (g *guardian) noBackup() objection {
	var unknown reasons
	steps := g.stepsThat(func(s *Step) bool {
		var why string
		switch s.Repair { //nolint:exhaustive // the others change what is read in full just before
		case DeleteGroup, RemoveMembers, DeleteUser:
			why = g.unknown(s)
		}
		if why != "" {
			unknown.add(s.Subject.Name, why)
		}
		return why != ""
	})
	if len(steps) == 0 {
		return objection{}
	}
	return objection{"what would have to be given back is not all known: " + unknown.text(), steps}
}

// unknown says why a step may take more than it shows.
func (g *guardian) unknown(s *Step) string {
	switch {
	case s.BlastRadius == nil:
		return "who loses what was not worked out"
	case s.BlastRadius.Unknown != "":
		return s.BlastRadius.Unknown
	case s.Repair != RemoveMembers && g.Assigned[s.principal()].Unknown != "":
		return "its account assignments could not be read: " + g.Assigned[s.principal()].Unknown
	case g.Comparison == nil:
		return ""
	case s.Repair == DeleteUser: // the groups are those of the moment, not only those of when the plan was made
		if coverage := g.Comparison.Target.Coverage[PartMemberships]; !coverage.Settled() {
			return coverage.String()
		}
		return ""
	}
	if at, ok := g.groups[s.group()]; ok {
		t := &g.Comparison.Target
		return unreadMembers(t.Groups[at].MembersUnknown, t.Coverage[PartMemberships])
	}
	return ""
}

// assigned: a group with account assignments is deleted, or left without anybody.
func (g *guardian) assigned() objection {
	removed := map[string]map[string]bool{} // the members that the plan takes from a group, by the group's id
	for i := range g.plan.Steps {
		s := &g.plan.Steps[i]
		if s.Repair != RemoveMembers {
			continue
		}
		if removed[s.group()] == nil {
			removed[s.group()] = map[string]bool{}
		}
		for _, m := range s.Members {
			removed[s.group()][m.ID] = true
		}
	}
	var names []string
	steps := g.stepsThat(func(s *Step) bool {
		left := g.assignmentsLeft(s)
		if left == 0 || s.Repair != DeleteGroup && (s.Repair != RemoveMembers || !g.empties(s.group(), removed[s.group()])) {
			return false
		}
		name := s.Subject.Name
		if s.Group != nil {
			name = s.Group.Name
		}
		names = append(names, name+" ("+Counted(left, "account assignment", "account assignments")+")")
		return true
	})
	if len(steps) == 0 {
		return objection{}
	}
	return objection{"deleted or left without members: " + few(names), steps}
}

// assignmentsLeft counts the account assignments that a step hits: those that its plan shows, or those that are there by now less
// what the plan's own steps take away before.
func (g *guardian) assignmentsLeft(s *Step) int {
	now := slices.DeleteFunc(slices.Clone(g.Assigned[s.group()].List), func(a Assignment) bool {
		return slices.ContainsFunc(g.plan.Steps, func(other Step) bool {
			return other.Repair == RemoveAssignments && other.group() == s.group() &&
				slices.ContainsFunc(other.Precondition, func(st Statement) bool {
					return st.Fact == AssignmentIs && st.Assignment != nil && st.Assignment.Same(a)
				})
		})
	})
	if s.BlastRadius == nil {
		return len(now)
	}
	return max(len(now), len(s.BlastRadius.Assignments))
}

// empties reports whether nobody is left of a group; where that cannot be told, nobody is.
func (g *guardian) empties(group string, removed map[string]bool) bool {
	at, ok := g.groups[group]
	if !ok {
		return true
	}
	for _, u := range g.Comparison.Target.Members.Of(int(at)) {
		if !removed[g.Comparison.Target.Users[u].ID] {
			return false
		}
	}
	return true
}

// stillYielded: OneLogin would make the group again, without its id and its assignments.
func (g *guardian) stillYielded() objection {
	if g.Comparison == nil {
		return objection{}
	}
	var whys reasons
	steps := g.stepsThat(func(s *Step) bool {
		if s.Repair != DeleteGroup || !g.counts(s) {
			return false
		}
		name, why := g.yielder(s)
		if why != "" {
			whys.add(name, why)
		}
		return why != ""
	})
	if len(steps) == 0 {
		return objection{}
	}
	return objection{whys.text(), steps}
}

// yielder says what still yields a group, and under which name: the one that the step gives it or the one it has now.
func (g *guardian) yielder(s *Step) (name, why string) {
	names := []string{s.Subject.Name}
	if s.Group != nil {
		names = append(names, s.Group.Name)
	}
	at, there := g.groups[s.group()]
	src := &g.Comparison.Source
	if there {
		names = append(names, g.Comparison.Target.Groups[at].Name)
		if of := g.Comparison.Groups.ToSource[at]; of != None && !src.onlyNamed(of) {
			return s.Subject.Name, "it is the group " + src.Groups[of].Name + " of OneLogin"
		}
		if why := g.Comparison.GroupDoubt(at); why != "" {
			return s.Subject.Name, why
		}
	}
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			continue
		}
		if why := g.yields(name); why != "" {
			return name, why
		}
	}
	return "", ""
}

func (g *guardian) yields(name string) string {
	src := &g.Comparison.Source
	if src.book != nil {
		switch rule, title := src.book.names.naming(name); {
		case rule != nil:
			return "the rule " + rule.subject().Name + " names it"
		case title != nil:
			return "the title or a comment of the rule " + title.subject().Name + " names it"
		}
	}
	for i := range src.Groups {
		if SameName(src.Groups[i].Name, name) {
			return "OneLogin still yields it, or would as soon as somebody is in it"
		}
	}
	for i := range src.Roles {
		if made, ok := g.Groups.NameFor(src.Roles[i].Name); ok && src.Roles[i].Grants && SameName(made, name) {
			return "the role " + src.Roles[i].Name + " grants the app and maps to it"
		}
		// Where roles decide, only the pattern says that this role is none of them, and a pattern is easily mistyped.
		if src.Origin != FromRules && src.Roles[i].Grants && SameName(src.Roles[i].Name, name) {
			return "the role " + src.Roles[i].Name + " grants the app, has that very name, and is left out by groups.roles alone"
		}
	}
	if src.Coverage[PartRules].Complete() {
		return ""
	}
	for _, cached := range src.Entitlements {
		if SameName(cached, name) {
			return "OneLogin's entitlements hold it, and a rule that was not read may grant it"
		}
	}
	return ""
}
