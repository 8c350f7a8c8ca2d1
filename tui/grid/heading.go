package grid

import (
	"strings"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// headingLine says what is wrong with the rows below it, and at its end the key that ends it.
func (g *Grid) headingLine(line rows.Line, chosen bool) string {
	width := g.Width
	fold := "▾"
	if line.Folded {
		fold = "▸"
	}
	key, verb, age := "", "", ""
	if group := line.Group; group != nil && width >= screen.Narrow {
		key, verb = g.headingAction(group)
		age = g.ageOf(g.oldestFinding(group))
	}
	right := strings.TrimSpace(key + " " + verb)
	if right != "" {
		right += " "
	}
	text := style.Name(headingText(line))
	word, look := "", style.Style{}
	if group := line.Group; group != nil {
		word, look = severityWord(group.Severity, width), g.Theme.Quiet[group.Severity]
	}
	c := g.columns()
	pad := style.Spaces(c.severity + 2 - style.Width(word))
	room := max(width-gutter-c.severity-2-style.Width(right)-1, 0)
	before := c.source + relationWidth + c.target + 2 + c.age - style.Width(age) // that the age stands in its column
	switch short := room - style.Width(age) - 2; {
	case age == "" || style.Width(text) > short: // it gives way to the sentence, and stands in the preview
		text = style.Cut(text, room)
	default:
		at := min(before, short)
		if c.target == 0 || style.Width(text) >= at {
			at = short + 1
		}
		text = style.Between(text, age, at+style.Width(age))
	}
	text = pad + text + style.Spaces(width-gutter-style.Width(word+pad+text+right))
	action := g.Theme.Faint
	if key != "" {
		action, right = style.Style{}, strings.TrimPrefix(right, key)
	}
	if chosen {
		cursor := g.Theme.Cursor
		return cursor.On("›"+fold+" ") + g.Theme.AtCursor(look).On(word) + cursor.On(text) +
			g.Theme.AtCursor(g.Theme.Key).On(key) + cursor.On(right)
	}
	return " " + g.Theme.Faint.On(fold) + " " + look.On(word) + text + g.Theme.Key.On(key) + action.On(right)
}

func headingText(line rows.Line) string {
	if line.Text != "" {
		return line.Text
	}
	h := line.Heading
	noun := "group"
	if h.User {
		noun = "user"
	}
	switch h.Relation {
	case model.Unsettled:
		return style.Count(line.Shown, noun) + " not settled: a part was not read"
	case model.Differs:
		return style.Count(line.Shown, noun) + " claiming a record that another one has"
	case model.Same, model.OnlySource, model.OnlyTarget, model.Aside:
	}
	return style.Count(line.Shown, noun) + " in sync"
}

// headingAction is the key that ends a cause group, as people write it, with a word for what it does. Where none does,
// it is the one that copies what to look for by hand.
func (g *Grid) headingAction(group *drift.CauseGroup) (key, verb string) {
	switch {
	case group.Action.Repair != "":
		return g.RepairKey(group.Action.Repair), explain.Verb(group.Action)
	case g.Set.Comparison.Provisional || g.Interim:
		return "", ""
	case group.Severity == model.Info:
		return "", "nothing to do"
	}
	if key = g.NextKey(&g.Set.Comparison.Findings[group.Findings[0]], group.Action); key != "" {
		return key, "see where"
	}
	return g.Key("copy"), "copy, by hand"
}
