package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
)

// five is a plan of five deletes.
func five() *model.Plan {
	p := deleting(drifted().compare(), "aws-legacy-admins")
	p.Steps = slices.Repeat(p.Steps, 5)
	for i := range p.Steps {
		p.Steps[i].ID, p.Steps[i].Subject.Name = fmt.Sprint("s", i+1), fmt.Sprint("legacy-", i+1)
	}
	p.Seal()
	return p
}

// stepwise is a run that does one step after the other, as a real one does: what has begun ends, with its confirmation,
// and nothing begins once its context has ended. sent tells of each step that is written, and let lets it end.
type stepwise struct {
	t    *testing.T
	sent chan int
	let  chan struct{}
}

// ends lets the step that is under way end.
func (w *stepwise) ends() {
	w.t.Helper()
	select {
	case w.let <- struct{}{}:
	case <-time.After(30 * time.Second):
		w.t.Fatal("no step is under way")
	}
}

// begins waits until a step is written.
func (w *stepwise) begins() {
	w.t.Helper()
	select {
	case <-w.sent:
	case <-time.After(30 * time.Second):
		w.t.Fatal("no step begins")
	}
}

func (w *stepwise) run(ctx context.Context, p *model.Plan, _ string, watch func(plan.RunProgress)) (model.Run,
	*drift.Comparison, error,
) {
	states := slices.Repeat([]model.StepState{model.StepQueued}, len(p.Steps))
	say := func(step int, phase plan.Phase) {
		watch(plan.RunProgress{Step: step, Phase: phase, Run: pastRun("r", p, model.RunRunning, states...)})
	}
	state := model.RunDone
	for i := range p.Steps {
		if ctx.Err() != nil {
			states[i], state = model.StepCancelled, model.RunCancelled
			continue
		}
		states[i] = model.StepRunning
		say(i, plan.PhaseWriting)
		w.sent <- i
		<-w.let
		states[i] = model.StepConfirmed
		say(-1, "")
	}
	return pastRun("r", p, state, states...), nil, nil
}

// startRun is the program under the framework's loop, with a run of five whose first step is being written.
func startRun(t *testing.T) (*live, *stepwise) {
	t.Helper()
	c := drifted().compare()
	w := &stepwise{t: t, sent: make(chan int, 10), let: make(chan struct{})}
	out := &fakeOutside{answers: []func(context.Context, drift.Watch) (*drift.Comparison, error){answer(c)}, run: w.run}
	out.plan = func([]model.Pick, []model.GuardRule) (*model.Plan, error) { return five(), nil }
	p := start(t, out)
	t.Cleanup(func() { close(w.let) }) // a test that has failed leaves it in the middle of a step
	p.see("14 findings")
	p.press("/")
	p.Type("legacy")
	p.press("enter", "D")
	p.see("The guard allows it.")
	p.press("enter")
	p.see("run on prod?")
	word, _ := model.ConfirmWord(five())
	p.Type(word)
	p.press("enter")
	p.see("step 1 of 5: writing")
	w.begins()
	return p, w
}

// TestEscTwiceStopsARunOfFive: the first esc stops it while nobody is asked anything, the second changes nothing. Sent
// are exactly the steps that had ended and the one that was under way.
func TestEscTwiceStopsARunOfFive(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"esc", "esc"}, {"ctrl+c", "esc"}, {"esc", "esc", "esc", "y", "n", "esc"}} {
		t.Run(strings.Join(keys, " "), func(t *testing.T) {
			t.Parallel()
			p, w := startRun(t)
			w.ends()
			w.begins()
			p.see("step 2 of 5: writing")
			p.press(keys...)
			p.see("Stopped by you: 1 of 5 steps ended before; s2 is under way")
			p.see("3 will not begin.")
			w.ends()
			p.see("2 confirmed, 3 cancelled")
			close(w.sent)
			for i := range w.sent {
				t.Errorf("step %d was sent after esc", i+1)
			}
			p.press("q", "q")
			p.WaitFinished(t)
			for _, f := range p.drawn() {
				if strings.Contains(f, "goes on.") || strings.Contains(f, "? y") && strings.Contains(f, "step 2") {
					t.Fatalf("something was asked:\n%s", f)
				}
			}
		})
	}
}

