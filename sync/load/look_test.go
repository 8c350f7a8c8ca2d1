package load_test

import (
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// look looks, and counts what each side was asked.
func (b *bed) look(t *testing.T, spare bool) (c *drift.Comparison, source, target int) {
	t.Helper()
	b.server.OneLogin.ResetRequests()
	b.server.SCIM.ResetRequests()
	c, err := b.loader.Look(t.Context(), drift.Watch{}, spare)
	if err != nil {
		t.Fatal(err)
	}
	return c, b.server.OneLogin.RequestCount(), b.server.SCIM.RequestCount()
}

// An idle look costs OneLogin at most 5 calls at any size, reads the target whole, and gives what a full read would.
func TestAnIdleLookSparesOneLogin(t *testing.T) {
	t.Parallel()
	longTable(t)
	for _, c := range []struct {
		scenario      string
		users, groups int
		looks         int
	}{{"large", 2_500, 60, 2}, {"drift", 400, 40, 3}, {"lingering-groups", 120, 12, 3}} {
		t.Run(c.scenario, func(t *testing.T) {
			t.Parallel()
			tenant, err := tenants.Build(tenants.Options{
				Scenario: c.scenario, Users: c.users, Groups: c.groups,
				Seed: 3,
			})
			if err != nil {
				t.Fatal(err)
			}
			b := lay(t, t, tenant, scim.Current().Unlimited())
			defer b.close()
			first := b.load(t, t)
			for range c.looks {
				now, source, target := b.look(t, false)
				t.Logf("%d calls to OneLogin, %d to the target", source, target)
				if source == 0 || source > 5 {
					t.Errorf("an idle look took %d calls of OneLogin: %s", source, byPath(b.server.OneLogin.Requests()))
				}
				if target < leastTarget(tenant.World) {
					t.Errorf("the target was asked %d times, and has %d pages", target, leastTarget(tenant.World))
				}
				wantTruth(t, now, tenant.Truth, true)
				switch s := &now.Source; {
				case !s.ReadAt.Equal(first.Source.ReadAt):
					t.Errorf("the source is of %s, was read at %s", s.ReadAt, first.Source.ReadAt)
				case !s.Unchanged.After(s.ReadAt), !now.Target.ReadAt.After(first.Target.ReadAt):
					t.Errorf("events of %s, target of %s", s.Unchanged, now.Target.ReadAt)
				}
			}
		})
	}
}

// A look sees what has changed on either side, and reads the source in full only where its events show a change.
func TestALookSeesWhatHasChanged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event world.Event
		spare bool
		full  bool
	}{
		"the target alone":                   {},
		"a user lost the app":                {event: world.Event{Type: 207}, full: true},
		"a user lost it, with calls spared":  {event: world.Event{Type: 207}, spare: true},
		"what nobody knows":                  {event: world.Event{Type: 9052}, full: true},
		"somebody has got a role":            {event: world.Event{Type: 4}, full: true},
		"many users at once":                 {event: world.Event{Type: 23}, full: true},
		"a user changed by API":              {event: world.Event{Type: 529}, full: true},
		"a push that failed changes nothing": {event: world.Event{Type: 65}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 120, Groups: 12, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			b := lay(t, t, tenant, scim.Current().Unlimited())
			defer b.close()
			before := b.load(t, t)
			gone, switched := pairAfter(t, before, 0), pairAfter(t, before, 1)
			b.change(func(src *world.Source) {
				if c.event.Type == 207 {
					b.takeApp(src, number(gone.SourceID))
				}
				if c.event.Type != 0 {
					c.event.ID, c.event.At, c.event.AppID, c.event.UserID = 990001, time.Now(), tenant.AppID,
						number(gone.SourceID)
					src.Events = append(src.Events, c.event)
				}
				tenant.World.Target.Users[switched.TargetID].Active = false
			})
			now, source, _ := b.look(t, c.spare)
			if !found(now, model.UserInactive, switched.Name) {
				t.Error("whom the target switched off is not found")
			}
			if got := found(now, model.UserLingering, gone.Name); got != (c.full && c.event.Type == 207) {
				t.Errorf("who lost the app is found: %v, want %v", got, c.full && c.event.Type == 207)
			}
			if full := now.Source.ReadAt.After(before.Source.ReadAt); full != c.full {
				t.Errorf("read in full is %v, want %v, with %d calls", full, c.full, source)
			}
			if c.spare && source > 5 || c.spare && now.Source.Unchanged.After(now.Source.ReadAt) {
				t.Errorf("spared calls: %d, events of %s", source, now.Source.Unchanged)
			}
		})
	}
}

// pairAfter gives one of those whom both sides have, active.
func pairAfter(t *testing.T, c *drift.Comparison, skip int) model.Subject {
	t.Helper()
	for s := range c.Source.Users {
		at := c.Users.ToTarget[s]
		if u := &c.Source.Users[s]; !u.Assigned || !u.Active || at == model.None {
			continue
		}
		if skip == 0 {
			return c.UserSubject(int32(s), at)
		}
		skip--
	}
	t.Fatal("nobody is paired")
	return model.Subject{}
}
