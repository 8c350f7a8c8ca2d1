package repair_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// stage is a bed on which a person presses buttons while the repairer watches: each of its waits is a turn.
type stage struct {
	*bed

	// turns happen in the waits, the first in the first; after the last nothing does.
	turns []func()
	seen  []plan.RunProgress
}

// enact serves a scenario of OneLogin as somebody has bent it, and reads it with the provisioning states.
func enact(t *testing.T, scenario string, bend func(b *bed)) *stage {
	t.Helper()
	s := &stage{bed: lay(t, scenario)}
	if bend != nil {
		s.world(func(*world.World) { bend(s.bed) })
	}
	c := s.tenant.World.Source.Credentials[0]
	source, err := onelogin.New(onelogin.Options{
		URL: s.server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: s.tenant.AppID, RateShare: 1,
		NudgeAttribute: tenants.NudgeAttribute,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(source.Close)
	s.loader = load.New(source, s.opts.Target.(load.Target), load.Options{
		Options:    drift.Options{Groups: s.opts.Groups, Fields: model.FieldSetOf(model.Fields()...), Nudge: true},
		TargetKind: "aws", Window: 14 * 24 * time.Hour, Now: time.Now, Logins: source,
	})
	s.opts.Source, s.opts.Reader = source, s.loader
	s.opts.HandoffDeadline = time.Minute
	s.opts.Skew = func() (time.Duration, bool) { return s.ahead, true }
	s.opts.Locate = func(app string, p model.Place) model.Location {
		return onelogin.Console{URL: s.server.URL()}.Place(app, p)
	}
	s.opts.Sleep = func(ctx context.Context, d time.Duration) error {
		s.ahead += d
		if len(s.turns) > 0 {
			turn := s.turns[0]
			s.turns = s.turns[1:]
			turn()
		}
		return ctx.Err()
	}
	s.repairer = repair.New(s.opts)
	s.read()
	return s
}

func (s *stage) world(with func(*world.World)) {
	s.tenant.World.Lock()
	defer s.tenant.World.Unlock()
	with(s.tenant.World)
	s.tenant.World.Source.Changes++
}

// press presses a button of the console and lets OneLogin do what comes of it.
func (s *stage) press(button string, user string) {
	s.t.Helper()
	url := fmt.Sprintf("%s/__sim/console/apps/%d/%s?user=%s", s.server.URL(), s.tenant.AppID, button, user)
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("press %s: %s", button, resp.Status)
	}
	s.work()
}

func (s *stage) work() {
	s.t.Helper()
	if err := s.server.Engine.RunPending(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// planFor plans one repair over one channel for the first n findings of a kind.
func (s *stage) planFor(kind model.Kind, o model.Option, n int) *model.Plan {
	s.t.Helper()
	var picks []model.Pick
	for _, f := range s.loader.Last().Findings {
		if f.Kind == kind && slices.Contains(f.Repairs, o) && len(picks) < n {
			picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
		}
	}
	if len(picks) < n {
		s.t.Fatalf("only %d %s offer %v", len(picks), kind, o)
	}
	plan, err := s.repairer.Plan(s.t.Context(), picks, nil)
	if err != nil || !plan.Guard.Allowed || len(plan.Steps) == 0 {
		s.t.Fatalf("%v; plan of %+v", err, plan)
	}
	return plan
}

// watch runs a plan while the turns happen.
func (s *stage) watch(plan *model.Plan, turns ...func()) model.Run {
	s.t.Helper()
	return s.watchIn(s.t.Context(), plan, turns...)
}

func (s *stage) watchIn(ctx context.Context, made *model.Plan, turns ...func()) model.Run {
	s.t.Helper()
	s.turns = turns
	o := repair.RunOptions{}
	o.Watch = func(p plan.RunProgress) { s.seen = append(s.seen, p) }
	o.Allow = append(o.Allow, made.Guard.Overrides()...)
	run, err := s.repairer.Run(ctx, made, o)
	if err != nil {
		s.t.Fatal(err)
	}
	return run
}

// want holds the first step against a state and words of its detail.
func (s *stage) want(run model.Run, state model.StepState, says ...string) {
	s.t.Helper()
	if run.Steps[0].State != state {
		s.t.Fatalf("want %s:%s", state, details(run))
	}
	for _, words := range says {
		if !strings.Contains(run.Steps[0].Detail, words) {
			s.t.Errorf("the detail does not say %q: %s", words, run.Steps[0].Detail)
		}
	}
}

// ticked are the ticks as they were shown last.
func (s *stage) ticked() []plan.Tick {
	for _, p := range slices.Backward(s.seen) {
		if len(p.Ticks) > 0 {
			return p.Ticks
		}
	}
	return nil
}

func (s *stage) said(words string) bool {
	return slices.ContainsFunc(s.seen, func(p plan.RunProgress) bool { return strings.Contains(p.Said, words) })
}

func console(r model.RepairName) model.Option {
	return model.Option{Repair: r, Channel: model.Console}
}

// emptyGroups takes every member out of so many groups that should have several, and gives their names.
func emptyGroups(b *bed, n int) {
	var names []string
	for _, g := range b.tenant.World.Target.Groups {
		if len(g.Members) > 1 {
			names = append(names, g.DisplayName)
		}
	}
	slices.Sort(names)
	for _, g := range b.tenant.World.Target.Groups {
		if slices.Contains(names[:n], g.DisplayName) {
			clear(g.Members)
		}
	}
}

func (s *stage) badToken() {
	s.world(func(w *world.World) { w.Source.Apps[s.tenant.AppID].SCIMToken = "wrong" })
}

func TestReapplyIsWatched(t *testing.T) {
	t.Parallel()
	lay := func(t *testing.T) (*stage, *model.Plan) {
		t.Helper()
		s := enact(t, "clean", func(b *bed) { emptyGroups(b, 2) })
		return s, s.planFor(model.MembersMissing, console(model.ReapplyMappings), 2)
	}
	t.Run("confirmed", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan, func() {}, func() { s.press("reapply", "") })
		s.want(run, model.StepConfirmed)
		if run.State != model.RunDone || len(s.loader.Last().Findings) != 0 {
			t.Errorf("the run is %s, and the board has %d findings", run.State, len(s.loader.Last().Findings))
		}
		for _, tick := range s.ticked() {
			if !tick.Done {
				t.Errorf("not ticked: %+v", tick)
			}
		}
		if h := plan.Steps[0].Handoff; h.URL == "" || !strings.Contains(h.Menu, "Reapply") ||
			!s.said("ENTITLEMENT_MAPPINGS_REAPPLIED") {
			t.Errorf("the link or the menu path is missing in %+v, or the event was not said", h)
		}
	})
	t.Run("nobody presses", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan)
		s.want(run, model.StepUnconfirmed, "within 1m", "event 254", model.Visible(s.ticked()[0].Subject.Name), "of 2")
		if run.State != model.RunIncomplete || s.ahead > time.Minute+time.Second {
			t.Errorf("the run is %s after %s", run.State, s.ahead)
		}
	})
	t.Run("half of it", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan, func() {
			s.press("reapply", "")
			s.world(func(*world.World) { emptyGroups(s.bed, 1) })
		})
		s.want(run, model.StepUnconfirmed, "ENTITLEMENT_MAPPINGS_REAPPLIED", "of 2: ")
		if ticks := s.ticked(); ticks[0].Done == ticks[1].Done {
			t.Errorf("want one of the two: %+v", ticks)
		}
	})
	t.Run("who was suspended is deleted", func(t *testing.T) {
		t.Parallel()
		var who *world.User
		s := enact(t, "clean", func(b *bed) {
			src := &b.tenant.World.Source
			who = src.Users[world.SortedIDs(src.Assigned(b.tenant.AppID))[0]]
			who.Status = 2
		})
		run := s.watch(s.planFor(model.UserStillActive, console(model.ReapplyMappings), 1), func() {
			s.world(func(w *world.World) {
				delete(w.Source.Users, who.ID)
				for _, r := range w.Source.Roles {
					delete(r.Users, who.ID)
				}
			})
		})
		s.want(run, model.StepUnconfirmed, who.Email, "it is user-lingering now")
	})
	t.Run("it fails", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan, func() { s.badToken(); s.press("reapply", "") })
		s.want(run, model.StepFailed, "could not reapply", "ENTITLEMENT_MAPPINGS_FAILED")
	})
	t.Run("gone before anybody pressed", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.press("reapply", "")
		s.read()
		s.want(s.watch(plan), model.StepSkipped, "gone already")
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		ctx, cancel := context.WithCancel(t.Context())
		run := s.watchIn(ctx, plan, func() {}, cancel)
		s.want(run, model.StepCancelled)
		if run.State != model.RunCancelled || s.ahead > 10*time.Second {
			t.Errorf("the run is %s after %s", run.State, s.ahead)
		}
	})
	t.Run("the log cannot be read for a while", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.opts.Open = func(context.Context, string) (bool, error) { return true, nil }
		s.repairer = repair.New(s.opts)
		s.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/1/events", Kind: fault.Forbidden})
		run := s.watch(plan, func() { s.press("reapply", "") }, func() {}, s.wellAgain)
		s.want(run, model.StepConfirmed)
		if !s.said("could not be followed") || !s.said("; the page is open in the browser") {
			t.Error("the trouble was not said")
		}
	})
	t.Run("the target cannot be read", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan, func() {
			s.press("reapply", "")
			s.fail(fault.Fault{Service: fault.SCIM, Kind: fault.Forbidden})
			s.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/1/events", Kind: fault.Forbidden})
		})
		s.want(run, model.StepUnconfirmed, "not ended, of 2", "it could not be read", "the log could not be read")
	})
	t.Run("what cannot be read is not gone", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.fail(fault.Fault{Service: fault.OneLogin, Path: "/api/2/roles", Kind: fault.Empty})
		run := s.watch(plan, func() {})
		s.want(run, model.StepUnconfirmed, "not ended, of 2")
	})
	t.Run("the browser cannot be opened", func(t *testing.T) {
		t.Parallel()
		s, _ := lay(t)
		var opened []string
		s.opts.Open = func(_ context.Context, address string) (bool, error) {
			opened = append(opened, address)
			return false, errors.New("no display")
		}
		s.repairer = repair.New(s.opts)
		plan := s.planFor(model.MembersMissing, console(model.ReapplyMappings), 2)
		s.want(s.watch(plan, func() { s.press("reapply", "") }), model.StepConfirmed)
		if len(opened) != 1 || opened[0] != plan.Steps[0].Handoff.URL || !s.said("no display") {
			t.Errorf("opened %q", opened)
		}
	})
}

