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

// A preview says in words what the sign of its row means, and who is missing and who is too many, also in a group that
// is as large on both sides.
func TestPreviewSaysWhoIsApart(t *testing.T) {
	t.Parallel()
	w := drifted()
	w.targetIDs[4].IDs = w.targetIDs[4].IDs[1:]
	w.sourceLists[4].IDs = append(w.sourceLists[4].IDs, w.source.Users[812].ID) // zoe, who was not pushed
	for _, width := range []int{160, 120, 80} {
		a := board(t, w.compare(), width, 48)
		a.press("2", "/")
		a.write("aws-readers-4")
		a.press("enter")
		sees(t, a, "≠ differs", "1 of ")
		if width == 80 { // the list leaves no room for both sides
			continue
		}
		sees(t, a, "≠ members     6 ", "missing     ida.castle28@corp.example", "              zoe@corp.example",
			"too many    eve.ebert44@corp.example", "              finn.ebert45@corp.example")
	}
	a := board(t, w.compare(), 80, 24)
	a.press("/")
	a.write("aws-contractors")
	a.press("enter", "j")
	sees(t, a, "aws-contractors-2023 · ◁ only AWS")
}

// Where no key ends what a heading tells of, it names one that copies what to look for by hand, and that works there.
func TestHeadingOfWhatIsMendedByHand(t *testing.T) {
	t.Parallel()
	w := drifted()
	w.target.Users[50].ExternalID, w.target.Users[51].ExternalID = w.source.Users[50].ID, w.source.Users[50].ID
	a := board(t, w.compare(), 80, 48)
	a.press("/")
	a.write("kind:user-duplicate")
	a.press("enter", "k")
	sees(t, a, "y copy, by hand")
	a.press("y")
	sees(t, a, "Copied ")
}

// An outage is told beside the severities, and not like one of them.
func TestOutageIsNoSeverity(t *testing.T) {
	t.Parallel()
	w := newWorld(0, 0)
	for i := range 8 {
		w.addUser(string(rune('a'+i))+"@corp.example", i > 6)
	}
	sees(t, board(t, w.compare(), 80, 24), "Outage: 7 of 8 people  by severity:  HIGH 7")
}
