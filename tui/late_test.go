package tui

import (
	"errors"
	"strings"
	"testing"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

const noRoute = "no connection to scim.us-east-1.amazonaws.com; check the network"

// lost is the drifted tenant, read again while the target does not answer.
func lost() *world {
	w := drifted()
	w.source.ReadAt, w.target.ReadAt = noon(), noon()
	w.target.Users, w.target.Groups, w.targetIDs = nil, nil, nil
	for _, part := range model.TargetParts() {
		w.target.Coverage[part] = model.UnknownCoverage(noRoute)
	}
	return w
}

// reads has R read both sides, with that outcome.
func (a *app) reads(c *drift.Comparison, err error) {
	a.press("R")
	msg := readDoneMsg{id: a.Fetch.ID, err: err}
	if c != nil {
		msg.set = rows.NewSet(c)
	}
	a.Update(msg)
}

// grids are the lines of the lists, with their marks, folds and cursor.
func (a *app) grids() string {
	var b strings.Builder
	was := a.tab
	for _, t := range []tab{tabDrift, tabGroups, tabUsers} {
		a.tab = t
		b.WriteString(strings.Join(a.grid().Lines(30), "\n") + "\n")
	}
	a.tab = was
	return b.String()
}

// outcomes are the ways in which a reload does not take the place of what is known: what it says, and whether it has
// anything to show.
func outcomes() map[string]func(a *app) {
	return map[string]func(a *app){
		"a side that is lost": func(a *app) { a.reads(lost().compare(), nil) },
		"nothing at all":      func(a *app) { a.reads(nil, errors.New(noRoute)) },
		"cancelled": func(a *app) {
			a.press("R")
			a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(lost().compare())})
			a.cancelFetch()
		},
	}
}

// Whatever a reload ends in, what was known stays as it was, says how old it is and why, and is no base for a plan; the
// set-up says that nothing is known of what nobody answered.
func TestAReloadThatFailsKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, fail := range outcomes() {
		for _, size := range [][2]int{{80, 24}, {160, 48}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := repairBoard(t, drifted().compare(), size[0], size[1])
				a.outside.(*fakeOutside).plan = func([]model.Pick, []model.GuardRule) (*model.Plan, error) {
					t.Error("a plan is made of what may not be so any more")
					return nil, errors.New("no")
				}
				a.press("3", "s", "j", "space", "space", "2", "/")
				a.write("aws-")
				a.press("enter", "j", "j", "1", "g", "enter", "j", "j")
				before := a.grids()
				fail(a)
				if after := a.grids(); after != before {
					t.Errorf("the lists were\n%s\nand are\n%s", before, after)
				}
				sees(t, a, "stale: read 30 s ago, the reload just now", "Drift 14", "812 users",
					"Stale: read at 11:59:20 UTC; the read at 12:00:00 UTC")
				for _, key := range []string{"p", "a", "D"} {
					a.press(key)
					if a.top() != nil {
						t.Fatalf("%s plans:\n%s", key, frame(a))
					}
					sees(t, a, "Not planned, because stale: R reads both sides again")
				}
				a.press("4", "f")
				sees(t, a, "Setup ?")
				for _, check := range a.setup.Items {
					rests := check.ID == model.SetupMispaired || check.ID == model.SetupUserNameCase
					if rests && check.Result != model.CheckUnknown {
						t.Errorf("%s is %s though nobody answered: %s", check.ID, check.Result, check.Seen)
					}
				}
				a.press("3", "c")
				sees(t, a, "The read at 12:00:00 ")
				a.press("G")
				sees(t, a, "the reload just now", "complete")
				a.press("q", "enter")
				sees(t, a, "stale: read 30 s ago") // on every screen
				a.press("q")
				a.reads(drifted().compare(), nil)
				lacks(t, a, "stale", "Stale")
				if after := a.grids(); after != before {
					t.Errorf("after a read that got through the lists were\n%s\nand are\n%s", before, after)
				}
			})
		}
	}
}

// A side that is lost leaves its marks part by part, with the reason; the other side was read, and is of the same age
// all the same.
func TestAPartThatWasLostIsMarked(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 48)
	w := lost()
	w.target.Users = drifted().target.Users
	w.target.Coverage[model.PartUsers] = model.CompleteCoverage()
	a.reads(w.compare(), nil)
	sees(t, a, "814 users · 41 groups · 202 memberships", "! 43 groups · ! 204 memberships · 812 users",
		"did not get AWS groups, memberships: no connection to")
	a.press("3")
	lacks(t, a, "rightly absent")
}

