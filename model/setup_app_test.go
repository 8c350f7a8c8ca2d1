package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSetupOfTheApp(t *testing.T) {
	t.Parallel()
	app := func(change func(*App)) func(*world, *Options) {
		return func(w *world, _ *Options) { change(&w.app) }
	}
	lost := func(w *world, _ *Options) {
		w.app = App{}
		w.cover[PartUsers] = UnknownCoverage("app forbidden")
	}
	unsynced := func(w *world, _ *Options) { w.dropTargetUser("t-" + w.users[0].ID) }
	sample := func(l LoginState) func(*world, *Options) {
		return func(w *world, o *Options) {
			unsynced(w, o)
			o.Facts.Probed, o.Facts.Login = true, l
		}
	}
	runSetupCases(t, []setupCase{
		{name: "on", id: SetupProvisioningOff, want: CheckFine},
		{name: "off", id: SetupProvisioningOff, change: app(func(a *App) { a.Provisioning = No }), want: CheckMend, todo: "Enable provisioning", severity: High},
		{name: "unsaid", id: SetupProvisioningOff, change: app(func(a *App) { a.Provisioning = Unsaid }), want: CheckLook},
		{name: "app not read", id: SetupProvisioningOff, change: lost, want: CheckUnknown, seen: "app forbidden"},

		{name: "in", id: SetupGroupsNotIncluded, want: CheckFine},
		{name: "out", id: SetupGroupsNotIncluded, change: app(func(a *App) { a.GroupsIncluded = No }), want: CheckMend, todo: "Include in User Provisioning", severity: High},
		{name: "unsaid", id: SetupGroupsNotIncluded, change: app(func(a *App) { a.GroupsIncluded = Unsaid }), want: CheckLook},

		{name: "nobody", id: SetupPendingApprovals, want: CheckFine},
		{name: "not tried", id: SetupPendingApprovals, change: unsynced, want: CheckLook, seen: "1 assigned user is missing"},
		{
			name: "the sample waits", id: SetupPendingApprovals, change: sample(LoginState{UserName: "ana", State: "provisioning_pending_approval"}),
			want: CheckMend, seen: "login of ana waits for approval", todo: "approve", severity: Medium,
		},
		{
			name: "the sample failed", id: SetupPendingApprovals, change: sample(LoginState{UserName: "ana", State: "provisioning_failed"}),
			want: CheckLook, seen: "provisioning_failed",
		},
		{name: "a side not read", id: SetupPendingApprovals, change: func(w *world, _ *Options) { w.tcover[PartUsers] = UnknownCoverage("down") }, want: CheckUnknown},

		{name: "by hand", id: SetupApprovalBoxes, want: CheckLook, todo: "Require admin approval"},
		{name: "by hand", id: SetupDeleteMode, want: CheckLook, todo: "Suspend"},
		{name: "by hand", id: SetupAppConnection, want: CheckLook, todo: "SCIM Base URL"},
		{name: "by hand", id: SetupLoginGroups, want: CheckLook, todo: "Groups"},
	})
}

