package tui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// The sections of the key map.
const (
	sectionMove    = "Moving"
	sectionShow    = "What is shown"
	sectionChoose  = "Choosing rows"
	sectionRead    = "Reading"
	sectionRepair  = "Repairing"
	sectionRunbook = "Runbooks"
	sectionProgram = "Program"
)

// actions is the key map. Where two actions share a key, the first that can be done is; the order is also that of the
// help and of the footer.
func actions(views ...View) []action {
	all := append(moves(), viewActions(views)...)
	all = append(all, shows()...)
	all = append(all, chooses()...)
	all = append(all, reads()...)
	all = append(all, repairs()...)
	all = append(all, runs()...)
	all = append(all, runbooks()...)
	return append(all, program()...)
}

// viewActions are the ways to the views of the configuration: by number as far as there are digits left.
func viewActions(views []View) []action {
	out := make([]action, 0, len(views))
	for i := range views {
		t, label, keys := tabCount+tab(i), "", []string(nil)
		if digit := int(t) + 1; t < lastDigit {
			label = strconv.Itoa(digit)
			keys = []string{label}
		}
		out = append(out, action{
			section: sectionMove, id: "view-" + strconv.Itoa(i+1), name: "to the view " + style.Name(views[i].Name),
			binding: bind(label, "", keys...),
			run:     func(a *app) tea.Cmd { return a.goToTab(t) },
		})
	}
	return out
}

// do makes an action of something that needs no command.
func do(f func(*app)) func(*app) tea.Cmd {
	return func(a *app) tea.Cmd {
		f(a)
		return nil
	}
}

// move makes an action of moving whatever is on top.
func move(f func(mover)) func(*app) tea.Cmd {
	return do(func(a *app) { f(a.mover()) })
}

func (a *app) mover() mover {
	if s := a.top(); s != nil {
		return s
	}
	return a.pane()
}

func moves() []action {
	s := sectionMove
	return []action{
		{
			section: s, id: "down", name: "one line down", binding: bind("↓ j", "", "down", "j"),
			run: move(func(m mover) { m.Move(1) }),
		},
		{
			section: s, id: "up", name: "one line up", binding: bind("↑ k", "", "up", "k"),
			run: move(func(m mover) { m.Move(-1) }),
		},
		{
			section: s, id: "half-page-down", name: "half a page down", binding: bind("ctrl-d", "", "ctrl+d"),
			run: move(func(m mover) { m.HalfPage(1) }),
		},
		{
			section: s, id: "half-page-up", name: "half a page up", binding: bind("ctrl-u", "", "ctrl+u"),
			run: move(func(m mover) { m.HalfPage(-1) }),
		},
		{
			section: s, id: "page-down", name: "a page down", binding: bind("page down", "", "pgdown", "ctrl+f"),
			run: move(func(m mover) { m.Page(1) }),
		},
		{
			section: s, id: "page-up", name: "a page up", binding: bind("page up", "", "pgup", "ctrl+b"),
			run: move(func(m mover) { m.Page(-1) }),
		},
		{section: s, id: "top", name: "to the top", binding: bind("g home", "", "g", "home"), run: move(mover.Home)},
		{section: s, id: "end", name: "to the end", binding: bind("G end", "", "G", "end"), run: move(mover.End)},
		{
			section: s, id: "next-tab", name: "next tab",
			binding: bind("tab l →", "", "tab", "l", "right"), where: onTabs,
			run: func(a *app) tea.Cmd { return a.turn(1) },
		},
		{
			section: s, id: "previous-tab", name: "tab before",
			binding: bind("shift-tab h ←", "", "shift+tab", "h", "left"), where: onTabs,
			run: func(a *app) tea.Cmd { return a.turn(-1) },
		},
		{
			section: s, id: "next-severity", name: "down to the next severity",
			binding: bind("]", "", "]"), where: onRows,
			needs: "rows that show", ready: (*app).hasLine, run: do(func(a *app) { a.nextSeverity(true) }),
		},
		{
			section: s, id: "previous-severity", name: "up to the severity before",
			binding: bind("[", "", "["), where: onRows,
			needs: "rows that show", ready: (*app).hasLine, run: do(func(a *app) { a.nextSeverity(false) }),
		},
		tabAction(tabDrift, "1"), tabAction(tabGroups, "2"), tabAction(tabUsers, "3"), tabAction(tabSetup, "4"),
		tabAction(tabEvents, "5"),
		tabAction(tabHistory, "6"),
		{
			section: s, id: "next-section", name: "next section of what is inspected",
			binding: bind("tab l →", "section", "tab", "l", "right"), foot: 1,
			where: onInspector, run: do(func(a *app) { a.inspector().turn(1) }),
		},
		{
			section: s, id: "previous-section", name: "section before",
			binding: bind("shift-tab h ←", "", "shift+tab", "h", "left"), where: onInspector,
			run: do(func(a *app) { a.inspector().turn(-1) }),
		},
	}
}

