package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/setup"
)

func TestSetupOfTheApp(t *testing.T) {
	t.Parallel()
	app := func(change func(*model.App)) func(*world, *drift.Options) {
		return func(w *world, _ *drift.Options) { change(&w.app) }
	}
	lost := func(w *world, _ *drift.Options) {
		w.app = model.App{}
		w.cover[model.PartUsers] = model.UnknownCoverage("app forbidden")
	}
	unsynced := func(w *world, _ *drift.Options) { w.dropTargetUser("t-" + w.users[0].ID) }
	runSetupCases(t, []setupCase{
		{name: "on", id: model.SetupProvisioningOff, want: model.CheckFine},
		{
			name: "off", id: model.SetupProvisioningOff, change: app(func(a *model.App) { a.Provisioning = model.No }),
			want: model.CheckMend, todo: "Enable provisioning", severity: model.High,
		},
		{
			name: "unsaid", id: model.SetupProvisioningOff,
			change: app(func(a *model.App) { a.Provisioning = model.Unsaid }), want: model.CheckLook,
		},
		{
			name: "app not read", id: model.SetupProvisioningOff, change: lost, want: model.CheckUnknown,
			seen: "app forbidden",
		},

		{name: "in", id: model.SetupGroupsNotIncluded, want: model.CheckFine},
		{
			name: "out", id: model.SetupGroupsNotIncluded,
			change: app(func(a *model.App) { a.GroupsIncluded = model.No }),
			want:   model.CheckMend, todo: "Include in User Provisioning", severity: model.High,
		},
		{
			name: "unsaid", id: model.SetupGroupsNotIncluded,
			change: app(func(a *model.App) { a.GroupsIncluded = model.Unsaid }), want: model.CheckLook,
		},

		{name: "nobody", id: model.SetupPendingApprovals, want: model.CheckFine},
		{
			name: "not tried", id: model.SetupPendingApprovals, change: unsynced, want: model.CheckLook,
			seen: "1 assigned user is missing",
		},
		{
			name: "a side not read", id: model.SetupPendingApprovals,
			change: func(w *world, _ *drift.Options) { w.tcover[model.PartUsers] = model.UnknownCoverage("down") },
			want:   model.CheckUnknown,
		},

		{name: "by hand", id: model.SetupApprovalBoxes, want: model.CheckLook, todo: "Require admin approval"},
		{name: "by hand", id: model.SetupDeleteMode, want: model.CheckLook, todo: "Suspend"},
		{name: "by hand", id: model.SetupAppConnection, want: model.CheckLook, todo: "SCIM Base URL"},
		{name: "by hand", id: model.SetupLoginGroups, want: model.CheckLook, todo: "Groups"},
	})
}

