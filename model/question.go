package model

import (
	"cmp"
	"slices"
)

// QuestionOf gives what has to be read again to answer some statements, each thing once and in order. What an earlier step
// has yet to create is left out: there is no id to ask for.
func QuestionOf(list []Statement) Question {
	var q Question
	for i := range list {
		q.ask(&list[i])
	}
	for _, ids := range []*[]string{&q.TargetUsers, &q.TargetGroups, &q.Members, &q.ExternalIDs, &q.SourceUsers, &q.UserRecords, &q.GroupRecords} {
		slices.Sort(*ids)
		*ids = slices.DeleteFunc(slices.Compact(*ids), func(id string) bool { return id == "" })
	}
	for _, list := range []*[]Principal{&q.Principals, &q.Revisions} {
		slices.SortFunc(*list, func(a, b Principal) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
		*list = slices.Compact(*list)
	}
	for _, names := range []*[]string{&q.UserNames, &q.GroupNames} {
		slices.SortFunc(*names, byFolded)
		*names = slices.CompactFunc(*names, SameName)
	}
	return q
}

func (q *Question) ask(s *Statement) {
	user := func() { q.TargetUsers = append(q.TargetUsers, s.ID) }
	group := func() { q.TargetGroups = append(q.TargetGroups, s.ID) }
	people := func() {
		for _, m := range s.Users {
			q.TargetUsers = append(q.TargetUsers, m.ID)
			q.SourceUsers = append(q.SourceUsers, m.SourceID)
		}
	}
	switch s.Fact {
	case UserIs, FieldIs:
		user()
	case UserAbsent:
		switch {
		case s.Field == fieldExternalID:
			q.ExternalIDs = append(q.ExternalIDs, s.Value)
		case cmp.Or(s.ID, s.Ref) == "":
			q.UserNames = append(q.UserNames, s.Name)
		default:
			user()
		}
	case UsersAre:
		for _, m := range s.Users {
			q.TargetUsers = append(q.TargetUsers, m.ID)
		}
	case GroupIs:
		group()
	case GroupAbsent:
		if cmp.Or(s.ID, s.Ref) == "" {
			q.GroupNames = append(q.GroupNames, s.Name)
		} else {
			group()
		}
	case MembersAre, MembersInclude, MembersExclude:
		group() // the members of a group that is gone cannot be told
		q.Members = append(q.Members, s.ID)
	case RecordIs:
		if s.Field == string(SubjectUser) {
			q.UserRecords = append(q.UserRecords, s.ID)
		} else {
			q.GroupRecords = append(q.GroupRecords, s.ID)
		}
	case AssignmentIs, AssignmentAbsent, NoAssignments:
		if s.ID != "" && s.Assignment != nil {
			q.Principals = append(q.Principals, Principal{s.Assignment.PrincipalType, s.ID})
		}
	case AssignmentDangles, AssignmentGone:
		if a := s.Assignment; s.ID != "" && a != nil {
			if of := a.of(a.PrincipalType, s.ID); !slices.Contains(q.Dangling, of) {
				q.Dangling = append(q.Dangling, of)
			}
		}
	case RevisionIs:
		q.Revisions = append(q.Revisions, Principal{SubjectType(s.Field), s.ID})
	case Entitled, Wants:
		people()
		q.Entitled = true
	case Unassigned:
		user()
		people()
		q.Strangers = true
	case Inactive:
		user()
		people()
	case Yields, YieldsNot:
		group()
		q.Grouping = true
	case Belongs, BelongsNot:
		group()
		people()
		q.Grouping, q.Entitled = true, q.Entitled || s.Fact == Belongs
	}
}
