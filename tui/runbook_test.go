package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/rows"
	runbooks "github.com/scimdrift/scimdrift/tui/runbook"
)

const legacy = "aws-legacy-admins"

// bookBoard is a board that plans, with the first runbook for a lingering group open.
func bookBoard(t *testing.T) (*app, *fakeOutside) {
	t.Helper()
	a := repairBoard(t, drifted().compare(), 120, 36)
	a.to("legacy")
	a.press("b")
	a.pressAnd("enter")
	return a, a.outside.(*fakeOutside)
}

// withoutLegacy is the drifted world after the legacy group was deleted at the target.
func withoutLegacy() *drift.Comparison {
	w := drifted()
	i := slices.IndexFunc(w.target.Groups, func(g model.Group) bool { return g.Name == legacy })
	w.target.Groups, w.targetIDs = slices.Delete(w.target.Groups, i, i+1), slices.Delete(w.targetIDs, i, i+1)
	return w.compare()
}

// ends has the run that is under way end with every step confirmed, and the history tell of it.
func (a *app) ends(t *testing.T, set *rows.Set) {
	t.Helper()
	if a.job == nil {
		t.Fatalf("nothing runs:\n%s", frame(a))
	}
	run := pastRun("r"+a.job.Plan.Code(), a.job.Plan, model.RunDone,
		slices.Repeat([]model.StepState{model.StepConfirmed}, len(a.job.Plan.Steps))...)
	run.StartedAt = noon()
	a.Update(runOverMsg{job: a.job, run: run, set: set})
	a.tell(func() { a.receiveHistory(a.historyRequest, append([]model.Run{run}, a.historyTab.Items...), nil) })
	a.press("enter")
}

// TestARunbookBeforeAnythingIsRead says so, and ticks itself when it is.
func TestARunbookBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	a := loadingBoard(t, nil)
	a.Update(sized(120, 36))
	a.tell(func() {
		a.receiveCases("prod", []runbook.Entry{{
			Book: runbook.GroupLingers, Group: legacy, GroupID: "t-" + legacy, Begun: noon(),
		}}, nil)
	})
	a.press("b", "enter")
	sees(t, a, "0 of 5 steps settled", "nothing has been read yet")
	a.press("enter", "o", "q", "b", "G", "enter")
	sees(t, a, "no group is known")
	a.press("b", "enter")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	sees(t, a, "2 of 5 steps settled, next: The group is deleted", "› ▸ to do")
}

// TestARunbookFromStartToEnd: a lingering group is deleted by its name, OneLogin made to forget it, and the record
// written. Each step ticks itself, and only when it is seen.
func TestARunbookFromStartToEnd(t *testing.T) {
	t.Parallel()
	a, out := bookBoard(t)
	all := asked(a)
	sees(t, a, legacy+" · A group deleted in OneLogin lingers", "2 of 5 steps settled, next: The group is deleted",
		"› ▸ to do")
	if len(out.kept) != 1 || out.kept[0].Group != legacy || out.kept[0].GroupID != "t-"+legacy ||
		!out.kept[0].Begun.Equal(noon()) {
		t.Errorf("kept is %+v", out.kept)
	}
	a.pressAnd("enter")
	sees(t, a, "DELETE /Groups/t-"+legacy)
	a.press("enter")
	a.write(legacy)
	a.press("enter")
	a.ends(t, rows.NewSet(withoutLegacy()))
	sees(t, a, "✓ done          The group is deleted", "deleted at 2026-11-23 12:00 UTC",
		"4 of 5 steps settled, next: OneLogin has forgotten it", "› ▸ to do")

	a.pressAnd("enter")
	if got := (*all)[1]; len(got) != 1 || got[0].Finding != "" || got[0].Repair != model.RefreshEntitlements ||
		got[0].Channel != model.Console {
		t.Errorf("planned %+v", got)
	}
	a.press("enter", "y")
	a.ends(t, nil)
	if !a.Fetch.Active {
		t.Error("after a handoff nothing is read again")
	}
	sees(t, a, "✓ Every step is settled: w writes the record", "For next time:")
	out.record = func() (string, string, error) { return "# the record", "/state/records/x.md", nil }
	a.Update(readDoneMsg{id: a.Fetch.ID, err: errors.New("no answer")})
	sees(t, a, "Every step was settled when both sides were last read: R reads again, before the record ends it.")
	a.pressAnd("w")
	if len(a.cases) != 1 {
		t.Error("what was not read again ends the case")
	}
	a.press("R")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(withoutLegacy())})

	a.pressAnd("w")
	sees(t, a, "The record: /state/records/x.md", "✓ Finished and recorded")
	if out.recorded.Group != legacy || len(out.recorded.Runs) != 2 || out.recorded.Comparison == nil {
		t.Errorf("recorded is a case with %d runs about %q", len(out.recorded.Runs), out.recorded.Group)
	}
	if len(a.cases) > 0 {
		t.Error("it is under way after the record")
	}
	a.press("q")
	if a.top() != nil {
		t.Error("q does not leave it")
	}
}

