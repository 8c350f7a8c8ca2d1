package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/scimdrift/scimdrift/tui/paint"
)

// palette finds an action by a part of its name and does it. It lists every action that can be done just now.
type palette struct {
	input  textinput.Model
	all    []*action
	found  []*action
	chosen int
}

func (a *app) openPalette() tea.Cmd {
	p := &palette{input: newInput(" : ")}
	for i := range a.actions {
		if a.can(&a.actions[i]) {
			p.all = append(p.all, &a.actions[i])
		}
	}
	p.all = append(p.all, a.waysElsewhere()...)
	p.found = p.all
	a.palette = p
	return p.input.Focus()
}

func (p *palette) key(a *app, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc", "ctrl+p":
		a.palette = nil
	case "down", "ctrl+n", "tab":
		p.chosen = min(p.chosen+1, max(len(p.found)-1, 0))
	case "up", "shift+tab":
		p.chosen = max(p.chosen-1, 0)
	case "enter":
		a.palette = nil
		if p.chosen < len(p.found) {
			return p.found[p.chosen].run(a)
		}
	default:
		return p.edit(msg)
	}
	return nil
}

func (p *palette) edit(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	p.chosen = 0
	if p.input.Value() == "" {
		p.found = p.all
		return cmd
	}
	p.found = nil
	for _, m := range fuzzy.FindFrom(p.input.Value(), actionNames(p.all)) {
		p.found = append(p.found, p.all[m.Index])
	}
	return cmd
}

// actionNames lets the fuzzy finder read the names.
type actionNames []*action

func (n actionNames) String(i int) string { return n[i].name }
func (n actionNames) Len() int            { return len(n) }

func (p *palette) body(a *app, width, height int) []string {
	lines := []string{inputLine(&p.input, width), ""}
	if len(p.found) == 0 {
		return append(lines, "   Nothing is called that. esc closes.")
	}
	room := max(height-len(lines), 1)
	from := max(p.chosen-room+1, 0)
	for i := from; i < min(from+room, len(p.found)); i++ {
		act := p.found[i]
		text := paint.Cut(paint.Fit(act.binding.Help().Key, 14)+act.name, width-4)
		if i == p.chosen {
			lines = append(lines, " › "+a.theme.Chosen.On(text))
			continue
		}
		lines = append(lines, "   "+text)
	}
	return lines
}

func (p *palette) cursor(y, width int) *tea.Cursor { return inputCursor(&p.input, y, width) }
