package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// TestOwnKeysHoldEverywhere: a key that an action was given does it, its own one does not any more, and help, footer
// and palette name the new one.
func TestOwnKeysHoldEverywhere(t *testing.T) {
	t.Parallel()
	keys := keymap.Keys{"sort": {"f5"}, "filter": {"ctrl-t", "F"}, "quit": {"Q"}, "repaint": {"f12"}}
	if wrong := KeyMap(nil).Wrong(keys); len(wrong) > 0 {
		t.Fatalf("refused: %v", wrong)
	}
	a := board(t, drifted().compare(), 160, 200, func(o *Options) { o.Keys = keys })
	if got := frame(a); !strings.Contains(got, " Q quit") || !strings.Contains(got, " ctrl-t F filter") {
		t.Errorf("the footer has other keys:\n%s", got)
	}
	a.press("s")
	if a.list().Order() != rows.ByWorst {
		t.Error("s still sorts")
	}
	a.press("f5")
	if a.list().Order() != rows.ByName {
		t.Error("f5 does not sort")
	}
	a.press("F")
	if a.prompt == nil {
		t.Error("F opens no filter")
	}
	a.press("esc", "?")
	if got := frame(a); !strings.Contains(single(got), "f5 sort: worst, by name") {
		t.Errorf("the help has other keys:\n%s", got)
	}
	a.press("esc", ":")
	a.write("sort: worst")
	if got := frame(a); !strings.Contains(single(got), "f5 sort: worst, by name") {
		t.Errorf("the palette has other keys:\n%s", got)
	}
}

// TestSentencesNameOwnKeys: what the board says of a key is the key that the action has.
func TestSentencesNameOwnKeys(t *testing.T) {
	t.Parallel()
	a := board(t, newWorld(5, 2).compare(), 160, 40, func(o *Options) {
		o.Keys = keymap.Keys{"drift-only": {"f5"}, "watch": {"f6"}, "help": {"f7"}, "reload": {"f8"}}
	})
	sees(t, a, "Press f5 to see all rows.")
	a.press("f6")
	sees(t, a, "; f6 ends it.")
	a.press("?")
	sees(t, a, "? does nothing. f7 lists the keys that do.")
	a.press("5")
	sees(t, a, "f8 reads again.")
}

// TestNoSentenceNamesAnOldKey, on any screen, nor whatever a key that does nothing there says.
func TestNoSentenceNamesAnOldKey(t *testing.T) {
	longTable(t)
	t.Parallel()
	keys, usual := keymap.Keys{}, map[string]bool{}
	for i, act := range KeyMap(nil) {
		keys[act.ID] = []string{string(rune('ა' + i))}
		if i >= 40 {
			keys[act.ID] = []string{string(rune('ա' + i - 40))}
		}
		if act.Always {
			keys[act.ID] = []string{fmt.Sprint("f", i%20)}
		}
		for old := range strings.FieldsSeq(act.Binding.Help().Key) {
			if old != "end" && (len(old) > 1 || unicode.IsLetter(rune(old[0])) && old != "a") { // else a sign or word
				usual[old] = true
			}
		}
	}
	if wrong := KeyMap(nil).Wrong(keys); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	pressed := map[string]bool{}
	for _, s := range surfaces() {
		if strings.Contains(s.name, "hostile") {
			continue // names may hold any word
		}
		open := func() *app { return s.open(t, func(o *Options) { o.Keys = keys }) }
		a := open()
		namesNone(t, a, usual)
		a.Update(sized(200, 60))
		namesNone(t, a, usual)
		for i := range a.actions {
			act := &a.actions[i]
			if here := act.ID + string(a.keyPlace()); a.prompt == nil && a.isAvailable(act) && !pressed[here] {
				pressed[here] = true
				after := open()
				after.Update(keyOf(keys[act.ID][0]))
				after.Update(sized(200, 60))
				namesNone(t, after, usual)
			}
		}
	}
}

// besideKeys is what stands before or behind the name of a key in a sentence.
var besideKeys = [2]*regexp.Regexp{
	regexp.MustCompile(`^(with|[Pp]ress|and)$`), regexp.MustCompile(`^(go|again|and|[a-z]*[^iasht]s[.,;]?)$`),
}

// namesNone looks for keys among the words of a frame. A prompt has its own, and a unit stands behind a number.
func namesNone(t *testing.T, a *app, keys map[string]bool) {
	t.Helper()
	for line := range strings.Lines(frame(a)) {
		words := append(strings.Fields(line), "", "")
		for i, word := range words[:len(words)-2] {
			before := ""
			if i > 0 {
				before = words[i-1]
			}
			_, err := strconv.Atoi(strings.TrimLeft(before, "~<>"))
			if keys[strings.Trim(word, ".,;:()")] && err != nil && a.prompt == nil &&
				(besideKeys[0].MatchString(before) || besideKeys[1].MatchString(words[i+1])) {
				t.Errorf("%q is named in: %s", word, line)
			}
		}
	}
}

