package runbook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
)

// How says what the program does with a sentence of the vendor's guide.
type How string

// The ways: the program reads whether it is so; makes the write, or opens the page of the button; waits until the
// services show it; concludes it from something else that was read; or only tells what to do or look at.
const (
	Checks  How = "checks"
	Does    How = "does"
	Watches How = "watches"
	Infers  How = "infers"
	Says    How = "says"
)

// Line is one sentence of the vendor's guide that asks for something, in our words, and what takes it over
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/onelogin-idp.html; its considerations are those of
// https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html).
type Line struct {
	// Where is its place in the guide, such as "Step 2.4".
	Where, Asks string
	By          []Service
}

// Service is what takes a sentence of the guide over: a step of a runbook or, where Book is empty, a set-up check.
type Service struct {
	How   How
	Check model.CheckID
	Book  Name
	Step  string
}

func byCheck(how How, id model.CheckID) Service { return Service{How: how, Check: id} }
func byStep(how How, book Name, step string) Service {
	return Service{How: how, Book: book, Step: step}
}
func inSetup(how How, step string) Service              { return byStep(how, FirstSetup, step) }
func line(where, asks string, services ...Service) Line { return Line{where, asks, services} }

// Guide lists what the guide asks for, in its order.
func Guide() []Line {
	return []Line{
		line("Considerations", "Send an e-mail address that nobody else has, and the sign-in name as user name",
			inSetup(Checks, "users")),
		line("Considerations", "Give every user a first name, last name, user name and display name",
			inSetup(Checks, "users")),
		line("Considerations", "Have the SAML subject be the user name", byCheck(Checks, model.SetupUserNameCase)),
		line("Considerations", "Send one value for each attribute, not several", inSetup(Infers, "events"),
			inSetup(Checks, model.SetupAccessAttributes)),
		line("Considerations", "Send an external id that is there for everybody, unique, and does not change",
			inSetup(Infers, "users"), byCheck(Infers, model.SetupMispaired)),
		line("Considerations", "Give the app to those who shall be pushed", inSetup(Checks, "assigned")),
		line("Considerations", "Ask the identity provider what becomes of users who leave",
			byCheck(Says, model.SetupDeleteMode)),
		line("Considerations", "Replace the token before its year is over", inSetup(Checks, model.SetupTokenAge),
			inSetup(Says, model.SetupTokenAge)),
		line("Note", "Do not count on several ACS URLs: OneLogin sends to one", inSetup(Says, "app")),
		line("Prerequisites", "Have a OneLogin account, and IAM Identity Center enabled",
			byCheck(Checks, model.SetupSourceScopes), byCheck(Checks, model.SetupTargetToken)),
		line("Prerequisites", "Connect both by SAML, with the app for IAM Identity Center", inSetup(Checks, "app")),
		line("Step 1.1–1.3", "Enable automatic provisioning in the settings of IAM Identity Center",
			inSetup(Checks, model.SetupTargetToken)),
		line("Step 1.4", "Copy the SCIM endpoint and the access token, which are shown this once",
			inSetup(Checks, model.SetupTargetURL), inSetup(Checks, model.SetupTargetToken)),
		line("Step 2.1–2.2", "Find the app that signs in by SAML, and open its Configuration", inSetup(Checks, "app"),
			inSetup(Does, "base-url")),
		line("Step 2.3", "Paste the endpoint as SCIM Base URL (without a slash at its end)",
			inSetup(Infers, "base-url")),
		line("Step 2.3", "Paste the token as SCIM Bearer Token", inSetup(Infers, "token")),
		line("Step 2.4", "Enable the API Connection, and save", inSetup(Infers, "connection")),
		line("Step 2.5–2.6", "Under Provisioning tick Enable provisioning, Create user, Delete user and Update "+
			"user; save", inSetup(Checks, model.SetupProvisioningOff), inSetup(Infers, model.SetupApprovalBoxes)),
		line("Step 2.7–2.8", "Under Users press More Actions > Sync logins, and see it say that it synchronises",
			inSetup(Does, "sync-logins"), inSetup(Watches, "sync-logins"), inSetup(Says, "sync-logins")),
		line("Step 2.9", "Press More Actions > Reapply entitlement mappings, and see it say that it reapplies",
			inSetup(Does, "reapply"), inSetup(Watches, "reapply"), inSetup(Says, "reapply")),
		line("Step 2.10", "Follow Activity > Events for what went through and what failed", inSetup(Watches, "events")),
		line("Step 2.11", "Verify users and groups in IAM Identity Center", inSetup(Checks, "users"),
			inSetup(Checks, "groups")),
		line("Step 2.12", "Take off what requires an administrator's approval, to push changes automatically",
			inSetup(Infers, model.SetupApprovalBoxes), byStep(Does, NothingSynchronised, "approvals")),
		line("Step 3", "First enable Attributes for access control", inSetup(Checks, model.SetupAccessEnabled)),
		line("Step 3.1–3.3", "Under Parameters add one for each attribute, named by AWS's prefix and the name that "+
			"AWS expects", inSetup(Checks, model.SetupAccessAttributes)),
		line("Step 3.3", "Tick Include in SAML assertion, and choose the OneLogin attribute as its value",
			inSetup(Checks, model.SetupAccessAttributes)),
		line("Step 3", "Have permission sets give access by the attributes that are passed",
			inSetup(Checks, model.SetupAccessConditions)),
		line("Session tags", "Pass each tag as an attribute of its own, named by the prefix and its key, with a value",
			inSetup(Checks, model.SetupAccessAttributes)),
		line("Case 1", "Tick Include in User Provisioning of the Groups parameter",
			byStep(Checks, GroupsNotProvisioned, model.SetupGroupsNotIncluded),
			byStep(Does, GroupsNotProvisioned, model.SetupGroupsNotIncluded)),
		line("Case 1", "Create the groups, from roles for instance",
			byStep(Checks, GroupsNotProvisioned, string(model.SetupNoGroupRule)),
			byStep(Says, GroupsNotProvisioned, string(model.SetupNoGroupRule))),
		line("Case 2", "Mind what waits for an administrator's approval",
			byStep(Checks, NothingSynchronised, "approvals"), byStep(Watches, NothingSynchronised, "approvals")),
		line("Case 2", "Reapply the entitlement mappings after a change of the configuration",
			byStep(Checks, NothingSynchronised, model.SetupReapplyDue),
			byStep(Does, NothingSynchronised, "reapply"), byStep(Watches, NothingSynchronised, "reapply")),
		line("Case 2", "Look under Activity > Events for details and logs",
			byStep(Checks, NothingSynchronised, model.SetupAppToken),
			byStep(Checks, NothingSynchronised, model.SetupJobsStuck)),
		line("Case 3", "Remove a group that was deleted in OneLogin from IAM Identity Center, so that nobody keeps "+
			"what it grants",
			byStep(Checks, GroupLingers, "members"), byStep(Does, GroupLingers, "delete"),
			byStep(Checks, GroupLingers, "verify")),
		line("Case 4", "Leave no redundant rule, nor a group given directly beside a rule that publishes it",
			byStep(Checks, DeletedAtTarget, "redundant"), byCheck(Says, model.SetupLoginGroups)),
		line("Case 4", "Delete undesirable groups in IAM Identity Center",
			byStep(Checks, DeletedAtTarget, "undesirable"), byStep(Does, DeletedAtTarget, "undesirable")),
		line("Case 4", "Refresh the entitlements in OneLogin", byStep(Does, DeletedAtTarget, "refresh"),
			byStep(Watches, DeletedAtTarget, "refresh")),
		line("Case 4", "Reapply the entitlement mappings", byStep(Does, DeletedAtTarget, "reapply"),
			byStep(Watches, DeletedAtTarget, "reapply")),
		line("Case 4", "Next time, stop provisioning the group in OneLogin first, then delete it in IAM "+
			"Identity Center",
			byStep(Checks, GroupLingers, "unyielded"), byStep(Does, GroupLingers, "delete")),
	}
}

