package model

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:generate sh -c "curl -fsS https://www.unicode.org/Public/17.0.0/security/confusables.txt | go run skeleton_generate.go"

// LookAlike reports whether two names that do not fold alike would be taken for each other: their skeletons are equal,
// and at least one has more in it than printable ASCII. What differs within ASCII (l and 1) is there for everybody to
// see.
func LookAlike(a, b string) bool {
	a, b = Trim(a), Trim(b)
	return a != "" && b != "" && (!Plain(a) || !Plain(b)) && Skeleton(a) == Skeleton(b) && Fold(a) != Fold(b)
}

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
		case ignorable(r):
			continue
		case space:
			b.WriteByte(' ')
			space = false
		}
		if p, ok := looks()[r]; ok {
			b.WriteString(p)
		} else {
			b.WriteRune(foldRune(r))
		}
	}
	return norm.NFD.String(b.String())
}

const brailleBlank = 0x2800

// ignorable reports whether a rune leaves no mark of its own: controls, and what Unicode lists as ignorable by default.
func ignorable(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// looks maps code points to their folded prototypes. A capital I looks like l, and names are compared without regard to
// case: so i and l are one, and so are m and rn, which the small m looks like.
var looks = sync.OnceValue(func() map[rune]string { //nolint:gochecknoglobals // a table, made when it is first asked for
	folded := strings.NewReplacer("i", "l", "m", "rn")
	table := map[rune]string{'i': "l", 'M': "rn"}
	for _, p := range prototypes {
		to := folded.Replace(strings.Map(foldRune, p.to))
		for _, r := range p.from {
			table[r] = to
		}
	}
	return table
})
