// Package runbook is the guided procedures, step by step.
package runbook

import (
	"cmp"
	"fmt"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen goes through one case step by step. Nothing on it is ticked by hand: how a step stands is worked out from the
// last whole comparison and the runs each time one of them changes.
type Screen struct {
	screen.List

	Entry runbook.Entry
	Book  runbook.Book
	// Record is where the last record of the case is; empty before the first. Over: it was the final one, and the case
	// is closed.
	Record string
	Over   bool

	board Board
	// verdicts are how the steps stand, nextStep is the first that is not settled. isStale: something has changed
	// since.
	verdicts []runbook.Verdict
	nextStep int
	isStale  bool
	// probedAt is the read beside which the services were asked what no reading shows; once is enough.
	probedAt time.Time
}

// Board is what a runbook asks of the board.
type Board struct {
	// Walk says how the steps of a case stand by what is known now.
	Walk func(runbook.Book, runbook.Entry) []runbook.Verdict
	// ReadAt is when both sides were read; zero before that. IsStale: a later read did not take its place.
	ReadAt  func() time.Time
	IsStale func() bool
	// Place leads to a place in a console.
	Place func(model.Place) model.Location
}

// New goes through a case.
func New(e runbook.Entry, book runbook.Book, board Board) *Screen {
	return &Screen{Entry: e, Book: book, board: board, isStale: true}
}

// Keys are those of a case.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/runbook | A runbook | in a runbook
take-step   | enter | 1 go on      | take the step further: its plan, button or place | a step that is not settled
record      | w     | 2 record     | write and copy the record for the ticket; the last ends the runbook | a read
read-case   | r     | 3 read again | read again what the runbook is about | that no read goes on
end-runbook | X     | 4 end it     | end the runbook before its time | a runbook that has not ended`

// Title names the case: what tells it from others first, because the end may be cut.
func (s *Screen) Title() string {
	if s.Entry.Group == "" {
		return s.Book.Title
	}
	return style.Label(s.Entry.Group) + " · " + s.Book.Title
}

// Stale has it look again.
func (s *Screen) Stale() { s.isStale = true }

// Fit looks again where something has changed. The cursor begins at the next step, and goes on when its step is
// settled.
func (s *Screen) Fit(_ *screen.Context, _, height int) {
	if s.isStale {
		first, settled := s.verdicts == nil, s.CurrentVerdict().State.Settled()
		s.verdicts, s.isStale = s.board.Walk(s.Book, s.Entry), false
		s.nextStep = runbook.Next(s.verdicts)
		s.SetLen(len(s.verdicts))
		switch at := s.Cursor(); {
		case first:
			s.To(s.nextStep)
		case !settled && s.CurrentVerdict().State.Settled():
			if at += runbook.Next(s.verdicts[at:]); at == s.Len() {
				at = s.nextStep
			}
			s.To(at)
		}
	}
	s.SetHeight(s.stepRows(height))
}

// Finished reports whether every step is settled.
func (s *Screen) Finished() bool { return s.nextStep >= len(s.verdicts) }

// CanEnd reports whether the record ends the case: every step is settled, by a read that is not stale.
func (s *Screen) CanEnd() bool { return s.Finished() && !s.board.IsStale() }

// CurrentVerdict is how the step at the cursor stands.
func (s *Screen) CurrentVerdict() *runbook.Verdict {
	if s.Cursor() >= len(s.verdicts) {
		return &runbook.Verdict{}
	}
	return &s.verdicts[s.Cursor()]
}

// Step is the one at the cursor.
func (s *Screen) Step() *runbook.Step { return &s.Book.Steps[s.Cursor()] }

// Place is where the step at the cursor is mended or looked at.
func (s *Screen) Place() (model.Location, bool) {
	v := s.CurrentVerdict()
	if v.Place == model.NoPlace || s.board.ReadAt().IsZero() {
		return model.Location{}, false
	}
	at := s.board.Place(v.Place)
	return at, at != (model.Location{})
}

// NeedsProbe reports whether the step at the cursor wants the services to be asked what no reading shows, and they were
// not yet.
func (s *Screen) NeedsProbe() bool {
	probed := !s.probedAt.IsZero() && s.probedAt.Equal(s.board.ReadAt())
	return s.CurrentVerdict().Ask && !probed
}

// MarkProbed says that they are being asked.
func (s *Screen) MarkProbed() { s.probedAt = s.board.ReadAt() }

// ProgressText says how far a runbook is.
func ProgressText(book runbook.Book, verdicts []runbook.Verdict) string {
	settled := model.CountIf(verdicts, func(v runbook.Verdict) bool { return v.State.Settled() })
	text := fmt.Sprintf("%d of %d steps settled", settled, len(verdicts))
	if next := runbook.Next(verdicts); next < len(verdicts) {
		text += ", next: " + book.Steps[next].Title
	}
	return text
}

const (
	// runbookHead is how many lines stand above the steps, runbookPane the least below them.
	runbookHead, runbookPane = 2, 7
	// heightForPane is from which height on the step at the cursor is told in full below the steps.
	heightForPane = 12
)

func (s *Screen) stepRows(height int) int {
	if height < heightForPane {
		return max(height-1, 1)
	}
	return max(min(len(s.Book.Steps), height-runbookHead-runbookPane), 1)
}

// View draws the steps, and below them the one at the cursor.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	s.Fit(c, width, height)
	lines := make([]string, 0, height)
	lines = append(lines, s.headLine(c, width))
	if height >= heightForPane {
		lines = append(lines, "")
	}
	room := s.stepRows(height)
	lines = append(lines, s.Lines(room, func(at int, _ bool) string { return s.stepLine(c, at, width) })...)
	if left := height - len(lines); height >= heightForPane && left > 0 {
		lines = append(lines, s.stepPane(c, width, left)...)
	}
	return lines
}

// headLine says how far the case is, and what comes next.
func (s *Screen) headLine(c *screen.Context, width int) string {
	text, look := ProgressText(s.Book, s.verdicts), c.Theme.Title
	if begun := " · begun " + c.Date(s.Entry.Begun); style.Width(text+begun) < width-3 {
		text += begun
	}
	switch {
	case s.Over:
		text, look = "✓ Finished and recorded: "+c.Key("back")+" leaves it.", c.Theme.Good
	case s.Finished() && !s.CanEnd():
		text = "Every step was settled when both sides were last read: " + c.Key("reload") +
			" reads again, before the record ends it."
	case s.Finished():
		text, look = "✓ Every step is settled: "+c.Key("record")+" writes the record for the ticket, and ends it.",
			c.Theme.Good
	case s.Record != "":
		text += " · recorded"
	}
	return "  " + look.On(style.Cut(text, width-3))
}

func stateMark(c *screen.Context, s runbook.State, next bool) screen.Mark {
	if s == runbook.Open && next {
		return screen.Mark{Text: "▸ to do", Look: c.Theme.Title}
	}
	return cmp.Or(map[runbook.State]screen.Mark{
		runbook.Done:     {Text: "✓ done", Look: c.Theme.Good},
		runbook.Needless: {Text: "– not needed", Look: c.Theme.Faint},
		runbook.ByHand:   {Text: "→ look by hand", Look: c.Theme.Medium},
		runbook.Blocked:  {Text: "✗ blocked", Look: c.Theme.Bad},
		runbook.Open:     {Text: "· to do", Look: c.Theme.Low},
	}[s], screen.Mark{Text: "? unknown", Look: c.Theme.Medium})
}

// stepLine is one step: how it stands, what it is, and what was seen where there is room for more than a word of it.
func (s *Screen) stepLine(c *screen.Context, at, width int) string {
	const sign, least = 16, 28
	v := &s.verdicts[at]
	longest := 0
	for i := range s.Book.Steps {
		longest = max(longest, style.Width(s.Book.Steps[i].Title))
	}
	title := style.Cut(s.Book.Steps[at].Title, width-sign-4)
	pad := style.Spaces(longest - style.Width(title))
	cursor := "   "
	if at == s.Cursor() {
		cursor, title = " › ", c.Theme.Chosen.On(title)
	}
	line := cursor + stateMark(c, v.State, at == s.nextStep).Cell(sign) + title
	if left := width - sign - 3 - longest - 3; left >= least {
		line += pad + "  " + style.Cut(style.Name(v.Seen), left)
	}
	return line
}
