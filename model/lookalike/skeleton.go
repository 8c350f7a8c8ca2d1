// Package lookalike maps names to what they look like, after Unicode TS 39.
package lookalike

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:generate curl -fsSo confusables.txt https://www.unicode.org/Public/17.0.0/security/confusables.txt
//go:generate go test -run Table -confusables confusables.txt
//go:generate rm confusables.txt

// Skeleton maps a name to what it looks like, after Unicode TS 39: without compatibility forms, case and what does not
// show, each code point by its prototype. White space of any kind is one space, and none around.
func Skeleton(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsSpace(r) || r == brailleBlank:
			space = b.Len() > 0
			continue
		case isIgnorable(r):
			continue
		case space:
			b.WriteByte(' ')
			space = false
		}
		if p, ok := prototypeTable()[r]; ok {
			b.WriteString(p)
		} else {
			b.WriteRune(FoldRune(r))
		}
	}
	return norm.NFD.String(b.String())
}

const brailleBlank = 0x2800

// isIgnorable reports whether a rune leaves no mark of its own: controls, and what Unicode lists as ignorable by
// default.
func isIgnorable(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// prototypeTable maps code points to their folded prototypes. A capital I looks like l, and names are compared without
// regard to case: so i and l are one, and so are m and rn, which the small m looks like.
//
//nolint:gochecknoglobals // a table, made when it is first asked for
var prototypeTable = sync.OnceValue(func() map[rune]string {
	folded := strings.NewReplacer("i", "l", "m", "rn")
	table := map[rune]string{'i': "l", 'M': "rn"}
	for _, p := range prototypes {
		to := folded.Replace(strings.Map(FoldRune, p.to))
		for _, r := range p.from {
			table[r] = to
		}
	}
	return table
})

// IotaBelow is the mark under a Greek letter. Unicode folds it to the letter iota; taken from its letter by foldText it
// stays a mark, so that alpha with it and alpha followed by iota stay two texts.
const IotaBelow = 0x345

// FoldRune gives the smallest rune that differs from r in case only (simple folding). ToLower alone would tell apart
// runes with two lower-case forms, such as the Greek sigmas.
func FoldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r) // so that folded ASCII reads as people write it
	}
	if r == IotaBelow {
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		if f != IotaBelow {
			least = min(least, f)
		}
	}
	if least < utf8.RuneSelf {
		return unicode.ToLower(least) // the long s is an s
	}
	return least
}
