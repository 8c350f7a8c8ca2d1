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

// Wrong says what is wrong with the keys of an action, by its name; nothing where all can be pressed and none has two
// meanings in one place.
func (m Map) Wrong(keys Keys) map[string]string {
	wrong := map[string]string{}
	known := model.Map(m, func(act *Action) string { return act.ID })
	for name, own := range keys {
		i := slices.Index(known, name)
		switch {
		case i < 0:
			wrong[name] = "is no action; scimdrift help keys lists them" + model.DidYouMean(name, known)
		case len(own) == 0:
			wrong[name] = `needs a key, such as ["f5"]`
		default:
			for _, text := range own {
				if why := whyInvalidKey(text, m[i].Always); why != "" {
					wrong[name] = why
				}
			}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	after := m.With(keys)
	for i := range after {
		for j := range after {
			if _, changed := keys[after[i].ID]; changed && i != j {
				if text := m.conflict(after, i, j); text != "" {
					wrong[after[i].ID] = text
				}
			}
		}
	}
	return wrong
}

// conflict says which key of an action another one has in the same place. What shares a key by itself is meant to: the
// first that can be done is.
func (m Map) conflict(after Map, i, j int) string {
	if !after[i].Place.Holds(after[j].Place) && !after[j].Place.Holds(after[i].Place) {
		return ""
	}
	for _, pressed := range after[i].Binding.Keys() {
		shared := slices.Contains(m[i].Binding.Keys(), pressed) && slices.Contains(m[j].Binding.Keys(), pressed)
		if !shared && slices.Contains(after[j].Binding.Keys(), pressed) {
			return fmt.Sprintf("takes the key %s, which is that of %s (%s); give one of them another key",
				Label(pressed), after[j].ID, after[j].Does)
		}
	}
	return ""
}

// keyLabels are the keys that people and the help call something else than the framework does.
var keyLabels = map[string]string{ //nolint:gochecknoglobals // a constant table
	"up": "↑", "down": "↓", "left": "←", "right": "→", "pgup": "page-up", "pgdown": "page-down",
}

// namedKeys are all keys without a letter, as the framework names them.
func namedKeys() []string {
	const functionKeys = 20
	names := strings.Fields("up down left right home end pgup pgdown tab space enter esc backspace delete insert")
	for i := range functionKeys {
		names = append(names, fmt.Sprintf("f%d", i+1))
	}
	return names
}

// splitModifiers takes the modifiers off a key: "ctrl-p" and "ctrl+p" are ctrl+ and p.
func splitModifiers(text string) (modifiers, rest string) {
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

// frameworkKey is a key as the framework names it when it is pressed.
func frameworkKey(text string) string {
	modifiers, rest := splitModifiers(text)
	for name, label := range keyLabels {
		if rest == label {
			rest = name
		}
	}
	return modifiers + rest
}

// Label is how keys are written for people.
func Label(pressed ...string) string {
	out := make([]string, len(pressed))
	for i, name := range pressed {
		modifiers, rest := splitModifiers(name)
		if label, ok := keyLabels[rest]; ok {
			rest = label
		}
		out[i] = strings.ReplaceAll(modifiers, "+", "-") + rest
	}
	return strings.Join(out, " ")
}

// whyInvalidKey says why a text is no key that an action can have.
func whyInvalidKey(text string, whileTyping bool) string {
	pressed := frameworkKey(text)
	modifiers, rest := splitModifiers(pressed)
	first, size := utf8.DecodeRuneInString(rest)
	single := size == len(rest) && unicode.IsPrint(first) && !unicode.IsSpace(first)
	function := len(rest) > 1 && rest[0] == 'f'
	switch {
	case pressed == Interrupt:
		return "takes the key ctrl-c, which always ends the program"
	case !single && !slices.Contains(namedKeys(), rest):
		return "has the key \"" + model.Visible(text) + "\", which there is not; write a letter or sign, f1 to f20, " +
			"or a name such as ctrl-p, space, enter, pgdown" + model.DidYouMean(rest, namedKeys())
	case single && (modifiers == "shift+" || modifiers != "" && unicode.IsUpper(first)):
		return "has the key \"" + model.Visible(text) +
			"\", which terminals do not tell apart; write the letter alone, as it is typed"
	case whileTyping && !function && !strings.Contains(modifiers, "ctrl") && !strings.Contains(modifiers, "alt"):
		return "works also where text is typed, so that its key needs ctrl or alt, or is one from f1 to f20"
	}
	return ""
}
