package load_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/transport"
)

// faulty is one row of the table "a bad read is never drift": how the services misbehave, and which parts may then
// not be called complete. With no part named, the load must recover and give exactly the right findings.
type faulty struct {
	name  string
	fault fault.Fault
	knobs func(k *simonelogin.Knobs)
	// scim replaces today's habits of AWS.
	scim  *simscim.Knobs
	world func(w *world.World)
	// secret and token are wrong ones.
	secret, token string
	// lost are parts as "source.users"; each must not be complete.
	lost []string
	// may is set where both recovering and admitting are right.
	may bool
}

const (
	usersPath  = `^/[^/]+/scim/v2/Users`
	groupsPath = `^/[^/]+/scim/v2/Groups`
)

func faults() []faulty {
	onelogin := func(path string, kind fault.Kind, times int) fault.Fault {
		return fault.Fault{Service: fault.OneLogin, Path: path, Kind: kind, Times: times}
	}
	target := func(path string, kind fault.Kind, times int) fault.Fault {
		return fault.Fault{Service: fault.SCIM, Path: path, Kind: kind, Times: times}
	}
	page := func(p fault.Paging) func(*simonelogin.Knobs) {
		return func(k *simonelogin.Knobs) { k.Paging = []fault.Paging{p} }
	}
	paging := func(p fault.Paging) *simscim.Knobs {
		k := simscim.Current().Unlimited()
		k.Paging = []fault.Paging{p}
		return &k
	}
	answer := func(path string, status int) fault.Fault {
		return fault.Fault{
			Service: fault.OneLogin, Path: path, Kind: fault.Answer, Status: status,
			Body: fmt.Sprintf(`{"statusCode":%d,"message":"no"}`, status),
		}
	}
	retry := func(f fault.Fault) fault.Fault { f.RetryAfter = 1; return f }
	elsewhere := func(f fault.Fault) fault.Fault { f.Location = "http://198.51.100.7/elsewhere"; return f }
	legacy := simscim.Legacy().Unlimited()
	users := []string{"source.users"}
	return []faulty{
		{name: "nothing"},
		{name: "OneLogin 429 with Retry-After", fault: retry(onelogin("/api/2/users", fault.Throttle, 1))},
		{name: "OneLogin 429 without Retry-After", fault: onelogin("/api/2/roles", fault.Throttle, 2)},
		{name: "OneLogin 400 rate_limit_exceeded", fault: onelogin("/api/2/apps", fault.ThrottleAs400, 2)},
		{name: "SCIM 429 with Retry-After", fault: retry(target(usersPath, fault.Throttle, 1))},
		{name: "SCIM 429 without Retry-After", fault: target(groupsPath, fault.Throttle, 2)},
		{
			name: "SCIM 429 for ever on users", fault: target(usersPath+`\?(cursor|startIndex)`, fault.Throttle, 0),
			lost: []string{"target.users"},
		},
		{name: "OneLogin 500 once", fault: onelogin("/api/2/users", fault.ServerError, 1)},
		{name: "OneLogin 500 for ever on users", fault: onelogin(`/api/2/users\?`, fault.ServerError, 0), lost: users},
		{name: "OneLogin HTML 502", fault: after(1, onelogin("", fault.BadGateway, 2))},
		{name: "SCIM HTML 502", fault: target("", fault.BadGateway, 2)},
		{name: "reset before the answer", fault: after(3, target("", fault.Reset, 2))},
		{name: "OneLogin reset in the body", fault: onelogin("/api/2/users", fault.ResetInBody, 1)},
		{name: "SCIM reset in the body", fault: target(usersPath, fault.ResetInBody, 1)},
		{name: "OneLogin truncated JSON", fault: onelogin("/api/2/roles", fault.Truncate, 1)},
		{name: "SCIM truncated JSON", fault: target(groupsPath, fault.Truncate, 1)},
		{
			name: "SCIM truncated JSON for ever", fault: target(groupsPath, fault.Truncate, 0),
			lost: []string{"target.groups"},
		},
		{
			name: "one group's members cannot be read", fault: after(3, target(`groups\.value`, fault.Forbidden, 0)),
			lost: []string{"target.memberships"},
		},
		{name: "rules are forbidden", fault: onelogin("/rules", fault.Forbidden, 0), lost: []string{"source.rules"}},
		{
			name: "events are forbidden", fault: onelogin("/api/1/events", fault.Forbidden, 0),
			lost: []string{"source.events"},
		},
		{
			name: "events want another login", fault: answer("/api/1/events", http.StatusUnauthorized),
			lost: []string{"source.events"},
		},
		{
			name: "events are nowhere", fault: answer("/api/1/events", http.StatusNotFound),
			lost: []string{"source.events"},
		},
		{
			name: "OneLogin 429 on events that asks for an hour", fault: fault.Fault{
				Service: fault.OneLogin, Path: "/api/1/events", Kind: fault.Throttle, RetryAfter: 3600,
			},
			lost: []string{"source.events"},
		},
		{
			name: "app is forbidden", fault: onelogin(`/api/2/apps/\d+$`, fault.Forbidden, 0),
			lost: []string{"source.users", "source.groups"},
		},
		{name: "OneLogin empty page with a next cursor", knobs: page(fault.Paging{List: "users", Sizes: []int{20, 0}})},
		{name: "OneLogin short pages", knobs: page(fault.Paging{Sizes: []int{25}})},
		{name: "OneLogin duplicates", knobs: page(fault.Paging{Duplicates: 1}), may: true, lost: users},
		{name: "OneLogin totals change", knobs: page(fault.Paging{List: "users", Total: true}), may: true, lost: users},
		{name: "OneLogin repeated cursor", knobs: page(fault.Paging{List: "users", LoopAt: 1}), may: true, lost: users},
		{
			name: "OneLogin row vanishes from users", knobs: page(fault.Paging{List: "users", Vanish: true}), may: true,
			lost: users,
		},
		{
			name: "OneLogin row vanishes from the roll", knobs: page(fault.Paging{List: "app_users", Vanish: true}),
			may: true, lost: users,
		},
		{name: "OneLogin users truncated", knobs: page(fault.Paging{List: "users", EndAt: 2}), may: true, lost: users},
		{name: "app users suddenly empty", knobs: page(fault.Paging{List: "app_users", Empty: true}), lost: users},
		{name: "users suddenly empty", knobs: page(fault.Paging{List: "users", Empty: true}), may: true, lost: users},
		{
			name: "roles suddenly empty", knobs: page(fault.Paging{List: "roles", Empty: true}),
			lost: []string{"source.groups", "source.memberships"},
		},
		{name: "role fields ignored", knobs: func(k *simonelogin.Knobs) { k.IgnoreRoleFields = true }},
		{name: "null cursors as strings", knobs: func(k *simonelogin.Knobs) {
			k.NullCursorString, k.UsersPageMax = true, 100
		}},
		{name: "SCIM short and empty pages", scim: paging(fault.Paging{Sizes: []int{7, 0, 100, 1}})},
		{
			name: "SCIM repeated cursor", scim: paging(fault.Paging{Sizes: []int{20}, LoopAt: 2}),
			lost: []string{"target.users"},
		},
		{name: "SCIM duplicates", scim: paging(fault.Paging{Sizes: []int{40}, Duplicates: 3})},
		{
			name: "SCIM row vanishes", scim: paging(fault.Paging{List: "users", Sizes: []int{40}, Vanish: true}),
			may: true, lost: []string{"target.users"},
		},
		{
			name: "legacy AWS with more rows than a page", scim: &legacy,
			lost: []string{"target.users", "target.memberships"},
		},
		{name: "SCIM token expires mid-walk", fault: fault.Fault{
			Service: fault.SCIM, After: 6, Kind: fault.Answer, Status: http.StatusUnauthorized,
			Body: `{"message":"expired"}`,
		}, lost: []string{"target.memberships"}},
		{name: "OneLogin refuses a token that it gives out again", fault: fault.Fault{
			Service: fault.OneLogin, Path: `/apps/\d+/users`, Kind: fault.Answer, Status: http.StatusUnauthorized,
			Body: `{"statusCode":401,"name":"UnauthorizedError","message":"Unauthorized"}`,
		}, lost: users},
		{
			name: "wrong OneLogin secret", secret: "wrong",
			lost: []string{"source.users", "source.groups", "source.rules", "source.events"},
		},
		{
			name: "wrong SCIM token", token: "wrong",
			lost: []string{"target.users", "target.groups", "target.memberships"},
		},
		{name: "both wrong", secret: "wrong", token: "wrong", lost: []string{"source.users", "target.users"}},
		{
			name: "redirect to another host", fault: elsewhere(target(usersPath, fault.Redirect, 0)),
			lost: []string{"target.users"},
		},
		{
			name: "OneLogin redirects to another host", fault: elsewhere(onelogin("/api/2/roles", fault.Redirect, 0)),
			lost: []string{"source.groups"},
		},
		{
			name: "Read All credential", world: func(w *world.World) { w.Source.Credentials[0].Scope = "read_all" },
			lost: []string{"source.rules"},
		},
		{name: "a status that nobody documents", world: func(w *world.World) {
			for _, u := range w.Source.Users {
				if u.Status == 2 { // taken for active, they would be unsynced or inactive
					u.Status = 99
				}
			}
		}, lost: users},
		{name: "a state that nobody documents", world: func(w *world.World) {
			for id, u := range w.Source.Users {
				if id%7 == 0 { // taken for unlicensed, they would be still active
					u.State = 9
				}
			}
		}, lost: users},
		{
			name:  "credential's owner deleted",
			world: func(w *world.World) { w.Source.Credentials[0].OwnerDeleted = true },
			lost:  users,
		},
	}
}

