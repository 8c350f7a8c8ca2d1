package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/inspect"
	plans "github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
)

func lacks(t *testing.T, a *app, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if got := frame(a); strings.Contains(got, text) {
			t.Fatalf("%q is to be seen:\n%s", text, got)
		}
	}
}

// TestEachConnectionHasItsOwnBoard: marks, filter, tab and findings stay with their connection, and are there again.
func TestEachConnectionHasItsOwnBoard(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 120, 36)
	a.press("space", "/")
	a.write("only")
	a.press("enter")
	sees(t, a, "scimdrift ▌prod▐", "only-prod", "1 marked", "/only")
	a.toConnection("staging")
	sees(t, a, "scimdrift ▌staging▐", "app of staging", "not begun", "This is staging.")
	lacks(t, a, "only-prod", "marked", "/only", "app 500001")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(only("staging"))})
	a.press("3", "f")
	sees(t, a, "only-staging")
	lacks(t, a, "only-prod", "marked", "/only")
	a.toConnection("prod")
	sees(t, a, "scimdrift ▌prod▐", "only-prod", "1 marked", "app 500001", "as you left it")
	lacks(t, a, "only-staging")
	a.press("j")
	sees(t, a, "/only")
	a.toConnection("staging")
	sees(t, a, "only-staging")
	if a.tab != tabUsers || !a.lists[tabUsers].DriftOnly() {
		t.Error("the tab that was left is not there again")
	}
	if a.View().WindowTitle != "scimdrift staging" {
		t.Errorf("the window is called %q", a.View().WindowTitle)
	}
}

// TestAnInspectorStaysAndAPlanGoes when its connection is left.
func TestAnInspectorStaysAndAPlanGoes(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 120, 36)
	a.outside.(*fakeOutside).plan = planner(a.Set.Comparison)
	a.press("j", "enter")
	a.pressAnd("a")
	if a.planOnTop() == nil {
		t.Fatalf("there is no plan:\n%s", frame(a))
	}
	a.toConnection("staging")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(only("staging"))})
	if len(a.screens) != 0 {
		t.Fatalf("something of prod covers staging:\n%s", frame(a))
	}
	a.toConnection("prod")
	if !isOnTop[*inspect.Screen](a) {
		t.Fatalf("the inspector is gone, or the plan is not:\n%s", frame(a))
	}
	sees(t, a, "── only-prod@corp.example")
}

// TestTheListTellsWhatIsKnown of each connection without opening it.
func TestTheListTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.press("C")
	text := single(frame(a))
	for _, want := range []string{
		"▌prod red on the board", "1 finding: 1 high · complete · read 23 Nov 11:59",
		"▌archive bright-blue read-only not open", "no drift · complete · read 22 Nov 10:00",
		"▌spare never read", "not read yet",
		"! Same target as staging: each takes for drift what the other provisions.",
		"▌staging green ! unsettled run · not open",
		"16 findings: 1 critical, 12 high, 3 info · incomplete · read 23 Nov 09:00",
		"! The run 20261122T080000-ab12 is unsettled",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the list does not say %q:\n%s", want, frame(a))
		}
	}
	if opened := a.opts.Connections.(*fakeConnections).opened; len(opened) > 0 {
		t.Errorf("looking at the list opened %v", opened)
	}
	a.conns.List[0].Health.Complete = false
	a.opened["prod"].Late = &reading.Late{At: noon()}
	sees(t, a, "no drift in what was read · incomplete", "on the board, stale")
	colours := a.View().Content
	for _, accent := range []string{"\x1b[1;31m▌", "\x1b[1;94m▌", "\x1b[1;32m▌"} {
		if !strings.Contains(colours, accent) {
			t.Errorf("no bar has the colour %q", accent)
		}
	}
}

// TestAConnectionThatCannotBeOpened says why in the list; the board goes on, and trying again helps once it is mended.
func TestAConnectionThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.toConnection("spare")
	sees(t, a, "scimdrift ▌prod▐", "✗ cannot be opened", "variable SPARE")
	a.opts.Connections.(*fakeConnections).faces["spare"] = &fakeOutside{}
	a.toConnection("spare")
	sees(t, a, "scimdrift ▌spare▐")
	a.toConnection("prod")
	a.press("C")
	lacks(t, a, "cannot be opened")
}

