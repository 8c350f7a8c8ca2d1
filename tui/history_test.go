package tui

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// withHistory is a board that knows these runs.
func withHistory(t *testing.T, runs ...model.Run) *app {
	t.Helper()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.outside.(*fakeOutside).history = func() ([]model.Run, error) { return runs, nil }
	a.Update(a.askHistory()())
	return a
}

func someRuns() []model.Run {
	c := drifted().compare()
	first := pastRun("20261123T110000Z-aaaa", deleting(c, "aws-legacy-admins"), model.RunDone, model.StepConfirmed)
	first.Steps[0].Backup = []model.Backup{{
		Type: model.SubjectGroup, ID: "t-aws-legacy-admins", Name: "aws-legacy-admins",
		Members: []model.Member{{UserName: "ana@corp.example"}, {UserName: "bo@corp.example"}},
	}}
	second := pastRun("20261123T113000Z-bbbb", deleting(c, "aws-contractors-2023"), model.RunInterrupted,
		model.StepInDoubt)
	second.Damage = []string{"line 7 cannot be read"}
	return []model.Run{second, first}
}

func TestHistoryListsRunsWithTheirOutcome(t *testing.T) {
	t.Parallel()
	a := withHistory(t, someRuns()...)
	a.pressAnd("6")
	sees(t, a, "? interrupted  delete-group aws-contractors-2023", "✓ done         delete-group aws-legacy-admins",
		"maya", "ticket 42",
		"── Run 20261123T113000Z-bbbb ─", "1 in doubt", "line 7 cannot be read")
	a.press("j", "enter")
	sees(t, a, "✓ confirmed", "Who: maya on bastion, version 1.0", "Why: ticket 42",
		"Kept: the group aws-legacy-admins (t-aws-legacy-admins) with 2 members: ana@corp.example and bo@corp.example.")
	a.press("q", "/")
	a.write("legacy")
	a.press("enter")
	sees(t, a, "/legacy  1 match")
	a.press("/", "zzz", "enter")
	sees(t, a, `Nothing matches "legacyzzz".`)
	a.tell(func() {
		a.receiveHistory(a.historyRequest, []model.Run{{ID: "torn", State: model.RunIncomplete}}, nil)
	})
	a.press("esc", "enter")
	sees(t, a, "its plan could not be read", "There is no undo: what it was about to do is not known.")
}

// TestUnsettledRunIsSaidAtOnce, with the key that settles it; then the notice goes.
func TestUnsettledRunIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	runs := someRuns()
	a := withHistory(t, runs...)
	sees(t, a, "! S settles run 20261123T113000Z-bbbb (1 in doubt): nothing new is run before. It was delete-group "+
		"aws-contractors-20", "S settle")
	out := a.outside.(*fakeOutside)
	out.settles = func(string) (model.Run, error) { return model.Run{}, errors.New("HTTP 401; make a new token") }
	_, cmd := a.Update(keyOf("S"))
	sees(t, a, "is being settled")
	a.press("a", "r", "R", "S")
	if a.top() != nil || a.Fetch.Active {
		t.Error("something begins beside the settling")
	}
	_, again := a.Update(cmd())
	a.Update(again())
	sees(t, a, "Not settled: HTTP 401; make a new token", "S settles run")
	settled := runs[0]
	settled.State, settled.Steps = model.RunIncomplete,
		[]model.StepRecord{{ID: "s1", State: model.StepUnconfirmed, Detail: "it was not done"}}
	out.settles = func(id string) (model.Run, error) {
		if id != settled.ID {
			t.Errorf("%q was settled", id)
		}
		runs[0] = settled
		return settled, nil
	}
	_, cmd = a.Update(keyOf("S"))
	_, again = a.Update(cmd())
	sees(t, a, "Settled: 1 unconfirmed.", "it was not done")
	if !a.Fetch.Active || a.Fetch.Subject == nil || a.Fetch.Subject.Name != "aws-contractors-2023" {
		t.Errorf("after the settling %+v is read again, want what the run was about", a.Fetch.Subject)
	}
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(lessOne("aws-contractors-2023").compare())})
	a.Update(batch(t, again)[1]())
	a.press("q")
	if got := frame(a); strings.Contains(got, "S settles") || strings.Contains(got, "S settle") {
		t.Errorf("the notice stays:\n%s", got)
	}
}

