package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// chooser asks which of a few ways to go. It changes nothing itself: each way leads to a plan or a page.
type chooser struct {
	cursorWindow

	name  string // raw
	items []choice
	// lines and where each item begins in them, for a width.
	lines []chooserLine
	width int
}

// choice is one way with what it does. The texts are raw.
type choice struct {
	label, text string
	run         func(*app) tea.Cmd
}

type chooserLine struct {
	text string
	item int
	head bool
}

// choose shows the ways; a single one is gone at once.
func (a *app) choose(name string, items []choice) tea.Cmd {
	if len(items) == 1 {
		return items[0].run(a)
	}
	a.push(newChooser(name, items))
	return nil
}

func newChooser(name string, items []choice) *chooser {
	s := &chooser{name: name, items: items}
	s.setLen(len(items))
	return s
}

// goTheWay leaves the chooser by the way at the cursor.
func (a *app) goTheWay() tea.Cmd {
	s, on := a.top().(*chooser)
	if !on {
		return nil
	}
	a.pop()
	return s.items[s.cursor].run(a)
}

func (s *chooser) title(*app) string { return style.Name(s.name) }

// fit keeps each way one line for moving: the explanation comes along when its head is in view.
func (s *chooser) fit(_ *app, width, _ int) {
	s.SetHeight(len(s.items))
	if s.width == width {
		return
	}
	s.width, s.lines = width, nil
	for i, c := range s.items {
		s.lines = append(s.lines, chooserLine{item: i})
		s.lines = append(s.lines, chooserLine{text: style.Name(c.label), item: i, head: true})
		for _, line := range indent("     ", style.Name(c.text), width-1) {
			s.lines = append(s.lines, chooserLine{text: line, item: i})
		}
	}
}

func (s *chooser) body(a *app, width, height int) []string {
	s.fit(a, width, height)
	from, to := 0, 0
	for i, line := range s.lines {
		if line.item == s.cursor {
			if line.head {
				from = i
			}
			to = i + 1
		}
	}
	// The whole of what is chosen is in view, from its head on where it is longer than the window.
	top := min(max(to-height, 0), from)
	out := make([]string, 0, height)
	for _, line := range s.lines[top:min(top+height, len(s.lines))] {
		switch {
		case !line.head:
			out = append(out, line.text)
		case line.item == s.cursor:
			out = append(out, " › "+a.theme.Chosen.On(style.Cut(line.text, width-4)))
		default:
			out = append(out, "   "+a.theme.Title.On(style.Cut(line.text, width-4)))
		}
	}
	return out
}
