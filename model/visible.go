package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Visible makes a stranger's text harmless and visible for screens, text, Markdown, CSV and logs. Letters, marks and
// signs of every script stay as they are. What does not show as itself is written as <U+XXXX>: it cannot move the
// cursor, change colours, forge lines, reverse the reading direction or hide. Names stay raw everywhere else, because
// they are compared and written back.
//
// Two names can still look alike ("a" is Latin or Cyrillic); Spelled tells them apart where they meet.
func Visible(s string) string {
	if Plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	base, marks := false, 0 // a mark without a base would sit on whatever stands before it
	for i, r := range s {
		marks++
		switch {
		case r == utf8.RuneError:
			// Invalid bytes cannot be told from a real U+FFFD by the rune; neither shows as what it is.
			base = false
		case unicode.In(r, unicode.Mn, unicode.Me):
			base = base && marks <= maxMarks && hasGlyph(r) || affectsShaping(b.String(), r, s[i+utf8.RuneLen(r):])
		case unicode.Is(unicode.Mc, r):
			base, marks = base && hasGlyph(r), 0
		case hasGlyph(r):
			base, marks = true, 0
		default:
			base = affectsShaping(b.String(), r, s[i+utf8.RuneLen(r):])
		}
		if base {
			b.WriteRune(r)
		} else {
			writeCodePoint(&b, r)
		}
	}
	return b.String()
}

// Spelled writes every character of a name that is not ASCII as its code point, <U+XXXX>, where two names look alike.
// Names that differ give different texts, unless they are no UTF-8 or hold such a spelling.
func Spelled(s string) string {
	if Plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if ' ' <= r && r < 0x7f {
			b.WriteRune(r)
		} else {
			writeCodePoint(&b, r)
		}
	}
	return b.String()
}

func writeCodePoint(b *strings.Builder, r rune) { fmt.Fprintf(b, "<U+%04X>", r) }

// Plain reports whether a text is printable ASCII alone.
func Plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// maxMarks is how many marks without a width of their own one letter may carry: more would be drawn over the rows
// above and below. Unicode TS 39, section 5.4, calls more than four suspicious; living orthographies need fewer.
const maxMarks = 4

// hasGlyph reports whether a rune has a form of its own. IsPrint leaves out control and format characters (bidi
// overrides, zero-width ones), private use and spaces other than U+0020; the rest is listed by Unicode as ignorable by
// default, such as variation selectors and the Hangul fillers, or is a blank pattern.
func hasGlyph(r rune) bool {
	const brailleBlank = 0x2800
	return unicode.IsPrint(r) && r != brailleBlank && r != 0x034f && r != 0x17b4 && r != 0x17b5 &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// The characters that are invisible themselves and can change how their neighbours look.
const (
	NonJoiner     = 0x200c
	Joiner        = 0x200d
	EmojiSelector = 0xfe0f
)

// cursiveScripts are the scripts whose letters join, so that a joiner or non-joiner between two of them shows.
//
//nolint:gochecknoglobals // a constant table
var cursiveScripts = []*unicode.RangeTable{unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko}

// affectsShaping reports whether an invisible character is part of how its neighbours are written: in the contexts that
// Unicode Annex 31, section 2.3 (A1, A2 and B), allows in identifiers, as in Persian and Hindi words; as joiner before
// a virama, which Bengali needs (ra, joiner, virama, ya), or after one at the end of a word, which older Malayalam text
// has; and in emoji sequences (TS 51). Anywhere else it only hides a difference.
func affectsShaping(before string, r rune, after string) bool {
	if r != NonJoiner && r != Joiner && r != EmojiSelector {
		return false
	}
	base, previous := lastBase(before)
	next, _ := utf8.DecodeRuneInString(after)
	switch {
	case r == EmojiSelector:
		return isPictograph(base) && previous == base
	case isVirama(previous):
		return r == Joiner || isVisibleLetter(next)
	case r == Joiner && unicode.IsLetter(previous) && isVirama(next):
		return true
	case unicode.In(base, cursiveScripts...) && unicode.IsLetter(base):
		return unicode.In(next, cursiveScripts...) && isVisibleLetter(next)
	}
	return r == Joiner && isPictograph(base) && isPictograph(next)
}

// lastBase gives the last character of a text before its marks, skin tones and emoji selectors, and the very last.
func lastBase(s string) (base, previous rune) {
	previous, _ = utf8.DecodeLastRuneInString(s)
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		if !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Sk, r) {
			return r, previous
		}
		s = s[:len(s)-size]
	}
	return utf8.RuneError, previous
}

func isVisibleLetter(r rune) bool { return unicode.IsLetter(r) && hasGlyph(r) }

// isVirama reports the mark that takes a consonant's vowel away and lets it join the next (canonical combining class
// 9).
func isVirama(r rune) bool { return r >= 0x80 && norm.NFC.PropertiesString(string(r)).CCC() == 9 }

// isPictograph reports what emoji are made of: symbols from the arrows on.
func isPictograph(r rune) bool {
	return r >= 0x2190 && unicode.Is(unicode.So, r) && r != utf8.RuneError
}

// ShellQuoted makes one harmless word of a text for a POSIX shell.
func ShellQuoted(s string) string {
	return "'" + strings.ReplaceAll(Visible(s), "'", `'\''`) + "'"
}
