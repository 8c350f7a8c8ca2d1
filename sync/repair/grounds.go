package repair

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// ground is one statement that a step must rest on, and what it has to be about.
type ground struct {
	side  string
	fact  model.Fact
	about func(s *model.Step, st *model.Statement) bool
}

// grounds are what each repair rests on at least, at the target and at the source. A plan that comes from a file could leave them
// out, and a step without conditions is a step that nothing stops. The way back rests on what the journal tells in place of the
// source, but for those whom it lets in.
func grounds(repair model.RepairName, undoes bool) []ground {
	at := []ground{{model.AtTarget, model.GroupIs, ofGroupByName}}
	var from []ground
	switch repair {
	case model.CreateUser:
		return []ground{{model.AtTarget, model.UserAbsent, ofName}, {model.AtSource, model.Entitled, ofSubject}}
	case model.CreateGroup:
		at[0] = ground{model.AtTarget, model.GroupAbsent, ofNewGroup}
		from = []ground{{model.AtSource, model.Yields, ofNewGroup}}
	case model.RenameGroup:
		at = append(at, ground{model.AtTarget, model.GroupAbsent, ofName})
		from = []ground{{model.AtSource, model.Yields, ofGroup}}
	case model.AddMembers:
		at = append(at, ground{model.AtTarget, model.UsersAre, ofMembers}, ground{model.AtSource, model.Entitled, ofMembers})
		from = []ground{{model.AtSource, model.Belongs, ofMembership}}
	case model.RemoveMembers:
		at = append(at, ground{model.AtTarget, model.MembersInclude, ofMembership})
		from = []ground{{model.AtSource, model.BelongsNot, ofMembership}}
	case model.DeleteGroup:
		at = append(at, ground{model.AtTarget, model.MembersAre, ofMembership})
		from = []ground{{model.AtSource, model.YieldsNot, ofGroupByName}}
	case model.RemoveAssignments:
		at = append(at, ground{model.AtTarget, model.AssignmentIs, ofGroup})
		from = []ground{{model.AtSource, model.YieldsNot, ofGroupByName}}
	case model.RestoreAssignments:
		at = []ground{{model.AtTarget, model.AssignmentAbsent, anything}}
	case model.UpdateUser:
		at = []ground{{model.AtTarget, model.UserIs, ofUser}}
	case model.ActivateUser:
		at = []ground{{model.AtTarget, model.UserIs, ofUser}, {model.AtSource, model.Entitled, ofSubject}}
	case model.DeactivateUser:
		at = []ground{{model.AtTarget, model.UserIs, ofUser}}
		from = []ground{{model.AtSource, model.Unassigned, ofUser}}
	case model.DeleteUser:
		at = []ground{{model.AtTarget, model.UserIs, ofUser}}
		from = []ground{{model.AtSource, model.Unassigned, ofUser}}
	case model.ReapplyMappings:
		return []ground{{model.AtSource, model.Wants, ofNudged}}
	default:
		return nil
	}
	if undoes {
		return at
	}
	return append(at, from...)
}

func anything(*model.Step, *model.Statement) bool { return true }

func ofName(_ *model.Step, st *model.Statement) bool {
	return st.ID == "" && st.Ref == "" && st.Field == "" && st.Name != ""
}

func ofUser(s *model.Step, st *model.Statement) bool {
	return st.Ref == "" && st.ID != "" && st.ID == s.Subject.TargetID
}

func ofGroup(s *model.Step, st *model.Statement) bool {
	return s.Group != nil && st.ID == s.Group.ID && st.Ref == s.Group.Ref && st.ID+st.Ref != ""
}

func ofGroupByName(s *model.Step, st *model.Statement) bool {
	return ofGroup(s, st) && st.Name == s.Group.Name
}

func ofNewGroup(s *model.Step, st *model.Statement) bool {
	return s.Group != nil && ofName(s, st) && st.Name == s.Group.Name
}

func ofMembers(s *model.Step, st *model.Statement) bool {
	return slices.Equal(st.Users, s.Members)
}

// ofOnlyMember: who was not active when he was deleted is put back as he was.
func ofOnlyMember(s *model.Step, st *model.Statement) bool {
	return st.Side == model.AtTarget && st.Fact == model.UserIs && len(s.Members) == 1 &&
		st.ID == s.Members[0].ID && st.Ref == s.Members[0].Ref && st.Name == s.Members[0].UserName
}

