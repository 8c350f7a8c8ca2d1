package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

const (
	notReadAgain       = " was not read again"
	malformedCondition = "a condition names no record; make the plan again"
)

// lookUpObserved gives what was read under an id, or says why there is nothing.
func lookUpObserved[K comparable, V any](read map[K]V, id K, what string) (v V, why string) {
	var none K
	v, known := read[id]
	switch {
	case id == none:
		return v, malformedCondition
	case !known:
		return v, model.Visible(what) + notReadAgain
	}
	return v, ""
}

// lookUpExisting is lookUpObserved for a record that has to be there.
func lookUpExisting[V any](read map[string]*V, id, what string) (v *V, why string) {
	v, why = lookUpObserved(read, id, what)
	if why == "" && v == nil {
		why = model.Visible(what) + " is gone from the target"
	}
	return v, why
}

// whyNotAbsent answers whether nothing has an id or, where there is none, a name.
func whyNotAbsent[V any](
	s *model.Condition, records map[string]*V, called func(*V) string, names map[string]string,
) string {
	if s.ID == "" {
		id, why := lookUpObserved(names, model.Fold(s.Name), "who is called "+s.Name)
		if why == "" && id != "" {
			why = model.Visible(s.Name) + " is at the target already"
		}
		return why
	}
	v, why := lookUpObserved(records, s.ID, nameOrID(s))
	if why == "" && v != nil {
		why = model.Visible(called(v)) + " is still at the target"
	}
	return why
}

func nameOrID(s *model.Condition) string { return cmp.Or(s.Name, s.ID) }

// recordIs answers whether a record is as it was when the request that writes it whole was made.
func (e *evaluator) recordIs(s *model.Condition) string {
	of := model.RecordRef{Type: model.SubjectType(s.Field), ID: s.ID}
	raw, why := lookUpObserved(e.Records, of, nameOrID(s))
	switch {
	case why != "":
		return why
	case raw == nil:
		return model.Visible(nameOrID(s)) + " is gone from the target"
	}
	digest, members, err := model.RecordDigest(raw)
	if err != nil {
		return err.Error()
	}
	want := model.Map(s.Users, func(m *model.Member) string { return m.ID })
	slices.Sort(want)
	switch {
	case s.Value != "" && digest != s.Value:
		return model.Visible(nameOrID(s)) +
			" has changed at the target since this was planned, and the request would " +
			"take that back; plan again"
	case !slices.Equal(slices.Compact(want), members):
		return "the members of " + model.Visible(nameOrID(s)) +
			" have changed since this was planned, and the request would take that back; plan again"
	}
	return ""
}

func (e *evaluator) userIs(s *model.Condition) string { return e.whyNotUser(s.ID, s.Name) }

func (e *evaluator) whyNotUser(id, name string) string {
	u, why := lookUpExisting(e.Users, id, name)
	if why == "" && u.UserName != name {
		return renamedReason(name, u.UserName)
	}
	return why
}

// renamedReason says that a record has another name than it had, so that they show as two.
func renamedReason(then, now string) string {
	then, now = model.Distinct(then, now)
	return model.Visible(then) + " is called " + model.Visible(now) + " at the target now"
}

func (e *evaluator) userAbsent(s *model.Condition) string {
	if s.Field != model.FieldExternalID {
		return whyNotAbsent(s, e.Users, func(u *model.User) string { return u.UserName }, e.UserNames)
	}
	id, why := lookUpObserved(e.ExternalIDs, s.Value, "who has the external id "+s.Value)
	if why == "" && id != "" {
		why = "another user at the target has the external id " + model.Visible(s.Value) + " already"
	}
	return why
}

func (e *evaluator) fieldIs(s *model.Condition) string {
	u, why := lookUpExisting(e.Users, s.ID, nameOrID(s))
	if why != "" {
		return why
	}
	switch value, known := u.Attribute(s.Field); {
	case !known:
		return "a condition is about a field that is not known: " + model.Visible(s.Field)
	case value != s.Value:
		return fmt.Sprintf("%s of %s is %s at the target, not %s", s.Field, model.Visible(u.UserName),
			quoted(value), quoted(s.Value))
	}
	return ""
}

// quoted shows a value that may be empty.
func quoted(value string) string { return `"` + model.Visible(value) + `"` }

func (e *evaluator) usersAre(s *model.Condition) string {
	return e.whyAnyBroken(s, func(m *model.Member) string {
		why := e.whyNotUser(m.ID, m.UserName)
		if why == "" && !e.Users[m.ID].Active {
			why = model.Visible(m.UserName) + " is not active at the target"
		}
		return why
	})
}

func (e *evaluator) groupIs(s *model.Condition) string {
	g, why := lookUpExisting(e.Groups, s.ID, s.Name)
	if why == "" && g.Name != s.Name {
		return renamedReason(s.Name, g.Name)
	}
	return why
}

