package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/sync/sim"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/sim/world"
)

// runOnce reads a tenant, and in processes of their own plans and runs one repair of the first finding of a kind. It
// gives what reached both services during the run, the bytes of all that was sent and answered, and how long the run
// took.
func runOnce(
	ctx context.Context, t testing.TB, tenant tenantFlags, kind model.Kind, repair model.RepairName,
) (requests []string, size int, took time.Duration) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "sim.toml")
	services, err := newRig(ctx, tenant, config)
	if err != nil {
		t.Fatal(err)
	}
	defer services.Close()
	services.OneLogin.SetKnobs(func(k *onelogin.Knobs) { k.HourlyLimit = -1 })
	command := func(args ...string) []byte {
		cmd := process(ctx, t, append(args, "--config", config)...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"))
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		err := cmd.Run()
		if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended ||
			cmd.ProcessState.ExitCode() == exitFailed {
			t.Fatalf("%v: %v\n%s", args, err, said.String())
		}
		return out.Bytes()
	}
	type found struct {
		ID   string
		Kind model.Kind
	}
	var report struct{ Findings []found }
	if err := json.Unmarshal(command("check", "-o", "json"), &report); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(report.Findings, func(f found) bool {
		return f.Kind == kind && !strings.Contains(f.ID, "breakglass") && !strings.Contains(f.ID, "external")
	})
	if at < 0 {
		t.Fatalf("there is no %s", kind)
	}
	file := filepath.Join(dir, "plan.json")
	command("plan", "--last", "--finding", report.Findings[at].ID, "--repair", string(repair), "--out", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := model.ReadPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	services.OneLogin.ResetRequests()
	services.SCIM.ResetRequests()
	began := time.Now()
	out := command("apply", file, "--yes", "--checksum", plan.Checksum)
	took = time.Since(began)
	if !regexp.MustCompile(`1 confirmed`).Match(out) {
		t.Fatalf("%s", out)
	}
	for _, q := range services.OneLogin.Requests() {
		requests, size = append(requests, sent(q.Method, q.Path, q.Query, "")), size+len(q.Body)+q.Bytes
	}
	for _, q := range services.SCIM.Requests() {
		requests, size = append(requests, sent(q.Method, q.Path, q.Query, "")), size+len(q.Body)+q.Bytes
	}
	return requests, size, took
}

// A run costs what it touches and not what the tenant holds: one deleted group, or one user switched off, is at most
// twenty requests to OneLogin and the target, at any size (DESIGN section 11).
func TestARunCostsWhatItTouches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   model.Kind
		repair model.RepairName
	}{
		{model.GroupLingering, model.DeleteGroup},
		{model.UserStillActive, model.DeactivateUser},
		{model.UserLingering, model.DeactivateUser},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			for _, users := range []int{100, 900} {
				tenant := tenantFlags{Options: tenants.Options{Scenario: "drift", Users: users, Groups: 40, Seed: 4}}
				requests, _, _ := runOnce(t.Context(), t, tenant, c.kind, c.repair)
				t.Logf("%d users: %d requests", users, len(requests))
				if len(requests) > 20 {
					t.Errorf("%d users: %d requests\n%s", users, len(requests), strings.Join(requests, "\n"))
				}
			}
		})
	}
}

