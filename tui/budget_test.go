package tui

import (
	"bytes"
	"fmt"
	"image/color"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// terminal is the framework's cell renderer, writing to memory: what it writes is what an operator's line has to carry.
type terminal struct {
	out    bytes.Buffer
	screen *uv.TerminalRenderer
	cells  uv.ScreenBuffer
}

// newTerminal is 160 wide, the width of the budgets.
func newTerminal(height int) *terminal {
	t := &terminal{cells: uv.NewScreenBuffer(160, height)}
	t.screen = uv.NewTerminalRenderer(&t.out, []string{"TERM=xterm-256color"})
	t.screen.SetColorProfile(colorprofile.ANSI256)
	t.screen.SetScrollOptim(true)
	t.screen.EnterAltScreen()
	t.screen.SetFullscreen(true)
	t.screen.SetRelativeCursor(false)
	return t
}

// draw gives how many bytes it takes to bring the terminal to this frame.
func (t *terminal) draw(tb testing.TB, a *app) int {
	tb.Helper()
	t.out.Reset()
	content := uv.NewStyledString(a.View().Content)
	t.cells.Clear()
	content.Draw(t.cells, t.cells.Bounds())
	t.screen.Render(t.cells.RenderBuffer)
	if err := t.screen.Flush(); err != nil {
		tb.Fatal(err)
	}
	return t.out.Len()
}

// busy is a tenant with drift, checks and a log.
func busy() *drift.Comparison {
	w := drifted()
	for i := range 300 {
		w.source.Events = append(w.source.Events, model.Event{
			ID: fmt.Sprint("busy", i), At: noon().Add(-time.Duration(i) * time.Minute), Type: model.EventUpdateFailed,
			AppID:  "500001",
			UserID: w.source.Users[i].ID, UserName: w.source.Users[i].UserName,
			Text: fmt.Sprintf("HTTP %d: attempt %d was refused", 400+i%9, i),
		})
	}
	return w.compare()
}

// TestBytesPerScrolledLine is the same for the members of a large group in the inspector.
func TestBytesPerScrolledLine(t *testing.T) {
	longTable(t)
	t.Parallel()
	const budget = 600
	a := board(t, crowd().compare(), 160, 48)
	a.press("2", "/", "0", "enter", "enter", "tab", "tab", "tab")
	if s := a.inspector(); s == nil || s.Unfiltered() == 0 {
		t.Fatalf("not on the members:\n%s", frame(a))
	}
	term := newTerminal(48)
	term.draw(t, a)
	total := 0
	const moves = 60
	for range moves {
		a.press("j")
		total += term.draw(t, a)
	}
	if total/moves > budget {
		t.Errorf("a scrolled line costs %d bytes on average, more than %d", total/moves, budget)
	}
}

// TestBytesPerMove keeps the board usable on a slow line (DESIGN section 11): 600 bytes for a move or a scrolled row
// with the detail pane at 160x48. Bytes are counted, not time, so that the outcome is the same everywhere.
func TestBytesPerMove(t *testing.T) {
	t.Parallel()
	const budget = 600
	for _, tab := range []string{"1", "2", "3", "4", "5", "6"} {
		t.Run("tab "+tab, func(t *testing.T) {
			t.Parallel()
			a := board(t, busy(), 160, 48)
			a.Update(tea.BackgroundColorMsg{Color: color.Black})
			a.tell(func() { a.receiveHistory(a.historyRequest, manyRuns(a.Set.Comparison), nil) })
			a.press("f", tab)
			term := newTerminal(48)
			term.draw(t, a)
			worst, total := 0, 0
			const moves = 60
			for range moves {
				a.press("j")
				n := term.draw(t, a)
				worst, total = max(worst, n), total+n
			}
			t.Logf("%d bytes on average, %d at worst", total/moves, worst)
			if total/moves > budget {
				t.Errorf("a move costs %d bytes on average, more than %d", total/moves, budget)
			}
		})
	}
}

// manyRuns are runs of many plans, most of them long ago.
func manyRuns(c *drift.Comparison) []model.Run {
	var out []model.Run
	for i := range 90 {
		r := pastRun(fmt.Sprintf("20261123T%06dZ-%04x", 120000-i, i), deleting(c, "aws-legacy-admins"), model.RunDone,
			model.StepConfirmed)
		r.StartedAt, r.Reason = noon().Add(-time.Duration(i)*time.Hour), fmt.Sprint("ticket ", i*37)
		out = append(out, r)
	}
	return out
}

// TestBytesPerStep is the same for the steps of a plan, with the pane of each.
func TestBytesPerStep(t *testing.T) {
	t.Parallel()
	const budget = 600
	c := drifted().compare()
	a := repairBoard(t, c, 160, 48)
	var picks []model.Pick
	for range 20 {
		for _, name := range []string{"aws-legacy-admins", "aws-contractors-2023"} {
			picks = append(picks, model.Pick{
				Finding: "group-lingering/" + name, Option: model.Option{
					Repair:  model.DeleteGroup,
					Channel: model.Direct,
				},
			})
		}
	}
	a.Update(a.planFor(selection{}, picks, "many")())
	term := newTerminal(48)
	term.draw(t, a)
	total := 0
	const moves = 60
	for range moves {
		a.press("j")
		total += term.draw(t, a)
	}
	if total/moves > budget {
		t.Errorf("a step costs %d bytes on average, more than %d", total/moves, budget)
	}
}

// TestBytesPerMoveOfTheGrid is the same for the grid alone: the pane is left out on a low terminal, whose rows cost the
// same.
func TestBytesPerMoveOfTheGrid(t *testing.T) {
	t.Parallel()
	const budget = 300
	a := board(t, drifted().compare(), 160, heightForPreview-1)
	a.Update(tea.BackgroundColorMsg{Color: color.Black}) // as nearly every terminal answers
	a.press("3")
	term := newTerminal(heightForPreview - 1)
	term.draw(t, a)
	for range 60 {
		a.press("j")
		if n := term.draw(t, a); n > budget {
			t.Fatalf("a move costs %d bytes, more than %d", n, budget)
		}
	}
}

// TestIdleBoardWritesNothing: the clock ticks, and as long as the words for the age stay the same, so does the screen.
func TestIdleBoardWritesNothing(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 48)
	term := newTerminal(48)
	term.draw(t, a)
	a.Update(minuteMsg{})
	if n := term.draw(t, a); n != 0 {
		t.Errorf("an idle board wrote %d bytes", n)
	}
}
