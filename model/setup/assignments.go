package setup

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// judgeDangling tells what can be moved to the group that was made again from what nothing shows an owner of.
func (s *Setup) judgeDangling(list []model.Assignment) judgement {
	seen := make([]string, 0, len(s.Stranded)+1)
	todo := make([]string, 0, len(s.Stranded)+1)
	known := map[string]bool{}
	for i := range s.Stranded {
		of := &s.Stranded[i]
		known[of.ID] = true
		seen = append(seen, model.Few(model.AssignmentNames(of.List))+" of "+of.Called())
		step := "Those of " + of.Called() + " stay: " + of.Why + "."
		if of.Movable() {
			step = "Move those of " + of.Called() + " to the group that has its name now, with " +
				string(model.MoveAssignments) + "."
		}
		todo = append(todo, step)
	}
	byOwner := map[string][]model.Assignment{}
	var owners []string
	for _, a := range list {
		if known[a.PrincipalID] {
			continue
		}
		if byOwner[a.PrincipalID] == nil {
			owners = append(owners, a.PrincipalID)
		}
		byOwner[a.PrincipalID] = append(byOwner[a.PrincipalID], a)
	}
	for _, id := range owners {
		seen = append(seen, model.Few(model.AssignmentNames(byOwner[id]))+" of the deleted "+
			string(byOwner[id][0].PrincipalType)+" "+id)
	}
	todo = append(todo, "What is not moved gives nobody access; remove it by hand: IAM Identity Center > AWS "+
		"accounts > the account.")
	return mend("account assignments whose user or group is gone: "+strings.Join(seen, "; "), strings.Join(todo, " "))
}

// danglingAssignments needs AWS's own APIs: SCIM shows no account assignments.
func (s *Setup) danglingAssignments() judgement {
	const todo = "Look for assignments without a name; delete assignments before their group, because AWS keeps " +
		"them for ever."
	if s.Target.Kind != "aws" {
		return fine("only AWS has account assignments")
	}
	switch a := s.Options.Facts.Assignments; {
	case a.Trouble != "":
		return unknownBecause("account assignments could not be looked through", a.Trouble, todo)
	case len(a.Dangling) > 0:
		return s.judgeDangling(a.Dangling)
	case a.Asked && a.Rest != "":
		return unknownBecause("no account assignment without its user or group so far", a.Rest, todo)
	case a.Asked:
		return fine("every account assignment has its user or group")
	}
	return look("account assignments of groups that are gone show only through AWS's own APIs (the AWS lens)", todo)
}
