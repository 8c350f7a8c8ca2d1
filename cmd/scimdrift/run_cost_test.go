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
	"strings"
	"testing"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/onelogin"
)

// runOnce reads a tenant, and in processes of their own plans and runs one repair of the first finding of a kind. It gives what
// reached both services during the run, the bytes of all that was sent and answered, and how long the run took.
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
		if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended || cmd.ProcessState.ExitCode() == exitFailed {
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

// A run costs what it touches and not what the tenant holds: one deleted group, or one user switched off, is at most twenty requests
// to OneLogin and the target, at any size (DESIGN section 11).
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
			for _, users := range []int{100, 1_500} {
				tenant := tenantFlags{scenario: "drift", users: users, groups: 40, seed: 4}
				requests, _, _ := runOnce(t.Context(), t, tenant, c.kind, c.repair)
				t.Logf("%d users: %d requests", users, len(requests))
				if len(requests) > 20 {
					t.Errorf("%d users: %d requests\n%s", users, len(requests), strings.Join(requests, "\n"))
				}
			}
		})
	}
}

// BenchmarkApply is what `apply` of one deleted group costs over 40 ms of latency, in a process of its own, after a read within the
// hour. Run it with -benchtime 1x: the reads before take long.
func BenchmarkApply(b *testing.B) {
	for _, of := range []struct{ users, groups int }{{1_000, 100}, {10_000, 200}, {100_000, 2_000}} {
		b.Run(fmt.Sprintf("%d users", of.users), func(b *testing.B) {
			for b.Loop() {
				tenant := tenantFlags{scenario: "lingering-groups", users: of.users, groups: of.groups, seed: 1, latency: 40 * time.Millisecond}
				requests, size, took := runOnce(b.Context(), b, tenant, model.GroupLingering, model.DeleteGroup)
				b.ReportMetric(float64(len(requests)), "requests")
				b.ReportMetric(took.Seconds(), "s")
				b.ReportMetric(float64(size)/1000, "kB")
			}
		})
	}
}