func TestSetupOfTheLog(t *testing.T) {
	t.Parallel()
	ago := func(hours int) time.Time { return setupAt.Add(-time.Duration(hours) * time.Hour) }
	events := func(list ...model.Event) func(*world, *drift.Options) {
		return func(w *world, _ *drift.Options) { w.events = list }
	}
	in := func(kind, hours int) model.Event {
		return model.Event{At: ago(hours), Type: kind, AppID: "5", Actor: "cy@corp.example"}
	}
	of := func(app string, e model.Event) model.Event {
		e.AppID = app
		return e
	}
	saying := func(text string, e model.Event) model.Event {
		e.Text = text
		return e
	}
	partly := func(list ...model.Event) func(*world, *drift.Options) {
		return func(w *world, _ *drift.Options) {
			w.events, w.cover[model.PartEvents] = list, model.PartialCoverage("cut off")
		}
	}
	cases := []setupCase{
		{
			name: "a push proves it", id: model.SetupAppConnection, change: events(in(model.EventCreatedInApp, 2)),
			want: model.CheckFine, seen: "inferred: USER_CREATED_IN_APP",
		},
		{
			name: "a push of another app", id: model.SetupAppConnection,
			change: events(of("6", in(model.EventCreatedInApp, 2))), want: model.CheckLook,
		},
		{name: "refused after the push", id: model.SetupAppConnection, change: events(in(model.EventCreatedInApp, 2),
			in(model.EventTokenRejected, 1)), want: model.CheckLook, seen: "after the last push"},
		{name: "refused before the push", id: model.SetupAppConnection, change: events(in(model.EventCreatedInApp, 1),
			in(model.EventTokenRejected, 2)), want: model.CheckFine},
		{
			name: "no edit", id: model.SetupReapplyDue, change: events(in(model.EventReapplied, 9)),
			want: model.CheckFine,
			seen: "2026-11-22 23:00 UTC by cy@corp.example",
		},
		{
			name: "reapplied after", id: model.SetupReapplyDue,
			change: events(in(model.EventReapplied, 1), in(model.EventRuleUpdated, 2)), want: model.CheckFine,
		},
		{
			name: "reapplied after, of whatever app", id: model.SetupReapplyDue,
			change: events(of("", in(model.EventReapplied, 1)), in(model.EventRuleUpdated, 2)), want: model.CheckLook,
			seen: "names none",
		},
		{
			name: "edited after", id: model.SetupReapplyDue,
			change: events(in(model.EventReapplied, 3), in(model.EventRuleUpdated, 2),
				in(model.EventParameterDeleted, 1)),
			want: model.CheckMend, seen: "2 edits are not applied to those who have the app already, newest first: " +
				"PARAMETER_DELETED on 2026-11-23 07:00 UTC by cy@corp.example, APP_RULES_UPDATE on 2026-11-23 06:00 " +
				"UTC by cy@corp.example; last reapplied", severity: model.Medium,
		},
		{
			name: "never reapplied", id: model.SetupReapplyDue, change: events(in(model.EventAppUpdated, 2)),
			want: model.CheckMend, seen: "no reapply is in the log", severity: model.Medium,
		},
		{
			name: "app edit by API", id: model.SetupReapplyDue, change: events(in(model.EventAPIAppUpdated, 2)),
			want: model.CheckMend, seen: "API_APP_UPDATED", severity: model.Medium,
		},
		{
			name: "rules sorted", id: model.SetupReapplyDue, change: events(in(model.EventRulesSorted, 2)),
			want: model.CheckMend, severity: model.Medium,
		},
		{
			name: "an edit that failed", id: model.SetupReapplyDue,
			change: events(in(9019, 2), in(803, 2), in(1303, 1)),
			want:   model.CheckFine,
		},
		{
			name: "a rule was only read", id: model.SetupReapplyDue, change: events(in(9020, 2), in(9022, 1)),
			want: model.CheckFine,
		},
		{
			name: "another app", id: model.SetupReapplyDue, change: events(of("6", in(model.EventRuleUpdated, 2))),
			want: model.CheckFine,
		},
		{
			name: "an app that is not named", id: model.SetupReapplyDue,
			change: events(of("", in(model.EventParameterUpdated, 2))), want: model.CheckMend, severity: model.Medium,
			confidence: model.Likely,
		},
		{name: "log cut off", id: model.SetupReapplyDue, change: partly(), want: model.CheckUnknown, seen: "cut off"},
		{
			name: "log cut off, edit seen", id: model.SetupReapplyDue, change: partly(in(model.EventRuleUpdated, 2)),
			want: model.CheckMend, severity: model.Medium,
		},

		{
			name: "limit", id: model.SetupUserLimit, change: events(in(setup.EventUserLimit, 2)), want: model.CheckMend,
			seen: "APP_REACHED_USER_LIMIT", severity: model.High,
		},
		{
			name: "broken", id: model.SetupBrokenConnector, change: events(in(model.EventBrokenConnector, 2)),
			want: model.CheckMend, seen: "CONNECTOR_BROKEN", severity: model.High,
		},
		{
			name: "refused", id: model.SetupAppToken,
			change: events(saying("401 Unauthorized", in(model.EventTokenRejected, 2))), want: model.CheckMend,
			seen: "“401 Unauthorized”", todo: "Enable", severity: model.High,
		},
		{
			name: "refused a push", id: model.SetupAppToken, change: events(in(model.EventUpdatedInApp, 3),
				saying("answered 401", in(model.EventUpdateFailed, 2))), want: model.CheckMend, severity: model.High,
			confidence: model.Likely,
		},
		{
			name: "refused a push after the push", id: model.SetupAppConnection,
			change: events(in(model.EventUpdatedInApp, 3), saying("answered 401", in(model.EventUpdateFailed, 2))),
			want:   model.CheckLook, seen: "after the last push",
		},
		{name: "mended since", id: model.SetupAppToken, change: events(in(model.EventTokenRejected, 2),
			in(model.EventUpdatedInApp, 1)), want: model.CheckFine, seen: "over since"},
		{name: "worked before", id: model.SetupAppToken, change: events(in(model.EventTokenRejected, 2),
			in(model.EventUpdatedInApp, 3)), want: model.CheckMend, severity: model.High},
		{name: "another app worked", id: model.SetupAppToken, change: events(in(model.EventTokenRejected, 2),
			of("6", in(model.EventUpdatedInApp, 1))), want: model.CheckMend, severity: model.High},
		{
			name: "misconfigured", id: model.SetupAppConfiguration, change: events(in(setup.EventAppConfigError, 2)),
			want: model.CheckMend, severity: model.High,
		},
		{
			name: "throttled", id: model.SetupThrottled, change: events(in(setup.EventThrottled, 2)),
			want: model.CheckLook, seen: "PROVISIONING_APP_THROTTLED",
		},

		{
			name: "not started", id: model.SetupJobsStuck, change: events(in(setup.EventJobStartFailed, 2)),
			want: model.CheckMend, seen: "JOB_START_FAILED", severity: model.Medium,
		},
		{
			name: "waits", id: model.SetupJobsStuck, change: events(in(setup.EventJobInQueue, 2)),
			want: model.CheckLook,
			seen: "06:00 UTC",
		},
		{
			name: "just queued", id: model.SetupJobsStuck, change: events(in(setup.EventJobInQueue, 0)),
			want: model.CheckFine, seen: "not long",
		},
		{
			name: "went on", id: model.SetupJobsStuck,
			change: events(in(setup.EventJobInQueue, 2), in(model.EventCreatedInApp, 1)), want: model.CheckFine,
		},
	}
	for _, id := range []model.Kind{
		model.SetupUserLimit, model.SetupBrokenConnector, model.SetupAppToken,
		model.SetupAppConfiguration, model.SetupThrottled, model.SetupJobsStuck,
	} {
		cases = append(cases,
			setupCase{name: "quiet", id: id, want: model.CheckFine},
			setupCase{name: "not read", id: id, change: partly(), want: model.CheckUnknown, seen: "cut off"})
	}
	runSetupCases(t, cases)
}

