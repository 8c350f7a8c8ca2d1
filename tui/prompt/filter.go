package prompt

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Filter edits the filter of what is on top in place: each key narrows what shows. Enter keeps it, esc goes back to the
// filter there was, tab completes its last word.
type Filter struct {
	input  textinput.Model
	on     screen.Sifter
	before string
	mark   func()
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

// OpenFilter begins to edit a filter. mark marks whatever it leaves.
func OpenFilter(on screen.Sifter, mark func()) (*Filter, tea.Cmd) {
	f := &Filter{input: newInput(" /"), on: on, before: on.Filter(), mark: mark}
	f.input.SetValue(f.before)
	f.input.CursorEnd()
	f.look()
	return f, f.input.Focus()
}

// Key takes one in.
func (f *Filter) Key(msg tea.KeyPressMsg, on screen.Mover) (done bool, said string, cmd tea.Cmd) {
	switch key := msg.String(); {
	case key == "esc":
		_ = f.on.SetFilter(f.before) // it was in force before
		return true, "", nil
	case key == "enter":
		return f.wrong == "", "", nil
	case key == "tab":
		f.complete()
	case key == "ctrl+a":
		f.mark()
	case !moved(key, on):
		return false, "", f.Edit(msg)
	}
	return false, "", nil
}

// Edit changes the text.
func (f *Filter) Edit(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	f.input, cmd = f.input.Update(msg)
	f.apply()
	f.look()
	return cmd
}

func (f *Filter) apply() {
	f.wrong = ""
	if err := f.on.SetFilter(f.input.Value()); err != nil {
		f.wrong = err.Error()
	}
}

// look finds out what tab would put in the place of the last word.
func (f *Filter) look() {
	f.stem, f.words, f.next = "", nil, 0
	if c, can := f.on.(completer); can {
		f.stem, f.words = c.Complete(f.input.Value())
	}
}

// complete puts the next of the possible words in the place of the last one. Where there is one only, what may follow
// it is looked for at once.
func (f *Filter) complete() {
	if len(f.words) == 0 {
		return
	}
	f.input.SetValue(f.stem + f.words[f.next])
	f.input.CursorEnd()
	f.apply()
	if f.next = (f.next + 1) % len(f.words); len(f.words) == 1 {
		f.look()
	}
}

// View is the input, and beside it what is wrong with it or what tab would make of it.
func (f *Filter) View(theme *style.Theme, width int) string {
	beside := ""
	switch used := style.Width(f.input.Prompt) + style.Width(f.input.Value()) + 2; {
	case len(f.words) > 0:
		offer := "tab: " + strings.Join(append(slices.Clone(f.words[f.next:]), f.words[:f.next]...), " ")
		beside = theme.Faint.On(style.Cut(style.Name(offer), max(width-used, width/3)))
	case f.wrong != "":
		beside = theme.Bad.On(style.Cut(style.Name(f.wrong), max(width-used, width/2)))
	}
	if beside == "" {
		return inputLine(&f.input, width)
	}
	return style.Between(inputLine(&f.input, width-style.Width(beside)-1), beside, width)
}

// Cursor is where the next letter goes.
func (f *Filter) Cursor(y, width int) *tea.Cursor { return inputCursor(&f.input, y, width) }
