// Package inspect shows one row in full.
package inspect

import (
	"slices"
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
	screen.Text
	rowDetails

	// ID is the row's.
	ID rows.ID
	// Gone: the newest comparison has no such row.
	Gone bool

	// place is where a row is seen and mended by hand.
	place func(*rows.Set, rows.Row) model.Location
	// newest is the last comparison that details were asked of; hasDetails says that all of some are there.
	newest     *rows.Set
	hasDetails bool

	filter filter.Query

	sections []section
	// tabbedSection is the section that tab has gone to, while the window stands where that has put it.
	tabbedSection, tabbedOffset int
}

// section is one part of the screen.
type section struct {
	name string
	// total stands beside the name; -1 is nothing to count.
	total int
	lines []string
	// start is its heading's line, counted over the whole screen.
	start int
}

// textSection is a section without a number.
func textSection(name string, lines []string) section {
	return section{name: name, total: -1, lines: lines}
}

// New looks into a row. What takes longer than a frame to put together follows.
func New(set *rows.Set, row rows.Row, place func(*rows.Set, rows.Row) model.Location) (*Screen, tea.Cmd) {
	s := &Screen{ID: set.ID(row), rowDetails: rowDetails{set: set, row: row}, newest: set, place: place}
	return s, s.loadDetails(row)
}

// Row is what is looked at, and the comparison that it is from, which the board may have left behind.
func (s *Screen) Row() (rows.Row, *rows.Set) { return s.row, s.set }

// Keys are those of the sections.
func (*Screen) Keys() keymap.Table { return keys }

const keys keymap.Table = `screen/inspect | The inspector | in the inspector
next-section     | tab l right      | 1 section | next section of what is inspected |
previous-section | shift+tab h left |           | section before                    |`

// Title names it.
func (s *Screen) Title() string { return style.Label(s.set.Subject(s.row).Name) }

// Fit lays it out.
func (s *Screen) Fit(c *screen.Context, width, height int) { s.View(c, width, height) }

// View draws the sections' names, and the lines that show.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	if s.Gone {
		return []string{"", "  This is not there any more since the last read. " + c.Key("back") + " goes back."}
	}
	lines := s.Lines(width, height-1, func(width int) []string { return s.buildLines(c, width) })
	return append([]string{s.sectionBar(c)}, lines...)
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
	s.newest = set
	return s.loadDetails(row)
}

// buildLines puts the sections together. What has nothing to say is left out.
func (s *Screen) buildLines(c *screen.Context, width int) (lines []string) {
	s.sections = s.sections[:0]
	add := func(next section) {
		if len(next.lines) > 0 {
			next.start = len(lines)
			s.sections = append(s.sections, next)
			lines = append(append(append(lines, "  "+c.Theme.Title.On(next.heading())), next.lines...), "")
		}
	}
	add(s.whySection(c, width))
	add(s.repairsSection(c, width))
	if s.row.Relation != model.Aside {
		add(s.sidesSection(c, width))
		add(s.accountsSection(c, width))
		add(s.membersSection(c, width))
	}
	add(s.ruleSection(c, width))
	add(s.evidenceSection(c, width))
	add(s.timelineSection(c, width))
	add(textSection("Where", c.Place("Menu:", s.place(s.set, s.row), "  ", width)))
	return lines
}

func (c *section) heading() string {
	if c.total < 0 {
		return c.name
	}
	return c.name + " " + style.Number(c.total)
}

// currentSection is the section that tab goes on from.
func (s *Screen) currentSection() int {
	if s.YOffset() == s.tabbedOffset && s.tabbedSection < len(s.sections) {
		return s.tabbedSection
	}
	below := slices.IndexFunc(s.sections, func(in section) bool { return in.start > s.YOffset() })
	if below < 0 {
		below = len(s.sections)
	}
	return max(below-1, 0)
}

// sectionBar lists the sections; the one that tab goes on from stands out.
func (s *Screen) sectionBar(c *screen.Context) string {
	var b strings.Builder
	for i := range s.sections {
		text := " " + s.sections[i].heading() + " "
		if i != s.currentSection() {
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

// NextSection goes to another section.
func (s *Screen) NextSection(by int) {
	if n := len(s.sections); n > 0 {
		s.goToSection((s.currentSection() + by + n) % n)
	}
}

func (s *Screen) goToSection(section int) {
	s.SetYOffset(s.sections[section].start)
	s.tabbedSection, s.tabbedOffset = section, s.YOffset()
}

// The filter of the inspector leaves some of its members or groups, and of its events.

// Filter is the text of the filter, empty if none is set.
func (s *Screen) Filter() string { return s.filter.Text() }

// SetFilter leaves the members, groups and events that it matches.
func (s *Screen) SetFilter(text string) error {
	q, err := filter.Parse(text)
	s.filter = q
	s.Stale()
	if s.hasDetails {
		s.applyFilter()
	}
	return err
}

// Matches is how many members, groups and events the filter leaves.
func (s *Screen) Matches() int { return len(s.roster.matched) + len(s.timeline.matched) }

// Unfiltered is how many there are.
func (s *Screen) Unfiltered() int { return len(s.roster.all) + len(s.timeline.events) }

func (s *Screen) applyFilter() {
	s.roster.matched = s.set.FilterMemberships(s.roster.all, !s.row.User, s.filter)
	s.timeline.applyFilter(s.filter)
}

// ShowFirstList brings the first list into view, so that filtering shows what it does.
func (s *Screen) ShowFirstList() {
	for i := range s.sections {
		if s.sections[i].total >= 0 {
			s.goToSection(i)
			return
		}
	}
}
