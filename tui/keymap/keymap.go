// Package keymap is what an operator can do, and the keys that do it: one table, which dispatch, footer, help, palette
// and the documentation read.
package keymap

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Place says where an action works.
type Place uint8

// The places. The zero value is anywhere.
const (
	OnBoard Place = iota + 1
	// OnTabs is where the keys of the tabs work: on the board, and on a job's screen, which they leave.
	OnTabs
	// OnRows is on a tab of rows.
	OnRows
	OnSetup
	OnEvents
	OnHistory
	OnInspector
	OnPlan
	OnRunbook
	// OnScreen is on what covers the tabs.
	OnScreen
)

// String says where that is.
func (p Place) String() string {
	return [...]string{
		OnBoard: "on the board", OnTabs: "on the board", OnRows: "on Drift, Groups and Users", OnSetup: "on Setup",
		OnEvents:  "on Events",
		OnHistory: "on History", OnInspector: "in what enter opens", OnPlan: "on a plan", OnRunbook: "in a runbook",
		OnScreen: "above the board",
	}[p]
}

// Action is one thing that an operator can do.
type Action struct {
	Section string
	// ID is its name in the configuration.
	ID string
	// Name says in a phrase what it does, for the help and the palette; the binding's help holds the key and a word for
	// the footer, none where the footer never shows it.
	Name    string
	Binding key.Binding
	// Foot is its place in the footer, where the lowest come first.
	Foot  uint8
	Where Place
	// Always: it works too where text is typed.
	Always bool
	// Needs says in words what it takes to be done just now.
	Needs string
	// Ends are the repairs that it begins; Plans: it offers every other.
	Ends  []model.RepairName
	Plans bool
}

// Begins reports whether the action is the way to a repair.
func (act *Action) Begins(r model.RepairName) bool { return slices.Contains(act.Ends, r) }

func bind(label, short string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(label, short))
}

// View is a named filter over the findings, a tab of its own.
type View struct{ Name, Filter string }

// Tabs are the names of those that there always are, in their order.
func Tabs() []string { return []string{"Drift", "Groups", "Users", "Setup", "Events", "History"} }

// TabNames are what the tabs are called on the command line, those of views behind the others.
func TabNames(views ...View) []string {
	names := Tabs()
	for i := range names {
		names[i] = strings.ToLower(names[i])
	}
	for _, view := range views {
		names = append(names, view.Name)
	}
	return names
}

// LastDigit is how many tabs have a digit as their key.
const LastDigit = 9

// Section is a part of the key map, for documentation.
type Section struct {
	Name string
	Keys []Help
}

// Help is one action: its keys as people write them, such as "space" or "ctrl-p", what it does, and its name in the
// configuration.
type Help struct{ Keys, Does, Name string }

// Sections lists every action with its keys, by section.
func Sections(keys Keys, views []View) []Section {
	var out []Section
	for _, act := range keys.Actions(views) {
		i := slices.IndexFunc(out, func(s Section) bool { return s.Name == act.Section })
		if i < 0 {
			out, i = append(out, Section{Name: act.Section}), len(out)
		}
		out[i].Keys = append(out[i].Keys, Help{Keys: act.Binding.Help().Key, Does: act.Name, Name: act.ID})
	}
	return out
}

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

// Actions is the key map. Where two actions share a key, the first that can be done is; the order is also that of the
// help and of the footer.
func (k Keys) Actions(views []View) []Action {
	return k.on(slices.Concat(moves(), viewActions(views), shows(), chooses(), reads(), repairs(), runs(), runbooks(),
		program()))
}

// in puts actions in a section.
func in(section string, all []Action) []Action {
	for i := range all {
		all[i].Section = section
	}
	return all
}

// viewActions are the ways to the views of the configuration: by number as far as there are digits left.
func viewActions(views []View) []Action {
	out := make([]Action, 0, len(views))
	for i := range views {
		label, keys := "", []string(nil)
		if tab := len(Tabs()) + i; tab < LastDigit {
			label = strconv.Itoa(tab + 1)
			keys = []string{label}
		}
		out = append(out, Action{
			ID: ViewID(i), Name: "to the view " + style.Name(views[i].Name), Binding: bind(label, "", keys...),
		})
	}
	return in(sectionMove, out)
}

// ViewID names the action that opens a view, TabID that of a tab.
func ViewID(view int) string { return "view-" + strconv.Itoa(view+1) }

// TabID names the action that opens a tab.
func TabID(tab int) string { return "tab-" + TabNames()[tab] }

func tabAction(tab int) Action {
	digit := strconv.Itoa(tab + 1)
	return Action{ID: TabID(tab), Name: "to the tab " + Tabs()[tab], Binding: bind(digit, "", digit)}
}

