package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/run"
)

// updating reports whether -update was given; teatest declares the flag.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// TestGoldenFrames keeps the frames that an operator sees first, without their styles. Look at what -update wrote: a
// stranger must see within five seconds what is wrong and what is worst.
func TestGoldenFrames(t *testing.T) {
	t.Parallel()
	sizes := [][2]int{{80, 24}, {120, 36}, {160, 48}}
	frames := []struct {
		name  string
		world func() *world
		keys  []string
		sizes [][2]int
	}{
		{"drift", drifted, nil, sizes},
		{"assigned", assigned, nil, sizes[:2]},
		{"groups", drifted, []string{"2"}, sizes[1:2]},
		{"users-by-name", drifted, []string{"3", "s"}, sizes[1:2]},
		{"inspect", drifted, []string{"down", "down", "enter"}, sizes[:2]},
		{"inspect-lingering", drifted, []string{"/", "l", "e", "g", "a", "c", "y", "enter", "enter"}, sizes[:2]},
		{"inspect-user", explainedUser, []string{"3", "enter", "tab", "tab", "tab"}, sizes[1:2]},
		{"setup", failedTarget, []string{"4"}, sizes[:2]},
		{"setup-check", failedTarget, []string{"4", "enter"}, sizes[:1]},
		{"events", logged, []string{"5"}, sizes[:2]},
		{"failed-target", failedTarget, nil, sizes[:2]},
		{"failed-target-users", failedTarget, []string{"3"}, sizes[1:2]},
		{"blind-memberships", blindMemberships, []string{"2"}, sizes[:2]},
		{"in-sync", func() *world { return newWorld(20, 4) }, nil, sizes[:1]},
		{"help", drifted, []string{"?"}, sizes[1:2]},
		{"coverage", failedTarget, []string{"c"}, sizes[:1]},
	}
	for _, f := range frames {
		for _, size := range f.sizes {
			name := fmt.Sprintf("%s-%dx%d", f.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := board(t, f.world().compare(), size[0], size[1])
				a.press(f.keys...)
				compareGolden(t, name, frame(a))
			})
		}
	}
}

// TestGoldenRepairs keeps the frames of a plan, a run and the history.
func TestGoldenRepairs(t *testing.T) {
	t.Parallel()
	frames := []struct {
		name  string
		sizes [][2]int
		open  func(a *app)
	}{
		{"choose", [][2]int{{120, 36}}, func(a *app) { a.press("p") }},
		{"plan", [][2]int{{80, 24}, {120, 36}}, func(a *app) { a.to("legacy"); a.pressAnd("D") }},
		{
			"plan-confirm",
			[][2]int{{80, 24}},
			func(a *app) { a.to("legacy"); a.pressAnd("D"); a.press("enter"); a.write("aws-") },
		},
		{"plan-refused", [][2]int{{80, 24}}, func(a *app) {
			a.press("/")
			a.write("group-lingering")
			a.press("enter", "g")
			a.pressAnd("D")
		}},
		{"run", [][2]int{{80, 24}}, func(a *app) {
			a.pressAnd("a")
			a.press("enter", "y")
			a.Update(runProgressMsg{job: a.job, Report: run.Report{Progress: plan.RunProgress{
				Step: 0, Phase: plan.PhaseWatching, Deadline: noon().Add(9 * time.Minute), Said: "REAPPLIED_MAPPINGS",
				Ticks: []plan.Tick{{
					Finding: "user-still-active/ana.castle20@corp.example",
					Subject: model.Subject{Name: "ana.castle20@corp.example"}, Seen: "still active",
				}},
			}}})
		}},
		{"job", [][2]int{{80, 24}, {120, 36}}, func(a *app) {
			a.pressAnd("a")
			a.press("enter", "y")
			a.Update(runProgressMsg{job: a.job, Report: run.Report{Progress: plan.RunProgress{
				Step: 0, Phase: plan.PhaseWatching, Deadline: noon().Add(7*time.Minute + 12*time.Second),
				Ticks: []plan.Tick{
					{Subject: model.Subject{Name: "ana"}, Done: true},
					{Subject: model.Subject{Name: "bo"}},
				},
			}}})
			a.press("q")
		}},
		{"run-stopped", [][2]int{{80, 24}}, func(a *app) {
			p := five()
			run := pastRun("r", p, model.RunRunning, model.StepConfirmed, model.StepRunning, model.StepQueued,
				model.StepQueued, model.StepQueued)
			a.runs(p, plan.RunProgress{Step: 1, Phase: plan.PhaseConfirming, Run: run})
			a.press("esc")
		}},
		{"reading", [][2]int{{80, 24}, {120, 36}}, midReload},
		{"runbooks", [][2]int{{80, 24}}, func(a *app) { a.to("legacy"); a.press("b") }},
		{"runbook", [][2]int{{80, 24}, {120, 36}}, func(a *app) { a.to("legacy"); a.press("b", "enter") }},
		{"runbook-deleted", [][2]int{{80, 24}}, func(a *app) { a.to("newcomers"); a.press("b", "down", "enter") }},
		{"history", [][2]int{{80, 24}, {120, 36}}, func(a *app) {
			a.tell(func() { a.receiveHistory(a.historyRequest, someRuns(), nil) })
			a.press("6", "j")
		}},
		{"history-run", [][2]int{{80, 24}}, func(a *app) {
			a.tell(func() { a.receiveHistory(a.historyRequest, someRuns(), nil) })
			a.press("6", "j", "enter")
		}},
	}
	for _, f := range frames {
		for _, size := range f.sizes {
			name := fmt.Sprintf("%s-%dx%d", f.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := repairBoard(t, drifted().compare(), size[0], size[1])
				f.open(a)
				compareGolden(t, name, frame(a))
			})
		}
	}
}

// midReload is in the middle of a reload, with parts that are read, that wait for others, for a rate limit, for our
// share of one, and after a failure.
func midReload(a *app) {
	a.press("R", "c")
	tell := func(parts ...model.Progress) { a.Update(readProgressMsg{id: a.Fetch.ID, parts: parts}) }
	users := model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 100,
		Expected: 812, Requests: 1,
	}
	tell(users)
	now := noon().Add(4 * time.Second)
	a.opts.Now = func() time.Time { return now }
	users.Done, users.Requests = 400, 4
	tell(users,
		model.Progress{Side: model.SourceSide, Part: model.PartGroups, State: model.PartRead, Done: 40, Requests: 1},
		model.Progress{
			Side: model.SourceSide, Part: model.PartRules, State: model.PartReading, Requests: 2,
			WaitingUntil: now.Add(4 * time.Second), WaitingFor: "answered 502",
		},
		model.Progress{
			Side: model.SourceSide, Part: model.PartEvents, State: model.PartReading, Done: 50,
			WaitingUntil: now, WaitingFor: "our share of the rate limit",
		},
		model.Progress{
			Side: model.TargetSide, Part: model.PartUsers, State: model.PartReading, Done: 100,
			WaitingUntil: now.Add(19 * time.Second), WaitingFor: "rate limit, asked to wait",
		},
		model.Progress{Side: model.TargetSide, Part: model.PartMemberships, WaitingFor: "users and groups"},
	)
}

// frame is the screen as text, without trailing spaces, which editors and reviewers drop.
func frame(a *app) string {
	lines := a.screenLines()
	for i := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(lines[i]), " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if updating() {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the frame has changed (-want +got); if it is meant to, run the test with -update:\n%s", diff)
	}
}