// LinesOf are the sentences of the guide that a step takes over.
func LinesOf(book Name, step string) (out []Line) {
	for _, l := range Guide() {
		for _, by := range l.By {
			if by.Book == book && by.Step == step && (len(out) == 0 || out[len(out)-1].Asks != l.Asks) {
				out = append(out, l)
			}
		}
	}
	return out
}

// ServedBy says what takes the sentence over, by the titles of steps and checks, and what each does with it.
func (l Line) ServedBy() string {
	var does []string
	for i, by := range l.By {
		how := string(by.How)
		if next := i + 1; next < len(l.By) && by.same(l.By[next]) { // one step can do several things with a sentence
			does = append(does, how+",")
			continue
		}
		end := ";"
		if i == len(l.By)-1 {
			end = ""
		}
		does = append(does, how+" "+by.title()+end)
	}
	return strings.Join(does, " ")
}

func (s Service) same(other Service) bool {
	return s.Book == other.Book && s.Step == other.Step && s.Check == other.Check
}

func (s Service) title() string {
	if s.Book == "" {
		return "“" + explain.CheckTitle(s.Check) + "” (Setup, doctor)"
	}
	where := "set-up"
	if n := slices.IndexFunc(Books(), func(b Book) bool { return b.Name == s.Book }); n > 0 {
		where = fmt.Sprintf("case %d", n)
	}
	book, _ := Find(s.Book)
	i := slices.IndexFunc(book.Steps, func(step Step) bool { return step.ID == s.Step })
	if i < 0 {
		return where // a test sees to it that there is one
	}
	return fmt.Sprintf("“%s” (%s, step %d)", book.Steps[i].Title, where, i+1)
}