// TestARunbookWaitsForTheRuns: until they are read, what rests on them is neither done nor needless, and the cursor
// stays before it.
func TestARunbookWaitsForTheRuns(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, withoutLegacy(), 120, 36)
	out := a.outside.(*fakeOutside)
	a.tell(func() {
		a.receiveCases("prod", []runbook.Entry{{
			Book: runbook.GroupLingers, Group: legacy, GroupID: "t-" + legacy, Begun: noon(),
		}}, nil)
	})
	out.history = func() ([]model.Run, error) { return nil, errors.New("the disk is gone") }
	answer := a.askHistory()
	a.press("b", "enter")
	sees(t, a, "? unknown       The group is deleted", "? unknown       OneLogin has forgotten it")
	a.Update(answer())
	sees(t, a, "? unknown       The group is deleted")
	out.history = nil
	a.Update(a.askHistory()())
	sees(t, a, "– not needed    The group is deleted")
}

// TestARunbookIsLeftAndResumed: by the key, and by a program that starts anew; it counts from when it was begun.
func TestARunbookIsLeftAndResumed(t *testing.T) {
	t.Parallel()
	a, out := bookBoard(t)
	a.press("q", "esc", "1")
	out.kept[0].Begun = noon().Add(-3 * time.Hour) // as an earlier program left it
	b := repairBoard(t, drifted().compare(), 120, 36)
	b.tell(func() {
		b.receiveCases("prod", append([]runbook.Entry{{Book: "of-a-later-version", Begun: noon()}}, out.kept...), nil)
	})
	sees(t, b, "1 runbook is under way: b goes on with it.")
	b.press("b")
	sees(t, b, "▸ "+legacy+" · A group deleted",
		"Under way since 23 Nov 09:00 UTC: 2 of 5 steps settled, next: The group is deleted.")
	b.press("enter")
	sees(t, b, "begun 23 Nov 09:00 UTC")
	if len(b.cases) != 1 {
		t.Errorf("%d are under way", len(b.cases))
	}
	b.press("X", "n")
	sees(t, b, "It stays under way.")
	b.press("X")
	if b.pressAnd("y"); len(b.cases) > 0 || b.top() != nil {
		t.Error("it cannot be ended")
	}
}

// TestADeleteIsRefusedWhileSomethingYieldsTheName: it says why, plans nothing, and leads to the rules.
func TestADeleteIsRefusedWhileSomethingYieldsTheName(t *testing.T) {
	t.Parallel()
	a, _ := bookBoard(t)
	all := asked(a)
	w := drifted()
	w.source.Groups = append(w.source.Groups, model.Group{Name: legacy, Expectation: model.Allowed})
	w.sourceLists = append(w.sourceLists, model.MemberList{})
	a.Update(readDoneMsg{id: a.Fetch.ID}) // not of this read
	a.press("R")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(w.compare())})
	sees(t, a, "✗ blocked", "a rule or role still names it, though nobody is in it now; end that first")
	a.press("j", "enter")
	if isOnTop[*plan.Screen](a) || len(*all) > 0 {
		t.Error("a delete is planned")
	}
	sees(t, a, "✗ blocked       The group is deleted")
	a.press("k", "k", "k", "enter")
	sees(t, a, "In the console", "OneLogin > place")
}

// TestNothingComesUndoneWhileReading: half a reading would make every step unknown.
func TestNothingComesUndoneWhileReading(t *testing.T) {
	t.Parallel()
	a, _ := bookBoard(t)
	a.press("R")
	half := drifted()
	half.source.Coverage[model.PartRules] = model.UnknownCoverage("still reading")
	a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(half.compare())})
	sees(t, a, "2 of 5 steps settled")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(half.compare())})
	sees(t, a, "2 of 5 steps settled", "stale: read 30 s ago") // what knows less takes no place
	a.press("enter")
	sees(t, a, "Not planned")
	a.press("c", "enter")
	sees(t, a, "? unknown", "This is the last read as it came")
}

