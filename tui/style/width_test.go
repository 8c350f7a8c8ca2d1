package style

import (
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// TestName: whatever a stranger calls a record, what is drawn moves no cursor, fits, and is cut between what is drawn
// as one; by either way to count cells. The way is one for the whole program, so this test is not parallel.
func TestName(t *testing.T) { //nolint:paralleltest // see above
	for _, m := range []ansi.Method{ansi.GraphemeWidth, ansi.WcWidth} {
		SetMethod(m)
		rapid.Check(t, func(t *rapid.T) { checkName(t, rapid.String().Draw(t, "name")) })
		rapid.Check(t, func(t *rapid.T) {
			checkName(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(worldly()), 0, 6).Draw(t, "parts"), ""))
		})
	}
}

func worldly() []string {
	return []string{
		"กำ", "ลัง", "प्रि", "स्ते", "र\u200d্যা", "மி", "ழ்", "ع", "مُ", "ی\u200cخ", "שָׁ", "宽", "각", "각", "ᅡ",
		"👩🏽\u200d🚀", "🇩🇪", "❤\ufe0f", "e\u0301", "aः",
		"a", " ", "-", "\u200b", "\u202e", "\u200e", "\u0600", "1\ufe0f\u20e3",
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{
		"ana", "\x1b[31m", "a\nb", "👩🏽‍🚀", "🇩🇪", "e\u0301", "\u202e", "宽", "각", "\xff",
		"1\ufe0f\u20e3", "\u0600x", "می\u200cخ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) { checkName(t, name) })
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkName(t failer, name string) {
	got := Name(name)
	bare := strings.TrimSuffix(strings.TrimPrefix(got, leftToRight), leftToRight)
	if at := strings.IndexFunc(bare, hidden); at >= 0 {
		t.Fatalf("%q is drawn with a control character: %q", name, got)
	}
	for _, width := range []int{0, 1, 2, 3, 7, 40} {
		fit := Fit(got, width)
		if Method().StringWidth(fit) != width {
			t.Fatalf("%q does not fit %d: %q", name, width, fit)
		}
		kept, _, cut := strings.Cut(strings.TrimPrefix(fit, leftToRight), "…")
		if cut && strings.HasPrefix(bare, kept) && !strings.Contains(bare, "…") && !boundary(bare, len(kept)) {
			t.Fatalf("%q is cut within what is drawn as one: %q", name, fit)
		}
		for _, line := range Wrap(got, width) {
			if Method().StringWidth(line) > width {
				t.Fatalf("%q wrapped at %d has the line %q", name, width, line)
			}
		}
	}
}

// hidden are controls and format characters other than the joiners, whose places model.Visible chooses.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d
}

// boundary reports whether what is drawn as one ends at a byte.
func boundary(s string, at int) bool {
	for n := 0; n <= at; {
		if n == at {
			return true
		}
		cluster, _ := ansi.FirstGraphemeCluster(s[n:], ansi.WcWidth)
		n += len(cluster)
	}
	return false
}

// TestNamesOfEveryScript: nothing of them is spelled out, and what is read from right to left stays between what stands
// beside it.
func TestNamesOfEveryScript(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"aws-กำลังพล", "aws-प्रिया-शर्मा", "aws-தமிழ்", "aws-বিশ্ববিদ্যালয়", "平仮名 さくら 각하",
		"👩🏽\u200d🚀",
	} {
		if got := Name(name); got != name {
			t.Errorf("%q is drawn as %q", name, got)
		}
	}
	for _, name := range []string{"مدیران", "aws-שלום", "ދިވެހި"} {
		if got, want := Name(name), "\u200e"+name+"\u200e"; got != want {
			t.Errorf("%q is drawn as %q, not %q", name, got, want)
		}
		if cut := Cut(Name(name), 2); !strings.HasPrefix(cut, "\u200e") || !strings.HasSuffix(cut, "…\u200e") {
			t.Errorf("%q is cut to %q, which lets the text beside it turn", name, cut)
		}
	}
	if got := Name("a\u1161"); got != "a\u1161" { // it takes a cell of its own by either count
		t.Errorf("a vowel by itself is drawn as %q", got)
	}
}
