// Package help lists every key and what the signs mean.
package help

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"

	"github.com/scimdrift/scimdrift/model"
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

// View draws it, each section in two columns where there is room for them, for who reads one after the other.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		h := help.New()
		h.Styles = help.Styles{FullKey: c.Theme.Key.Lipgloss()}
		var lines []string
		section := func(name string, all []key.Binding) {
			const margin = "    "
			view := h.FullHelpView([][]key.Binding{all})
			if half := (len(all) + 1) / 2; half > 1 && !c.Plain {
				two := h.FullHelpView([][]key.Binding{all[:half], all[half:]})
				if lipgloss.Width(two)+len(margin) <= width {
					view = two
				}
			}
			lines = append(lines, "", c.Heading(name, width))
			for line := range strings.SplitSeq(view, "\n") {
				lines = append(lines, margin+line)
			}
		}
		for _, part := range slices.Concat([]keymap.Section{{Name: "Here", Actions: s.Here}}, s.All.Sections()) {
			section(part.Name, model.Map(part.Actions, func(act *keymap.Action) key.Binding {
				return key.NewBinding(key.WithKeys(act.ID), key.WithHelp(act.Binding.Help().Key, act.Does))
			}))
		}
		section("Signs", signs())
		return lines
	})
}

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
