package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// recordIs answers whether a record is as it was when the request that writes it whole was made.
func (e *evaluator) recordIs(s *model.Condition) string {
	raw, read := e.Records[s.ID]
	switch {
	case s.ID == "":
		return malformed
	case !read:
		return model.Visible(named(s)) + notRead
	case raw == nil:
		return model.Visible(named(s)) + " is gone from the target"
	}
	digest, members, err := model.RecordDigest(raw)
	if err != nil {
		return err.Error()
	}
	want := make([]string, 0, len(s.Users))
	for _, m := range s.Users {
		want = append(want, m.ID)
	}
	slices.Sort(want)
	switch {
	case s.Value != "" && digest != s.Value:
		return model.Visible(named(s)) + " has changed at the target since this was planned, and the request would " +
			"take that back; plan again"
	case !slices.Equal(slices.Compact(want), members):
		return "the members of " + model.Visible(named(s)) +
			" have changed since this was planned, and the request would take that back; plan again"
	}
	return ""
}

const (
	notRead   = " was not read again"
	malformed = "a condition names no record; make the plan again"
)

// user finds a record that was read; why is the phrase if it is not there.
func (e *evaluator) user(id, called string) (u *model.User, why string) {
	u, read := e.Users[id]
	switch {
	case id == "":
		return nil, malformed
	case !read:
		return nil, model.Visible(called) + notRead
	case u == nil:
		return nil, model.Visible(called) + " is gone from the target"
	}
	return u, ""
}

func (e *evaluator) userIs(s *model.Condition) string { return e.isUser(s.ID, s.Name) }

func (e *evaluator) isUser(id, name string) string {
	u, why := e.user(id, name)
	if why == "" && u.UserName != name {
		return calledNow(name, u.UserName)
	}
	return why
}

// calledNow says that a record has another name than it had, so that they show as two.
func calledNow(then, now string) string {
	then, now = model.Distinct(then, now)
	return model.Visible(then) + " is called " + model.Visible(now) + " at the target now"
}

func (e *evaluator) userAbsent(s *model.Condition) string {
	switch {
	case s.Field == model.FieldExternalID:
		return e.externalIDFree(s.Value)
	case s.ID != "":
		u, read := e.Users[s.ID]
		switch {
		case !read:
			return model.Visible(named(s)) + notRead
		case u != nil:
			return model.Visible(u.UserName) + " is still at the target"
		}
		return ""
	case s.Name == "":
		return malformed
	}
	return taken(e.UserNames, s.Name)
}

func named(s *model.Condition) string { return cmp.Or(s.Name, s.ID) }

// taken says whether somebody has a name, by what a lookup said.
func taken(held map[string]string, name string) string {
	switch id, read := held[model.Fold(name)]; {
	case !read:
		return "who is called " + model.Visible(name) + notRead
	case id != "":
		return model.Visible(name) + " is at the target already"
	}
	return ""
}

func (e *evaluator) externalIDFree(value string) string {
	switch id, read := e.ExternalIDs[value]; {
	case value == "":
		return malformed
	case !read:
		return "who has the external id " + model.Visible(value) + notRead
	case id != "":
		return "another user at the target has the external id " + model.Visible(value) + " already"
	}
	return ""
}

func (e *evaluator) fieldIs(s *model.Condition) string {
	u, why := e.user(s.ID, named(s))
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
	return e.each(s, func(m *model.Member) string {
		if why := e.isUser(m.ID, m.UserName); why != "" {
			return why
		}
		if !e.Users[m.ID].Active {
			return model.Visible(m.UserName) + " is not active at the target"
		}
		return ""
	})
}

func (e *evaluator) groupIs(s *model.Condition) string {
	g, read := e.Groups[s.ID]
	switch {
	case s.ID == "":
		return malformed
	case !read:
		return model.Visible(s.Name) + notRead
	case g == nil:
		return model.Visible(s.Name) + " is gone from the target"
	case g.Name != s.Name:
		return calledNow(s.Name, g.Name)
	}
	return ""
}

func (e *evaluator) groupAbsent(s *model.Condition) string {
	if s.ID == "" && s.Name == "" {
		return malformed
	}
	if s.ID == "" {
		return taken(e.GroupNames, s.Name)
	}
	g, read := e.Groups[s.ID]
	switch {
	case !read:
		return model.Visible(named(s)) + notRead
	case g != nil:
		return model.Visible(g.Name) + " is still at the target"
	}
	return ""
}

// members gives the ids of a group's members; an id of which the lookup says that nobody has it gives nobody access.
func (e *evaluator) members(id string) (ids map[string]bool, why string) {
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
	for _, m := range s.Users {
		if !ids[m.ID] {
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
	return e.each(s, func(m *model.Member) string {
		switch {
		case m.ID == "":
			return malformed
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
	if s.ID == "" || s.Assignment == nil {
		return malformed
	}
	assigned, read := e.Assignments[s.ID]
	switch {
	case !read:
		return "the account assignments of " + model.Visible(named(s)) + notRead
	case assigned.Unknown != "":
		return "the account assignments of " + model.Visible(named(s)) + " could not be read: " + assigned.Unknown
	case s.Fact == model.NoAssignments && len(assigned.List) > 0:
		return model.Visible(named(s)) + " has account assignments: " + model.Visible(assigned.List[0].String())
	case s.Fact == model.AssignmentIs && !assigned.Has(*s.Assignment):
		return model.Visible(named(s)) + " has no account assignment to " + model.Visible(s.Assignment.String())
	case s.Fact == model.AssignmentAbsent && assigned.Has(*s.Assignment):
		return model.Visible(named(s)) + " has the account assignment to " + model.Visible(s.Assignment.String())
	}
	return ""
}

// revisionIs answers whether a record is still the version that the plan was made for.
func (e *evaluator) revisionIs(s *model.Condition) string {
	revision, read := e.Revisions[s.ID]
	switch {
	case s.ID == "" || s.Value == "":
		return malformed
	case !read:
		return "the revision of " + model.Visible(named(s)) + notRead
	case revision != s.Value:
		return model.Visible(named(s)) + " was changed since the plan was made, or is gone"
	}
	return ""
}

// dangles answers whether an assignment still hangs on a group that is gone.
func (e *evaluator) dangles(s *model.Condition) string {
	if s.ID == "" || s.Assignment == nil {
		return malformed
	}
	a := s.Assignment.Of(s.Assignment.PrincipalType, s.ID)
	hangs, read := e.Dangling[a]
	switch {
	case !read:
		return "the account assignment " + model.Visible(s.Assignment.String()) + notRead
	case s.Fact == model.AssignmentDangles && !hangs:
		return "the deleted group " + model.Visible(named(s)) + " has no account assignment to " +
			model.Visible(s.Assignment.String()) + " any more"
	case s.Fact == model.AssignmentGone && hangs:
		return "the deleted group " + model.Visible(named(s)) + " still has the account assignment to " +
			model.Visible(s.Assignment.String())
	}
	return ""
}
