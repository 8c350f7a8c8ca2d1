package load_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// layByRules serves a scenario and reads it by the app's rules, as the command line does.
func layByRules(t *testing.T, scenario string, users int) *bed {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: scenario, Seed: 7, Users: users})
	if err != nil {
		t.Fatal(err)
	}
	b := lay(t, t, tenant, simscim.Current().Unlimited())
	t.Cleanup(b.close)
	b.source.Close()
	c := tenant.World.Source.Credentials[0]
	if b.source, err = onelogin.New(onelogin.Options{
		URL: b.server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
		WithRules: true,
	}); err != nil {
		t.Fatal(err)
	}
	b.loader = load.New(b.source, b.target, load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: "auto"},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: time.Now,
	})
	return b
}

// paired picks a user who is active, assigned and at the target, and his two records.
func paired(t *testing.T, c *drift.Comparison) (source, target *model.User) {
	t.Helper()
	for s := range c.Source.Users {
		if u, at := &c.Source.Users[s], c.Users.ToTarget[s]; u.Assigned && u.Active && at != model.None &&
			c.Target.Users[at].Active {
			return u, &c.Target.Users[at]
		}
	}
	t.Fatal("nobody is paired")
	return nil, nil
}

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// change bends the source while nothing reads it.
func (b *bed) change(with func(src *world.Source)) {
	b.tenant.World.Lock()
	defer b.tenant.World.Unlock()
	with(&b.tenant.World.Source)
	b.tenant.World.Source.Changes++
}

// takeApp leaves a user without the app, as he is when OneLogin has done all that follows from it.
func (b *bed) takeApp(src *world.Source, user int64) {
	delete(src.Apps[b.tenant.AppID].Direct, user)
	for _, r := range src.Roles {
		if r.Apps[b.tenant.AppID] {
			delete(r.Users, user)
		}
	}
	delete(src.Logins, world.LoginKey{App: b.tenant.AppID, User: user})
}

func found(c *drift.Comparison, kind model.Kind, name string) bool {
	return slices.ContainsFunc(c.Findings,
		func(f model.Finding) bool { return f.Kind == kind && model.SameName(f.Subject.Name, name) })
}

// Whatever changed at the source since the load is seen when it is re-read for a user of a plan.
func TestRecheckSeesAUserChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(b *bed, src *world.Source, id int64)
		want   model.Kind
	}{
		"suspended":  {func(_ *bed, src *world.Source, id int64) { src.Users[id].Status = 2 }, model.UserStillActive},
		"unassigned": {func(b *bed, src *world.Source, id int64) { b.takeApp(src, id) }, model.UserLingering},
		"deleted":    {func(_ *bed, src *world.Source, id int64) { delete(src.Users, id) }, model.UserLingering},
		"renamed": {
			func(_ *bed, src *world.Source, id int64) { src.Users[id].Email = "new.name@corp.example" },
			model.UserRenamed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := layByRules(t, "clean", 600)
			before := b.load(t, t)
			source, target := paired(t, before)
			b.change(func(src *world.Source) { c.change(b, src, number(source.ID)) })
			for how, q := range map[string]model.Question{
				"by id":                  {SourceUsers: []string{source.ID}},
				"by the target's record": {Strangers: true},
			} {
				got := recheck(t, b.loader, q, &plan.Observation{Users: map[string]*model.User{target.ID: target}})
				if !slices.ContainsFunc(got.Findings,
					func(f model.Finding) bool { return f.Subject.TargetID == target.ID && f.Kind == c.want }) {
					t.Errorf("%s: no %s of %s among %q", how, c.want, target.UserName, kinds(got))
				}
				b.load(t, t)
			}
		})
	}
}