func tabAction(t tab, digit string) action {
	return action{
		section: sectionMove, id: "tab-" + TabNames()[t], name: "to the tab " + t.String(),
		binding: bind(digit, "", digit),
		run:     func(a *app) tea.Cmd { return a.goToTab(t) },
	}
}

func shows() []action {
	s := sectionShow
	return []action{
		{
			section: s, id: "stop-job", name: "stop the job that is looked at, after the step that is under way",
			foot:    1,
			binding: bind("esc", "stop after this step", "esc"), run: (*app).stopJob,
			needs: "a job that goes on, looked at with J",
			ready: func(a *app) bool { j := a.jobOnTop(); return j.active() && !j.stopped },
		},
		{
			section: s, id: "close", name: "close, dismiss, or cancel what is under way",
			binding: bind("esc", "", "esc"),
			needs:   "something to close, dismiss or cancel",
			ready:   func(a *app) bool { return a.canEscape() && !a.jobOnTop().active() }, run: (*app).escape,
		},
		{
			section: s, id: "fold", name: "fold or unfold a heading", binding: bind("enter", "fold", "enter"),
			foot: 1, where: onRows,
			needs: "a heading at the cursor",
			ready: (*app).onHeading, run: do(func(a *app) { a.list().ToggleFold() }),
		},
		{
			section: s, id: "inspect", name: "look at one row in full", binding: bind("enter", "inspect", "enter"),
			foot: 1, where: onRows,
			needs: "a row at the cursor",
			ready: (*app).onRow, run: (*app).enter,
		},
		{
			section: s, id: "check", name: "look at one check in full", binding: bind("enter", "look", "enter"),
			foot: 1, where: onSetup,
			needs: "a check at the cursor",
			ready: func(a *app) bool { return a.setup.check() != nil }, run: (*app).enter,
		},
		{
			section: s, id: "event-subject", name: "go to the user or group of an event",
			binding: bind("enter", "its subject", "enter"), foot: 1, where: onEvents,
			needs: "an event at the cursor",
			ready: func(a *app) bool { return a.events.event() != nil }, run: (*app).enter,
		},
		{
			section: s, id: "fold-all", name: "fold or unfold all headings", binding: bind("z", "", "z"), where: onRows,
			needs: "headings, which there are where the worst stands first: s sorts",
			ready: func(a *app) bool { return a.list().Grouped() }, run: do(func(a *app) { a.list().FoldAll() }),
		},
		{
			section: s, id: "filter", name: "filter: words, sev: kind: cause: side: by: member: is:, ! for not",
			binding: bind("/", "filter", "/"), foot: 3,
			needs: "a list that was read",
			ready: (*app).canFilter, run: (*app).openFilter,
		},
		{
			section: s, id: "next-match", name: "to the next match of the filter, also once it is cleared",
			binding: bind("n", "", "n"), where: onRows,
			needs: "a filter: / sets one", ready: (*app).hasSought, run: do(func(a *app) { a.nextMatch(1) }),
		},
		{
			section: s, id: "previous-match", name: "to the match before", binding: bind("N", "", "N"), where: onRows,
			needs: "a filter: / sets one", ready: (*app).hasSought, run: do(func(a *app) { a.nextMatch(-1) }),
		},
		{
			section: s, id: "drift-only", name: "drift only, or all rows", binding: bind("f", "all rows", "f"),
			foot: 4, where: onRows,
			needs: "a read that has brought something",
			ready: (*app).hasSet, run: do((*app).toggleDrift),
		},
		{
			section: s, id: "not-fine-only", name: "checks that are not fine only, or all",
			binding: bind("f", "not fine", "f"), foot: 4, where: onSetup,
			needs: "a read that has brought something",
			ready: (*app).hasSet, run: do((*app).toggleWrong),
		},
		{
			section: s, id: "problems-only", name: "problems only, or all events", binding: bind("f", "problems", "f"),
			foot: 4, where: onEvents,
			needs: "a read that has brought something",
			ready: (*app).hasSet, run: do((*app).toggleProblems),
		},
		{
			section: s, id: "follow", name: "follow the log, or stop following", binding: bind("t", "follow", "t"),
			foot: 2, where: onEvents,
			needs: "a read that has brought something",
			ready: (*app).hasSet, run: (*app).toggleTail,
		},
		{
			section: s, id: "events", name: "the events about what is looked at, or all events",
			binding: bind("e", "events", "e"), foot: 6,
			needs: "a row, a heading's row or an event at the cursor",
			ready: (*app).hasEvents, run: do((*app).showEvents),
		},
		{
			section: s, id: "sort", name: "sort: worst first, by name, by side", binding: bind("s", "sort", "s"),
			foot: 5, where: onRows,
			needs: "a read that has brought something",
			ready: (*app).hasSet, run: do((*app).nextOrder),
		},
		{
			section: s, id: "console", name: "open its page in the console, and show the way there",
			binding: bind("o", "console", "o"), foot: 5,
			needs: "a row, a check or a step at the cursor that has a page",
			ready: (*app).canOpen, run: (*app).open,
			ends: []model.RepairName{model.ApprovePending, model.OpenApp, model.OpenRules, model.SyncLogins},
		},
		{
			section: s, id: "coverage", name: "what was read, and why not all", binding: bind("c", "", "c"),
			needs: "a read that has brought something",
			ready: func(a *app) bool { return a.hasSet() && !onTop[*coverageScreen](a) },
			run:   do(func(a *app) { a.push(&coverageScreen{}) }),
		},
		{
			section: s, id: "as-it-came", name: "show the last read as it came, where it knows less than what shows",
			binding: bind("enter", "as it came", "enter"), foot: 1,
			needs: "a later read that knows less, looked at with c",
			ready: (*app).hasLateSet, run: (*app).asItCame,
		},
		{
			section: s, id: "requests", name: "the requests that were made",
			binding: bind("@", "requests", "@"), foot: 7,
			needs: "another screen: this is the log",
			ready: func(a *app) bool { return !onTop[*requestsScreen](a) }, run: (*app).openRequests,
		},
	}
}