func TestSetupOfTheEntitlementCache(t *testing.T) {
	t.Parallel()
	cached := func(names ...string) func(*world, *drift.Options) {
		return func(w *world, _ *drift.Options) { w.entitlements = names }
	}
	runSetupCases(t, []setupCase{
		{name: "not shown", id: model.SetupStaleEntitlements, want: model.CheckLook},
		{
			name: "in step", id: model.SetupStaleEntitlements, change: cached("AWS-Team-0", "aws-team-1"),
			want: model.CheckFine,
		},
		{name: "gone and wanted", id: model.SetupStaleEntitlements, change: func(w *world, o *drift.Options) {
			cached("aws-team-0", "aws-team-1")(w, o)
			w.tgroups = w.tgroups[1:]
		}, want: model.CheckMend, seen: "aws-team-0", todo: "Refresh", severity: model.Low, confidence: model.Likely},
		{
			name: "gone and not wanted", id: model.SetupStaleEntitlements, change: cached("aws-old"),
			want: model.CheckLook, seen: "aws-old",
		},
		{name: "ignored", id: model.SetupStaleEntitlements, change: func(w *world, o *drift.Options) {
			cached("AWSControlTowerAdmins")(w, o)
			o.Groups.Ignore = []string{"AWSControlTower*"}
		}, want: model.CheckFine},
		{name: "groups not read", id: model.SetupStaleEntitlements, change: func(w *world, o *drift.Options) {
			cached("aws-old")(w, o)
			w.tcover[model.PartGroups] = model.PartialCoverage("cut off")
		}, want: model.CheckUnknown, seen: "cut off"},
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
		src.Logins = map[string]model.Login{"1000": {ID: "9", State: state}}
		c := asked(src, dir, testOptions())
		i := slices.IndexFunc(c.Checks, func(k model.Check) bool { return k.ID == model.SetupApprovalBoxes })
		if k := c.Checks[i]; k.Result != model.CheckLook || !strings.Contains(k.Seen, want) {
			t.Errorf("%s: %s, %s", state, k.Result, k.Seen)
		}
	}
}

// The key of the Groups parameter is not documented. What is only labelled as one is none that gives groups, and what
// it holds is written nowhere.
func TestTheGroupsParameterIsFoundByItsWords(t *testing.T) {
	t.Parallel()
	given := func(key, label string) model.Parameter {
		return model.Parameter{Key: key, Label: label, Defaults: []string{key + "'s own"}}
	}
	labelled := given("cost_centre", "Budget group")
	for what, c := range map[string]struct {
		parameters   []model.Parameter
		want, groups string
	}{
		"none": {[]model.Parameter{given("email", "E-mail")}, "", ""},
		"by its key": {
			[]model.Parameter{labelled, given("a_group", ""), given("groups", "")}, "groups", "groups's own",
		},
		"by its label": {
			[]model.Parameter{given("a_group", ""), given("entitled", "Groups")}, "entitled", "entitled's own",
		},
		"by a part of one": {
			[]model.Parameter{labelled, given("a_group", ""), given("group_b", "")}, "a_group", "a_group's own",
		},
		"by its label only": {[]model.Parameter{labelled}, "cost_centre", ""},
	} {
		app := model.App{Parameters: c.parameters}
		if got := app.GroupsParameter(); got.Key != c.want || strings.Join(got.Defaults, ",") != c.groups {
			t.Errorf("%s: %s with %q", what, got.Key, got.Defaults)
		}
		kept, err := json.Marshal(app)
		if n := strings.Count(string(kept), "own"); err != nil || n != min(len(c.groups), 1) {
			t.Errorf("%s: %d values are kept: %s, %v", what, n, kept, err)
		}
	}
}
