package model

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/model/lookalike"
)

// ByFolded orders raw names the way people look for them, and names that fold alike by their bytes.
func ByFolded(a, b string) int { return cmp.Or(cmp.Compare(Fold(a), Fold(b)), cmp.Compare(a, b)) }

// Trim takes the ASCII spaces around a name away: it is written and compared without them. A no-break or an ideographic
// space makes another name, because it does at the services too.
func Trim(s string) string {
	for len(s) > 0 && isASCIISpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isASCIISpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isASCIISpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// Fold maps a name to the form in which names are compared: without regard to the Unicode normal form, to case (simple
// folding) and to ASCII spaces around. Any other character makes another name (but see LookAlike).
func Fold(s string) string {
	s = Trim(s)
	upper := false
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return foldText(s)
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	if upper {
		return strings.ToLower(s)
	}
	return s
}

// foldText folds the letters apart from their marks and composes them after that, so that a letter and its capital stay
// equal where only one of the two has a composed form (U+01F0 and J with a caron, Unicode 3.13, D145).
func foldText(s string) string {
	s = foldRunes(norm.NFD.String(s))
	if !Composable(s) {
		return s
	}
	return foldRunes(norm.NFC.String(s))
}

// foldRunes folds each letter. Bytes that are no UTF-8 stay as they are, so that they make no two names equal.
func foldRunes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b.WriteByte(s[i])
		} else {
			b.WriteRune(lookalike.FoldRune(r))
		}
		i += size
	}
	return b.String()
}

// Composable keeps from composition what golang.org/x/text v0.28.0 composes wrongly: it looks pairs up by their lower
// 16 bits, so that U+10049 with a dot above becomes a capital I with one.
func Composable(s string) bool {
	var last rune
	for _, r := range s {
		if last > 0xffff && unicode.Is(unicode.M, r) {
			return false
		}
		last = r
	}
	return true
}

// Spellings are the forms of a name at a server that compares to the letter: as it is, composed, decomposed, small.
func Spellings(name string) []string {
	all := []string{name}
	composed := norm.NFC.String(name)
	for _, form := range []string{composed, norm.NFD.String(name), strings.ToLower(Trim(composed))} {
		if !slices.Contains(all, form) {
			all = append(all, form)
		}
	}
	return all
}

// SameName reports whether two names fold to the same.
func SameName(a, b string) bool { return a == b || Fold(a) == Fold(b) }