func moves() []Action {
	return in(sectionMove, []Action{
		{ID: "down", Name: "one line down", Binding: bind("↓ j", "", "down", "j")},
		{ID: "up", Name: "one line up", Binding: bind("↑ k", "", "up", "k")},
		{ID: "half-page-down", Name: "half a page down", Binding: bind("ctrl-d", "", "ctrl+d")},
		{ID: "half-page-up", Name: "half a page up", Binding: bind("ctrl-u", "", "ctrl+u")},
		{ID: "page-down", Name: "a page down", Binding: bind("page down", "", "pgdown", "ctrl+f")},
		{ID: "page-up", Name: "a page up", Binding: bind("page up", "", "pgup", "ctrl+b")},
		{ID: "top", Name: "to the top", Binding: bind("g home", "", "g", "home")},
		{ID: "end", Name: "to the end", Binding: bind("G end", "", "G", "end")},
		{
			ID: "next-tab", Name: "next tab", Binding: bind("tab l →", "", "tab", "l", "right"), Where: OnTabs,
		},
		{
			ID: "previous-tab", Name: "tab before",
			Binding: bind("shift-tab h ←", "", "shift+tab", "h", "left"), Where: OnTabs,
		},
		{
			ID: "next-severity", Name: "down to the next severity", Binding: bind("]", "", "]"), Where: OnRows,
			Needs: "rows that show",
		},
		{
			ID: "previous-severity", Name: "up to the severity before", Binding: bind("[", "", "["),
			Where: OnRows, Needs: "rows that show",
		},
		tabAction(0), tabAction(1), tabAction(2), tabAction(3), tabAction(4), tabAction(5),
		{
			ID: "next-section", Name: "next section of what is inspected",
			Binding: bind("tab l →", "section", "tab", "l", "right"), Foot: 1, Where: OnInspector,
		},
		{
			ID: "previous-section", Name: "section before",
			Binding: bind("shift-tab h ←", "", "shift+tab", "h", "left"), Where: OnInspector,
		},
	})
}

func shows() []Action {
	return in(sectionShow, []Action{
		{
			ID: "stop-job", Name: "stop the job that is looked at, after the step that is under way", Foot: 1,
			Binding: bind("esc", "stop after this step", "esc"), Needs: "a job that goes on, looked at with J",
		},
		{
			ID: "close", Name: "close, dismiss, or cancel what is under way", Binding: bind("esc", "", "esc"),
			Needs: "something to close, dismiss or cancel",
		},
		{
			ID: "fold", Name: "fold or unfold a heading", Binding: bind("enter", "fold", "enter"), Foot: 1,
			Where: OnRows, Needs: "a heading at the cursor",
		},
		{
			ID: "inspect", Name: "look at one row in full", Binding: bind("enter", "inspect", "enter"), Foot: 1,
			Where: OnRows, Needs: "a row at the cursor",
		},
		{
			ID: "check", Name: "look at one check in full", Binding: bind("enter", "look", "enter"), Foot: 1,
			Where: OnSetup, Needs: "a check at the cursor",
		},
		{
			ID: "event-subject", Name: "go to the user or group of an event",
			Binding: bind("enter", "its subject", "enter"), Foot: 1, Where: OnEvents,
			Needs: "an event at the cursor",
		},
		{
			ID: "fold-all", Name: "fold or unfold all headings", Binding: bind("z", "", "z"), Where: OnRows,
			Needs: "headings, which there are where the worst stands first: s sorts",
		},
		{
			ID: "filter", Name: "filter: words, sev: kind: cause: side: by: member: is:, ! for not",
			Binding: bind("/", "filter", "/"), Foot: 3, Needs: "a list that was read",
		},
		{
			ID: "next-match", Name: "to the next match of the filter, also once it is cleared",
			Binding: bind("n", "", "n"), Where: OnRows, Needs: "a filter: / sets one",
		},
		{
			ID: "previous-match", Name: "to the match before", Binding: bind("N", "", "N"), Where: OnRows,
			Needs: "a filter: / sets one",
		},
		{
			ID: "drift-only", Name: "drift only, or all rows", Binding: bind("f", "all rows", "f"), Foot: 4,
			Where: OnRows, Needs: "a read that has brought something",
		},
		{
			ID: "not-fine-only", Name: "checks that are not fine only, or all",
			Binding: bind("f", "not fine", "f"), Foot: 4, Where: OnSetup,
			Needs: "a read that has brought something",
		},
		{
			ID: "problems-only", Name: "problems only, or all events", Binding: bind("f", "problems", "f"),
			Foot: 4, Where: OnEvents, Needs: "a read that has brought something",
		},
		{
			ID: "follow", Name: "follow the log, or stop following", Binding: bind("t", "follow", "t"), Foot: 2,
			Where: OnEvents, Needs: "a read that has brought something",
		},
		{
			ID: "events", Name: "the events about what is looked at, or all events",
			Binding: bind("e", "events", "e"), Foot: 6,
			Needs: "a row, a heading's row or an event at the cursor",
		},
		{
			ID: "sort", Name: "sort: worst first, by name, by side, latest first",
			Binding: bind("s", "sort", "s"), Foot: 5,
			Where: OnRows, Needs: "a read that has brought something",
		},
		{
			ID: "console", Name: "open its page in the console, and show the way there",
			Binding: bind("o", "console", "o"), Foot: 5,
			Needs: "a row, a check or a step at the cursor that has a page",
			Ends:  []model.RepairName{model.ApprovePending, model.OpenApp, model.OpenRules, model.SyncLogins},
		},
		{
			ID: "coverage", Name: "what was read, and why not all", Binding: bind("c", "", "c"),
			Needs: "a read that has brought something",
		},
		{
			ID: "as-it-came", Name: "show the last read as it came, where it knows less than what shows",
			Binding: bind("enter", "as it came", "enter"), Foot: 1,
			Needs: "a later read that knows less, looked at with c",
		},
		{
			ID: "requests", Name: "the requests that were made", Binding: bind("@", "requests", "@"), Foot: 7,
			Needs: "another screen: this is the log",
		},
	})
}

