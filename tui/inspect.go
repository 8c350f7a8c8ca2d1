package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// inspectScreen shows one row in full, section by section: why it is as it is, what ends it, both sides value by value,
// who is in it, what happened to it and where to look. It finds the row again by its name after a reload.
type inspectScreen struct {
	dossier

	id rows.ID
	// wanted is the newest comparison that a dossier was asked of; known says that there is a whole one, gone that
	// the newest comparison has no such row.
	wanted      *rows.Set
	known, gone bool

	filter filter.Query

	sections []section
	width    int
	laid     bool

	// at is the first line in the window, current the section that tab goes on from.
	at, height, current int
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

// inspect looks into a row. What takes longer than a frame to put together follows.
func (a *app) inspect(row rows.Row) tea.Cmd {
	s := &inspectScreen{id: a.set.ID(row), dossier: dossier{set: a.set, row: row}, wanted: a.set}
	a.push(s)
	return s.study(row)
}

func (s *inspectScreen) title(*app) string { return label(s.set.Subject(s.row).Name) }

// fit lays the screen out for a size, so that keys that come before the next frame find it laid out.
func (s *inspectScreen) fit(a *app, width, height int) {
	if !s.laid || width != s.width {
		s.lay(a.as(s.set), width)
	}
	s.height = max(height-1, 1)
	s.clamp()
}

func (s *inspectScreen) body(a *app, width, height int) []string {
	if s.gone {
		return []string{"", "  This is not there any more since the last read. q goes back."}
	}
	s.fit(a, width, height)
	lines := append(make([]string, 0, height), s.bar(a))
	for at := s.at; at < min(s.at+s.height, s.length()); at++ {
		lines = append(lines, s.lineAt(a, at))
	}
	return lines
}

// renew finds the row again in a newer comparison. What is shown stays until all of it is known anew.
func (s *inspectScreen) renew(set *rows.Set) tea.Cmd {
	if set == nil {
		return nil
	}
	row, ok := set.Find(s.id)
	s.gone = !ok
	if !ok {
		return nil
	}
	s.wanted = set
	return s.study(row)
}

// lay puts the sections together. What has nothing to say is left out.
func (s *inspectScreen) lay(a *app, width int) {
	s.width, s.laid, s.sections = width, true, s.sections[:0]
	add := func(next section) {
		if next.lines > 0 {
			next.start = s.length()
			s.sections = append(s.sections, next)
		}
	}
	add(s.why(a, width))
	add(s.repairs(a, width))
	if s.row.Relation != model.Aside {
		add(s.sides(a, width))
		add(s.accounts(a, width))
		add(s.members(a, width))
	}
	add(s.ruleText(a, width))
	add(s.evidence(a, width))
	add(s.timeLine(a, width))
	add(s.place(a, width))
	s.current = min(s.current, len(s.sections)-1)
}

// length is how many lines there are: each section has its heading above and an empty line below.
func (s *inspectScreen) length() int {
	if len(s.sections) == 0 {
		return 0
	}
	last := s.sections[len(s.sections)-1]
	return last.start + last.lines + 2
}

// sectionAt is the section that a line belongs to.
func (s *inspectScreen) sectionAt(line int) int {
	for i := len(s.sections) - 1; i > 0; i-- {
		if line >= s.sections[i].start {
			return i
		}
	}
	return 0
}

func (s *inspectScreen) lineAt(a *app, at int) string {
	c := &s.sections[s.sectionAt(at)]
	switch i := at - c.start - 1; {
	case i < 0:
		return "  " + a.theme.Title.On(c.heading())
	case i < c.lines:
		return c.line(i)
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

// bar lists the sections; the one that tab goes on from stands out.
func (s *inspectScreen) bar(a *app) string {
	var b strings.Builder
	for i := range s.sections {
		text := " " + s.sections[i].heading() + " "
		if i != s.current {
			b.WriteString(" " + a.theme.Faint.On(text))
			continue
		}
		if a.opts.NoColor {
			text = "[" + strings.TrimSpace(text) + "]"
		}
		b.WriteString(" " + a.theme.Chosen.On(text))
	}
	return b.String()
}

// turn goes to another section.
func (s *inspectScreen) turn(by int) {
	n := len(s.sections)
	if n == 0 {
		return
	}
	s.current = (s.current + by + n) % n
	s.at = s.sections[s.current].start
	s.clamp()
}

func (s *inspectScreen) clamp() { s.at = max(min(s.at, s.length()-s.height), 0) }

func (s *inspectScreen) Move(lines int) {
	s.at += lines
	s.clamp()
	s.current = s.sectionAt(s.at)
}

func (s *inspectScreen) Scroll(lines int)   { s.Move(lines) }
func (s *inspectScreen) Page(pages int)     { s.Move(pages * max(s.height-1, 1)) }
func (s *inspectScreen) HalfPage(pages int) { s.Move(pages * max(s.height/2, 1)) }
func (s *inspectScreen) Home()              { s.Move(-s.length()) }
func (s *inspectScreen) End()               { s.Move(s.length()) }
