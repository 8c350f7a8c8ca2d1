package runbook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
)

// fresh is a case whose app is new: everything was read, and one assigned user is at neither side's target yet.
func fresh() *runbook.Case {
	c := lingering()
	c.Group, c.GroupID = "", ""
	c.Comparison.Target.Groups, c.Comparison.Findings = nil, unsynced(1, model.CauseProvisioningOff)
	c.Comparison.Source.Users = []model.User{{ID: "1", Assigned: true, Active: true}}
	c.Comparison.Users.ToTarget = []int32{model.None}
	return c
}

func unsynced(n int, cause model.Cause) (out []model.Finding) {
	for i := range n {
		out = append(out, model.Finding{
			ID: fmt.Sprintf("user-unsynced/u%d", i), Kind: model.UserUnsynced, Cause: cause,
			Subject: model.Subject{Type: model.SubjectUser, Name: fmt.Sprintf("u%d", i)},
			Repairs: []model.Option{
				{Repair: model.ApprovePending, Channel: model.Console},
				{Repair: model.ReapplyMappings, Channel: model.Console},
			},
		})
	}
	return out
}

func pushed(eventType, minutes int) model.Event {
	return model.Event{
		ID: fmt.Sprint(eventType, minutes), At: after(minutes), Type: eventType, AppID: "500",
		UserID: "u0", UserName: "u0", Text: "401",
	}
}

// stepsOf are how some steps stand, in a line.
func stepsOf(t *testing.T, c *runbook.Case, ids ...string) string {
	t.Helper()
	book, _ := runbook.Find(runbook.FirstSetup)
	var said []string
	for i, v := range book.Walk(*c) {
		for _, id := range ids {
			if book.Steps[i].ID == id {
				said = append(said, id+" "+v.State.String())
				dated(t, v)
			}
		}
	}
	return strings.Join(said, ", ")
}

// TestWhatNoAPIShowsIsProvenByAPush: OneLogin's own connection is to do before the first push, settled by it, and open
// again where the log says what is wrong with it.
func TestWhatNoAPIShowsIsProvenByAPush(t *testing.T) {
	t.Parallel()
	const open = "base-url to do, token to do, connection to do"
	for name, tt := range map[string]struct {
		bend func(c *drift.Comparison)
		want string
	}{
		"nothing was pushed": {func(*drift.Comparison) {}, open + ", events to do"},
		"a push went through": {func(c *drift.Comparison) {
			c.Source.Events = []model.Event{pushed(model.EventCreatedInApp, 1)}
			c.Checks = []model.Check{{ID: model.SetupAppConnection, Result: model.CheckFine}}
		}, "base-url done, token done, connection done, events done"},
		"a push failed after it": {func(c *drift.Comparison) {
			c.Source.Events = []model.Event{pushed(model.EventCreatedInApp, 1), pushed(model.EventUpdateFailed, 2)}
			c.Checks = []model.Check{{ID: model.SetupAppConnection, Result: model.CheckFine}}
		}, "base-url done, token done, connection done, events to do"},
		"it failed before": {func(c *drift.Comparison) {
			c.Source.Events = []model.Event{pushed(model.EventCreateFailed, 1), pushed(model.EventCreatedInApp, 2)}
			c.Checks = []model.Check{{ID: model.SetupAppConnection, Result: model.CheckFine}}
		}, "base-url done, token done, connection done, events done"},
		"the token was refused": {func(c *drift.Comparison) {
			c.Checks = []model.Check{{ID: model.SetupAppToken, Result: model.CheckMend, Seen: "refused"}}
		}, open + ", events to do"},
		"a push of another app": {func(c *drift.Comparison) {
			e := pushed(model.EventCreatedInApp, 1)
			e.AppID = "501"
			c.Source.Events = []model.Event{e}
		}, open + ", events to do"},
		"the log was not read": {func(c *drift.Comparison) {
			c.Source.Coverage[model.PartEvents] = model.UnknownCoverage("503")
		}, "base-url look by hand, token look by hand, connection look by hand, events unknown"},
		"users are there already": {
			func(c *drift.Comparison) { c.Users.ToTarget = []int32{0} },
			"base-url look by hand, token look by hand, connection look by hand, events to do",
		},
	} {
		c := fresh()
		tt.bend(c.Comparison)
		if got := stepsOf(t, c, "base-url", "token", "connection", "events"); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tt.want)
		}
	}
}