// TestTheBoardBeginsOnAView by its name, as on any other tab.
func TestTheBoardBeginsOnAView(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 40, func(o *Options) {
		o.Views, o.Tab = []keymap.View{{Name: "Nobody", Filter: "sev:low"}, {Name: "Old groups", Filter: "legacy"}},
			"Old groups"
	})
	if a.tab != tabCount+1 || a.list().Filter() != "legacy" {
		t.Errorf("it begins on tab %d with the filter %q", a.tab, a.list().Filter())
	}
}

// TestViewsAreTabs: a view has a tab, a number, a count and a place in the palette, and is what it was made for
// whenever it is opened.
func TestViewsAreTabs(t *testing.T) {
	t.Parallel()
	a := board(t, drifted().compare(), 160, 40, func(o *Options) {
		o.Views = []keymap.View{
			{Name: "Old groups", Filter: "legacy"},
			{Name: "Nobody", Filter: "sev:low side:source zzz"},
		}
	})
	if got := frame(a); !strings.Contains(got, "7 Old groups 1") || !strings.Contains(got, "8 Nobody 0") {
		t.Fatalf("the views are no tabs:\n%s", got)
	}
	a.press("7")
	if got := frame(a); !strings.Contains(got, "aws-legacy") || strings.Contains(got, "contractors") ||
		!strings.Contains(got, "/legacy  1 match") {
		t.Errorf("the view shows something else:\n%s", got)
	}
	a.press("esc")
	if got := frame(a); !strings.Contains(got, "contractors") {
		t.Errorf("esc does not clear a view's filter:\n%s", got)
	}
	a.press("tab")
	if got := frame(a); !strings.Contains(got, `Nothing matches "sev:low side:source zzz"`) {
		t.Errorf("after the first view comes something else:\n%s", got)
	}
	a.press("tab")
	if a.tab != tabDrift || a.list().Filter() != "" {
		t.Errorf("after the last view comes tab %d with the filter %q", a.tab, a.list().Filter())
	}
	a.press(":")
	a.write("view old")
	a.press("enter")
	if !a.isViewTab() || a.list().Filter() != "legacy" {
		t.Errorf("the palette leads to tab %d with the filter %q", a.tab, a.list().Filter())
	}
	a.press("j", "space", "enter")
	if a.top() == nil && len(a.marks) == 0 {
		t.Error("nothing can be done about a row of a view")
	}
}

// TestWrongKeysAreRefused with what is wrong and what to write.
func TestWrongKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys       keymap.Keys
		about, say string
	}{
		"no such action":        {keymap.Keys{"relaod": {"f5"}}, "relaod", "did you mean reload?"},
		"no name":               {keymap.Keys{"": {"f5"}}, "", "is no action"},
		"no key":                {keymap.Keys{"reload": {}}, "reload", "needs a key"},
		"no such key":           {keymap.Keys{"reload": {"f21"}}, "reload", `has the key "f21", which there is not`},
		"misspelt key":          {keymap.Keys{"reload": {"entre"}}, "reload", "did you mean enter?"},
		"two letters":           {keymap.Keys{"reload": {"gg"}}, "reload", `has the key "gg", which there is not`},
		"what a terminal hides": {keymap.Keys{"reload": {"ctrl-R"}}, "reload", "terminals do not tell apart"},
		"the interrupt":         {keymap.Keys{"reload": {"ctrl-c"}}, "reload", "always ends the program"},
		"a letter while typing": {keymap.Keys{"repaint": {"L"}}, "repaint", "works also where text is typed"},
		"another's key":         {keymap.Keys{"reload": {"p"}}, "reload", "takes the key p, which is that of plan"},
		"another's own key":     {keymap.Keys{"reload": {"f5"}, "sort": {"f5"}}, "sort", "which is that of reload"},
		"one of a wider place":  {keymap.Keys{"sort": {"r"}}, "sort", "which is that of refresh"},
		"one of a view":         {keymap.Keys{"sort": {"7"}}, "sort", "which is that of view-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := KeyMap([]keymap.View{{Name: "Mine", Filter: "sev:high"}}).Wrong(c.keys)
			if got := wrong[c.about]; !strings.Contains(got, c.say) {
				t.Errorf("got %q, want %q", wrong, c.say)
			}
		})
	}
	a := board(t, drifted().compare(), 80, 24, func(o *Options) { o.Keys = keymap.Keys{"sort": {"alt-↓"}} })
	if a.Update(tea.KeyPressMsg{Code: tea.KeyDown, Mod: tea.ModAlt}); a.list().Order() == rows.ByWorst {
		t.Error("a key that is written as the help writes it does nothing")
	}
	for name, keys := range map[string]keymap.Keys{
		"keys that change places":   {"sort": {"z"}, "fold-all": {"s"}},
		"a key of another place":    {"sort": {"w"}},
		"its own keys and more":     {"reload": {"R", "f5"}},
		"either way to write it":    {"reload": {"ctrl-r"}, "sort": {"ctrl+s"}},
		"a shared key stays shared": {"back": {"q", "f10"}},
		"a letter with an accent":   {"reload": {"ä"}},
		"as the help writes it":     {"reload": {"ctrl-page-up", "alt-↓"}},
	} {
		if wrong := KeyMap(nil).Wrong(keys); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}
