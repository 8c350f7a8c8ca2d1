package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
)

func causes() []model.Cause {
	return []model.Cause{
		model.CauseUnknown, model.CausePendingApproval, model.CauseProvisioningFailed, model.CauseMissingAttribute,
		model.CauseNameConflict,
		model.CauseNeverAttempted, model.CauseProvisioningOff, model.CauseTokenRejected, model.CauseSourceUnassigned,
		model.CauseSourceDeleted, model.CauseSourceUnmapped, model.CauseSourceSuspended, model.CauseSourceChanged,
		model.CauseTargetChanged, model.CauseSourceRenamed, model.CauseTargetRenamed, model.CauseSourceRemoved,
		model.CauseTargetAdded,
		model.CauseDuplicate, model.CauseNoProof, model.CauseDeletedAtTarget, model.CauseGroupsNotIncluded,
		model.CauseOver100,
		model.CauseStaleEntitlement, model.CauseSafeEntitlements, "a-cause-of-tomorrow",
	}
}

func repairs() []model.RepairName {
	return []model.RepairName{
		model.RefreshEntitlements, model.ReapplyMappings, model.SyncLogins, model.ApprovePending, model.OpenApp,
		model.OpenRules,
		model.CreateUser, model.ActivateUser, model.UpdateUser, model.DeactivateUser, model.DeleteUser,
		model.CreateGroup,
		model.RenameGroup, model.AddMembers, model.RemoveMembers, model.DeleteGroup, "a-repair-of-tomorrow",
	}
}

// Whatever is found, in whatever state it is, there are words for it, and they read as sentences.
func TestThereAreWordsForEverything(t *testing.T) {
	t.Parallel()
	kinds := append(model.Kinds(), "a-kind-of-tomorrow")
	for _, kind := range kinds {
		for _, cause := range causes() {
			headed(t, model.Finding{Kind: kind, Cause: cause, Subject: model.Subject{Type: typeOf(kind)}})
			for _, repair := range append([]model.RepairName{""}, repairs()...) {
				f := model.Finding{Kind: kind, Cause: cause}
				if repair != "" {
					f.Repairs = []model.Option{{Repair: repair, Channel: model.Console}}
				}
				p := explain.Paragraph(f, "AWS")
				if explain.Summary(f, "AWS") == "" || explain.Next(f) == "" || p == "" {
					t.Errorf("%s, %s, %q leaves a gap: %q, %q, %q", kind, cause, repair, explain.Summary(f, "AWS"),
						explain.Next(f), p)
				}
				if strings.Contains(p, "..") || strings.Contains(p, "  ") || !strings.HasSuffix(p, ".") {
					t.Errorf("%s, %s, %q is no paragraph: %s", kind, cause, repair, p)
				}
			}
		}
	}
}

// headed checks that one finding and two of a sort have a heading, and a reason for their column.
func headed(t *testing.T, f model.Finding) {
	t.Helper()
	if strings.HasPrefix(string(f.Kind), "setup-") {
		f.Check = &model.Check{Seen: "seen", Todo: "do"}
	}
	if strings.HasSuffix(explain.ShortReason(&f), ", ") {
		t.Errorf("%s, %s: the reason is %q", f.Kind, f.Cause, explain.ShortReason(&f))
	}
	c := drift.Comparison{Findings: []model.Finding{f, f}}
	groups := drift.CauseGroups(c.Findings)
	if len(groups) != 1 {
		t.Fatalf("%s, %s: two alike are %d groups", f.Kind, f.Cause, len(groups))
	}
	one := explain.GroupHeading(groups[0].Key, []*model.Finding{&f}, explain.Scale{Target: "AWS"})
	two := explain.GroupHeading(groups[0].Key, []*model.Finding{&f, &f}, explain.Scale{Target: "AWS"})
	for _, heading := range []string{one, two} {
		if heading == "" || heading != strings.TrimSpace(heading) || strings.HasSuffix(heading, ",") {
			t.Errorf("%s, %s has the heading %q", f.Kind, f.Cause, heading)
		}
	}
	if f.Check == nil && one == two && f.Cause != model.CauseSafeEntitlements {
		t.Errorf("%s, %s: one and two are both headed %q", f.Kind, f.Cause, one)
	}
}

func typeOf(kind model.Kind) model.SubjectType {
	switch {
	case strings.HasPrefix(string(kind), "user"):
		return model.SubjectUser
	case strings.HasPrefix(string(kind), "setup-"):
		return model.SubjectConnection
	}
	return model.SubjectGroup
}

