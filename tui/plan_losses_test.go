package tui

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
)

// Three assignments and the group itself are four steps with one and the same loss of members.
func TestALossIsSaidOnce(t *testing.T) {
	t.Parallel()
	group := model.PlanSubject{Type: model.SubjectGroup, Name: "aws-admins"}
	members := []string{"ana@corp.example", "bo@corp.example"}
	step := func(subject model.PlanSubject, b model.BlastRadius) model.Step {
		return model.Step{Subject: subject, BlastRadius: &b}
	}
	p := &model.Plan{Steps: []model.Step{
		step(group, model.BlastRadius{Members: members, Assignments: []string{"Admin in Audit (1)"}}),
		step(group, model.BlastRadius{Members: members, Assignments: []string{"Admin in Logs (2)"}}),
		{Subject: group}, // takes nothing
		step(group, model.BlastRadius{Members: members, Assignments: []string{"Admin in Audit (1)", "Admin in Logs (2)"}, Unknown: "members unread"}),
		step(model.PlanSubject{Type: model.SubjectUser, Name: "aws-admins"}, model.BlastRadius{Groups: []string{"aws-ops"}, Assignments: []string{"Read in Audit (1)"}}),
	}}
	want := []string{
		"aws-admins is lost by 2 members: ana@corp.example, bo@corp.example",
		"with aws-admins go 2 account assignments:",
		"  Admin in Audit (1)",
		"  Admin in Logs (2)",
		"aws-admins: it may be more: members unread",
		"aws-admins loses 1 group: aws-ops",
		"with aws-admins goes Read in Audit (1)",
	}
	var got []string
	for _, line := range lossLines(p, 120) {
		got = append(got, strings.TrimRight(strings.TrimPrefix(line, "  "), " "))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnAssignmentThatIsMadeAgainIsNamed(t *testing.T) {
	t.Parallel()
	again := func(account string) model.Step {
		return model.Step{
			Repair: model.RestoreAssignments, Subject: model.PlanSubject{Type: model.SubjectGroup, Name: "aws-admins"},
			Precondition: []model.Condition{{Assignment: &model.Assignment{AccountID: "1", Account: account, PermissionSet: "Admin"}}},
		}
	}
	p := &model.Plan{Steps: []model.Step{again("Audit"), again("Logs")}}
	got := strings.Join(gainLines(p, 120), "\n")
	for _, want := range []string{"aws-admins is assigned again:", "Admin in Audit", "Admin in Logs"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is not said once:\n%s", want, got)
		}
	}
}
