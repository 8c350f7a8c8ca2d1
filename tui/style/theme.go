// Package style turns values into terminal text: strangers' names made harmless, cells of an exact width, and the Lip
// Gloss styles of the program by what they are for. It is the only place that knows a colour or writes an escape
// sequence.
package style

import (
	"image/color"
	"maps"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/report"
)

// Style is a Lip Gloss style as the sequences before and after a text. Lip Gloss measures and copies on each Render,
// which is most of the budget of a frame with 48 rows of six cells; two sequences cost an append. The zero value is
// plain text.
type Style struct{ open, end string }

// newStyle works a Lip Gloss style out once.
func newStyle(s lipgloss.Style) Style {
	const text = "x"
	open, end, _ := strings.Cut(s.Render(text), text)
	return Style{open, end}
}

// On paints text. Text must hold no styles of its own.
func (s Style) On(text string) string {
	if s.open == "" || text == "" {
		return text
	}
	return s.open + text + s.end
}

// Lipgloss is the style for components that take one of Lip Gloss's.
func (s Style) Lipgloss() lipgloss.Style {
	return lipgloss.NewStyle().Transform(func(text string) string {
		lines := strings.Split(text, "\n")
		for i := range lines {
			lines[i] = s.On(lines[i])
		}
		return strings.Join(lines, "\n")
	})
}

// And is both styles at once; the other one wins where they differ.
func (s Style) And(other Style) Style { return Style{s.open + other.open, other.end + s.end} }

// Theme holds the styles of the program by role. The zero value is legible too: nothing is said by style alone.
type Theme struct {
	// The severities differ in colour and in weight, and each has its word beside it.
	Critical, High, Medium, Low, Info Style
	// Quiet are the severities in headings, from info on: their colour without their weight.
	Quiet [5]Style
	// Frame is the connection's accent: rules and its name, so that prod looks like prod.
	Frame Style
	// Title is for headings, Faint for what matters less, Key for keys in the footer, Match for the letters that match.
	Title, Faint, Key, Match Style
	// Good and Bad are outcomes.
	Good, Bad Style
	// Cursor is the line under the cursor and Chosen one cell of it; both show without colours.
	Cursor, Chosen Style
}

// AtCursor is a style on the line under the cursor, which shows through it unless the style paints its own ground.
func (t *Theme) AtCursor(s Style) Style {
	if s == t.Critical {
		return s
	}
	return t.Cursor.And(s)
}

// The names of the themes. Auto is dark or light, whichever the terminal says that its background is.
const (
	Auto  = "auto"
	Dark  = "dark"
	Light = "light"
	Mono  = "mono"
)

// roles are what can be given a colour of its own.
func (t *Theme) roles() map[string]*Style {
	return map[string]*Style{
		"critical": &t.Critical, "high": &t.High, "medium": &t.Medium, "low": &t.Low, "info": &t.Info,
		"title": &t.Title, "dim": &t.Faint, "key": &t.Key, "match": &t.Match, "good": &t.Good, "bad": &t.Bad,
		"cursor": &t.Cursor,
	}
}

// The terminal's own colours by role, as far as they are legible on its background. The line at the cursor has a grey
// of the 256, which is the same everywhere and costs a slow line less than a reversal: a terminal fills blanks with it
// by itself. What it cannot show it takes for the nearest of the 16. For all else never white, black or a background:
// which of them is legible is the user's choice of colours. Dark yellow and cyan vanish on white, dark blue and red on
// black.
var (
	onDark = map[string]color.Color{ //nolint:gochecknoglobals // a constant table
		"critical": lipgloss.BrightRed, "high": lipgloss.BrightYellow, "medium": lipgloss.BrightCyan,
		"key":  lipgloss.BrightCyan,
		"good": lipgloss.BrightGreen, "bad": lipgloss.BrightRed, "cursor": lipgloss.ANSIColor(238),
	}
	onLight = map[string]color.Color{ //nolint:gochecknoglobals // a constant table
		"critical": lipgloss.Red, "high": lipgloss.Magenta, "medium": lipgloss.Blue, "key": lipgloss.Blue,
		"good": lipgloss.Green, "bad": lipgloss.Red, "cursor": lipgloss.ANSIColor(253),
	}
)

// NewTheme makes the styles. An unknown or empty accent leaves the frame in the terminal's own colour. Without colours
// weight, underline and reversal remain.
func NewTheme(choice Choice, accent string) Theme {
	plain := lipgloss.NewStyle()
	bold, faint := plain.Bold(true), plain.Faint(true)
	t := Theme{
		Critical: newStyle(bold.Reverse(true)), High: newStyle(bold), Medium: newStyle(plain.Underline(true)),
		Info:  newStyle(faint),
		Frame: newStyle(bold), Title: newStyle(bold), Faint: newStyle(faint), Key: newStyle(bold),
		Match: newStyle(bold.Underline(true)),
		Bad:   newStyle(bold), Cursor: newStyle(plain.Reverse(true)), Chosen: newStyle(plain.Reverse(true)),
	}
	if choice.Name == Mono {
		return t
	}
	colours := maps.Clone(onDark)
	if choice.Name == Light {
		colours = maps.Clone(onLight)
	}
	if choice.Name != Dark && choice.Name != Light { // the background is not known, and a reversal fits any
		delete(colours, "cursor")
	}
	for role, value := range choice.Colours {
		colours[role] = parseColour(value)
	}
	t.Quiet[model.Info] = newStyle(faint)
	if c, ok := accents()[accent]; ok {
		t.Frame = newStyle(bold.Foreground(c))
	}
	weights := map[string]lipgloss.Style{
		"critical": bold.Reverse(true), "high": bold, "title": bold, "key": bold, "bad": bold,
		"match": bold.Underline(true),
	}
	for role, at := range t.roles() {
		c, coloured := colours[role]
		switch {
		case !coloured:
		case role == "cursor":
			*at = newStyle(plain.Background(c))
		default:
			*at = newStyle(weights[role].Foreground(c))
		}
	}
	for _, s := range model.Severities() {
		if c, coloured := colours[s.String()]; coloured {
			t.Quiet[s] = newStyle(plain.Foreground(c))
		}
	}
	return t
}

// EraseLine takes away what stands on the terminal's current line, for progress that is written over itself.
const EraseLine = "\r" + ansi.EraseEntireLine

// Severity is the style of one.
func (t *Theme) Severity(s model.Severity) Style {
	return [...]Style{
		model.Info: t.Info, model.Low: t.Low, model.Medium: t.Medium, model.High: t.High, model.Critical: t.Critical,
	}[s]
}

// Print gives a piece of a printed report the look of its role, in the terminal's own 16 colours.
func Print(role report.Role, text string) string {
	plain := lipgloss.NewStyle()
	return map[report.Role]lipgloss.Style{
		report.Title: plain.Bold(true), report.Good: plain.Foreground(lipgloss.Green),
		report.Critical: plain.Bold(true).Foreground(lipgloss.Red), report.High: plain.Foreground(lipgloss.Red),
		report.Medium: plain.Foreground(lipgloss.Yellow), report.Low: plain.Foreground(lipgloss.Cyan),
		report.Info: plain.Faint(true),
	}[role].Render(text)
}
