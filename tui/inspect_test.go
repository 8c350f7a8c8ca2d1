package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// find puts the cursor on the row of that name on a tab.
func (a *app) find(digit, name string) {
	a.press(digit, "/")
	a.write(name)
	a.press("enter")
}

// TestInspectorOfALingeringGroup says within one screen of 80x24 what happened, and below it all the rest.
func TestInspectorOfALingeringGroup(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 80, 24)
	a.find("1", "legacy")
	a.press("enter")
	first := frame(a)
	for _, want := range []string{
		"Why", "!  high  group-lingering", "deleted in OneLogin on 2026-11-21",
		"cy@corp.example", "What ends it",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not on the first screen:\n%s", want, first)
		}
	}
	a.Update(sized(80, 100))
	all := frame(a)
	at := -1
	for _, want := range []string{
		"Why", "What ends it", "1. delete-group, by a write to the target  D", "Both sides", "OneLogin: none",
		"◁ aws-legacy-admins",
		"Members 2", "2 only in AWS", "◁ bo.brook11@corp.example", "only in AWS", "Time line 1", "21 Nov 2026 10:00:00",
		"ROLE_DELETED by cy@corp.example",
		"Where", "Menu: OneLogin > place",
	} {
		next := strings.Index(all[at+1:], want)
		if next < 0 {
			t.Fatalf("%q does not come next:\n%s", want, all)
		}
		at += next + 1
	}
}

// TestInspectorShowsAccounts: what the AWS lens knows of a group shows with it, and what it was not asked or could not
// read is said.
func TestInspectorShowsAccounts(t *testing.T) {
	t.Parallel()
	w := drifted()
	w.target.Assignments = map[string]model.Assigned{
		"t-aws-legacy-admins": {List: []model.Assignment{
			{
				AccountID: "111122223333", Account: "Production\x1b[2J", PermissionSetARN: "arn:1",
				PermissionSet: "AdministratorAccess",
			},
			{AccountID: "444455556666", PermissionSetARN: "arn:2"},
		}},
		"t-aws-contractors-2023": {Unknown: "the AWS credentials may not do sso:ListAccountAssignmentsForPrincipal"},
		"t-ct":                   {},
	}
	for i := range w.target.Groups {
		if g := &w.target.Groups[i]; g.ID == "t-ct" {
			g.CreatedBy = "AWSControlTower"
		}
	}
	for name, want := range map[string][]string{
		"legacy": {
			"critical", "2 account assignments on it", "remove-assignments, by a write to the target", "AWS accounts 2",
			"AdministratorAccess in Production<U+001B>[2J (111122223333)", "arn:2 in 444455556666",
		},
		"contractors-2023": {"AWS accounts", "They could not be read", "sso:ListAccountAssignmentsForPrincipal"},
		"ControlTower":     {"AWS accounts 0", "None.", "made by", "AWSControlTower"},
		"aws-billing-1":    {"AWS accounts", "Not asked for yet: r reads them."},
	} {
		a := board(t, w.compare(), 120, 100)
		a.find("2", name)
		a.press("enter")
		got := frame(a)
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s: %q does not show:\n%s", name, text, got)
			}
		}
	}
	without := board(t, drifted().compare(), 120, 100)
	without.find("2", "legacy")
	without.press("enter")
	if got := frame(without); strings.Contains(got, "AWS accounts") {
		t.Errorf("without a lens there are no accounts to tell of:\n%s", got)
	}
}

// explainedUser is a tenant whose groups come from roles, and whose first user differs by case and in a name, and is in
// a group too many.
func explainedUser() *world {
	w := newWorld(20, 4)
	for i := range w.source.Groups {
		g := &w.source.Groups[i]
		w.source.Roles = append(w.source.Roles, model.Role{
			ID: g.RoleIDs[0], Name: g.Name, Grants: true, Users: model.MemberList{IDs: w.sourceLists[i].IDs},
		})
	}
	w.source.Origin = rules.FromRoles
	w.target.Users[0].DisplayName = "Somebody Else"
	w.target.Users[0].UserName = strings.ToUpper(w.target.Users[0].UserName)
	w.intrude(1, 0)
	return w
}

