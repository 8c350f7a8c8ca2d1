package load_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/load"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// Where rules make names of groups out of users' attributes, a run learns who has changed since the reading by one
// question and its controls, and reads both sides in full only where that does not settle it. Either way it sees who
// yields a group by now.
func TestRenewAsksForUsersWhoChanged(t *testing.T) {
	t.Parallel()
	becomes := func(u *world.User, group string) { u.Department, u.UpdatedAt = group, time.Now() }
	for name, c := range map[string]struct {
		change  func(b *bed, src *world.Source, group string, user *world.User)
		knob    string
		lingers bool
		full    string // what is said of the full read; empty if there is none
	}{
		"nobody": {lingers: true},
		"one":    {change: func(_ *bed, _ *world.Source, group string, user *world.User) { becomes(user, group) }},
		"one who gets the app": {change: func(b *bed, src *world.Source, group string, _ *world.User) {
			src.Users[990001] = &world.User{
				ID: 990001, Email: "new@corp.example", Username: "new", FirstName: "New", LastName: "Comer", Status: 1,
				State: 1, Department: group,
			}
			src.Apps[b.tenant.AppID].Direct[990001] = true
			src.Logins[world.LoginKey{App: b.tenant.AppID, User: 990001}] = &world.Login{ID: 990002}
			src.Events = append(src.Events, world.Event{
				ID: 990003, Type: 149, At: time.Now(), UserID: 990001, UserName: "New Comer", AppID: b.tenant.AppID,
			})
		}},
		"more than are asked one by one": {
			change: func(b *bed, src *world.Source, group string, user *world.User) {
				n := 0
				for id := range src.Assigned(b.tenant.AppID) {
					if n++; n <= 30 {
						src.Users[id].UpdatedAt = time.Now()
					}
				}
				becomes(user, group)
			},
			full: "more than 25",
		},
		"filter ignored": {
			change: func(_ *bed, _ *world.Source, group string, user *world.User) { becomes(user, group) },
			knob:   "ignored",
			full:   "which users have changed was asked in vain",
		},
		"filter finds nobody": {
			change: func(_ *bed, _ *world.Source, group string, user *world.User) { becomes(user, group) },
			knob:   "nobody",
			full:   "users changed since a moment",
		},
		"the app without a user": {
			change: func(b *bed, src *world.Source, group string, user *world.User) {
				user.Department = group // which OneLogin dates nowhere
				src.Events = append(src.Events, world.Event{
					ID: 990001, Type: 1300, At: time.Now(),
					AppID: b.tenant.AppID,
				})
			},
			full: "without a user",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := layByRules(t, "lingering-groups", 120)
			b.change(func(src *world.Source) {
				app := src.Apps[b.tenant.AppID]
				app.Rules = append(app.Rules, world.Rule{
					ID: 990010, Name: "by department", Match: "all", Enabled: true, Position: 9,
					Actions: []world.Action{{
						Action: "set_groups", Value: []string{"department"},
						Expression: "aws-.*",
					}},
				})
			})
			before := b.load(t, t)
			if !model.NamesFromAttributes(before.Source.Rules) {
				t.Fatal("no rule makes names of attributes")
			}
			group, source := lingeringGroup(t, before), ""
			for i := range before.Source.Users {
				if u := &before.Source.Users[i]; u.Assigned && u.Active {
					source = u.ID
				}
			}
			b.change(func(src *world.Source) {
				if c.change != nil {
					c.change(b, src, group, src.Users[number(source)])
				}
			})
			b.server.OneLogin.SetKnobs(func(k *simonelogin.Knobs) { k.UpdatedSince = c.knob })
			if why := b.loader.ReadsInFull(); why != "" {
				t.Errorf("a run reads both sides in full: %s", why)
			}
			sent := b.source.Requests() + b.target.Requests()
			got, full, err := b.loader.Renew(t.Context(), "")
			sent = b.source.Requests() + b.target.Requests() - sent
			if err != nil || c.full == "" && full != "" || !strings.Contains(full, c.full) {
				t.Fatalf("both sides were read in full because of %q, want %q; %v", full, c.full, err)
			}
			if found(got, model.GroupLingering, group) != c.lingers {
				t.Errorf("%s lingers: %v", group, !c.lingers)
			}
			if full == "" && sent > 20 {
				t.Errorf("%d requests", sent)
			}
		})
	}
}

// What OneLogin dated by a clock that is behind ours, after both sides were read, came after that all the same.
func TestRenewFollowsOneLoginByItsOwnClock(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{
		"ours is ahead":  20 * time.Minute,
		"ours is behind": -20 * time.Minute,
	} {
		src, tgt := inSync(3)
		opts := options()
		opts.Observer = load.NewObserver(model.Facts{}, needs)
		l := load.New(src, tgt, opts)
		src.gate = func(context.Context, string) {
			e := answered("/api/2/users", 200)
			e.Date = moment().Add(-ahead)
			opts.Observer.Note(model.SourceSide, e)
		}
		mustLoad(t, l)
		src.events = append(src.events,
			model.Event{ID: "7", Type: 149, UserID: "2", At: moment().Add(time.Minute - ahead)})
		c, full, err := l.Renew(t.Context(), "")
		if err != nil || full != "" ||
			!slices.ContainsFunc(c.Source.Events, func(e model.Event) bool { return e.ID == "7" }) {
			t.Errorf("%s: what was logged since is not seen; %q, %v", name, full, err)
		}
	}
}

// Where the log does not tell whom a change is about, or of too many, both sides are read in full.
func TestRenewReadsInFullWhereTheLogDoesNotTell(t *testing.T) {
	t.Parallel()
	byDepartment := func(s *fakeSource) {
		s.rules = []model.Rule{{ID: "1", Name: "r", Enabled: true, Match: "all", Actions: []model.RuleAction{
			{Name: model.SetGroups, Expression: "aws-(.*)", Values: []string{"department"}},
		}}}
	}
	change := func(s *fakeSource, user string) {
		s.events = append(s.events, model.Event{ID: "e" + user, Type: 13, UserID: user, At: moment().Add(time.Minute)})
	}
	for says, c := range map[string]struct {
		rules       func(s *fakeSource)
		bend        func(s *fakeSource)
		skipsEvents bool
	}{
		"the configuration leaves out the events": {skipsEvents: true},
		"could not be read from OneLogin's log":   {bend: func(s *fakeSource) { s.tailErr = errDown }},
		"says nothing of whom it is about": {bend: func(s *fakeSource) {
			change(s, "")
		}},
		"26 of them may have changed": {rules: byDepartment, bend: func(s *fakeSource) {
			for n := range 26 {
				change(s, strconv.Itoa(n))
			}
		}},
		"the details of u2@corp.example": {rules: byDepartment, bend: func(s *fakeSource) {
			change(s, "2")
			s.users[2].RollOnly = true
		}},
	} {
		s, tgt := inSync(30)
		if c.rules != nil {
			c.rules(s)
		}
		o := options()
		o.SkipEvents = c.skipsEvents
		l := load.New(s, tgt, o)
		mustLoad(t, l)
		if c.bend != nil {
			c.bend(s)
		}
		_, full, err := l.Renew(t.Context(), "")
		if err != nil || !strings.Contains(full, says) {
			t.Errorf("want %q: %q, %v", says, full, err)
		}
	}
}
