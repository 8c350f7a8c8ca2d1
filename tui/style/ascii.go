package style

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// asciiSigns are the signs of the program and what stands for each where a terminal shows ASCII only, as wide as the
// sign.
var asciiSigns = map[rune]byte{ //nolint:gochecknoglobals // a constant table
	'─': '-', '│': '|', '┃': '#', '┬': '+', '┴': '+', '┼': '+', '▾': 'v', '▸': '>', '›': '>', '≠': '#',
	'▷': '>', '◁': '<',
	'…': '~', '●': '*', '↔': '/', '−': '-', '·': '.', '█': '#', '▓': '#', '░': '.', '▌': '[', '▐': ']',
	'✓': 'v', '✗': 'x',
	'↑': '^', '↓': 'v', '←': '<', '→': '>', '↻': '@', '–': '-', '—': '-', '“': '"', '”': '"', '’': '\'',
	'×': 'x', '○': 'o',
	'▁': '_', '▂': '.', '▃': '-', '▄': '=', '▅': '+', '▆': '*', '▇': '%', // a sparkline, from low to high
}

// ASCII writes a frame for a terminal that shows ASCII only: signs become others that mean the same there, any other
// character question marks, as wide as it was. Sequences stay.
func ASCII(s string) string {
	beyond := func(r rune) bool { return r > ansi.DEL }
	if !strings.ContainsFunc(s, beyond) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	var state byte
	for s != "" {
		seq, width, n, next := ansi.DecodeSequence(s, state, nil)
		first, _ := utf8.DecodeRuneInString(seq)
		sign, known := asciiSigns[first]
		switch {
		case !strings.ContainsFunc(seq, beyond):
			b.WriteString(seq)
		case known && width == 1:
			b.WriteByte(sign)
		default:
			b.WriteString(strings.Repeat("?", width))
		}
		s, state = s[n:], next
	}
	return b.String()
}
