package prompt

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Palette finds anything by a part of its name and goes there or does it: actions, findings, users, groups, runs,
// runbooks, connections.
type Palette struct {
	input

	// Title stands above it, raw.
	Title string

	// all can be found; found are those that match, the best first, with the letters that do.
	all    entries
	found  []fuzzy.Match
	chosen int
	recent *Recent
	// margin holds what stands before the names.
	margin int
}

// nameGap parts a name from what stands before it.
const nameGap = 2

// Entry is one thing that the palette finds. Its name is harmless.
type Entry struct {
	// What it is stands before the name; Keys are those of an action.
	What, Keys, Name string
	Run              func() tea.Cmd
}

// id tells entries apart for as long as the program runs.
func (e *Entry) id() string { return e.What + " " + e.Name }

// Recent are what was chosen, the last first.
type Recent []string

func (r *Recent) remember(id string) {
	const most = 20
	*r = slices.DeleteFunc(*r, func(other string) bool { return other == id })
	*r = slices.Insert(*r, 0, id)
	*r = (*r)[:min(len(*r), most)]
}

func (r *Recent) rank(id string) int {
	if at := slices.Index(*r, id); at >= 0 {
		return at
	}
	return len(*r)
}

// entries are the things that can be found. Those of the directories are worded when they are asked for, because there
// can be a hundred thousand.
type entries struct {
	fixed []Entry
	set   *rows.Set
	goTo  func(rows.Tab, rows.ID) tea.Cmd
}

func (p entries) Len() int {
	n := len(p.fixed)
	if p.set != nil {
		groups, _ := p.set.Len(rows.Groups)
		users, _ := p.set.Len(rows.Users)
		n += groups + users
	}
	return n
}

// String is what is searched of an entry: all that its line says.
func (p entries) String(i int) string {
	e := p.entry(i)
	return e.id()
}

func (p entries) entry(i int) Entry {
	if i < len(p.fixed) {
		return p.fixed[i]
	}
	i -= len(p.fixed)
	t := rows.Groups
	if groups, _ := p.set.Len(t); i >= groups {
		t, i = rows.Users, i-groups
	}
	row := p.set.RowAt(t, i)
	subject := p.set.Subject(row)
	return Entry{
		What: string(subject.Type), Name: style.Name(subject.Name),
		Run: func() tea.Cmd { return p.goTo(t, p.set.ID(row)) },
	}
}

// OpenPalette looks through some entries and the rows of a set, which may be nil; goTo looks into one of its rows.
func OpenPalette(
	title string, fixed []Entry, set *rows.Set, goTo func(rows.Tab, rows.ID) tea.Cmd, recent *Recent,
) (*Palette, tea.Cmd) {
	p := &Palette{Title: title, input: newInput(" : "), all: entries{fixed, set, goTo}, recent: recent}
	for _, e := range fixed {
		p.margin = max(p.margin, style.Width(e.Keys), style.Width(e.What))
	}
	p.search()
	return p, p.Focus()
}

// Key takes one in.
func (p *Palette) Key(msg tea.KeyPressMsg, _ screen.Mover) (done bool, said string, cmd tea.Cmd) {
	switch msg.String() {
	case "esc", "ctrl+p":
		return true, "", nil
	case "down", "ctrl+n", "tab":
		p.chosen = min(p.chosen+1, max(len(p.found)-1, 0))
	case "up", "shift+tab":
		p.chosen = max(p.chosen-1, 0)
	case "enter":
		if p.chosen < len(p.found) {
			e := p.all.entry(p.found[p.chosen].Index)
			p.recent.remember(e.id())
			cmd = e.Run()
		}
		return true, "", cmd
	default:
		return false, "", p.Edit(msg)
	}
	return false, "", nil
}

// Edit changes what is looked for.
func (p *Palette) Edit(msg tea.Msg) tea.Cmd {
	cmd := p.input.Edit(msg)
	p.search()
	return cmd
}

// search finds what matches the words that were typed: what was chosen before first, then what fits best. One letter
// finds no rows, of which there can be more than anybody would look through.
func (p *Palette) search() {
	p.chosen, p.found = 0, nil
	all, text := p.all, p.Value()
	if utf8.RuneCountInString(text) < 2 { //nolint:mnd // see above
		all.set = nil
	}
	if text == "" {
		for i := range all.fixed {
			p.found = append(p.found, fuzzy.Match{Index: i})
		}
	} else {
		p.found = fuzzy.FindFrom(text, all)
	}
	if len(*p.recent) == 0 {
		return
	}
	rank := func(m fuzzy.Match) int {
		e := p.all.entry(m.Index)
		return p.recent.rank(e.id())
	}
	slices.SortStableFunc(p.found, func(x, y fuzzy.Match) int { return rank(x) - rank(y) })
}

// View is the line that is typed, and below it what was found.
func (p *Palette) View(theme *style.Theme, width, height int) []string {
	lines := []string{p.line(width), ""}
	if len(p.found) == 0 {
		return append(lines, "   Nothing is called that. esc closes.")
	}
	room := max(height-len(lines), 1)
	from := max(p.chosen-room+1, 0)
	for i := from; i < min(from+room, len(p.found)); i++ {
		lines = append(lines, p.foundLine(theme, i, width))
	}
	return lines
}

// foundLine is one thing that was found: its key or what it is, then its name with the letters lit that match.
func (p *Palette) foundLine(theme *style.Theme, i, width int) string {
	e := p.all.entry(p.found[i].Index)
	before, cursor, plain, lit := e.What, "   ", style.Style{}, theme.Match
	if e.Keys != "" {
		before = e.Keys
	}
	if i == p.chosen {
		cursor, plain, lit = " › ", theme.Chosen, theme.Chosen.And(theme.Match)
	}
	margin := min(p.margin, width/3)                  //nolint:mnd // the name says more
	name := style.Cut(e.Name, width-margin-4-nameGap) //nolint:mnd // the cursor and its spaces
	var b strings.Builder
	at, begin := 0, len(e.id())-len(e.Name)
	for _, m := range p.found[i].MatchedIndexes {
		if m -= begin; m < at || m >= len(name) {
			continue
		}
		_, size := utf8.DecodeRuneInString(name[m:])
		b.WriteString(plain.On(name[at:m]) + lit.On(name[m:m+size]))
		at = m + size
	}
	b.WriteString(plain.On(name[at:]))
	return cursor + theme.Faint.On(style.Fit(before, margin)) + strings.Repeat(" ", nameGap) + b.String()
}
