package engine_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/sync/sim/engine"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

func TestStaleEntitlement(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	s.events()
	s.change(func() { s.w.Target.RemoveGroup(s.app().Entitlements["aws-admins"]) })
	s.nudge()
	if text := s.lastError(); !strings.Contains(text, "404") || !strings.Contains(text, "aws-admins") &&
		s.login(101).State != "modifying_failed" {
		t.Errorf("error %q, login %+v", text, s.login(101))
	}
	expect(t, "events", s.events(), []int{65})
	s.press(engine.Retry, 101)
	expect(t, "a retry without a refresh", s.events(), []int{208, 65})
	s.press(engine.Refresh, 0)
	expect(t, "refresh", s.events(), []int{124, 125})
	if len(s.app().Entitlements) != 0 {
		t.Errorf("the cache still has %v", s.app().Entitlements)
	}
	s.press(engine.Reapply, 0)
	if s.groups()["aws-admins"] != 1 || s.login(101).State != "provisioned" {
		t.Errorf("after refresh and reapply: %v, %+v", s.groups(), s.login(101))
	}
}

func TestRefreshFindsGroupsBehindTheFirstPage(t *testing.T) {
	s := newStage(t, 1)
	s.change(func() {
		for i := range 150 {
			id := s.w.NewUUID()
			name := "g" + string(rune('a'+i%26)) + id
			s.w.Target.AddGroup(&world.TargetGroup{ID: id, DisplayName: name})
			s.app().Entitlements[name] = "stale"
		}
	})
	s.press(engine.Refresh, 0)
	for name, id := range s.app().Entitlements {
		if id == "stale" {
			t.Errorf("%s kept its stale id", name)
		}
	}
	if len(s.app().Entitlements) != 150 {
		t.Errorf("%d entitlements, want 150", len(s.app().Entitlements))
	}
}

func TestARejectedToken(t *testing.T) {
	s := newStage(t, 3)
	s.change(func() { s.app().SCIMToken = "expired" })
	s.press(engine.Reapply, 0)
	expect(t, "events", s.events(), []int{85, 64, 64, 64, 253})
	if n := len(s.target.Requests()); n != 1 {
		t.Errorf("%d requests after the first 401, want none", n-1)
	}
	if l := s.login(102); l.State != "provisioning_failed" || l.Status != "enabling_failed" {
		t.Errorf("login %+v", l)
	}
}

func TestThrottlingIsLoggedAndRetried(t *testing.T) {
	s := newStage(t, 1)
	if err := s.faults.Add(fault.Fault{Kind: fault.Throttle, Times: 3, RetryAfter: 1}); err != nil {
		t.Fatal(err)
	}
	s.nudge()
	expect(t, "events", s.events(), []int{251, 125, 51})
	s.faults.Clear()
	if err := s.faults.Add(fault.Fault{Kind: fault.Throttle}); err != nil {
		t.Fatal(err)
	}
	s.nudge()
	expect(t, "when it does not end", s.events(), []int{251, 65})
}

func TestFailuresAreShown(t *testing.T) {
	s := newStage(t, 1)
	if err := s.faults.Add(fault.Fault{
		Kind: fault.Reset, Method: http.MethodPost, Path: "/Users",
		Times: 1,
	}); err != nil {
		t.Fatal(err)
	}
	s.nudge()
	if l := s.login(101); l.State != "provisioning_failed" ||
		!strings.Contains(s.lastError(), "while provisioning to") {
		t.Errorf("login %+v, error %q", l, s.lastError())
	}
	expect(t, "events", s.events(), []int{64})
	s.press(engine.Retry, 101)
	expect(t, "retry", s.events(), []int{208, 125, 51})

	s.change(func() { s.w.Source.Users[101].FirstName = "" })
	s.nudge()
	if l := s.login(101); l.State != "modifying_failed" || !strings.Contains(s.lastError(), "400") {
		t.Errorf("a user without a given name: %+v, %q", l, s.lastError())
	}
}

func TestMoreThanAHundredMembers(t *testing.T) {
	s := newStage(t, 137)
	s.press(engine.Reapply, 0)
	if s.groups()["aws-admins"] != 137 {
		t.Errorf("in hundreds: %v", s.groups())
	}
}

func TestProvisioningOff(t *testing.T) {
	s := newStage(t, 1)
	s.change(func() { s.app().ProvisioningEnabled = false })
	s.nudge()
	for _, button := range []engine.Kind{
		engine.Reapply, engine.Refresh, engine.SyncLogins, engine.Approve,
		engine.Retry,
	} {
		s.press(button, 101)
	}
	expect(t, "requests", s.requests(), []string{})
	expect(t, "events", s.events(), []int{})
}

func TestGroupsNotIncluded(t *testing.T) {
	s := newStage(t, 2)
	s.change(func() { s.app().Parameters[1].ProvisionedEntitlements = false })
	s.press(engine.Reapply, 0)
	if s.targetUser("user102@corp.example") == nil || len(s.groups()) != 0 {
		t.Errorf("users must come and groups must not: %v", s.groups())
	}
}

func TestAKnownUserIsLinked(t *testing.T) {
	s := newStage(t, 1)
	s.nudge()
	s.change(func() { clear(s.w.Source.Logins) })
	s.events()
	s.requests()
	s.nudge()
	expect(t, "events", s.events(), []int{59})
	if got := s.requests(); got[1] != "PUT /Users/ID" {
		t.Errorf("requests %v", got)
	}
}

func TestSyncLogins(t *testing.T) {
	s := newStage(t, 2)
	s.press(engine.Reapply, 0)
	remote := s.login(101).RemoteID
	s.change(func() {
		s.w.Target.RemoveUser(s.w.Source.Logins[world.LoginKey{App: appID, User: 102}].RemoteID)
		s.w.Source.Logins[world.LoginKey{App: appID, User: 101}].RemoteID = "stale"
	})
	s.events()
	s.press(engine.Reapply, 0)
	expect(t, "stale ids fail", s.events(), []int{65, 65, 254})
	s.press(engine.SyncLogins, 0)
	expect(t, "sync logins", s.events(), []int{56, 110})
	if s.login(101).RemoteID != remote || s.login(102).State != "nonexistent" {
		t.Errorf("logins %+v, %+v", s.login(101), s.login(102))
	}
	s.press(engine.Reapply, 0)
	expect(t, "then a reapply creates who is missing", s.events(), []int{52, 51, 254})
	s.change(func() { s.app().SCIMToken = "expired" })
	s.press(engine.SyncLogins, 0)
	expect(t, "sync logins with a dead token", s.events(), []int{85, 111})
}

func TestAFrozenEngineKeepsItsJobs(t *testing.T) {
	s := newStage(t, 1)
	s.e.Freeze(true)
	s.nudge()
	if jobs := s.e.Pending(); len(jobs) != 1 || jobs[0].Kind != engine.UserEvent || jobs[0].User != 101 ||
		len(s.target.Requests()) != 0 {
		t.Errorf("jobs %v", jobs)
	}
	s.e.Freeze(false)
	s.run()
	if s.login(101).State != "provisioned" || len(s.e.Pending()) != 0 {
		t.Errorf("login %+v", s.login(101))
	}
}

func TestRunPendingStopsWithItsContext(t *testing.T) {
	s := newStage(t, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.change(func() { s.e.UserChanged(101, false) })
	if err := s.e.RunPending(ctx); err == nil || len(s.e.Pending()) != 1 {
		t.Errorf("error %v, %d jobs left", err, len(s.e.Pending()))
	}
}