func TestARunbookAsksForItsGroup(t *testing.T) {
	t.Parallel()
	w := drifted()
	// It pairs with none.
	w.target.Groups = append(w.target.Groups, model.Group{ID: "t-other", Name: "AWS-Billing-7"})
	w.targetIDs = append(w.targetIDs, model.MemberList{})
	a := repairBoard(t, w.compare(), 120, 36)
	a.press("2", "g", "b", "G")
	a.press("enter")
	sees(t, a, "Which group? A group was deleted at the target first")
	if got := single(frame(a)); !strings.Contains(got, "› group aws-readers-4 group-missing aws-newcomers group aws-") {
		t.Errorf("the group that is looked at, or one that fits, does not stand first:\n%s", frame(a))
	}
	a.write("newcomers")
	a.press("enter")
	sees(t, a, "aws-newcomers · A group was deleted at the target first")
	a.press("q", "b", "G", "enter")
	a.write("billing-7")
	a.press("enter")
	if got, of := a.runbook().Entry.GroupID, w.target.Groups[7].ID; got != of {
		t.Errorf("the group at the target is %q, and the one that it is paired with %q", got, of)
	}
	a.press("q", "space", "b", "G", "enter") // only what is marked is meant
	if got := frame(a); strings.Contains(got, "aws-newcomers") || !strings.Contains(got, "aws-readers-4") {
		t.Errorf("it asks for groups that are not marked:\n%s", got)
	}
	a.press("esc", "V", "1")
	a.to("newcomers")
	a.press("g", "b", "G", "enter") // a heading stands for the worst beneath it
	if got := single(frame(a)); !strings.Contains(got, "› group-missing aws-newcomers") {
		t.Errorf("the group under the heading does not stand first:\n%s", frame(a))
	}
	a = repairBoard(t, newWorld(3, 0).compare(), 120, 36)
	a.press("b", "G", "enter")
	sees(t, a, "There is no group that this could be about.")
	a.tell(func() {
		left := []runbook.Entry{{Book: runbook.GroupLingers, Group: "g"}, {Book: runbook.GroupLingers, Group: "h"}}
		a.receiveCases("prod", left, nil)
	})
	sees(t, a, "2 runbooks are under way: b goes on with them.")
}

// TestAssignmentsAreAskedFor: no reading shows them, so that the services are asked, once.
func TestAssignmentsAreAskedFor(t *testing.T) {
	t.Parallel()
	c := drifted().compare()
	a := repairBoard(t, c, 120, 36)
	out := a.outside.(*fakeOutside)
	probes := 0
	out.probe = func() (*drift.Comparison, error) { probes++; return c, nil }
	a.openRunbook(runbook.Entry{Book: runbook.DeletedAtTarget, Group: "aws-newcomers"})
	a.Update(nil)
	a.press("G")
	sees(t, a, "enter asks AWS for assignments whose group is gone")
	a.settlingRun = "r"
	a.press("enter")
	sees(t, a, " is being settled: go on when that has ended.")
	a.settlingRun = ""
	a.startRead(nil)
	a.press("enter")
	sees(t, a, "Still reading: ask when the read has ended.")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(c)})
	_, cmd := a.Update(keyOf("enter"))
	a.Update(cmd().(tea.BatchMsg)[0]()) // the read itself; the others wait for its end
	if probes != 1 || a.Fetch.Active {
		t.Errorf("asked %d times; still asking: %t", probes, a.Fetch.Active)
	}
	a.press("enter")
	sees(t, a, "In the console")
}

func TestARecordThatCannotBeWrittenEndsNothing(t *testing.T) {
	t.Parallel()
	a, out := bookBoard(t)
	out.record = func() (string, string, error) { return "# text", "/state/records/x.md", nil }
	a.pressAnd("w")
	sees(t, a, "2 of 5 steps settled", "· recorded")
	a.reads(withoutLegacy(), nil)
	a.press("r")
	if !a.Fetch.Active || a.Fetch.Subject != nil {
		t.Errorf("of a group that is gone %+v is read again, want both sides", a.Fetch.Subject)
	}
	a.Update(readDoneMsg{id: a.Fetch.ID, set: a.Set})
	out.record = func() (string, string, error) { return "", "", errors.New("no room; make some") }
	a.pressAnd("w")
	sees(t, a, "No record: no room; make some")
	out.record = func() (string, string, error) { return "# text", "", errors.New("no room; make some") }
	a.pressAnd("w")
	sees(t, a, "Copied, and not written: no room; make some")
	if len(a.cases) != 1 {
		t.Error("the case is lost")
	}
}