// genericFaults are the rows that a target of the generic dialect can have. The habits of AWS's own paging are none
// of its; members are read with the list of groups.
func genericFaults() (table []faulty) {
	for _, f := range faults() {
		switch f.name {
		case "one group's members cannot be read":
			f.name, f.lost = "groups are forbidden", []string{"target.groups", "target.memberships"}
			f.fault.Path, f.fault.After = groupsPath, 0
		case "SCIM token expires mid-walk":
			f.fault.After, f.lost = 3, []string{"target.users"}
		}
		if f.scim == nil {
			table = append(table, f)
		}
	}
	broken := func(path string) fault.Fault {
		return fault.Fault{Service: fault.SCIM, Path: path, Kind: fault.ServerError}
	}
	return append(table,
		faulty{
			name: "later pages are lost", fault: broken(usersPath + `\?startIndex=(26|51|76|101|126)`),
			lost: []string{"target.users"},
		},
		// What the discovery document says is not needed to read.
		faulty{name: "the discovery document fails", fault: broken(`ServiceProviderConfig`)},
		// The usual endpoints might hold others.
		faulty{
			name: "where the records are cannot be read", fault: broken(`ResourceTypes`),
			lost: []string{"target.users", "target.groups", "target.memberships"},
		},
		faulty{name: "an empty list where a page was", may: true, lost: []string{"target.users"}, fault: fault.Fault{
			Service: fault.SCIM, Path: usersPath + `\?startIndex=51`, Kind: fault.Answer, Status: http.StatusOK,
			Body: `{"totalResults":0,"Resources":[]}`,
		}},
	)
}

