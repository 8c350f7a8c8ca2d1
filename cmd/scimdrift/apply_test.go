package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/sync/sim/tenants"
	"github.com/scimdrift/scimdrift/sync/state"
	"github.com/scimdrift/scimdrift/sync/state/journal"
)

// bench runs commands in this process against a rig, with a state folder of its own.
type bench struct {
	*rig

	t     *testing.T
	state string
}

func newBench(t *testing.T, tenant tenantFlags) *bench {
	t.Helper()
	dir := t.TempDir()
	r, err := newRig(t.Context(), tenant, filepath.Join(dir, "sim.toml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return &bench{rig: r, t: t, state: filepath.Join(dir, "state")}
}

// command is one invocation; stderr may be nil.
func (b *bench) command(ctx context.Context, stderr *trigger, args ...string) (stdout string, code int) {
	b.t.Helper()
	var out bytes.Buffer
	if stderr == nil {
		stderr = &trigger{}
	}
	p := newProgram(&out, stderr)
	p.stdin, p.state = strings.NewReader(""), b.state
	code = p.execute(ctx, append(args, "--config", b.config))
	b.t.Logf("%s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), stderr.text())
	return out.String(), code
}

// plan makes a plan and gives the file that it was saved to.
func (b *bench) plan(args ...string) (*model.Plan, string) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "plan.json")
	if _, code := b.command(b.t.Context(), nil,
		append([]string{"plan", "--out", file}, args...)...); code != exitDrift {
		b.t.Fatalf("plan ended with %d", code)
	}
	plan, err := newProgram(nil, nil).readPlan(file)
	if err != nil {
		b.t.Fatal(err)
	}
	return plan, file
}

// configure adds to the configuration.
func (b *bench) configure(text string) {
	b.t.Helper()
	f, err := os.OpenFile(b.config, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("\n" + text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) apply(ctx context.Context, stderr *trigger, plan *model.Plan, file string,
	more ...string,
) (stdout string, code int) {
	b.t.Helper()
	return b.command(ctx, stderr, append([]string{"apply", file, "--yes", "--checksum", plan.Checksum}, more...)...)
}

// runs are those of the bench, newest first.
func (b *bench) runs() []model.Run {
	b.t.Helper()
	runs, err := journal.Open(state.OS(), b.state, time.Now).Runs("")
	if err != nil {
		b.t.Fatal(err)
	}
	return runs
}

// trigger is a stream that does something once it has been told something.
type trigger struct {
	on string
	do func()

	mu   sync.Mutex
	got  strings.Builder
	shot bool
}

func (w *trigger) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got.Write(b)
	if w.do != nil && !w.shot && strings.Contains(w.got.String(), w.on) {
		w.shot = true
		w.do()
	}
	return len(b), nil
}

func (w *trigger) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got.String()
}

func states(run model.Run) (out []model.StepState) {
	for _, s := range run.Steps {
		out = append(out, s.State)
	}
	return out
}

// TestInterrupted: the step that ran is finished and confirmed, the rest is not begun, and the journal knows both.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 1, Scenario: "lingering-groups"}})
	plan, file := b.plan("--kind", "group-lingering", "--repair", "delete-group", "--allow", "max-percent")
	if len(plan.Steps) < 2 {
		t.Fatalf("%d steps, want some to leave out", len(plan.Steps))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, code := b.apply(ctx, &trigger{on: "s1 delete-group " + plan.Steps[0].Subject.Name + ": confirmed", do: cancel},
		plan, file, "--allow", "max-percent")
	if code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if !strings.Contains(out, "confirmed") || !strings.Contains(out, "cancelled") {
		t.Errorf("the result does not tell both:\n%s", out)
	}
	if diff := cmp.Diff(printed(plan)[:1], b.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	run := b.runs()[0]
	want := []model.StepState{model.StepConfirmed}
	for range plan.Steps[1:] {
		want = append(want, model.StepCancelled)
	}
	if diff := cmp.Diff(want, states(run)); diff != "" || run.State != model.RunCancelled || !run.Settled() {
		t.Errorf("the journal says %s (-want +got):\n%s", run.State, diff)
	}
}

// TestPlanIsTraffic: what is printed is what is sent, in that order, and a plan made afterwards has nothing left to do
// about it. These are a repair that makes, one that changes and one that deletes; sync/repair shows it of all.
func TestPlanIsTraffic(t *testing.T) {
	t.Parallel()
	for _, repair := range []model.RepairName{model.CreateUser, model.AddMembers, model.DeleteGroup} {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 3, Scenario: "drift"}})
			allow := []string{"--allow", "max-percent,max-deletes,max-removals,max-grants,not-certain"}
			plan, file := b.plan(append([]string{"--repair", string(repair)}, allow...)...)
			out, code := b.apply(t.Context(), nil, plan, file, allow...)
			if code != exitOK {
				t.Errorf("exit code %d\n%s", code, out)
			}
			want := sentAs(plan, b.runs()[0])
			if diff := cmp.Diff(want, b.writes(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("writes (-printed +sent):\n%s", diff)
			}
			again, code := b.command(t.Context(), nil, "plan", "-o", "json", "--repair", string(repair))
			if code == exitDrift && strings.Contains(again, plan.Steps[0].Finding+`"`) {
				t.Errorf("%s is still there", plan.Steps[0].Finding)
			}
		})
	}
}

