package style

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model"
)

// widthMethod is how the terminal counts cells. There is one terminal, and all that is drawn goes there.
var widthMethod atomic.Int32 //nolint:gochecknoglobals // the one terminal, which every width is measured for

// Method is how the terminal counts the cells of a text: one character after the other, as wcwidth does, or by what is
// drawn as one (mode 2027), once the terminal has said that it does. The framework places cells by the same rule. Where
// a terminal counts otherwise, the framework draws that line anew, without wrapping, so that no other line is
// disturbed.
func Method() ansi.Method { return ansi.Method(widthMethod.Load()) }

// SetMethod sets the method.
func SetMethod(m ansi.Method) { widthMethod.Store(int32(m)) }

// leftToRight has no form and no width, and counts as a Latin letter where a terminal orders text by its direction.
const leftToRight = "\u200e"

// rightToLeft are the scripts that are read from right to left.
var rightToLeft = []*unicode.RangeTable{ //nolint:gochecknoglobals // a constant table
	unicode.Adlam, unicode.Arabic, unicode.Hanifi_Rohingya, unicode.Hebrew, unicode.Mandaic, unicode.Mende_Kikakui,
	unicode.Nko, unicode.Samaritan, unicode.Syriac, unicode.Thaana,
}

// Name makes a stranger's text harmless, like model.Visible, and more. What takes no cell of its own is spelled out,
// because it would be drawn into the cell before it. A text that is read from right to left gets a left-to-right mark
// on each side: a terminal that orders text by its direction would otherwise take two such cells and what stands
// between them for one text, and swap them. Isolates would say it better, but fewer terminals know them
// (terminal-wg/bidi).
func Name(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	backwards := false
	for rest := model.Visible(s); rest != ""; {
		cluster, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		rest = rest[len(cluster):]
		if width == 0 || ansi.StringWidthWc(cluster) == 0 {
			b.WriteString(model.Spelled(cluster))
			continue
		}
		b.WriteString(cluster)
		first, _ := utf8.DecodeRuneInString(cluster)
		backwards = backwards || unicode.In(first, rightToLeft...)
	}
	if backwards {
		return leftToRight + b.String() + leftToRight
	}
	return b.String()
}

// Width is how many cells a text without line breaks takes; styles take none.
func Width(s string) int {
	if width, ok := quickWidth(s); ok {
		return width
	}
	return Method().StringWidth(s)
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
			if end < 0 || !strings.HasPrefix(s[i+1:], "[") || strings.Trim(s[i+2:i+end], "0123456789;") != "" {
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

// Cut shortens a text to at most width cells, between what is drawn as one; what was cut shows as "…".
func Cut(s string, width int) string {
	switch {
	case width <= 0:
		return ""
	case Width(s) <= width:
		return s
	case isASCII(s):
		return s[:width-1] + "…"
	}
	var b strings.Builder
	m, cut, room := Method(), false, width-1
	for rest := s; rest != ""; {
		part, size := ansi.FirstGraphemeCluster(rest, m)
		if size == 0 { // a style or a mark of direction has an end, which must not be cut off
			part, _, _, _ = m.DecodeSequenceInString(rest, ansi.NormalState, nil)
			b.WriteString(part)
		} else if room -= size; !cut && room < 0 {
			b.WriteString("…")
			cut = true
		} else if !cut {
			b.WriteString(part)
		}
		rest = rest[len(part):]
	}
	return b.String()
}