// serveFaulty serves a tenant whose users fill more than one page of either side, as the row wants it.
func serveFaulty(t *testing.T, f *faulty) (*tenants.Tenant, *sim.Server) {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Users: 130, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if f.world != nil {
		f.world(tenant.World)
	}
	knobs := simscim.Current().Unlimited()
	if f.scim != nil {
		knobs = *f.scim
	}
	s, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true,
		OneLogin: simonelogin.Knobs{HourlyLimit: -1}, SCIM: &knobs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if f.knobs != nil {
		s.OneLogin.SetKnobs(f.knobs)
	}
	if f.fault.Kind != "" {
		if err := s.Faults.Add(f.fault); err != nil {
			t.Fatal(err)
		}
	}
	return tenant, s
}

// layFaulty makes a loader that reads a served tenant, its target at another address if one is given.
func layFaulty(t *testing.T, f *faulty, tenant *tenants.Tenant, s *sim.Server, target, dialect string) *bed {
	t.Helper()
	c := tenant.World.Source.Credentials[0]
	if f.secret != "" {
		c.ClientSecret = f.secret
	}
	token := cmp.Or(f.token, tenant.World.Target.Tokens[0].Value)
	b := &bed{tenant: tenant, server: s}
	var err error
	if b.source, err = onelogin.New(onelogin.Options{
		URL: s.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
		HTTP: transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.source.Close)
	if b.target, err = scim.New(scim.Options{
		URL: target + "/" + tenant.World.Target.TenantID + "/scim/v2", Token: token, Dialect: dialect,
		RateShare: scim.Unlimited, HTTP: transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.target.Close)
	b.loader = load.New(b.source, b.target, faultyOptions(dialect))
	return b
}

func faultyOptions(dialect string) load.Options {
	return load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		TargetKind: dialect, Window: 14 * 24 * time.Hour, Now: time.Now,
	}
}

// judge holds a load against the truth. What is lost is admitted, and nothing is found that is not so.
func (f *faulty) judge(t *testing.T, c *drift.Comparison, truth tenants.Truth) {
	t.Helper()
	if len(f.lost) == 0 || f.may && complete(c) {
		for i := range c.Findings { // the fault may also keep a cause from being found
			for j := range truth {
				if g := &c.Findings[i]; f.may && g.Cause == model.CauseUnknown && string(g.Kind) == truth[j].Kind &&
					g.Subject.TargetID == truth[j].TargetID {
					truth[j].Cause = ""
				}
			}
		}
		// it may also keep a direct question from being answered, and then nothing is certain
		wantTruth(t, c, truth, true)
		return
	}
	if complete(c) {
		t.Error("the load calls itself complete")
	}
	for _, lost := range f.lost {
		side, name, _ := strings.Cut(lost, ".")
		coverage, parts := c.Source.Coverage, model.SourceParts()
		if side == "target" {
			coverage, parts = c.Target.Coverage, model.TargetParts()
		}
		at := slices.IndexFunc(parts, func(p model.Part) bool { return p.String() == name })
		if state := coverage[parts[at]].State; state != model.Partial && state != model.Unknown {
			t.Errorf("%s is called %s", lost, coverage[parts[at]])
		}
	}
	wantNothingFalse(t, c, truth)
}

func TestFaultsAreNeverDrift(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant, s := serveFaulty(t, &f)
			f.judge(t, layFaulty(t, &f, tenant, s, s.URL(), scim.AWS).load(t, t), tenant.Truth)
		})
	}
}

