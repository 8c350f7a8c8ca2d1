package tui

import (
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/style"
)

// TestPlainIsWordsOnly: whatever is open, a plain frame fits the terminal, holds neither frames, bars nor sequences,
// and is not written anew because time goes by.
func TestPlainIsWordsOnly(t *testing.T) {
	t.Parallel()
	for _, s := range surfaces() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			a := s.open(t, func(o *Options) { o.Plain, o.NoColor = true, true })
			for _, size := range [][2]int{{1, 1}, {30, 6}, {80, 24}, {200, 60}} {
				a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				checkPlain(t, a, size[0], size[1])
				a.press("j")
				checkPlain(t, a, size[0], size[1])
			}
			before := a.View().Content
			a.now = a.now.Add(20 * time.Second)
			if after := a.View().Content; after != before {
				t.Errorf("after 20 seconds it is written anew:\n%s\n\n%s", before, after)
			}
		})
	}
}

func checkPlain(t *testing.T, a *app, w, h int) {
	t.Helper()
	v := a.View()
	lines := strings.Split(v.Content, "\n")
	if v.AltScreen || len(lines) > h {
		t.Fatalf("at %dx%d there are %d lines, on the alternate screen: %t", w, h, len(lines), v.AltScreen)
	}
	for _, line := range lines {
		if style.Method().StringWidth(line) > w {
			t.Fatalf("at %dx%d a line is too wide: %q", w, h, line)
		}
		drawn := func(r rune) bool { return unicode.IsControl(r) || r >= '─' && r <= '▟' }
		if at := strings.IndexFunc(line, drawn); at >= 0 {
			t.Fatalf("at %dx%d a line holds %q: %q", w, h, []rune(line[at:])[0], line)
		}
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
		t.Fatalf("at %dx%d the cursor is at %d,%d", w, h, c.X, c.Y)
	}
}

// TestPlainCommas part what is said, with nothing left out between two of them; and the help says one key after the
// other.
func TestPlainCommas(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 100, 60, func(o *Options) { o.Plain = true })
	for _, keys := range [][]string{{"g"}, {"k"}, {"enter"}, {"4"}, {"5"}, {"6"}, {"@"}} {
		a.press(keys...)
		content := a.View().Content
		for _, wrong := range []string{" ,", ",,", ",\n,"} {
			if strings.Contains(content, wrong) {
				t.Errorf("after %v it says %q:\n%s", keys, wrong, content)
			}
		}
	}
	a.press("esc", "?")
	if got := a.View().Content; !strings.Contains(got, "\n], down to the next severity\n") &&
		!strings.Contains(got, "\nctrl-l paint the screen anew\n") {
		t.Errorf("the help does not say a key a line:\n%s", got)
	}
}

// TestPlainTellsTheRowAtTheCursor, with what is wrong, what it is on both sides and the key that ends it, and says so
// of another one after a move.
func TestPlainTellsTheRowAtTheCursor(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 100, 40, func(o *Options) { o.Plain = true })
	seen := map[string]bool{}
	for range a.list().Matches() {
		content := a.View().Content
		row, _, _ := a.focusedRow()
		for _, fact := range []string{style.Label(a.Set.Subject(row).Name), "severity: ", "keys: "} {
			if !strings.Contains(content, fact) {
				t.Errorf("it does not say %q:\n%s", fact, content)
			}
		}
		seen[content] = true
		a.press("]")
		a.press("j")
	}
	if len(seen) < 2 {
		t.Error("a move changes nothing")
	}
}