func (e *evaluator) groupAbsent(s *model.Condition) string {
	return whyNotAbsent(s, e.Groups, func(g *model.Group) string { return g.Name }, e.GroupNames)
}

// members gives the ids of a group's members; an id of which the lookup says that nobody has it gives nobody access.
func (e *evaluator) members(id string) (ids map[string]bool, why string) {
	list, why := lookUpObserved(e.Members, id, "the list of the members of "+e.groupName(id))
	if why == "" && list.Unknown != "" {
		why = "the members of " + e.groupName(id) + " could not be read in full: " + list.Unknown
	}
	ids = make(map[string]bool, len(list.IDs))
	for _, member := range list.IDs {
		if u, read := e.Users[member]; !read || u != nil {
			ids[member] = true
		}
	}
	return ids, why
}

func (e *evaluator) groupName(id string) string {
	if g := e.Groups[id]; g != nil {
		return model.Visible(g.Name)
	}
	return "group " + model.Visible(id)
}

func (e *evaluator) membersAre(s *model.Condition) string {
	ids, why := e.members(s.ID)
	if why != "" {
		return why
	}
	list := e.Members[s.ID]
	for _, m := range s.Users {
		// A whole record holds groups and strangers too, which the list of members keeps apart.
		if !ids[m.ID] && !slices.Contains(list.Nested, m.ID) && !slices.Contains(list.Dangling, m.ID) {
			return model.Visible(m.UserName) + " is no longer in " + e.groupName(s.ID)
		}
		delete(ids, m.ID)
	}
	if len(ids) > 0 {
		return fmt.Sprintf("%s has %d more members than before", e.groupName(s.ID), len(ids))
	}
	return ""
}

// membersHold answers whether all or none of some users are in a group.
func (e *evaluator) membersHold(s *model.Condition) string {
	ids, why := e.members(s.ID)
	if why != "" {
		return why
	}
	return e.whyAnyBroken(s, func(m *model.Member) string {
		switch {
		case m.ID == "":
			return malformedCondition
		case s.Fact == model.MembersInclude && !ids[m.ID]:
			return model.Visible(m.UserName) + " is not in " + e.groupName(s.ID)
		case s.Fact == model.MembersExclude && ids[m.ID]:
			return model.Visible(m.UserName) + " is in " + e.groupName(s.ID)
		}
		return ""
	})
}

// assignmentsHold answers whether a principal has an account assignment, has it not, or has none.
func (e *evaluator) assignmentsHold(s *model.Condition) string {
	assigned, why := lookUpObserved(e.Assignments, s.ID, "what accounts are assigned to "+nameOrID(s))
	name := model.Visible(nameOrID(s))
	switch {
	case s.Assignment == nil:
		return malformedCondition
	case why != "":
		return why
	case assigned.Unknown != "":
		return "the account assignments of " + name + " could not be read: " + assigned.Unknown
	case s.Fact == model.NoAssignments && len(assigned.List) > 0:
		return name + " has account assignments: " + model.Visible(assigned.List[0].String())
	case s.Fact == model.AssignmentIs && !assigned.Has(*s.Assignment):
		return name + " has no account assignment to " + model.Visible(s.Assignment.String())
	case s.Fact == model.AssignmentAbsent && assigned.Has(*s.Assignment):
		return name + " has the account assignment to " + model.Visible(s.Assignment.String())
	}
	return ""
}

// revisionIs answers whether a record is still the version that the plan was made for.
func (e *evaluator) revisionIs(s *model.Condition) string {
	revision, why := lookUpObserved(e.Revisions, s.ID, "the revision of "+nameOrID(s))
	switch {
	case s.Value == "":
		return malformedCondition
	case why == "" && revision != s.Value:
		return model.Visible(nameOrID(s)) + " was changed since the plan was made, or is gone"
	}
	return why
}

// whyNotDangling answers whether an assignment still hangs on a group that is gone.
func (e *evaluator) whyNotDangling(s *model.Condition) string {
	if s.ID == "" || s.Assignment == nil {
		return malformedCondition
	}
	hangs, why := lookUpObserved(e.Dangling, s.Assignment.ForPrincipal(s.Assignment.PrincipalType, s.ID),
		"the account assignment "+s.Assignment.String())
	group := "the deleted group " + model.Visible(nameOrID(s))
	switch {
	case why != "":
		return why
	case s.Fact == model.AssignmentDangles && !hangs:
		return group + " has no account assignment to " + model.Visible(s.Assignment.String()) + " any more"
	case s.Fact == model.AssignmentGone && hangs:
		return group + " still has the account assignment to " + model.Visible(s.Assignment.String())
	}
	return ""
}
