package tui

import (
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
)

// assigned is a tenant of which one lingering group opens accounts.
func assigned() *world {
	w := drifted()
	w.target.Assignments = map[string]model.Assigned{"t-aws-legacy-admins": {List: []model.Assignment{
		{AccountID: "111122223333", Account: "prod", PermissionSetARN: "arn:a", PermissionSet: "AdministratorAccess"},
		{AccountID: "222233334444", Account: "data", PermissionSetARN: "arn:a", PermissionSet: "AdministratorAccess"},
		{AccountID: "111122223333", Account: "prod", PermissionSetARN: "arn:b", PermissionSet: "Billing"},
	}}}
	return w
}

// The number of account assignments stands in the row of a group at every width, and is cut off by nothing that matters less.
func TestRowOfAnAssignedGroup(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		160: "2 members, 3 account assignments", 120: "2 members, 3 account assignments", 80: "3 assignments", 64: "3 assignments",
	} {
		a := board(t, assigned().compare(), width, 24)
		row := ""
		for line := range strings.Lines(frame(a)) {
			if strings.Contains(line, "◁") && strings.Contains(line, "aws-legacy") {
				row = strings.TrimSpace(line)
			}
		}
		if !strings.HasSuffix(row, want) {
			t.Errorf("%d columns: %q does not end in %q", width, row, want)
		}
	}
	if got := population(0, "no permission", 3, 80); got != "3 assignments, members unknown: no permission" {
		t.Errorf("with unread members it is %q", got)
	}
	if got := population(4, "", 0, 10); got != "4 members" {
		t.Errorf("without any it is %q", got)
	}
}
