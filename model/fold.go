package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold maps a name to the form in which names are compared: without regard to case and surrounding space. Nothing else
// is folded: a zero-width or look-alike character makes another name, because it does at the services too.
func Fold(s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.Map(foldRune, s)
		}
	}
	return s
}

// SameName reports whether two names fold to the same.
func SameName(a, b string) bool { return a == b || Fold(a) == Fold(b) }

// foldRune gives the smallest rune that differs from r in case only (simple folding). ToLower alone would tell apart
// runes with two lower-case forms, such as the Greek sigmas.
func foldRune(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A' // so that folded ASCII reads as people write it
	}
	return least
}
