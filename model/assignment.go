package model

import (
	"cmp"
	"slices"
)

// Principal is a user or a group of the target, as account assignments mean it.
type Principal struct {
	Type SubjectType
	ID   string
}

// Assignment gives a principal a permission set in an AWS account. The names are raw, and empty where they could not be read.
type Assignment struct {
	AccountID        string      `json:"account_id"`
	Account          string      `json:"account,omitempty"`
	PermissionSetARN string      `json:"permission_set_arn"`
	PermissionSet    string      `json:"permission_set,omitempty"`
	PrincipalType    SubjectType `json:"principal_type"`
	// PrincipalID is empty where an earlier step creates the principal; then PrincipalRef names what does.
	PrincipalID  string `json:"principal_id,omitempty"`
	PrincipalRef string `json:"principal_ref,omitempty"`
}

// String names permission set and account, each by its id where its name is not known.
func (a Assignment) String() string {
	account := a.AccountID
	if a.Account != "" {
		account = a.Account + " (" + a.AccountID + ")"
	}
	return cmp.Or(a.PermissionSet, a.PermissionSetARN) + " in " + account
}

// of is the same permission set in the same account for a principal, by ids alone, so that two can be compared.
func (a Assignment) of(kind SubjectType, id string) Assignment {
	return Assignment{AccountID: a.AccountID, PermissionSetARN: a.PermissionSetARN, PrincipalType: kind, PrincipalID: id}
}

// Bare is the assignment by ids alone, without names, so that two that were read at different times compare equal.
func (a Assignment) Bare() Assignment { return a.of(a.PrincipalType, a.PrincipalID) }

// Same reports whether two assignments give the same permission set in the same account, to whomever.
func (a Assignment) Same(b Assignment) bool {
	return a.AccountID == b.AccountID && a.PermissionSetARN == b.PermissionSetARN
}

// Assigned are the account assignments of one principal.
type Assigned struct {
	List []Assignment `json:"list"`
	// Unknown is why they could not be read; empty if List is all of them.
	Unknown string `json:"unknown,omitempty"`
}

// Has reports whether the principal has an assignment to that permission set in that account.
func (a Assigned) Has(want Assignment) bool { return slices.ContainsFunc(a.List, want.Same) }

// AssignmentNames words assignments, sorted.
func AssignmentNames(list []Assignment) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].String()
	}
	slices.Sort(names)
	return names
}

// assignmentsHold answers whether a principal has an account assignment, has it not, or has none.
func (e *eye) assignmentsHold(s *Statement) string {
	if s.ID == "" || s.Assignment == nil {
		return malformed
	}
	assigned, read := e.Assignments[s.ID]
	switch {
	case !read:
		return "the account assignments of " + Visible(named(s)) + notRead
	case assigned.Unknown != "":
		return "the account assignments of " + Visible(named(s)) + " could not be read: " + assigned.Unknown
	case s.Fact == NoAssignments && len(assigned.List) > 0:
		return Visible(named(s)) + " has account assignments: " + Visible(assigned.List[0].String())
	case s.Fact == AssignmentIs && !assigned.Has(*s.Assignment):
		return Visible(named(s)) + " has no account assignment to " + Visible(s.Assignment.String())
	case s.Fact == AssignmentAbsent && assigned.Has(*s.Assignment):
		return Visible(named(s)) + " has the account assignment to " + Visible(s.Assignment.String())
	}
	return ""
}

// revisionIs answers whether a record is still the version that the plan was made for.
func (e *eye) revisionIs(s *Statement) string {
	revision, read := e.Revisions[s.ID]
	switch {
	case s.ID == "" || s.Value == "":
		return malformed
	case !read:
		return "the revision of " + Visible(named(s)) + notRead
	case revision != s.Value:
		return Visible(named(s)) + " was changed since the plan was made, or is gone"
	}
	return ""
}

// OfAssignments reports whether a repair writes account assignments, by AWS's own API and not by SCIM.
func (r RepairName) OfAssignments() bool {
	switch r { //nolint:exhaustive // the others write records and memberships
	case RemoveAssignments, RestoreAssignments, MoveAssignments, ClearAssignments:
		return true
	}
	return false
}

// Assignment is the account assignment that a step takes away or makes; nil for any other step.
func (s *Step) Assignment() *Assignment {
	if !s.Repair.OfAssignments() {
		return nil
	}
	for i := range s.Precondition {
		if a := s.Precondition[i].Assignment; a != nil {
			return a
		}
	}
	return nil
}
