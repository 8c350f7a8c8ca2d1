package prompt

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Chooser asks which of a few ways to go. It changes nothing itself: each way leads to a plan or a page.
type Chooser struct {
	screen.List

	name  string // raw
	Items []Choice
}

// Choice is one way with what it does. The texts are raw.
type Choice struct {
	Label, Text string
	Run         func() tea.Cmd
}

// NewChooser asks under a name.
func NewChooser(name string, items []Choice) *Chooser {
	s := &Chooser{name: name, Items: items}
	s.SetLen(len(items))
	s.SetHeight(len(items)) // each way is one line for moving: the explanation comes along when its head is in view
	return s
}

// Chosen is the way at the cursor.
func (s *Chooser) Chosen() Choice { return s.Items[s.Cursor()] }

// Keys are those of the choice.
func (*Chooser) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/choice | A choice | in a choice of ways, which {plan} shows
take-way | enter | 1 take it | go the way at the cursor |`

// Title names what is chosen.
func (s *Chooser) Title() string { return style.Name(s.name) }

// View draws the ways, each with what it does.
func (s *Chooser) View(c *screen.Context, width, height int) []string {
	entries := make([][]string, len(s.Items))
	for i, item := range s.Items {
		look, pointer := c.Theme.Title, "   "
		if i == s.Cursor() {
			look, pointer = c.Theme.Chosen, " › "
		}
		entries[i] = append([]string{"", pointer + look.On(style.Cut(style.Name(item.Label), width-4))},
			style.Paragraphs("     ", width, item.Text)...)
	}
	return screen.Entries(entries, s.Cursor(), height)
}
