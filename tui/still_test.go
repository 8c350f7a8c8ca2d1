package tui

import (
	"strings"
	"testing"
	"time"
)

// A snapshot says on every screen that it is one, in every size that has a title.
func TestASnapshotSaysSoOnEveryScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {160, 48}, {40, 10}} {
		for _, keys := range [][]string{
			{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"enter"}, {"c"}, {"?"}, {"@"}, {"p"}, {"4", "enter"}, {"b"},
		} {
			a := repairBoard(t, drifted().compare(), size[0], size[1], func(o *Options) {
				o.Still = "a snapshot of prod, read at 2026-11-21 12:00:00 UTC"
				o.Now = func() time.Time { return noon().Add(48 * time.Hour) }
			})
			for _, key := range keys[:len(keys)-1] {
				a.press(key)
			}
			a.pressAnd(keys[len(keys)-1])
			title, _, _ := strings.Cut(frame(a), "\n")
			aged := size[0] < 80 || strings.Contains(title, "as it was 2 days ago, not as it is")
			if !strings.Contains(title, "snapshot") || !aged {
				t.Errorf("%dx%d after %v: %q", size[0], size[1], keys, title)
			}
		}
	}
}