// TestAListThatCannotBeReadAnewKeepsWhatWasKnown, and says so.
func TestAListThatCannotBeReadAnewKeepsWhatWasKnown(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.opts.Connections.(*fakeConnections).list = nil
	_, cmd := a.Update(keyOf("C"))
	a.bring(cmd)
	sees(t, a, "there is no configuration file; put it back", "▌staging")
	a.tell(func() { a.receiveConnections(a.connectionsRequest-1, nil, nil) }) // a late answer to an earlier question
	sees(t, a, "spare")
	a.conns.List = nil
	a.top().(*connections.Screen).Arrange()
	a.press("enter")
	sees(t, a, "scimdrift ▌prod▐", "── Connections ─")
}

// TestLeavingTheListGivesUpOpening: who has gone on with something else is not taken away from it.
func TestLeavingTheListGivesUpOpening(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.press("C", "G")
	_, cmd := a.Update(keyOf("enter"))
	sees(t, a, "opening · esc cancels")
	a.press("esc", "space")
	a.bring(cmd)
	sees(t, a, "scimdrift ▌prod▐", "1 marked")
	a.toConnection("staging") // it was opened for all that
	sees(t, a, "scimdrift ▌staging▐")
	if opened := a.opts.Connections.(*fakeConnections).opened; len(opened) != 1 {
		t.Errorf("it was opened %d times", len(opened))
	}
}

// TestASettlingThatBeginsWhileAConnectionIsOpened keeps the operator there, as one that had begun before.
func TestASettlingThatBeginsWhileAConnectionIsOpened(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.tell(func() { a.receiveHistory(a.historyRequest, someRuns(), nil) })
	a.press("C", "G")
	_, opening := a.Update(keyOf("enter"))
	a.press("S")
	sees(t, a, "Reading what became of the run")
	a.bring(opening)
	sees(t, a, "scimdrift ▌prod▐", "A run on prod is being settled: stay until that has ended.")
}

// TestThePaletteGoesToAConnection by a part of its name.
func TestThePaletteGoesToAConnection(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.press(":")
	lacks(t, a, "connection    prod")
	a.write("stagi")
	_, cmd := a.Update(keyOf("enter"))
	a.bring(cmd)
	sees(t, a, "scimdrift ▌staging▐")
}

// TestNobodyLeavesWhileARunIsSettled: what is read then belongs to the board that shows it.
func TestNobodyLeavesWhileARunIsSettled(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.settlingRun = "r"
	a.toConnection("staging")
	sees(t, a, "scimdrift ▌prod▐", "A run on prod is being settled")
	if opened := a.opts.Connections.(*fakeConnections).opened; len(opened) > 0 {
		t.Errorf("%v was opened", opened)
	}
	a.settlingRun = ""
	a.toConnection("staging")
	sees(t, a, "scimdrift ▌staging▐")
}

// TestAJobGoesOnWhileTheOperatorIsOnAnotherConnection: the jobs line says where, what it changes shows on its own board
// only, and J leads back to it.
func TestAJobGoesOnWhileTheOperatorIsOnAnotherConnection(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	p := planText("x")
	j := a.runs(p, plan.RunProgress{Step: 0, Phase: plan.PhaseWriting})
	a.press("q")
	a.toConnection("staging")
	sees(t, a, "scimdrift ▌staging▐", "job  prod: test, writing", "J shows it")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(only("staging"))})
	a.Update(runProgressMsg{
		job: j, set: rows.NewSet(newWorld(7, 2).compare()),
		Report: run.Report{Progress: plan.RunProgress{Step: 0, Phase: plan.PhaseConfirming}},
	})
	sees(t, a, "scimdrift ▌staging▐", "only-staging", "prod: test, reading back")
	a.press("C")
	sees(t, a, "loaded, a job is under way")
	a.press("q", "J")
	sees(t, a, "scimdrift ▌prod▐", "Run: test", "▸ reading back", "7 users")
	a.press("q")
	a.toConnection("staging")
	run := pastRun("r", p, model.RunDone, model.StepConfirmed)
	a.Update(runOverMsg{job: j, run: run})
	sees(t, a, "scimdrift ▌staging▐", "✓ prod: test done: 1 confirmed")
	a.press("J")
	sees(t, a, "scimdrift ▌prod▐", "Done, and read back: 1 confirmed.")
	a.press("q")
	lacks(t, a, "job  ")
}

