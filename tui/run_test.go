package tui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	plans "github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
)

// lessOne is the tenant after a group was deleted.
func lessOne(name string) *world {
	w := drifted()
	for i := range w.target.Groups {
		if w.target.Groups[i].Name == name {
			w.target.Groups = append(w.target.Groups[:i], w.target.Groups[i+1:]...)
			w.targetIDs = append(w.targetIDs[:i], w.targetIDs[i+1:]...)
			break
		}
	}
	return w
}

// TestDeleteUndoUnderTheLoop is the whole way by keys only: see who loses what, type the name, watch it confirmed, see
// it leave the board without a reload, undo, and find it back.
func TestDeleteUndoUnderTheLoop(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	out := &fakeOutside{
		answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer(c)},
		plan:    planner(c),
	}
	step := make(chan struct{})
	var mu sync.Mutex
	var made []model.Run
	var reasons []string
	out.history = func() ([]model.Run, error) {
		mu.Lock()
		defer mu.Unlock()
		return made, nil
	}
	out.run = func(_ context.Context, p *model.Plan, why string, watch func(plan.RunProgress)) (model.Run,
		*drift.Comparison, error,
	) {
		after := lessOne("aws-legacy-admins").compare()
		if p.Undoes != "" {
			after = c
		}
		watch(plan.RunProgress{
			Step: 0, Phase: plan.PhaseConfirming,
			Run: pastRun("r1", p, model.RunRunning, model.StepRunning),
		})
		<-step
		watch(plan.RunProgress{Step: 0, Compared: after, Run: pastRun("r1", p, model.RunRunning, model.StepConfirmed)})
		<-step
		r := pastRun("20261123-r"+p.Undoes[:min(1, len(p.Undoes))], p, model.RunDone, model.StepConfirmed)
		mu.Lock()
		defer mu.Unlock()
		made, reasons = append([]model.Run{r}, made...), append(reasons, why)
		return r, after, nil
	}
	out.undo = func(run string, _ []model.GuardRule) (*model.Plan, error) {
		p := deleting(c, "aws-legacy-admins")
		p.Undoes, p.Steps[0].Repair, p.Steps[0].Takes, p.Steps[0].BlastRadius = run, model.CreateGroup, false, nil
		p.Seal()
		return p, nil
	}
	p := start(t, out)
	p.see("14 findings")
	p.press("/")
	p.Type("legacy")
	p.press("enter", "D")
	p.see("Deletes 1 group; 2 members lose it.")
	p.press("w")
	p.Type("ticket 7")
	p.press("enter")
	p.see("why: ticket 7")
	p.press("enter")
	p.see("run on prod?")
	p.Type("aws-legacy-admins")
	p.press("enter")
	p.see("▸ reading back")
	step <- struct{}{}
	p.see("13 findings") // behind the run already
	step <- struct{}{}
	p.see("✓ Done, and read back: 1 confirmed. Undo with u.")
	p.press("u")
	p.see("Takes back the run 20261123-r: creates 1 group.")
	p.press("enter")
	p.see("Run 1 step on prod? y runs, every other key does not.")
	p.press("y")
	step <- struct{}{}
	step <- struct{}{}
	p.see("14 findings")
	p.see("Run 20261123-r2; History has it")
	p.press("enter", "6")
	p.see("✓ done")
	p.press("q")
	p.WaitFinished(t)
	if out.loads != 1 || len(made) != 2 || reasons[0] != "ticket 7" || reasons[1] != "" {
		t.Errorf("%d loads, %d runs for the reasons %q", out.loads, len(made), reasons)
	}
}

// cancels replaces a job's cancel function by one that notes it.
func cancels(j *run.Job) *bool {
	done := false
	before := j.Cancel
	j.Cancel = func() { done = true; before() }
	return &done
}

// TestRunChangesTheBoard behind it; marks of what is gone go, others stay, and late words of a run that is over are
// dropped.
func TestRunChangesTheBoard(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("linger")
	a.press("g", "j", "space", "space", "space")
	if len(a.marks) != 3 {
		t.Fatalf("%d marked", len(a.marks))
	}
	r := a.runs(deleting(a.Set.Comparison, "aws-legacy-admins"), plan.RunProgress{Step: 0})
	a.Update(runProgressMsg{job: r, set: rows.NewSet(lessOne("aws-legacy-admins").compare())})
	if len(a.marks) != 2 || len(a.Set.Comparison.Findings) != 13 {
		t.Errorf("%d marked of %d findings", len(a.marks), len(a.Set.Comparison.Findings))
	}
	a.Update(runOverMsg{job: r, run: pastRun("r", r.Plan, model.RunDone, model.StepConfirmed)})
	a.Update(runProgressMsg{job: r, set: rows.NewSet(drifted().compare())})
	if len(a.Set.Comparison.Findings) != 13 {
		t.Error("a late word of the run took the board")
	}
	sees(t, a, "1 confirmed. Undo with u.")
	a.press("enter")
	if a.top() != nil {
		t.Error("enter does not close the run")
	}
}