// While a removal waits, the user's own apps still show the app and nothing else does. Nothing is granted to them on
// the strength of that, and nothing is taken.
func TestRecheckOfARemovalThatWaits(t *testing.T) {
	t.Parallel()
	b := layByRules(t, "clean", 600)
	before := b.load(t, t)
	source, target := paired(t, before)
	key := world.LoginKey{App: b.tenant.AppID, User: number(source.ID)}
	b.change(func(src *world.Source) {
		login := src.Logins[key]
		b.takeApp(src, key.User)
		src.Logins[key] = login
	})
	look := saw(&plan.Observation{Users: map[string]*model.User{target.ID: target}})
	_, err := b.loader.Recheck(t.Context(), model.Question{SourceUsers: []string{source.ID}, Entitled: true}, look)
	if err == nil || !strings.Contains(err.Error(), "disagree") || b.loader.Last() != before {
		t.Errorf("got %v", err)
	}
	c, err := b.loader.Recheck(t.Context(), model.Question{Strangers: true}, look)
	if err != nil || found(c, model.UserLingering, target.UserName) {
		t.Errorf("got %v, and %q", err, kinds(c))
	}
}

// A record that lingers is somebody's again: whoever it may mean is looked for, whether the last reading knew him or
// not.
func TestRecheckFindsStrangers(t *testing.T) {
	t.Parallel()
	for name, arrive := range map[string]func(b *bed, src *world.Source, gone *world.User){
		"with the same id": func(_ *bed, src *world.Source, gone *world.User) { src.Users[gone.ID] = gone },
		"with the same e-mail": func(_ *bed, src *world.Source,
			gone *world.User,
		) {
			u := *gone
			u.ID = 990001
			src.Users[u.ID] = &u
		},
		"with the same external id": func(_ *bed, src *world.Source, gone *world.User) {
			u := *gone
			u.ID, u.ExternalID, u.Username = 990001, cmp.Or(gone.ExternalID, strconv.FormatInt(gone.ID, 10)), "somebody"
			src.Users[u.ID] = &u
		},
		"with another case": func(_ *bed, src *world.Source, gone *world.User) {
			u := *gone
			u.ID, u.Email = 990001, strings.ToUpper(gone.Email)
			src.Users[u.ID] = &u
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := layByRules(t, "clean", 600)
			source, target := paired(t, b.load(t, t))
			var gone *world.User
			b.change(func(src *world.Source) {
				gone = src.Users[number(source.ID)]
				b.takeApp(src, gone.ID)
				delete(src.Users, gone.ID)
			})
			if c := b.load(t, t); !found(c, model.UserLingering, target.UserName) {
				t.Fatalf("%s does not linger: %q", target.UserName, kinds(c))
			}
			b.change(func(src *world.Source) {
				before := len(src.Users)
				arrive(b, src, gone)
				for id := range src.Users {
					if src.Users[id].Email != "" && strings.EqualFold(src.Users[id].Email, gone.Email) {
						src.Apps[b.tenant.AppID].Direct[id] = true
					}
				}
				if len(src.Users) == before {
					t.Error("nobody came")
				}
			})
			c := recheck(t, b.loader, model.Question{Strangers: true},
				&plan.Observation{Users: map[string]*model.User{target.ID: target}})
			if found(c, model.UserLingering, target.UserName) {
				t.Errorf("%s still lingers, though somebody has the app again: %q", target.UserName, kinds(c))
			}
		})
	}
}

// lingeringGroup is the name of the first group that lingers.
func lingeringGroup(t *testing.T, c *drift.Comparison) string {
	t.Helper()
	for i := range c.Findings {
		if c.Findings[i].Kind == model.GroupLingering {
			return c.Findings[i].Subject.Name
		}
	}
	t.Fatal("no group lingers")
	return ""
}

