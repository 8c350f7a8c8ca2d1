package tui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// palette finds anything by a part of its name and goes there or does it: actions, findings, users, groups, runs,
// runbooks, connections.
type palette struct {
	input textinput.Model
	// all can be found; found are those that match, the best first, with the letters that do.
	all    paletteEntries
	found  []fuzzy.Match
	chosen int
}

// entry is one thing that the palette finds. Its name is harmless.
type entry struct {
	// what it is stands before the name; keys are those of an action.
	what, keys, name string
	run              func(*app) tea.Cmd
}

// id tells entries apart for as long as the program runs.
func (e *entry) id() string { return e.what + " " + e.name }

// paletteEntries are the things that can be found. Those of the directories are worded when they are asked for,
// because there can be a hundred thousand.
type paletteEntries struct {
	fixed []entry
	set   *rows.Set
}

// The tabs whose rows are found besides, in the order in which they are searched.
func foundTabs() []rows.Tab { return []rows.Tab{rows.Groups, rows.Users} }

func (p paletteEntries) Len() int {
	n := len(p.fixed)
	if p.set != nil {
		for _, t := range foundTabs() {
			all, _ := p.set.Len(t)
			n += all
		}
	}
	return n
}

// String is what is searched of an entry: all that its line says.
func (p paletteEntries) String(i int) string {
	e := p.at(i)
	return e.id()
}

func (p paletteEntries) at(i int) entry {
	if i < len(p.fixed) {
		return p.fixed[i]
	}
	i -= len(p.fixed)
	for _, t := range foundTabs() {
		all, _ := p.set.Len(t)
		if i < all {
			row := p.set.RowAt(t, i)
			subject := p.set.Subject(row)
			return entry{
				what: string(subject.Type), name: style.Name(subject.Name),
				run: func(a *app) tea.Cmd { return a.goToRow(t, row) },
			}
		}
		i -= all
	}
	return entry{}
}

func (a *app) openPalette() tea.Cmd {
	p := &palette{input: newInput(" : ")}
	for i := range a.actions {
		if act := &a.actions[i]; a.can(act) {
			p.all.fixed = append(p.all.fixed, entry{
				what: "do", keys: act.binding.Help().Key,
				name: act.name, run: act.run,
			})
		}
	}
	p.all.fixed = slices.Concat(p.all.fixed, a.waysElsewhere(), a.bookEntries(), a.runEntries(), a.findingEntries())
	p.all.set = a.set
	p.lookFor(a)
	a.palette = p
	return p.input.Focus()
}

func (a *app) findingEntries() []entry {
	if a.set == nil {
		return nil
	}
	c := a.set.Comparison
	out := make([]entry, 0, len(c.Findings))
	for i := range c.Findings {
		f := &c.Findings[i]
		id := rows.FindingID(f.ID)
		out = append(out, entry{
			what: "finding", name: style.Name(f.Subject.Name) + "  " + string(f.Kind),
			run: func(a *app) tea.Cmd {
				row, there := a.set.Find(id)
				if !there {
					a.status = "This is not there any more since the last read."
					return nil
				}
				return a.goToRow(rows.Drift, row)
			},
		})
	}
	return out
}

func (a *app) runEntries() []entry {
	out := make([]entry, 0, len(a.past.runs))
	for i := range a.past.runs {
		run := a.past.runs[i]
		out = append(out, entry{
			what: "run", name: style.Name(run.ID + "  " + runDid(&run)),
			run: do(func(a *app) { a.push(&pastRunScreen{run: run}) }),
		})
	}
	return out
}

func (a *app) bookEntries() []entry {
	if !a.canBook() {
		return nil
	}
	var out []entry
	for _, item := range a.bookChoices() {
		out = append(out, entry{what: "runbook", name: style.Name(item.label), run: item.run})
	}
	return out
}

