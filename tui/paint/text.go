package paint

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model"
)

// Name makes a stranger's text harmless, like model.Visible, and more: clusters that terminals disagree on how wide they
// are (an emoji with a skin tone takes two cells in one and four in another) are spelled out, because one such name would
// shift everything to its right.
func Name(s string) string {
	if ascii(s) {
		return s
	}
	s = model.Visible(s)
	var b strings.Builder
	for rest := s; rest != ""; {
		cluster, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		rest = rest[len(cluster):]
		if width == ansi.StringWidthWc(cluster) {
			b.WriteString(cluster)
			continue
		}
		for _, r := range cluster {
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

// Width is how many cells a text without line breaks takes; styles take none.
func Width(s string) int {
	if width, ok := quickWidth(s); ok {
		return width
	}
	return ansi.StringWidth(s)
}

// quickWidth counts what nearly every line is made of: ASCII, the program's own styles and its own signs. Every line of
// every frame is measured, and the full way, which knows all of Unicode, would take most of a frame's millisecond.
func quickWidth(s string) (width int, ok bool) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case ' ' <= c && c < 0x7f:
			width++
			i++
		case c == ansi.ESC:
			end := strings.IndexByte(s[i:], 'm')
			if end < 0 || !strings.HasPrefix(s[i:], "\x1b[") || strings.Trim(s[i+2:i+end], "0123456789;") != "" {
				return 0, false
			}
			i += end + 1
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !strings.ContainsRune(signs, r) || r == utf8.RuneError {
				return 0, false
			}
			width++
			i += size
		}
	}
	return width, true
}

// signs are the characters beyond ASCII that the program writes itself; each takes one cell everywhere.
const signs = "─–…·≠▷◁›▾▸█░✗↑↓←→"

// Cut shortens a text to at most width cells; what was cut shows as "…".
func Cut(s string, width int) string {
	switch {
	case width <= 0:
		return ""
	case Width(s) <= width:
		return s
	case ascii(s):
		return s[:width-1] + "…"
	default:
		return ansi.Truncate(s, width, "…")
	}
}

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

const blanks = "                                                                                                                "

// Spaces gives n spaces, none if n is negative.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blanks):
		return blanks[:n]
	default:
		return strings.Repeat(" ", n)
	}
}

// Wrap breaks a text into lines of at most width cells, at spaces where it can.
func Wrap(s string, width int) []string {
	if width <= 0 || s == "" {
		return nil
	}
	lines := strings.Split(ansi.Wrap(s, width, ""), "\n")
	for i := range lines {
		lines[i] = Cut(strings.TrimRight(lines[i], " "), width)
	}
	return lines
}

// Number writes a count with commas between thousands.
func Number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Count writes a number with its noun, in the plural unless the number is one.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Number(n) + " " + noun + "s"
}

// ascii reports whether every byte is one printable cell, which is the case for nearly every name and so worth a short
// way.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