// TestAJobIsLeftAndComeBackTo: q leaves its screen, the board works, the jobs line tells of it all the time, and J
// brings it back. Its end is told until it is looked at.
func TestAJobIsLeftAndComeBackTo(t *testing.T) {
	t.Parallel()
	p, w := startRun(t)
	p.press("q")
	p.see("step 1 of 5: writing")
	p.see("J shows it")
	p.press("3")
	w.ends()
	w.begins()
	p.see("step 2 of 5: writing")
	p.press("enter")
	p.see("Both sides") // the inspector
	p.press("J")
	p.see("esc stop after this step")
	p.press("tab")
	p.see("J shows it")
	for range 3 {
		w.ends()
		w.begins()
	}
	w.ends()
	p.see("✓ delete-group aws-legacy-admins done: 5 confirmed")
	p.see("esc dismisses")
	p.press("J")
	p.see("Done, and read back: 5 confirmed.")
	p.press("q", "q")
	p.WaitFinished(t)
	if frames := p.drawn(); strings.Contains(frames[len(frames)-1], "job  ") {
		t.Errorf("what was looked at is told on:\n%s", frames[len(frames)-1])
	}
}

// TestQuittingDuringAJobAsksOnce, from the board; what is no y stays. Yes stops the job and waits for the step under
// way, and no key ends the program before.
func TestQuittingDuringAJobAsksOnce(t *testing.T) {
	t.Parallel()
	p, w := startRun(t)
	p.press("q", "q")
	p.see("Leave? y stops the job after its step and waits for that; other keys stay.")
	p.press("esc")
	p.see("The job goes on.")
	w.ends()
	w.begins()
	p.press("ctrl+c")
	p.see("Leave? y stops")
	p.press("y")
	p.see("Then the program ends.")
	p.press("ctrl+c", "ctrl+c", "esc", "q", "q") // the last of them says how the program ends
	w.ends()
	p.see("✓ confirmed    s2")
	p.WaitFinished(t)
	close(w.sent)
	for i := range w.sent {
		t.Errorf("step %d was sent after yes", i+1)
	}
	if j := p.app.job; !j.Over || j.Run.Outcome() != "2 confirmed, 3 cancelled" {
		t.Errorf("the program ended before its job: %q", j.Run.Outcome())
	}
}

// TestNoKeyOfAJobGoesOn: whatever is pressed on the screen of a job, and from wherever, esc and ctrl-c there stop it at
// once, and nothing is asked.
func TestNoKeyOfAJobGoesOn(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"esc", "ctrl+c"} {
		for _, before := range [][]string{nil, {"@", "q"}, {"?", "esc"}, {":", "esc"}, {"q", "J"}, {"6", "J"}} {
			a := repairBoard(t, drifted().compare(), 80, 24)
			j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseConfirming})
			cancelled := cancels(j)
			a.press(before...)
			sees(t, a, "esc stop after this step")
			a.press(key)
			if !*cancelled || a.openQuestion() != nil || !j.Active() {
				t.Fatalf("%q after %q: cancelled %t, asks %t", key, before, *cancelled, a.openQuestion() != nil)
			}
			lacks(t, a, "esc stop after this step")
		}
	}
}

// TestQuickKeysAfterEscStopAJobToo: a terminal sends two quick presses of which the first is esc as one with alt.
func TestQuickKeysAfterEscStopAJobToo(t *testing.T) {
	t.Parallel()
	for _, quick := range []tea.KeyPressMsg{
		{Code: tea.KeyEscape, Mod: tea.ModAlt},
		{Code: 'y', Mod: tea.ModAlt},
		{Code: 'q', Mod: tea.ModAlt},
		{Code: '3', Mod: tea.ModAlt},
	} {
		a := repairBoard(t, drifted().compare(), 80, 24)
		j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseConfirming})
		cancelled := cancels(j)
		a.Update(quick)
		if !*cancelled || a.openQuestion() != nil {
			t.Errorf("%s: cancelled %t, asks %t", quick, *cancelled, a.openQuestion() != nil)
		}
	}
	a := board(t, drifted().compare(), 80, 24)
	a.press("enter", "@")
	a.Update(tea.KeyPressMsg{Code: tea.KeyEscape, Mod: tea.ModAlt})
	if a.top() != nil {
		t.Error("two quick presses of esc do not close two screens")
	}
}

