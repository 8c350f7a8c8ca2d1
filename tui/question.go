package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// question takes the keys until it is answered. Either a line is typed and enter gives it, or y says yes and every
// other key no: what is not meant is not done.
type question struct {
	// text stands in the footer, before what is typed.
	text string
	// typed: a line is asked for; else a y.
	typed bool
	input textinput.Model
	// answer gets the line, or "y"; no is said where it was not given.
	answer func(a *app, line string) tea.Cmd
	no     string
	// leaves: it is whether to leave the program while a job goes on.
	leaves bool
	// hint stands above the footer while it is open; nil for none.
	hint func(a *app, width int) []string
}

// ask opens a question for a line of text; most is how many characters may be typed.
func (a *app) ask(q *question, most int) tea.Cmd {
	q.typed = true
	q.input = newInput(" " + q.text + " ")
	q.input.CharLimit = most
	a.question = q
	return q.input.Focus()
}

// askYes opens a question that y answers.
func (a *app) askYes(q *question) { a.question = q }

func (q *question) key(a *app, msg tea.KeyPressMsg) tea.Cmd {
	switch key := msg.String(); {
	case key == "esc", !q.typed && key != "y":
		a.question = nil
		a.status = q.no
	case !q.typed, key == "enter":
		a.question = nil
		return q.answer(a, q.line())
	case key == "down":
		a.mover().Move(1)
	case key == "up":
		a.mover().Move(-1)
	case key == "pgdown":
		a.mover().Page(1)
	case key == "pgup":
		a.mover().Page(-1)
	default:
		return q.edit(msg)
	}
	return nil
}

func (q *question) line() string {
	if q.typed {
		return q.input.Value()
	}
	return "y"
}

func (q *question) edit(msg tea.Msg) tea.Cmd {
	if !q.typed {
		return nil
	}
	var cmd tea.Cmd
	q.input, cmd = q.input.Update(msg)
	return cmd
}

// draw is the question in the footer.
func (q *question) draw(width int) string {
	if !q.typed {
		return " " + style.Cut(q.text, width-1)
	}
	return inputLine(&q.input, width)
}

func (q *question) cursor(y, width int) *tea.Cursor {
	if !q.typed {
		return nil
	}
	return inputCursor(&q.input, y, width)
}
