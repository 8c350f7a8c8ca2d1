// Package prompt is what takes the keys while something is typed or asked: the line of the filter, a question, a choice
// of ways, the palette.
package prompt

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Prompt takes the keys while it is open.
type Prompt interface {
	// Key takes one. done: it is open no longer. said is what is said of its end, empty for nothing.
	Key(msg tea.KeyPressMsg, on screen.Mover) (done bool, said string, cmd tea.Cmd)
	// Edit takes pasted text.
	Edit(msg tea.Msg) tea.Cmd
	// Cursor is the terminal's own one, on the line y of the screen.
	Cursor(y, width int) *tea.Cursor
}

// handleMoveKey moves what stands above the line that is typed, where a key of one line does.
func handleMoveKey(key string, on screen.Mover) bool {
	switch key {
	case "down":
		on.Move(1)
	case "up":
		on.Move(-1)
	case "pgdown":
		screen.Page(on, 1)
	case "pgup":
		screen.Page(on, -1)
	default:
		return false
	}
	return true
}

// input is a line of text without colours of its own, edited at the terminal's own cursor: it needs no blinking from
// us, and screen readers follow it. The zero value takes no text.
type input struct{ textinput.Model }

func newInput(prompt string) input {
	in := input{textinput.New()}
	in.Prompt = prompt
	in.SetStyles(textinput.Styles{})
	in.SetVirtualCursor(false)
	in.CharLimit = 200
	return in
}

// Edit changes the text.
func (in *input) Edit(msg tea.Msg) (cmd tea.Cmd) {
	in.Model, cmd = in.Update(msg)
	return cmd
}

// line draws it in a width; its text is scrolled to the cursor by the component.
func (in *input) line(width int) string {
	in.SetWidth(max(width-style.Width(in.Prompt)-1, 1))
	return style.Cut(in.View(), width)
}

// Cursor is where the next letter goes; nil where no line is typed.
func (in *input) Cursor(y, width int) *tea.Cursor {
	c := in.Model.Cursor()
	if c == nil || c.X >= width {
		return nil
	}
	c.Y = y
	return c
}
