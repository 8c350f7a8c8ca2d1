package tui

import (
	"fmt"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// crowd has one group of 5,000 members, every tenth on one side only.
func crowd() *world {
	w := newWorld(6_000, 1)
	for i := range 5_000 {
		if i%10 != 1 {
			w.sourceLists[0].IDs = append(w.sourceLists[0].IDs, w.source.Users[i].ID)
		}
		if i%10 != 2 {
			w.intrude(0, i)
		}
	}
	return w
}

// joiner is a tenant of 2,000 groups whose first user is in 500 of them.
func joiner() *world {
	w := newWorld(1_000, 2_000)
	for i := range w.sourceLists {
		w.source.Roles = append(w.source.Roles, model.Role{
			ID: w.source.Groups[i].ID, Name: w.source.Groups[i].Name,
			Grants: true,
		})
	}
	for i := range 500 {
		w.sourceLists[i*4].IDs = append(w.sourceLists[i*4].IDs, w.source.Users[0].ID)
		w.source.Roles[i*4].Users.IDs = append(w.source.Roles[i*4].Users.IDs, w.source.Users[0].ID)
		if i%10 != 3 {
			w.intrude(i*4, 0)
		}
	}
	return w
}

// BenchmarkInspect is what one key costs on an inspector that is open, from key to frame, on the lists of DESIGN
// section 11: opening it, scrolling, and a key of its filter.
func BenchmarkInspect(b *testing.B) {
	for _, bench := range []struct {
		name  string
		world *world
		tab   string
		find  string
	}{{"group of 5000", crowd(), "2", "admins-0"}, {"user in 500 groups", joiner(), "3", "ana.arden0@"}} {
		c := bench.world.compare()
		open := func(b *testing.B) *app {
			b.Helper()
			a := board(b, c, 160, 48)
			a.press(bench.tab, "/")
			a.write(bench.find)
			a.press("enter")
			return a
		}
		b.Run(bench.name+"/open", func(b *testing.B) {
			a := open(b)
			for b.Loop() {
				a.Update(keyOf("enter"))
				_ = a.View()
				b.StopTimer()
				a.press("q")
				b.StartTimer()
			}
		})
		b.Run(bench.name+"/scroll", func(b *testing.B) {
			a := open(b)
			a.press("enter")
			for i := 0; b.Loop(); i++ {
				a.Update(keyOf(map[bool]string{true: "ctrl+d", false: "k"}[i%400 < 200]))
				_ = a.View()
			}
		})
		b.Run(bench.name+"/filter", func(b *testing.B) {
			a := open(b)
			a.press("enter")
			for i := 0; b.Loop(); i++ {
				a.inspector().SetFilter([]string{"a", "an", "ana", "x", ""}[i%5])
				_ = a.View()
			}
		})
	}
}

// BenchmarkMemberships is the alignment of both sides of a group of 5,000 members on its own.
func BenchmarkMemberships(b *testing.B) {
	set := rows.NewSet(crowd().compare())
	row, ok := set.FindSubject(model.Subject{Type: model.SubjectGroup, SourceID: fmt.Sprint(70000)})
	if !ok {
		b.Fatal("the group is not there")
	}
	for b.Loop() {
		_ = set.Memberships(row)
	}
}
