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

	target   screen.Filterable
	previous string
	mark     func()
	// problem is why a word of it counts for nothing; empty if all do.
	problem string
	// stem and completions are what the last word could become; nextCompletion is which of them tab puts there.
	stem           string
	completions    []string
	nextCompletion int
}

// completer knows what the last word of a filter could become.
type completer interface {
	Complete(text string) (before string, words []string)
}

// OpenFilter begins to edit a filter. mark marks whatever it leaves.
func OpenFilter(on screen.Filterable, mark func()) (*Filter, tea.Cmd) {
	f := &Filter{input: newInput(" /"), target: on, previous: on.Filter(), mark: mark}
	f.SetValue(f.previous)
	f.CursorEnd()
	f.updateCompletions()
	return f, f.Focus()
}

// Key takes one in.
func (f *Filter) Key(msg tea.KeyPressMsg, on screen.Mover) (done bool, said string, cmd tea.Cmd) {
	switch key := msg.String(); {
	case key == "esc":
		_ = f.target.SetFilter(f.previous) // it was in force before
		return true, "", nil
	case key == "enter":
		return f.problem == "", "", nil
	case key == "tab":
		f.complete()
	case key == "ctrl+a":
		f.mark()
	case !handleMoveKey(key, on):
		return false, "", f.Edit(msg)
	}
	return false, "", nil
}

// Edit changes the text.
func (f *Filter) Edit(msg tea.Msg) tea.Cmd {
	cmd := f.input.Edit(msg)
	f.apply()
	f.updateCompletions()
	return cmd
}

func (f *Filter) apply() {
	f.problem = ""
	if err := f.target.SetFilter(f.Value()); err != nil {
		f.problem = err.Error()
	}
}

// updateCompletions finds out what tab would put in the place of the last word.
func (f *Filter) updateCompletions() {
	f.stem, f.completions, f.nextCompletion = "", nil, 0
	if c, can := f.target.(completer); can {
		f.stem, f.completions = c.Complete(f.Value())
	}
}

// complete puts the next of the possible words in the place of the last one. Where there is one only, what may follow
// it is looked for at once.
func (f *Filter) complete() {
	if len(f.completions) == 0 {
		return
	}
	f.SetValue(f.stem + f.completions[f.nextCompletion])
	f.CursorEnd()
	f.apply()
	if f.nextCompletion = (f.nextCompletion + 1) % len(f.completions); len(f.completions) == 1 {
		f.updateCompletions()
	}
}

// View is the input, and beside it what is wrong with it or what tab would make of it.
func (f *Filter) View(theme *style.Theme, width int) string {
	beside := ""
	switch used := style.Width(f.Prompt) + style.Width(f.Value()) + 2; {
	case len(f.completions) > 0:
		words := slices.Concat(f.completions[f.nextCompletion:], f.completions[:f.nextCompletion])
		offer := "tab: " + strings.Join(words, " ")
		beside = theme.Faint.On(style.Cut(style.Name(offer), max(width-used, width/3)))
	case f.problem != "":
		beside = theme.Bad.On(style.Cut(style.Name(f.problem), max(width-used, width/2)))
	}
	if beside == "" {
		return f.line(width)
	}
	return style.Between(f.line(width-style.Width(beside)-1), beside, width)
}
