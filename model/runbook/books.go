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
	judge := judges()
	for _, s := range model.Sayings(booksText) {
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
			step := Step{ID: id, Title: title, judge: check(model.CheckID(id))}
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

// judges say where steps stand, by the book and the name of the step, or by its name in any book. What is named after a
// set-up check and not here is what the check says.
func judges() map[string]func(*Case) Verdict {
	return map[string]func(*Case) Verdict{
		model.SetupProvisioningOff:     setting(model.SetupProvisioningOff),
		model.SetupGroupsNotIncluded:   setting(model.SetupGroupsNotIncluded),
		string(model.SetupNoGroupRule): setting(model.SetupNoGroupRule),
		model.SetupReapplyDue: endedBy(model.SetupReapplyDue,
			func(*Case) []model.Pick { return wholeApp(model.ReapplyMappings) }),
		"approvals": approvals,

		"first-setup app": appIsThere,
		"first-setup base-url": unproven("Paste the target's SCIM endpoint into SCIM Base URL (Configuration > API "+
			"Connection), without the slash at its end: "+targetAddress+".", model.SetupAppConfiguration),
		"first-setup token": unproven("Paste the target's access token into SCIM Bearer Token (Configuration > API "+
			"Connection).", model.SetupAppToken),
		"first-setup connection": unproven("Press Enable beside API Connection, and Save: API Status then says "+
			"Enabled.", model.SetupBrokenConnector),
		"first-setup assigned":    somebodyAssigned,
		"first-setup sync-logins": syncLogins,
		"first-setup reapply":     reapplyOnce,
		"first-setup events":      pushes,
		"first-setup users":       nothingUnsynced,
		"first-setup groups":      nothingMissing,

		"groups-not-provisioned somebody": somebodyExpected,
		"groups-not-provisioned refresh":  refresh(missingGroups),
		"groups-not-provisioned reapply":  reapplyRefreshed(missingGroups),
		"groups-not-provisioned verify":   nothingMissing,

		"nothing-synchronised reapply": reapply(unsyncedUsers, sinceBegun),
		"nothing-synchronised verify":  nothingUnsynced,

		"group-lingers unyielded": unyielded,
		"group-lingers members":   membersKnown,
		"group-lingers delete":    deleted,
		"group-lingers refresh":   forgotten,
		"group-lingers verify":    goneForGood,

		"deleted-at-target redundant":   givenOnce,
		"deleted-at-target undesirable": noLingering,
		"deleted-at-target refresh":     refresh(theGroupMissing),
		"deleted-at-target reapply":     reapplyRefreshed(theGroupMissing),
		"deleted-at-target back":        theGroupIsBack,
		"deleted-at-target memberships": theMembersAreRight,
		"deleted-at-target assignments": assignmentsMoved,
	}
}
