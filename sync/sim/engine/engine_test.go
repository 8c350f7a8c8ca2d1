package engine_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
)

func TestANewUserIsCreatedWithItsGroup(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	expect(t, "requests", s.requests(), []string{
		"GET /Users?filter=userName+eq+%22user101%40corp.example%22&", // the ampersand is OneLogin's
		"POST /Users",
		"GET /Groups?filter=displayName+eq+%22aws-admins%22&",
		"POST /Groups",
		"PATCH /Groups/ID",
	})
	expect(t, "events", s.events(), []int{125, 51})
	l := s.login(101)
	if l.State != "provisioned" || l.Status != "enabled" || l.RemoteID == "" || len(l.Groups) != 1 {
		t.Errorf("login %+v", l)
	}
	u := s.targetUser("user101@corp.example")
	if u == nil || u.DisplayName != "Given F101" || u.ExternalID != "101" || !u.Active ||
		s.groups()["aws-admins"] != 1 {
		t.Errorf("the target has %+v in %v", u, s.groups())
	}
}

func TestAChangedUserIsPut(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	s.requests()
	s.events()
	s.change(func() { s.w.Source.Users[101].LastName = "Married" })
	s.nudge()
	expect(t, "events", s.events(), []int{52})
	raw := s.target.Requests()
	if got := raw[1]; got.Method != http.MethodPut || s.targetUser("user101@corp.example").FamilyName != "Married" {
		t.Errorf("requests %+v", raw)
	}
}

func TestANudgeHealsWhatDriftedAtTheTarget(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	s.events()
	s.change(func() {
		for _, g := range s.w.Target.Groups {
			clear(g.Members)
		}
		for _, u := range s.w.Target.Users {
			u.DisplayName = "Somebody Else"
		}
	})
	s.nudge()
	if s.groups()["aws-admins"] != 1 || s.targetUser("user101@corp.example").DisplayName != "Given F101" {
		t.Errorf("the drift stayed: %v", s.groups())
	}
	expect(t, "events", s.events(), []int{52})
}

func TestUnchangedUsers(t *testing.T) {
	s := newStage(t, 1)
	s.e.SkipUnchanged = true
	s.nudge()
	s.events()
	s.requests()
	s.nudge()
	expect(t, "events", s.events(), []int{334})
	expect(t, "requests", s.requests(), []string{})

	s = newStage(t, 1)
	s.app().Rules = nil // no groups, so a look at the user is all there is to do
	s.nudge()
	s.events()
	s.requests()
	s.nudge()
	expect(t, "events", s.events(), []int{334})
	expect(t, "requests", s.requests(), []string{"GET /Users/ID"})
}

func TestARuleChangeAloneDoesNothing(t *testing.T) {
	s := newStage(t, 2)
	s.press(engine.Reapply, 0)
	expect(t, "events", s.events(), []int{125, 51, 51, 254})
	s.requests()
	s.change(func() { s.app().Rules[0].Actions[0].Expression = "nothing-.*" })
	s.run()
	expect(t, "requests after the change", s.requests(), []string{})
	s.press(engine.Reapply, 0)
	if got := s.groups(); !maps.Equal(got, map[string]int{"aws-admins": 0}) {
		t.Errorf("groups %v: members go, the group stays, as OneLogin never deletes one", got)
	}
	for _, r := range s.requests() {
		if strings.HasPrefix(r, "DELETE") {
			t.Errorf("sent %s", r)
		}
	}
}

func TestRemovalFromARole(t *testing.T) {
	s := newStage(t, 1)
	s.w.Source.Roles[others].Users[101] = true
	s.nudge()
	s.change(func() { delete(s.w.Source.Roles[others].Users, 101) })
	s.nudge()
	if got := s.groups(); !maps.Equal(got, map[string]int{"aws-admins": 1, "aws-others": 0}) {
		t.Errorf("groups %v", got)
	}
}

func TestApprovalStops(t *testing.T) {
	s := newStage(t, 1)
	s.app().ApproveCreate, s.app().ApproveUpdate = true, true
	pending := func(state, kind string) {
		t.Helper()
		if l := s.login(101); l.State != state || l.Pending != kind {
			t.Errorf("login %+v, want %s", l, state)
		}
	}
	s.press(engine.Approve, 101)
	expect(t, "an approval of nothing", s.requests(), []string{})
	s.nudge()
	pending("provisioning_pending_approval", "create")
	s.press(engine.Reapply, 0)
	pending("provisioning_pending_approval", "create")
	expect(t, "requests", s.requests(), []string{})
	s.press(engine.Approve, 101)
	pending("provisioned", "")

	s.change(func() { s.w.Source.Users[101].LastName = "Married" })
	s.nudge()
	pending("modifying_pending_approval", "update")
	s.press(engine.Approve, 101)
	pending("provisioned", "")
	if s.targetUser("user101@corp.example").FamilyName != "Married" {
		t.Error("the approved update did not arrive")
	}
}

func TestSuspension(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	s.events()
	s.change(func() { s.w.Source.Users[101].Status = 2 })
	s.nudge()
	expect(t, "events", s.events(), []int{53})
	if s.targetUser("user101@corp.example").Active || s.groups()["aws-admins"] != 1 {
		t.Error("a suspended user must be inactive and keep its groups")
	}
	s.change(func() { s.w.Source.Users[101].Status = 1 })
	s.nudge()
	expect(t, "events", s.events(), []int{54})

	s = newStage(t, 1)
	s.change(func() { s.w.Source.Users[101].State = 3 })
	s.nudge()
	expect(t, "requests for an unlicensed user who never came", s.requests(), []string{})
}
