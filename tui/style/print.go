package style

import (
	"charm.land/lipgloss/v2"

	"github.com/scimdrift/scimdrift/model/report"
)

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
