package inspect

import (
	"strings"

	"github.com/scimdrift/scimdrift/model/rules"
	"github.com/scimdrift/scimdrift/tui/style"
)

// waysText says by which rules and roles OneLogin puts a user in a group, harmless.
func waysText(ways []rules.Way) string {
	parts := make([]string, len(ways))
	for i, w := range ways {
		parts[i] = wayText(w)
	}
	return strings.Join(parts, "; ")
}

// wayText is one way in words, harmless.
func wayText(w rules.Way) string {
	var text string
	switch {
	case w.ByDefault:
		text = "default of the Groups parameter"
	case w.Rule != nil && w.Role != nil:
		text = "rule " + style.Label(w.Rule.Name) + ", role " + style.Name(w.Role.Name)
	case w.Rule != nil:
		text = "rule " + style.Label(w.Rule.Name)
	case w.Role != nil:
		text = "role " + style.Label(w.Role.Name)
	}
	if !w.Certain {
		text += " (likely)"
	}
	return text
}