func (s *stage) wellAgain() { s.server.Faults.Clear() }

func TestRefreshEntitlementsIsWatched(t *testing.T) {
	t.Parallel()
	lay := func(t *testing.T) (*stage, *model.Plan) {
		t.Helper()
		s := enact(t, "deleted-in-aws-first", nil)
		return s, s.planFor(model.GroupMissing, console(model.RefreshEntitlements), 1)
	}
	old := func(s *stage, ago time.Duration) {
		s.world(func(w *world.World) {
			w.Source.Events = append(w.Source.Events, world.Event{
				ID: w.NextID(), At: w.Now().Add(-ago), Type: 124,
				AppID: s.tenant.AppID,
			})
		})
	}
	t.Run("confirmed", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.want(s.watch(plan, func() { s.press("refresh", "") }), model.StepConfirmed, "ENTITLEMENTS_CACHE_ACTION",
			"entitlements refreshed")
	})
	t.Run("what was logged before does not count", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.press("refresh", "")
		s.want(s.watch(plan), model.StepUnconfirmed, "event 124")
	})
	t.Run("nor what happened before and is logged late", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.want(s.watch(plan, func() { old(s, 5*time.Second) }), model.StepUnconfirmed, "event 124")
	})
	t.Run("nor that of another app", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		run := s.watch(plan, func() {
			s.world(func(w *world.World) {
				for _, app := range []int64{0, s.tenant.AppID + 1} {
					w.Source.Events = append(w.Source.Events, world.Event{
						ID: w.NextID(), At: w.Now(), Type: 124,
						AppID: app,
					})
				}
			})
		})
		s.want(run, model.StepUnconfirmed, "event 124")
	})
	t.Run("nor what was there when the clocks are unknown", func(t *testing.T) {
		t.Parallel()
		s, _ := lay(t)
		s.opts.Skew, s.ahead = nil, -time.Hour // our clock is an hour behind OneLogin's
		s.repairer = repair.New(s.opts)
		old(s, time.Minute)
		plan := s.planFor(model.GroupMissing, console(model.RefreshEntitlements), 1)
		s.want(s.watch(plan), model.StepUnconfirmed, "event 124")
		s.want(s.watch(plan, func() { s.press("refresh", "") }), model.StepConfirmed)
	})
	t.Run("it fails", func(t *testing.T) {
		t.Parallel()
		s, plan := lay(t)
		s.want(s.watch(plan, func() { s.badToken(); s.press("refresh", "") }), model.StepFailed, "could not refresh")
	})
}

