package prompt

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Question takes the keys until it is answered. Either a line is typed and enter gives it, or y says yes and every
// other key no: what is not meant is not done.
type Question struct {
	input

	// Text stands in the footer, before what is typed.
	Text string
	// MaxLength is how many characters may be typed; 0 asks for a y.
	MaxLength int
	// Answer gets the line, or "y"; No is said where it was not given.
	Answer func(line string) tea.Cmd
	No     string
	// IsQuit: it is whether to leave the program while a job goes on.
	IsQuit bool
	// Hint stands above the footer while it is open; nil for none.
	Hint func(c *screen.Context, width int) []string
}

// Open begins to ask.
func (q *Question) Open() tea.Cmd {
	if q.MaxLength == 0 {
		return nil
	}
	q.input = newInput(" " + q.Text + " ")
	q.CharLimit = q.MaxLength
	return q.Focus()
}

// Key takes one in.
func (q *Question) Key(msg tea.KeyPressMsg, on screen.Mover) (done bool, said string, cmd tea.Cmd) {
	typed := q.MaxLength > 0
	switch key := msg.String(); {
	case key == "esc", !typed && key != "y":
		return true, q.No, nil
	case !typed:
		return true, "", q.Answer(key)
	case key == "enter":
		return true, "", q.Answer(q.Value())
	case !handleMoveKey(key, on):
		return false, "", q.Edit(msg)
	}
	return false, "", nil
}

// View is the question in the footer.
func (q *Question) View(width int) string {
	if q.MaxLength == 0 {
		return " " + style.Cut(q.Text, width-1)
	}
	return q.line(width)
}
