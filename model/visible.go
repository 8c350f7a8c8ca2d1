package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes a stranger's text harmless and visible for screens, text, Markdown, CSV and logs: what does not show as
// itself is written as <U+XXXX>. It cannot move the cursor, change colours, forge lines, reverse the reading direction
// or hide a difference between two names. Names stay raw everywhere else, because they are compared and written back.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			// Invalid bytes cannot be told from a real U+FFFD by the rune; neither shows as what it is.
			b.WriteString("<U+FFFD>")
		case shows(r) && (i > 0 || !unicode.Is(unicode.M, r)):
			b.WriteRune(r)
		default: // a mark that starts a name would sit on whatever stands before it
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// shows reports whether a rune has a form of its own. IsPrint leaves out control and format characters (bidi overrides,
// zero-width ones), private use and spaces other than U+0020; the rest is listed by Unicode as ignorable by default, such
// as variation selectors and the Hangul fillers, or is a blank pattern.
func shows(r rune) bool {
	const brailleBlank = 0x2800
	return unicode.IsPrint(r) && r != brailleBlank && r != 0x034f && r != 0x17b4 && r != 0x17b5 &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