func TestSetupOfTheLog(t *testing.T) {
	t.Parallel()
	ago := func(hours int) time.Time { return setupAt.Add(-time.Duration(hours) * time.Hour) }
	events := func(list ...Event) func(*world, *Options) {
		return func(w *world, _ *Options) { w.events = list }
	}
	in := func(kind, hours int) Event {
		return Event{At: ago(hours), Type: kind, AppID: "5", Actor: "cy@corp.example"}
	}
	of := func(app string, e Event) Event {
		e.AppID = app
		return e
	}
	saying := func(text string, e Event) Event {
		e.Text = text
		return e
	}
	partly := func(list ...Event) func(*world, *Options) {
		return func(w *world, _ *Options) { w.events, w.cover[PartEvents] = list, PartialCoverage("cut off") }
	}
	cases := []setupCase{
		{name: "a push proves it", id: SetupAppConnection, change: events(in(EventCreatedInApp, 2)), want: CheckFine, seen: "inferred: USER_CREATED_IN_APP"},
		{name: "a push of another app", id: SetupAppConnection, change: events(of("6", in(EventCreatedInApp, 2))), want: CheckLook},
		{name: "refused after the push", id: SetupAppConnection, change: events(in(EventCreatedInApp, 2), in(EventTokenRejected, 1)), want: CheckLook, seen: "after the last push"},
		{name: "refused before the push", id: SetupAppConnection, change: events(in(EventCreatedInApp, 1), in(EventTokenRejected, 2)), want: CheckFine},
		{name: "no edit", id: SetupReapplyDue, change: events(in(EventReapplied, 9)), want: CheckFine, seen: "2026-11-22 23:00 UTC by cy@corp.example"},
		{name: "reapplied after", id: SetupReapplyDue, change: events(in(EventReapplied, 1), in(EventRuleUpdated, 2)), want: CheckFine},
		{
			name: "edited after", id: SetupReapplyDue, change: events(in(EventReapplied, 3), in(EventRuleUpdated, 2), in(EventParameterDeleted, 1)),
			want: CheckMend, seen: "2 edits are not applied to those who have the app already, newest first: PARAMETER_DELETED on 2026-11-23 07:00 UTC by cy@corp.example, APP_RULES_UPDATE on 2026-11-23 06:00 UTC by cy@corp.example; last reapplied", severity: Medium,
		},
		{name: "never reapplied", id: SetupReapplyDue, change: events(in(EventAppUpdated, 2)), want: CheckMend, seen: "no reapply is in the log", severity: Medium},
		{name: "app edit by API", id: SetupReapplyDue, change: events(in(EventAPIAppUpdated, 2)), want: CheckMend, seen: "API_APP_UPDATED", severity: Medium},
		{name: "rules sorted", id: SetupReapplyDue, change: events(in(EventRulesSorted, 2)), want: CheckMend, severity: Medium},
		{name: "an edit that failed", id: SetupReapplyDue, change: events(in(9019, 2), in(803, 2), in(1303, 1)), want: CheckFine},
		{name: "a rule was only read", id: SetupReapplyDue, change: events(in(9020, 2), in(9022, 1)), want: CheckFine},
		{name: "another app", id: SetupReapplyDue, change: events(of("6", in(EventRuleUpdated, 2))), want: CheckFine},
		{name: "an app that is not named", id: SetupReapplyDue, change: events(of("", in(EventParameterUpdated, 2))), want: CheckMend, severity: Medium, confidence: Likely},
		{name: "log cut off", id: SetupReapplyDue, change: partly(), want: CheckUnknown, seen: "cut off"},
		{name: "log cut off, edit seen", id: SetupReapplyDue, change: partly(in(EventRuleUpdated, 2)), want: CheckMend, severity: Medium},

		{name: "limit", id: SetupUserLimit, change: events(in(eventUserLimit, 2)), want: CheckMend, seen: "APP_REACHED_USER_LIMIT", severity: High},
		{name: "broken", id: SetupBrokenConnector, change: events(in(EventBrokenConnector, 2)), want: CheckMend, seen: "CONNECTOR_BROKEN", severity: High},
		{name: "refused", id: SetupAppToken, change: events(saying("401 Unauthorized", in(EventTokenRejected, 2))), want: CheckMend, seen: "“401 Unauthorized”", todo: "Enable", severity: High},
		{name: "mended since", id: SetupAppToken, change: events(in(EventTokenRejected, 2), in(EventUpdatedInApp, 1)), want: CheckFine, seen: "over since"},
		{name: "worked before", id: SetupAppToken, change: events(in(EventTokenRejected, 2), in(EventUpdatedInApp, 3)), want: CheckMend, severity: High},
		{name: "another app worked", id: SetupAppToken, change: events(in(EventTokenRejected, 2), of("6", in(EventUpdatedInApp, 1))), want: CheckMend, severity: High},
		{name: "misconfigured", id: SetupAppConfiguration, change: events(in(eventAppConfigError, 2)), want: CheckMend, severity: High},
		{name: "throttled", id: SetupThrottled, change: events(in(eventThrottled, 2)), want: CheckLook, seen: "PROVISIONING_APP_THROTTLED"},

		{name: "not started", id: SetupJobsStuck, change: events(in(eventJobStartFailed, 2)), want: CheckMend, seen: "JOB_START_FAILED", severity: Medium},
		{name: "waits", id: SetupJobsStuck, change: events(in(eventJobInQueue, 2)), want: CheckLook, seen: "06:00 UTC"},
		{name: "just queued", id: SetupJobsStuck, change: events(in(eventJobInQueue, 0)), want: CheckFine, seen: "not long"},
		{name: "went on", id: SetupJobsStuck, change: events(in(eventJobInQueue, 2), in(EventCreatedInApp, 1)), want: CheckFine},
	}
	for _, id := range []Kind{SetupUserLimit, SetupBrokenConnector, SetupAppToken, SetupAppConfiguration, SetupThrottled, SetupJobsStuck} {
		cases = append(cases,
			setupCase{name: "quiet", id: id, want: CheckFine},
			setupCase{name: "not read", id: id, change: partly(), want: CheckUnknown, seen: "cut off"})
	}
	runSetupCases(t, cases)
}

