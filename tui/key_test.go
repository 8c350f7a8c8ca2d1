package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/export"
	"github.com/scimdrift/scimdrift/tui/help"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/requests"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// TestKeyMapIsSound: every action has keys and words, and help lists each.
func TestKeyMapIsSound(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 200)
	a.press("?")
	help := frame(a)
	for _, act := range KeyMap(nil) {
		if act.Binding.Help().Key == "" || act.Does == "" || act.ID == "" || a.action(act.ID).run == nil {
			t.Errorf("an action lacks keys, words, a name or what does it: %+v", act)
		}
		if !strings.Contains(help, act.Does) {
			t.Errorf("the help does not say %q", act.Does)
		}
	}
	for _, act := range a.actions {
		if act.FooterRank > 0 && act.Binding.Help().Desc == "" {
			t.Errorf("%q stands in the footer without a word", act.Does)
		}
	}
}

// TestKeysThatShareDoNotClash: no two actions answer to one key in the same state.
func TestKeysThatShareDoNotClash(t *testing.T) {
	t.Parallel()
	for _, s := range surfaces() {
		a := s.open(t)
		if a.palette() != nil || a.prompt != nil || a.openQuestion() != nil {
			continue
		}
		held := map[string]string{}
		for i := range a.actions {
			if act := &a.actions[i]; a.isAvailable(act) {
				for _, k := range act.Binding.Keys() {
					if other := held[k]; other != "" {
						t.Errorf("on %q the key %q does %q and %q", s.name, k, other, act.Does)
					}
					held[k] = act.Does
				}
			}
		}
	}
}

// TestFooterTellsTheTruth: what the footer offers can be done.
func TestFooterTellsTheTruth(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 30)
	if got := frame(a); !strings.Contains(got, "enter inspect") || !strings.Contains(got, "q quit") {
		t.Errorf("on a row the footer is wrong:\n%s", got)
	}
	a.press("g")
	if got := frame(a); !strings.Contains(got, "enter fold") || strings.Contains(got, "r refresh") {
		t.Errorf("on a heading the footer is wrong:\n%s", got)
	}
	a.press("f")
	if got := frame(a); !strings.Contains(got, "All rows.") {
		t.Errorf("the footer does not say what f did:\n%s", got)
	}
	a.press("j")
	if got := frame(a); !strings.Contains(got, "f drift only") {
		t.Errorf("with all rows the footer is wrong:\n%s", got)
	}
	a.press("?")
	if got := frame(a); !strings.Contains(got, "q back") || strings.Contains(got, "enter inspect") {
		t.Errorf("on the help the footer is wrong:\n%s", got)
	}
}

// TestTheFooterNamesTheRunbooks on every row, whatever key ends it.
func TestTheFooterNamesTheRunbooks(t *testing.T) {
	t.Parallel()
	a := repairBoard(t, drifted().compare(), 160, 48)
	for range a.list().Len() {
		lines := strings.Split(strings.TrimRight(frame(a), "\n"), "\n")
		last := lines[len(lines)-1]
		if !strings.Contains(last, "b runbooks") {
			t.Errorf("the footer is %q", last)
		}
		a.press("down")
	}
}

// TestPaletteReachesEverything: from the palette every action can be done that a key does at that moment.
func TestPaletteReachesEverything(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 60)
	var want []string
	for i := range a.actions {
		if a.isAvailable(&a.actions[i]) {
			want = append(want, a.actions[i].Does)
		}
	}
	a.press(":")
	for _, name := range want {
		if !strings.Contains(frame(a), name) {
			t.Errorf("the palette lacks %q", name)
		}
	}
	a.write("sort")
	a.press("enter")
	if a.palette() != nil || a.list().Order() != rows.ByName {
		t.Error("the palette did not sort")
	}
}

