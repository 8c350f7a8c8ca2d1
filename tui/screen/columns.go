package screen

import (
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// Columns lays harmless cells out in columns with Lip Gloss's table; what is too long for its cell goes on below. look
// is that of a cell, with a width where its column has one of its own; the others share the rest.
func Columns(margin string, width int, heads []string, rows [][]string, look table.StyleFunc) []string {
	if width -= len(margin) + 1; width < len(heads)*2 {
		return nil
	}
	drawn := table.New().Border(lipgloss.HiddenBorder()).BorderTop(false).BorderBottom(false).BorderLeft(false).
		BorderRight(false).BorderHeader(false).Width(width).StyleFunc(look).Headers(heads...).Rows(rows...)
	lines := strings.Split(drawn.String(), "\n")
	for i := range lines {
		lines[i] = margin + lines[i]
	}
	return lines
}
