package runbook

import (
	_ "embed" // for books.txt
	"strings"
	"sync"

	"github.com/scimdrift/scimdrift/model"
)

//go:embed books.txt
var booksText string

// Books lists all runbooks.
func Books() []Book { return allBooks() }

var allBooks = sync.OnceValue(func() (books []Book) { //nolint:gochecknoglobals // a table, made when it is asked for
	judge := stepJudges()
	for _, s := range model.ParseTexts(booksText) {
		if n := len(books); n == 0 || books[n-1].Name != Name(s.Of) {
			books = append(books, Book{Name: Name(s.Of)})
		}
		b := &books[len(books)-1]
		switch s.Field {
		case "title":
			b.Title = s.Text
		case "when":
			b.When = s.Text
		case "of":
			b.OfGroup = true
		case "advice":
			b.Advice = append(b.Advice, s.Text)
		case "step":
			id, title, _ := strings.Cut(s.Text, " ")
			step := Step{ID: id, Title: title, judge: setupCheck(model.CheckID(id))}
			for _, name := range []string{id, s.Of + " " + id} {
				if of, is := judge[name]; is {
					step.judge = of
				}
			}
			b.Steps = append(b.Steps, step)
		case "why":
			b.Steps[len(b.Steps)-1].Why = s.Text
		}
	}
	return books
})

// stepJudges say where steps stand, by the book and the name of the step, or by its name in any book. What is named
// after a set-up check and not here is what the check says.
func stepJudges() map[string]func(*Case) Verdict {
	return map[string]func(*Case) Verdict{
		model.SetupProvisioningOff:     consoleSetting(model.SetupProvisioningOff),
		model.SetupGroupsNotIncluded:   consoleSetting(model.SetupGroupsNotIncluded),
		string(model.SetupNoGroupRule): consoleSetting(model.SetupNoGroupRule),
		model.SetupReapplyDue: setupCheckWithPicks(model.SetupReapplyDue,
			func(*Case) []model.Pick { return appButton(model.ReapplyMappings) }),
		"approvals": judgeApprovals,

		"first-setup app": judgeApp,
		"first-setup base-url": judgeConnectionStep(
			"Paste the target's SCIM endpoint into SCIM Base URL (Configuration > API "+
				"Connection), without the slash at its end: "+targetAddress+".", model.SetupAppConfiguration),
		"first-setup token": judgeConnectionStep(
			"Paste the target's access token into SCIM Bearer Token (Configuration > API "+
				"Connection).", model.SetupAppToken),
		"first-setup connection": judgeConnectionStep(
			"Press Enable beside API Connection, and Save: API Status then says "+
				"Enabled.", model.SetupBrokenConnector),
		"first-setup assigned":    judgeSomebodyAssigned,
		"first-setup sync-logins": judgeSyncLogins,
		"first-setup reapply":     judgeReapplyOnce,
		"first-setup events":      judgePushes,
		"first-setup users":       judgeNothingUnsynced,
		"first-setup groups":      judgeNothingMissing,

		"groups-not-provisioned somebody": judgeSomebodyExpected,
		"groups-not-provisioned refresh":  judgeRefresh(findMissingGroups),
		"groups-not-provisioned reapply":  judgeReapplyAfterRefresh(findMissingGroups),
		"groups-not-provisioned verify":   judgeNothingMissing,

		"nothing-synchronised reapply": judgeReapply(findUnsyncedUsers, sinceCaseBegun),
		"nothing-synchronised verify":  judgeNothingUnsynced,

		"group-lingers unyielded": judgeNotYielded,
		"group-lingers members":   judgeMembersKnown,
		"group-lingers delete":    judgeDeleted,
		"group-lingers refresh":   judgeForgotten,
		"group-lingers verify":    judgeStaysGone,

		"deleted-at-target redundant":   judgeRedundantWays,
		"deleted-at-target undesirable": judgeNoLingering,
		"deleted-at-target refresh":     judgeRefresh(findGroupMissing),
		"deleted-at-target reapply":     judgeReapplyAfterRefresh(findGroupMissing),
		"deleted-at-target back":        judgeGroupExists,
		"deleted-at-target memberships": judgeMembers,
		"deleted-at-target assignments": judgeAssignmentsMoved,
	}
}
