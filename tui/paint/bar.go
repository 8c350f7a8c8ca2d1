package paint

import "strings"

// Bar is a progress bar of exactly width cells. Its share shows by shape, not by colour.
func Bar(done, expected, width int) string {
	if width <= 0 {
		return ""
	}
	filled := 0
	if expected > 0 {
		filled = min(max(done, 0), expected) * width / expected
	}
	return strings.Repeat("█", filled) + strings.Repeat("░", width-filled)
}
