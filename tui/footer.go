package tui

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/style"
)

// footer says what was just done, or which keys work here; marks and filter stand at its right end.
func (a *app) footer() string {
	right := a.footerRight()
	room := a.width - style.Width(right) - 1
	switch {
	case a.palette != nil:
		return style.Between(" "+a.theme.Faint.On("enter does it · ↑ ↓ choose · esc closes"), right, a.width)
	case a.filter != nil:
		return style.Between(a.filter.line(a, room), right, a.width)
	case a.question != nil:
		return style.Between(a.question.draw(room), right, a.width)
	case a.status != "":
		return style.Between(" "+style.Cut(style.Name(a.status), room-1), right, a.width)
	}
	return style.Between(a.keysFor(room), right, a.width)
}

func (a *app) footerRight() string {
	text := ""
	if on := a.sifter(); on != nil && a.filter != nil {
		text = style.Number(on.Matches()) + " of " + style.Number(on.Unfiltered())
	} else if on != nil && on.Filter() != "" {
		text = "/" + style.Cut(style.Name(on.Filter()), 20) + "  " + matches(on.Matches())
	}
	if from, to, open := a.list().Range(); open && a.at(onRows) {
		text = join(text, "range of "+style.Count(to-from+1, "line")+", v marks it")
	}
	if n := a.marks.Len(); n > 0 {
		text = join(text, style.Number(n)+" marked")
	}
	if text == "" {
		return ""
	}
	return "  " + text + " "
}

func matches(n int) string {
	if n == 1 {
		return "1 match"
	}
	return style.Number(n) + " matches"
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " · " + b
}

// keysMost is how many keys the footer shows; the help has them all.
const keysMost = 7

// keysFor lists the few keys that matter most here, that which ends what stands at the cursor lit. They stay where they
// are from row to row: a line that is written anew with each move is slow on a slow line. Help and quit are what a lost
// operator looks for, so their room is kept.
func (a *app) keysFor(room int) string {
	var here []*action
	for i := range a.actions {
		if act := &a.actions[i]; act.foot > 0 && a.can(act) {
			here = append(here, act)
		}
	}
	slices.SortStableFunc(here, func(x, y *action) int { return cmp.Compare(x.foot, y.foot) })
	end := a.endsHere()
	ends := func(act *action) bool { return end != "" && act.begins(end) }
	if at := slices.IndexFunc(here, ends); at >= keysMost { // one of the rarer keys, and just now the one that matters
		act := here[at]
		here = slices.Insert(slices.Delete(here, at, at+1), 0, act)
	}
	last := a.keyHint("help") + a.keyHint("back") + a.keyHint("quit")
	var out strings.Builder
	used := style.Width(last)
	for _, act := range here[:min(len(here), keysMost)] {
		hint := a.hint(act, ends(act))
		if used+style.Width(hint) > room {
			break
		}
		out.WriteString(hint)
		used += style.Width(hint)
	}
	return out.String() + last
}

// endsHere is the repair that ends what stands at the cursor; empty where none of ours does.
func (a *app) endsHere() model.RepairName {
	if g := a.groupAtCursor(); g != nil {
		return g.Action.Repair
	}
	if row, set, ok := a.subjectRow(); ok && row.Finding != model.None {
		action, _ := set.Comparison.Findings[row.Finding].Action()
		return action.Repair
	}
	return ""
}

func (a *app) keyHint(id string) string {
	for i := range a.actions {
		if act := &a.actions[i]; act.id == id && a.can(act) {
			return a.hint(act, false)
		}
	}
	return ""
}

func (a *app) hint(act *action, lit bool) string {
	h := act.binding.Help()
	text := h.Desc
	switch {
	case act.id == "drift-only" && !a.list().DriftOnly():
		text = "drift only"
	case act.id == "not-fine-only" && a.setup.wrong:
		text = "all checks"
	case act.id == "problems-only" && a.events.problems, act.id == "events" && a.at(onEvents) &&
		a.events.subject != nil:
		text = "all events"
	case act.id == "events" && a.at(onEvents):
		text = "of its subject"
	case act.id == "run" && !a.planOnTop().plan.Guard.Allowed:
		text = "why not"
	case act.id == "stop-job" && a.jobOnTop().watched():
		text = "stop watching"
	case act.id == "back" && a.jobOnTop().active():
		text = "leave, it goes on"
	case act.id == "follow" && a.events.tail.on:
		text = "stop"
	}
	look := a.theme.Key
	if lit {
		look = a.theme.Chosen
	}
	return " " + look.On(h.Key) + " " + text + " "
}
