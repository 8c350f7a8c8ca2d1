package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/paint"
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
	in.SetWidth(max(width-paint.Width(in.Prompt)-1, 1))
	return paint.Cut(in.View(), width)
}

func inputCursor(in *textinput.Model, y, width int) *tea.Cursor {
	c := in.Cursor()
	if c == nil || c.X >= width {
		return nil
	}
	c.Y = y
	return c
}

// filterPrompt edits the filter of what is on top in place: each key narrows what shows. Enter keeps it, esc goes back to
// the filter there was.
type filterPrompt struct {
	input  textinput.Model
	on     sifter
	before string
}

// sifter is what a filter would narrow now; nil where there is nothing to.
func (a *app) sifter() sifter {
	s := a.top()
	if s == nil {
		return a.pane()
	}
	on, _ := s.(sifter)
	return on
}

func (a *app) openFilter() tea.Cmd {
	on := a.sifter()
	if s := a.inspector(); s != nil {
		s.toList()
	}
	p := &filterPrompt{input: newInput(" /"), on: on, before: on.Filter()}
	p.input.SetValue(p.before)
	p.input.CursorEnd()
	a.filter = p
	return p.input.Focus()
}

func (p *filterPrompt) key(a *app, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		p.on.SetFilter(p.before)
		a.filter = nil
	case "enter":
		a.filter = nil
	case "down":
		a.mover().Move(1)
	case "up":
		a.mover().Move(-1)
	case "pgdown":
		a.mover().Page(1)
	case "pgup":
		a.mover().Page(-1)
	default:
		return p.edit(msg)
	}
	return nil
}

func (p *filterPrompt) edit(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	p.on.SetFilter(p.input.Value())
	return cmd
}

func (p *filterPrompt) line(width int) string { return inputLine(&p.input, width) }

func (p *filterPrompt) cursor(y, width int) *tea.Cursor { return inputCursor(&p.input, y, width) }