// The last read can be looked at as it came, on purpose: who has to go on while a part cannot be read need not start
// anew.
func TestTheLastReadCanBeShownAsItCame(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	c := lost().compare()
	a.reads(c, nil)
	a.press("space", "c")
	sees(t, a, "knows less than what shows. enter shows it as it came.", noRoute)
	a.press("enter")
	if a.Set.Comparison != c || a.Late != nil {
		t.Fatalf("it does not show:\n%s", frame(a))
	}
	sees(t, a, "incomplete: 3 parts not read", "This is the last read as it came.", "1 marked row no longer there")
	a.press("R")
	a.cancelFetch()
	a.press("c", "enter")
	if a.Set.Comparison != c || !isOnTop[*reading.Screen](a) {
		t.Error("a read that was cancelled has something to show")
	}
}

// After a reload that was cancelled the loader's last read is still what shows: one row read again can be planned on,
// and no other.
func TestARowThatWasReadAgainCanBePlanned(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.press("R", "esc")
	a.press("D")
	sees(t, a, "R reads both sides again, r this row.")
	a.press("r")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	sees(t, a, "stale: read 30 s ago", "Read again on both sides.")
	a.press("space", "r")
	gone := readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(lessOne("aws-legacy-admins").compare())}
	a.Update(gone)
	sees(t, a, "1 marked row no longer there: unmarked.")
	a.press("esc")
	a.to("contractors")
	a.press("r")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	a.press("esc")
	a.to("legacy")
	a.press("r")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	a.pressAnd("D")
	if a.planOnTop() == nil {
		t.Fatalf("no plan:\n%s", frame(a))
	}
	a.press("esc", "esc")
	a.to("newcomers")
	a.press("p")
	sees(t, a, "Not planned")
}

// After a read that lost a side, a row that is read again is patched into that read: it must not bring it to the board.
func TestARowReadAgainDoesNotBringALesserRead(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.reads(lost().compare(), nil)
	a.press("r")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(lost().compare())})
	sees(t, a, "Read again, and not shown", "aws-legacy-admins")
	a.press("D")
	sees(t, a, "Not planned", "R reads both sides again.")
}

// A plan that was made before stays on the screen and is not run.
func TestAPlanIsNotRunOnWhatIsStale(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.pressAnd("D")
	a.reads(lost().compare(), nil)
	a.press("enter")
	if a.openQuestion() != nil || a.job != nil {
		t.Fatalf("it is run:\n%s", frame(a))
	}
	sees(t, a, "Not planned, because stale")
}

// A read that begins while the plan is being confirmed, as after a settling, keeps it from being run: it would bring
// the records as they were before the step.
func TestNoRunBesideARead(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.pressAnd("D")
	a.press("enter")
	a.write(legacy)
	a.startRead(nil)
	a.press("enter")
	if a.job != nil {
		t.Fatal("it is run beside a read")
	}
	sees(t, a, "Still reading: run it when the read has ended.")
}

// What shows after a run that read both sides first, in vain: what was known. What it patched into that is shown.
func TestARunThatReadLessDoesNotEmptyTheBoard(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.showUnlessOlder(rows.NewSet(lost().compare()))
	sees(t, a, "stale: read 30 s ago", "14 findings")
	a.reads(drifted().compare(), nil)
	a.showUnlessOlder(rows.NewSet(withoutLegacy()))
	sees(t, a, "13 findings", "complete")
}

// Where nothing was known, a first read streams in, and a better one always takes its place.
func TestABetterReadTakesThePlace(t *testing.T) {
	t.Parallel()
	a := board(t, lost().compare(), 120, 36)
	sees(t, a, "incomplete: 3 parts not read")
	a.reads(lost().compare(), nil)
	lacks(t, a, "stale")
	a.reads(drifted().compare(), nil)
	sees(t, a, "14 findings", "complete")
	nothing := lost()
	nothing.source.Users, nothing.source.Groups, nothing.sourceLists = nil, nil, nil
	for _, part := range model.SourceParts() {
		nothing.source.Coverage[part] = model.UnknownCoverage(noRoute)
	}
	b := board(t, nothing.compare(), 120, 36)
	b.press("R")
	b.Update(readProgressMsg{id: b.Fetch.ID, set: rows.NewSet(drifted().compare())})
	sees(t, b, "aws-legacy-admins") // there was nothing to keep
}

// Cancelling the details keeps what was read of both sides; what was not judged to its end is no base for a plan.
func TestCancellingTheDetailsKeepsTheRead(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("R")
	var parts []model.Progress
	for _, side := range model.Sides() {
		for _, part := range side.Parts() {
			parts = append(parts, model.Progress{Side: side, Part: part, State: model.PartRead})
		}
	}
	a.Update(readProgressMsg{id: a.Fetch.ID, parts: parts, set: rows.NewSet(withoutLegacy())})
	sees(t, a, "14 findings", "reading details")
	a.press("esc")
	sees(t, a, "13 findings", "was cancelled before its details were read")
}
