package repair_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/sync/load"
	"github.com/scimdrift/scimdrift/sync/onelogin"
	"github.com/scimdrift/scimdrift/sync/repair"
	"github.com/scimdrift/scimdrift/sync/scim"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/fault"
	simonelogin "github.com/scimdrift/scimdrift/sync/sim/onelogin"
	simscim "github.com/scimdrift/scimdrift/sync/sim/scim"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
	"github.com/scimdrift/scimdrift/sync/transport"
)

const print1 = "0123456789abcdef0123456789abcdef"

// trial is a test, or one case of a property.
type trial interface {
	rapid.TB
	Context() context.Context
	Cleanup(f func())
}

// bed is a tenant served over HTTP, whose provisioner stands still, and a repairer with the real adapters and loader.
type bed struct {
	t        trial
	tenant   *tenants.Tenant
	server   *sim.Server
	loader   *load.Loader
	repairer *repair.Repairer
	opts     repair.Options
	// slept are the waits of the repairer, none of which is real.
	slept []time.Duration
	// now is what is added to the clock.
	ahead time.Duration
	// learnt is what the last complete read was like, and remembered what the process that starts next knows of earlier
	// ones.
	learnt     model.Baseline
	remembered *model.Baseline
}

// lay serves a tenant and reads it.
func lay(t *testing.T, scenario string, change ...func(*repair.Options)) *bed {
	t.Helper()
	tenant, err := tenants.Build(tenants.Options{Scenario: scenario, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, tenant, change...)
}

func serve(t trial, tenant *tenants.Tenant, change ...func(*repair.Options)) *bed {
	t.Helper()
	b := &bed{t: t, tenant: tenant}
	knobs := simscim.Current().Unlimited()
	server, err := sim.Start(t.Context(), sim.Options{
		World: tenant.World, AppID: tenant.AppID, Manual: true,
		OneLogin: simonelogin.Knobs{HourlyLimit: -1}, SCIM: &knobs,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.server = server
	t.Cleanup(func() { _ = server.Close() })
	c := tenant.World.Source.Credentials[0]
	quick := transport.Options{Backoff: time.Millisecond, MaxBackoff: time.Millisecond}
	source, err := onelogin.New(onelogin.Options{
		URL: server.URL(), ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppID: tenant.AppID, RateShare: 1,
		NudgeAttribute: tenants.NudgeAttribute, WithRules: true, HTTP: transport.Options{
			Backoff:    time.Millisecond,
			MaxBackoff: time.Millisecond,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(source.Close)
	base := server.URL() + "/" + tenant.World.Target.TenantID + "/scim/v2"
	client, err := scim.New(scim.Options{
		URL: base, Token: tenant.World.Target.Tokens[0].Value, RateShare: scim.Unlimited, HTTP: quick,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	groups := rules.GroupsConfig{From: "roles", Roles: regexp.MustCompile(tenants.RolesPattern)}
	b.opts = repair.Options{
		Connection: "sim", Fingerprint: print1, Source: source, Target: client,
		Guard: model.Guard{MaxDeletes: 1000, MaxRemovals: 1000, MaxGrants: 1000, MaxPercent: 100}, Groups: groups,
		Who: "ana", Host: "bastion", Version: "test", Now: b.clock,
		Sleep: func(ctx context.Context, d time.Duration) error {
			b.slept = append(b.slept, d)
			return ctx.Err()
		},
	}
	for _, f := range change {
		f(&b.opts)
	}
	if b.opts.Journal == nil {
		b.opts.Journal = journal.Open(state.OS(), folder(t), b.clock)
	}
	b.start()
	return b
}

func folder(t trial) string {
	t.Helper()
	name, err := os.MkdirTemp("", "scimdrift-repair-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(name) })
	return name
}

// start is what a process does first: it has a repairer of its own, which knows nothing but the journal, and reads both
// sides.
func (b *bed) start() {
	b.t.Helper()
	b.begin()
	b.read()
}

// begin is a process that has read nothing yet.
func (b *bed) begin() {
	b.loader = load.New(b.opts.Source.(load.Source), b.opts.Target.(load.Target), load.Options{
		Options:    drift.Options{Groups: b.opts.Groups, Fields: model.FieldSetOf(model.Fields()...), Nudge: true},
		TargetKind: scim.AWS, Window: 14 * 24 * time.Hour, Now: b.clock,
		Remembered: b.remembered, Remember: func(learnt model.Baseline) { b.learnt = learnt },
	})
	b.opts.Reader = b.loader
	b.repairer = repair.New(b.opts)
}

func (b *bed) clock() time.Time { return time.Now().Add(b.ahead) }

func (b *bed) read() *drift.Comparison {
	b.t.Helper()
	c, err := b.loader.Read(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// picks chooses every finding of a kind that offers the repair, as somebody does who names each.
func (b *bed) picks(kind model.Kind, name model.RepairName) (picks []model.Pick) {
	for _, f := range b.loader.Last().Findings {
		for _, o := range f.Repairs {
			if f.Kind == kind && o.Repair == name && o.Channel == model.Direct {
				picks = append(picks, model.Pick{Finding: f.ID, Option: o, Named: true})
			}
		}
	}
	return picks
}

// overridable is what an operator could allow who has thought about it.
func overridable() []model.GuardRule {
	return []model.GuardRule{
		model.RuleNotCertain, model.RuleStillYielded, model.RuleMaxPercent, model.RuleNoBackup,
		model.RuleUnclaimed,
	}
}

func (b *bed) plan(kind model.Kind, name model.RepairName, n int) *model.Plan {
	b.t.Helper()
	picks := b.picks(kind, name)
	if len(picks) < n {
		b.t.Fatalf("only %d %s offer %s", len(picks), kind, name)
	}
	plan, err := b.repairer.Plan(b.t.Context(), picks[:n], overridable())
	if err != nil {
		b.t.Fatal(err)
	}
	if !plan.Guard.Allowed || len(plan.Steps) == 0 {
		b.t.Fatalf("plan of %d steps, left out %v, guard %+v", len(plan.Steps), plan.LeftOut, plan.Guard)
	}
	return plan
}

// asPlanned overrides what the plan was made with.
func asPlanned(plan *model.Plan, more ...model.GuardRule) repair.RunOptions {
	return repair.RunOptions{Allow: append(plan.Guard.Overrides(), more...)}
}

func (b *bed) run(plan *model.Plan, o repair.RunOptions) model.Run {
	b.t.Helper()
	b.server.SCIM.ResetRequests()
	o.Allow = append(o.Allow, plan.Guard.Overrides()...)
	run, err := b.repairer.Run(b.t.Context(), plan, o)
	if err != nil {
		b.t.Fatal(err)
	}
	return run
}

func (b *bed) fail(f fault.Fault) {
	b.t.Helper()
	if err := b.server.Faults.Add(f); err != nil {
		b.t.Fatal(err)
	}
}

// states are those of a run's steps, in a word each.
func states(run model.Run) string {
	var out []string
	for _, s := range run.Steps {
		out = append(out, string(s.State))
	}
	return strings.Join(out, " ")
}

func (b *bed) wantStates(run model.Run, state model.RunState, want string) {
	b.t.Helper()
	if got := states(run); got != want || run.State != state {
		b.t.Fatalf("run is %s with steps %s, want %s with %s:%s", run.State, got, state, want, details(run))
	}
}

func details(run model.Run) (out string) {
	for i, s := range run.Steps {
		out += fmt.Sprintf("\n%s %s: %s %s", s.ID, run.Plan.Steps[i].Repair, s.State, s.Detail)
	}
	return out
}

// writes are the requests that changed something, as the target saw them.
func (b *bed) writes() (out []string) {
	for _, r := range b.server.SCIM.Requests() {
		if r.Method != "GET" {
			out = append(out, r.Method+" "+strings.TrimPrefix(r.Path,
				"/"+b.tenant.World.Target.TenantID+"/scim/v2")+" "+r.Body)
		}
	}
	return out
}

// requests are those of a plan, each at the place of its step and empty where a step has none, with the ids that its
// run was given.
func requests(run model.Run) []string {
	var with []string
	for _, s := range run.Steps {
		if s.CreatedID != "" {
			with = append(with, "{$id:"+s.ID+"}", s.CreatedID, `{"$id":"`+s.ID+`"}`, `"`+s.CreatedID+`"`)
		}
	}
	ids := strings.NewReplacer(with...)
	out := make([]string, len(run.Plan.Steps))
	for i, s := range run.Plan.Steps {
		if s.Request != nil {
			out[i] = ids.Replace(s.Request.Method + " " + s.Request.Path + " " + string(s.Request.Body))
		}
	}
	return out
}

// printed are the requests of a plan that its run did not skip.
func printed(run model.Run) (out []string) {
	for i, request := range requests(run) {
		if request != "" && run.Steps[i].State != model.StepSkipped {
			out = append(out, request)
		}
	}
	return out
}

func (b *bed) wantTraffic(run model.Run) {
	b.t.Helper()
	if diff := cmp.Diff(printed(run), b.writes()); diff != "" {
		b.t.Errorf("the plan is not what the target saw (-plan +seen):\n%s", diff)
	}
}

// directory is all that the target holds, by names, without what it makes up by itself.
func (b *bed) directory() map[string]string {
	b.tenant.World.Lock()
	defer b.tenant.World.Unlock()
	out := map[string]string{}
	target := &b.tenant.World.Target
	for _, u := range target.Users {
		out["user "+u.UserName] = fmt.Sprint(u.DisplayName, u.GivenName, u.FamilyName, u.Email, u.EmailType,
			u.ExternalID, u.Active, string(u.Rest))
	}
	for _, g := range target.Groups {
		var names []string
		for id := range g.Members {
			names = append(names, target.Users[id].UserName)
		}
		slices.Sort(names)
		out["group "+g.DisplayName] = g.ExternalID + ": " + strings.Join(names, " ")
	}
	return out
}

func (b *bed) wantDirectory(want map[string]string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.directory()); diff != "" {
		b.t.Errorf("the target differs (-want +got):\n%s", diff)
	}
}

func (b *bed) wantUnwritten() {
	b.t.Helper()
	if got := b.writes(); len(got) > 0 {
		b.t.Errorf("something was written: %q", got)
	}
}

// bend changes the world behind everybody's back.
func (b *bed) bend(change func(w *world.World)) {
	b.tenant.World.Lock()
	defer b.tenant.World.Unlock()
	change(b.tenant.World)
}

// findings are the ids of what is wrong by now.
func findings(c *drift.Comparison) map[string]bool {
	out := map[string]bool{}
	for i := range c.Findings {
		out[c.Findings[i].ID] = true
	}
	return out
}

func (b *bed) wantGone(c *drift.Comparison, plan *model.Plan) {
	b.t.Helper()
	left := findings(c)
	for _, s := range plan.Steps {
		for _, id := range s.Findings {
			if left[id] {
				b.t.Errorf("%s is still there, of %v", id, slices.Sorted(maps.Keys(left)))
			}
		}
	}
}