// TestAButtonThatNoFindingAsksForIsWatched: as after a delete, when OneLogin has to forget what nothing is wrong with
// any more.
func TestAButtonThatNoFindingAsksForIsWatched(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		repair         model.RepairName
		button, logged string
	}{
		{model.RefreshEntitlements, "refresh", "event 124"},
		{model.ReapplyMappings, "reapply", "event 254"},
	} {
		t.Run(string(test.repair), func(t *testing.T) {
			t.Parallel()
			s := enact(t, "clean", nil)
			plan, err := s.repairer.Plan(t.Context(), []model.Pick{{Option: console(test.repair)}}, nil)
			if err != nil || !plan.Guard.Allowed || len(plan.Steps) != 1 || len(plan.LeftOut) > 0 ||
				plan.Steps[0].Handoff == nil {
				t.Fatalf("%v; plan of %+v", err, plan)
			}
			s.want(s.watch(plan), model.StepUnconfirmed, test.logged)
			s.want(s.watch(plan, func() { s.press(test.button, "") }), model.StepConfirmed)
		})
	}
}

func TestSyncLoginsIsWatched(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		turn  func(s *stage)
		state model.StepState
		says  string
	}{
		"confirmed": {func(s *stage) { s.press("sync-logins", "") }, model.StepConfirmed, "APP_LOGINS_UPDATED"},
		"failed": {
			func(s *stage) { s.badToken(); s.press("sync-logins", "") }, model.StepFailed,
			"APP_LOGINS_UPDATE_FAILED",
		},
		"timed out": {func(*stage) {}, model.StepUnconfirmed, "event 110"},
		"a reapply": {func(s *stage) { s.badToken(); s.press("reapply", "") }, model.StepUnconfirmed, "event 110"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := enact(t, "drift", nil)
			plan := s.planFor(model.UserUnsynced, console(model.SyncLogins), 1)
			s.want(s.watch(plan, func() { c.turn(s) }), c.state, c.says)
		})
	}
}

