package runbook_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
)

const lost = "aws-lost"

func begun() time.Time { return time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC) }

func after(minutes int) time.Time { return begun().Add(time.Duration(minutes) * time.Minute) }

// lingering is a case of a group that lingers: everything was read, and a delete is offered.
func lingering() *runbook.Case {
	c := &drift.Comparison{}
	c.Source.App.ID = "500"
	for _, p := range model.SourceParts() {
		c.Source.Coverage[p] = model.CompleteCoverage()
		c.Target.Coverage[p] = model.CompleteCoverage()
	}
	c.Target.Groups = []model.Group{{ID: "g1", Name: lost}}
	c.Target.SetMembers([]model.MemberList{{}})
	c.Findings = []model.Finding{{
		ID: "group-lingering/" + lost, Kind: model.GroupLingering, Confidence: model.Certain,
		Subject: model.Subject{Type: model.SubjectGroup, Name: lost, TargetID: "g1"},
		Repairs: []model.Option{{Repair: model.DeleteGroup, Channel: model.Direct}},
	}}
	return &runbook.Case{Comparison: c, Group: lost, GroupID: "g1", Begun: begun()}
}

// gone is what is left when a run has deleted the group.
func gone() *runbook.Case {
	c := lingering()
	c.Comparison.Target.Groups, c.Comparison.Findings = nil, nil
	c.Runs = []model.Run{{
		ID: "r1", StartedAt: after(1), State: model.RunDone,
		Plan: &model.Plan{Steps: []model.Step{{
			ID: "s1", Repair: model.DeleteGroup,
			Subject: model.Subject{Name: lost},
		}}},
		Steps: []model.StepRecord{{ID: "s1", State: model.StepConfirmed, At: after(2)}},
	}}
	return c
}

func refreshed(at time.Time) model.Event {
	return model.Event{ID: "e" + at.String(), At: at, Type: model.EventEntitlementsRefresh, AppID: "500"}
}

// states are how the steps of a book stand, in a line.
func states(t *testing.T, name runbook.Name, c *runbook.Case) string {
	t.Helper()
	book, ok := runbook.Find(name)
	if !ok {
		t.Fatalf("there is no book %s", name)
	}
	var said []string
	for i, v := range book.Walk(*c) {
		said = append(said, book.Steps[i].ID+" "+v.State.String())
		dated(t, v)
	}
	return strings.Join(said, ", ")
}

// dated: a step may rest on what was done weeks ago, so that the time of the day alone does not say when.
func dated(t *testing.T, v runbook.Verdict) {
	t.Helper()
	const clock = `[0-9]{2}:[0-9]{2} UTC`
	count := func(pattern string) int { return len(regexp.MustCompile(pattern).FindAllString(v.Seen, -1)) }
	if count(`[0-9]{4}-[0-9]{2}-[0-9]{2} `+clock) != count(clock) {
		t.Errorf("a moment without its date: %s", v.Seen)
	}
}

func TestALingeringGroup(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of   func() *runbook.Case
		bend func(c *runbook.Case)
		want string
	}{
		"as it is found": {
			lingering, func(*runbook.Case) {},
			"unyielded done, members done, delete to do, refresh to do, verify to do",
		},
		"something yields it": {lingering, func(c *runbook.Case) {
			c.Comparison.Source.Groups = []model.Group{{Name: strings.ToUpper(lost), Expectation: model.Allowed}}
		}, "unyielded blocked, members done, delete blocked, refresh to do, verify to do"},
		"the rules were not read": {lingering, func(c *runbook.Case) {
			c.Comparison.Source.Coverage[model.PartRules] = model.UnknownCoverage("403")
		}, "unyielded unknown, members done, delete blocked, refresh to do, verify to do"},
		"the members were not read": {lingering, func(c *runbook.Case) {
			c.Comparison.Target.Groups[0].MembersUnknown = "500"
		}, "unyielded done, members unknown, delete to do, refresh to do, verify to do"},
		"deleted": {
			gone, func(*runbook.Case) {},
			"unyielded done, members not needed, delete done, refresh to do, verify done",
		},
		"the target's groups were not read": {gone, func(c *runbook.Case) {
			c.Comparison.Target.Coverage[model.PartGroups] = model.PartialCoverage("cut")
		}, "unyielded done, members unknown, delete unknown, refresh to do, verify unknown"},
		"refreshed after it": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(3))}
		}, "unyielded done, members not needed, delete done, refresh done, verify done"},
		"refreshed before it": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(1))}
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"refreshed before it, and no run is known": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(1))}
			c.Runs, c.RunsUnread = nil, true
		}, "unyielded done, members unknown, delete unknown, refresh unknown, verify done"},
		"the refresh failed": {gone, func(c *runbook.Case) {
			e := refreshed(after(3))
			e.Failed = true
			c.Comparison.Source.Events = []model.Event{e}
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"another app was refreshed": {gone, func(c *runbook.Case) {
			e := refreshed(after(3))
			e.AppID = "501"
			c.Comparison.Source.Events = []model.Event{e}
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"the refresh did not help": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(3))}
			c.Comparison.Source.Entitlements, c.Comparison.Source.ReadAt = []string{lost}, after(4)
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"a list that nobody documents does not name it": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Entitlements = []string{"aws-other"}
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"what OneLogin remembers was read before the refresh": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(3))}
			c.Comparison.Source.Entitlements, c.Comparison.Source.ReadAt = []string{lost}, after(1)
		}, "unyielded done, members not needed, delete done, refresh unknown, verify done"},
	} {
		c := tt.of()
		tt.bend(c)
		if got := states(t, runbook.GroupLingers, c); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tt.want)
		}
	}
}