// TestInspectorOfAUser gives the reason for each of his groups, and says what differs by sign and by word.
func TestInspectorOfAUser(t *testing.T) {
	t.Parallel()
	w := explainedUser()
	a := board(t, w.compare(), 120, 60)
	a.find("3", w.source.Users[0].UserName)
	a.press("enter")
	got := frame(a)
	for _, want := range []string{
		"≠ Somebody Else", "differs", "= ANA.ARDEN0@CORP.EXAMPLE", "by case",
		"SAML sign-in needs the userName in exactly the same form",
		"same", "◁ aws-billing-1", "only in AWS", "role aws-admins-0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not show:\n%s", want, got)
		}
	}
}

// TestNamesSideBySideNeverLookEqual: where the two sides spell a name in different code points, board and inspector
// show them.
func TestNamesSideBySideNeverLookEqual(t *testing.T) {
	t.Parallel()
	w := explainedUser()
	w.source.Users[0].UserName, w.target.Users[0].UserName = "zo\u00e9@corp.example", "zoe\u0301@corp.example"
	w.source.Users[1].UserName = "\u0430rden@corp.example"
	w.target.Users[1].UserName, w.target.Users[1].ExternalID, w.target.Users[1].Email = "arden@corp.example", "", ""
	a := board(t, w.compare(), wideTerminal, 60)
	a.find("3", "zo\u00e9@corp.example")
	for _, want := range []string{"zo<U+00E9>@", "zoe<U+0301>@"} {
		if got := frame(a); strings.Count(got, want) != 2 { // in the row and in the pane below it
			t.Errorf("%q does not show twice on the board:\n%s", want, got)
		}
	}
	a.press("esc")
	a.find("3", "\u0430rden@corp.example")
	for _, want := range []string{"<U+0430>rden@corp.example", "looks like <U+0430>rden@corp.example"} {
		if got := frame(a); !strings.Contains(got, want) {
			t.Errorf("%q does not show on the board:\n%s", want, got)
		}
	}
	a.press("esc")
	a.find("3", "zo\u00e9@corp.example")
	a.press("enter")
	for _, want := range []string{
		"zo<U+00E9>@", "zoe<U+0301>@", "by form",
		"SAML sign-in needs the userName in exactly the same form",
	} {
		if got := frame(a); !strings.Contains(got, want) {
			t.Errorf("%q does not show in the inspector:\n%s", want, got)
		}
	}
}

// TestInspectorSections: tab goes from section to section, round and round, and the filter narrows the long lists.
func TestInspectorSections(t *testing.T) {
	t.Parallel()
	a := board(t, crowd().compare(), 80, 24)
	a.find("2", "admins-0")
	a.press("enter")
	for _, want := range []string{"What ends it", "Both sides", "Members 5,000"} {
		a.press("tab")
		if got := frame(a); strings.TrimSpace(strings.Split(got, "\n")[6]) != want {
			t.Fatalf("tab does not bring %q to the top:\n%s", want, got)
		}
	}
	got := frame(a)
	for _, want := range []string{
		"499 only in OneLogin · 500 only in AWS · 4,001 in both",
		"– ◁ bo.arden1051@corp.example only in AWS",
	} {
		if !strings.Contains(single(got), want) {
			t.Errorf("%q does not show:\n%s", want, got)
		}
	}
	a.press("tab", "tab", "tab", "tab")
	if got := a.screenLines()[5]; !strings.Contains(got, a.theme.Chosen.On(" Why ")) {
		t.Errorf("after the last section comes another than the first: %s", got)
	}
	a.press("/")
	a.write("ana.arden4900")
	if got := frame(a); !strings.Contains(got, "Members 1") || !strings.Contains(got, "= ana.arden4900@corp.example") ||
		!strings.Contains(got, "1 of 5,000") {
		t.Errorf("the filter does not find a member:\n%s", got)
	}
	a.press("enter", "esc")
	if got := frame(a); !strings.Contains(got, "Members 5,000") || a.inspector() == nil {
		t.Errorf("esc does not clear the filter only:\n%s", got)
	}
	a.press("/")
	a.write("nobody at all")
	if got := frame(a); !strings.Contains(got, "Nothing matches the filter. esc clears it.") {
		t.Errorf("nothing says that nobody matches:\n%s", got)
	}
}

// TestMembersThatAreNotSettled: with one side's members unread nobody is said to be on one side only.
func TestMembersThatAreNotSettled(t *testing.T) {
	t.Parallel()
	a := board(t, blindMemberships().compare(), 120, 60)
	a.find("2", "aws-readers-4")
	a.press("enter")
	got := frame(a)
	if !strings.Contains(got, "Not settled: memberships unknown: the endpoint answers groups without members") ||
		!strings.Contains(got, "5 not settled") ||
		strings.Contains(got, "only in OneLogin") {
		t.Errorf("unread members are not shown as such:\n%s", got)
	}
}

