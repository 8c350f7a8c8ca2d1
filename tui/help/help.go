// Package help lists every key and what the signs mean.
package help

import (
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen lists every key and what the signs mean.
type Screen struct {
	screen.Text

	Sections []keymap.Section
}

// Title names the screen.
func (*Screen) Title() string { return "Help" }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		var lines []string
		for _, section := range s.Sections {
			lines = append(lines, "", c.Heading(section.Name, width))
			for _, k := range section.Keys {
				lines = append(lines, "    "+c.Theme.Key.On(style.Fit(k.Keys, 15))+" "+k.Does)
			}
		}
		lines = append(lines, "", c.Heading("Signs", width))
		for _, sign := range signs() {
			lines = append(lines, "    "+style.Fit(sign[0], 15)+" "+sign[1])
		}
		return lines
	})
}

func signs() [][2]string {
	return [][2]string{
		{"=", "the same on both sides"},
		{"≠", "on both sides, but not the same"},
		{"▷", "only at the source"},
		{"◁", "only at the target"},
		{"?", "not settled: a part that would decide was not read"},
		{"!! ! ~ - ·", "critical, high, medium, low, info"},
		{"*", "marked"},
		{"+", "in the range that is open"},
	}
}
