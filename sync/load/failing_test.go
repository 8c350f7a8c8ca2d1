package load_test

import (
	"fmt"
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
	"github.com/scimdrift/scimdrift/sync/transport"
	"github.com/scimdrift/scimdrift/sync/transport/transporttest"
)

// layRoles serves a tenant of so many roles, each with its group, whose users OneLogin tells only role by role, to
// adapters that wait as they do for an operator, on a clock; nil is the real one. More users than roles have the target
// read by group.
func layRoles(tb testing.TB, roles int, clock transport.Clock) *bed {
	tb.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: "clean", Users: 2*roles + 50, Groups: roles, Seed: 3})
	if err != nil {
		tb.Fatal(err)
	}
	b := &bed{tenant: tenant}
	knobs := simscim.Current().Unlimited()
	if b.server, err = sim.Start(tb.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true,
		OneLogin: simonelogin.Knobs{HourlyLimit: -1, IgnoreRoleFields: true}, SCIM: &knobs,
	}); err != nil {
		tb.Fatal(err)
	}
	c := tenant.World.Source.Credentials[0]
	if b.source, err = onelogin.New(onelogin.Options{
		URL: b.server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
		HTTP: transport.Options{Clock: clock},
	}); err != nil {
		tb.Fatal(err)
	}
	if b.target, err = scim.New(scim.Options{
		URL:       b.server.URL() + "/" + tenant.World.Target.TenantID + "/scim/v2",
		Token:     tenant.World.Target.Tokens[0].Value,
		RateShare: scim.Unlimited, HTTP: transport.Options{Clock: clock},
	}); err != nil {
		tb.Fatal(err)
	}
	b.loader = load.New(b.source, b.target, load.Options{
		Options: drift.Options{
			Groups: rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)},
			Fields: model.FieldSetOf(model.Fields()...),
		},
		TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: time.Now,
	})
	tb.Cleanup(b.close)
	return b
}

func (b *bed) fail(tb testing.TB, f fault.Fault) {
	tb.Helper()
	if err := b.server.Faults.Add(f); err != nil {
		tb.Fatal(err)
	}
}

const (
	usersOfRoles    = `/api/2/roles/\d+/users`
	membersOfGroups = `groups\.value`
)

var howOften = regexp.MustCompile(
	`^the (?:users|members) of (\d+) of (\d+) (?:granting roles were not read in full|groups are not known): `)

// The budget of the design: a part that answers nothing but failures is given up within 30 s, at 10 roles and at many
// more. All else is read in full, and the reason says what failed and how often.
func TestAFailingPartIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, roles := range []int{10, 1000} {
		for service, path := range map[string]string{fault.OneLogin: usersOfRoles, fault.SCIM: membersOfGroups} {
			t.Run(fmt.Sprint(service, " ", roles), func(t *testing.T) {
				t.Parallel()
				clock := transporttest.NewClock(time.Now())
				b := layRoles(t, roles, clock)
				b.fail(t, fault.Fault{Service: service, Path: path, Kind: fault.ServerError})
				begun := clock.Now()
				c := b.load(t, t)
				if took := clock.Now().Sub(begun); took > 30*time.Second {
					t.Errorf("the load took %s", took)
				}
				failed, at := &c.Source.Coverage, &c.Target.Coverage
				if service == fault.SCIM {
					failed, at = at, failed
				}
				why := failed[model.PartMemberships]
				failed[model.PartMemberships] = model.CompleteCoverage()
				if !failed.Complete(model.TargetParts()) || !at.Complete(model.TargetParts()) {
					t.Errorf("other parts suffer: source %v, target %v", c.Source.Coverage, c.Target.Coverage)
				}
				how := howOften.FindStringSubmatch(why.Reason)
				if why.Complete() || how == nil || how[1] != how[2] || !strings.Contains(why.Reason, "500") {
					t.Errorf("%q does not say what failed and how often", why)
				}
				if roles > 10 && !strings.Contains(why.Reason, ": given up after ") {
					t.Errorf("%q does not say that it was given up", why)
				}
			})
		}
	}
}

// Users and roles are read behind the rules: rules that fail hold them up for a part of that budget, and cost nothing
// else.
func TestFailingRulesHoldNobodyUpForLong(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.ServerError, fault.Throttle, fault.Reset} {
		clock := transporttest.NewClock(time.Now())
		b := layRoles(t, 10, clock)
		b.fail(t, fault.Fault{Service: fault.OneLogin, Path: "/rules", Kind: kind})
		begun := clock.Now()
		c := b.load(t, t)
		if took := clock.Now().Sub(begun); took > 30*time.Second {
			t.Errorf("%s: the load took %s", kind, took)
		}
		for _, part := range model.TargetParts() {
			wantState(t, c, model.SourceSide, part, model.Complete)
		}
		wantState(t, c, model.SourceSide, model.PartRules, model.Unknown)
	}
}

// A service of which every second answer is a failure for some seconds is read in full.
func TestAPartThatRecoversIsReadInFull(t *testing.T) {
	t.Parallel()
	for service, path := range map[string]string{fault.OneLogin: usersOfRoles, fault.SCIM: membersOfGroups} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			b := layRoles(t, 40, transporttest.NewClock(time.Now()))
			b.fail(t, fault.Fault{Service: service, Path: path, Kind: fault.BadGateway, Times: 4})
			if c := b.load(t, t); !complete(c) {
				t.Errorf("not complete:\nsource %v\ntarget %v", c.Source.Coverage, c.Target.Coverage)
			}
		})
	}
}

// BenchmarkFailingPart loads a tenant of which the users of every role are answered with 500. The seconds are real
// ones.
func BenchmarkFailingPart(b *testing.B) {
	for _, roles := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("roles=%d", roles), func(b *testing.B) {
			laid := layRoles(b, roles, nil)
			laid.fail(b, fault.Fault{Service: fault.OneLogin, Path: usersOfRoles, Kind: fault.ServerError})
			for b.Loop() {
				laid.server.OneLogin.ResetRequests()
				if _, err := laid.loader.Load(b.Context(), drift.Watch{}); err != nil {
					b.Fatal(err)
				}
				failed := laid.server.Faults.List()[0].Hits
				b.ReportMetric(float64(failed), "failing-requests")
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/load")
		})
	}
}

// A group whose one answer is empty by mistake is asked for again, because somebody is expected in it.
func TestOneEmptyAnswerForAGroupIsNoDrift(t *testing.T) {
	t.Parallel()
	b := layByRules(t, "clean", 600)
	before := kinds(b.load(t, t))
	for after := range 6 {
		b.fail(t, fault.Fault{
			Service: fault.SCIM, Path: membersOfGroups, Kind: fault.Empty, After: after, Times: 1,
		})
		if got := kinds(b.load(t, t)); !slices.Equal(got, before) {
			t.Errorf("after %d: %q, want %q", after, got, before)
		}
		b.server.Faults.Clear()
	}
}