// TestJobsOfTwoConnections: one line tells of both, and leaving stops both and waits for the last.
func TestJobsOfTwoConnections(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 140, 40)
	p := planText("x")
	first := a.runs(p, plan.RunProgress{Step: 0, Phase: plan.PhaseWriting})
	a.press("q")
	a.toConnection("staging")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(only("staging"))})
	told := 0
	a.push(planned("second", p, nil))
	a.top().(*plans.Screen).Ended = func(model.Run) tea.Cmd { told++; return nil }
	a.startRun(a.top().(*plans.Screen))
	second := a.job
	a.toConnection("prod")
	sees(t, a, "jobs  test, writing", "staging: second", "J shows them")
	a.press("q")
	sees(t, a, "Leave? y stops the jobs after their steps and waits for that")
	a.press("y")
	a.settlingRun = "r"
	a.press("J")
	sees(t, a, "A run on prod is being settled")
	over := func(j *run.Job) tea.Cmd {
		_, cmd := a.Update(runOverMsg{job: j, run: pastRun("r", p, model.RunCancelled, model.StepCancelled)})
		return cmd
	}
	if over(second); told != 0 || !a.opened["staging"].readInterrupted || !first.Active() {
		t.Errorf("told %d; staging is read again: %t", told, a.opened["staging"].readInterrupted)
	}
	if cmd := over(first); cmd == nil || cmd() != tea.Quit() {
		t.Error("the last job has ended, and the program has not")
	}
}

// TestOneConnectionHasNoList where the outside gives none, as in the demo.
func TestOneConnectionHasNoList(t *testing.T) {
	t.Parallel()
	a := board(t, only("demo"), 100, 40)
	a.press("C")
	if a.top() != nil {
		t.Errorf("there is a list:\n%s", frame(a))
	}
	a.press(":")
	lacks(t, a, "connection")
}

// TestQuestionsNameTheConnection: what is agreed to says where it will happen.
func TestQuestionsNameTheConnection(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 100, 40)
	a.outside.(*fakeOutside).plan = planner(a.Set.Comparison)
	a.press("j")
	a.pressAnd("a")
	a.press("enter")
	sees(t, a, "Run 1 step on prod?")
}

// TestSwitchingWhileBothLoad: the load of the connection that is left is cancelled, its late words are dropped, and
// coming back reads anew.
func TestSwitchingWhileBothLoad(t *testing.T) {
	t.Parallel()
	prod, again, staging := newHeld(), newHeld(), newHeld()
	prod.deaf = true
	left := make(chan struct{})
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){
		func(ctx context.Context, watch drift.Watch) (*drift.Comparison, error) {
			context.AfterFunc(ctx, func() { close(left) })
			return prod.load(ctx, watch)
		}, again.load,
	}}
	conns := &fakeConnections{list: someConnections(), faces: map[string]*fakeOutside{
		"staging": {answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){staging.load}},
	}}
	p := start(t, out, func(o *Options) { o.Connections = conns })
	watch := <-prod.began
	p.see("not begun")
	p.press("C")
	p.see("▌staging")
	p.press("G", "enter")
	other := <-staging.began
	<-left
	p.see("scimdrift ▌staging▐")
	watch.Part(model.Progress{
		Side: model.SourceSide, Part: model.PartUsers, State: model.PartReading, Done: 77,
		Expected: 99,
	})
	watch.Interim(only("prod"))
	prod.let <- only("prod")
	other.Interim(only("staging"))
	p.see("only-staging")
	p.press("C")
	p.see("▌prod")
	p.press("g", "j", "enter")
	p.see("scimdrift ▌prod▐")
	<-again.began
	again.let <- only("prod")
	p.see("only-prod")
	for _, drawn := range p.drawn() {
		title, _, _ := strings.Cut(drawn, "\n")
		if strings.Contains(title, "staging") && (strings.Contains(drawn, "only-prod") ||
			strings.Contains(drawn, "77 of 99")) {
			t.Fatalf("prod shows on staging:\n%s", drawn)
		}
	}
}

