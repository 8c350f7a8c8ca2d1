package repair_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/state/statetest"
)

// guarded is a target that has a look before each write.
type guarded struct {
	repair.Target

	before func(r model.Request)
}

func (g *guarded) Write(ctx context.Context, r model.Request) (model.Answer, error) {
	g.before(r)
	return g.Target.Write(ctx, r)
}

// meddler changes the worlds at the records that one step of a plan is about, as anybody may at any moment.
type meddler struct {
	w    *world.World
	app  int64
	step *model.Step
	n    int
}

// anyOf gives one of a map, the same for the same n.
func anyOf[K int64 | string, V any](n int, m map[K]V) (v V, ok bool) {
	if len(m) == 0 {
		return v, false
	}
	return m[slices.Sorted(maps.Keys(m))[n%len(m)]], true
}

func (m *meddler) targetUser() *world.TargetUser {
	if u := m.w.Target.Users[m.step.Subject.TargetID]; u != nil {
		return u
	}
	if len(m.step.Members) > 0 {
		if u := m.w.Target.Users[m.step.Members[m.n%len(m.step.Members)].ID]; u != nil {
			return u
		}
	}
	u, _ := anyOf(m.n, m.w.Target.Users)
	return u
}

func (m *meddler) targetGroup() *world.TargetGroup {
	if m.step.Group != nil && m.w.Target.Groups[m.step.Group.ID] != nil {
		return m.w.Target.Groups[m.step.Group.ID]
	}
	g, _ := anyOf(m.n, m.w.Target.Groups)
	return g
}

