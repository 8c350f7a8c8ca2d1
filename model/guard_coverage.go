package model

import (
	"cmp"
	"slices"
	"strings"
)

// coverage: what a repair rests on must have been read in full. It lists what is missing, once each.
func (g *guardian) coverage() objection {
	var missing []string
	steps := g.stepsThat(func(s *Step) bool {
		gaps := g.gaps(s)
		for _, gap := range gaps {
			if !slices.Contains(missing, gap) {
				missing = append(missing, gap)
			}
		}
		return len(gaps) > 0
	})
	if len(steps) == 0 {
		return objection{}
	}
	return objection{"not read completely: " + strings.Join(missing, "; "), steps}
}

// gaps says what of that on which a step depends was not read (the table in DESIGN section 6). Handoffs depend on nothing.
func (g *guardian) gaps(s *Step) []string {
	switch {
	case s.Request == nil:
		return nil
	case g.Comparison == nil:
		return []string{"neither side has been read"}
	}
	c := g.Comparison
	n := needs{c: c}
	switch s.Repair {
	case ReapplyMappings:
		n.source(PartUsers)
	case CreateUser, ActivateUser:
		n.source(PartUsers, PartMemberships)
		n.target(PartUsers)
	case UpdateUser:
		n.add(g.pairGap(s))
	case DeactivateUser, DeleteUser:
		n.source(PartUsers)
	case CreateGroup:
		n.source(PartGroups)
		if c.Source.Origin != FromRolesInstead { // then the roles say what it comes from, and it is likely at most
			n.rules()
		}
	case RenameGroup:
		n.source(PartGroups)
		n.rules()
	case RestoreAssignments: // the lens is asked just before
	case DeleteGroup, RemoveAssignments:
		n.source(PartGroups)
		n.rules()
		n.add(g.membersGap(s), g.noRuleGap(s))
	case AddMembers:
		n.source(PartGroups, PartMemberships)
		n.add(g.membersGap(s), g.sourceGap(s))
	case RemoveMembers:
		n.source(PartGroups, PartMemberships)
		if g.counts(s) { // somebody who was not read may be who should be in it
			n.source(PartUsers)
			n.target(PartUsers)
			n.rules()
		}
		n.add(g.membersGap(s), g.sourceGap(s), g.noRuleGap(s))
	default:
		n.add("what " + string(s.Repair) + " depends on is not known here")
	}
	return n.gaps
}

// needs collects the parts that are not there.
type needs struct {
	c    *Comparison
	gaps []string
}

func (n *needs) add(gaps ...string) {
	for _, gap := range gaps {
		if gap != "" {
			n.gaps = append(n.gaps, gap)
		}
	}
}

func (n *needs) source(parts ...Part) { n.parts("source", n.c.Source.Coverage, parts) }
func (n *needs) target(parts ...Part) { n.parts("target", n.c.Target.Coverage, parts) }

func (n *needs) parts(side string, coverages Coverages, parts []Part) {
	for _, p := range parts {
		if !coverages[p].Complete() {
			n.add(side + " " + p.String() + " (" + coverages[p].String() + ")")
		}
	}
}

// rules may be skipped: then the configuration says to do without them.
func (n *needs) rules() {
	if n.c.Source.Coverage[PartRules].State != Skipped {
		n.source(PartRules)
	}
}

// pairGap: an update rests on one pair alone, which no row that was not read may disprove. One that is no pair any more is
// for the step's precondition to see.
func (g *guardian) pairGap(s *Step) string {
	c := &comparer{Comparison: *g.Comparison}
	t, ok := g.users[s.Subject.TargetID]
	switch {
	case c.bothUsersRead():
		return ""
	case !ok:
		return "the user " + s.Subject.Name
	case g.plan.Undoes != "" && s.Subject.SourceID == "":
		return "" // what was there before came from nobody at the source
	}
	if at := c.Users.ToSource[t]; at == None || c.Source.Users[at].RollOnly || !c.firm(at, t) {
		return "which user of the source " + s.Subject.Name + " is"
	}
	return ""
}

// membersGap: the members of the group must be known. A group that is gone is for the step's precondition to see.
func (g *guardian) membersGap(s *Step) string {
	id := s.group()
	if id == "" && s.Group != nil && s.Group.Ref != "" {
		return "" // it is made by the plan itself
	}
	t := &g.Comparison.Target
	name := s.Subject.Name
	if s.Group != nil {
		name = s.Group.Name
	}
	at, ok := g.groups[id]
	switch {
	case !ok && t.Coverage[PartGroups].Complete():
		return ""
	case !ok:
		return "the group " + name
	case t.Groups[at].MembersHidden && (s.Repair == DeleteGroup || s.Repair == AddMembers && s.addsNew()):
		return "" // for no-backup, or for somebody who is in no group yet
	case t.Groups[at].MembersUnknown != "":
		return "the members of " + name + " (" + t.Groups[at].MembersUnknown + ")"
	case t.Coverage[PartMemberships].State == Unknown:
		return "target memberships (" + t.Coverage[PartMemberships].String() + ")"
	}
	return ""
}

// addsNew reports whether a step adds nobody but those whom its plan creates.
func (s *Step) addsNew() bool {
	return !slices.ContainsFunc(s.Members, func(m Member) bool { return m.Ref == "" })
}

// sourceGap: who belongs in the group must be known. An undoing plan gives back what was there, whatever the source's group
// is now; whom it gives it to is for its preconditions.
func (g *guardian) sourceGap(s *Step) string {
	at, ok := g.groups[s.group()]
	if !ok || g.plan.Undoes != "" {
		return ""
	}
	src := g.Comparison.Groups.ToSource[at]
	if src == None {
		return ""
	}
	group := &g.Comparison.Source.Groups[src]
	why := group.MembersUnknown
	if s.Repair == RemoveMembers {
		why = cmp.Or(why, group.MembersOpen)
	}
	if why == "" {
		return ""
	}
	return "who belongs in " + group.Name + " (" + why + ")"
}

// noRuleGap: readable rules of which none sets groups say nothing of any group, because one deleted rule must not doom all.
func (g *guardian) noRuleGap(s *Step) string {
	src := &g.Comparison.Source
	if !g.counts(s) || src.Origin != FromRules || src.book == nil || !src.book.empty() {
		return ""
	}
	return "which groups OneLogin should push (no rule sets groups)"
}

// mispaired: where hardly anybody pairs, every finding is an artefact of the wrong target, app or userName.
func (g *guardian) mispaired() objection {
	if g.Comparison == nil {
		return objection{}
	}
	steps := g.stepsThat(func(s *Step) bool { return s.Request != nil })
	v := (&setup{comparer: &comparer{Comparison: *g.Comparison}}).mispaired()
	if len(steps) == 0 || v.result != CheckMend {
		return objection{}
	}
	return objection{v.seen, steps}
}