func TestSetupOfTheEntitlementCache(t *testing.T) {
	t.Parallel()
	cached := func(names ...string) func(*world, *Options) {
		return func(w *world, _ *Options) { w.entitlements = names }
	}
	runSetupCases(t, []setupCase{
		{name: "not shown", id: SetupStaleEntitlements, want: CheckLook},
		{name: "in step", id: SetupStaleEntitlements, change: cached("AWS-Team-0", "aws-team-1"), want: CheckFine},
		{name: "gone and wanted", id: SetupStaleEntitlements, change: func(w *world, o *Options) {
			cached("aws-team-0", "aws-team-1")(w, o)
			w.tgroups = w.tgroups[1:]
		}, want: CheckMend, seen: "aws-team-0", todo: "Refresh", severity: Low, confidence: Likely},
		{name: "gone and not wanted", id: SetupStaleEntitlements, change: cached("aws-old"), want: CheckLook, seen: "aws-old"},
		{name: "ignored", id: SetupStaleEntitlements, change: func(w *world, o *Options) {
			cached("AWSControlTowerAdmins")(w, o)
			o.Groups.Ignore = []string{"AWSControlTower*"}
		}, want: CheckFine},
		{name: "groups not read", id: SetupStaleEntitlements, change: func(w *world, o *Options) {
			cached("aws-old")(w, o)
			w.tcover[PartGroups] = PartialCoverage("cut off")
		}, want: CheckUnknown, seen: "cut off"},
	})
}

// TestTasksThatWaitShowTheBoxes: by their kind; that none waits shows nothing.
func TestTasksThatWaitShowTheBoxes(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		"provisioning_pending_approval":            "inferred: Create user is ticked, because 1 such task waits",
		"modifying_pending_approval_then_disabled": "inferred: Update user is ticked",
		"deleting_pending_approval":                "inferred: Delete user is ticked",
		"provisioned":                              "the API does not show",
	} {
		w := quietWorld()
		src, dir := w.sides(testOptions())
		src.Logins = map[string]Login{"1000": {ID: "9", State: state}}
		c := asked(src, dir, testOptions())
		i := slices.IndexFunc(c.Checks, func(k Check) bool { return k.ID == SetupApprovalBoxes })
		if k := c.Checks[i]; k.Result != CheckLook || !strings.Contains(k.Seen, want) {
			t.Errorf("%s: %s, %s", state, k.Result, k.Seen)
		}
	}
}