// TestLongErrorTextsAreWhole in the time line, however narrow the screen.
func TestLongErrorTextsAreWhole(t *testing.T) {
	t.Parallel()
	a := board(t, logged().compare(), 80, 200)
	a.find("3", "ana.dale30")
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "✗ USER_FAILED_UPDATING_IN_APP") ||
		!strings.Contains(got, "and that is all.") {
		t.Errorf("the error is not whole:\n%s", got)
	}
}

// TestTimeLineIsBounded: of a very long one the newest part shows, and what is left out is said.
func TestTimeLineIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(3, 1)
	for i := range 350 {
		w.source.Events = append(w.source.Events, model.Event{
			ID: fmt.Sprint(i), At: noon().AddDate(0, 0, i-400), Type: model.EventUpdatedUser,
			UserID: w.source.Users[0].ID,
		})
	}
	a := board(t, w.compare(), 120, 300)
	a.find("3", "ana.arden0@")
	a.press("enter")
	got := frame(a)
	if !strings.Contains(got, "Time line 350") || !strings.Contains(got, "150 older ones are left out; e lists all.") {
		t.Errorf("what is left out is not said:\n%s", got)
	}
	if newest := noon().AddDate(0, 0, 349-400).Format("2 Jan 2006"); !strings.Contains(got, newest) {
		t.Errorf("the newest, of %s, is left out", newest)
	}
}

// TestOpaqueRuleShowsItsJSON laid out and harmless, with the way to it, and is no record that could be read again.
func TestOpaqueRuleShowsItsJSON(t *testing.T) {
	t.Parallel()
	a := board(t, opaque(), 120, 60)
	a.find("1", "rule-opaque")
	a.press("g", "j")
	if got := frame(a); !strings.Contains(got, "1 rule cannot be evaluated") || strings.Contains(got, "r refresh") {
		t.Errorf("the row is not as it should be:\n%s", got)
	}
	a.press("enter")
	got := frame(a)
	for _, want := range []string{
		"The rule", `"action": "set_groups"`, "open-rules, by hand in the console",
		fmt.Sprintf("Menu: OneLogin > place %d", model.PlaceRules),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not show:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Both sides") || strings.Contains(got, "Members") {
		t.Errorf("a rule has two sides:\n%s", got)
	}
}

// TestCopyGoesRound: y copies one thing after the other and says which; any other key begins anew.
func TestCopyGoesRound(t *testing.T) {
	t.Parallel()
	w := drifted()
	a := board(t, w.compare(), 120, 36)
	a.find("1", "readers-4")
	copied := func() string {
		_, cmd := a.Update(keyOf("y"))
		if cmd == nil {
			t.Fatal("y copies nothing")
		}
		return fmt.Sprint(cmd())
	}
	for _, inside := range []bool{false, true} {
		if inside {
			a.press("enter")
		}
		for _, want := range []struct{ text, said string }{
			{"aws-readers-4", "Copied 1 name. y again copies its id in OneLogin."},
			{"70004", "Copied its id in OneLogin. y again copies its id in AWS."},
			{"t-group-4", "Copied its id in AWS. y again copies a Markdown summary."},
			{
				"**members-extra** (critical)\n\n    aws-readers-4\n    id in OneLogin: 70004\n",
				"Copied a Markdown summary. y again copies 1 name.",
			},
			{"aws-readers-4", "Copied 1 name."},
		} {
			if got := copied(); !strings.HasPrefix(got, want.text) {
				t.Errorf("copied %q, not %q", got, want.text)
			}
			if got := frame(a); !strings.Contains(got, want.said) {
				t.Errorf("the footer does not say %q:\n%s", want.said, got)
			}
		}
		a.press("?", "esc")
		if got := copied(); got != "aws-readers-4" {
			t.Errorf("after another key y copies %q", got)
		}
	}
}