// TestASettlingWaits for a read and for a job, because it reads what those change; what stays in doubt is said, and all
// that the run was about is read again.
func TestASettlingWaits(t *testing.T) {
	t.Parallel()
	a := withHistory(t, someRuns()...)
	a.startRead(nil)
	a.press("S")
	sees(t, a, "Still reading: settle when the read has ended.")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: a.Set})
	j := a.runs(five(), plan.RunProgress{Step: 1, Phase: plan.PhaseWriting})
	a.press("q", "S")
	sees(t, a, "Not settled: test is under way. Settle when it has ended.")
	if a.isSettling() {
		t.Fatal("it is settled beside a read or a job")
	}
	doubtful := pastRun("r", j.Plan, model.RunIncomplete, model.StepConfirmed, model.StepInDoubt)
	a.Update(runOverMsg{job: j, run: doubtful})
	a.press("J")
	sees(t, a, "In doubt: 1 confirmed, 1 in doubt. S finds out")
	settle := func(r *model.Run) {
		a.outside.(*fakeOutside).settles = func(string) (model.Run, error) { return *r, nil }
		_, cmd := a.Update(keyOf("S"))
		a.Update(cmd())
	}
	settle(&doubtful)
	sees(t, a, "Still in doubt: 1 confirmed, 1 in doubt.")
	if !a.Fetch.Active || a.Fetch.Subject != nil {
		t.Errorf("%+v is read again, want all that the run was about", a.Fetch.Subject)
	}
	a.Update(readDoneMsg{id: a.Fetch.ID, set: a.Set})
	a.press("q")
	a.tell(func() { a.receiveHistory(a.historyRequest, []model.Run{doubtful}, nil) })
	settled := pastRun("r", j.Plan, model.RunIncomplete, model.StepConfirmed, model.StepConfirmed)
	settle(&settled)
	sees(t, a, "Settled: 2 confirmed.", "Incomplete: 2 confirmed. Undo with u.")
	a.press("q", "J")
	sees(t, a, "Run: test", "Incomplete: 2 confirmed. Undo with u.")
}

// batch is what a command of several is made of.
func batch(t *testing.T, cmd tea.Cmd) []tea.Cmd {
	t.Helper()
	all, ok := cmd().(tea.BatchMsg)
	if !ok {
		t.Fatal("it is one command")
	}
	return all
}

// TestUndoFromTheHistory takes back the run at the cursor, and on the rows the last that can be.
func TestUndoFromTheHistory(t *testing.T) {
	t.Parallel()
	runs := someRuns()
	a := withHistory(t, runs...)
	var undone []string
	out := a.outside.(*fakeOutside)
	undo := out.undo
	out.undo = func(run string, allow []model.GuardRule) (*model.Plan, error) {
		undone = append(undone, run)
		return undo(run, allow)
	}
	a.pressAnd("6")
	a.pressAnd("u")
	sees(t, a, "Settle it first")
	a.press("j")
	a.pressAnd("u")
	sees(t, a, "Takes back the run 20261123T110000Z-aaaa")
	a.press("q", "1")
	a.pressAnd("u")
	if len(undone) != 2 || undone[0] != runs[1].ID || undone[1] != runs[1].ID {
		t.Errorf("undone %q", undone)
	}
}

// TestHandoffsHaveNoUndo, which is said where u is not offered.
func TestHandoffsHaveNoUndo(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	p, _ := planner(c)([]model.Pick{{Finding: c.Findings[0].ID, Option: model.Option{
		Repair:  model.ReapplyMappings,
		Channel: model.Console,
	}}}, nil)
	a := withHistory(t, pastRun("r", p, model.RunDone, model.StepConfirmed))
	a.pressAnd("6")
	if strings.Contains(frame(a), "u undo") {
		t.Errorf("u is offered:\n%s", frame(a))
	}
	a.press("enter")
	sees(t, a, "There is no undo: what OneLogin did can be changed in OneLogin only.")
}

