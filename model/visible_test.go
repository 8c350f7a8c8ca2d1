package model_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain", "aws-admins (eu) <x>", "aws-admins (eu) <x>"},
		{"accents and other scripts", "Žofie 李雷 Ωμέγα", "Žofie 李雷 Ωμέγα"},
		{"colour", "\x1b[31mred", "<U+001B>[31mred"},
		{"forged line", "a\nb\r", "a<U+000A>b<U+000D>"},
		{"C1 control", "a\u009b31m", "a<U+009B>31m"},
		{"bidi override", "a\u202Egnp.exe", "a<U+202E>gnp.exe"},
		{"bidi isolate", "\u2066x\u2069", "<U+2066>x<U+2069>"},
		{"zero width", "ad\u200bmin", "ad<U+200B>min"},
		{"soft hyphen", "ad\u00admin", "ad<U+00AD>min"},
		{"no-break space", "a\u00a0b", "a<U+00A0>b"},
		{"variation selector", "a\ufe0f", "a<U+FE0F>"},
		{"tag", "a\U000e0041", "a<U+E0041>"},
		{"Hangul filler", "\u3164", "<U+3164>"},
		{"mark at the start", "\u0301a", "<U+0301>a"},
		{"mark inside", "e\u0301", "e\u0301"},
		{"line separator", "a\u2028b", "a<U+2028>b"},
		{"invalid", "a\xffb", "a<U+FFFD>b"},

		// Every script stays as it is, with its marks.
		{"Thai", "กำลังพล", "กำลังพล"},
		{"Hindi", "प्रिया-शर्मा", "प्रिया-शर्मा"},
		{"Tamil", "தமிழ்", "தமிழ்"},
		{"Bengali", "বিশ্ববিদ্যালয়", "বিশ্ববিদ্যালয়"},
		{"Arabic with vowels", "مُحَمَّد", "مُحَمَّد"},
		{"Hebrew with points", "שָׁלוֹם", "שָׁלוֹם"},
		{"Chinese, Japanese, Korean", "李雷 さくら 각하", "李雷 さくら 각하"},
		{"Khmer", "ព្រះ", "ព្រះ"},
		{"Vietnamese, decomposed", "Nguye\u0302\u0303n", "Nguye\u0302\u0303n"},

		// Joiners are text where they shape their neighbours, and hide a difference anywhere else.
		{"Persian non-joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"Hindi half letter", "क्\u200dष", "क्\u200dष"},
		{"Hindi full virama", "क्\u200cष", "क्\u200cष"},
		{"Bengali ya after ra", "র\u200d্যাব", "র\u200d্যাব"},
		{"Malayalam chillu", "അവന്\u200d", "അവന്\u200d"},
		{"emoji of several", "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥", "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥"},
		{"joiner between Latin letters", "ad\u200dmin", "ad<U+200D>min"},
		{"non-joiner between Latin letters", "ad\u200cmin", "ad<U+200C>min"},
		{"joiner after a joiner", "क्\u200d\u200dष", "क्\u200d<U+200D>ष"},
		{"non-joiner at the end", "क्\u200c", "क्<U+200C>"},
		{"joiner between Thai letters", "ก\u200dข", "ก<U+200D>ข"},
		{"second emoji selector", "❤\ufe0f\ufe0f", "❤\ufe0f<U+FE0F>"},
		{"mark after what does not show", "a\u200b\u0301", "a<U+200B><U+0301>"},
		// U+0301 five times: the fifth would be drawn over the row above.
		{"a pile of marks", "a" + strings.Repeat("\u0301", 5), "a" + strings.Repeat("\u0301", 4) + "<U+0301>"},
	} {
		if got := model.Visible(c.in); got != c.want {
			t.Errorf("%s: Visible(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "ana", "\x1b]0;x\x07", "\u202e\u2066", "a\xc3\x28", strings.Repeat("\u200d", 9)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := model.Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Visible(%q) = %q is not UTF-8", s, got)
		}
		for i, r := range got {
			if shaped := r == model.NonJoiner || r == model.Joiner || r == model.EmojiSelector; shaped && i > 0 {
				continue // that it stands where it shapes something shows in the second pass, which keeps it
			}
			if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || i == 0 && unicode.Is(unicode.M, r) {
				t.Fatalf("Visible(%q) = %q keeps %U", s, got, r)
			}
		}
		if again := model.Visible(got); again != got {
			t.Fatalf("Visible is not stable: %q, then %q", got, again)
		}
	})
}

// TestSpelled: whatever two names have in common to the eye, their spellings differ.
func TestSpelled(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"aws-admins": "aws-admins", "\u0430ws": "<U+0430>ws", "Ame\u0301lie": "Ame<U+0301>lie",
		"Am\u00e9lie": "Am<U+00E9>lie", "a\tb": "a<U+0009>b",
	} {
		if got := model.Spelled(in); got != want {
			t.Errorf("Spelled(%q) = %q, want %q", in, got, want)
		}
	}
}
