package prompt

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/screen"
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

// moved moves what stands above the line that is typed, where a key of one line does.
func moved(key string, on screen.Mover) bool {
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
