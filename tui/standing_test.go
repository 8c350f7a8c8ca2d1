package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/grid"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
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

// TestNoDriftSaysHowFarThatIsTrue: above the rows, in their place, and of each part in the header.
func TestNoDriftSaysHowFarThatIsTrue(t *testing.T) {
	t.Parallel()
	sound := func() *world { return newWorld(3, 1) }
	bent := func(bend func(*world)) func() *world {
		return func() *world {
			w := sound()
			bend(w)
			return w
		}
	}
	for _, test := range []struct {
		name  string
		world func() *world
		after func(*app)
		want  []string
	}{
		{"whole", sound, nil, []string{"no drift: both sides agree", "No drift: both sides agree. Press f"}},
		{"stale", sound, func(a *app) { a.reads(nil, errors.New(noRoute)) }, []string{
			"no drift when it was read", "No drift when it was read, 30 s ago. Press R to read again",
		}},
		{"still reading", sound, func(a *app) {
			c := sound().compare()
			c.Provisional = true
			a.show(reading.Shown{Set: rows.NewSet(c)})
		}, []string{"no drift so far", "No drift so far; still reading."}},
		{"open", bent(func(w *world) {
			w.source.Users[1].RollOnly, w.source.Users[1].Standing = true, "status 99"
		}), nil, []string{"no drift in what is known", "No drift in what is known. Press f to see all rows: 1 record"}},
		{"partial", bent(func(w *world) {
			w.target.Coverage[model.PartUsers] = model.PartialCoverage("a page failed")
			w.target.Coverage[model.PartMemberships] = model.PartialCoverage("a page failed")
			w.targetIDs[0] = model.MemberList{Unknown: "a page failed"}
		}), nil, []string{
			"no drift in what was read", "3 users (partial)", "? members of 1 group", "not read is unknown",
		}},
		{"skipped", bent(func(w *world) {
			w.target.Groups, w.targetIDs = nil, nil
			w.target.Coverage[model.PartGroups] = model.SkippedCoverage()
			w.target.Coverage[model.PartMemberships] = model.SkippedCoverage()
		}), func(a *app) { a.press("2", "f") }, []string{"groups skipped"}},
		{"empty", func() *world { return newWorld(0, 0) }, func(a *app) { a.press("3") }, []string{
			"Neither side has any.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := board(t, test.world().compare(), 200, 36)
			if test.after != nil {
				test.after(a)
			}
			for _, want := range test.want {
				if got := single(frame(a)); !strings.Contains(got, want) {
					t.Errorf("%q does not show:\n%s", want, frame(a))
				}
			}
		})
	}
}

// Where neither side could be read no tab counts nothing: there may be any number.
func TestTabsCountNothingThatWasNotRead(t *testing.T) {
	t.Parallel()
	w := failedTarget()
	w.source.Users, w.source.Groups, w.sourceLists = nil, nil, nil
	for _, part := range model.SourceParts() {
		w.source.Coverage[part] = model.UnknownCoverage("HTTP 401")
	}
	sees(t, board(t, w.compare(), 120, 36), "2 Groups ?", "3 Users ?")
}