// TestTicketIsHarmless: no line of a stranger's leaves its indented block, where Markdown and HTML mean nothing.
func TestTicketIsHarmless(t *testing.T) {
	t.Parallel()
	a := board(t, hostile().compare(), 120, 36)
	for _, row := range a.Set.Marked(everything(a.Set)) {
		head, rest, _ := strings.Cut(a.markdownSummary(a.Set, row), "\n\n")
		if strings.ContainsAny(head, "<>[]`\x1b\n") {
			t.Errorf("the heading holds a stranger's Text: %q", head)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(rest, "\n"), "\n") {
			if !strings.HasPrefix(line, "    ") || strings.ContainsAny(line, "\x1b\r\t") {
				t.Errorf("a line leaves the block: %q", line)
			}
		}
	}
}

// everything marks every row of the drift.
func everything(set *rows.Set) rows.Marks {
	m := rows.Marks{}
	l := rows.NewList(rows.Drift)
	l.Use(set)
	for line := range l.Len() {
		l.To(line)
		if at, _ := l.Current(); at.Heading == nil {
			l.ToggleMark(m)
		}
	}
	return m
}

// TestNotesShowWhereTheyMatter: what was left out is said with what was read, and where a cause is unknown for it.
func TestNotesShowWhereTheyMatter(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	const note = "provisioning states of 100 of 340 users were read"
	c.Notes = []string{note}
	a := board(t, c, 220, 60)
	a.find("1", "user-unsynced xia")
	if got := frame(a); !strings.Contains(got, "Note: "+note) {
		t.Errorf("the pane does not say it:\n%s", got)
	}
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "Note: "+note) {
		t.Errorf("the inspector does not say it:\n%s", got)
	}
	a.press("c")
	if got := frame(a); !strings.Contains(got, note) {
		t.Errorf("the coverage does not say it:\n%s", got)
	}
}

// TestOpenMembershipsAreNotSettled: where a rule cannot be evaluated in full, nobody is said to be in a group wrongly.
func TestOpenMembershipsAreNotSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(20, 4)
	w.source.Groups[1].MembersOpen = "the rule \"by macro\" cannot be evaluated"
	w.intrude(1, 0)
	a := board(t, w.compare(), 220, 60)
	a.find("2", "aws-billing-1")
	if got := frame(a); !strings.Contains(got, "who should be in it is open: the rule \"by macro\"") {
		t.Errorf("the board does not say why it is open:\n%s", got)
	}
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "Not settled: who should be in it is open: the rule \"by macro\"") ||
		!strings.Contains(got, "1 not settled") ||
		strings.Contains(got, "only in AWS") {
		t.Errorf("an open membership is not shown as such:\n%s", got)
	}
}

// TestWhyAMembershipIsOnOneSide: what is with the user on the other side is told beside it.
func TestWhyAMembershipIsOnOneSide(t *testing.T) {
	t.Parallel()
	w := newWorld(12, 1)
	w.addUser("zoe@corp.example", false)
	w.sourceLists[0].IDs = append(w.sourceLists[0].IDs, w.source.Users[12].ID)
	w.target.Users = append(w.target.Users, model.User{ID: "t-stray", UserName: "stray@corp.example", Active: true})
	for i, user := range []int{1, 2, 12} {
		u := &w.source.Users[user%12]
		switch i {
		case 0:
			u.Active, u.Standing = false, model.StandingSuspended
		case 1:
			u.Assigned = false
		}
		w.targetIDs[0].IDs = append(w.targetIDs[0].IDs, w.target.Users[user].ID)
	}
	a := board(t, w.compare(), 220, 60)
	a.find("2", "aws-admins-0")
	a.press("enter")
	got := single(frame(a))
	for _, want := range []string{
		"zoe@corp.example ▷ – only in OneLogin: no such user in AWS",
		"◁ stray@corp.example only in AWS: no such user in OneLogin",
		"◁ bo.arden1@corp.example only in AWS: suspended",
		"◁ cy.arden2@corp.example only in AWS: not assigned to the app",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not show:\n%s", want, frame(a))
		}
	}
}

// TestInspectorOutlivesItsComparison: between a reload that takes the row away, or everything, and the operator's next
// key, any size can be drawn.
func TestInspectorOutlivesItsComparison(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("3", "G", "enter")
	for _, set := range []*rows.Set{rows.NewSet(newWorld(1, 1).compare()), nil} {
		a.show(reading.Shown{Set: set})
		a.Update(sized(80, 24))
		a.Update(sized(100, 30))
		if got := len(a.screenLines()); got != 30 {
			t.Errorf("the frame has %d lines", got)
		}
		a.press("y")
	}
	a.press("q")
	if a.top() != nil {
		t.Error("q does not go back")
	}
}
