package plan

import (
	"github.com/scimdrift/scimdrift/model"
)

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
