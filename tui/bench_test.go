package tui

import (
	"image/color"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// large is a tenant of the size in DESIGN section 11, every hundredth user adrift. It is made once.
var large = sync.OnceValue(func() *drift.Comparison {
	w := newWorld(100_000, 2_000)
	for i := 0; i < len(w.target.Users); i += 100 {
		w.target.Users[i].DisplayName = "Somebody Else"
	}
	return w.compare()
})

func BenchmarkKeyToFrame(b *testing.B) {
	for _, tab := range []string{"1", "2", "3"} {
		b.Run("tab"+tab, func(b *testing.B) {
			a := board(b, large(), 160, 48)
			a.press(tab)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%2_000 < 1_000 {
					a.press("j")
				} else {
					a.press("k")
				}
				_ = a.View()
			}
		})
	}
}

func BenchmarkPageToFrame(b *testing.B) {
	a := board(b, large(), 160, 48)
	a.press("3")
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			a.press("ctrl+d")
		} else {
			a.press("g")
		}
		_ = a.View()
	}
}

func BenchmarkFilterKey(b *testing.B) {
	for name, word := range map[string]string{
		"common": "corp", "rare": "eve.ebert44@", "two": "ana !glen", "members": "member:ebert44",
	} {
		b.Run(name, func(b *testing.B) {
			a := board(b, large(), 160, 48)
			a.press(map[bool]string{true: "2", false: "3"}[name == "members"])
			keys := []rune(word)
			for i := 0; b.Loop(); i++ {
				if i%(len(keys)+1) == len(keys) {
					b.StopTimer()
					a.list().SetFilter("")
					b.StartTimer()
					continue
				}
				a.list().SetFilter(string(keys[:i%(len(keys)+1)+1]))
				_ = a.View()
			}
		})
	}
}

func BenchmarkNewSet(b *testing.B) {
	c := large()
	b.ReportAllocs()
	for b.Loop() {
		_ = rows.NewSet(c)
	}
}

// BenchmarkBytesPerMove reports what a move costs a terminal at 160x48.
func BenchmarkBytesPerMove(b *testing.B) {
	a := board(b, large(), 160, 48)
	a.Update(tea.BackgroundColorMsg{Color: color.Black}) // as nearly every terminal answers
	a.press("3")
	term := newTerminal(48)
	term.draw(b, a)
	total, moves := 0, 0
	for b.Loop() {
		a.press("j")
		total += term.draw(b, a)
		moves++
	}
	b.ReportMetric(float64(total)/float64(moves), "bytes/move")
}