// ofMembership: of a group that the plan creates the source knows the name only.
func ofMembership(s *model.Step, st *model.Statement) bool {
	if st.Side == model.AtSource && s.Group != nil && s.Group.Ref != "" {
		return ofMembers(s, st) && st.ID == "" && model.SameName(st.Name, s.Group.Name)
	}
	return ofMembers(s, st) && ofGroup(s, st)
}

// ofSubject: an undo may have learnt who at the source the user is since the run.
func ofSubject(s *model.Step, st *model.Statement) bool {
	return len(st.Users) == 1 && st.Users[0].Ref == "" && st.Users[0].ID == s.Subject.TargetID &&
		(s.Subject.TargetID != "" || st.Users[0].SourceID == s.Subject.SourceID)
}

func ofNudged(s *model.Step, st *model.Statement) bool {
	return len(st.Users) == 1 && len(s.Members) == 1 && st.Users[0].SourceID == s.Members[0].SourceID && s.Members[0].SourceID == s.Subject.SourceID
}

// grounded reports what a step lacks of what its repair rests on.
func grounded(s *model.Step, undoes bool) error {
	for _, g := range grounds(s.Repair, undoes) {
		if s.Channel == model.Console {
			return nil
		}
		if g.fact == model.MembersAre && s.Repair == model.DeleteGroup && s.BlastRadius != nil &&
			s.BlastRadius.Unknown != "" {
			continue // nobody knows them, and the guard's no-backup has the last word
		}
		facts := []model.Fact{g.fact}
		if g.fact == model.Unassigned && s.Repair == model.DeactivateUser {
			facts = append(facts, model.Inactive) // who is assigned and not active has no place there either
		}
		if !slices.ContainsFunc(s.Precondition, func(st model.Statement) bool {
			return st.Side == g.side && slices.Contains(facts, st.Fact) && g.about(s, &st) || undoes && g.fact == model.UsersAre && ofOnlyMember(s, &st)
		}) {
			return fmt.Errorf("does not rest on %s at the %s, as every %s does", g.fact, g.side, s.Repair)
		}
	}
	if err := wanted(s, undoes); err != nil {
		return err
	}
	return shown(s, undoes)
}

// wanted: what is written to a user is what the source wants, value by value.
func wanted(s *model.Step, undoes bool) error {
	if undoes || s.Channel != model.Direct {
		return nil
	}
	var written []model.FieldDiff
	switch s.Repair { //nolint:exhaustive // the others write no value of the source's
	case model.UpdateUser:
		written = changesOf(s)
	case model.CreateUser:
		user, err := personOf(&model.Backup{Raw: s.Request.Body})
		if err != nil {
			return errors.New("writes a user that cannot be read")
		}
		for _, f := range []struct{ name, value string }{
			{fieldUserName, user.UserName},
			{fieldExternalID, user.ExternalID},
			{model.FieldDisplayName.String(), user.DisplayName},
			{model.FieldGivenName.String(), user.GivenName},
			{model.FieldFamilyName.String(), user.FamilyName},
			{model.FieldEmails.String(), user.Email},
		} {
			if f.value != "" {
				written = append(written, model.FieldDiff{Name: f.name, Source: f.value})
			}
		}
	}
	for _, change := range written {
		if !slices.ContainsFunc(s.Precondition, func(st model.Statement) bool {
			return st.Side == model.AtSource && st.Fact == model.Wants && st.Field == change.Name && strings.TrimSpace(st.Value) == change.Source &&
				len(st.Users) == 1 && st.Users[0].ID == s.Subject.TargetID && st.Users[0].SourceID == s.Subject.SourceID
		}) {
			return fmt.Errorf("writes a %s without asking whether the source wants it", change.Name)
		}
	}
	return nil
}

// shown: what the operator reads and types, and what the guard counts, is what the step does.
func shown(s *model.Step, undoes bool) error {
	if s.Takes && s.BlastRadius == nil {
		return errors.New("takes something and does not say from whom")
	}
	if in := intentOf(s); !s.Own && s.Counts != counts(&in, len(s.Members)) {
		return errors.New("counts something else than it takes or grants")
	}
	switch s.Repair { //nolint:exhaustive // the others name somebody by their statements alone
	case model.DeleteGroup, model.RemoveAssignments, model.RemoveMembers:
		if s.Group == nil || s.Group.Ref != "" || s.Subject.Type == model.SubjectGroup && s.Subject.TargetID != s.Group.ID ||
			s.Repair != model.RemoveMembers && s.Subject.Name != s.Group.Name {
			return errors.New("names another group than the one from which it takes")
		}
		if !undoes && !slices.Equal(s.BlastRadius.Members, names(s.Members)) {
			return errors.New("shows others than those who lose the group")
		}
	}
	return nil
}
