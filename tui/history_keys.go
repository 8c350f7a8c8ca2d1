package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// settling: what became of a run is being read, and nothing else may read or write beside that.
func (a *app) settling() bool { return a.past.settling != "" }

// runHere is the run that the operator looks at: on its screen, or at the cursor of the history.
func (a *app) runHere() *model.Run {
	switch s := a.top().(type) {
	case *runScreen:
		if s.on.over && s.on.run.ID != "" {
			return &s.on.run
		}
	case *pastRunScreen:
		return &s.run
	case nil:
		if a.at(onHistory) {
			return a.past.run()
		}
	}
	return nil
}

// runToUndo is the run that u takes back: the one that is looked at, and on the rows the last that can be.
func (a *app) runToUndo() *model.Run {
	if r := a.runHere(); r != nil {
		return r
	}
	if a.at(onRows) {
		for i := range a.past.runs {
			// A second u goes on with an undo that ended half-way, and must not take back the run before one that did
			// not.
			if r := &a.past.runs[i]; canUndo(r) && !a.takenBack(r) && r.Plan.Undoes == "" {
				return r
			}
		}
	}
	return nil
}

// takenBack: an undo of the run has come to its end.
func (a *app) takenBack(r *model.Run) bool {
	return slices.ContainsFunc(a.past.runs, func(undo model.Run) bool {
		return slices.Contains(r.UndoneBy, undo.ID) &&
			!slices.ContainsFunc(undo.Steps, func(s model.StepRecord) bool { return s.State != model.StepConfirmed })
	})
}

// canUndo: the run has written something to the target, as far as was seen. Buttons and small writes to OneLogin have
// no way back.
func canUndo(r *model.Run) bool {
	if r.Plan == nil || r.State == model.RunRunning {
		return false
	}
	for i := range r.Plan.Steps {
		if i >= len(r.Steps) || r.Plan.Steps[i].Channel != model.Direct {
			continue
		}
		if state := r.Steps[i].State; state == model.StepConfirmed || state == model.StepUnconfirmed {
			return true
		}
	}
	return false
}

func (a *app) undo() tea.Cmd {
	r := a.runToUndo()
	if !r.Settled() {
		a.status = "Settle it first: S finds out by reading what became of it."
		return nil
	}
	return a.planUndo(r)
}

// noUndo says why u takes back nothing of a run that is over; empty where it does, or where it has to be settled first.
func noUndo(r *model.Run) string {
	switch {
	case r.State == model.RunRunning || !r.Settled() || canUndo(r):
		return ""
	case r.Plan == nil:
		return "There is no undo: what it was about to do is not known."
	case steps(r.Plan, func(s *model.Step) bool { return s.Channel == model.Direct }) == 0:
		return "There is no undo: what OneLogin did can be changed in OneLogin only."
	}
	return "There is nothing to undo: as far as was seen, it has written nothing to the target."
}

// runToSettle is the run that S settles: the one that is looked at, else the one that the board warns of.
func (a *app) runToSettle() *model.Run {
	if r := a.runHere(); r != nil {
		if r.State != model.RunRunning && !r.Settled() {
			return r
		}
		return nil
	}
	if a.top() == nil {
		return a.past.unsettled()
	}
	return nil
}

// settleRun finds out by reading what became of a run that was interrupted.
func (a *app) settleRun() tea.Cmd {
	switch {
	case a.fetch.active:
		a.status = "Still reading: settle when the read has ended; esc stops it."
		return nil
	case a.job.active():
		a.status = "Not settled: " + style.Cut(a.job.name, 40) + " is under way. Settle when it has ended."
		return nil
	}
	id := a.runToSettle().ID
	a.past.settling = id
	a.status = "Reading what became of the run " + id + "."
	outside := a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		run, err := outside.Settle(a.ctx, id)
		return settledMsg{id, run, err}
	}
}

// settled takes in what was found, and shows it.
func (a *app) settled(msg settledMsg) tea.Cmd {
	if msg.id != a.past.settling {
		return nil
	}
	a.past.settling = ""
	if msg.err != nil {
		a.status = "Not settled: " + msg.err.Error()
		return a.askHistory()
	}
	a.status = "Settled: " + outcome(&msg.run) + "."
	if !msg.run.Settled() {
		a.status = "Still in doubt: " + outcome(&msg.run) + "."
	}
	if a.job != nil && a.job.over && a.job.run.ID == msg.id {
		a.job.run = msg.run
	}
	if a.top() == nil {
		a.push(&pastRunScreen{run: msg.run})
	}
	return tea.Batch(a.rereadRun(&msg.run), a.askHistory())
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
	cmd := a.begin(subject)
	a.status = said
	return cmd
}

// lookAtRun opens the run at the cursor.
func (a *app) lookAtRun() { a.push(&pastRunScreen{run: *a.past.run()}) }

// unsettledNotice is a line on the board while a run is in doubt, because nothing new is run before it is settled.
func (a *app) unsettledNotice() []string {
	r := a.past.unsettled()
	if r == nil || a.job.active() {
		return nil
	}
	id := style.Cut(style.Name(r.ID), 40)
	text := "! S settles run " + id + " (" + outcome(r) + "): nothing new is run before. It was " +
		style.Name(runDid(r)) + "."
	if a.past.settling == r.ID {
		text = "! The run " + id + " is being settled: what became of it is read."
	}
	return []string{" " + a.theme.Bad.On(style.Cut(text, a.width-2))}
}
