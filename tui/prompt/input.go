// Package prompt is what takes the keys while something is typed or asked: the line of the filter, a question, a choice
// of ways, the palette.
package prompt

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// newInput is a line of text without colours of its own, edited at the terminal's own cursor: it needs no blinking from
// us, and screen readers follow it.
func newInput(prompt string) textinput.Model {
	in := textinput.New()
	in.Prompt = prompt
	in.SetStyles(textinput.Styles{})
	in.SetVirtualCursor(false)
	in.CharLimit = 200
	return in
}

// inputLine draws an input in a width; its text is scrolled to the cursor by the component.
func inputLine(in *textinput.Model, width int) string {
	in.SetWidth(max(width-style.Width(in.Prompt)-1, 1))
	return style.Cut(in.View(), width)
}

func inputCursor(in *textinput.Model, y, width int) *tea.Cursor {
	c := in.Cursor()
	if c == nil || c.X >= width {
		return nil
	}
	c.Y = y
	return c
}
