package tui

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/grid"
)

// A user whose status is documented nowhere is not shown to be in sync, and the row says what OneLogin says of him.
func TestAUserOfUnknownStatusIsNotSettled(t *testing.T) {
	t.Parallel()
	w := drifted()
	u := &w.source.Users[5]
	u.RollOnly, u.Standing = true, "status 99"
	a := board(t, w.compare(), 140, 36)
	r, there := a.Set.FindSubject(model.Subject{Type: model.SubjectUser, Name: u.UserName, SourceID: u.ID})
	if got := grid.NoFindingText(a.Set, r); !there || r.Relation != model.Unsettled ||
		got != "OneLogin says status 99, documented nowhere" {
		t.Errorf("there %v, relation %v, %q", there, r.Relation, got)
	}
}

// TestUnequalSizesAreAddedUp: two people who were suspended before they ever got to the target are no drift, and
// whoever sees two numbers beside "no drift" is told why.
func TestUnequalSizesAreAddedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(20, 4)
	for _, name := range []string{"vic@corp.example", "wes@corp.example"} {
		w.addUser(name, false)
		u := &w.source.Users[len(w.source.Users)-1]
		u.Active, u.Standing = false, model.StandingSuspended
	}
	w.target.Ignored = 1
	const users = "22 ↔ 20 users: −2 suspended"
	for _, size := range [][2]int{{80, 24}, {160, 48}} {
		a := board(t, w.compare(), size[0], size[1])
		for _, key := range []string{"1", "2", "3", "4", "5", "6"} {
			a.press(key)
			sees(t, a, "no drift: both sides agree", users)
		}
		a.press("c", "G")
		sees(t, a, "How the sizes add up", users, "1 more group in AWS is left out by groups.ignore")
	}
}
