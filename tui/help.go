package tui

import "github.com/scimdrift/scimdrift/tui/style"

// helpScreen lists every key and what the signs mean.
type helpScreen struct{ page }

func (*helpScreen) title(*app) string { return "Help" }

func (s *helpScreen) body(a *app, width, height int) []string {
	return s.window(width, height, func(width int) []string {
		var lines []string
		for _, section := range sections(a.actions) {
			lines = append(lines, "", "  "+a.theme.Title.On(style.Cut(section.Name, width-3)))
			for _, k := range section.Keys {
				lines = append(lines, "    "+a.theme.Key.On(style.Fit(k.Keys, 15))+" "+k.Does)
			}
		}
		lines = append(lines, "", "  "+a.theme.Title.On("Signs"))
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
