package keymap

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimdrift/scimdrift/model"
)

// Interrupt ends the program wherever it is pressed.
const Interrupt = "ctrl+c"

// Keys are the keys of actions in place of their own ones, by the action's name.
type Keys map[string][]string

// on gives actions their keys.
func (k Keys) on(all []Action) []Action {
	for i := range all {
		keys, ok := k[all[i].ID]
		if !ok {
			continue
		}
		pressed := make([]string, 0, len(keys))
		for _, name := range keys {
			pressed = append(pressed, pressedAs(name))
		}
		all[i].Binding = bind(labelOf(pressed), all[i].Binding.Help().Desc, pressed...)
	}
	return all
}

// Wrong says what is wrong with the keys of an action, by its name; nothing where all can be pressed and none has two
// meanings in one place.
func (k Keys) Wrong(views []View) map[string]string {
	wrong := map[string]string{}
	before := Keys{}.Actions(views)
	known := make([]string, 0, len(before))
	for i := range before {
		known = append(known, before[i].ID)
	}
	for name, keys := range k {
		i := slices.Index(known, name)
		switch {
		case i < 0:
			wrong[name] = "is no action; scimdrift help keys lists them" + model.DidYouMean(name, known)
		case len(keys) == 0:
			wrong[name] = `needs a key, such as ["f5"]`
		default:
			for _, text := range keys {
				if why := unpressable(text, before[i].Always); why != "" {
					wrong[name] = why
				}
			}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	after := k.Actions(views)
	for i := range after {
		if _, changed := k[after[i].ID]; !changed {
			continue
		}
		for j := range after {
			if text := clash(after, before, i, j); text != "" {
				wrong[after[i].ID] = text
			}
		}
	}
	return wrong
}

// clash says which key of an action another one has in the same place. What shares a key by itself is meant to: the
// first that can be done is.
func clash(after, before []Action, i, j int) string {
	if after[i].ID == after[j].ID || !after[i].Where.meets(after[j].Where) {
		return ""
	}
	for _, pressed := range after[i].Binding.Keys() {
		shared := slices.Contains(before[i].Binding.Keys(), pressed) &&
			slices.Contains(before[j].Binding.Keys(), pressed)
		if !shared && slices.Contains(after[j].Binding.Keys(), pressed) {
			return fmt.Sprintf("takes the key %s, which is that of %s (%s); give one of them another key",
				labelOf([]string{pressed}), after[j].ID, after[j].Name)
		}
	}
	return ""
}

// meets reports whether an operator can be in both places at once.
func (p Place) meets(other Place) bool {
	tabs := []Place{OnRows, OnSetup, OnEvents, OnHistory}
	within := func(inner, outer Place) bool {
		switch outer {
		case 0:
			return true
		case OnTabs:
			return inner == OnBoard || inner == OnScreen || slices.Contains(tabs, inner)
		case OnBoard:
			return slices.Contains(tabs, inner)
		case OnScreen:
			return inner == OnInspector || inner == OnPlan || inner == OnRunbook
		default:
			return inner == outer
		}
	}
	return p == other || within(p, other) || within(other, p)
}

// spellings are the keys without a letter, as the framework names them, and as people and the help do.
func spellings() [][2]string {
	names := [][2]string{
		{"up", "↑"},
		{"down", "↓"},
		{"left", "←"},
		{"right", "→"},
		{"home", "home"},
		{"end", "end"},
		{"pgup", "page-up"},
		{"pgdown", "page-down"},
		{"tab", "tab"},
		{"space", "space"},
		{"enter", "enter"},
		{"esc", "esc"},
		{"backspace", "backspace"},
		{"delete", "delete"},
		{"insert", "insert"},
	}
	const functionKeys = 20
	out := make([][2]string, len(names), len(names)+functionKeys)
	copy(out, names)
	for i := range functionKeys {
		f := fmt.Sprintf("f%d", i+1)
		out = append(out, [2]string{f, f})
	}
	return out
}

// parted takes the modifiers off a key: "ctrl-p" and "ctrl+p" are ctrl+ and p.
func parted(text string) (modifiers, rest string) {
	rest = text
	for _, m := range []string{"ctrl", "alt", "shift"} { // the framework's order
		for _, between := range []string{"-", "+"} {
			if after, ok := strings.CutPrefix(rest, m+between); ok && after != "" {
				modifiers, rest = modifiers+m+"+", after
			}
		}
	}
	return modifiers, rest
}

// pressedAs is a key as the framework names it when it is pressed.
func pressedAs(text string) string {
	modifiers, rest := parted(text)
	for _, s := range spellings() {
		if rest == s[1] {
			rest = s[0]
		}
	}
	return modifiers + rest
}

// labelOf is how keys are written for people.
func labelOf(pressed []string) string {
	labels := make([]string, 0, len(pressed))
	for _, name := range pressed {
		modifiers, rest := parted(name)
		for _, s := range spellings() {
			if rest == s[0] {
				rest = s[1]
			}
		}
		labels = append(labels, strings.ReplaceAll(modifiers, "+", "-")+rest)
	}
	return strings.Join(labels, " ")
}

// unpressable says why a text is no key that an action can have.
func unpressable(text string, whileTyping bool) string {
	pressed := pressedAs(text)
	modifiers, rest := parted(pressed)
	first, size := utf8.DecodeRuneInString(rest)
	single := size == len(rest) && unicode.IsPrint(first) && !unicode.IsSpace(first)
	known := spellings()
	named := make([]string, 0, len(known))
	for _, s := range known {
		named = append(named, s[0])
	}
	function := len(rest) > 1 && rest[0] == 'f' && slices.Contains(named, rest)
	switch {
	case pressed == Interrupt:
		return "takes the key ctrl-c, which always ends the program"
	case !single && !slices.Contains(named, rest):
		return "has the key \"" + model.Visible(text) + "\", which there is not; write a letter or sign, f1 to f20, " +
			"or a name such as ctrl-p, space, enter, pgdown" + model.DidYouMean(rest, named)
	case single && (modifiers == "shift+" || modifiers != "" && unicode.IsUpper(first)):
		return "has the key \"" + model.Visible(text) +
			"\", which terminals do not tell apart; write the letter alone, as it is typed"
	case whileTyping && !function && !strings.Contains(modifiers, "ctrl") && !strings.Contains(modifiers, "alt"):
		return "works also where text is typed, so that its key needs ctrl or alt, or is one from f1 to f20"
	}
	return ""
}