// TestAReapplyBeforeTheLastEditDoesNotCount, one after it does; Sync logins counts whenever it was pressed.
func TestAReapplyBeforeTheLastEditDoesNotCount(t *testing.T) {
	t.Parallel()
	event := func(eventType, minutes int) model.Event {
		return model.Event{ID: fmt.Sprint(eventType, minutes), At: after(minutes), Type: eventType, AppID: "500"}
	}
	for name, tt := range map[string]struct {
		events []model.Event
		want   string
	}{
		"nothing pressed": {nil, "sync-logins to do, reapply to do"},
		"long ago": {[]model.Event{
			event(model.EventLoginsSynced, -999),
			event(model.EventReapplied, -999),
		}, "sync-logins done, reapply done"},
		"edited after the reapply": {
			[]model.Event{event(model.EventReapplied, 1), event(model.EventAppUpdated, 2)},
			"sync-logins to do, reapply to do",
		},
		"reapplied after the edit": {
			[]model.Event{event(model.EventAppUpdated, 1), event(model.EventReapplied, 2)},
			"sync-logins to do, reapply done",
		},
		"logins that did not synced": {
			[]model.Event{event(model.EventLoginsNotSynced, 1)},
			"sync-logins to do, reapply to do",
		},
	} {
		c := fresh()
		c.Comparison.Source.Events = tt.events
		if got := stepsOf(t, c, "sync-logins", "reapply"); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestTheAppSignsInBySAML as OneLogin says; where it does not say, somebody has to look, and at AWS nothing else will
// do.
func TestTheAppSignsInBySAML(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		target, signIn, want string
		unread               bool
	}{
		"SAML":                 {"aws", model.SignInSAML, "app done, assigned done", false},
		"SAML elsewhere":       {"generic", model.SignInSAML, "app done, assigned done", false},
		"another protocol":     {"aws", "OpenID Connect", "app to do, assigned done", false},
		"another one, not AWS": {"generic", "OpenID Connect", "app look by hand, assigned done", false},
		"not said":             {"aws", "", "app look by hand, assigned done", false},
		"users not read":       {"aws", model.SignInSAML, "app unknown, assigned unknown", true},
	} {
		c := fresh()
		c.Comparison.Target.Kind, c.Comparison.Source.App.SignIn = tt.target, tt.signIn
		if tt.unread {
			c.Comparison.Source.Coverage[model.PartUsers] = model.UnknownCoverage("503")
		}
		if got := stepsOf(t, c, "app", "assigned"); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	c := fresh()
	c.Comparison.Source.Users[0].Active = false
	if got := stepsOf(t, c, "assigned"); got != "assigned to do" {
		t.Errorf("only a suspended user has it: %s", got)
	}
}

// TestDuplicatesAreNoAgreement: of two records that claim one, the other is not there, and no button brings it.
func TestDuplicatesAreNoAgreement(t *testing.T) {
	t.Parallel()
	for kind, want := range map[model.Kind]string{
		model.UserDuplicate:  "reapply not needed, users to do, groups done",
		model.GroupDuplicate: "reapply not needed, users done, groups to do",
		model.RuleRedundant:  "reapply not needed, users done, groups done",
	} {
		c := fresh()
		c.Comparison.Findings = []model.Finding{{Kind: kind, Subject: model.Subject{Name: "twice"}}}
		c.Comparison.Source.Groups = []model.Group{{Name: "aws-a", Expectation: model.Expected}}
		if got := stepsOf(t, c, "reapply", "users", "groups"); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// TestAllOfNoGroupsIsNoSuccess: where nothing yields a group, none is missing, and still the guide is not through.
func TestAllOfNoGroupsIsNoSuccess(t *testing.T) {
	t.Parallel()
	c := fresh()
	c.Comparison.Findings = nil
	if got := stepsOf(t, c, "users", "groups"); got != "users done, groups to do" {
		t.Error(got)
	}
}

// TestManyWhoWaitTakeTheShortWay: boxes off and one reapply that is watched for all of them; a few are approved.
func TestManyWhoWaitTakeTheShortWay(t *testing.T) {
	t.Parallel()
	book, _ := runbook.Find(runbook.NothingSynchronised)
	for n, want := range map[int]model.RepairName{
		1: model.ApprovePending, 4: model.ApprovePending,
		5: model.ReapplyMappings, 40: model.ReapplyMappings,
	} {
		c := fresh()
		c.Comparison.Findings = unsynced(n, model.CausePendingApproval)
		for i, v := range book.Walk(*c) {
			if book.Steps[i].ID != "approvals" {
				continue
			}
			if len(v.Picks) != n || v.Picks[0].Repair != want || (v.First != "") != (want == model.ReapplyMappings) {
				t.Errorf("%d wait: %d picks of %s, first %q", n, len(v.Picks), v.Picks[0].Repair, v.First)
			}
		}
	}
}

// Where the log shows nobody who waits but by the groups that lack them, the groups are named.
func TestApprovalsThatOnlyGroupsShow(t *testing.T) {
	t.Parallel()
	c := fresh()
	c.Comparison.Findings = []model.Finding{{
		ID: "members-missing/aws-a", Kind: model.MembersMissing, Cause: model.CausePendingApproval,
		Subject: model.Subject{Type: model.SubjectGroup, Name: "aws-a"},
		Repairs: []model.Option{{Repair: model.ApprovePending, Channel: model.Console}},
	}}
	c.Comparison.Checks = []model.Check{{ID: model.SetupReapplyDue, Result: model.CheckMend, Seen: "edited"}}
	book, _ := runbook.Find(runbook.NothingSynchronised)
	said := map[string]runbook.Verdict{}
	for i, v := range book.Walk(*c) {
		said[book.Steps[i].ID] = v
	}
	if v := said["approvals"]; v.State != runbook.Open || v.Seen != "waiting, 1: aws-a" || len(v.Picks) != 1 {
		t.Errorf("approvals: %+v", v)
	}
	press := model.Pick{Option: model.Option{Repair: model.ReapplyMappings, Channel: model.Console}}
	due := said[string(model.SetupReapplyDue)]
	if due.State != runbook.Open || !slices.Equal(due.Picks, []model.Pick{press}) {
		t.Errorf("a reapply that is due: %+v", due)
	}
}

// TestTheCauseDecidesWhichBookComesFirst, not what is at the cursor.
func TestTheCauseDecidesWhichBookComesFirst(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bend func(c *drift.Comparison)
		want string
	}{
		"nothing was ever pushed": {func(*drift.Comparison) {}, "[first-setup nothing-synchronised]"},
		"nor is provisioning on, and the log is still being read": {
			func(c *drift.Comparison) {
				c.Source.Coverage[model.PartEvents] = model.UnknownCoverage("still reading")
			},
			"[first-setup nothing-synchronised]",
		},
		"provisioning is on, and nobody's state is known": {
			func(c *drift.Comparison) { c.Findings = unsynced(1, model.CauseUnknown) }, "[nothing-synchronised]",
		},
		"provisioning is on, and nobody's state shows a push": {func(c *drift.Comparison) {
			c.Findings = unsynced(1, model.CauseUnknown)
			c.Source.Logins = map[string]model.Login{"1": {}}
		}, "[first-setup nothing-synchronised]"},
		"everybody waits": {func(c *drift.Comparison) {
			c.Findings = unsynced(1, model.CausePendingApproval)
			c.Source.Logins = map[string]model.Login{"1": {ID: "9", State: "provisioning_pending_approval"}}
		}, "[nothing-synchronised]"},
		"one of many waits": {func(c *drift.Comparison) {
			c.Findings, c.Users.ToTarget = unsynced(1, model.CausePendingApproval), []int32{0, 1, 2}
			c.Source.Users = append(c.Source.Users, c.Source.Users[0], c.Source.Users[0])
		}, "[]"},
		"groups are not included": {func(c *drift.Comparison) {
			c.Findings, c.Users.ToTarget = []model.Finding{{Kind: model.SetupGroupsNotIncluded}}, []int32{0}
		}, "[groups-not-provisioned]"},
		"somebody was pushed once, whom nobody sees": {func(c *drift.Comparison) {
			c.Source.Events = []model.Event{pushed(model.EventCreatedInApp, 1)}
		}, "[nothing-synchronised]"},
		"a side was not read": {func(c *drift.Comparison) {
			c.Findings, c.Target.Coverage[model.PartUsers] = nil, model.UnknownCoverage("503")
		}, "[]"},
	} {
		c := fresh()
		tt.bend(c.Comparison)
		if got := fmt.Sprint(runbook.BooksForConnection(c.Comparison)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
	for cause, want := range map[model.Cause]runbook.Name{
		model.CausePendingApproval:   runbook.NothingSynchronised,
		model.CauseGroupsNotIncluded: runbook.GroupsNotProvisioned,
		model.CauseDeletedAtTarget:   runbook.DeletedAtTarget,
	} {
		if got := runbook.BooksFor(&model.Finding{Kind: model.MembersMissing, Cause: cause}); got[0] != want {
			t.Errorf("missing members, by %s, are led to %v", cause, got)
		}
	}
}

// TestACheckLeadsToTheStepThatItAnswers: what is to mend offers a case of the guide that mends it, if one does.
func TestACheckLeadsToTheStepThatItAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range model.SetupKinds() {
		var with []runbook.Name
		for _, book := range runbook.Books() {
			has := func(s runbook.Step) bool { return s.ID == string(kind) }
			if book.Name != runbook.FirstSetup && slices.ContainsFunc(book.Steps, has) {
				with = append(with, book.Name)
			}
		}
		offered := runbook.BooksFor(&model.Finding{Kind: kind, Cause: model.Cause(kind)})
		known := func(n runbook.Name) bool { return slices.Contains(with, n) }
		if len(with) > 0 && !slices.ContainsFunc(offered, known) {
			t.Errorf("%s is a step of %v, and leads to %v", kind, with, offered)
		}
	}
}
