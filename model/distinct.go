package model

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Distinct makes two names visible that stand beside each other. Where they differ and would be shown alike, the code points
// in which they differ are spelled as <U+XXXX>, in both.
func Distinct(a, b string) (shownA, shownB string) {
	if !shownAlike(a, b) {
		return Visible(a), Visible(b)
	}
	// What both begin and end with stays as it is; a code point is never cut.
	head := 0
	for head < len(a) && head < len(b) {
		ra, size := utf8.DecodeRuneInString(a[head:])
		rb, sizeB := utf8.DecodeRuneInString(b[head:])
		if ra != rb || size != sizeB || a[head:head+size] != b[head:head+size] {
			break
		}
		head += size
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head {
		_, size := utf8.DecodeLastRuneInString(a[head : len(a)-tail])
		if tail+size > len(b)-head || a[len(a)-tail-size:len(a)-tail] != b[len(b)-tail-size:len(b)-tail] {
			break
		}
		tail += size
	}
	show := func(s string) string {
		return Visible(s[:head]) + codePoints(s[head:len(s)-tail]) + Visible(s[len(s)-tail:])
	}
	return show(a), show(b)
}

// codePoints spells what is no printable ASCII, and the spaces at both ends.
func codePoints(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "<0x%02X>", s[i]) // no text at all
		case r > ' ' && r < 0x7f, r == ' ' && i > 0 && i < len(s)-1:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
		i += size
	}
	return b.String()
}

// shownAlike reports whether two different names would be taken for each other on a screen. What differs in case or within
// printable ASCII does not need spelling.
func shownAlike(a, b string) bool {
	switch {
	case a == b:
		return false
	case plain(a) && plain(b):
		return SameName(a, b) && len(a) != len(b) // by spaces around
	case Skeleton(a) != Skeleton(b):
		return false
	}
	return !caseOnly(a, b)
}

// caseOnly reports whether two names differ in nothing but capitals, written in the usual way: a KELVIN SIGN is no capital
// that anybody would expect.
func caseOnly(a, b string) bool {
	return strings.EqualFold(a, b) && norm.NFKC.IsNormalString(a) && norm.NFKC.IsNormalString(b)
}