// TestWatchingShowsWhatToPress, how long there is, and who is through.
func TestWatchingShowsWhatToPress(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.pressAnd("a")
	a.press("enter", "y")
	a.Update(runProgressMsg{job: a.job, Report: run.Report{Progress: plan.RunProgress{
		Step: 0, Phase: plan.PhaseWatching, Deadline: noon().Add(9*time.Minute + 5*time.Second),
		Said: "254 REAPPLIED_MAPPINGS",
		Ticks: []plan.Tick{
			{Subject: model.Subject{Name: "ana.castle20@corp.example"}, Done: true, Seen: "switched off"},
			{Subject: model.Subject{Name: "bo"}, Seen: "still provisioning"},
		},
	}}})
	sees(t, a, "▸ watching: 1 of 2 through, 9:05 left", "Press: OneLogin > the app > reapply-mappings",
		"Seen: 254 REAPPLIED_MAPPINGS",
		"1 of 2 through", "✓ ana.castle20@corp.example", "switched off", "· bo", "still provisioning")
	if !strings.Contains(a.View().Content, "\x1b]8;;https://acme.onelogin.com/apps/500001/edit/\x07") {
		t.Error("the address is no hyperlink")
	}
	if place, ok := a.focusedLocation(); !ok || place.Link != "https://acme.onelogin.com/apps/500001/edit/" {
		t.Errorf("o leads to %+v", place)
	}
	sees(t, a, "esc stop watching", "q leave, it goes on")
	a.opts.Now = func() time.Time { return noon().Add(time.Minute) }
	a.Update(secondMsg(a.job.Active))
	sees(t, a, "8:05 left")
}

// TestRunThatWasNotBegunSaysSo, and offers nothing to undo.
func TestRunThatWasNotBegunSaysSo(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	r := a.runs(deleting(a.Set.Comparison, "aws-legacy-admins"), plan.RunProgress{Step: -1})
	a.Update(runOverMsg{job: r, err: errors.New("the state folder cannot be written; mend its mode")})
	sees(t, a, "✗ Nothing was run: the state folder cannot be written; mend its mode")
	a.press("u")
	if !isOnTop[*run.Screen](a) {
		t.Error("there is something to undo")
	}
}

// TestWhoeverAskedIsToldOfTheEnd, with the run as it ended.
func TestWhoeverAskedIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	var told []model.RunState
	cmd := a.openPlan(plans.Request{Name: "a runbook's step", Picks: []model.Pick{{
		Finding: "group-lingering/aws-legacy-admins", Option: model.Option{
			Repair:  model.DeleteGroup,
			Channel: model.Direct,
		}, Named: true,
	}}, Ended: func(r model.Run) tea.Cmd {
		told = append(told, r.State)
		return nil
	}})
	a.Update(cmd())
	a.press("enter")
	a.write("aws-legacy-admins")
	a.press("enter")
	over := runOverMsg{job: a.job, run: pastRun("r", a.job.Plan, model.RunIncomplete, model.StepUnconfirmed)}
	a.Update(over)
	a.Update(over)
	if len(told) != 1 || told[0] != model.RunIncomplete {
		t.Errorf("told %q", told)
	}
}

// TestEndWaitsForTheRun: a program that is ended from outside cancels its run, and is not gone before the run has
// ended.
func TestEndWaitsForTheRun(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	began, ended := make(chan struct{}), false
	out := &fakeOutside{
		answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer(c)},
		plan:    planner(c),
	}
	out.run = func(ctx context.Context, p *model.Plan, _ string, _ func(plan.RunProgress)) (model.Run,
		*drift.Comparison, error,
	) {
		close(began)
		<-ctx.Done()
		ended = true
		return pastRun("r", p, model.RunCancelled, model.StepConfirmed), nil, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	a := newApp(ctx, out, testOptions())
	a.Update(readDoneMsg{})
	s := planned("test", deleting(c, "aws-legacy-admins"), nil)
	a.push(s)
	batch, ok := a.startRun(s)().(tea.BatchMsg)
	if !ok {
		t.Fatal("a run is more than one command")
	}
	for _, cmd := range batch {
		go cmd()
	}
	<-began
	cancel()
	a.backgroundWork.Lock()
	if !ended {
		t.Error("the program ended before its run")
	}
}