func chooses() []Action {
	return in(sectionChoose, []Action{
		{
			ID: "mark", Name: "mark or unmark, and go on", Binding: bind("space", "mark", "space"), Foot: 2,
			Where: OnRows, Needs: "a row at the cursor",
		},
		{
			ID: "range", Name: "begin a range, or mark the one that is open", Binding: bind("v", "", "v"),
			Where: OnRows, Needs: "a row at the cursor",
		},
		{
			ID: "mark-matches", Name: "mark every row that the filter leaves",
			Binding: bind("ctrl-a", "", "ctrl+a"), Where: OnRows, Needs: "rows that show",
		},
		{
			ID: "unmark", Name: "unmark all", Binding: bind("V", "", "V"), Where: OnRows, Needs: "a marked row",
		},
		{
			ID: "export", Name: "export what the filter shows: Markdown, CSV, JSON or a plan",
			Binding: bind("x", "", "x"), Where: OnRows, Needs: "a read that has brought something",
		},
		{
			ID: "copy", Name: "copy: name, ids or a Markdown summary, one after the other",
			Binding: bind("y", "copy", "y"), Foot: 9, Needs: "something at the cursor that can be copied",
		},
	})
}

func reads() []Action {
	return in(sectionRead, []Action{
		{
			ID: "refresh", Name: "read this row again on both sides", Binding: bind("r", "refresh", "r"),
			Foot: 6, Needs: "a user or group at the cursor, and no read going on",
		},
		{
			ID: "reload", Name: "read everything again", Binding: bind("R", "reload", "R"), Foot: 8,
			Needs: "that what became of a run is read first",
		},
		{
			ID: "watch", Name: "watch both sides, or stop watching", Binding: bind("W", "watch", "W"), Foot: 9,
			Where: OnBoard, Needs: "a connection, and no snapshot",
		},
		{
			ID: "clear-marks", Name: "forget what a watch has found new, worse or gone",
			Binding: bind(".", "", "."), Where: OnBoard, Needs: "something that a watch has found",
		},
	})
}

func program() []Action {
	return in(sectionProgram, []Action{
		{
			ID: "help", Name: "this help", Binding: bind("?", "help", "?"),
			Needs: "another screen: this is the help",
		},
		{ID: "palette", Name: "do anything by its name", Binding: bind(": ctrl-p", "", ":", "ctrl+p")},
		{
			ID: "connections", Name: "all connections, and to another one",
			Binding: bind("C", "connections", "C"), Foot: 10,
			Needs: "more than one connection in the configuration",
		},
		{
			ID: "go-to-connection", Name: "to the connection at the cursor",
			Binding: bind("enter", "go there", "enter"), Foot: 1,
			Needs: "the list of connections, which C shows",
		},
		{
			ID: "repaint", Name: "paint the screen anew", Always: true, Binding: bind("ctrl-l", "", "ctrl+l"),
		},
		{
			ID: "suspend", Name: "suspend to the shell", Always: true, Binding: bind("ctrl-z", "", "ctrl+z"),
		},
		{ID: "back", Name: "go back", Binding: bind("q", "back", "q"), Where: OnScreen},
		{ID: "quit", Name: "quit", Binding: bind("q", "quit", "q"), Where: OnBoard},
	})
}

