package tui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// place says where an action works.
type place uint8

const (
	// The zero value is anywhere. onBoard is on any tab, onRows on a tab of rows; onScreen on what covers them.
	onBoard place = iota + 1
	// onTabs is where the keys of the tabs work: on the board, and on a job's screen, which they leave.
	onTabs
	onRows
	onSetup
	onEvents
	onHistory
	onInspector
	onPlan
	onRunbook
	onScreen
)

// String says where that is.
func (p place) String() string {
	return [...]string{
		onBoard: "on the board", onTabs: "on the board", onRows: "on Drift, Groups and Users", onSetup: "on Setup",
		onEvents:  "on Events",
		onHistory: "on History", onInspector: "in what enter opens", onPlan: "on a plan", onRunbook: "in a runbook",
		onScreen: "above the board",
	}[p]
}

func (a *app) at(p place) bool {
	board := a.top() == nil
	switch p {
	case onBoard:
		return board
	case onTabs:
		return board || a.jobOnTop() != nil
	case onRows:
		return board && a.onRows()
	case onSetup:
		return board && a.tab == tabSetup
	case onEvents:
		return board && a.tab == tabEvents
	case onHistory:
		return board && a.tab == tabHistory
	case onInspector:
		return onTop[*inspectScreen](a)
	case onPlan:
		return a.planOnTop() != nil
	case onRunbook:
		return onTop[*runbookScreen](a)
	case onScreen:
		return !board
	default:
		return true
	}
}

// action is one thing that an operator can do. The table of them is the one key map: dispatch, footer, help, palette
// and the documentation all read it.
type action struct {
	section string
	// id is its name in the configuration; empty for what cannot be given other keys. Actions of one id are one to
	// the operator.
	id string
	// name says in a phrase what it does, for the help and the palette; the binding's help holds the key and a word for
	// the footer, none where the footer never shows it.
	name    string
	binding key.Binding
	// foot is its place in the footer, where the lowest come first.
	foot  uint8
	where place
	// always: it works too where text is typed.
	always bool
	// ready says whether it can be done just now; nil: always. needs says in words what that takes.
	ready func(*app) bool
	needs string
	run   func(*app) tea.Cmd
	// ends are the repairs that it begins; plans: it offers every other.
	ends  []model.RepairName
	plans bool
}

// begins reports whether the action is the way to a repair.
func (act *action) begins(r model.RepairName) bool { return slices.Contains(act.ends, r) }

func bind(label, short string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(label, short))
}

func (a *app) can(act *action) bool {
	return a.at(act.where) && (act.ready == nil || act.ready(a))
}

// KeySection is a part of the key map, for documentation.
type KeySection struct {
	Name string
	Keys []KeyHelp
}

// KeyHelp is one action: its keys as people write them, such as "space" or "ctrl-p", what it does, and its name in the
// configuration.
type KeyHelp struct{ Keys, Does, Name string }

// KeyMap lists every action with its keys, by section, from the table that the program works with.
func KeyMap(keys Keys, views []View) []KeySection { return sections(keys.on(actions(views...))) }

func sections(all []action) []KeySection {
	var out []KeySection
	for _, act := range all {
		i := slices.IndexFunc(out, func(s KeySection) bool { return s.Name == act.section })
		if i < 0 {
			out, i = append(out, KeySection{Name: act.section}), len(out)
		}
		out[i].Keys = append(out[i].Keys, KeyHelp{Keys: act.binding.Help().Key, Does: act.name, Name: act.id})
	}
	return out
}

// key takes in one key press. An open prompt, palette or question takes the keys, but for those that work always.
func (a *app) key(msg tea.KeyPressMsg) tea.Cmd {
	if a.beganWithEsc(msg) {
		second := tea.Key(msg)
		second.Mod &^= tea.ModAlt
		return tea.Batch(a.key(tea.KeyPressMsg{Code: tea.KeyEscape}), a.key(tea.KeyPressMsg(second)))
	}
	if msg.String() == interruptKey {
		return a.interrupt()
	}
	for i := range a.actions {
		if act := &a.actions[i]; act.always && key.Matches(msg, act.binding) {
			return act.run(a)
		}
	}
	a.status = ""
	copied := a.copied
	defer func() {
		if a.copied == copied { // any other key, and y begins anew
			a.copied = 0
		}
	}()
	switch {
	case a.palette != nil:
		return a.palette.key(a, msg)
	case a.filter != nil:
		return a.filter.key(a, msg)
	case a.question != nil:
		return a.question.key(a, msg)
	}
	for i := range a.actions {
		if act := &a.actions[i]; key.Matches(msg, act.binding) && a.can(act) {
			return act.run(a)
		}
	}
	a.status = a.whyNothingHappens(msg)
	return nil
}

// whyNothingHappens says why a key does nothing here, and where or with what it would do something.
func (a *app) whyNothingHappens(msg tea.KeyPressMsg) string {
	var here, elsewhere *action
	var where []string
	for i := range a.actions {
		switch act := &a.actions[i]; {
		case !key.Matches(msg, act.binding):
		case !a.at(act.where):
			if elsewhere == nil {
				elsewhere = act
			}
			if place := act.where.String(); !slices.Contains(where, place) {
				where = append(where, place)
			}
		case here == nil || here.where == 0: // what belongs to this place says more than what belongs to any
			here = act
		}
	}
	switch {
	case here != nil && (here.where != 0 || elsewhere == nil):
		return fmt.Sprintf("%s (%s) needs %s.", msg.String(), here.name, here.needs)
	case elsewhere != nil:
		return fmt.Sprintf("%s (%s) works %s.", msg.String(), elsewhere.name, strings.Join(where, ", and "))
	}
	return style.Name(msg.String()) + " does nothing. ? lists the keys that do."
}

// beganWithEsc: a terminal sends alt with a key as esc and the key, so that two quick presses of which the first is
// esc arrive as one with alt. Nothing here is bound to alt and esc; and where esc stops a job it must, whatever was
// pressed after it.
func (a *app) beganWithEsc(msg tea.KeyPressMsg) bool {
	return msg.Mod.Contains(tea.ModAlt) && (msg.Code == tea.KeyEscape || a.jobOnTop().active() &&
		a.palette == nil && a.filter == nil)
}

// typed passes pasted text to what takes text.
func (a *app) typed(msg tea.PasteMsg) tea.Cmd {
	switch {
	case a.palette != nil:
		return a.palette.edit(a, msg)
	case a.filter != nil:
		return a.filter.edit(msg)
	case a.question != nil:
		return a.question.edit(msg)
	}
	return nil
}
