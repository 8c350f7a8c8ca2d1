// Package help lists every key and what the signs mean.
package help

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"

	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Screen lists the keys that work where it was asked for, then every key, and what the signs mean.
type Screen struct {
	screen.Text

	Here, All keymap.Map
}

// Title names the screen.
func (*Screen) Title() string { return "Help" }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		h := help.New()
		h.Styles = help.Styles{FullKey: c.Theme.Key.Lipgloss()}
		var lines []string
		section := func(name string, all []key.Binding) {
			columns := [][]key.Binding{all}
			if half := (len(all) + 1) / 2; width >= twoColumns && half > 1 && !c.Plain {
				columns = [][]key.Binding{all[:half], all[half:]}
			}
			lines = append(lines, "", c.Heading(name, width))
			for line := range strings.SplitSeq(h.FullHelpView(columns), "\n") {
				lines = append(lines, "    "+line)
			}
		}
		for _, part := range slices.Concat([]keymap.Section{{Name: "Here", Actions: s.Here}}, s.All.Sections()) {
			all := make([]key.Binding, len(part.Actions))
			for i, act := range part.Actions {
				all[i] = key.NewBinding(key.WithKeys(act.ID), key.WithHelp(act.Binding.Help().Key, act.Does))
			}
			section(part.Name, all)
		}
		section("Signs", signs())
		return lines
	})
}

// twoColumns is from which width on the keys of a section stand in two columns, for who reads one after the other.
const twoColumns = 150

func signs() (out []key.Binding) {
	for _, s := range [][2]string{
		{"=", "the same on both sides"},
		{"≠", "on both sides, but not the same"},
		{"▷", "only at the source"},
		{"◁", "only at the target"},
		{"?", "not settled: a part that would decide was not read"},
		{"!! ! ~ - ·", "critical, high, medium, low, info"},
		{"*", "marked"},
		{"+", "in the range that is open"},
	} {
		out = append(out, key.NewBinding(key.WithKeys(s[0]), key.WithHelp(s[0], s[1])))
	}
	return out
}
