package model

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func console(r RepairName) []Option { return []Option{{r, Console}} }

// TestACauseBearsItsSymptoms: a set-up finding stands above what it explains and has their severity, so that it is not
// sorted below the symptoms that it would end.
func TestACauseBearsItsSymptoms(t *testing.T) {
	t.Parallel()
	for cause, check := range map[Cause]Kind{
		CausePendingApproval: SetupPendingApprovals, CauseGroupsNotIncluded: SetupGroupsNotIncluded, CauseProvisioningOff: SetupProvisioningOff,
		CauseTokenRejected: SetupAppToken, CauseStaleEntitlement: SetupStaleEntitlements,
	} {
		c := Comparison{Findings: []Finding{
			{Kind: UserStillActive, Severity: Critical, Cause: CauseSourceSuspended, Repairs: console(ReapplyMappings)},
			{Kind: GroupLingering, Severity: High, Repairs: []Option{{DeleteGroup, Direct}}},
			{Kind: MembersMissing, Severity: High, Cause: cause, Repairs: console(ApprovePending)},
			{Kind: check, Severity: Low, Check: &Check{ID: check}, Repairs: console(OpenApp)},
		}}
		groups := CauseGroups(c.Findings)
		if len(groups) != 3 {
			t.Fatalf("%s: %d groups", cause, len(groups))
		}
		g := groups[1] // below what is worse, above what is as bad and explains nothing
		if !g.Explains() || g.Severity != High || !slices.Equal(g.Findings, []int32{3, 2}) || g.Action.Repair != ApprovePending {
			t.Errorf("%s: the group is %+v", cause, g)
		}
	}
}

// TestWhatEndsAlikeStandsTogether: kinds and causes that one press ends are one group, and what needs another press is
// another.
func TestWhatEndsAlikeStandsTogether(t *testing.T) {
	t.Parallel()
	reapply := console(ReapplyMappings)
	for name, test := range map[string]struct {
		a, b Finding
		one  bool
	}{
		"who lacks access, whatever the cause": {
			Finding{Kind: UserUnsynced, Cause: CauseProvisioningFailed, Repairs: reapply}, Finding{Kind: MembersMissing, Cause: CauseUnknown, Repairs: reapply}, true,
		},
		"over the API and by the console": {
			Finding{Kind: MembersExtra, Repairs: reapply}, Finding{Kind: MembersExtra, Repairs: []Option{{ReapplyMappings, Nudge}}}, true,
		},
		"another repair":     {Finding{Kind: MembersMissing, Repairs: reapply}, Finding{Kind: MembersMissing, Repairs: []Option{{AddMembers, Direct}}}, false},
		"nothing offered":    {Finding{Kind: GroupLingering, Repairs: []Option{{DeleteGroup, Direct}}}, Finding{Kind: GroupLingering, Blocked: "unread"}, false},
		"contradicted":       {Finding{Kind: GroupLingering}, Finding{Kind: GroupLingering, Contradicted: "who says what"}, false},
		"to be mended first": {Finding{Kind: UserUnsynced, Repairs: reapply}, Finding{Kind: UserUnsynced, Cause: CauseMissingAttribute, Repairs: reapply}, false},
	} {
		c := Comparison{Findings: []Finding{test.a, test.b}}
		if got := len(CauseGroups(c.Findings)) == 1; got != test.one {
			t.Errorf("%s: %d groups", name, len(CauseGroups(c.Findings)))
		}
	}
}

// TestGroupsHoldEveryFindingOnce, bear the worst severity and come worst first.
func TestGroupsHoldEveryFindingOnce(t *testing.T) {
	t.Parallel()
	kinds := Kinds()
	rapid.Check(t, func(t *rapid.T) {
		finding := rapid.Custom(func(t *rapid.T) Finding {
			f := Finding{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Severity: rapid.SampledFrom([]Severity{Info, Low, Medium, High, Critical}).Draw(t, "severity"),
				Cause: rapid.SampledFrom([]Cause{CauseUnknown, CausePendingApproval, CauseTokenRejected, CauseDuplicate}).Draw(t, "cause"),
			}
			if slices.Contains(SetupKinds(), f.Kind) {
				f.Check = &Check{ID: f.Kind}
			}
			if r := rapid.SampledFrom(append(RepairNames(), "")).Draw(t, "repair"); r != "" {
				f.Repairs = console(r)
			}
			return f
		})
		c := Comparison{Findings: rapid.SliceOfN(finding, 0, 30).Draw(t, "findings")}
		seen := map[int32]bool{}
		last := Critical
		for _, g := range CauseGroups(c.Findings) {
			worst := Info
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
