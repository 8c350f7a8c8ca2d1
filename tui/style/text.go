package style

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
)

// Fit makes a text exactly width cells wide: cut, or filled up with spaces.
func Fit(s string, width int) string {
	s = Cut(s, width)
	if missing := width - Width(s); missing > 0 {
		return s + Spaces(missing)
	}
	return s
}

// Between puts one text at each end of a line; where both do not fit, the left one is cut, and in the end the right
// one too.
func Between(left, right string, width int) string {
	right = Cut(right, width)
	room := width - Width(right)
	return Fit(left, room) + right
}

// Spaces gives n spaces, none if n is negative.
func Spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// Wrap breaks a text into lines of at most width cells, at spaces where it can.
func Wrap(s string, width int) []string {
	if width <= 0 || s == "" {
		return nil
	}
	lines := strings.Split(Method().Wrap(s, width, ""), "\n")
	for i := range lines {
		lines[i] = Cut(strings.TrimRight(lines[i], " "), width)
	}
	return lines
}

// Number writes a count with commas between thousands.
func Number(n int) string { return model.Number(n) }

// Count writes a number with its noun, in the plural unless the number is one.
func Count(n int, noun string) string { return model.Counted(n, noun, noun+"s") }

// isASCII reports whether every byte is one printable cell, which is the case for nearly every name and so worth a
// short way.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
