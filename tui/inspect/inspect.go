// Package inspect shows one row in full.
package inspect

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Screen shows one row in full, section by section: why it is as it is, what ends it, both sides value by value, who is
// in it, what happened to it and where to look. It finds the row again by its name after a reload.
type Screen struct {
	screen.Window
	dossier

	// ID is the row's.
	ID rows.ID
	// Gone: the newest comparison has no such row.
	Gone bool

	// place is where a row is seen and mended by hand.
	place func(*rows.Set, rows.Row) model.Location
	// wanted is the newest comparison that a dossier was asked of; known says that there is a whole one.
	wanted *rows.Set
	known  bool

	filter filter.Query

	sections []section
	width    int
	laid     bool
	// turned is the section that tab has gone to, while the window stands where that has put it.
	turned, turnedAt int
}

// section is one part of the screen. Its lines are drawn one by one, because a list may have thousands.
type section struct {
	name string
	// total stands beside the name; -1 is nothing to count.
	total int
	lines int
	line  func(i int) string
	// start is its heading's line, counted over the whole screen.
	start int
}

// text is a section of lines that are there already.
func text(name string, lines []string) section {
	return section{name: name, total: -1, lines: len(lines), line: func(i int) string { return lines[i] }}
}

// New looks into a row. What takes longer than a frame to put together follows.
func New(set *rows.Set, row rows.Row, place func(*rows.Set, rows.Row) model.Location) (*Screen, tea.Cmd) {
	s := &Screen{ID: set.ID(row), dossier: dossier{set: set, row: row}, wanted: set, place: place}
	return s, s.study(row)
}

// Row is what is looked at, and the comparison that it is from, which the board may have left behind.
func (s *Screen) Row() (rows.Row, *rows.Set) { return s.row, s.set }

// Keys are those of the sections.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/inspect | What enter opens | in what enter opens
next-section     | tab l right      | 1 section | next section of what is inspected |
previous-section | shift+tab h left |           | section before                    |`

// Title names it.
func (s *Screen) Title() string { return style.Label(s.set.Subject(s.row).Name) }

// Fit lays it out.
func (s *Screen) Fit(c *screen.Context, width, height int) {
	if !s.laid || width != s.width {
		s.lay(c, width)
	}
	s.Window.Fit(s.length(), height-1)
}

// View draws the sections' names, and the lines that show.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	if s.Gone {
		return []string{"", "  This is not there any more since the last read. q goes back."}
	}
	s.Fit(c, width, height)
	lines := append(make([]string, 0, height), s.bar(c))
	from, to := s.Shown()
	for at := from; at < to; at++ {
		lines = append(lines, s.lineAt(c, at))
	}
	return lines
}

// Renew finds the row again in a newer comparison. What is shown stays until all of it is known anew.
func (s *Screen) Renew(set *rows.Set) tea.Cmd {
	if set == nil {
		return nil
	}
	row, ok := set.Find(s.ID)
	s.Gone = !ok
	if !ok {
		return nil
	}
	s.wanted = set
	return s.study(row)
}

// lay puts the sections together. What has nothing to say is left out.
func (s *Screen) lay(c *screen.Context, width int) {
	s.width, s.laid, s.sections = width, true, s.sections[:0]
	add := func(next section) {
		if next.lines > 0 {
			next.start = s.length()
			s.sections = append(s.sections, next)
		}
	}
	add(s.why(c, width))
	add(s.repairs(c, width))
	if s.row.Relation != model.Aside {
		add(s.sides(c, width))
		add(s.accounts(c, width))
		add(s.members(c, width))
	}
	add(s.ruleText(c, width))
	add(s.evidence(c, width))
	add(s.timeLine(c, width))
	add(s.where(c, width))
}

// length is how many lines there are: each section has its heading above and an empty line below.
func (s *Screen) length() int {
	if len(s.sections) == 0 {
		return 0
	}
	last := s.sections[len(s.sections)-1]
	return last.start + last.lines + 2
}

// sectionAt is the section that a line belongs to.
func (s *Screen) sectionAt(line int) int {
	for i := len(s.sections) - 1; i > 0; i-- {
		if line >= s.sections[i].start {
			return i
		}
	}
	return 0
}

func (s *Screen) lineAt(c *screen.Context, at int) string {
	in := &s.sections[s.sectionAt(at)]
	switch i := at - in.start - 1; {
	case i < 0:
		return "  " + c.Theme.Title.On(in.heading())
	case i < in.lines:
		return in.line(i)
	default:
		return ""
	}
}

func (c *section) heading() string {
	if c.total < 0 {
		return c.name
	}
	return c.name + " " + style.Number(c.total)
}

// current is the section that tab goes on from.
func (s *Screen) current() int {
	from, _ := s.Shown()
	if from == s.turnedAt && s.turned < len(s.sections) {
		return s.turned
	}
	return s.sectionAt(from)
}

// bar lists the sections; the one that tab goes on from stands out.
func (s *Screen) bar(c *screen.Context) string {
	var b strings.Builder
	for i := range s.sections {
		text := " " + s.sections[i].heading() + " "
		if i != s.current() {
			b.WriteString(" " + c.Theme.Faint.On(text))
			continue
		}
		if c.NoColor {
			text = "[" + strings.TrimSpace(text) + "]"
		}
		b.WriteString(" " + c.Theme.Chosen.On(text))
	}
	return b.String()
}

// Turn goes to another section.
func (s *Screen) Turn(by int) {
	if n := len(s.sections); n > 0 {
		s.goTo((s.current() + by + n) % n)
	}
}

func (s *Screen) goTo(section int) {
	s.To(s.sections[section].start)
	s.turned = section
	s.turnedAt, _ = s.Shown()
}
