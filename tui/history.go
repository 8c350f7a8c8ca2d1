package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// isSettling: what became of a run is being read, and nothing else may read or write beside that.
func (a *app) isSettling() bool { return a.settlingRun != "" }

// whySettling is why something has to wait for that; empty if it has not.
func (a *app) whySettling(waits string) string {
	if !a.isSettling() {
		return ""
	}
	return "A run on " + a.opts.Connection + " is being settled: " + waits + " that has ended."
}

// askHistory reads the runs anew. They stand on disk, which can be slow, so it is done aside.
func (a *app) askHistory() tea.Cmd {
	a.historyRequest = int(a.nextRequestID())
	a.historyTab.SetLoading()
	asked, outside := a.historyRequest, a.outside
	return a.inBackground(func() tea.Msg {
		runs, err := outside.History(a.ctx)
		return screen.Handled(func() { a.receiveHistory(asked, runs, err) })
	})
}

func (a *app) receiveHistory(asked int, runs []model.Run, err error) {
	if asked != a.historyRequest {
		return
	}
	a.historyTab.Receive(runs, err)
	a.refreshRunbooks()
	for _, on := range a.screens {
		if s, is := on.(*run.Screen); is && s.Job.Over {
			if r := a.historyTab.Find(s.Job.Run.ID); r != nil {
				s.Renew(r)
			}
		}
	}
}

// focusedRun is the run that the operator looks at: on its screen, or at the cursor of the history.
func (a *app) focusedRun() *model.Run {
	switch s := a.top().(type) {
	case *run.Screen:
		if s.Job.Over && s.Job.Run.ID != "" {
			return &s.Job.Run
		}
	case nil:
		if a.isTabOnTop(tabHistory) {
			return a.historyTab.Chosen()
		}
	}
	return nil
}

// runToUndo is the run that u takes back: the one that is looked at, and on the rows the last that can be.
func (a *app) runToUndo() *model.Run {
	if r := a.focusedRun(); r != nil {
		return r
	}
	if a.isListOnTop() {
		return a.historyTab.LastToUndo()
	}
	return nil
}

func (a *app) undo() tea.Cmd {
	r := a.runToUndo()
	if !r.Settled() {
		return a.say("Settle it first: " + a.keyFor("settle") + " finds out by reading what became of it.")
	}
	return a.planUndo(r)
}

// runToSettle is the run that S settles: the one that is looked at, else the one that the board warns of.
func (a *app) runToSettle() *model.Run {
	switch r := a.focusedRun(); {
	case r != nil && r.InDoubt():
		return r
	case r != nil && a.top() != nil:
		return nil
	}
	return a.historyTab.Unsettled()
}

// settleRun finds out by reading what became of a run that was interrupted.
func (a *app) settleRun() tea.Cmd {
	if a.status = a.whyBusy("settle", "settled"); a.status != "" {
		return nil
	}
	id := a.runToSettle().ID
	a.settlingRun = id
	a.status = "Reading what became of the run " + id + "."
	outside := a.outside
	return a.inBackground(func() tea.Msg {
		settled, err := outside.Settle(a.ctx, id)
		return screen.Answer(func() tea.Cmd { return a.runSettled(&settled, err) })
	})
}

func (a *app) runSettled(r *model.Run, err error) tea.Cmd {
	a.settlingRun = ""
	if err != nil {
		a.showError("Not settled: " + err.Error())
		return a.askHistory()
	}
	a.status = "Settled: " + r.Outcome() + "."
	if !r.Settled() {
		a.status = "Still in doubt: " + r.Outcome() + "."
	}
	if a.job != nil && a.job.Over && a.job.Run.ID == r.ID {
		a.job.Run = *r
	}
	if a.top() == nil {
		a.push(run.FromHistory(r))
	}
	return tea.Batch(a.rereadRun(r), a.askHistory())
}

// rereadRun reads again what a run was about, because the board may still show it as it was before: its one subject,
// else all.
func (a *app) rereadRun(r *model.Run) tea.Cmd {
	said := a.status
	var subject *model.Subject
	for i := 0; r.Plan != nil && i < len(r.Plan.Steps); i++ {
		s := &r.Plan.Steps[i].Subject
		is := model.Subject{Type: s.Type, Name: s.Name, SourceID: s.SourceID, TargetID: s.TargetID}
		if subject != nil && *subject != is {
			subject = nil
			break
		}
		subject = &is
	}
	cmd := a.startRead(subject)
	a.status = said
	return cmd
}

// unsettledNotice is a line on the board while a run is in doubt, because nothing new is run before it is settled.
func (a *app) unsettledNotice() []string {
	r := a.historyTab.Unsettled()
	if r == nil || a.job.Active() {
		return nil
	}
	id := style.Cut(style.Name(r.ID), 40)
	text := "! " + a.keyFor("settle") + " settles run " + id + " (" + r.Outcome() +
		"): nothing new is run before. It was " + style.Name(run.Description(r)) + "."
	if a.settlingRun == r.ID {
		text = "! The run " + id + " is being settled: what became of it is read."
	}
	return []string{" " + a.theme.Bad.On(style.Cut(text, a.width-2))}
}
