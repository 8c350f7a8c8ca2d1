package prompt

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Filter edits the filter of what is on top in place: each key narrows what shows. Enter keeps it, esc goes back to the
// filter there was, tab completes its last word.
type Filter struct {
	input

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
	f.SetValue(f.before)
	f.CursorEnd()
	f.look()
	return f, f.Focus()
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
	cmd := f.input.Edit(msg)
	f.apply()
	f.look()
	return cmd
}

func (f *Filter) apply() {
	f.wrong = ""
	if err := f.on.SetFilter(f.Value()); err != nil {
		f.wrong = err.Error()
	}
}

// look finds out what tab would put in the place of the last word.
func (f *Filter) look() {
	f.stem, f.words, f.next = "", nil, 0
	if c, can := f.on.(completer); can {
		f.stem, f.words = c.Complete(f.Value())
	}
}

// complete puts the next of the possible words in the place of the last one. Where there is one only, what may follow
// it is looked for at once.
func (f *Filter) complete() {
	if len(f.words) == 0 {
		return
	}
	f.SetValue(f.stem + f.words[f.next])
	f.CursorEnd()
	f.apply()
	if f.next = (f.next + 1) % len(f.words); len(f.words) == 1 {
		f.look()
	}
}

// View is the input, and beside it what is wrong with it or what tab would make of it.
func (f *Filter) View(theme *style.Theme, width int) string {
	beside := ""
	switch used := style.Width(f.Prompt) + style.Width(f.Value()) + 2; {
	case len(f.words) > 0:
		offer := "tab: " + strings.Join(append(slices.Clone(f.words[f.next:]), f.words[:f.next]...), " ")
		beside = theme.Faint.On(style.Cut(style.Name(offer), max(width-used, width/3)))
	case f.wrong != "":
		beside = theme.Bad.On(style.Cut(style.Name(f.wrong), max(width-used, width/2)))
	}
	if beside == "" {
		return f.line(width)
	}
	return style.Between(f.line(width-style.Width(beside)-1), beside, width)
}
