// Package paint turns values into terminal text: strangers' names made harmless, cells of an exact width, and the few
// styles of the program. It uses the 16 colours of the user's own terminal only, so that light and dark are both the
// user's choice, and never white, black or a background colour, which are illegible in one of the two.
package paint

import (
	"slices"

	"github.com/charmbracelet/x/ansi"
)

// Style is an opening escape sequence; empty is plain text. Lip Gloss styles measure and copy on each Render, which is
// most of the budget of a frame with 48 rows of six cells; a prefix costs an append.
type Style string

// Theme holds the styles of the program. The zero value is legible too: nothing is said by style alone.
type Theme struct {
	Critical, High, Medium, Low, Info Style

	// Frame colours rules and the connection's name, so that prod looks like prod.
	Frame Style
	// Title is for headings, Faint for what matters less, Key for keys in the footer, Good and Bad for outcomes.
	Title, Faint, Key, Good, Bad Style
	// Chosen marks the row under the cursor; it is a reversal, so that it shows without colours.
	Chosen Style
}

// accents maps the names of the configuration to colours of the terminal.
func accents() map[string]ansi.BasicColor {
	return map[string]ansi.BasicColor{
		"red": ansi.Red, "green": ansi.Green, "yellow": ansi.Yellow, "blue": ansi.Blue, "magenta": ansi.Magenta, "cyan": ansi.Cyan,
		"bright-red": ansi.BrightRed, "bright-green": ansi.BrightGreen, "bright-yellow": ansi.BrightYellow, "bright-blue": ansi.BrightBlue,
		"bright-magenta": ansi.BrightMagenta, "bright-cyan": ansi.BrightCyan,
	}
}

// AccentNames lists the colours that a connection can have, for checking a configuration.
func AccentNames() []string {
	names := make([]string, 0, len(accents()))
	for name := range accents() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// NewTheme makes the styles. An unknown or empty accent leaves the frame in the terminal's own colour. Without colour,
// weight and reversal remain.
func NewTheme(accent string, noColor bool) Theme {
	bold := ansi.NewStyle().Bold()
	t := Theme{
		Critical: styleOf(bold), High: styleOf(bold), Title: styleOf(bold), Bad: styleOf(bold), Key: styleOf(bold), Frame: styleOf(bold),
		Faint: styleOf(ansi.NewStyle().Faint()), Info: styleOf(ansi.NewStyle().Faint()),
		Chosen: styleOf(ansi.NewStyle().Reverse(true)),
	}
	if noColor {
		return t
	}
	color := func(c ansi.BasicColor) Style { return styleOf(ansi.NewStyle().ForegroundColor(c)) }
	t.Critical = styleOf(bold.ForegroundColor(ansi.Red))
	t.High = color(ansi.Red)
	t.Medium = color(ansi.Yellow)
	t.Low = color(ansi.Cyan)
	t.Good = color(ansi.Green)
	t.Bad = t.Critical
	if c, ok := accents()[accent]; ok {
		t.Frame = styleOf(bold.ForegroundColor(c))
	}
	return t
}

func styleOf(s ansi.Style) Style { return Style(s.String()) }

// On paints text. Text must hold no styles of its own.
func (s Style) On(text string) string {
	if s == "" || text == "" {
		return text
	}
	return string(s) + text + ansi.ResetStyle
}