// TestThePaletteOutlivesARead: what it offered is done on what is there when it is chosen, or said to be gone.
func TestThePaletteOutlivesARead(t *testing.T) {
	t.Parallel()
	const gone = "cannot be done any more"
	tried := map[string]bool{}
	for _, s := range surfaces() {
		a := s.open(t)
		if a.prompt != nil {
			continue
		}
		for _, act := range a.availableActions() {
			if tried[act.ID] {
				continue
			}
			tried[act.ID] = true
			a := s.open(t)
			a.press(":")
			a.write("do " + act.Does)
			a.show(reading.Shown{Set: rows.NewSet(newWorld(0, 0).compare())})
			a.job = nil
			there := a.isAvailable(a.action(act.ID))
			a.press("enter")
			if said := strings.Contains(a.status, gone); said == there {
				t.Errorf("%s: %q is there: %t, and it says %q", s.name, act.Does, there, a.status)
			}
		}
	}
	w := newWorld(40, 3)
	a := board(t, w.compare(), 120, 40)
	find := func(before func()) {
		a.press(":")
		a.write(w.target.Users[7].UserName)
		before()
		a.press("enter")
	}
	later := newWorld(40, 3)
	later.source.Users, later.target.Users = later.source.Users[7:], later.target.Users[7:]
	find(func() { a.show(reading.Shown{Set: rows.NewSet(later.compare())}) })
	if a.inspector() == nil || a.top().Title() != w.target.Users[7].UserName {
		t.Errorf("the palette leads to somebody else:\n%s", frame(a))
	}
	a.press("q")
	find(func() { a.show(reading.Shown{Set: rows.NewSet(newWorld(2, 1).compare())}) })
	sees(t, a, notThere)
	find(func() { a.show(reading.Shown{}) })
}

func TestFilterPrompt(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("/")
	a.write("legacy")
	if got := frame(a); !strings.Contains(got, "1 of 14") || strings.Contains(got, "contractors") {
		t.Fatalf("typing does not filter:\n%s", got)
	}
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "/legacy  1 match") {
		t.Errorf("a filter that is set does not show:\n%s", got)
	}
	a.press("/")
	a.write("xxx")
	if got := frame(a); !strings.Contains(got, `Nothing matches "legacyxxx". esc clears the filter.`) {
		t.Errorf("nothing says that nothing matches:\n%s", got)
	}
	a.press("esc")
	if got := a.list().Filter(); got != "legacy" {
		t.Errorf("esc in the prompt left the filter %q", got)
	}
	a.press("esc")
	if got := frame(a); !strings.Contains(got, "contractors") {
		t.Errorf("esc did not clear the filter:\n%s", got)
	}
	a.press("/")
	a.Update(tea.PasteMsg{Content: "legacy"})
	if got := frame(a); !strings.Contains(got, "1 of 14") {
		t.Errorf("pasting does not filter:\n%s", got)
	}
}

// TestEscTakesBackOneThing at a time, the nearest first.
func TestEscTakesBackOneThing(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("space", "/")
	a.write("a")
	a.press("enter", "v", "?")
	a.press("esc")
	if a.top() != nil {
		t.Fatal("esc did not close the help")
	}
	if _, _, open := a.list().Range(); !open {
		t.Fatal("esc took the range too")
	}
	a.press("esc")
	if _, _, open := a.list().Range(); open || a.list().Filter() != "a" {
		t.Fatal("esc did not drop just the range")
	}
	a.press("esc")
	if a.list().Filter() != "" || len(a.marks) != 1 {
		t.Fatal("esc did not clear just the filter")
	}
	a.press("esc")
	if got := frame(a); len(a.marks) != 1 || !strings.Contains(got, "1 row marked. V unmarks all") {
		t.Fatalf("esc lost the marks, or does not say how to:\n%s", got)
	}
}

