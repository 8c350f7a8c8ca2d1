package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	runbooks "github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/screen"
)

func (a *app) runbook() *runbooks.Screen {
	s, _ := a.top().(*runbooks.Screen)
	return s
}

// runbookBoard is what a runbook asks of the board.
func (a *app) runbookBoard() runbooks.Board {
	return runbooks.Board{
		Walk: func(book runbook.Book, e runbook.Entry) []runbook.Verdict {
			return book.Walk(a.caseOf(e))
		},
		ReadAt:  a.ReadAt,
		IsStale: func() bool { return a.Late != nil },
		Place: func(place model.Place) model.Location {
			return a.outside.Place(a.Set.Comparison.Source.App.ID, place)
		},
	}
}

// doStep does what takes the step at the cursor further: its plan, which the operator confirms as any other; a
// question to the services; or the place where it is done by hand.
func (a *app) doStep() tea.Cmd {
	s := a.runbook()
	v := s.CurrentVerdict()
	place, there := s.Place()
	switch {
	case a.isSettling():
		a.status = a.whySettling("go on when")
	case len(v.Picks) > 0:
		return a.openPlan(plan.Request{Name: s.Step().Title, Picks: v.Picks, Ended: a.afterStepRun})
	case s.NeedsProbe():
		if a.status = a.whyBusy("ask", "asked"); a.status != "" {
			return nil
		}
		s.MarkProbed()
		return a.startReadRequest(readRequest{custom: a.outside.Probe})
	case there && v.State != runbook.Done:
		return a.openLocation(place, "")
	default:
		a.status = s.NextText(a.context())
	}
	return nil
}

// afterStepRun reads both sides again after a handoff: its button may have changed more than what was watched.
func (a *app) afterStepRun(run model.Run) tea.Cmd {
	if a.Fetch.Active || run.Plan == nil {
		return nil
	}
	for i := range run.Plan.Steps {
		if run.Plan.Steps[i].Channel == model.Console && i < len(run.Steps) &&
			run.Steps[i].State != model.StepCancelled {
			return a.startRead(nil)
		}
	}
	return nil
}

// rereadCase reads the group of the runbook again, or both sides where it is about none.
func (a *app) rereadCase() tea.Cmd {
	s := a.runbook()
	if s.Entry.Group != "" {
		subject := model.Subject{Type: model.SubjectGroup, Name: s.Entry.Group, TargetID: s.Entry.GroupID}
		if row, ok := a.Set.FindSubject(subject); ok {
			subject = a.Set.Subject(row)
			return a.startRead(&subject)
		}
	}
	return a.reload()
}

// writeRecord words the case for a ticket. With every step settled it is the final one, and ends the case. What comes
// after the connection was left ends none.
func (a *app) writeRecord() tea.Cmd {
	s := a.runbook()
	c, book, final := a.caseOf(s.Entry), s.Book, s.CanEnd()
	of, outside := a.opts.Connection, a.outside
	return a.inBackground(func() tea.Msg {
		text, path, err := outside.Record(a.ctx, book, c)
		return screen.Answer(func() tea.Cmd {
			if of != a.opts.Connection {
				return nil
			}
			return a.recordWritten(s, text, path, err, final)
		})
	})
}

// recordWritten puts the record on the clipboard, and says where it is. What could not be kept anywhere ends no case.
func (a *app) recordWritten(s *runbooks.Screen, text, path string, err error, final bool) tea.Cmd {
	switch {
	case err != nil && text != "":
		a.showError("Copied, and not written: " + err.Error())
		return tea.SetClipboard(text)
	case err != nil:
		a.showError("No record: " + err.Error())
		return nil
	}
	s.Record = path
	a.status = "The record is copied, and written to the file that stands above."
	if !final || s.Over {
		return tea.SetClipboard(text)
	}
	s.Over = true
	return tea.Batch(tea.SetClipboard(text), a.dropCase(s.Entry))
}

func (a *app) endCase() tea.Cmd {
	s := a.runbook()
	return a.ask(&prompt.Question{
		Text: "End this runbook? What was done stays done. y ends it, every other key does not.",
		No:   "It stays under way.",
		Answer: func(string) tea.Cmd {
			a.pop()
			a.status = "Ended: " + s.Book.Title + "."
			return a.dropCase(s.Entry)
		},
	})
}