// TestNothingLeaksBetweenConnections: whatever is pressed, and whichever answers come how late, what is on the board is
// of the connection that its header names.
func TestNothingLeaksBetweenConnections(t *testing.T) {
	t.Parallel()
	names := []string{"archive", "prod", "staging"}
	sets := map[string]*rows.Set{}
	for _, n := range names {
		sets[n] = rows.NewSet(only(n))
	}
	rapid.Check(t, func(rt *rapid.T) {
		a := linked(t, someConnections(), 100, 40)
		// What was asked of whom: every answer may come at any time, also twice.
		var loads, histories []inFlight
		planned := map[*plans.Screen]string{}
		note := func() {
			name := a.opts.Connection
			if a.Fetch.Active {
				loads = append(loads, inFlight{a.Fetch.ID, name})
			}
			histories = append(histories, inFlight{uint64(a.historyRequest), name})
			if s, on := a.top().(*plans.Screen); on {
				planned[s] = name
			}
		}
		note()
		steps := map[string]func(*rapid.T){
			"press": func(rt *rapid.T) {
				a.press(rapid.SampledFrom([]string{
					"j", "k", "space", "1", "2", "3", "5", "6", "enter", "esc", "f",
					"a", "e", "r", "R", "V",
				}).Draw(rt, "key"))
			},
			"go": func(rt *rapid.T) { a.toConnection(rapid.SampledFrom(names).Draw(rt, "to")) },
			"loaded": func(rt *rapid.T) {
				if len(loads) > 0 {
					q := rapid.SampledFrom(loads).Draw(rt, "load")
					a.Update(readDoneMsg{id: q.id, set: sets[q.of]})
				}
			},
			"interim": func(rt *rapid.T) {
				if len(loads) > 0 {
					q := rapid.SampledFrom(loads).Draw(rt, "load")
					a.Update(readProgressMsg{id: q.id, set: sets[q.of]})
				}
			},
			"runs": func(rt *rapid.T) {
				q := rapid.SampledFrom(histories).Draw(rt, "question")
				a.tell(func() {
					run := model.Run{ID: "only-" + q.of, State: model.RunDone, Plan: planText("x")}
					a.receiveHistory(int(q.id), []model.Run{run}, nil)
				})
			},
			"": func(rt *rapid.T) {
				note()
				name, drawn := a.opts.Connection, frame(a)
				for _, other := range names {
					if other != name && strings.Contains(drawn, "only-"+other) {
						rt.Fatalf("on %s something of %s shows:\n%s", name, other, drawn)
					}
				}
				if title, _, _ := strings.Cut(drawn, "\n"); !strings.Contains(title, "▌"+name+"▐") {
					rt.Fatalf("the header does not say %s:\n%s", name, drawn)
				}
				if a.Set != nil && a.Set.Comparison.Findings[0].Subject.Name != "only-"+name+"@corp.example" {
					rt.Fatalf("on %s there is the comparison of another", name)
				}
				for s, of := range planned {
					if of != name && a.top() == screen.Screen(s) {
						rt.Fatalf("on %s there is a plan of %s", name, of)
					}
				}
			},
		}
		rt.Repeat(steps)
	})
}

// inFlight is a question by its number, and the connection that it was asked of.
type inFlight struct {
	id uint64
	of string
}

// TestGoldenConnections keeps the frame of the list.
func TestGoldenConnections(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {160, 48}} {
		a := linked(t, someConnections(), size[0], size[1])
		a.press("C")
		compareGolden(t, fmt.Sprintf("connections-%dx%d", size[0], size[1]), frame(a))
	}
}

// TestRunbooksComeToAConnectionThatWasLeft before they were read from the disk; what cannot be kept there names it.
func TestRunbooksComeToAConnectionThatWasLeft(t *testing.T) {
	t.Parallel()
	a := linked(t, someConnections(), 120, 36)
	a.toConnection("staging")
	keep := a.updateKept(func(Outside) error { return errors.New("the disk is full; make room") })
	a.toConnection("prod")
	entries := []runbook.Entry{{Book: runbook.GroupLingers, Group: "g", Begun: noon()}}
	a.tell(func() { a.receiveCases("staging", entries, nil) })
	if len(a.cases) > 0 || strings.Contains(a.status, "under way") {
		t.Errorf("they came to another one, with %q", a.status)
	}
	a.Update(keep())
	if a.status != "staging: the disk is full; make room" {
		t.Errorf("an error of another connection says %q", a.status)
	}
	a.toConnection("staging")
	if len(a.cases) != 1 {
		t.Error("what was kept of a connection is not there when the operator comes back")
	}
}