func chooses() []action {
	s := sectionChoose
	return []action{
		{
			section: s, id: "mark", name: "mark or unmark, and go on", binding: bind("space", "mark", "space"),
			foot: 2, where: onRows,
			needs: "a row at the cursor",
			ready: (*app).hasLine, run: do((*app).toggleMark),
		},
		{
			section: s, id: "range", name: "begin a range, or mark the one that is open",
			binding: bind("v", "", "v"), where: onRows,
			needs: "a row at the cursor",
			ready: (*app).hasLine, run: do(func(a *app) { a.list().ToggleRange(a.marks) }),
		},
		{
			section: s, id: "mark-matches", name: "mark every row that the filter leaves",
			binding: bind("ctrl-a", "", "ctrl+a"), where: onRows,
			needs: "rows that show",
			ready: (*app).hasLine, run: do((*app).markMatches),
		},
		{
			section: s, id: "unmark", name: "unmark all", binding: bind("V", "", "V"), where: onRows,
			needs: "a marked row",
			ready: func(a *app) bool { return a.marks.Len() > 0 }, run: do(func(a *app) { a.marks.Clear() }),
		},
		{
			section: s, id: "export", name: "export what the filter shows: Markdown, CSV, JSON or a plan",
			binding: bind("x", "", "x"), where: onRows,
			needs: "a read that has brought something", ready: (*app).canExport, run: (*app).export,
		},
		{
			section: s, id: "copy", name: "copy: name, ids or a Markdown summary, one after the other",
			binding: bind("y", "copy", "y"), foot: 9,
			needs: "something at the cursor that can be copied",
			ready: func(a *app) bool { return len(a.copies()) > 0 }, run: (*app).copy,
		},
	}
}

