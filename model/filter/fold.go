package filter

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/scimdrift/scimdrift/model"
)

// Fold gives a text in the form in which it is searched: as the screen shows it, without case and without accents.
func Fold(s string) string {
	s = model.Fold(model.Visible(s))
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return unaccented(s)
		}
	}
	return s
}

// plainLetters are Latin ones that people type without their stroke or ligature, and that no normal form takes apart.
var plainLetters = map[rune]string{ //nolint:gochecknoglobals // a constant table
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i",
	'Æ': "ae", 'Œ': "oe", 'Ø': "o", 'Ł': "l", 'Đ': "d", 'Ħ': "h", 'Ŧ': "t", 'ẞ': "ss",
	// the least of a case pair is the capital
}

func unaccented(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch plain, is := plainLetters[r]; {
		case is:
			b.WriteString(plain)
		case r < 0x300 || r > 0x36f: // combining diacritical marks
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String()) // of an accented capital its plain letter is left
}