func TestMouse(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	at := func(text string) (x, y int) {
		for y, line := range strings.Split(frame(a), "\n") {
			if before, _, ok := strings.Cut(line, text); ok {
				return len([]rune(before)), y
			}
		}
		t.Fatalf("%q does not show", text)
		return 0, 0
	}
	click := func(text string) {
		x, y := at(text)
		a.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	}
	click("high      aws-legacy-admins")
	if got := a.Set.Subject(must(a.list().Current()).Row).Name; got != "aws-legacy-admins" {
		t.Fatalf("a click went to %q", got)
	}
	click("high      aws-legacy-admins")
	if !isOnTop[*inspect.Screen](a) {
		t.Fatal("a second click does not look into the row")
	}
	a.press("q")
	before := a.list().Len()
	click("2 groups linger")
	if a.list().Len() != before-2 {
		t.Fatal("a click on a heading does not fold it")
	}
	click("Users 8")
	if a.tab != tabUsers {
		t.Fatal("a click on a tab does not open it")
	}
	for _, column := range []struct {
		title string
		order rows.Order
	}{{"USER ─", rows.ByName}, {"AGE", rows.ByAge}, {"SEVERITY", rows.ByWorst}} {
		if click(column.title); a.list().Order() != column.order {
			t.Errorf("a click on %s sorts %s", column.title, a.list().Order())
		}
	}
	if click("Sorted"); a.status != "" || a.prompt != nil {
		t.Errorf("a click on what is said does not take it away: %q", a.status)
	}
	if click("filter "); a.prompt == nil {
		t.Error("a click on a key of the footer does nothing")
	}
	if click("tab: "); a.prompt == nil { // a line is typed there now
		t.Error("a click on the line that is typed ends it")
	}
	a.press("esc")
	if click("? help"); !isOnTop[*help.Screen](a) {
		t.Fatal("a click on a later key of the footer does something else")
	}
	click("q back")
	a.press("g")
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if a.list().Top() != wheelLines {
		t.Errorf("the wheel moved the window to %d", a.list().Top())
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelLeft})
	a.press(":")
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	click("3 Users")
	a.press("esc")
	if a.list().Top() != wheelLines || a.tab != tabUsers {
		t.Error("the mouse moves what the palette covers")
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if a.list().Top() != 0 {
		t.Errorf("the wheel moved the window back to %d", a.list().Top())
	}
	_, titles := at("SEVERITY")
	names := a.list().Order()
	for x := range 80 {
		a.Update(tea.MouseClickMsg{X: x, Y: titles, Button: tea.MouseLeft})
	}
	if a.list().Order() == names {
		t.Error("no place in the titles sorts")
	}
	a.Update(tea.MouseClickMsg{X: 3, Y: 300, Button: tea.MouseLeft})
	a.Update(tea.MouseClickMsg{X: 0, Y: 35, Button: tea.MouseLeft})
	if a.tab != tabUsers || a.top() != nil {
		t.Error("a click on nothing did something")
	}
	a.press("enter")
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	click("Where")
	if a.inspector() == nil || a.inspector().YOffset() == 0 {
		t.Error("the wheel does not move what covers the board, or a click leaves it")
	}
	a.press("q", "5")
	click("aws-legacy-admins")
	if e := a.events.Chosen(); e == nil || e.RoleName != "aws-legacy-admins" {
		t.Errorf("a click on an event leads to %+v", e)
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if e := a.events.Chosen(); e == nil || e.RoleName == "aws-legacy-admins" {
		t.Errorf("the wheel on the events leads to %+v", e)
	}
}

func must(line rows.Line, ok bool) rows.Line {
	if !ok {
		panic("the list is empty")
	}
	return line
}

// TestCopyIsHarmless: what is pasted into a shell holds no control characters of a stranger's.
func TestCopyIsHarmless(t *testing.T) {
	t.Parallel()
	a := board(t, hostile().compare(), 120, 36)
	a.press("g")
	_, cmd := a.Update(keyOf("y"))
	if cmd == nil {
		t.Fatal("y does not copy")
	}
	text := fmt.Sprint(cmd())
	if !strings.Contains(text, "<U+001B>[31mred") || strings.Count(text, "\n") != len(hostileNames())-2 {
		t.Errorf("not the names under the heading, all but the empty one: %q", text)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.IndexFunc(line, unicode.IsControl) >= 0 {
			t.Errorf("a control character was copied: %q", line)
		}
	}
}

// TestFindingWithoutRecord: what is wrong with the connection itself has a row, a filter finds it, and it opens.
func TestFindingWithoutRecord(t *testing.T) {
	t.Parallel()
	a := board(t, setUp(), 120, 36)
	a.press("/")
	a.write("prod-conn")
	a.press("enter")
	if got := frame(a); !strings.Contains(got, "medium    prod-connection") || a.list().Matches() != 1 {
		t.Errorf("the finding does not show:\n%s", got)
	}
	a.press("j", "enter")
	if got := frame(a); !strings.Contains(got, "── prod-connection ─") || !strings.Contains(got, "medium") {
		t.Errorf("the finding does not open:\n%s", got)
	}
	a.press("o")
	sees(t, a, "No address is known for it; the menu path leads there.", "Menu: the clock of this machine")
}

func TestQuitAndBack(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("enter", "?", "@")
	for _, want := range []int{2, 1, 0} {
		if _, cmd := a.Update(keyOf("q")); cmd != nil || len(a.screens) != want {
			t.Fatalf("q left %d screens", len(a.screens))
		}
	}
	_, cmd := a.Update(keyOf("q"))
	if cmd == nil {
		t.Fatal("q does not quit")
	}
	if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Fatal("q does not quit")
	}
}

