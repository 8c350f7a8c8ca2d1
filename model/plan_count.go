package model

import (
	"slices"
	"strings"
)

// Totals adds up what the plan takes and grants, as the guard counts it: what an undone run made itself is left out.
func (p *Plan) Totals() Counts {
	var n Counts
	for i := range p.Steps {
		if !p.own(&p.Steps[i]) {
			n = n.Plus(p.Steps[i].tally())
		}
	}
	return n
}

// Takes reports whether any step can cost somebody access; Grants whether any can give it.
func (p *Plan) Takes() bool {
	for i := range p.Steps {
		if p.Steps[i].takes() {
			return true
		}
	}
	return false
}

// Grants is as Takes.
func (p *Plan) Grants() bool {
	for i := range p.Steps {
		if p.Steps[i].grants() {
			return true
		}
	}
	return false
}

// Writes counts the requests; the rest of the steps are handoffs.
func (p *Plan) Writes() (n int) {
	for i := range p.Steps {
		if p.Steps[i].Request != nil {
			n++
		}
	}
	return n
}

// own reports whether the step removes what the undone run created; no other plan has such steps, whatever it says.
func (p *Plan) own(s *Step) bool { return s.Own && p.Undoes != "" }

// takes and grants go by the repair as well as by what the step says of itself, so that a plan from elsewhere cannot
// understate itself.
func (s *Step) takes() bool {
	switch s.Repair { //nolint:exhaustive // the others take nothing but by their own word, as an update of a userName
	case DeleteUser, DeactivateUser, DeleteGroup, RemoveMembers, RenameGroup, RemoveAssignments, ClearAssignments:
		return true
	}
	return s.Takes
}

func (s *Step) grants() bool {
	switch s.Repair { //nolint:exhaustive // the others grant nothing
	case CreateUser, ActivateUser, AddMembers, RestoreAssignments, MoveAssignments:
		return true
	}
	return s.Grants
}

// tally is what the step counts for the guard: what it says, and at least what its repair comes to.
func (s *Step) tally() Counts {
	var least Counts
	switch s.Repair { //nolint:exhaustive // the others count nothing but by their own word
	case DeleteUser, DeactivateUser, DeleteGroup:
		least.Deletes = 1
	case RemoveMembers:
		least.Removals = len(s.Members)
	case RemoveAssignments, ClearAssignments:
		least.Removals = 1
	case CreateUser, ActivateUser, RestoreAssignments, MoveAssignments:
		least.Grants = 1
	case AddMembers:
		least.Grants = len(s.Members)
	}
	return Counts{
		max(s.Counts.Deletes, least.Deletes), max(s.Counts.Removals, least.Removals), max(s.Counts.Grants, least.Grants),
	}
}

// endsGroup: the step deletes a group, or takes its account assignments away before that.
func (s *Step) endsGroup() bool { return s.Repair == DeleteGroup || s.Repair == RemoveAssignments }

// deletesUnclaimed: the plan says itself that nothing shows that OneLogin made the group.
func (s *Step) deletesUnclaimed() bool {
	of := func(id string) bool { return strings.HasPrefix(id, string(GroupUnclaimed)+"/") }
	return s.endsGroup() && (of(s.Finding) || slices.ContainsFunc(s.Findings, of))
}

// Spent is what runs took and granted within a day. Groups are those of the deletes that ended a group.
type Spent struct {
	Counts

	Groups int
}

// Add counts a step that happened, or may have.
func (n *Spent) Add(s *Step) {
	n.Counts = n.Plus(s.Counts)
	if s.Repair == DeleteGroup {
		n.Groups += s.Counts.Deletes
	}
}

// group is the id of the target group that the step writes to; empty if it writes to none, or to one that the plan creates.
func (s *Step) group() string {
	switch {
	case s.Group != nil:
		return s.Group.ID
	case s.Subject.Type == SubjectGroup:
		return s.Subject.TargetID
	}
	return ""
}

// principal is the id of the group or user of whose account assignments a delete would make an end.
func (s *Step) principal() string {
	if s.Subject.Type == SubjectUser && s.Group == nil {
		return s.Subject.TargetID
	}
	return s.group()
}
