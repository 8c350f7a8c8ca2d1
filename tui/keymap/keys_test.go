package keymap

import (
	"strings"
	"testing"
)

// TestWrongKeysAreRefused with what is wrong and what to write.
func TestWrongKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys       Keys
		about, say string
	}{
		"no such action":        {Keys{"relaod": {"f5"}}, "relaod", "did you mean reload?"},
		"no name":               {Keys{"": {"f5"}}, "", "is no action"},
		"no key":                {Keys{"reload": {}}, "reload", "needs a key"},
		"no such key":           {Keys{"reload": {"f21"}}, "reload", `has the key "f21", which there is not`},
		"misspelt key":          {Keys{"reload": {"entre"}}, "reload", "did you mean enter?"},
		"two letters":           {Keys{"reload": {"gg"}}, "reload", `has the key "gg", which there is not`},
		"what a terminal hides": {Keys{"reload": {"ctrl-R"}}, "reload", "terminals do not tell apart"},
		"the interrupt":         {Keys{"reload": {"ctrl-c"}}, "reload", "always ends the program"},
		"a letter while typing": {Keys{"repaint": {"L"}}, "repaint", "works also where text is typed"},
		"another's key":         {Keys{"reload": {"p"}}, "reload", "takes the key p, which is that of plan"},
		"another's own key":     {Keys{"reload": {"f5"}, "sort": {"f5"}}, "sort", "which is that of reload"},
		"one of a wider place":  {Keys{"sort": {"r"}}, "sort", "which is that of refresh"},
		"one of a view":         {Keys{"sort": {"7"}}, "sort", "which is that of view-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := c.keys.Wrong([]View{{Name: "Mine", Filter: "sev:high"}})
			if got := wrong[c.about]; !strings.Contains(got, c.say) {
				t.Errorf("got %q, want %q", wrong, c.say)
			}
		})
	}
	for name, keys := range map[string]Keys{
		"keys that change places":   {"sort": {"z"}, "fold-all": {"s"}},
		"a key of another place":    {"sort": {"w"}},
		"its own keys and more":     {"reload": {"R", "f5"}},
		"either way to write it":    {"reload": {"ctrl-r"}, "sort": {"ctrl+s"}},
		"a shared key stays shared": {"back": {"q", "f10"}},
		"a letter with an accent":   {"reload": {"ä"}},
	} {
		if wrong := keys.Wrong(nil); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}