// TestInspectFollowsAReload: the row in full shows what the last read said, and says when it is gone.
func TestInspectFollowsAReload(t *testing.T) {
	t.Parallel()
	w := drifted()
	a := board(t, w.compare(), 120, 36)
	a.press("down", "down", "enter")
	if got := frame(a); !strings.Contains(single(got), "– ◁ eve.ebert44@corp.example only in AWS") {
		t.Fatalf("the extra member does not show:\n%s", got)
	}
	w.target.Users[3].UserName = "renamed@corp.example"
	reload := func(w *world) {
		a.press("R")
		a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(w.compare())})
		a.settle()
	}
	w.intrude(4, 46)
	reload(w)
	if got := frame(a); !strings.Contains(single(got), "– ◁ gus.ebert46@corp.example only in AWS") {
		t.Errorf("the reload does not show:\n%s", got)
	}
	reload(newWorld(3, 1))
	if got := frame(a); !strings.Contains(got, "not there any more") {
		t.Errorf("nothing says that the row is gone:\n%s", got)
	}
}

// TestMarksSurviveAReload, also while what comes in first lacks the marked row.
func TestMarksSurviveAReload(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("down", "down", "space")
	a.press("R")
	a.Update(readProgressMsg{id: a.Fetch.ID, set: rows.NewSet(blindMemberships().compare())})
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(drifted().compare())})
	if got := frame(a); !strings.Contains(got, " * critical  aws-readers-4") || !strings.Contains(got, "1 marked") {
		t.Errorf("the mark is lost:\n%s", got)
	}
	a.press("R")
	a.Update(readDoneMsg{id: a.Fetch.ID, set: rows.NewSet(newWorld(9, 2).compare())})
	if got := frame(a); !strings.Contains(got, "1 marked row no longer there: unmarked.") {
		t.Errorf("a mark without a row was not given up:\n%s", got)
	}
}

func TestRequestLogFollows(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("@")
	on, ok := a.top().(*requests.Screen)
	if !ok {
		t.Fatal("@ does not open the request log")
	}
	a.logs(on, exchanges()[:2])
	if got := frame(a); !strings.Contains(got, "429") || !strings.Contains(got, "2.0 s") ||
		!strings.Contains(got, "/Users?cursor") {
		t.Errorf("the log lacks status, wait or path:\n%s", got)
	}
	a.Update(sized(40, 10))
	sees(t, a, "429    GET /Users?cursor")
	a.Update(sized(120, 36))
	a.logs(on, exchanges())
	if got := frame(a); !strings.Contains(got, "failed") || !strings.Contains(got, "<U+001B>") {
		t.Errorf("the new exchange does not show:\n%s", got)
	}
	a.press("j")
	before := *on.Chosen()
	a.logs(on, append(exchanges(),
		model.Exchange{
			At: noon(), Service: "AWS", Method: "PATCH", Base: "https://scim.example/T", Path: "/Users/it's",
			Status: 204,
		}))
	if got := *on.Chosen(); got != before {
		t.Errorf("the cursor was on %v and is on %v", before, got)
	}
	a.press("/")
	a.write("patch 204")
	a.press("enter")
	want := `curl -X PATCH 'https://scim.example/T/Users/it'\''s' -H "Authorization: Bearer $TOKEN"`
	if got := frame(a); !strings.Contains(got, want) || strings.Contains(got, "429") {
		t.Errorf("the filter or the detail is wrong:\n%s", got)
	}
	if all := a.copyItems(); len(all) != 2 || !strings.HasPrefix(all[0].text, want) {
		t.Errorf("y copies %q", all)
	}
	a.press("esc", "q")
	if a.logs(on, nil) != nil {
		t.Error("a closed log asks for more")
	}
	a.press("@")
	on, _ = a.top().(*requests.Screen)
	a.inspect(a.lineAtCursor().Row)
	a.press("e")
	if a.logs(on, nil) == nil {
		t.Error("a log that the operator comes back to does not follow")
	}
	a.press("e")
	if a.logs(on, nil) != nil {
		t.Error("a log to which nothing leads back asks for more")
	}
}

