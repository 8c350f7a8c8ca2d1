package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/model/lookalike"
)

// Distinct gives two names that stand beside each other so that nobody takes them for one: where they differ and
// would be shown alike, the code points in which they differ are spelled as <U+XXXX>, as Visible does, in both; so
// are the spaces around them, wherever these differ. Else they come back as they are, still to be made visible.
func Distinct(a, b string) (forA, forB string) {
	textA, textB := Trim(a), Trim(b)
	forA, forB = distinctTexts(textA, textB)
	beforeA, afterA, _ := strings.Cut(a, textA)
	beforeB, afterB, _ := strings.Cut(b, textB)
	if beforeA != beforeB {
		beforeA, beforeB = codePoints(beforeA), codePoints(beforeB)
	}
	if afterA != afterB {
		afterA, afterB = codePoints(afterA), codePoints(afterB)
	}
	return beforeA + forA + afterA, beforeB + forB + afterB
}

// SpellEdges gives a name that stands alone with the spaces around it spelled as <U+0020>, since nobody would see
// them. One of nothing but spaces comes back as it is.
func SpellEdges(name string) string {
	text := Trim(name)
	if text == name || text == "" {
		return name
	}
	before, after, _ := strings.Cut(name, text)
	return codePoints(before) + text + codePoints(after)
}

// distinctTexts is Distinct for names without spaces around them.
func distinctTexts(a, b string) (forA, forB string) {
	if !shownAlike(a, b) {
		return a, b
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
	for rest := a[len(a)-tail:]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if !unicode.Is(unicode.M, r) {
			break
		}
		rest, tail = rest[size:], tail-size // a mark belongs to the letter before it
	}
	show := func(s string) string {
		return s[:head] + codePoints(s[head:len(s)-tail]) + s[len(s)-tail:]
	}
	return show(a), show(b)
}

// codePoints spells what is no printable ASCII, and the spaces at both ends, which may be all there is.
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

// shownAlike reports whether two names would be taken for each other on a screen, beyond case and printable ASCII.
func shownAlike(a, b string) bool {
	switch {
	case a == b:
		return false
	case Plain(a) && Plain(b), lookalike.Skeleton(a) != lookalike.Skeleton(b):
		return false
	}
	return !differInCaseOnly(a, b)
}

// differInCaseOnly reports whether two names differ in nothing but usual capitals: a KELVIN SIGN is none.
func differInCaseOnly(a, b string) bool {
	return strings.EqualFold(a, b) && utf8.ValidString(a) && utf8.ValidString(b) &&
		norm.NFKC.IsNormalString(a) && norm.NFKC.IsNormalString(b)
}

// LookAlike reports whether two names that do not fold alike would be taken for each other: their skeletons are equal,
// and one has more than printable ASCII. What differs within that (l and 1) everybody can see.
func LookAlike(a, b string) bool {
	a, b = Trim(a), Trim(b)
	return a != "" && b != "" && (!Plain(a) || !Plain(b)) && lookalike.Skeleton(a) == lookalike.Skeleton(b) &&
		Fold(a) != Fold(b)
}