// TestHistoryThatFailsKeepsWhatWasKnown: a run in doubt must not vanish with a slow disk.
func TestHistoryThatFailsKeepsWhatWasKnown(t *testing.T) {
	t.Parallel()
	a := withHistory(t, someRuns()...)
	a.outside.(*fakeOutside).history = func() ([]model.Run, error) {
		return nil,
			errors.New("no such folder; look at XDG_STATE_HOME")
	}
	a.pressAnd("6")
	sees(t, a, "S settles run", "20261123T113000Z-bbbb")
	empty := repairBoard(t, drifted().compare(), 120, 36)
	empty.outside.(*fakeOutside).history = a.outside.(*fakeOutside).history
	empty.pressAnd("6")
	sees(t, empty, "The history could not be read: no such folder; look at XDG_STATE_HOME")
}

// TestNewRunsComeInAbove: who stands at the top sees them, who stands elsewhere stays there.
func TestNewRunsComeInAbove(t *testing.T) {
	t.Parallel()
	runs := someRuns()
	for _, moved := range []bool{false, true} {
		a := withHistory(t, runs...)
		a.press("6")
		want := "new"
		if moved {
			a.press("j")
			want = runs[1].ID
		}
		fresh := append([]model.Run{pastRun("new", runs[0].Plan, model.RunDone, model.StepConfirmed)}, runs...)
		a.tell(func() { a.receiveHistory(a.historyRequest, fresh, nil) })
		if got := a.historyTab.Chosen().ID; got != want {
			t.Errorf("moved %t: the cursor is on %q", moved, got)
		}
	}
}

// TestSettleFromAnywhere: a plan that is refused because a run is in doubt sends the operator to S, which must not then
// say that there is no such run.
func TestSettleFromAnywhere(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"a plan": {"D"}, "another run": {"6", "j"}, "an inspector": {"enter"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := withHistory(t, someRuns()...)
			for _, key := range keys {
				a.pressAnd(key)
			}
			out := a.outside.(*fakeOutside)
			out.settles = func(string) (model.Run, error) { return model.Run{}, errors.New("no answer") }
			a.Update(keyOf("S"))
			sees(t, a, "Reading what became of the run 20261123T113000Z-bbbb.")
		})
	}
}

// TestNothingIsPlannedOrRunBesideASettling that begins on what is planned or run from.
func TestNothingIsPlannedOrRunBesideASettling(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][2]string{"run it": {"D", "enter"}, "plan": {"p", "enter"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := withHistory(t, someRuns()...)
			a.pressAnd(keys[0])
			on := a.top()
			a.Update(keyOf("S"))
			a.press(keys[1])
			sees(t, a, " is being settled: "+name+" when that has ended.")
			if on == nil || a.prompt != nil {
				t.Errorf("from %T to %T", on, a.prompt)
			}
		})
	}
}

// TestHistoryOfHalfARun: what an interrupted run has not begun waits for nothing any more, and an undo that ended
// half-way has not undone it.
func TestHistoryOfHalfARun(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	p, _ := planner(c)(model.Map([]string{"aws-legacy-admins", "aws-contractors-2023"}, func(name *string) model.Pick {
		return model.Pick{
			Finding: "group-lingering/" + *name, Option: model.Option{Repair: model.DeleteGroup, Channel: model.Direct},
			Named: true,
		}
	}), nil)
	run := pastRun("20261123T113000Z-bbbb", p, model.RunInterrupted, model.StepConfirmed, model.StepQueued)
	a := withHistory(t, run)
	a.pressAnd("6")
	sees(t, a, "1 confirmed, 1 not begun")
	a.press("enter")
	sees(t, a, "· not begun")
	if strings.Contains(frame(a), "queued") {
		t.Errorf("it seems to go on:\n%s", frame(a))
	}
	run.State, run.Steps[0].State = model.RunRunning, model.StepRunning // by another program
	a.tell(func() { a.receiveHistory(a.historyRequest, []model.Run{run}, nil) })
	sees(t, a, "· queued")
	run.Steps[0].State = model.StepConfirmed
	for want, state := range map[string]model.StepState{
		", undone in part": model.StepCancelled, ", undone ": model.StepConfirmed,
	} {
		const undone = "20261123T114000Z-cccc"
		run.State, run.Steps[1].State, run.UndoneBy = model.RunDone, model.StepConfirmed, []string{undone}
		undo := pastRun(undone, p, model.RunIncomplete, model.StepConfirmed, state)
		a = withHistory(t, undo, run)
		a.pressAnd("6")
		sees(t, a, "1 more step"+want)
	}
}
