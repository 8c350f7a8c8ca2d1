package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/style"
)

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

func actions(keys keymap.Keys, views []keymap.View) []action {
	do, all := handlers(tab(len(views))), KeyMap(views).With(keys)
	out := make([]action, len(all))
	for i, act := range all {
		out[i] = action{act, do[act.ID]}
	}
	return out
}

func (a *app) keyPlace() keymap.Place {
	switch s := a.top().(type) {
	case nil:
		return a.pane().Keys().Place()
	case keyed:
		return s.Keys().Place()
	}
	return keymap.Screen
}

// isTabOnTop: the tab is looked at, and nothing covers it.
func (a *app) isTabOnTop(t tab) bool { return a.top() == nil && a.tab == t }

func (a *app) isAvailable(act *action) bool {
	return act.Place.Holds(a.keyPlace()) && (act.ready == nil || act.ready(a))
}

// availableActions are the actions that can be done just now: those of the footer first, in its order, and what moves
// last.
func (a *app) availableActions() (out []*action) {
	for i := range a.actions {
		if act := &a.actions[i]; a.isAvailable(act) {
			out = append(out, act)
		}
	}
	rank := func(act *action) int {
		switch {
		case act.Section == "Moving":
			return len(a.actions) + 1
		case act.FooterRank == 0:
			return len(a.actions)
		}
		return act.FooterRank
	}
	slices.SortStableFunc(out, func(x, y *action) int { return cmp.Compare(rank(x), rank(y)) })
	return out
}

// handleKey takes in one key press. An open prompt takes the keys, but for those that work always.
func (a *app) handleKey(msg tea.KeyPressMsg) tea.Cmd {
	if a.beganWithEsc(msg) {
		second := tea.Key(msg)
		second.Mod &^= tea.ModAlt
		return tea.Batch(a.handleKey(tea.KeyPressMsg{Code: tea.KeyEscape}), a.handleKey(tea.KeyPressMsg(second)))
	}
	if msg.String() == keymap.Interrupt {
		return a.interrupt()
	}
	for i := range a.actions {
		if act := &a.actions[i]; act.Always && key.Matches(msg, act.Binding) {
			return act.run(a)
		}
	}
	a.status, a.statusAt = "", a.opts.Now()
	copied := a.copyPresses
	defer func() {
		if a.copyPresses == copied { // any other key, and y begins anew
			a.copyPresses = 0
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
		if act := &a.actions[i]; key.Matches(msg, act.Binding) && a.isAvailable(act) {
			return act.run(a)
		}
	}
	return a.say(a.whyNothingHappens(msg))
}

// maxPlaces is how many places one line names; a key of more, as enter, is told of in the help.
const maxPlaces = 3

// whyNothingHappens says why a key does nothing here, and where or with what it would do something.
func (a *app) whyNothingHappens(msg tea.KeyPressMsg) string {
	pressed := style.Name(keymap.Label(msg.String()))
	var here, elsewhere *action
	var where []string
	for i := range a.actions {
		switch act := &a.actions[i]; {
		case !key.Matches(msg, act.Binding):
		case !act.Place.Holds(a.keyPlace()):
			if elsewhere == nil {
				elsewhere = act
			}
			if !slices.Contains(where, act.Where) {
				where = append(where, act.Where)
			}
		case here == nil || here.Place == "": // what belongs to this place says more than what belongs to any
			here = act
		}
	}
	switch {
	case here != nil:
		return fmt.Sprintf("%s (%s) needs %s.", pressed, here.Does, here.Needs)
	case len(where) == 1:
		return fmt.Sprintf("%s (%s) works %s.", pressed, elsewhere.Does, where[0])
	case len(where) > maxPlaces:
		return pressed + " does nothing here. " + a.keyFor("help") + " lists the keys that do."
	case len(where) > 1: // it does one thing in one place and another in the next
		return fmt.Sprintf("%s does nothing here. It works %s.", pressed, strings.Join(where, ", and "))
	}
	return pressed + " does nothing. " + a.keyFor("help") + " lists the keys that do."
}

// beganWithEsc: a terminal sends alt with a key as esc and the key, so that two quick presses of which the first is
// esc arrive as one with alt. Nothing here is bound to alt and esc; and where esc stops a job it must, whatever was
// pressed after it.
func (a *app) beganWithEsc(msg tea.KeyPressMsg) bool {
	return msg.Mod.Contains(tea.ModAlt) && (msg.Code == tea.KeyEscape || a.jobOnTop().Active() &&
		(a.prompt == nil || a.openQuestion() != nil))
}

// keyFor is the key of an action, as people write it: sentences that name a key must not name one that was changed.
func (a *app) keyFor(id string) string { return a.action(id).Binding.Help().Key }

func (a *app) action(id string) *action {
	return &a.actions[slices.IndexFunc(a.actions, func(act action) bool { return act.ID == id })]
}
