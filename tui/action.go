package tui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/inspect"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/runbook"
	"github.com/scimdrift/scimdrift/tui/style"
)

func (a *app) at(p keymap.Place) bool {
	board := a.top() == nil
	switch p {
	case keymap.OnBoard:
		return board
	case keymap.OnTabs:
		return board || a.jobOnTop() != nil
	case keymap.OnRows:
		return board && a.onRows()
	case keymap.OnSetup:
		return board && a.tab == tabSetup
	case keymap.OnEvents:
		return board && a.tab == tabEvents
	case keymap.OnHistory:
		return board && a.tab == tabHistory
	case keymap.OnInspector:
		return onTop[*inspect.Screen](a)
	case keymap.OnPlan:
		return a.planOnTop() != nil
	case keymap.OnRunbook:
		return onTop[*runbook.Screen](a)
	case keymap.OnScreen:
		return !board
	default:
		return true
	}
}

// action is one thing that an operator can do, with how it is done.
type action struct {
	keymap.Action
	handler
}

// handler does an action. ready says whether it can be done just now; nil: always.
type handler struct {
	ready func(*app) bool
	run   func(*app) tea.Cmd
}

// actions are those of the key map.
func actions(keys keymap.Keys, views []keymap.View) []action {
	do := handlers(len(views))
	all := keys.Actions(views)
	out := make([]action, len(all))
	for i, act := range all {
		out[i] = action{act, do[act.ID]}
	}
	return out
}

func (a *app) can(act *action) bool {
	return a.at(act.Where) && (act.ready == nil || act.ready(a))
}

// key takes in one key press. An open prompt takes the keys, but for those that work always.
func (a *app) key(msg tea.KeyPressMsg) tea.Cmd {
	if a.beganWithEsc(msg) {
		second := tea.Key(msg)
		second.Mod &^= tea.ModAlt
		return tea.Batch(a.key(tea.KeyPressMsg{Code: tea.KeyEscape}), a.key(tea.KeyPressMsg(second)))
	}
	if msg.String() == keymap.Interrupt {
		return a.interrupt()
	}
	for i := range a.actions {
		if act := &a.actions[i]; act.Always && key.Matches(msg, act.Binding) {
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
	if open := a.prompt; open != nil {
		done, said, cmd := open.Key(msg, a.mover())
		if done && a.prompt == open {
			a.prompt = nil
		}
		if said != "" {
			a.status = said
		}
		return cmd
	}
	for i := range a.actions {
		if act := &a.actions[i]; key.Matches(msg, act.Binding) && a.can(act) {
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
		case !key.Matches(msg, act.Binding):
		case !a.at(act.Where):
			if elsewhere == nil {
				elsewhere = act
			}
			if place := act.Where.String(); !slices.Contains(where, place) {
				where = append(where, place)
			}
		case here == nil || here.Where == 0: // what belongs to this place says more than what belongs to any
			here = act
		}
	}
	switch {
	case here != nil && (here.Where != 0 || elsewhere == nil):
		return fmt.Sprintf("%s (%s) needs %s.", msg.String(), here.Name, here.Needs)
	case elsewhere != nil:
		return fmt.Sprintf("%s (%s) works %s.", msg.String(), elsewhere.Name, strings.Join(where, ", and "))
	}
	return style.Name(msg.String()) + " does nothing. ? lists the keys that do."
}

// beganWithEsc: a terminal sends alt with a key as esc and the key, so that two quick presses of which the first is
// esc arrive as one with alt. Nothing here is bound to alt and esc; and where esc stops a job it must, whatever was
// pressed after it.
func (a *app) beganWithEsc(msg tea.KeyPressMsg) bool {
	asked := a.asked()
	return msg.Mod.Contains(tea.ModAlt) && (msg.Code == tea.KeyEscape || a.jobOnTop().Active() &&
		(a.prompt == nil || asked != nil))
}

// keyOf is the key that begins a repair; p offers those without one of their own.
func (a *app) keyOf(r model.RepairName) string {
	key := ""
	for i := range a.actions {
		switch act := &a.actions[i]; {
		case act.Begins(r):
			return act.Binding.Help().Key
		case act.Plans:
			key = act.Binding.Help().Key
		}
	}
	return key
}