// TestAReapplyFollowsTheRefresh: one before it pushed by what OneLogin wrongly remembered, and after it the group may
// still take a second press.
func TestAReapplyFollowsTheRefresh(t *testing.T) {
	t.Parallel()
	reapplied := func(at time.Time) model.Event {
		return model.Event{ID: "r" + at.String(), At: at, Type: model.EventReapplied, AppID: "500"}
	}
	for name, tt := range map[string]struct {
		events []model.Event
		want   string
		picks  int
	}{
		"nothing pressed":               {nil, "to do", 1},
		"reapplied without a refresh":   {[]model.Event{reapplied(after(1))}, "to do", 1},
		"reapplied, then refreshed":     {[]model.Event{reapplied(after(1)), refreshed(after(2))}, "to do", 1},
		"refreshed, then reapplied":     {[]model.Event{refreshed(after(1)), reapplied(after(2))}, "done", 1},
		"reapplied before it was begun": {[]model.Event{reapplied(after(-9)), refreshed(after(1))}, "to do", 1},
		"edited after both": {[]model.Event{
			refreshed(after(1)), reapplied(after(2)), {
				ID: "e", At: after(3), Type: model.EventParameterUpdated,
				AppID: "500",
			},
		}, "to do", 1},
	} {
		c := lingering()
		c.Comparison.Target.Groups = nil
		c.Comparison.Findings = []model.Finding{{
			ID: "group-missing/" + lost, Kind: model.GroupMissing, Subject: model.Subject{
				Type: model.SubjectGroup,
				Name: lost,
			},
		}}
		c.Comparison.Source.Events = tt.events
		book, _ := runbook.Find(runbook.DeletedAtTarget)
		v := book.Walk(*c)[3]
		if book.Steps[3].ID != "reapply" || v.State.String() != tt.want || len(v.Picks) != tt.picks {
			t.Errorf("%s: %s is %s with %d picks, want %s", name, book.Steps[3].ID, v.State, len(v.Picks), tt.want)
		}
	}
}

// TestAPressRightAfterTheBeginning is seen, whatever OneLogin's clock says, and one from before it is not.
func TestAPressRightAfterTheBeginning(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		skew, pressed time.Duration // how far our clock is ahead, and when by OneLogin's
		want          string
	}{
		"by one clock":           {0, time.Second, "done"},
		"in the same second":     {0, -time.Second, "done"},
		"before":                 {0, -3 * time.Second, "to do"},
		"ours is ahead":          {time.Minute, -50 * time.Second, "done"},
		"ours is ahead, before":  {time.Minute, -70 * time.Second, "to do"},
		"ours is behind":         {-time.Minute, 70 * time.Second, "done"},
		"ours is behind, before": {-time.Minute, 50 * time.Second, "to do"},
	} {
		c := lingering()
		c.Comparison.Target.Groups, c.Comparison.Source.Entitlements = nil, nil
		c.Comparison.Findings = []model.Finding{{
			ID: "group-missing/" + lost, Kind: model.GroupMissing,
			Subject: model.Subject{Type: model.SubjectGroup, Name: lost},
		}}
		c.Comparison.Skew = tt.skew
		c.Comparison.Source.Events = []model.Event{refreshed(begun().Add(tt.pressed))}
		book, _ := runbook.Find(runbook.DeletedAtTarget)
		if v := book.Walk(*c)[2]; book.Steps[2].ID != "refresh" || v.State.String() != tt.want {
			t.Errorf("%s: %s is %s, want %s", name, book.Steps[2].ID, v.State, tt.want)
		}
	}
}