// TestFilterPromptHelps: tab completes fields and values, what is none of the language is said and does not close the
// prompt, and ctrl-a marks what shows.
func TestFilterPromptHelps(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 140, 36)
	all := a.list().Unfiltered()
	a.press("/")
	a.write("se")
	if got := frame(a); !strings.Contains(got, "tab: sev:") {
		t.Fatalf("no field is offered:\n%s", got)
	}
	a.press("tab")
	if got := frame(a); !strings.Contains(got, "tab: critical high medium low info") {
		t.Fatalf("no value is offered:\n%s", got)
	}
	a.press("tab", "tab")
	if got := a.list().Filter(); got != "sev:high" {
		t.Fatalf("tab twice made %q", got)
	}
	high := a.list().Matches()
	if high == 0 || high == all {
		t.Fatalf("%d of %d are high", high, all)
	}
	a.write("er")
	a.press("enter")
	if got := frame(a); a.prompt == nil || !strings.Contains(got, "did you mean high?") {
		t.Fatalf("a value that there is not was kept:\n%s", got)
	}
	a.press("backspace", "backspace", "ctrl+a", "enter")
	if a.prompt != nil || len(a.marks) != high {
		t.Fatalf("%d rows are marked of %d that match", len(a.marks), high)
	}
	a.press("V", "ctrl+a")
	if len(a.marks) != high {
		t.Errorf("ctrl-a on the board marked %d rows of %d", len(a.marks), high)
	}
	a.press("esc", "V", "/")
	a.write("by:cy")
	sees(t, a, "tab: cy@corp.example")
	a.press("esc", "/", "member:eve", "tab", "down", "pgdown", "up", "pgup", "enter")
	if got := a.list().Filter(); got != "member:eve.ebert44@corp.example" || a.list().Matches() == 0 ||
		strings.Contains(got, "down") {
		t.Errorf("the filter is %q and leaves %d", got, a.list().Matches())
	}
	a.press("esc", "5", "/", "zzz", "tab", "ctrl+a", "enter")
	if len(a.marks) > 0 {
		t.Errorf("%d rows are marked from the events", len(a.marks))
	}
	a.press("2", "/")
	u := a.Set.Comparison.Target.Users[44].UserName
	a.write("member:" + u)
	a.press("enter")
	for at := range a.list().Len() {
		row, c := a.list().At(at).Row, a.Set.Comparison
		inSource := row.Source != model.None && c.Source.Members.Has(row.Source, 44)
		if !inSource && !c.Target.Members.Has(row.Target, 44) {
			t.Errorf("%s is shown, where %s is not in it", a.Set.Subject(row).Name, u)
		}
	}
	if a.list().Len() == 0 {
		t.Errorf("%s is in no group", u)
	}
}

// TestPaletteFindsEverything by name: what stands on the board, and what was chosen before comes first.
func TestPaletteFindsEverything(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 60)
	find := func(text, want string) {
		t.Helper()
		a.press(":")
		a.write(text)
		if got := frame(a); !strings.Contains(got, want) {
			t.Fatalf("%q does not find %q:\n%s", text, want, got)
		}
	}
	find("legacylinger", "› finding           aws-legacy-admins  group-lingering")
	if lit := a.View().Content; !strings.Contains(lit, a.theme.Chosen.And(a.theme.Match).On("l")) {
		t.Errorf("the letters that match are not lit: %q", lit)
	}
	a.press("enter")
	if s := a.inspector(); s == nil || s.Title() != "aws-legacy-admins" {
		t.Fatalf("the finding was not opened:\n%s", frame(a))
	}
	a.press("esc")
	find("ana.castle20", "user              ana.castle20@corp.example")
	a.press("esc")
	find("users", "to the tab Users")
	a.press("esc")
	find("runbk", "runbooks")
	a.press("esc")
	a.press(":")
	sees(t, a, "› finding           aws-legacy-admins") // what was chosen before comes first
	a.press("tab", "up", "enter", ":", "down", "down", "up")
	if got := frame(a); strings.Count(got, "aws-legacy-admins  group-lingering") != 1 ||
		!strings.Contains(got, "  finding           aws-legacy-admins") {
		t.Errorf("what was chosen twice stands there twice, or the keys do not move:\n%s", got)
	}
	a.press("esc", "esc")
	runs := someRuns()
	a.tell(func() { a.receiveHistory(a.historyRequest, runs, nil) })
	find("run 20261123T113", "run               "+runs[0].ID)
	a.press("enter")
	sees(t, a, "line 7 cannot be read")
}

