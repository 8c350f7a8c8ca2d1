package model

import (
	"cmp"
	"fmt"
	"strconv"
)

// fieldExternalID is the one attribute beside those that are compared and the userName of which a statement can speak.
const fieldExternalID = "externalId"

// Broken gives the first statement that does not hold, or that cannot be answered by what was read, as a phrase for an
// operator; "" if all hold. What was not read, or not in full, never holds.
func (s Sight) Broken(list []Statement) string {
	e := newEye(s)
	for i := range list {
		if why := e.broken(&list[i]); why != "" {
			return why
		}
	}
	return ""
}

// eye answers statements by a sight. Its indices are made when a statement first needs them.
type eye struct {
	Sight

	// c is the comparison of the sight with the tests that Compare itself uses, so that a statement cannot come to mean
	// something else than the finding that it was made from; nil without a comparison.
	c                                      *comparer
	sourceUsers, targetUsers, targetGroups map[string]int32
	sourceGroups                           map[string]int32 // by folded name
}

func newEye(s Sight) *eye {
	e := &eye{Sight: s}
	if s.Compared != nil {
		e.c = &comparer{Comparison: *s.Compared}
	}
	return e
}

func (e *eye) broken(s *Statement) string {
	if s.Ref != "" {
		return "what an earlier step creates is not there yet"
	}
	for i := range s.Users {
		if m := &s.Users[i]; m.Ref != "" {
			return Visible(m.UserName) + ", whom an earlier step creates, is not there yet"
		}
	}
	switch s.Fact {
	case UserIs:
		return e.userIs(s.ID, s.Name)
	case UserAbsent:
		return e.userAbsent(s)
	case FieldIs:
		return e.fieldIs(s)
	case UsersAre:
		return e.usersAre(s.Users)
	case GroupIs:
		return e.groupIs(s)
	case GroupAbsent:
		return e.groupAbsent(s)
	case MembersAre:
		return e.membersAre(s)
	case MembersInclude, MembersExclude:
		return e.membersHold(s)
	case RecordIs:
		return e.recordIs(s)
	case AssignmentIs, AssignmentAbsent, NoAssignments:
		return e.assignmentsHold(s)
	case AssignmentDangles, AssignmentGone:
		return e.dangles(s)
	case RevisionIs:
		return e.revisionIs(s)
	case Entitled, Unassigned, Inactive, Wants, Yields, YieldsNot, Belongs, BelongsNot:
		return e.sourceBroken(s)
	}
	return fmt.Sprintf("the condition %q is not one that this version knows; make the plan again", string(s.Fact))
}

func (e *eye) sourceBroken(s *Statement) string {
	if e.c == nil {
		return "the source was not read again"
	}
	return cmp.Or(e.sourceSays(s), e.disputed(s))
}

func (e *eye) sourceSays(s *Statement) string {
	switch s.Fact { //nolint:exhaustive // those about the target are answered before
	case Entitled:
		return e.each(s, e.entitled)
	case Unassigned:
		return e.unassigned(s)
	case Inactive:
		return e.inactive(s)
	case Wants:
		return e.wants(s)
	case Yields:
		return e.yields(s)
	case YieldsNot:
		return e.yieldsNot(s)
	case Belongs:
		return e.belongs(s)
	}
	return e.belongsNot(s)
}

// disputed says that witnesses contradict each other about the record that a condition is about, "" if they do not.
func (e *eye) disputed(s *Statement) string {
	if s.ID == "" {
		return ""
	}
	for i := range e.c.Findings {
		if f := &e.c.Findings[i]; f.Subject.TargetID == s.ID && f.Contradicted != "" {
			return "witnesses contradict each other: " + f.Contradicted
		}
	}
	return ""
}

// each answers a statement about all of its users; about nobody it says nothing that could hold.
func (e *eye) each(s *Statement, broken func(*Member) string) string {
	if len(s.Users) == 0 {
		return "the condition names nobody; make the plan again"
	}
	for i := range s.Users {
		if why := broken(&s.Users[i]); why != "" {
			return why
		}
	}
	return ""
}

func indexOf(m *map[string]int32, n int, key func(i int) string, want string) (int32, bool) {
	if *m == nil {
		*m = make(map[string]int32, n)
		for i := range n {
			if _, twice := (*m)[key(i)]; !twice {
				(*m)[key(i)] = int32(i)
			}
		}
	}
	i, found := (*m)[want]
	return i, found && want != ""
}

func (e *eye) sourceUser(id string) (int32, bool) {
	users := e.c.Source.Users
	return indexOf(&e.sourceUsers, len(users), func(i int) string { return users[i].ID }, id)
}

func (e *eye) targetUser(id string) (int32, bool) {
	users := e.c.Target.Users
	return indexOf(&e.targetUsers, len(users), func(i int) string { return users[i].ID }, id)
}

func (e *eye) targetGroup(id string) (int32, bool) {
	groups := e.c.Target.Groups
	return indexOf(&e.targetGroups, len(groups), func(i int) string { return groups[i].ID }, id)
}

func (e *eye) sourceGroup(name string) (int32, bool) {
	groups := e.c.Source.Groups
	return indexOf(&e.sourceGroups, len(groups), func(i int) string { return Fold(groups[i].Name) }, Fold(name))
}

// attribute gives a field of a user by the name that a statement, a difference or a request has for it.
func (u *User) attribute(name string) (value string, known bool) {
	switch name {
	case fieldUserName:
		return u.UserName, true
	case fieldExternalID:
		return u.ExternalID, true
	case FieldActive.String():
		return strconv.FormatBool(u.Active), true
	}
	for f := range FieldActive {
		if f.String() == name {
			return u.value(f), true
		}
	}
	return "", false
}