// TestARefreshThatDidNotHelpIsPressedAgain: a group that is still missing says nothing of it, one that is still
// remembered does.
func TestARefreshThatDidNotHelpIsPressedAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		known []string
		read  int
		want  string
	}{
		"forgotten":                 {[]string{"aws-other"}, 3, "done"},
		"nothing is known of it":    {nil, 3, "done"},
		"still remembered":          {[]string{strings.ToUpper(lost)}, 3, "to do"},
		"read before it, not after": {[]string{lost}, 1, "done"},
	} {
		c := lingering()
		c.Comparison.Target.Groups = nil
		c.Comparison.Findings = []model.Finding{{
			ID: "group-missing/" + lost, Kind: model.GroupMissing, Subject: model.Subject{
				Type: model.SubjectGroup,
				Name: lost,
			},
		}}
		c.Comparison.Source.Events = []model.Event{refreshed(after(2))}
		c.Comparison.Source.Entitlements, c.Comparison.Source.ReadAt = tt.known, after(tt.read)
		book, _ := runbook.Find(runbook.DeletedAtTarget)
		if v := book.Walk(*c)[2]; book.Steps[2].ID != "refresh" || v.State.String() != tt.want {
			t.Errorf("%s: %s is %s (%s), want %s", name, book.Steps[2].ID, v.State, v.Seen, tt.want)
		}
	}
}

// Without a reading, no step of any book is done.
func TestNothingReadIsNothingDone(t *testing.T) {
	t.Parallel()
	unread := lingering()
	for _, p := range model.SourceParts() {
		unread.Comparison.Source.Coverage[p] = model.UnknownCoverage("503")
		unread.Comparison.Target.Coverage[p] = model.UnknownCoverage("503")
	}
	unread.Comparison.Findings, unread.Comparison.Target.Groups = nil, nil
	for _, c := range []*runbook.Case{{Begun: begun(), Group: lost}, unread} {
		for _, book := range runbook.Books() {
			for i, v := range book.Walk(*c) {
				if v.State == runbook.Done || v.State == runbook.Needless {
					t.Errorf("%s: %s is %s", book.Name, book.Steps[i].ID, v.State)
				}
			}
		}
	}
}

// billed are account assignments of a principal, in accounts of these names.
func billed(principal string, accounts ...string) (out []model.Assignment) {
	for _, name := range accounts {
		out = append(out, model.Assignment{
			AccountID: "1" + name, Account: name, PermissionSetARN: "arn", PermissionSet: "Billing",
			PrincipalType: model.SubjectGroup, PrincipalID: principal,
		})
	}
	return out
}

// Who loses a group with account assignments is told with what they lose, and the runbook leads through the repair that
// takes these away first, not through the delete that the guard refuses.
func TestALingeringGroupThatOpensAccounts(t *testing.T) {
	t.Parallel()
	c := lingering()
	c.Comparison.Target.Kind = "aws"
	c.Comparison.Target.Users = []model.User{{ID: "u1", UserName: "bo@corp.example"}}
	c.Comparison.Target.SetMembers([]model.MemberList{{IDs: []string{"u1"}}})
	book, _ := runbook.Find(runbook.GroupLingers)
	for name, tt := range map[string]struct {
		assigned map[string]model.Assigned
		repairs  []model.RepairName
		says     string
		first    model.RepairName
	}{
		"two accounts": {
			map[string]model.Assigned{"g1": {List: billed("g1", "prod", "audit")}},
			[]model.RepairName{model.RemoveAssignments, model.DeleteGroup},
			"1 member: bo@corp.example; it opens Billing in audit (1audit), Billing in prod (1prod)",
			model.RemoveAssignments,
		},
		"no account": {
			map[string]model.Assigned{"g1": {}},
			[]model.RepairName{model.DeleteGroup},
			"it opens no account", model.DeleteGroup,
		},
		"not to be read": {
			map[string]model.Assigned{"g1": {Unknown: "denied"}},
			[]model.RepairName{model.DeleteGroup},
			"could not be read: denied", model.DeleteGroup,
		},
		"without a lens": {nil, []model.RepairName{model.DeleteGroup}, "only the AWS lens can tell", model.DeleteGroup},
	} {
		c.Comparison.Target.Assignments = tt.assigned
		c.Comparison.Findings[0].Repairs = nil
		for _, r := range tt.repairs {
			c.Comparison.Findings[0].Repairs = append(c.Comparison.Findings[0].Repairs,
				model.Option{Repair: r, Channel: model.Direct})
		}
		walk := book.Walk(*c)
		if !strings.Contains(walk[1].Seen, tt.says) || len(walk[2].Picks) != 1 || walk[2].Picks[0].Repair != tt.first {
			t.Errorf("%s: %q, then %+v", name, walk[1].Seen, walk[2])
		}
	}
	done := gone()
	done.Runs[0].Plan.Steps[0].BlastRadius = &model.BlastRadius{Members: []string{"bo@corp.example"}}
	done.Runs[0].Plan.Steps = append(done.Runs[0].Plan.Steps, model.Step{
		ID: "s0", Repair: model.RemoveAssignments, Subject: model.Subject{Name: lost},
		BlastRadius: &model.BlastRadius{Assignments: []string{"Billing in prod (1prod)"}},
	})
	done.Runs[0].Steps = append(done.Runs[0].Steps, model.StepRecord{
		ID: "s0", State: model.StepConfirmed,
		At: after(2),
	})
	if v := book.Walk(*done)[1]; v.Seen != "lost by 1 member: bo@corp.example; with it went 1 account assignment: "+
		"Billing in prod (1prod)" {
		t.Errorf("afterwards it says %q", v.Seen)
	}
}