func (m *meddler) sourceUser() *world.User {
	id := m.step.Subject.SourceID
	if m.step.Subject.Type != model.SubjectUser && len(m.step.Members) > 0 {
		id = m.step.Members[m.n%len(m.step.Members)].SourceID
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	if u := m.w.Source.Users[n]; u != nil {
		return u
	}
	u, _ := anyOf(m.n, m.w.Source.Users)
	return u
}

// role is the one that the step's group comes from, if there is one, or a new one that yields it.
func (m *meddler) role() *world.Role {
	for _, r := range m.w.Source.Roles {
		if m.step.Subject.Type == model.SubjectGroup && fold(r.Name) == fold(m.step.Subject.Name) {
			return r
		}
	}
	id := m.w.NextID()
	r := &world.Role{ID: id, Name: m.step.Subject.Name, Apps: map[int64]bool{m.app: true}, Users: map[int64]bool{}}
	m.w.Source.Roles[id] = r
	return r
}

// pushed lets a user of OneLogin who is the target's have the app, and makes him if there is none.
func (m *meddler) pushed() {
	t := m.targetUser()
	if t == nil {
		return
	}
	for _, u := range m.w.Source.Users {
		if fold(u.Email) == fold(t.UserName) { // OneLogin has an address once
			m.assign(u.ID)
			return
		}
	}
	id := m.w.NextID()
	m.w.Source.Users[id] = &world.User{
		ID: id, Email: t.UserName, Username: t.UserName, FirstName: t.GivenName,
		LastName: t.FamilyName, State: 1, Status: 1,
	}
	m.assign(id)
}

func (m *meddler) assign(id int64) {
	app := m.w.Source.Apps[m.app]
	if app.Direct == nil {
		app.Direct = map[int64]bool{}
	}
	app.Direct[id] = true
}

// unassigned takes the app away from a user, whose list of apps may go on showing it for a while.
func (m *meddler) unassigned() {
	u := m.sourceUser()
	delete(m.w.Source.Apps[m.app].Direct, u.ID)
	if m.n%2 == 0 {
		delete(m.w.Source.Logins, world.LoginKey{App: m.app, User: u.ID})
	}
	for _, r := range m.w.Source.Roles {
		if r.Apps[m.app] {
			delete(r.Users, u.ID)
		}
	}
}

func (m *meddler) deletedAtSource() {
	u := m.sourceUser()
	m.unassigned()
	for _, r := range m.w.Source.Roles {
		delete(r.Users, u.ID)
	}
	delete(m.w.Source.Users, u.ID)
}

// changes are what may happen, by name.
func changes() map[string]func(m *meddler) {
	user := func(change func(u *world.TargetUser)) func(m *meddler) {
		return func(m *meddler) {
			if u := m.targetUser(); u != nil {
				change(u)
			}
		}
	}
	group := func(change func(m *meddler, g *world.TargetGroup)) func(m *meddler) {
		return func(m *meddler) {
			if g := m.targetGroup(); g != nil {
				change(m, g)
			}
		}
	}
	return map[string]func(m *meddler){
		"the target user is renamed":    user(func(u *world.TargetUser) { u.UserName = "x" + u.UserName }),
		"the target user is switched":   user(func(u *world.TargetUser) { u.Active = !u.Active }),
		"the target user is shown else": user(func(u *world.TargetUser) { u.DisplayName += " II" }),
		"the target user is gone":       func(m *meddler) { m.w.Target.RemoveUser(m.targetUser().ID) },
		"the target user is made": func(m *meddler) {
			u := m.sourceUser()
			o := oracle{w: m.w}
			if o.userNamed(u.Email) != nil {
				return
			}
			m.w.Target.AddUser(&world.TargetUser{
				ID: m.w.NewUUID(), UserName: u.Email, DisplayName: u.FirstName, GivenName: "a", FamilyName: "b",
				Active: true,
			})
		},
		"the target group is renamed": group(func(_ *meddler, g *world.TargetGroup) { g.DisplayName += "-x" }),
		"the target group is gone":    group(func(m *meddler, g *world.TargetGroup) { m.w.Target.RemoveGroup(g.ID) }),
		"somebody joins the group": group(func(m *meddler, g *world.TargetGroup) {
			if u, ok := anyOf(m.n, m.w.Target.Users); ok {
				g.Members[u.ID] = true
			}
		}),
		"a member leaves the group": group(func(m *meddler, g *world.TargetGroup) {
			if ids := slices.Sorted(maps.Keys(g.Members)); len(ids) > 0 {
				delete(g.Members, ids[m.n%len(ids)])
			}
		}),
		"the target group is made": func(m *meddler) {
			o := oracle{w: m.w}
			if m.step.Subject.Type == model.SubjectGroup && o.groupNamed(m.step.Subject.Name) == nil {
				m.w.Target.AddGroup(&world.TargetGroup{ID: m.w.NewUUID(), DisplayName: m.step.Subject.Name})
			}
		},
		"the source user is suspended":  func(m *meddler) { m.sourceUser().Status = 2 },
		"the source user is active":     func(m *meddler) { u := m.sourceUser(); u.Status, u.State = 1, 1 },
		"the source user is unassigned": (*meddler).unassigned,
		"the source user is gone":       (*meddler).deletedAtSource,
		"the source user is renamed":    func(m *meddler) { m.sourceUser().FirstName += "a" },
		"the source user has an e-mail": func(m *meddler) { u := m.sourceUser(); u.Email = "new." + u.Email },
		"the user is let in":            (*meddler).pushed,
		"the role is gone":              func(m *meddler) { delete(m.w.Source.Roles, m.role().ID) },
		"the role is renamed":           func(m *meddler) { m.role().Name += "-x" },
		"the role grants nothing":       func(m *meddler) { delete(m.role().Apps, m.app) },
		"the role grants the app":       func(m *meddler) { m.role().Apps[m.app] = true },
		"the role has the user":         func(m *meddler) { m.role().Users[m.sourceUser().ID] = true },
		"the role lost the user":        func(m *meddler) { delete(m.role().Users, m.sourceUser().ID) },
	}
}

// meddling is one change at one moment: before a step is checked, or after it was sent.
type meddling struct {
	change, at, about, n int
	sent                 bool
}

// Whatever changes before a step is checked, and between its write and the next step: no step is sent that the worlds
// of that moment speak against, and what is sent is what was printed.
func TestNothingIsSentIntoAChangedWorld(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(changes()))
	var sent, skipped int
	rapid.Check(t, func(t *rapid.T) {
		b := serve(t, drawTenant(t), func(o *repair.Options) {
			o.Journal = journal.Open(statetest.New(1), "/state", o.Now)
		})
		planned, err := b.repairer.Plan(t.Context(), directly(t, b.loader.Last()),
			append(overridable(), model.RuleShrunk))
		if err != nil {
			t.Fatal(err)
		}
		if len(planned.Steps) == 0 {
			return
		}
		var list []meddling
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			at := rapid.IntRange(0, len(planned.Steps)-1).Draw(t, "at")
			list = append(list, meddling{
				change: rapid.IntRange(0, len(names)-1).Draw(t, "change"), at: at,
				sent:  rapid.IntRange(0, 3).Draw(t, "sent") == 0,
				about: rapid.IntRange(at, len(planned.Steps)-1).Draw(t, "about"), n: rapid.IntRange(0, 99).Draw(t, "n"),
			})
		}
		current, last, log := 0, -1, []string(nil)
		made := map[string]string{}
		meddle := func(at int, sent bool) {
			b.bend(func(w *world.World) {
				for _, m := range list {
					if m.at == at && m.sent == sent {
						name := names[m.change]
						log = append(log, name+" (about "+planned.Steps[m.about].ID+") at "+planned.Steps[at].ID)
						changes()[name](&meddler{w: w, app: b.tenant.AppID, step: &planned.Steps[m.about], n: m.n})
						w.Source.Changes++
						b.ahead += 6 * time.Second // what was answered before serves for five
					}
				}
			})
		}
		b.opts.Target = &guarded{b.opts.Target, func(r model.Request) {
			sent++
			b.bend(func(w *world.World) {
				o := oracle{w: w, app: b.tenant.AppID, pattern: regexp.MustCompile(tenants.RolesPattern)}
				if why := o.forbids(&planned.Steps[current], made); why != "" {
					t.Errorf("%s %s of step %s is sent, though %s; %s", r.Method, r.Path, planned.Steps[current].ID,
						why, strings.Join(log, "; "))
				}
			})
		}}
		b.repairer = repair.New(b.opts)
		o := repair.RunOptions{}
		o.Watch = func(p plan.RunProgress) {
			for i, s := range p.Run.Steps {
				made[planned.Steps[i].ID] = s.CreatedID
			}
			if p.Step < 0 {
				return
			}
			switch current = p.Step; {
			case p.Phase == plan.PhaseChecking && p.Step != last:
				last = p.Step
				meddle(p.Step, false)
			case p.Phase == plan.PhaseConfirming && p.Run.Steps[p.Step].State == model.StepRunning:
				meddle(p.Step, true)
				list = slices.DeleteFunc(list, func(m meddling) bool { return m.at == p.Step && m.sent })
			}
		}
		run := b.run(planned, o)
		for _, s := range run.Steps {
			if s.State == model.StepSkipped {
				skipped++
			}
		}
		if diff := cmp.Diff(printed(run), b.writes()); diff != "" {
			t.Errorf("what was sent is not what was not skipped (-want +got):\n%s%s\n%s", diff, details(run),
				strings.Join(log, "\n"))
		}
	})
	if !testing.Short() && (sent == 0 || skipped == 0) { // a short run is one world
		t.Errorf("%d steps were sent and %d skipped: this shows nothing", sent, skipped)
	}
	t.Logf("%d sent, %d skipped", sent, skipped)
}
