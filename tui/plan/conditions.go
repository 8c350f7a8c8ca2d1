package plan

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// conditionTemplates are the words for what a step rests on. In them stand what it is about, as a user, a group or
// either; whom it names; the field and the value; and the account assignment.
var conditionTemplates = map[model.ConditionKind]string{ //nolint:gochecknoglobals // a constant table
	model.UserIs:            "{user} is there, under that name and id",
	model.FieldIs:           "its {field} is {value}",
	model.UsersAre:          "{who} are there under these names, and active",
	model.GroupIs:           "{group} is there, under that name and id",
	model.MembersAre:        "exactly {who} are in {group}",
	model.MembersInclude:    "{who} are in {group}",
	model.MembersExclude:    "{who} are not in {group}",
	model.RecordIs:          "{it} has not changed since this was planned",
	model.Entitled:          "{who} are assigned and active in the source",
	model.Unassigned:        "nobody assigned in the source is {user}",
	model.Inactive:          "{user} is not active in the source",
	model.Wants:             "the source wants {field} to be {value}",
	model.Yields:            "the source expects {group}",
	model.YieldsNot:         "nothing in the source yields {group}",
	model.Belongs:           "by the source {who} belong in {group}",
	model.BelongsNot:        "by the source {who} do not belong in {group}",
	model.AssignmentIs:      "{it} has {assignment}",
	model.AssignmentAbsent:  "{it} does not have {assignment}",
	model.NoAssignments:     "no account assignment names {it}",
	model.AssignmentDangles: "{assignment} hangs on the id of the deleted group, {id}",
	model.AssignmentGone:    "{assignment} does not hang on the id of the deleted group any more, {id}",
	model.RevisionIs:        "{it} is still at AWS's revision {revision}",
}

// conditionText says a condition of a step in words, raw. Records that are named by their id only, go by the name
// that the step has for them.
func conditionText(step *model.Step, s *model.Condition) string {
	name := s.Name
	switch {
	case name != "" || s.ID == "":
	case step.Group != nil && step.Group.ID == s.ID:
		name = step.Group.Name
	case step.Subject.TargetID == s.ID:
		name = step.Subject.Name
	}
	called := func(noun string) string { return NameOrID(name, s.ID, s.Ref, noun) }
	var assignment string
	if s.Assignment != nil {
		assignment = s.Assignment.String()
	}
	words, known := conditionTemplates[s.Fact]
	switch {
	case s.Fact == model.UserAbsent:
		return noRecordText("user", s)
	case s.Fact == model.GroupAbsent:
		return noRecordText("group", s)
	case s.Fact == model.MembersAre && len(s.Users) == 0:
		words = "nobody is in {group}"
	case !known:
		return string(s.Fact)
	}
	return strings.NewReplacer("{user}", called("the user"), "{group}", called("the group"), "{it}", called("it"),
		"{who}", MemberNames(s.Users), "{field}", s.Field, "{value}", style.OrEmpty(s.Value), "{id}", s.ID,
		"{assignment}", assignment, "{revision}", s.Value).Replace(words)
}

// noRecordText says what must not be there: an id, whatever name it had, else an external id or a name.
func noRecordText(noun string, s *model.Condition) string {
	switch {
	case s.ID != "":
		return "no " + noun + " has the id " + s.ID + " any more"
	case s.Field != "":
		return "no " + noun + " has the " + s.Field + " " + s.Value
	}
	return "there is no " + noun + " " + model.SpellEdges(s.Name)
}