// The undo of a run costs what it touches too, and so does a run where rules make names of groups out of users'
// attributes. Where somebody has come to yield the group since both sides were read, it stays.
func TestAnUndoCostsWhatItTouches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind         model.Kind
		repair       model.RepairName
		byDepartment bool
		// yielded: somebody comes into a department of the group's name.
		yielded bool
		// run is the most that may be sent, and back for an undo beside what each member costs.
		run, back int
	}{
		"a group": {kind: model.GroupLingering, repair: model.DeleteGroup, run: 20, back: 30},
		"a user": {
			kind: model.UserStillActive, repair: model.DeactivateUser, run: 20,
			back: 30,
		},
		"a group, where departments yield": {
			kind: model.GroupLingering, repair: model.DeleteGroup, byDepartment: true,
			run: 24, back: 34,
		},
		"a group that a department yields ": {
			kind: model.GroupLingering, repair: model.DeleteGroup, byDepartment: true,
			yielded: true, run: 24,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, users := range []int{100, 700} {
				tenant, err := tenants.Build(tenants.Options{Scenario: "drift", Seed: 4, Users: users, Groups: 40})
				if err != nil {
					t.Fatal(err)
				}
				app := tenant.World.Source.Apps[tenant.AppID]
				from := "roles"
				if c.byDepartment {
					from = "rules"
					app.Rules = append(app.Rules, world.Rule{
						ID: 990001, Name: "by department", Match: "all", Enabled: true, Position: 9,
						Actions: []world.Action{{
							Action: "set_groups", Value: []string{"department"},
							Expression: "aws-.*",
						}},
					})
				}
				b := &bench{t: t, state: filepath.Join(t.TempDir(), "state")}
				b.config = serve(t, tenant, &faulty{
					config:  replaceLine("from", fmt.Sprintf("from = %q", from)),
					arrange: func(_ *testing.T, s *sim.Server) { b.rig = &rig{Server: s} },
				})
				at := slices.IndexFunc(tenant.Truth, func(f tenants.Finding) bool { return f.Kind == string(c.kind) })
				if at < 0 {
					t.Fatalf("there is no %s", c.kind)
				}
				made, file := b.plan("--finding", string(c.kind)+"/"+tenant.Truth[at].Subject, "--repair",
					string(c.repair), "--allow", "max-percent")
				if c.yielded {
					tenant.World.Lock()
					for id := range tenant.World.Source.Assigned(tenant.AppID) {
						if u := tenant.World.Source.Users[id]; u.Status == 1 {
							u.Department, u.UpdatedAt = tenant.Truth[at].Subject, time.Now()
							break
						}
					}
					tenant.World.Unlock()
				}
				b.OneLogin.ResetRequests()
				b.SCIM.ResetRequests()
				said := &trigger{}
				_, code := b.apply(t.Context(), said, made, file)
				if says(said, plan.PhaseReadingFull) || !says(said, plan.PhaseReading) {
					t.Errorf("it does not say what is read:\n%s", said.text())
				}
				if (code == exitOK) == c.yielded || len(b.requests()) > c.run {
					t.Errorf("%d users: exit code %d after %d requests\n%s", users, code, len(b.requests()),
						strings.Join(b.requests(), "\n"))
				}
				if c.yielded {
					continue
				}
				if c.repair == model.DeactivateUser { // an undo lets in only who is active again
					tenant.World.Lock()
					id, _ := strconv.ParseInt(tenant.Truth[at].SourceID, 10, 64)
					tenant.World.Source.Users[id].Status = 1
					tenant.World.Unlock()
				}
				sum := b.wayBack()
				b.OneLogin.ResetRequests()
				b.SCIM.ResetRequests()
				_, code = b.command(t.Context(), nil, "undo", "last", "--yes", "--checksum", sum)
				const member = 7 // both sides when it is planned and when it runs, and the target before it is written
				members := 0
				if made.Steps[0].BlastRadius != nil {
					members = len(made.Steps[0].BlastRadius.Members)
				}
				if code != exitOK || len(b.requests()) > c.back+member*members {
					t.Errorf("%d users: undo ended with %d after %d requests\n%s", users, code, len(b.requests()),
						strings.Join(b.requests(), "\n"))
				}
				t.Logf("%d users: %d requests to undo, %d members", users, len(b.requests()), members)
				all := &trigger{}
				if b.apply(t.Context(), all, made, file, "--allow", string(model.RuleOldPlan)); !says(all,
					plan.PhaseReadingFull) {
					t.Errorf("it does not say that everything is read:\n%s", all.text())
				}
			}
		})
	}
}

func says(what *trigger, phase plan.Phase) bool { return strings.Contains(what.text(), string(phase)) }

// requests are those that reached either service.
func (r *rig) requests() (out []string) {
	for _, q := range r.OneLogin.Requests() {
		out = append(out, sent(q.Method, q.Path, q.Query, ""))
	}
	for _, q := range r.SCIM.Requests() {
		out = append(out, sent(q.Method, q.Path, q.Query, ""))
	}
	return out
}

// BenchmarkApply is what `apply` of one deleted group costs over 40 ms of latency, in a process of its own, after a
// read within the hour. Run it with -benchtime 1x: the reads before take long.
func BenchmarkApply(b *testing.B) {
	for _, of := range []struct{ users, groups int }{{1_000, 100}, {10_000, 200}, {100_000, 2_000}} {
		b.Run(fmt.Sprintf("%d users", of.users), func(b *testing.B) {
			for b.Loop() {
				tenant := tenantFlags{latency: 40 * time.Millisecond, Options: tenants.Options{
					Scenario: "lingering-groups", Users: of.users, Groups: of.groups, Seed: 1,
				}}
				requests, size, took := runOnce(b.Context(), b, tenant, model.GroupLingering, model.DeleteGroup)
				b.ReportMetric(float64(len(requests)), "requests")
				b.ReportMetric(took.Seconds(), "s")
				b.ReportMetric(float64(size)/1000, "kB")
			}
		})
	}
}