// TestRunbooksThatFit come first, from a row, from a check, and from the inspector.
func TestRunbooksThatFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		open func(a *app)
		want string
	}{
		{"a lingering group", func(a *app) { a.to("legacy") }, "A group deleted in OneLogin lingers at the target: " +
			legacy},
		{
			"the inspector", func(a *app) { a.to("legacy"); a.press("enter") },
			"A group deleted in OneLogin lingers at the target: " + legacy,
		},
		{"a missing group", func(a *app) { a.to("newcomers") }, "Groups are not provisioned"},
		{"a user", func(a *app) { a.to("user-unsynced") }, "Nothing synchronises although all settings are right"},
		{
			"nothing in particular: the worst that one fits", func(a *app) { a.press("3", "G") },
			"Nothing synchronises although all settings are right",
		},
	} {
		a := repairBoard(t, drifted().compare(), 120, 36)
		test.open(a)
		a.press("b")
		if got := a.top().(*prompt.Chooser).Items; got[0].Label != test.want || len(got) < 4 {
			t.Errorf("%s: the first of %d is %q, want %q", test.name, len(got), got[0].Label, test.want)
		}
	}
}

// TestARunbookNamesTheGroupThatItFitsBest: of two missing groups the one that was deleted at the target, also where
// another stands above it.
func TestARunbookNamesTheGroupThatItFitsBest(t *testing.T) {
	t.Parallel()
	w := drifted()
	w.addGroup("aws-purged", true, false)
	w.sourceLists[len(w.sourceLists)-1].IDs = []string{w.source.Users[1].ID}
	c := w.compare()
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Subject.Name == "aws-purged" {
			f.Cause = model.CauseDeletedAtTarget
		}
	}
	a := repairBoard(t, c, 120, 50)
	a.press("3", "G", "b")
	sees(t, a, "A group was deleted at the target first: aws-purged")
}

// bookSurfaces are what an operator can have on the screen of runbooks.
func bookSurfaces() []surface {
	on := func(c *drift.Comparison, open func(a *app)) func(*testing.T, ...func(*Options)) *app {
		return func(t *testing.T, change ...func(*Options)) *app {
			t.Helper()
			a := repairBoard(t, c, 80, 24, change...)
			open(a)
			return a
		}
	}
	var out []surface
	text := strings.Join(hostileNames(), " ")
	for _, book := range runbook.Books() {
		e := runbook.Entry{Book: book.Name, Group: text, GroupID: "h1", Begun: noon()}
		out = append(out, surface{
			"runbook " + string(book.Name),
			on(hostile().compare(), func(a *app) { a.openRunbook(e) }),
		},
			surface{
				"runbook unread " + string(book.Name),
				on(failedTarget().compare(), func(a *app) { a.openRunbook(e) }),
			})
	}
	return append(out, surface{"runbooks", on(drifted().compare(), func(a *app) { a.to("legacy"); a.press("b") })},
		surface{"runbooks under way", on(hostile().compare(), func(a *app) {
			a.tell(func() {
				a.receiveCases("prod", []runbook.Entry{{Book: runbook.GroupLingers, Group: text, Begun: noon()}},
					errors.New(text))
			})
			a.press("b")
		})},
		surface{"runbook group", on(hostile().compare(),
			func(a *app) { book, _ := runbook.Find(runbook.GroupLingers); a.askGroup(book) })},
		surface{"runbook no group", on(hostile().compare(), func(a *app) {
			book, _ := runbook.Find(runbook.GroupLingers)
			a.askGroup(book)
			a.write("nobody is called so")
		})},
		surface{"runbook finished", on(withoutLegacy(), func(a *app) {
			a.openRunbook(runbook.Entry{Book: runbook.GroupLingers, Group: legacy})
			a.pop()
			board := a.runbookBoard()
			board.Walk = func(book runbook.Book, _ runbook.Entry) []runbook.Verdict {
				seen := runbook.Verdict{State: runbook.ByHand, Seen: text, Place: model.PlaceAssignments}
				return slices.Repeat([]runbook.Verdict{seen}, len(book.Steps))
			}
			book, _ := runbook.Find(runbook.GroupLingers)
			s := runbooks.New(a.cases[0], book, board)
			s.Record = text
			a.push(s)
		})},
	)
}
