package style

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/progress"
	"charm.land/lipgloss/v2"
)

// Bar is a progress bar of exactly width cells. Its share shows by shape, not by colour, and it is full only at the
// end.
func Bar(done, expected, width int) string {
	if width <= 0 {
		return ""
	}
	bar := progress.New(progress.WithWidth(width), progress.WithoutPercentage(),
		progress.WithColors(lipgloss.NoColor{}),
		progress.WithFillCharacters(progress.DefaultFullCharFullBlock, progress.DefaultEmptyCharBlock))
	bar.EmptyColor = lipgloss.NoColor{}
	filled := 0
	if expected > 0 {
		filled = min(max(done, 0), expected) * width / expected
	}
	return bar.ViewAs(float64(filled) / float64(width))
}

// Sparkline draws values as columns of one cell each, the lowest the least of them and the highest the most.
func Sparkline(values []int) string {
	columns := []rune("▁▂▃▄▅▆▇█")
	least, most := slices.Min(values), slices.Max(values)
	var b strings.Builder
	for _, v := range values {
		b.WriteRune(columns[(v-least)*(len(columns)-1)/max(most-least, 1)])
	}
	return b.String()
}