// TestGroupHeadings: a heading says in an operator's words how many are hit and what it means.
func TestGroupHeadings(t *testing.T) {
	t.Parallel()
	user := func(kind model.Kind, cause model.Cause) *model.Finding {
		return &model.Finding{
			Kind: kind, Cause: cause, Severity: model.High,
			Subject: model.Subject{Type: model.SubjectUser},
		}
	}
	group := func(kind model.Kind, members ...string) *model.Finding {
		return &model.Finding{Kind: kind, Members: members, Subject: model.Subject{Type: model.SubjectGroup}}
	}
	unsynced, missing := []*model.Finding{user(model.UserUnsynced, "")}, []*model.Finding{group(model.GroupMissing)}
	approvals := &model.Finding{Kind: model.SetupPendingApprovals, Check: &model.Check{Seen: "2 tasks wait"}}
	for _, test := range []struct {
		why  string
		of   []*model.Finding
		want string
	}{
		{
			string(model.UserStillActive),
			[]*model.Finding{
				user(model.UserStillActive, model.CauseSourceSuspended),
				user(model.UserStillActive, model.CauseSourceSuspended),
			},
			"2 suspended people can still sign in to AWS",
		},
		{
			string(model.UserStillActive),
			[]*model.Finding{user(model.UserStillActive, model.CauseUnknown)},
			"1 person who is no longer active can still sign in to AWS",
		},
		{string(model.GroupLingering), []*model.Finding{
			group(model.GroupLingering, "ana", "bo"),
			group(model.GroupLingering, "cy"),
		}, "2 groups linger, 3 memberships"},
		{
			drift.WhyAccessMissing,
			[]*model.Finding{user(model.UserUnsynced, ""), group(model.MembersMissing, "ana")},
			"1 person cannot sign in, 1 group lacks members",
		},
		{
			string(model.CausePendingApproval),
			[]*model.Finding{approvals, user(model.UserUnsynced, model.CausePendingApproval)},
			"1 person waits for approval",
		},
		{string(model.CausePendingApproval), []*model.Finding{approvals}, "Tasks wait for approval in OneLogin"},
		{string(model.RuleRedundant), []*model.Finding{{Kind: model.SetupRuleRedundant}}, "Rules publish groups twice"},
		{
			string(model.CauseGroupsNotIncluded),
			[]*model.Finding{group(model.GroupMissing), group(model.GroupMissing)},
			"Groups not included: 2 groups",
		},
		{
			string(model.CausePendingApproval), append(slices.Repeat(unsynced, 6), group(model.GroupMissing)),
			"All 6 people and 1 group wait for approval",
		},
		{
			string(model.CauseProvisioningOff),
			slices.Concat(slices.Repeat(unsynced, 6), slices.Repeat(missing, 6)),
			"Provisioning is off: all 6 people and 6 groups",
		},
		{drift.WhyAccessMissing, slices.Repeat(unsynced, 4), "4 of 6 people cannot sign in to AWS"},
		{drift.WhyAccessMissing, slices.Repeat(unsynced, 2), "2 people cannot sign in to AWS"},
		{string(model.GroupMissing), slices.Repeat(missing, 6), "AWS lacks all 6 groups, 0 memberships"},
	} {
		got := explain.GroupHeading(drift.GroupKey{Why: test.why}, test.of, explain.Scale{6, 6, "AWS"})
		if got != test.want {
			t.Errorf("%s is headed %q, not %q", test.why, got, test.want)
		}
	}
}

// TestAnOutageIsTold: what stops everything is told apart from a few leftovers, which are as severe.
func TestAnOutageIsTold(t *testing.T) {
	t.Parallel()
	of := func(n int, kind model.Kind, cause model.Cause) []model.Finding {
		return slices.Repeat([]model.Finding{{
			Kind: kind, Cause: cause, Severity: model.High, Subject: model.Subject{Type: typeOf(kind)},
		}}, n)
	}
	for _, test := range []struct {
		all  []model.Finding
		want string
	}{
		{of(1, model.UserUnsynced, model.CauseTokenRejected), "nothing is pushed"},
		{of(1, model.UserAttributes, model.CauseProvisioningOff), "nothing is pushed"},
		{of(1, model.GroupMissing, model.CauseGroupsNotIncluded), "no group is pushed"},
		{of(2, model.UserUnsynced, model.CausePendingApproval), ""},
		{of(3, model.UserUnsynced, model.CausePendingApproval), "3 of 6 people"},
		{
			slices.Concat(
				of(2, model.UserUnsynced, model.CausePendingApproval), of(4, model.UserUnsynced, ""),
				of(6, model.GroupMissing, ""),
			), "all 6 people and 6 groups",
		},
		{of(6, model.GroupLingering, ""), ""},
		{of(6, model.UserAttributes, ""), ""},
		{nil, ""},
	} {
		if got := explain.Outage(drift.CauseGroups(test.all), test.all, explain.Scale{6, 6, "AWS"}); got != test.want {
			t.Errorf("%v: %q, not %q", test.all, got, test.want)
		}
	}
}

func TestEveryRepairSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	for _, repair := range repairs() {
		for _, channel := range []model.Channel{model.Console, model.Nudge, model.Direct} {
			if got := explain.Repair(model.Option{Repair: repair, Channel: channel}); !strings.HasSuffix(got, ".") {
				t.Errorf("%s over %s: %q", repair, channel, got)
			}
		}
	}
	for o, want := range map[model.Option]string{
		{Repair: model.ReapplyMappings, Channel: model.Console}: "every edit of the rules that waits, to everybody",
		{Repair: model.ReapplyMappings, Channel: model.Nudge}:   "all mappings and rules of all the user's apps",
		{Repair: model.DeleteGroup, Channel: model.Direct}:      "has a new id",
	} {
		if got := explain.Repair(o); !strings.Contains(got, want) {
			t.Errorf("%v does not warn %q: %s", o, want, got)
		}
	}
}

// An operator who reads only this knows what to do.
func TestWhatIsSaid(t *testing.T) {
	t.Parallel()
	console := func(r model.RepairName) []model.Option { return []model.Option{{Repair: r, Channel: model.Console}} }
	for _, c := range []struct {
		name string
		f    model.Finding
		says func(model.Finding) string
		want string
	}{
		{"the field to mend", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CauseMissingAttribute, Repairs: console(model.ReapplyMappings),
			Evidence: []model.Evidence{{What: drift.EvidenceEmpty, Text: "name.familyName"}},
		}, explain.Next, "Fill in the last name of the user in OneLogin (Users > the user > User Info), then reapply " +
			"the mappings."},
		{"what AWS requires", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CauseMissingAttribute,
			Evidence: []model.Evidence{
				{What: drift.EvidenceEmpty, Text: "name.familyName"},
				{What: drift.EvidenceRefused, Text: "userName has white space in it"},
			},
		}, summary, "assigned in OneLogin, absent from AWS; AWS requires name.familyName, which is empty in " +
			"OneLogin; userName has white space in it"},
		{"in flight", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CauseUnknown,
			Evidence: []model.Evidence{{What: model.EvidenceInFlight, Text: "provisioning"}},
		}, summary, "assigned in OneLogin, absent from AWS; OneLogin is still at it"},
		{"in flight, in full", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CauseUnknown,
			Evidence: []model.Evidence{{What: model.EvidenceInFlight, Text: "provisioning"}},
		}, paragraph, "OneLogin is still at it, so this may end by itself; read again in a few minutes. " +
			"Until then this user cannot sign in to AWS, whatever groups they should be in."},
		{"in flight, in a few words", model.Finding{
			Kind: model.UserInactive, Cause: model.CauseUnknown,
			Evidence: []model.Evidence{{What: model.EvidenceInFlight, Text: "provisioning"}},
		}, reason, "OneLogin is still at it"},
		{"two fields that AWS requires", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CauseMissingAttribute,
			Evidence: []model.Evidence{
				{What: drift.EvidenceEmpty, Text: "name.familyName"}, {What: drift.EvidenceEmpty, Text: "displayName"},
			},
		}, summary, "assigned in OneLogin, absent from AWS; AWS requires name.familyName, displayName, which are " +
			"empty in OneLogin"},
		{
			"what the target lacks",
			model.Finding{
				Kind:   model.UserAttributes,
				Fields: []model.FieldDiff{{Name: "name.givenName", Source: "Ana"}},
			},
			func(f model.Finding) string { return explain.Differences(f.Fields) },
			`name.givenName is empty, should be "Ana"`,
		},
		{"a pending user whom AWS will refuse", model.Finding{
			Kind: model.UserUnsynced, Cause: model.CausePendingApproval, Repairs: console(model.ApprovePending),
			Evidence: []model.Evidence{{What: drift.EvidenceEmpty, Text: "name.givenName"}},
		}, paragraph, "OneLogin holds the task until an administrator approves it. " +
			"Once it is approved, AWS will refuse it all the same: AWS requires name.givenName, which is empty in " +
			"OneLogin. " +
			"Until then this user cannot sign in to AWS, whatever groups they should be in."},
		{"a lingering group", model.Finding{
			Kind: model.GroupLingering, Cause: model.CauseSourceDeleted, Members: []string{"dee@corp.example"},
			Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
		}, paragraph, "OneLogin never deletes groups at a target, so it stays until somebody does. " +
			"Its members keep whatever the group is assigned."},
		{
			"a rejected token",
			model.Finding{Kind: model.UserUnsynced, Cause: model.CauseTokenRejected, Repairs: console(model.OpenApp)},
			explain.Next,
			"Make a new token at the target and give it to OneLogin: OneLogin > the app > Configuration > SCIM " +
				"Bearer Token > Enable. Then reapply the mappings.",
		},
	} {
		if got := c.says(c.f); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func summary(f model.Finding) string   { return explain.Summary(f, "AWS") }
func reason(f model.Finding) string    { return explain.ShortReason(&f) }
func paragraph(f model.Finding) string { return explain.Paragraph(f, "AWS") }

// What an undo would not bring back is said before a plan runs, and nothing that it would.
func TestWayBack(t *testing.T) {
	t.Parallel()
	step := func(r model.RepairName, assignments ...string) model.Step {
		return model.Step{Repair: r, Channel: model.Direct, BlastRadius: &model.BlastRadius{Assignments: assignments}}
	}
	reapply := model.Step{Repair: model.ReapplyMappings, Channel: model.Console}
	for name, c := range map[string]struct {
		undoes        string
		steps         []model.Step
		says, saysNot string
	}{
		"nothing":         {},
		"a button":        {steps: []model.Step{reapply}, says: "no undo", saysNot: "takes it back"},
		"members":         {steps: []model.Step{step(model.AddMembers)}, says: "An undo", saysNot: "not come"},
		"beside a button": {steps: []model.Step{step(model.AddMembers), reapply}, says: "in OneLogin only"},
		"a group":         {steps: []model.Step{step(model.DeleteGroup)}, says: "assignments do not come back"},
		"a group, lensed": {
			steps: []model.Step{step(model.DeleteGroup, "a")}, says: "other names", saysNot: "do not",
		},
		"and its own":        {steps: []model.Step{step(model.DeleteGroup), step(model.RemoveAssignments)}, says: "_*"},
		"a user":             {steps: []model.Step{step(model.DeleteUser)}, says: "groups, but with a new id"},
		"a user, lensed":     {steps: []model.Step{step(model.DeleteUser, "a")}, says: "assignments, but with"},
		"a move":             {steps: []model.Step{step(model.MoveAssignments)}, says: "What hung on the id"},
		"a clearing":         {steps: []model.Step{step(model.ClearAssignments)}, says: "What hung on the id"},
		"a clearing, undone": {undoes: "r", steps: []model.Step{step(model.ClearAssignments)}, saysNot: "What hung"},
	} {
		got := strings.Join(explain.WayBack(&model.Plan{Undoes: c.undoes, Steps: c.steps}), " ")
		if !strings.Contains(got, c.says) || c.saysNot != "" && strings.Contains(got, c.saysNot) ||
			(got == "") != (len(c.steps) == 0) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A user whose details were not read is not called inactive.
func TestTheStandingOfAUserIsSaidAsFarAsItIsKnown(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]model.User{
		"active":                  {Assigned: true, Active: true},
		"inactive":                {Assigned: true},
		"suspended":               {Assigned: true, Standing: model.StandingSuspended},
		"not assigned to the app": {Active: true},
		"not known":               {Assigned: true, RollOnly: true},
		"odd, documented nowhere": {Assigned: true, RollOnly: true, Standing: "odd"},
	} {
		if got := explain.Standing(&u); got != want {
			t.Errorf("%+v is %q, not %q", u, got, want)
		}
	}
}

// Who starts what takes many of the calls that OneLogin's own provisioner needs is warned, and nobody else.
func TestABudgetThatWillNotDoIsSaid(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for left, want := range map[int]string{
		4099: "it will not get through", 4100: "may be left without", 4600: "",
	} {
		budget := model.Budget{Known: true, Limit: 5000, Remaining: left, Reset: now.Add(time.Hour)}
		got := explain.BudgetWarning("A read", 4100, budget, now, now)
		if !strings.Contains(got, want) || (got == "") != (want == "") ||
			want != "" && !strings.Contains(got, fmt.Sprintf("%d are left until 13:00 UTC", left)) {
			t.Errorf("%d left: %q, want %q", left, got, want)
		}
	}
}

// A screen names some of many whom a field leaves without a tag, and says where all are named.
func TestMoreNamesThanAnybodyReads(t *testing.T) {
	t.Parallel()
	for n, more := range map[int]bool{20: false, 21: true} {
		a := model.AccessAttribute{Name: "AccessControl:Team", Behind: "department"}
		for i := range n {
			a.Without = append(a.Without, fmt.Sprintf("user%d", i))
		}
		notes := strings.Join(explain.AccessNotes([]model.AccessAttribute{a}), " ")
		if !strings.Contains(notes, fmt.Sprintf("%d users", n)) || strings.Contains(notes, "user20") ||
			strings.Contains(notes, "doctor -o json names them all") != more {
			t.Errorf("%d: %s", n, notes)
		}
	}
}