// What would yield the group again is seen, even right after a refresh that left the adapter with what it had just
// read.
func TestRecheckSeesTheGroupingChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(b *bed, src *world.Source, group string, user int64){
		"role made again": func(b *bed, src *world.Source, group string, user int64) {
			src.Roles[990001] = &world.Role{
				ID: 990001, Name: group, Users: map[int64]bool{user: true},
				Apps: map[int64]bool{b.tenant.AppID: true},
			}
		},
		"rule added": func(b *bed, src *world.Source, group string, _ int64) {
			app := src.Apps[b.tenant.AppID]
			app.Rules = append(app.Rules, world.Rule{
				ID: 990001, Name: "more", Match: "all", Enabled: true, Position: 9,
				Actions: []world.Action{{Action: "set_groups", Value: []string{group}}},
			})
		},
		"rule added and disabled": func(b *bed, src *world.Source, group string, _ int64) {
			app := src.Apps[b.tenant.AppID]
			app.Rules = append(app.Rules, world.Rule{
				ID: 990001, Name: "more", Match: "all", Position: 9,
				Actions: []world.Action{{Action: "set_groups", Value: []string{group}}},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := layByRules(t, "lingering-groups", 0)
			c := b.load(t, t)
			source, _ := paired(t, c)
			group := lingeringGroup(t, c)
			at := slices.IndexFunc(c.Findings, func(f model.Finding) bool { return f.Subject.Name == group })
			if _, err := b.loader.Refresh(t.Context(), c.Findings[at].Subject); err != nil {
				t.Fatal(err)
			}
			b.change(func(src *world.Source) { change(b, src, group, number(source.ID)) })
			_, err := b.loader.Recheck(t.Context(), model.Question{Grouping: true}, saw(nil))
			if err == nil || !strings.Contains(err.Error(), "since both sides were read") {
				t.Errorf("got %v", err)
			}
			c, full, err := b.loader.Renew(t.Context(), "")
			if err != nil || full == "" || found(c, model.GroupLingering, group) {
				t.Errorf("a run gets %v, reads in full because of %q, and %s may still linger", err, full, group)
			}
		})
	}
}

func TestRecheckSeesTheAppChange(t *testing.T) {
	t.Parallel()
	b := layByRules(t, "clean", 600)
	if b.load(t, t).Source.App.Provisioning != model.Yes {
		t.Fatal("provisioning is off at the start")
	}
	b.change(func(src *world.Source) { src.Apps[b.tenant.AppID].ProvisioningEnabled = false })
	if got := recheck(t, b.loader, model.Question{Grouping: true}, nil).Source.App.Provisioning; got != model.No {
		t.Errorf("provisioning is %v, want it off", got)
	}
}

// A service in trouble never gives a smaller world: nothing is patched, and the error says what could not be read.
func TestRecheckOfAServiceInTrouble(t *testing.T) {
	t.Parallel()
	b := layByRules(t, "clean", 600)
	before := b.load(t, t)
	source, target := paired(t, before)
	for _, f := range []fault.Fault{
		{Path: "/api/2/roles", Kind: fault.Empty},
		{Path: "/api/2/roles", Kind: fault.Forbidden},
		{Path: "/api/2/roles", Kind: fault.Truncate},
		{Path: "/rules", Kind: fault.Empty},
		{Path: "/rules", Kind: fault.Forbidden},
		{Path: "/api/2/apps/[0-9]+$", Kind: fault.Answer, Body: "{}"},
		{Path: "/api/2/apps/[0-9]+$", Kind: fault.Forbidden},
		{Path: "/api/2/users/[0-9]+$", Kind: fault.Forbidden},
		{Path: "/api/2/users/[0-9]+$", Kind: fault.Answer, Status: 404, Body: "{}"},
		{Path: "/api/2/users/[0-9]+/apps", Kind: fault.Forbidden},
		{Path: "/api/2/users.email=", Kind: fault.Forbidden},
		{Path: "/api/2/(users|apps/[0-9]+/users)", Kind: fault.Empty},
	} {
		f.Service = fault.OneLogin
		if err := b.server.Faults.Add(f); err != nil {
			t.Fatal(err)
		}
		q := model.Question{SourceUsers: []string{source.ID}, Strangers: true}
		if strings.Contains(f.Path, "roles") || strings.Contains(f.Path, "rules") || strings.HasSuffix(f.Path, "$") &&
			strings.Contains(f.Path, "apps") {
			q = model.Question{Grouping: true}
		}
		if f.Status == 404 { // else he is found by his e-mail
			q.Strangers = false
		}
		c, err := b.loader.Recheck(t.Context(), q,
			saw(&plan.Observation{Users: map[string]*model.User{target.ID: target}}))
		if c != nil || err == nil || b.loader.Last() != before {
			t.Errorf("%s of %s: error %v, patched %v", f.Kind, f.Path, err, b.loader.Last() != before)
		} else {
			t.Logf("%s of %s: %v", f.Kind, f.Path, err)
		}
		b.server.Faults.Clear()
	}
	if c := recheck(t, b.loader, model.Question{SourceUsers: []string{source.ID}, Strangers: true, Grouping: true},
		nil); len(c.Findings) != len(before.Findings) {
		t.Errorf("when it is well again: %q", kinds(c))
	}
}