// goToRow looks into a row, with the cursor on it where its list shows it.
func (a *app) goToRow(t rows.Tab, row rows.Row) tea.Cmd {
	cmd := a.goToTab(tab(t))
	a.list().ToID(a.set.ID(row))
	return tea.Batch(cmd, a.inspect(row))
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
			e := p.all.at(p.found[p.chosen].Index)
			a.remember(&e)
			return e.run(a)
		}
	default:
		return p.edit(a, msg)
	}
	return nil
}

// remember puts what was chosen before all that was chosen earlier.
func (a *app) remember(e *entry) {
	const most = 20
	id := e.id()
	a.recent = slices.DeleteFunc(a.recent, func(other string) bool { return other == id })
	a.recent = slices.Insert(a.recent, 0, id)
	a.recent = a.recent[:min(len(a.recent), most)]
}

func (p *palette) edit(a *app, msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	p.lookFor(a)
	return cmd
}

// lookFor finds what matches the words that were typed: what was chosen before first, then what fits best. One letter
// finds no rows, of which there can be more than anybody would look through.
func (p *palette) lookFor(a *app) {
	p.chosen = 0
	all, text := p.all, p.input.Value()
	if utf8.RuneCountInString(text) < 2 { //nolint:mnd // see above
		all.set = nil
	}
	p.found = nil
	if text == "" {
		for i := range all.fixed {
			p.found = append(p.found, fuzzy.Match{Index: i})
		}
	} else {
		p.found = fuzzy.FindFrom(text, all)
	}
	if len(a.recent) == 0 {
		return
	}
	rank := func(m fuzzy.Match) int {
		e := p.all.at(m.Index)
		if at := slices.Index(a.recent, e.id()); at >= 0 {
			return at
		}
		return len(a.recent)
	}
	slices.SortStableFunc(p.found, func(x, y fuzzy.Match) int { return rank(x) - rank(y) })
}

func (p *palette) body(a *app, width, height int) []string {
	lines := []string{inputLine(&p.input, width), ""}
	if len(p.found) == 0 {
		return append(lines, "   Nothing is called that. esc closes.")
	}
	room := max(height-len(lines), 1)
	from := max(p.chosen-room+1, 0)
	for i := from; i < min(from+room, len(p.found)); i++ {
		lines = append(lines, p.line(a, i, width))
	}
	return lines
}

// line is one thing that was found: its key or what it is, then its name with the letters lit that match.
func (p *palette) line(a *app, i, width int) string {
	e := p.all.at(p.found[i].Index)
	before, plain, lit := e.what, style.Style{}, a.theme.Key
	if e.keys != "" {
		before = e.keys
	}
	if i == p.chosen {
		plain, lit = a.theme.Chosen, a.theme.Chosen.And(a.theme.Key)
	}
	const margin = 14
	name := style.Cut(e.name, width-margin-4) //nolint:mnd // the cursor and its spaces
	var b strings.Builder
	at, begin := 0, len(e.id())-len(e.name)
	for _, m := range p.found[i].MatchedIndexes {
		if m -= begin; m < at || m >= len(name) {
			continue
		}
		_, size := utf8.DecodeRuneInString(name[m:])
		b.WriteString(plain.On(name[at:m]) + lit.On(name[m:m+size]))
		at = m + size
	}
	b.WriteString(plain.On(name[at:]))
	cursor := "   "
	if i == p.chosen {
		cursor = " › "
	}
	return cursor + a.theme.Faint.On(style.Fit(before, margin)) + b.String()
}

func (p *palette) cursor(y, width int) *tea.Cursor { return inputCursor(&p.input, y, width) }

// waysElsewhere are the other connections.
func (a *app) waysElsewhere() []entry {
	var out []entry
	for i := range a.conns.list {
		if name := a.conns.list[i].Name; name != a.opts.Connection {
			out = append(out, entry{
				what: "connection", name: style.Name(name),
				run: func(a *app) tea.Cmd { return a.goTo(name) },
			})
		}
	}
	return out
}