// repairs are the keys that plan something, and those of a plan.
func repairs() []Action {
	return in(sectionRepair, []Action{
		{
			ID: "plan", Name: "choose what ends it, for the marked rows or this one, and plan that",
			Binding: bind("p", "plan", "p"), Foot: 3,
			Needs: "a row, a heading or marks, and no run that is being settled", Plans: true,
		},
		{
			ID: "reapply", Name: "reapply the mappings, for the marked rows or this one",
			Binding: bind("a", "reapply", "a"), Foot: 3,
			Needs: "a row, a heading or marks, and no run that is being settled",
			Ends:  []model.RepairName{model.ReapplyMappings},
		},
		{
			ID: "delete", Name: "delete or deactivate, the marked rows or this one",
			Binding: bind("D", "delete", "D"), Foot: 3,
			Needs: "a row, a heading or marks, and no run that is being settled",
			Ends: []model.RepairName{
				model.DeleteGroup, model.DeleteUser, model.DeactivateUser,
				model.RemoveAssignments,
			},
		},
		{
			ID: "entitlements", Name: "have OneLogin refresh its entitlements, for a group",
			Binding: bind("E", "entitlements", "E"), Foot: 9,
			Needs: "a group, or a heading whose groups it ends, at the cursor",
			Ends:  []model.RepairName{model.RefreshEntitlements},
		},
		{
			ID: "take-way", Name: "go the way at the cursor", Binding: bind("enter", "take it", "enter"),
			Foot: 1, Needs: "a choice of ways, which p shows",
		},
		{
			ID: "run", Name: "confirm the plan, and run it", Binding: bind("enter", "run", "enter"), Foot: 1,
			Where: OnPlan,
		},
		{
			ID: "step", Name: "the step at the cursor, with all of its request",
			Binding: bind("space", "step", "space"), Foot: 2, Where: OnPlan, Needs: "a step at the cursor",
		},
		{
			ID: "allow", Name: "allow what a rule of the guard refuses, and plan again",
			Binding: bind("A", "allow", "A"), Foot: 3, Where: OnPlan, Needs: "a refusal that can be overridden",
		},
		{
			ID: "reason", Name: "say why, for the journal", Binding: bind("w", "why", "w"), Foot: 4,
			Where: OnPlan,
		},
		{
			ID: "close-job", Name: "close a job that has ended", Binding: bind("enter", "close", "enter"),
			Foot: 1, Needs: "a job that has ended",
		},
		{
			ID: "job", Name: "look at the job: the run, or the button that is watched",
			Binding: bind("J", "", "J"), Needs: "a job that was begun",
		},
		{
			ID: "press", Name: "press the simulated console's button", Binding: bind("!", "press it", "!"),
			Foot: 1, Needs: "the demo or a simulation, and a step that watches a button",
		},
	})
}

// runs are the keys of runs that were made.
func runs() []Action {
	return in(sectionRepair, []Action{
		{
			ID: "look-at-run", Name: "look at one run in full", Binding: bind("enter", "look", "enter"), Foot: 1,
			Where: OnHistory, Needs: "a run at the cursor",
		},
		{
			ID: "undo", Name: "undo a run: this one, or the last", Binding: bind("u", "undo", "u"), Foot: 4,
			Needs: "a run that can be undone",
		},
		{
			ID: "settle", Name: "settle a run that was interrupted: find out by reading what became of it",
			Binding: bind("S", "settle", "S"), Foot: 2, Needs: "a run with steps in doubt",
		},
	})
}

// runbooks are the keys of the guided procedures.
func runbooks() []Action {
	return in(sectionRunbook, []Action{
		{
			ID: "runbooks", Name: "runbooks: guided procedures, those that fit best first",
			Binding: bind("b", "runbooks", "b"), Foot: 4, Needs: "the board, an inspector or a check",
		},
		{
			ID: "choose-group", Name: "begin with the group at the cursor",
			Binding: bind("enter", "this group", "enter"), Foot: 1, Needs: "the choice of a group",
		},
		{
			ID: "take-step",
			Name: "take the step at the cursor further: its plan, its button, or " +
				"its place",
			Binding: bind("enter", "go on", "enter"), Foot: 1, Where: OnRunbook,
			Needs: "a step that something can be done about",
		},
		{
			ID: "record",
			Name: "write the record for the ticket, and copy it; with every step settled " +
				"it ends the runbook",
			Binding: bind("w", "record", "w"), Foot: 2, Where: OnRunbook,
			Needs: "a read that has brought something",
		},
		{
			ID: "read-case", Name: "read again what the runbook is about", Binding: bind("r", "read again", "r"),
			Foot: 3, Where: OnRunbook, Needs: "that no read goes on",
		},
		{
			ID: "end-runbook", Name: "end the runbook before its time", Binding: bind("X", "end it", "X"),
			Foot: 4, Where: OnRunbook, Needs: "a runbook that has not ended",
		},
	})
}
