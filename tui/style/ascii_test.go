package style

import "testing"

// TestASCII: every line stays as wide as it was, with its colours.
func TestASCII(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                      "plain",
		"\x1b[1m≠\x1b[m ▷ Zoë … ✓":   "\x1b[1m#\x1b[m > Zo? ~ v",
		"──┬──":                      "--+--",
		"61 ↔ 59":                    "61 / 59", // two sizes, which are rarely equal
		Sparkline([]int{1, 2, 3, 8}): "_.-#",
		"名前 é e\u0301":               "???? ? e",
		"\x1b]8;;https://x.test\x07": "\x1b]8;;https://x.test\x07",
	} {
		got := ASCII(text)
		if Width(got) != Width(text) {
			t.Errorf("%q became %q, which is %d wide and not %d", text, got, Width(got), Width(text))
		}
		if got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
		for _, r := range got {
			if r > '~' {
				t.Errorf("%q holds %q", got, r)
			}
		}
	}
}
