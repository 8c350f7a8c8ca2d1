package rows

import (
	"sync"
	"testing"

	"github.com/scimdrift/scimdrift/model/drift"
)

var large = sync.OnceValue(func() *drift.Comparison { return tenant(1, 125_000, 2_000) })

// BenchmarkFilterKey is one key of a filter over 100,000 rows, from the filter before it.
func BenchmarkFilterKey(b *testing.B) {
	set := NewSet(large())
	for _, keys := range [][2]string{{"", "u"}, {"u", "us"}, {"u", "uz"}, {"", "zz"}, {"user", "user0 1"}, {"user1", "user"}, {"", "!1"}} {
		b.Run(keys[0]+"→"+keys[1], func(b *testing.B) {
			l := NewList(Users)
			l.Use(set)
			for b.Loop() {
				b.StopTimer()
				l.SetFilter(keys[0])
				b.StartTimer()
				l.SetFilter(keys[1])
			}
		})
	}
}
