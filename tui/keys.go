package tui

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/connections"
	"github.com/scimdrift/scimdrift/tui/events"
	"github.com/scimdrift/scimdrift/tui/history"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/plan"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/setup"
	"github.com/scimdrift/scimdrift/tui/style"
)

// keyed has keys of its own.
type keyed interface{ Keys() keymap.Table }

// KeyMap is all that can be done: in each component, and anywhere.
func KeyMap(views []keymap.View) keymap.Map {
	tables := []keymap.Table{moving(views)}
	for _, c := range []keyed{
		&rows.List{}, &setup.Tab{}, &events.Tab{}, &history.Tab{}, &inspect.Screen{}, &plan.Screen{}, &run.Screen{},
		&runbook.Screen{}, &prompt.Chooser{}, &reading.Screen{}, &connections.Screen{},
	} {
		tables = append(tables, c.Keys())
	}
	return keymap.Parse(append(tables, showKeys, readKeys, repairKeys, programKeys, boardKeys, screenKeys)...)
}

// moving are the keys that move, and those of the tabs: by number as far as there are digits.
func moving(views []keymap.View) keymap.Table {
	var all strings.Builder
	all.WriteString(` | Moving |
down           | down j        | | one line down
up             | up k          | | one line up
half-page-down | ctrl+d        | | half a page down
half-page-up   | ctrl+u        | | half a page up
page-down      | pgdown ctrl+f | | a page down
page-up        | pgup ctrl+b   | | a page up
top            | g home        | | to the top
end            | G end         | | to the end
next-tab       | tab l right      | | next tab | the board, or a job
previous-tab   | shift+tab h left | | tab before | the board, or a job`)
	for t := range tabCount + tab(len(views)) {
		digit, to := "", "tab "+tabTitles[min(t, tabCount-1)]
		if t < tabsWithDigit {
			digit = strconv.Itoa(int(t) + 1)
		}
		if t >= tabCount {
			to = "view " + style.Name(views[t-tabCount].Name)
		}
		fmt.Fprintf(&all, "\n%s | %s | | to the %s", tabID(t), digit, strings.ReplaceAll(to, "|", "/"))
	}
	return keymap.Table(all.String())
}

func tabID(t tab) string {
	if t < tabCount {
		return "tab-" + TabNames()[t]
	}
	return "view-" + strconv.Itoa(int(t-tabCount)+1)
}

// What can be done anywhere, on the board, and on what covers it.
const (
	showKeys keymap.Table = ` | What is shown |
close    | esc |            | close, dismiss, or cancel what is under way | something to close, dismiss or cancel
filter   | /   | 3 filter   | filter: words or fields, as sev:high !is:user | a list that was read
events   | e   | 6 events   | the events about what is looked at, or all | a row or an event at the cursor
console  | o   | 5 console  | open its page in the console, show the way | a row, check or step with a page
coverage | c   |            | what was read, and why not all | a read
requests | @   | 7 requests | the requests that were made | another screen: this is the log
copy     | y   | 9 copy     | copy: name, ids, a summary, one after the other | something that can be copied`
	readKeys keymap.Table = ` | Reading |
refresh | r | 6 refresh | read this row again on both sides | a user or group at the cursor, and no read going on
reload  | R | 8 reload  | read everything again | that what became of a run is read first`
	repairKeys keymap.Table = ` | Repairing |
plan         | p | 3 plan         | choose what ends this or the marked, and plan | ` + needsPicks + `
reapply      | a | 3 reapply      | reapply the mappings, for this or the marked | ` + needsPicks + `
delete       | D | 3 delete       | delete or switch off, this or the marked | ` + needsPicks + `
entitlements | E | 9 entitlements | have OneLogin refresh a group's entitlements | a group, or a heading that it ends
job          | J |                | look at the job: a run, or a watched button | a job that was begun
press        | ! | 1 press it     | press the simulated console's button | a simulation, and a step that watches it
undo         | u | 4 undo         | undo a run: this one, or the last | a run that can be undone
settle       | S | 2 settle       | settle an interrupted run by reading | a run with steps in doubt
runbooks     | b | 3 runbooks     | runbooks: guided procedures, the fittest first | the board, an inspector or a check`
	programKeys keymap.Table = ` | Program |
help        | ?        | help           | this help | another screen: this is the help
palette     | : ctrl+p |                | do anything by its name
connections | C        | 10 connections | all connections, and to another one | another one in the configuration
repaint     | ctrl+l   | always         | paint the screen anew
suspend     | ctrl+z   | always         | suspend to the shell`
	boardKeys keymap.Table = `board | The board | on the board
watch       | W | 9 watch | watch both sides, or stop watching | a connection, and no snapshot
clear-marks | . |         | forget what a watch found new, worse or gone | something that a watch has found
quit        | q | quit    | quit | a look at all events, or another tab`
	screenKeys keymap.Table = `screen | What covers the board | above the board
back | q | back | go back`
	needsPicks = "a row, heading or marks, and no run being settled"
)

// repairActions are the actions that begin repairs; p offers every other.
var repairActions = map[model.RepairName]string{ //nolint:gochecknoglobals // a constant table
	model.ReapplyMappings: "reapply", model.RefreshEntitlements: "entitlements", model.DeleteGroup: "delete",
	model.DeleteUser: "delete", model.DeactivateUser: "delete", model.RemoveAssignments: "delete",
	model.ApprovePending: "console", model.OpenApp: "console", model.OpenRules: "console", model.SyncLogins: "console",
}

// repairAction is the action that begins a repair, by its name; p offers those without one of their own.
func repairAction(r model.RepairName) string { return cmp.Or(repairActions[r], "plan") }

// repairKey is the key that begins a repair.
func (a *app) repairKey(r model.RepairName) string { return a.keyFor(repairAction(r)) }

// nextAction is what to do next about a finding, of which that is the best repair: what begins the repair, else what
// opens the page of a set-up check; nil for nothing.
func (a *app) nextAction(f *model.Finding, best model.Option) *action {
	if best.Repair != "" {
		return a.action(repairAction(best.Repair))
	}
	if _, placed := checkLocation(f.Check); placed {
		return a.action("console")
	}
	return nil
}

func (a *app) nextKey(f *model.Finding, best model.Option) string {
	if act := a.nextAction(f, best); act != nil {
		return act.Binding.Help().Key
	}
	return ""
}

// nextFocusedAction is what to do next about what is at the cursor; nil for nothing that can be done.
func (a *app) nextFocusedAction() (act *action) {
	if row, set, ok := a.focusedRow(); ok {
		if findings := set.FindingsOf(row); len(findings) > 0 {
			best, _ := findings[0].Action()
			act = a.nextAction(findings[0], best)
		}
	} else if g := a.groupAtCursor(); g != nil && a.top() == nil {
		act = a.nextAction(&a.Set.Comparison.Findings[g.Findings[0]], g.Action)
	}
	if act == nil || !a.isAvailable(act) {
		return nil
	}
	return act
}