// The whole table once more with the lens before the target: what it completes has to be right, and what it cannot
// complete stays admitted.
func TestFaultsWithTheLensAreNeverDrift(t *testing.T) {
	t.Parallel()
	longTable(t)
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant, s := serveFaulty(t, &f)
			b := layFaulty(t, &f, tenant, s, s.URL(), scim.AWS)
			lens, o := lensOn(t, b), faultyOptions(scim.AWS)
			o.AWS = lens
			b.loader = load.New(b.source, load.NewLensed(b.target, lens), o)
			c := b.load(t, t)
			b.wantOpens(t, c)
			f.may = f.may || onlyTarget(f.lost)
			f.judge(t, c, tenant.Truth)
		})
	}
}

// onlyTarget: all that the fault costs is at the target, where the lens may make up for it.
func onlyTarget(lost []string) bool {
	for _, part := range lost {
		if !strings.HasPrefix(part, "target.") {
			return false
		}
	}
	return len(lost) > 0
}

// wantOpens takes the lens's own word out of a comparison: a lingering group is critical only if it opens an account.
func (b *bed) wantOpens(t *testing.T, c *drift.Comparison) {
	t.Helper()
	opens := map[string]bool{}
	for _, a := range b.tenant.World.Target.Assignments {
		opens[a.PrincipalID] = true
	}
	for i := range c.Findings {
		f := &c.Findings[i]
		if f.Kind != model.GroupLingering || f.Severity != model.Critical {
			continue
		}
		if !opens[f.Subject.TargetID] {
			t.Errorf("%s is critical and opens no account", f.Subject.Name)
		}
		f.Severity = model.High
	}
}

// The table for the generic dialect.
func TestFaultsOfAGenericTargetAreNeverDrift(t *testing.T) {
	t.Parallel()
	longTable(t)
	for _, f := range genericFaults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tenant, s := serveFaulty(t, &f)
			generic := &genericTarget{world: tenant.World, page: 25, membersInList: true}
			guarded := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+tenant.World.Target.Tokens[0].Value {
					sendSCIM(rw, http.StatusUnauthorized, scimError("401"))
					return
				}
				generic.ServeHTTP(rw, r)
			})
			front := httptest.NewServer(s.Faults.Wrap(fault.SCIM, guarded))
			t.Cleanup(front.Close)
			for i := range tenant.Truth {
				if is := &tenant.Truth[i]; is.Cause == string(model.CauseMissingAttribute) {
					is.Cause = "" // what AWS requires, others do without
				}
			}
			f.judge(t, layFaulty(t, &f, tenant, s, front.URL, scim.Generic).load(t, t), tenant.Truth)
		})
	}
}
