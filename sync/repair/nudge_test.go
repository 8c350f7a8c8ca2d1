package repair_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func nudge() model.Option {
	return model.Option{Repair: model.ReapplyMappings, Channel: model.Nudge}
}

// touches counts the users whom OneLogin was asked to change.
func (s *stage) touches() (n int) {
	for _, r := range s.server.OneLogin.Requests() {
		if r.Method == "PUT" {
			n++
		}
	}
	return n
}

// One user is touched, and the others only when that has worked; each is confirmed by his own part of the finding.
func TestNudges(t *testing.T) {
	t.Parallel()
	s := enact(t, "clean", func(b *bed) { emptyGroups(b, 1) })
	plan := s.planFor(model.MembersMissing, nudge(), 1)
	if len(plan.Steps) < 2 {
		t.Fatalf("%d steps", len(plan.Steps))
	}
	first := 0
	run := s.watch(plan, func() {}, func() { first = s.touches(); s.work() }, s.work)
	if run.State != model.RunDone || first != 1 || s.touches() != len(plan.Steps) ||
		len(s.loader.Last().Findings) != 0 {
		t.Errorf("the run is %s; %d touched before the first was confirmed, %d of %d in all; %d findings are left:%s",
			run.State, first, s.touches(), len(plan.Steps), len(s.loader.Last().Findings), details(run))
	}
}

// A group that is missing comes with the first user; that is not yet success for the others.
func TestNudgesOfAMissingGroup(t *testing.T) {
	t.Parallel()
	s := enact(t, "clean", func(b *bed) {
		emptyGroups(b, 1)
		for id, g := range b.tenant.World.Target.Groups {
			if len(g.Members) == 0 && g.DisplayName != "aws-newcomers-readonly" { // in which nobody is to be
				delete(b.tenant.World.Target.Groups, id)
				maps.DeleteFunc(b.tenant.World.Source.Apps[b.tenant.AppID].Entitlements, func(name, _ string) bool {
					return strings.EqualFold(name, g.DisplayName)
				})
			}
		}
		order := b.tenant.World.Target.GroupOrder[:0:0]
		for _, id := range b.tenant.World.Target.GroupOrder {
			if b.tenant.World.Target.Groups[id] != nil {
				order = append(order, id)
			}
		}
		b.tenant.World.Target.GroupOrder = order
	})
	plan := s.planFor(model.GroupMissing, nudge(), 1)
	run := s.watch(plan, s.work)
	if len(run.Steps) < 2 || run.Steps[0].State != model.StepConfirmed || run.Steps[1].State != model.StepUnconfirmed {
		t.Fatalf("OneLogin did only the first:%s", details(run))
	}
}

// What another user's record turned into while the first was watched is no success of its own nudge.
func TestANudgeOfWhoWentWhileTheFirstWasWatched(t *testing.T) {
	t.Parallel()
	s := enact(t, "clean", func(b *bed) {
		for _, id := range b.tenant.World.Target.UserOrder[:2] {
			b.tenant.World.Target.Users[id].DisplayName = "Somebody Else"
		}
	})
	plan := s.planFor(model.UserAttributes, nudge(), 2)
	if len(plan.Steps) != 2 {
		t.Fatalf("%d steps", len(plan.Steps))
	}
	run := s.watch(plan, func() {
		s.work()
		s.world(func(w *world.World) { w.Target.RemoveUser(plan.Steps[1].Subject.TargetID) })
		s.read()
		s.server.Engine.Freeze(true)
	})
	if run.Steps[0].State != model.StepConfirmed || run.Steps[1].State != model.StepUnconfirmed ||
		!strings.Contains(run.Steps[1].Detail, "it is user-unsynced now") {
		t.Errorf("want the second to be missing:%s", details(run))
	}
}

func TestACanaryThatFailsStopsTheRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		turn  func(s *stage)
		state model.StepState
		says  string
	}{
		"OneLogin fails": {func(s *stage) {
			s.world(func(w *world.World) { w.Source.Apps[s.tenant.AppID].SCIMToken = "wrong" })
			s.work()
		}, model.StepFailed, "could not push"},
		"OneLogin does nothing": {
			func(s *stage) { s.server.Engine.Freeze(true) }, model.StepUnconfirmed,
			"nothing came of it",
		},
		"OneLogin sees no difference": {func(s *stage) {
			s.world(func(*world.World) { s.server.Engine.SkipUnchanged = true })
			s.work()
		}, model.StepUnconfirmed, "not ended yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := enact(t, "clean", func(b *bed) { emptyGroups(b, 1) })
			if name == "OneLogin sees no difference" { // it sees one unless it pushed the same before
				s.press("reapply", "")
				s.world(func(*world.World) { emptyGroups(s.bed, 1) })
				s.read()
			}
			plan := s.planFor(model.MembersMissing, nudge(), 1)
			run := s.watch(plan, func() { c.turn(s) })
			s.want(run, c.state, c.says)
			for _, step := range run.Steps[1:] {
				if step.State != model.StepSkipped {
					t.Errorf("want the rest skipped:%s", details(run))
				}
			}
			if s.touches() != 1 {
				t.Errorf("%d users were touched", s.touches())
			}
		})
	}
}

// A user whom OneLogin does not let us touch is said at once, and the others are not tried.
func TestANudgeThatIsRefused(t *testing.T) {
	t.Parallel()
	s := enact(t, "clean", func(b *bed) { emptyGroups(b, 1) })
	plan := s.planFor(model.MembersMissing, nudge(), 1)
	s.fail(fault.Fault{Service: fault.OneLogin, Method: "PUT", Kind: fault.Answer, Status: 422})
	run := s.watch(plan)
	s.wantStates(run, model.RunIncomplete, "failed"+strings.Repeat(" skipped", len(plan.Steps)-1))
	if tried := s.server.Faults.List()[0].Seen; tried != 1 {
		t.Errorf("%d users were tried", tried)
	}
}
