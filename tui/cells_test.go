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

// The number of account assignments stands in the row of a group at every width, and is cut off by nothing that matters
// less.
func TestRowOfAnAssignedGroup(t *testing.T) {
	t.Parallel()
	for _, width := range []int{220, 160, 120, 80, 64} {
		a := board(t, assigned().compare(), width, 24)
		row := ""
		for line := range strings.Lines(frame(a)) {
			if strings.Contains(line, "◁") && strings.Contains(line, "aws-legacy") {
				row = line
			}
		}
		if !strings.Contains(row, " 3 assignments") {
			t.Errorf("%d columns: %q does not say what it opens", width, row)
		}
	}
}
