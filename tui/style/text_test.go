package style

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// TestQuickWidthIsWidth: the short way of measuring gives what the full one does, or does not answer.
func TestQuickWidthIsWidth(t *testing.T) {
	t.Parallel()
	theme := NewTheme(Choice{}, "red")
	parts := []string{
		"a", " ", "~", theme.Critical.open, theme.Chosen.open, ansi.ResetStyle, "\x1b[1;38;5;9m", "\x1b]0;x\x07",
		"\x1b[2J", "\x1b",
		"[31m", "\x1b[3",
		"宽", "é", "e\u0301", "\u0301", "\n", "\xff", "\ufffd", "👍",
	}
	for _, r := range signs {
		parts = append(parts, string(r))
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 8).Draw(t, "parts"), "")
		if got, ok := quickWidth(s); ok && (got != ansi.StringWidth(s) || got != ansi.StringWidthWc(s)) {
			t.Fatalf("%q is %d wide, not %d", s, ansi.StringWidth(s), got)
		}
	})
}

func TestBetween(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		left, right string
		width       int
		want        string
	}{
		{"left", "right", 12, "left   right"},
		{"left", "right", 7, "l…right"},
		{"left", "right", 3, "ri…"},
		{"left", "", 6, "left  "},
		{"left", "right", 0, ""},
	} {
		if got := Between(test.left, test.right, test.width); got != test.want {
			t.Errorf("Between(%q, %q, %d) = %q, not %q", test.left, test.right, test.width, got, test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q", n, got)
		}
	}
	for n, want := range map[int]string{0: "0 users", 1: "1 user", 5120: "5,120 users"} {
		if got := Count(n, "user"); got != want {
			t.Errorf("Count(%d) = %q", n, got)
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		done, expected int
		want           string
	}{{0, 10, "░░░░"}, {5, 10, "██░░"}, {10, 10, "████"}, {99, 10, "████"}, {3, 0, "░░░░"}, {-1, 10, "░░░░"}} {
		if got := Bar(test.done, test.expected, 4); got != test.want {
			t.Errorf("Bar(%d, %d) = %q", test.done, test.expected, got)
		}
	}
}

// TestNoColorHasNoColor: without colour the styles only weigh and reverse.
func TestNoColorHasNoColor(t *testing.T) {
	t.Parallel()
	for _, accent := range append(accentNames(), "", "no such colour") {
		theme := NewTheme(Choice{Name: Mono}, accent)
		for _, s := range []Style{
			theme.Critical, theme.High, theme.Medium, theme.Low, theme.Info, theme.Frame, theme.Title, theme.Good,
			theme.Bad, theme.Chosen,
		} {
			for code := range strings.SplitSeq(strings.Trim(s.open, "\x1b[m"), ";") {
				if len(code) > 1 {
					t.Errorf("accent %q: the style %q is coloured", accent, s.open)
				}
			}
		}
	}
}

// TestClipSaysOnceThatThereWasMore, however wide the last line is that is left.
func TestClipSaysOnceThatThereWasMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.StringMatching(`[a-z ]{0,12}`)).Draw(t, "lines")
		most, width := rapid.IntRange(1, 5).Draw(t, "most"), rapid.IntRange(1, 12).Draw(t, "width")
		got := strings.Join(Clip(slices.Clone(lines), most, width), "\n")
		if n := strings.Count(got, "…"); (n == 1) != (len(lines) > most) || n > 1 {
			t.Fatalf("%q became %q", lines, got)
		}
	})
}
