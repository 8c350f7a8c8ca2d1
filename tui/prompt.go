package tui

import (
	"slices"
	"strings"

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

// filterPrompt edits the filter of what is on top in place: each key narrows what shows. Enter keeps it, esc goes
// back to the filter there was, tab completes its last word.
type filterPrompt struct {
	input  textinput.Model
	on     sifter
	before string
	// wrong is why a word of it counts for nothing; empty if all do.
	wrong string
	// stem and words are what the last word could become; next is which of them tab puts there.
	stem  string
	words []string
	next  int
}

// completer knows what the last word of a filter could become.
type completer interface {
	Complete(text string) (before string, words []string)
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
	p.look()
	a.filter = p
	return p.input.Focus()
}

func (p *filterPrompt) key(a *app, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		_ = p.on.SetFilter(p.before) // it was in force before
		a.filter = nil
	case "enter":
		if p.wrong == "" {
			a.filter = nil
		}
	case "tab":
		p.complete()
	case "ctrl+a":
		a.markMatches()
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
	p.apply()
	p.look()
	return cmd
}

func (p *filterPrompt) apply() {
	p.wrong = ""
	if err := p.on.SetFilter(p.input.Value()); err != nil {
		p.wrong = err.Error()
	}
}

// look finds out what tab would put in the place of the last word.
func (p *filterPrompt) look() {
	p.stem, p.words, p.next = "", nil, 0
	if c, can := p.on.(completer); can {
		p.stem, p.words = c.Complete(p.input.Value())
	}
}

// complete puts the next of the possible words in the place of the last one. Where there is one only, what may follow
// it is looked for at once.
func (p *filterPrompt) complete() {
	if len(p.words) == 0 {
		return
	}
	p.input.SetValue(p.stem + p.words[p.next])
	p.input.CursorEnd()
	p.apply()
	if p.next = (p.next + 1) % len(p.words); len(p.words) == 1 {
		p.look()
	}
}

// line is the input, and beside it what is wrong with it or what tab would make of it.
func (p *filterPrompt) line(a *app, width int) string {
	beside := ""
	switch used := style.Width(p.input.Prompt) + style.Width(p.input.Value()) + 2; {
	case len(p.words) > 0:
		offer := "tab: " + strings.Join(append(slices.Clone(p.words[p.next:]), p.words[:p.next]...), " ")
		beside = a.theme.Faint.On(style.Cut(style.Name(offer), max(width-used, width/3)))
	case p.wrong != "":
		beside = a.theme.Bad.On(style.Cut(style.Name(p.wrong), max(width-used, width/2)))
	}
	if beside == "" {
		return inputLine(&p.input, width)
	}
	return style.Between(inputLine(&p.input, width-style.Width(beside)-1), beside, width)
}

func (p *filterPrompt) cursor(y, width int) *tea.Cursor { return inputCursor(&p.input, y, width) }
