package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/style"
)

// runbookScreen goes through one case step by step. Nothing on it is ticked by hand: how a step stands is worked out
// from the last whole comparison and the runs each time one of them changes.
type runbookScreen struct {
	cursorWindow

	entry runbook.Entry
	book  runbook.Book
	// verdicts are how the steps stand, next is the first that is not settled. old: something has changed since.
	verdicts []runbook.Verdict
	next     int
	old      bool
	// probed: the services were asked what no reading shows, beside the read of probedAt; once is enough.
	probed   bool
	probedAt time.Time
	// record is where the last record of the case is; empty before the first. over: it was the final one, and the
	// case is closed.
	record string
	over   bool
}

// recordMsg brings the record of a case.
type recordMsg struct {
	of         string // the connection
	on         *runbookScreen
	text, path string
	err        error
	// final: every step was settled when it was asked for.
	final bool
}

func (s *runbookScreen) title(*app) string {
	if s.entry.Group == "" {
		return s.book.Title
	}
	return label(s.entry.Group) + " · " + s.book.Title // what tells it from others first, because the end may be cut
}

func (s *runbookScreen) stale() { s.old = true }

// fit looks again where something has changed. The cursor begins at the next step, and goes on when its step is
// settled.
func (s *runbookScreen) fit(a *app, _, height int) {
	if a.set != nil && !s.probedAt.Equal(a.readAt()) {
		s.probed = false // the answers were of another read
	}
	if s.old {
		first, settled := s.verdicts == nil, s.here().State.Settled()
		s.verdicts, s.old = s.book.Walk(a.caseOf(s.entry)), false
		s.next = runbook.Next(s.verdicts)
		s.setLen(len(s.verdicts))
		switch at := s.Cursor(); {
		case first:
			s.To(s.next)
		case !settled && s.here().State.Settled():
			if at += runbook.Next(s.verdicts[at:]); at == s.Len() {
				at = s.next
			}
			s.To(at)
		}
	}
	s.SetHeight(s.room(height))
}

func (s *runbookScreen) finished() bool { return s.next >= len(s.verdicts) }

// here is how the step at the cursor stands.
func (s *runbookScreen) here() *runbook.Verdict {
	if s.Cursor() >= len(s.verdicts) {
		return &runbook.Verdict{}
	}
	return &s.verdicts[s.Cursor()]
}

func (a *app) runbook() *runbookScreen {
	s, _ := a.top().(*runbookScreen)
	return s
}

// stepPlace is where the step at the cursor is mended or looked at.
func (s *runbookScreen) stepPlace(a *app) (model.Location, bool) {
	v := s.here()
	if v.Place == model.NoPlace || a.set == nil {
		return model.Location{}, false
	}
	at := a.outside.Place(a.set.Comparison.Source.App.ID, v.Place)
	return at, at != (model.Location{})
}

// canTakeStep: there is something to do about the step at the cursor, or something to say about it.
func (a *app) canTakeStep() bool {
	s := a.runbook()
	v := s.here()
	return len(v.Picks) > 0 || s.further(v) != ""
}

// takeStep does what takes the step at the cursor further: its plan, which the operator confirms as any other; a
// question to the services; or the place where it is done by hand.
func (a *app) takeStep() tea.Cmd {
	s := a.runbook()
	v := s.here()
	place, there := s.stepPlace(a)
	switch {
	case a.settling():
		a.status = "A run is being settled: go on when that has ended."
	case len(v.Picks) > 0:
		return a.planThen(v.Picks, s.book.Steps[s.Cursor()].Title, (*app).stepRan)
	case v.Ask && !s.probed:
		if a.fetch.active {
			a.status = "Still reading: ask when the read has ended; esc stops it."
			return nil
		}
		if a.job.active() {
			a.status = "Not asked: " + style.Cut(a.job.name, 40) + " is under way. Ask when it has ended."
			return nil
		}
		s.probed, s.probedAt = true, a.readAt()
		return a.beginAs(wanted{how: a.outside.Probe})
	case there && v.State != runbook.Done:
		return a.openPlace(place, "")
	default:
		a.status = s.further(v)
	}
	return nil
}

// stepRan reads both sides again after a handoff: its button may have changed more than what was watched.
func (a *app) stepRan(run model.Run) tea.Cmd {
	if a.fetch.active || run.Plan == nil {
		return nil
	}
	for i := range run.Plan.Steps {
		if run.Plan.Steps[i].Channel == model.Console && i < len(run.Steps) &&
			run.Steps[i].State != model.StepCancelled {
			return a.begin(nil)
		}
	}
	return nil
}

// rereadCase reads the group of the runbook again, or both sides where it is about none.
func (a *app) rereadCase() tea.Cmd {
	s := a.runbook()
	if s.entry.Group != "" {
		subject := model.Subject{Type: model.SubjectGroup, Name: s.entry.Group, TargetID: s.entry.GroupID}
		if row, ok := a.set.Of(subject); ok {
			subject = a.set.Subject(row)
			return a.begin(&subject)
		}
	}
	return a.reload()
}

// writeRecord words the case for a ticket. With every step settled it is the final one, and ends the case.
func (a *app) writeRecord() tea.Cmd {
	s := a.runbook()
	c, book, final := a.caseOf(s.entry), s.book, s.finished() && a.late == nil
	of, outside := a.opts.Connection, a.outside
	return a.aside(func() tea.Msg {
		text, path, err := outside.Record(a.ctx, book, c)
		return recordMsg{of, s, text, path, err, final}
	})
}

// recorded puts the record on the clipboard, and says where it is. What could not be kept anywhere ends no case, nor
// does what comes after its connection was left.
func (a *app) recorded(msg recordMsg) tea.Cmd {
	if msg.of != a.opts.Connection {
		return nil
	}
	s := msg.on
	var cmds []tea.Cmd
	if msg.text != "" {
		cmds = append(cmds, tea.SetClipboard(msg.text))
	}
	switch {
	case msg.err != nil && msg.text != "":
		a.status = "Copied, and not written: " + msg.err.Error()
		return tea.Batch(cmds...)
	case msg.err != nil:
		a.status = "No record: " + msg.err.Error()
		return nil
	}
	s.record = msg.path
	a.status = "The record is copied, and written to the file that stands above."
	if msg.final && !s.over {
		s.over = true
		cmds = append(cmds, a.dropCase(s.entry))
	}
	return tea.Batch(cmds...)
}

// endCase asks whether to end a runbook before its time.
func (a *app) endCase() tea.Cmd {
	s := a.runbook()
	a.askYes(&question{
		text: "End this runbook? What was done stays done. y ends it, every other key does not.",
		no:   "It stays under way.",
		answer: func(a *app, _ string) tea.Cmd {
			a.pop()
			a.status = "Ended: " + s.book.Title + "."
			return a.dropCase(s.entry)
		},
	})
	return nil
}
