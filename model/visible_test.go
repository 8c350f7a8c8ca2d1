package model

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
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
	} {
		if got := Visible(c.in); got != c.want {
			t.Errorf("%s: Visible(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "ana", "\x1b]0;x\x07", "\u202e\u2066", "a\xc3\x28", strings.Repeat("\u200d", 9)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Visible(%q) = %q is not UTF-8", s, got)
		}
		for i, r := range got {
			if !unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || i == 0 && unicode.Is(unicode.M, r) {
				t.Fatalf("Visible(%q) = %q keeps %U", s, got, r)
			}
		}
		if again := Visible(got); again != got {
			t.Fatalf("Visible is not stable: %q, then %q", got, again)
		}
	})
}