// TestHandoffIsWatched: somebody presses the button, OneLogin's log says so, and the run ends by itself.
func TestHandoffIsWatched(t *testing.T) {
	t.Parallel()
	b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 1, Scenario: "drift", Users: 60, Groups: 12}})
	b.configure("[ui]\nhandoff_deadline = '20s'\n")
	plan, file := b.plan("--kind", "group-missing", "--repair", "refresh-entitlements")
	if len(plan.Steps) != 1 || plan.Steps[0].Handoff == nil {
		t.Fatalf("the plan is no single handoff: %+v", plan.Steps)
	}
	pressed := make(chan error, 1)
	stderr := &trigger{on: "press in OneLogin: ", do: func() {
		go func() { pressed <- b.press(context.WithoutCancel(t.Context()), "apps/1001/refresh") }()
	}}
	// It neither takes nor grants: --yes is enough, and even quiet says what has to be pressed.
	out, code := b.command(t.Context(), stderr, "apply", file, "--yes", "--quiet", "--read-only")
	if err := <-pressed; err != nil {
		t.Fatal(err)
	}
	if code != exitOK || !strings.Contains(out, "confirmed") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if got := b.writes(); len(got) > 0 {
		t.Errorf("on a read-only connection this was written: %v", got)
	}
}

// TestEditedPlanIsShownAsItIs: what somebody is asked to agree to is worked out from what was read, not from the file.
func TestEditedPlanIsShownAsItIs(t *testing.T) {
	t.Parallel()
	b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 1, Scenario: "lingering-groups"}})
	plan, file := b.plan("--kind", "group-lingering", "--repair", "delete-group", "--allow", "max-percent")
	honest, forged := &trigger{}, &trigger{}
	b.command(t.Context(), honest, "apply", file)
	const lie = "all is well"
	plan.Connection, plan.Access, plan.Forecast = lie, []model.AccessChange{{Person: lie}}, nil
	plan.Warnings, plan.LeftOut = []string{lie}, []model.LeftOut{{Finding: lie, Reason: lie}}
	plan.Guard.Overridden = []model.GuardRefusal{{Rule: model.RuleNotCertain, Text: lie}}
	plan.Steps[0].Confidence = lie
	before := plan.Checksum
	plan.Seal()
	if err := newProgram(nil, &trigger{}).savePlan(plan, file); err != nil {
		t.Fatal(err)
	}
	b.command(t.Context(), forged, "apply", file)
	want := strings.NewReplacer(before, plan.Checksum, strings.ToUpper(before[:6]), plan.Code()).Replace(honest.text())
	if diff := cmp.Diff(want, forged.text()); diff != "" ||
		!strings.Contains(want, ": loses ") {
		t.Errorf("the file is believed (-want +shown):\n%s", diff)
	}
}

// TestEditedPlanIsRefused: a plan that was edited and sealed again has the right checksum, and is nothing that this
// program makes.
func TestEditedPlanIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, tenantFlags{Options: tenants.Options{Seed: 1, Scenario: "lingering-groups"}})
	for name, bend := range map[string]func(p *model.Plan, s *model.Step){
		"another record": func(_ *model.Plan, s *model.Step) { s.Request.Path += "0" },
		"no condition":   func(_ *model.Plan, s *model.Step) { s.Precondition = nil },
		"a false undo": func(p *model.Plan, s *model.Step) {
			p.Undoes, s.Own, s.Counts = "20260101T000000Z-0000", true, model.Counts{}
		},
		"a terminal code": func(_ *model.Plan, s *model.Step) { s.ID = "s1\x1b[2J" },
	} {
		plan, file := b.plan("--kind", "group-lingering", "--repair", "delete-group", "--allow", "max-percent")
		bend(plan, &plan.Steps[0])
		plan.Seal()
		if err := newProgram(nil, &trigger{}).savePlan(plan, file); err != nil {
			t.Fatal(err)
		}
		stderr := &trigger{}
		if out, code := b.apply(t.Context(), stderr, plan, file, "--allow", "max-percent"); code != exitFailed ||
			out != "" {
			t.Errorf("%s: exit code %d\n%s", name, code, out)
		}
		if strings.Contains(stderr.text(), "\x1b[2J") {
			t.Errorf("%s: it reached the terminal", name)
		}
	}
	if got := b.writes(); len(got) > 0 || len(b.runs()) > 0 {
		t.Errorf("written: %v", got)
	}
}
