package style

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// terminals are what well-known terminals make of the first 16 colours, where they say so, with their background.
var terminals = []struct {
	name, theme, background string
	colours                 [16]string
}{
	{"xterm", Dark, "#000000", [16]string{
		"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
		"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
	}},
	{"Windows Terminal, Campbell", Dark, "#0c0c0c", [16]string{
		"#0c0c0c", "#c50f1f", "#13a10e", "#c19c00", "#0037da", "#881798", "#3a96dd", "#cccccc",
		"#767676", "#e74856", "#16c60c", "#f9f1a5", "#3b78ff", "#b4009e", "#61d6d6", "#f2f2f2",
	}},
	{"GNOME, Tango", Dark, "#171421", [16]string{
		"#171421", "#c01c28", "#26a269", "#a2734c", "#12488b", "#a347ba", "#2aa1b3", "#d0cfcc",
		"#5e5c64", "#f66151", "#33da7a", "#e9ad0c", "#2a7bde", "#c061cb", "#33c7de", "#ffffff",
	}},
	{"xterm on white", Light, "#ffffff", [16]string{
		"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
		"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
	}},
	{"GNOME on white", Light, "#ffffff", [16]string{
		"#171421", "#c01c28", "#26a269", "#a2734c", "#12488b", "#a347ba", "#2aa1b3", "#d0cfcc",
		"#5e5c64", "#f66151", "#33da7a", "#e9ad0c", "#2a7bde", "#c061cb", "#33c7de", "#ffffff",
	}},
	{"GitHub light", Light, "#ffffff", [16]string{
		"#24292e", "#d73a49", "#22863a", "#b08800", "#0366d6", "#6f42c1", "#1b7c83", "#6a737d",
		"#959da5", "#cb2431", "#28a745", "#dbab09", "#2188ff", "#8a63d2", "#3192aa", "#d1d5da",
	}},
}

// TestContrast: what has a severity or is a key to press can be read on the backgrounds of well-known terminals, at
// the 3:1 that WCAG 2.2 asks of large or bold text and signs. Each also has its word.
func TestContrast(t *testing.T) {
	t.Parallel()
	// The greys of the cursor's line are the same everywhere.
	if dark, light := contrast(lipgloss.Color("#cccccc"), onDark["cursor"]),
		contrast(lipgloss.Color("#24292e"), onLight["cursor"]); min(dark, light) < 4.5 {
		t.Errorf("text at the cursor has contrasts of %.1f and %.1f", dark, light)
	}
	for _, term := range terminals {
		p := onDark
		if term.theme == Light {
			p = onLight
		}
		for _, role := range []string{"critical", "high", "medium", "key", "bad"} {
			basic, ok := p[role].(ansi.BasicColor)
			if !ok {
				t.Fatalf("%s is none of the terminal's 16 colours", role)
			}
			if got := contrast(lipgloss.Color(term.colours[basic]), lipgloss.Color(term.background)); got < 3 {
				t.Errorf("%s: %s has a contrast of %.1f", term.name, role, got)
			}
		}
	}
}

// contrast is WCAG's ratio of two colours, from 1 to 21.
func contrast(a, b color.Color) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.Color) float64 {
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// TestSeveritiesDiffer: in every theme, also without colours, no two severities look the same.
func TestSeveritiesDiffer(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		theme := NewTheme(Choice{Name: name}, "")
		seen := map[Style]bool{}
		for _, s := range []Style{theme.Critical, theme.High, theme.Medium, theme.Low, theme.Info} {
			if seen[s] {
				t.Errorf("theme %s: two severities are painted %q", name, s.open)
			}
			seen[s] = true
		}
	}
}

// TestOwnColours: a role takes the colour that it is given, by name, number or hexadecimal digits, and keeps its
// weight.
func TestOwnColours(t *testing.T) {
	t.Parallel()
	own := map[string]string{"high": "#ff8800", "low": "208", "title": "blue", "cursor": "236"}
	theme := NewTheme(Choice{Name: Dark, Colours: own}, "")
	for _, test := range []struct {
		got  Style
		want string
	}{
		{theme.High, "\x1b[1;38;2;255;136;0m"},
		{theme.Low, "\x1b[38;5;208m"},
		{theme.Title, "\x1b[1;34m"},
		{theme.Cursor, "\x1b[48;5;236m"},
	} {
		if test.got.open != test.want {
			t.Errorf("painted %q, not %q", test.got.open, test.want)
		}
	}
	for _, role := range Roles() {
		before, after := NewTheme(Choice{}, ""), NewTheme(Choice{Colours: map[string]string{role: "magenta"}}, "")
		if *before.roles()[role] == *after.roles()[role] || !strings.Contains(after.roles()[role].open, "5") {
			t.Errorf("role %s does not take a colour", role)
		}
	}
}

// TestWrongChoices: what no theme is, is said by role with the nearest word.
func TestWrongChoices(t *testing.T) {
	t.Parallel()
	for role, c := range map[string]struct {
		choice Choice
		say    string
	}{
		"":       {Choice{Name: "drak"}, "did you mean dark?"},
		"hihg":   {Choice{Colours: map[string]string{"hihg": "red"}}, "did you mean high?"},
		"high":   {Choice{Colours: map[string]string{"high": "rde"}}, "did you mean red?"},
		"low":    {Choice{Colours: map[string]string{"low": "256"}}, "is no colour"},
		"info":   {Choice{Colours: map[string]string{"info": "#ff88"}}, "is no colour"},
		"cursor": {Choice{Colours: map[string]string{"cursor": "-1"}}, "is no colour"},
	} {
		if got := c.choice.Wrong()[role]; !strings.Contains(got, c.say) {
			t.Errorf("%q: got %q, want %q", role, got, c.say)
		}
	}
	for _, fine := range []Choice{
		{},
		{Name: Mono},
		{Colours: map[string]string{"high": "#ff8800", "low": "208", "title": "bright-blue"}},
	} {
		if wrong := fine.Wrong(); len(wrong) > 0 {
			t.Errorf("%+v: %v", fine, wrong)
		}
	}
}
