package scim

import (
	"testing"
)

// BenchmarkLoad reads 10,000 users and 200 groups of 100 from the simulator, without its limits.
func BenchmarkLoad(b *testing.B) {
	sizes := func(int) int { return 100 }
	s := simulate(b, 10_000, 200, upTo(sizes, 10_000), nil)
	b.ReportAllocs()
	for b.Loop() {
		c := client(b, s.url, AWS)
		l := loadAll(b, c, sizes)
		if !l.membersC.Complete() || len(l.users) != 10_000 || c.Requests() != 100+2+200 {
			b.Fatalf("%d users, %d requests, %s", len(l.users), c.Requests(), l.membersC)
		}
	}
}
