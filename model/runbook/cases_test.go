package runbook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
)

const lost = "aws-lost"

func begun() time.Time { return time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC) }

func after(minutes int) time.Time { return begun().Add(time.Duration(minutes) * time.Minute) }

// lingering is a case of a group that lingers: everything was read, and a delete is offered.
func lingering() *runbook.Case {
	c := &model.Comparison{}
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
		Plan:  &model.Plan{Steps: []model.Step{{ID: "s1", Repair: model.DeleteGroup, Subject: model.PlanSubject{Name: lost}}}},
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
	}
	return strings.Join(said, ", ")
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
		"deleted": {gone, func(*runbook.Case) {}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
		"the target's groups were not read": {gone, func(c *runbook.Case) {
			c.Comparison.Target.Coverage[model.PartGroups] = model.PartialCoverage("cut")
		}, "unyielded done, members unknown, delete unknown, refresh to do, verify unknown"},
		"refreshed after it": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(3))}
		}, "unyielded done, members not needed, delete done, refresh done, verify done"},
		"refreshed before it": {gone, func(c *runbook.Case) {
			c.Comparison.Source.Events = []model.Event{refreshed(after(1))}
		}, "unyielded done, members not needed, delete done, refresh to do, verify done"},
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

// TestAReapplyFollowsTheRefresh: one before it pushed by what OneLogin wrongly remembered, and after it the group may still take a
// second press.
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
		"reapplied, then refreshed":     {[]model.Event{reapplied(after(1)), refreshed(after(2))}, "to do", 1},
		"refreshed, then reapplied":     {[]model.Event{refreshed(after(1)), reapplied(after(2))}, "done", 1},
		"reapplied before it was begun": {[]model.Event{reapplied(after(-9)), refreshed(after(1))}, "to do", 1},
	} {
		c := lingering()
		c.Comparison.Target.Groups = nil
		c.Comparison.Findings = []model.Finding{{
			ID: "group-missing/" + lost, Kind: model.GroupMissing, Subject: model.Subject{Type: model.SubjectGroup, Name: lost},
		}}
		c.Comparison.Source.Events = tt.events
		book, _ := runbook.Find(runbook.DeletedAtTarget)
		v := book.Walk(*c)[3]
		if book.Steps[3].ID != "reapply" || v.State.String() != tt.want || len(v.Picks) != tt.picks {
			t.Errorf("%s: %s is %s with %d picks, want %s", name, book.Steps[3].ID, v.State, len(v.Picks), tt.want)
		}
	}
}

// TestARefreshThatDidNotHelpIsPressedAgain: a group that is still missing says nothing of it, one that is still remembered does.
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
			ID: "group-missing/" + lost, Kind: model.GroupMissing, Subject: model.Subject{Type: model.SubjectGroup, Name: lost},
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

func TestTheRecordSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	c := gone()
	c.Group = "aws-|lost\x1b[2J"
	c.Runs[0].Reason = "INC-7"
	c.Runs[0].Plan.Steps[0].BlastRadius = &model.BlastRadius{Members: []string{"bo@corp.example"}}
	book, _ := runbook.Find(runbook.GroupLingers)
	var out strings.Builder
	if err := book.Record(&out, runbook.Header{Connection: "prod", Who: "ana", Host: "bastion", Version: "1", At: after(9)}, *c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# A group deleted in OneLogin lingers", `aws-\|lost`, "`r1`", "delete-group", "confirmed; members: bo@corp.example", "INC-7", "Not finished", "For next time"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the record lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a name reaches the ticket raw")
	}
}
