package tui

import (
	"slices"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/prompt"
	"github.com/scimdrift/scimdrift/tui/style"
)

// footer says what was just done, or which keys work here; marks and filter stand at its right end.
func (a *app) footer() string {
	right := a.footerRight()
	return style.Between(a.footerLeft(a.width-style.Width(right)-1), right, a.width)
}

func (a *app) footerLeft(room int) (left string) {
	switch open := a.prompt.(type) {
	case *prompt.Palette:
		left = " " + a.theme.Faint.On("enter does it · ↑ ↓ choose · esc closes")
	case *prompt.Filter:
		left = open.View(&a.theme, room)
	case *prompt.Question:
		left = open.View(room)
	default:
		if left = a.keysFor(room); a.status != "" {
			left = " " + style.Cut(style.Name(a.status), room-1)
		}
	}
	return left
}

// overlayLongStatus writes what is said over the lines above the footer too, where it is longer than the footer: its
// end tells what to do. It goes with the next key.
func (a *app) overlayLongStatus(lines []string) {
	said, right := style.Name(a.status), a.footerRight()
	room := a.width - 2*footerMargin - style.Width(right)
	if a.prompt != nil || style.Width(said) <= room {
		return
	}
	if room < a.width/2 {
		room, right = a.width-2*footerMargin, ""
	}
	wrapped := style.Wrap(said, room)
	if most := max(a.height/3, 1); len(wrapped) > most {
		wrapped[most-1] = style.Cut(wrapped[most-1]+" "+wrapped[most], room)
		wrapped = wrapped[:most]
	}
	for i, text := range wrapped {
		at := len(lines) - len(wrapped) + i
		lines[at] = style.Fit(style.Spaces(footerMargin)+text, a.width)
		if at == len(lines)-1 {
			lines[at] = style.Between(style.Spaces(footerMargin)+text, right, a.width)
		}
	}
}

func (a *app) footerRight() string {
	text := ""
	_, filtering := a.prompt.(*prompt.Filter)
	if on := a.filterTarget(); on != nil && filtering {
		text = style.Number(on.Matches()) + " of " + style.Number(on.Unfiltered())
	} else if on != nil && on.Filter() != "" {
		text = "/" + style.Cut(style.Name(on.Filter()), 20) + "  " +
			model.Counted(on.Matches(), "match", "matches")
	}
	if from, to, open := a.list().Range(); open && a.isListOnTop() {
		text = style.Join(text, "range of "+style.Count(to-from+1, "line")+", "+a.keyFor("range")+" marks it")
	}
	if n := len(a.marks); n > 0 {
		text = style.Join(text, style.Number(n)+" marked")
	}
	if text == "" {
		return ""
	}
	return "  " + text + " "
}

// maxFooterKeys is how many keys the footer shows; the help has them all.
const maxFooterKeys = 8

// keysFor writes the keys of the footer.
func (a *app) keysFor(room int) string {
	h := help.New()
	h.Styles = help.Styles{ShortKey: a.theme.Key.Lipgloss()}
	h.ShortSeparator = style.Spaces(footerGap)
	return style.Spaces(footerMargin) + h.ShortHelpView(a.footerKeys(room))
}

// The footer begins so many cells from the left, and parts its keys by so many.
const footerMargin, footerGap = 1, 2

// footerKeys are the few keys that matter most here. They stay where they are from row to row, because a line that is
// written anew with each move is slow on a slow line: only the last makes room for what is to be done next about this
// row. Help and quit are what a lost operator looks for, so their room is kept.
func (a *app) footerKeys(room int) []key.Binding {
	here := slices.DeleteFunc(a.availableActions(), func(act *action) bool { return act.FooterRank == 0 })
	var first, last []key.Binding
	room -= footerMargin
	for _, id := range []string{"help", "back", "leave-subject", "quit"} {
		if act := a.action(id); a.isAvailable(act) {
			last = append(last, a.hint(act))
			room -= hintWidth(last[len(last)-1]) + footerGap
		}
	}
	for _, act := range here[:min(len(here), maxFooterKeys)] {
		hint := a.hint(act)
		if hintWidth(hint) > room {
			break
		}
		first, room = append(first, hint), room-hintWidth(hint)-footerGap
	}
	if act := a.nextFocusedAction(); act != nil && !slices.ContainsFunc(first, func(h key.Binding) bool {
		return h.Keys()[0] == act.ID
	}) {
		hint := a.hint(act)
		for n := len(first); n > 0 && room < hintWidth(hint); n = len(first) {
			first, room = first[:n-1], room+hintWidth(first[n-1])+footerGap
		}
		if hintWidth(hint) <= room {
			first = append(first, hint)
		}
	}
	return append(first, last...)
}

func hintWidth(h key.Binding) int { return style.Width(h.Help().Key + " " + h.Help().Desc) }

// clickFooter does what a click on a key of the footer asks for; a click on what is said there takes it away.
func (a *app) clickFooter(x int) tea.Cmd {
	if a.prompt != nil || a.status != "" {
		return a.say("")
	}
	from := footerMargin
	for _, hint := range a.footerKeys(a.width - style.Width(a.footerRight()) - 1) {
		to := from + hintWidth(hint)
		if x >= from && x < to {
			return a.action(hint.Keys()[0]).run(a)
		}
		from = to + footerGap
	}
	return nil
}

// hint is a key with the word for what it does just now.
func (a *app) hint(act *action) key.Binding {
	h := act.Binding.Help()
	text := h.Desc
	line, _ := a.list().Current()
	switch {
	case act.ID == "fold" && line.Folded:
		text = "unfold"
	case act.ID == "drift-only" && !a.list().DriftOnly():
		text = "drift only"
	case act.ID == "not-fine-only" && a.setup.ProblemsOnly:
		text = "all checks"
	case act.ID == "problems-only" && a.events.Problems, act.ID == "events" && a.isEventsOfSubject():
		text = "all events"
	case act.ID == "events" && a.isTabOnTop(tabEvents):
		text = "of its subject"
	case act.ID == "run" && (a.opts.Still != "" || !a.planOnTop().Plan().Guard.Allowed):
		text = "why not"
	case act.ID == "stop-job" && a.jobOnTop().AwaitedStep() != nil:
		text = "stop watching"
	case act.ID == "back" && a.jobOnTop().Active():
		text = "leave, it goes on"
	}
	if act.ID == "fold" { // what stands behind it stays there
		text = style.Fit(text, style.Width(a.action("inspect").Binding.Help().Desc))
	}
	return key.NewBinding(key.WithKeys(act.ID), key.WithHelp(h.Key, text))
}