// TestLeavingAJobStopsNothing: no other key stops it, and every one that leaves its screen says where it stands.
func TestLeavingAJobStopsNothing(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "tab", "1", "2", "3", "4", "5", "6"} {
		a := repairBoard(t, drifted().compare(), 80, 24)
		j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseConfirming})
		cancelled := cancels(j)
		a.press(key)
		if *cancelled || a.top() != nil {
			t.Errorf("%s: cancelled %t, on the board %t", key, *cancelled, a.top() == nil)
		}
		sees(t, a, "job  test, step 2 of 5: reading back", "J shows it")
		a.Update(tea.MouseClickMsg{X: 9, Y: 22, Button: tea.MouseLeft})
		if a.jobOnTop() != j {
			t.Errorf("%s: a click on the jobs line does not bring it back", key)
		}
	}
}

// TestASecondRunIsRefused, and says what runs; planning it is not.
func TestASecondRunIsRefused(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseWriting})
	a.press("q")
	a.to("contractors")
	a.pressAnd("D")
	sees(t, a, "The guard allows it.")
	a.press("enter")
	sees(t, a, "Not run: test is under way (step 2 of 5: writing), and one at a time runs on prod. J shows it.")
	if a.openQuestion() != nil || a.job != j {
		t.Fatal("a second run is asked about")
	}
	a.Update(runOverMsg{job: j, run: pastRun("r", j.Plan, model.RunDone,
		slices.Repeat([]model.StepState{model.StepConfirmed}, 5)...)})
	a.press("enter")
	sees(t, a, "run on prod?")
	a.write("aws-contractors-2023")
	a.quitCommand = tea.Quit // a job on another connection is waited for
	a.press("enter")
	sees(t, a, "Not run: the program is about to end.")
}

// TestAQuestionOfTheOperatorsOutlivesTheJob: only whether to leave is answered by its end.
func TestAQuestionOfTheOperatorsOutlivesTheJob(t *testing.T) {
	t.Parallel()
	for _, leaves := range []bool{false, true} {
		a := repairBoard(t, drifted().compare(), 120, 36)
		j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseWriting})
		a.press("q")
		if leaves {
			a.press("q")
		} else {
			a.pressAnd("a")
			a.press("w")
			a.write("INC-7")
		}
		_, cmd := a.Update(runOverMsg{job: j, run: pastRun("r", j.Plan, model.RunDone, model.StepConfirmed)})
		if leaves {
			sees(t, a, "The job has ended, and the program has not: q leaves.")
		} else {
			sees(t, a, "why: INC-7")
		}
		if (a.openQuestion() == nil) != leaves {
			t.Errorf("leaving %t: the question stands: %t", leaves, a.openQuestion() != nil)
		}
		if cmd != nil {
			for _, msg := range messages(cmd) {
				if _, quits := msg.(tea.QuitMsg); quits {
					t.Error("the program ends though nobody said yes")
				}
			}
		}
	}
}

// messages are what a command brings.
func messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	batch, many := cmd().(tea.BatchMsg)
	if !many {
		return nil
	}
	var out []tea.Msg
	for _, c := range batch {
		if c != nil {
			out = append(out, c())
		}
	}
	return out
}

// TestTheEndOfAJobIsToldUntilItIsDismissed, and what was stopped until somebody looks, also after a second esc.
func TestTheEndOfAJobIsToldUntilItIsDismissed(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseWriting})
	a.press("esc")
	a.Update(runOverMsg{job: j, run: pastRun("r", j.Plan, model.RunCancelled, model.StepConfirmed, model.StepConfirmed,
		model.StepCancelled)})
	a.press("esc")
	sees(t, a, "– test cancelled: 2 confirmed, 1 cancelled", "esc dismisses")
	a.press("esc")
	lacks(t, a, "job  ")

	a.runs(five(), plan.RunProgress{Step: -1})
	a.press("q")
	a.Update(runOverMsg{job: a.job, err: errors.New("the state folder cannot be written")})
	sees(t, a, "✗ test: nothing was run")
	a.press("J")
	sees(t, a, "Nothing was run: the state folder cannot be written")
}