// With the approval boxes on a reapply would ask again, so that the way through the menu takes them off first.
func TestAReapplyForWhoWaitsTakesTheBoxesOff(t *testing.T) {
	t.Parallel()
	s := enact(t, "nothing-syncs", nil)
	h := s.planFor(model.UserUnsynced, console(model.ReapplyMappings), 2).Steps[0].Handoff
	if !h.BoxesOff || !strings.Contains(h.Menu, "take the boxes under Require admin approval off, and save; then") {
		t.Errorf("%+v", h)
	}
}

func TestApprovalIsWatched(t *testing.T) {
	t.Parallel()
	s := enact(t, "nothing-syncs", nil)
	plan := s.planFor(model.UserUnsynced, console(model.ApprovePending), 2)
	if len(plan.Steps) != 1 || len(plan.Steps[0].Members) != 2 {
		t.Fatalf("want one step for both: %+v", plan.Steps)
	}
	first := plan.Steps[0].Members[0].SourceID
	run := s.watch(plan, func() {}, func() { s.press("approve", first) })
	s.want(run, model.StepUnconfirmed, "pending_approval")
	if ticks := s.ticked(); !strings.Contains(ticks[0].Seen+ticks[1].Seen, "pending_approval") ||
		ticks[0].Done == ticks[1].Done {
		t.Errorf("of two one was approved: %+v", ticks)
	}
}