// TestThePaletteKeepsKeysApart from what they do, however many an action has.
func TestThePaletteKeepsKeysApart(t *testing.T) {
	t.Parallel()
	for _, width := range []int{40, 80, 120} {
		a := board(t, drifted().compare(), width, 36)
		a.press(":")
		a.write("a page up")
		got := frame(a)
		if !strings.Contains(got, "  a page up") {
			t.Errorf("at %d columns the keys run into the words:\n%s", width, got)
		}
		if width > 40 && !strings.Contains(got, "page-up ctrl-b") {
			t.Errorf("at %d columns keys are cut:\n%s", width, got)
		}
	}
}

// Every key that does nothing somewhere says why, from the table: where it works, or what it needs.
func TestAKeyThatDoesNothingSaysWhy(t *testing.T) {
	t.Parallel()
	for _, act := range actions(nil, nil) {
		if act.ready != nil && act.Needs == "" {
			t.Errorf("%s (%s) does not say what it needs", act.Binding.Help().Key, act.Does)
		}
	}
	a := board(t, drifted().compare(), 160, 36)
	for _, c := range []struct{ key, want string }{
		{"V", "V (unmark all) needs a marked row."},
		{"n", "n (to the filter's next match, cleared or not) needs a filter: / sets one."},
		{"t", "t does nothing. ? lists the keys that do."},
		{"w", "w does nothing here. It works on a plan, and in a runbook."},
		{"X", "X (end the runbook before its time) works in a runbook."},
		{"esc", "esc (close, dismiss, or cancel what is under way) needs something to close, dismiss or cancel."},
		{"£", "£ does nothing. ? lists the keys that do."},
	} {
		a.press(c.key)
		if got := frame(a); !strings.Contains(got, c.want) {
			t.Errorf("%s does not say %q:\n%s", c.key, c.want, got[strings.LastIndexByte(got, '\n')+1:])
		}
	}
}

// What is said ends with what to do, and shows to its end on a narrow screen too, over the lines above the footer.
func TestWhatIsSaidShowsToItsEnd(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 80, 24)
	a.status = "Not run: this plan comes from a snapshot of prod, read at 2026-12-01 05:11:10 UTC. Open the " +
		"connection itself, and plan there."
	got := strings.Split(strings.TrimSuffix(frame(a), "\n"), "\n")
	if last := got[len(got)-1]; len(got) != 24 || !strings.Contains(last, "and plan there.") {
		t.Errorf("%d lines, of which the last is %q", len(got), last)
	}
}

// TestAKeyOfManyPlaces does not list them all on one line: where one does nothing, the help knows the others.
func TestAKeyOfManyPlaces(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 80, 24)
	a.press("@", "enter")
	sees(t, a, "enter does nothing here. ? lists the keys that do.")
	a.press("ctrl+a") // called as in the help
	sees(t, a, "ctrl-a (mark every row that the filter leaves) works on Drift")
}

// TestAFilterOfNothingIsCleared without a word of matches, and with the cursor where it was.
func TestAFilterOfNothingIsCleared(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 120, 36)
	a.press("3", "G")
	id := a.list().CurrentID()
	a.press("/")
	a.write("zzz")
	a.press("enter", "esc")
	if got := frame(a); strings.Contains(got, "its matches") || a.list().CurrentID() != id {
		t.Errorf("the cursor is on %v, not on %v, or matches are spoken of:\n%s", a.list().CurrentID(), id, got)
	}
}