// TestAJobTellsItsTime: taken, and left by the deadline of what is watched, or as long as the steps so far took.
func TestAJobTellsItsTime(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	now := noon()
	a.opts.Now = func() time.Time { return now }
	j := a.runs(five(), plan.RunProgress{Step: 0, Phase: plan.PhaseChecking})
	now = now.Add(8 * time.Second)
	going := pastRun("r", j.Plan, model.RunRunning, model.StepConfirmed, model.StepConfirmed, model.StepRunning,
		model.StepQueued, model.StepQueued)
	for i := range going.Steps {
		going.Steps[i].At = noon().Add(time.Duration(i+1) * 4 * time.Second)
	}
	a.Update(runProgressMsg{job: j, Report: run.Report{Progress: plan.RunProgress{
		Step: 2, Phase: plan.PhaseWriting,
		Run: going,
	}}})
	sees(t, a, "████████░░░░░░░░░░░░ 2 of 5 steps ended, 0:08 taken, about 0:12 left")
	a.press("q")
	sees(t, a, "job  test, step 3 of 5: writing, 0:08 taken, about 0:12 left")
	now = now.Add(3 * time.Second)
	a.Update(secondMsg(j.Active))
	sees(t, a, "0:11 taken, about 0:09 left")
	a.Update(sized(80, 24))
	// and where there is no room for all, in which step
	sees(t, a, "job  test, step 3 of 5: writing, 0:11 taken, about 0:09 left")
	j.Name = "delete-group"
	j.Progress.Phase = plan.PhaseChecking
	sees(t, a, "job  delete-group, step 3 of 5, 0:11 taken, about 0:09 left")
}

// TestALoadBringsNothingBackThatARunHasDeleted, whenever its lists were read, whichever word comes first, and however
// it ends.
func TestALoadBringsNothingBackThatARunHasDeleted(t *testing.T) {
	t.Parallel()
	const gone = "aws-legacy-admins"
	before, after := drifted(), lessOne(gone)
	for _, late := range []bool{false, true} { // the read began after the one that shows
		for _, end := range []string{"read", "cancelled", "failed"} {
			t.Run(fmt.Sprintf("%t, %s", late, end), func(t *testing.T) {
				t.Parallel()
				a := repairBoard(t, before.compare(), 120, 36)
				p := deleting(a.Set.Comparison, gone)
				j := a.runs(p, plan.RunProgress{
					Step: 0, Phase: plan.PhaseWriting,
					Run: pastRun("r", p, model.RunRunning, model.StepRunning),
				})
				a.press("q", "R")
				if !a.Fetch.Active {
					t.Fatal("R does not read during a job")
				}
				going := pastRun("r", p, model.RunDone, model.StepConfirmed)
				going.Steps[0].At = noon().Add(time.Second)
				a.Update(runProgressMsg{
					job: j, set: rows.NewSet(after.compare()),
					Report: run.Report{Progress: plan.RunProgress{Step: 0, Run: going}},
				})
				switch end {
				case "cancelled":
					a.press("esc")
				case "failed":
					a.Update(readDoneMsg{id: a.Fetch.ID, err: errors.New("HTTP 500; try again")})
				default: // the loader reads what was written meanwhile once more before it gives its reading
					read := *after
					if late {
						read.source.ReadAt = read.source.ReadAt.Add(time.Minute)
					}
					a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(read.compare())})
				}
				if a.Fetch.Active {
					t.Error("the read does not end")
				}
				lacks(t, a, gone)
				sees(t, a, "13 findings")
			})
		}
	}
}

// TestAReadIsNotCoveredByWhatARunRepeats: with every word a run tells its last comparison, which may be older than a
// read beside it.
func TestAReadIsNotCoveredByWhatARunRepeats(t *testing.T) {
	t.Parallel()
	old := drifted().compare()
	box := newMailbox[runProgress]()
	box.update(func(n *runProgress) { n.update(plan.RunProgress{Compared: old}) })
	if c := box.fetch((*runProgress).clearCompared).compared; c != old {
		t.Fatal("the comparison is not told")
	}
	box.update(func(n *runProgress) { n.update(plan.RunProgress{Compared: old, Said: "still watching"}) })
	if c := box.fetch((*runProgress).clearCompared).compared; c != nil {
		t.Error("a comparison is told twice")
	}
	a := repairBoard(t, old, 120, 36)
	newer := lessOne("aws-legacy-admins")
	newer.source.ReadAt = newer.source.ReadAt.Add(time.Minute)
	a.reads(newer.compare(), nil)
	a.showRunChanges(rows.NewSet(old))
	sees(t, a, "13 findings")
}
