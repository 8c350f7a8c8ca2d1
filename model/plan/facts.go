package plan

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
)

// fact is one row of the table of conditions: what has to be read to answer it, and the answer, "" if it holds.
type fact struct {
	asks      []func(*model.Question, *model.Condition)
	whyBroken func(*evaluator, *model.Condition) string
}

type askFuncs = []func(*model.Question, *model.Condition)

func factTable() map[model.ConditionKind]fact {
	return map[model.ConditionKind]fact{
		model.UserIs:         {askFuncs{askUser}, (*evaluator).userIs},
		model.UserAbsent:     {askFuncs{askUserAbsent}, (*evaluator).userAbsent},
		model.FieldIs:        {askFuncs{askUser}, (*evaluator).fieldIs},
		model.UsersAre:       {askFuncs{askUsers}, (*evaluator).usersAre},
		model.GroupIs:        {askFuncs{askGroup}, (*evaluator).groupIs},
		model.GroupAbsent:    {askFuncs{askGroupAbsent}, (*evaluator).groupAbsent},
		model.MembersAre:     {askFuncs{askGroup, askMembers}, (*evaluator).membersAre},
		model.MembersInclude: {askFuncs{askGroup, askMembers}, (*evaluator).membersHold},
		model.MembersExclude: {askFuncs{askGroup, askMembers}, (*evaluator).membersHold},
		model.RecordIs:       {askFuncs{askRecord}, (*evaluator).recordIs},

		model.AssignmentIs:      {askFuncs{askPrincipal}, (*evaluator).assignmentsHold},
		model.AssignmentAbsent:  {askFuncs{askPrincipal}, (*evaluator).assignmentsHold},
		model.NoAssignments:     {askFuncs{askPrincipal}, (*evaluator).assignmentsHold},
		model.AssignmentDangles: {askFuncs{askDangling}, (*evaluator).whyNotDangling},
		model.AssignmentGone:    {askFuncs{askDangling}, (*evaluator).whyNotDangling},
		model.RevisionIs:        {askFuncs{askRevision}, (*evaluator).revisionIs},

		model.Entitled:   {askFuncs{askUsers, askSources, askEntitled}, (*evaluator).allEntitled},
		model.Unassigned: {askFuncs{askUser, askUsers, askSources, askStrangers}, (*evaluator).unassigned},
		model.Inactive:   {askFuncs{askUser, askUsers, askSources}, (*evaluator).inactive},
		model.Wants:      {askFuncs{askUsers, askSources, askEntitled}, (*evaluator).wants},
		model.Yields:     {askFuncs{askGroup, askGrouping}, (*evaluator).yields},
		model.YieldsNot:  {askFuncs{askGroup, askGrouping}, (*evaluator).yieldsNot},
		model.Belongs:    {askFuncs{askGroup, askUsers, askSources, askGrouping, askEntitled}, (*evaluator).belongs},
		model.BelongsNot: {askFuncs{askGroup, askUsers, askSources, askGrouping}, (*evaluator).belongsNot},
	}
}

// QuestionOf gives what has to be read again to answer some conditions, each thing once and in order. What an earlier
// step has yet to create is left out: there is no id to ask for.
func QuestionOf(list []model.Condition) model.Question {
	var q model.Question
	table := factTable()
	for i := range list {
		for _, ask := range table[list[i].Fact].asks {
			ask(&q, &list[i])
		}
	}
	for _, ids := range []*[]string{
		&q.TargetUsers, &q.TargetGroups, &q.Members, &q.ExternalIDs, &q.SourceUsers,
	} {
		slices.Sort(*ids)
		*ids = slices.DeleteFunc(slices.Compact(*ids), func(id string) bool { return id == "" })
	}
	for _, list := range []*[]model.Principal{&q.Principals, &q.Revisions} {
		slices.SortFunc(*list, func(a, b model.Principal) int {
			return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
		})
		*list = slices.Compact(*list)
	}
	for _, names := range []*[]string{&q.UserNames, &q.GroupNames} {
		slices.SortFunc(*names, model.ByFolded)
		*names = slices.CompactFunc(*names, model.SameName)
	}
	return q
}

func askUser(q *model.Question, s *model.Condition) { q.TargetUsers = append(q.TargetUsers, s.ID) }

func askGroup(q *model.Question, s *model.Condition)     { q.TargetGroups = append(q.TargetGroups, s.ID) }
func askEntitled(q *model.Question, _ *model.Condition)  { q.Entitled = true }
func askGrouping(q *model.Question, _ *model.Condition)  { q.Grouping = true }
func askStrangers(q *model.Question, _ *model.Condition) { q.Strangers = true }

// askMembers comes with askGroup: the members of a group that is gone cannot be told.
func askMembers(q *model.Question, s *model.Condition) { q.Members = append(q.Members, s.ID) }

func askUsers(q *model.Question, s *model.Condition) {
	for _, m := range s.Users {
		q.TargetUsers = append(q.TargetUsers, m.ID)
	}
}

func askSources(q *model.Question, s *model.Condition) {
	for _, m := range s.Users {
		q.SourceUsers = append(q.SourceUsers, m.SourceID)
	}
}

func askUserAbsent(q *model.Question, s *model.Condition) {
	switch {
	case s.Field == model.FieldExternalID:
		q.ExternalIDs = append(q.ExternalIDs, s.Value)
	case cmp.Or(s.ID, s.Ref) == "":
		q.UserNames = append(q.UserNames, s.Name)
	default:
		askUser(q, s)
	}
}

func askGroupAbsent(q *model.Question, s *model.Condition) {
	if cmp.Or(s.ID, s.Ref) == "" {
		q.GroupNames = append(q.GroupNames, s.Name)
		return
	}
	askGroup(q, s)
}

func askRecord(q *model.Question, s *model.Condition) {
	if s.Field == string(model.SubjectUser) {
		askUser(q, s)
		return
	}
	askGroup(q, s)
}

func askPrincipal(q *model.Question, s *model.Condition) {
	if s.ID != "" && s.Assignment != nil {
		q.Principals = append(q.Principals, model.Principal{Type: s.Assignment.PrincipalType, ID: s.ID})
	}
}

func askDangling(q *model.Question, s *model.Condition) {
	if a := s.Assignment; s.ID != "" && a != nil {
		if of := a.ForPrincipal(a.PrincipalType, s.ID); !slices.Contains(q.Dangling, of) {
			q.Dangling = append(q.Dangling, of)
		}
	}
}

func askRevision(q *model.Question, s *model.Condition) {
	q.Revisions = append(q.Revisions, model.Principal{Type: model.SubjectType(s.Field), ID: s.ID})
}
