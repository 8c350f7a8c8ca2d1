package model

import "slices"

// CalledNow tells the name that a step finds at the target from the one that it writes, if they look alike; else "".
func (s *Step) CalledNow() string {
	for i := range s.Precondition {
		p := &s.Precondition[i]
		if p.Side != AtTarget || p.ID != s.Subject.TargetID || p.Name == "" {
			continue
		}
		if written, now := Distinct(s.Subject.Name, p.Name); written != s.Subject.Name || now != p.Name {
			return now + " now, and " + written + " afterwards"
		}
	}
	return ""
}

// GroupName is the name of the group that the step writes to; "" if it writes to none.
func (s *Step) GroupName() string {
	if s.Group != nil {
		return s.Group.Name
	}
	return s.Subject.Name
}

// Totals adds up what the plan takes and grants, as the guard counts it: what an undone run made itself is left out.
func (p *Plan) Totals() Counts {
	var n Counts
	for i := range p.Steps {
		if !p.Own(&p.Steps[i]) {
			n = n.Plus(p.Steps[i].Counts)
		}
	}
	return n
}

// Takes reports whether any step can cost somebody access; Grants whether any can give it.
func (p *Plan) Takes() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Takes })
}

// Grants is as Takes.
func (p *Plan) Grants() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Grants })
}

// Writes counts the requests; the rest of the steps are handoffs.
func (p *Plan) Writes() (n int) {
	return CountIf(p.Steps, func(s Step) bool { return s.Request != nil })
}

// Own reports whether the step removes what the undone run created; no other plan has such steps, whatever it says.
func (p *Plan) Own(s *Step) bool { return s.Own && p.Undoes != "" }

// EndsGroup reports whether the step deletes a group, or takes its account assignments away before that.
func (s *Step) EndsGroup() bool { return s.Repair == DeleteGroup || s.Repair == RemoveAssignments }

// DeletesUnclaimed reports whether the plan says itself that nothing shows that OneLogin made the group.
func (s *Step) DeletesUnclaimed() bool {
	of := func(id string) bool { return KindOf(id) == GroupUnclaimed }
	return s.EndsGroup() && (of(s.Finding) || slices.ContainsFunc(s.Findings, of))
}

// Spent is what runs took and granted within a day. Groups are those of the deletes that ended a group, Memberships
// those of the removals that took single members out of one that stays.
type Spent struct {
	Counts

	Groups, Memberships int
}

// Add counts a step that happened, or may have, and what its write did beyond; not one that takes its run's own back.
func (n *Spent) Add(s *Step, beyond Counts) {
	says := s.Counts
	if s.Own {
		says = Counts{}
	}
	n.Counts = n.Plus(says).Plus(beyond)
	n.Memberships += beyond.Removals
	switch s.Repair { //nolint:exhaustive // the others end no group and take nobody out of one
	case DeleteGroup:
		n.Groups += says.Deletes
	case RemoveMembers:
		n.Memberships += says.Removals
	}
}

// GroupID is the id of the target group that the step writes to; empty if it has none yet.
func (s *Step) GroupID() string {
	switch {
	case s.Group != nil:
		return s.Group.ID
	case s.Subject.Type == SubjectGroup:
		return s.Subject.TargetID
	}
	return ""
}