func reads() []action {
	s := sectionRead
	return []action{
		{
			section: s, id: "refresh", name: "read this row again on both sides",
			binding: bind("r", "refresh", "r"), foot: 6,
			needs: "a user or group at the cursor, and no read going on",
			ready: func(a *app) bool { return !a.fetch.active && !a.settling() && a.onRecord() }, run: (*app).refresh,
		},
		{
			section: s, id: "reload", name: "read everything again", binding: bind("R", "reload", "R"), foot: 8,
			needs: "that what became of a run is read first",
			ready: func(a *app) bool { return !a.settling() }, run: (*app).reload,
		},
		{
			section: s, id: "watch", name: "watch both sides, or stop watching", binding: bind("W", "watch", "W"),
			foot: 9, where: onBoard,
			needs: "a connection, and no snapshot", ready: func(a *app) bool { return a.opts.Still == "" },
			run: (*app).toggleWatch,
		},
		{
			section: s, id: "clear-marks", name: "forget what a watch has found new, worse or gone",
			binding: bind(".", "", "."), where: onBoard,
			needs: "something that a watch has found", ready: func(a *app) bool { return len(a.watch.changed) > 0 },
			run: do(func(a *app) { a.watch.changed = nil }),
		},
	}
}

func program() []action {
	s := sectionProgram
	return []action{
		{
			section: s, id: "help", name: "this help", binding: bind("?", "help", "?"),
			needs: "another screen: this is the help",
			ready: func(a *app) bool { return !onTop[*helpScreen](a) }, run: do(func(a *app) { a.push(&helpScreen{}) }),
		},
		{
			section: s, id: "palette", name: "do anything by its name", binding: bind(": ctrl-p", "", ":", "ctrl+p"),
			run: (*app).openPalette,
		},
		{
			section: s, id: "connections", name: "all connections, and to another one",
			binding: bind("C", "connections", "C"), foot: 10,
			needs: "more than one connection in the configuration",
			ready: (*app).hasConnections, run: func(a *app) tea.Cmd { return a.openConnections(a.opts.Connection) },
		},
		{
			section: s, id: "go-to-connection", name: "to the connection at the cursor",
			binding: bind("enter", "go there", "enter"), foot: 1,
			needs: "the list of connections, which C shows",
			ready: onTop[*connectionsScreen], run: (*app).chooseConnection,
		},
		{
			section: s, id: "repaint", name: "paint the screen anew", always: true, binding: bind("ctrl-l", "", "ctrl+l"),
			run: func(*app) tea.Cmd { return tea.ClearScreen },
		},
		{
			section: s, id: "suspend", name: "suspend to the shell", always: true, binding: bind("ctrl-z", "", "ctrl+z"),
			run: func(*app) tea.Cmd { return tea.Suspend },
		},
		{
			section: s, id: "back", name: "go back", binding: bind("q", "back", "q"), where: onScreen,
			run: do((*app).pop),
		},
		{
			section: s, id: "quit", name: "quit", binding: bind("q", "quit", "q"), where: onBoard,
			run: func(a *app) tea.Cmd { return a.leave(tea.Quit) },
		},
	}
}