// TestMatchesAndSeverities: n and N go round the matches, also once the filter is cleared; ] and [ go from severity to
// severity.
func TestMatchesAndSeverities(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 140, 40)
	severity := func() string {
		return a.Set.Comparison.Findings[must(a.list().Current()).Row.Finding].Severity.String()
	}
	for _, c := range []struct{ key, want string }{
		{"]", "high"},
		{"]", "medium"},
		{"]", "low"},
		{"[", "medium"},
		{"[", "high"},
		{"[", "critical"},
	} {
		a.press(c.key)
		if got := severity(); got != c.want {
			t.Fatalf("%s leads to %s, want %s", c.key, got, c.want)
		}
	}
	a.press("[")
	if got := frame(a); !strings.Contains(got, "Nothing of another severity stands above.") {
		t.Errorf("[ at the top says nothing:\n%s", got)
	}
	a.press("/")
	a.write("kind:group-lingering")
	a.press("enter", "esc")
	var names []string
	for range 3 {
		a.press("n")
		names = append(names, a.Set.Subject(must(a.list().Current()).Row).Name)
	}
	if want := []string{"aws-legacy-admins", "aws-contractors-2023", "aws-legacy-admins"}; !slices.Equal(names, want) {
		t.Errorf("n leads to %q, want %q", names, want)
	}
	a.press("N")
	if got := frame(a); !strings.Contains(got, "Match 1 of 2 for /kind:group-lingering.") {
		t.Errorf("N does not say where it is:\n%s", got)
	}
}

// TestARangeIsWhatAKeyActsOn, also where other rows are marked; and a number leaves whatever covers the board.
func TestARangeIsWhatAKeyActsOn(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 140, 40)
	a.press("space", "/")
	a.write("kind:group-lingering")
	a.press("enter", "g", "j", "v", "j")
	if c := a.selection(); len(c.rows) != 2 || c.single || c.findings[0].Kind != model.GroupLingering {
		t.Fatalf("a range of two rows chose %d", len(c.rows))
	}
	a.press("p")
	if got := frame(a); !strings.Contains(got, "Repair 2 findings") {
		t.Errorf("p with an open range does not mean the range:\n%s", got)
	}
	a.press("3")
	if a.top() != nil || a.tab != tabUsers {
		t.Error("3 did not go to its tab")
	}
	a.press("1", "esc")
	if got := frame(a); !strings.Contains(got, "The range of 2 lines is dropped") || len(a.marks) != 1 {
		t.Errorf("esc does not say that it dropped the range:\n%s", got)
	}
	if a.press("v", "k", "space"); len(a.marks) != 3 || a.hasOpenRange() {
		t.Errorf("space marks %d rows with what was marked before, want the range too", len(a.marks))
	}
}

// TestExport: x writes what the filter shows and says how to have the same from the command line.
func TestExport(t *testing.T) {
	t.Parallel()
	var got []export.Export
	a := board(t, drifted().compare(), 140, 40, func(o *Options) {
		o.Export = func(e export.Export) (export.Exported, error) {
			got = append(got, e)
			return export.Exported{
				Path:    "/tmp/x.csv",
				Command: "scimdrift check --filter 'kind:group-lingering' -o csv",
			}, nil
		}
	})
	a.press("/")
	a.write("kind:group-lingering")
	a.press("enter", "x")
	if got := frame(a); !strings.Contains(got, "Export 2 findings") {
		t.Fatalf("x does not offer the forms:\n%s", got)
	}
	a.press("j")
	a.pressAnd("enter")
	if len(got) != 1 || got[0].Form != export.CSV || got[0].Filter.Text() != "kind:group-lingering" {
		t.Fatalf("exported was %v", got)
	}
	if got := frame(a); !strings.Contains(got, "Written to /tmp/x.csv.") || !strings.Contains(got, "-o csv") {
		t.Errorf("what became of it is not said:\n%s", got)
	}
	out := a.outside.(*fakeOutside)
	out.plan = planner(a.Set.Comparison)
	a.press("q", "x", "G")
	a.pressAnd("enter")
	if e := got[len(got)-1]; e.Form != export.Plan || e.Plan == nil || len(e.Plan.Steps) != 2 {
		t.Errorf("exported was %+v", e)
	}
	out.plan = func([]model.Pick, []model.GuardRule) (*model.Plan, error) { return nil, errors.New("make room") }
	a.press("q", "x", "G")
	a.pressAnd("enter")
	sees(t, a, "Not written: make room")
}
