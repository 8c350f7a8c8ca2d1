package model_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

func console(r model.RepairName) []model.Option {
	return []model.Option{{Repair: r, Channel: model.Console}}
}

// TestACauseBearsItsSymptoms: a set-up finding stands above what it explains and has their severity, so that it is not
// sorted below the symptoms that it would end.
func TestACauseBearsItsSymptoms(t *testing.T) {
	t.Parallel()
	for cause, check := range map[model.Cause]model.Kind{
		model.CausePendingApproval:   model.SetupPendingApprovals,
		model.CauseGroupsNotIncluded: model.SetupGroupsNotIncluded,
		model.CauseProvisioningOff:   model.SetupProvisioningOff,
		model.CauseTokenRejected:     model.SetupAppToken, model.CauseStaleEntitlement: model.SetupStaleEntitlements,
	} {
		c := drift.Comparison{Findings: []model.Finding{
			{
				Kind: model.UserStillActive, Severity: model.Critical, Cause: model.CauseSourceSuspended,
				Repairs: console(model.ReapplyMappings),
			},
			{
				Kind: model.GroupLingering, Severity: model.High,
				Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
			},
			{Kind: model.MembersMissing, Severity: model.High, Cause: cause, Repairs: console(model.ApprovePending)},
			{Kind: check, Severity: model.Low, Check: &model.Check{ID: check}, Repairs: console(model.OpenApp)},
		}}
		groups := drift.CauseGroups(c.Findings)
		if len(groups) != 3 {
			t.Fatalf("%s: %d groups", cause, len(groups))
		}
		g := groups[1] // below what is worse, above what is as bad and explains nothing
		if !g.HasSymptoms() || g.Severity != model.High || !slices.Equal(g.Findings, []int32{3, 2}) ||
			g.Action.Repair != model.ApprovePending {
			t.Errorf("%s: the group is %+v", cause, g)
		}
	}
}

// TestWhatEndsAlikeStandsTogether: kinds and causes that one press ends are one group, and what needs another press is
// another.
func TestWhatEndsAlikeStandsTogether(t *testing.T) {
	t.Parallel()
	reapply := console(model.ReapplyMappings)
	for name, test := range map[string]struct {
		a, b model.Finding
		one  bool
	}{
		"who lacks access, whatever the cause": {
			model.Finding{Kind: model.UserUnsynced, Cause: model.CauseProvisioningFailed, Repairs: reapply},
			model.Finding{Kind: model.MembersMissing, Cause: model.CauseUnknown, Repairs: reapply},
			true,
		},
		"over the API and by the console": {
			model.Finding{Kind: model.MembersExtra, Repairs: reapply},
			model.Finding{
				Kind:    model.MembersExtra,
				Repairs: []model.Option{{Repair: model.ReapplyMappings, Channel: model.Nudge}},
			},
			true,
		},
		"another repair": {
			model.Finding{Kind: model.MembersMissing, Repairs: reapply},
			model.Finding{
				Kind:    model.MembersMissing,
				Repairs: []model.Option{{Repair: model.AddMembers, Channel: model.Direct}},
			},
			false,
		},
		"nothing offered": {
			model.Finding{
				Kind:    model.GroupLingering,
				Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
			},
			model.Finding{Kind: model.GroupLingering, Blocked: "unread"},
			false,
		},
		"contradicted": {
			model.Finding{Kind: model.GroupLingering},
			model.Finding{Kind: model.GroupLingering, Contradicted: "who says what"},
			false,
		},
		"to be mended first": {
			model.Finding{Kind: model.UserUnsynced, Repairs: reapply},
			model.Finding{Kind: model.UserUnsynced, Cause: model.CauseMissingAttribute, Repairs: reapply},
			false,
		},
	} {
		c := drift.Comparison{Findings: []model.Finding{test.a, test.b}}
		if got := len(drift.CauseGroups(c.Findings)) == 1; got != test.one {
			t.Errorf("%s: %d groups", name, len(drift.CauseGroups(c.Findings)))
		}
	}
}

// TestGroupsHoldEveryFindingOnce, bear the worst severity and come worst first.
func TestGroupsHoldEveryFindingOnce(t *testing.T) {
	t.Parallel()
	kinds := model.Kinds()
	rapid.Check(t, func(t *rapid.T) {
		finding := rapid.Custom(func(t *rapid.T) model.Finding {
			f := model.Finding{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Severity: rapid.SampledFrom([]model.Severity{
					model.Info, model.Low, model.Medium, model.High,
					model.Critical,
				}).Draw(t, "severity"),
				Cause: rapid.SampledFrom([]model.Cause{
					model.CauseUnknown, model.CausePendingApproval,
					model.CauseTokenRejected, model.CauseDuplicate,
				}).Draw(t, "cause"),
			}
			if slices.Contains(model.SetupKinds(), f.Kind) {
				f.Check = &model.Check{ID: f.Kind}
			}
			if r := rapid.SampledFrom(append(model.RepairNames(), "")).Draw(t, "repair"); r != "" {
				f.Repairs = console(r)
			}
			return f
		})
		c := drift.Comparison{Findings: rapid.SliceOfN(finding, 0, 30).Draw(t, "findings")}
		seen := map[int32]bool{}
		last := model.Critical
		for _, g := range drift.CauseGroups(c.Findings) {
			worst := model.Info
			for _, i := range g.Findings {
				if seen[i] {
					t.Fatalf("finding %d is in two groups", i)
				}
				seen[i] = true
				worst = max(worst, c.Findings[i].Severity)
			}
			if worst != g.Severity || g.Severity > last {
				t.Fatalf("a group of severity %s stands below %s and holds %s", g.Severity, last, worst)
			}
			last = g.Severity
		}
		if len(seen) != len(c.Findings) {
			t.Fatalf("%d of %d findings are in a group", len(seen), len(c.Findings))
		}
	})
}
