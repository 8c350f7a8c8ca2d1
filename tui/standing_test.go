package tui

import (
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// A user whose status is documented nowhere is not shown to be in sync, and the row says what OneLogin says of him.
func TestAUserOfUnknownStatusIsNotSettled(t *testing.T) {
	t.Parallel()
	w := drifted()
	u := &w.source.Users[5]
	u.RollOnly, u.Standing = true, "status 99"
	a := board(t, w.compare(), 140, 36)
	r, there := a.set.Of(model.Subject{Type: model.SubjectUser, Name: u.UserName, SourceID: u.ID})
	if got := a.whatOfSettled(r); !there || r.Relation != rows.Unsettled || got != "OneLogin says status 99, documented nowhere" {
		t.Errorf("there %v, relation %v, %q", there, r.Relation, got)
	}
}
