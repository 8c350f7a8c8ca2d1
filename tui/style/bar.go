package style

import (
	"charm.land/bubbles/v2/progress"
	"charm.land/lipgloss/v2"
)

// Bar is a progress bar of exactly width cells. Its share shows by shape, not by colour, and it is full only at the end.
func Bar(done, expected, width int) string {
	if width <= 0 {
		return ""
	}
	bar := progress.New(progress.WithWidth(width), progress.WithoutPercentage(), progress.WithColors(lipgloss.NoColor{}),
		progress.WithFillCharacters(progress.DefaultFullCharFullBlock, progress.DefaultEmptyCharBlock))
	bar.EmptyColor = lipgloss.NoColor{}
	filled := 0
	if expected > 0 {
		filled = min(max(done, 0), expected) * width / expected
	}
	return bar.ViewAs(float64(filled) / float64(width))
}