// The last step of the fourth case is about its own group, by name, and leads to the move where that is proven.
func TestWhatHungOnTheDeadGroup(t *testing.T) {
	t.Parallel()
	book, _ := runbook.Find(runbook.DeletedAtTarget)
	mine := model.Stranded{ID: "old", Name: strings.ToUpper(lost), List: billed("old", "prod")}
	offered := model.Finding{
		ID: "assignments-stranded/" + lost, Kind: model.AssignmentsStranded,
		Subject: model.Subject{Type: model.SubjectGroup, Name: lost, TargetID: "g1"},
		Repairs: []model.Option{{Repair: model.MoveAssignments, Channel: model.Direct}},
	}
	for name, tt := range map[string]struct {
		stranded []model.Stranded
		runs     []model.Run
		unread   string
		state    runbook.State
		says     string
		picks    int
	}{
		"to be moved": {
			stranded: []model.Stranded{mine}, state: runbook.Open,
			says: "1 account assignment: Billing in prod (1prod) on the id that it had before", picks: 1,
		},
		"moved": {
			runs: []model.Run{{
				Plan: &model.Plan{Steps: []model.Step{{
					ID: "s1", Repair: model.MoveAssignments, Subject: offered.Subject,
				}}},
				Steps: []model.StepRecord{{ID: "s1", State: model.StepConfirmed, At: after(2)}},
			}}, state: runbook.Done, says: "moved at 2026-11-20 22:02 UTC",
		},
		"another's were moved": {
			runs: []model.Run{{
				Plan: &model.Plan{Steps: []model.Step{{
					ID: "s1", Repair: model.MoveAssignments, Subject: model.Subject{Name: "aws-other"},
				}}},
				Steps: []model.StepRecord{{ID: "s1", State: model.StepConfirmed, At: after(2)}},
			}}, state: runbook.Done, says: "nothing hangs",
		},
		"another group's": {
			stranded: []model.Stranded{{ID: "x", Name: "aws-other", List: billed("x", "prod")}},
			state:    runbook.Done, says: "nothing hangs",
		},
		"nobody's": {
			stranded: []model.Stranded{{
				ID: "x", List: billed("x", "a", "b"),
				Why: "nobody can tell",
			}}, state: runbook.ByHand,
			says: "2 account assignments of deleted groups that nothing names, and nobody can tell",
		},
		"of two alike": {stranded: []model.Stranded{{
			ID: "x", Name: lost, List: billed("x", "a"),
			Why: "several groups",
		}}, state: runbook.Open, says: "They are not moved: several groups. Make them"},
		"not all looked at": {unread: "only the first 40", state: runbook.ByHand, says: "only the first 40"},
		"of the case's old id": {stranded: []model.Stranded{{
			ID: "begun", List: billed("begun", "a"),
			Why: "nobody can tell",
		}}, state: runbook.Open, says: "nobody can tell"},
		"nothing": {state: runbook.Done, says: "nothing hangs"},
	} {
		c := lingering()
		c.GroupID, c.Runs = "begun", tt.runs
		c.Comparison.StrandedRead, c.Comparison.StrandedUnread, c.Comparison.Stranded = true, tt.unread, tt.stranded
		c.Comparison.Findings = []model.Finding{offered}
		v := book.Walk(*c)[len(book.Steps)-1]
		if v.State != tt.state || !strings.Contains(v.Seen+" "+v.Todo, tt.says) || len(v.Picks) != tt.picks ||
			v.Ask != (tt.unread != "") {
			t.Errorf("%s: %+v", name, v)
		}
		for _, s := range tt.stranded {
			if strings.Contains(v.Seen, "("+s.ID+")") {
				t.Errorf("%s: it names the raw id: %q", name, v.Seen)
			}
		}
	}
}