// TestManyApprovalsOnOnePage: whoever approves everybody on the page that was opened is through with a look or two: a
// look reads a few records again, or, of many, the lists that show them all for fewer calls. Nothing is read for many
// while nobody presses.
func TestManyApprovalsOnOnePage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{5, 40} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			approveMany(t, n)
		})
	}
}

func approveMany(t *testing.T, n int) {
	t.Helper()
	s := enact(t, "nothing-syncs", nil)
	var opened []string
	s.opts.Open = func(_ context.Context, address string) (bool, error) {
		opened = append(opened, address)
		return true, nil
	}
	plan := s.planFor(model.UserUnsynced, console(model.ApprovePending), n)
	waits := 0
	sleep := s.opts.Sleep
	s.opts.Sleep = func(ctx context.Context, d time.Duration) error {
		waits++
		return sleep(ctx, d)
	}
	s.repairer = repair.New(s.opts)
	asked := func() int { return s.server.SCIM.RequestCount() }
	before, idle := asked(), 0
	run := s.watch(plan, func() { idle = -asked() }, func() {
		idle += asked()
		for _, m := range plan.Steps[0].Members {
			s.press("approve", m.SourceID)
		}
		before = asked()
	})
	s.want(run, model.StepConfirmed)
	if run.State != model.RunDone || len(plan.Steps) != 1 || len(opened) != 1 || waits > 3 {
		t.Errorf("%s after %d waits, with %d pages opened, want 3 at most and 1:%s", run.State, waits, len(opened),
			details(run))
	}
	if took := asked() - before; idle > 20 || n > 20 && took > 2*n {
		t.Errorf("%d calls while nobody pressed, then %d for %d people", idle, took, n)
	}
}

func TestAPageOfSettingsIsWatched(t *testing.T) {
	t.Parallel()
	s := enact(t, "groups-not-included", nil)
	plan := s.planFor(model.GroupMissing, console(model.OpenApp), 2)
	reapply := s.planFor(model.GroupMissing, console(model.ReapplyMappings), 2)
	if got := strings.Join(reapply.Warnings, " "); !strings.Contains(got, "pushes no group until they are") {
		t.Errorf("the plan of a reapply says %q", got)
	}
	include := func() {
		s.world(func(w *world.World) {
			app := w.Source.Apps[s.tenant.AppID]
			for i := range app.Parameters {
				app.Parameters[i].ProvisionedEntitlements = true
			}
		})
	}
	s.want(s.watch(plan), model.StepUnconfirmed, "of 2")
	s.want(s.watch(plan, func() {}, func() {}, include), model.StepConfirmed)
	for _, tick := range s.ticked() { // the groups are still not there: the setting pushes nothing
		if tick.Seen != "its cause is gone, not pushed yet" {
			t.Errorf("%s: %q", tick.Finding, tick.Seen)
		}
	}
	if got := strings.Join(plan.Warnings, " "); !strings.Contains(got, "alone pushes nothing: reapply") {
		t.Errorf("the plan says %q", got)
	}
}

// poor is a OneLogin with hardly a call left.
type poor struct {
	repair.Source

	calls int
}

func (p poor) Budget() model.Budget {
	return model.Budget{Known: true, Limit: 5000, Remaining: p.calls}
}

func TestAWatchLeavesCallsToOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		calls, most int
	}{{5, 3}, {50, 25}, {5000, 1000}} {
		s := enact(t, "clean", func(b *bed) { emptyGroups(b, 2) })
		s.opts.Source = poor{s.opts.Source, c.calls}
		s.repairer = repair.New(s.opts)
		plan := s.planFor(model.MembersMissing, console(model.ReapplyMappings), 2)
		before := s.server.OneLogin.RequestCount()
		s.want(s.watch(plan), model.StepUnconfirmed)
		used := s.server.OneLogin.RequestCount() - before
		if used > c.most {
			t.Errorf("%d calls left: %d were used", c.calls, used)
		}
		t.Logf("%d calls left: %d used in a minute of watching", c.calls, used)
		if c.calls < 100 && !s.said("calls left") {
			t.Errorf("%d calls left: it is not said", c.calls)
		}
	}
}
