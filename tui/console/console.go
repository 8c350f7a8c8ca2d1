// Package console leads to a page of a console.
package console

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen shows where something is. It comes up whether a browser opened or not: the page opens at the app, and the
// menu path says where to go from there.
type Screen struct {
	screen.Text

	Place   model.Location
	message string
	// note is a sentence on what happens, or does not, after it; it may be empty.
	note string
}

// Title names the screen.
func (*Screen) Title() string { return "In the console" }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		lines := append([]string{""}, style.Paragraphs("  ", width, s.message)...)
		lines = append(append(lines, ""), c.Place("Menu:", s.Place, "  ", width)...)
		if s.note != "" {
			lines = append(append(lines, ""), style.Paragraphs("  ", width, s.note)...)
		}
		return append(lines, "", "  "+c.Key("copy")+" copies the address, "+c.Key("back")+" goes back.")
	})
}

// Open shows a place, and brings up its page where it has an address: what is given then is to be run aside.
func Open(place model.Location, note string, open func(address string) (bool, error)) (*Screen, func() tea.Msg) {
	s := &Screen{Place: place, message: "Opening.", note: note}
	if place.Link == "" {
		s.message = "No address is known for it; the menu path leads there."
		return s, func() tea.Msg { return nil }
	}
	return s, func() tea.Msg {
		opened, err := open(place.Link)
		return screen.Handled(func() {
			s.Stale()
			switch {
			case err != nil:
				s.message = "No browser was opened: " + err.Error()
			case opened:
				s.message = "Opened in your browser."
			default:
				s.message = "No browser can be opened from here: follow the link in your terminal, or copy it."
			}
		})
	}
}
