// Package grid draws the two-sided rows of the board: what stands in a line of them, and in the preview of the one at
// the cursor.
package grid

import (
	"strings"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Grid is a list of rows, as it is to be drawn.
type Grid struct {
	*screen.Context

	Set   *rows.Set
	List  *rows.List
	Marks rows.Marks
	// Past tells since when findings are there; Changed is a word for what became of one since somebody last looked, by
	// its id.
	Past    drift.Past
	Changed map[string]string
	// Interim: the set is not the last word of its read.
	Interim bool
	// Width is that of the list; Both: there is room for the names of both sides.
	Width int
	Both  bool
}

// columns are the widths of the grid's cells. They depend on the terminal and the names of the tab, never on what is in
// the window: a column that moved while scrolling would cost the whole screen on a slow line. target and age are zero
// where there is no room for them.
type columns struct{ severity, source, target, age, why int }

const (
	gutter        = 3 // cursor, mark, space
	signWidth     = 2
	wordWidth     = 8
	ageWidth      = 5
	maxNameWidth  = 44
	minNameWidth  = 12
	minWhyWidth   = 20
	ampleWhyWidth = 40
)

// relationWidth is the sign with a space on each side.
const relationWidth = 3

func (g *Grid) columns() columns {
	width := g.Width
	c := columns{severity: wordWidth, age: ageWidth}
	if width < screen.Narrow {
		c.severity, c.age = signWidth, 0
	}
	names := 1
	if g.Both {
		names = 2
	}
	room := max(width-gutter-c.severity-2-relationWidth-2-1, 0)
	if c.age > 0 {
		room = max(room-c.age-2, 0)
	}
	// The longest names get what the reasons can spare, and nearly all names what they need.
	nearly, longest := g.Set.NameWidths(g.List.Tab())
	wanted := max(nearly, min(longest, (room-ampleWhyWidth)/names))
	c.source = min(max(wanted, minNameWidth), maxNameWidth, max((room-minWhyWidth)/names, room/(names+1)))
	if names == 2 {
		c.target = c.source
	}
	c.why = max(room-c.source-c.target, 0)
	return c
}

// Titles stand in the rule above the grid, each above its column.
func (g *Grid) Titles() string {
	c, width := g.columns(), g.Width
	line := []rune(strings.Repeat("─", width))
	put := func(at, room int, title string) {
		title = strings.ToUpper(style.Cut(style.Name(title), room-1)) + " "
		if at > 0 && at+len([]rune(title)) < len(line) && room > 3 {
			line[at-1] = ' '
			copy(line[at:], []rune(title))
		}
	}
	at := gutter
	put(at, c.severity+1, "severity")
	at += c.severity + 2
	if c.target > 0 {
		put(at, c.source, g.Sides[model.SourceSide].Short)
		put(at+c.source+relationWidth, c.target, g.Sides[model.TargetSide].Short)
		at += c.source + relationWidth + c.target + 2
	} else {
		put(at, c.source, [...]string{"who or what", "group", "user"}[g.List.Tab()])
		at += c.source + relationWidth + 2
	}
	if c.age > 0 {
		put(at+c.age-len("age"), c.age, "age")
		at += c.age + 2
	}
	put(at, c.why, "why")
	return g.Theme.Faint.On(string(line))
}

// OrderAt is the order by the column in cell x; ok is false where none can be sorted by.
func (g *Grid) OrderAt(x int) (order rows.Order, ok bool) {
	c := g.columns()
	names := gutter + c.severity + 2
	sign := names + c.source
	age := sign + relationWidth + c.target + 2
	switch {
	case x < gutter:
		return 0, false
	case x < names:
		return rows.ByWorst, true
	case x < sign, c.target > 0 && x >= sign+relationWidth && x < age:
		return rows.ByName, true
	case x < sign+relationWidth:
		return rows.ByRelation, true
	case c.age > 0 && x < age+c.age+1:
		return rows.ByAge, true
	}
	return 0, false
}

// Lines draws the lines in the window, and no others.
func (g *Grid) Lines(height int) []string {
	l, c := g.List, g.columns()
	from, to, ranging := l.Range()
	lines := make([]string, 0, height)
	for at := l.Top(); at < min(l.Top()+height, l.Len()); at++ {
		line := l.At(at)
		chosen := at == l.Cursor()
		if line.Heading != nil {
			lines = append(lines, g.headingLine(line, chosen))
			continue
		}
		mark := " "
		switch {
		case g.Marks[g.Set.ID(line.Row)]:
			mark = "*"
		case ranging && at >= from && at <= to:
			mark = "+"
		}
		lines = append(lines, g.rowLine(line.Row, c, mark, chosen))
	}
	return lines
}

// rowLine draws one row. The line at the cursor has one style from end to end but for the colour of the severity: how
// bad the chosen row is must not be lost.
func (g *Grid) rowLine(r rows.Row, c columns, mark string, chosen bool) string {
	source, target := sideNames(g.Set, r)
	if c.target == 0 && source == style.Absent && target != "" {
		source = target // there is room for one
	}
	severity, look, age, text := "", style.Style{}, "", style.Name(g.whyText(r))
	if r.Finding != model.None {
		f := &g.Set.Comparison.Findings[r.Finding]
		severity, look, age = severityWord(f.Severity, g.Width), g.Theme.Severity(f.Severity), g.ageOf(f)
		text = style.Join(g.Changed[f.ID], text)
	}
	why := style.Cut(text, c.why)
	rest := style.Spaces(c.why - style.Width(why) + 1)
	sign := rows.Sign(r.Relation)
	var b strings.Builder
	b.Grow(g.Width * 2)
	if chosen {
		b.WriteString(style.Spaces(c.severity-style.Width(severity)+2) + style.Fit(source, c.source) + " " + sign + " ")
		writeCells(&b, c, target, age)
		b.WriteString(why + rest)
		return g.Theme.Cursor.On("›"+mark+" ") + g.Theme.AtCursor(look).On(severity) + g.Theme.Cursor.On(b.String())
	}
	b.WriteString(" " + mark + " ")
	b.WriteString(look.On(severity) + style.Spaces(c.severity-style.Width(severity)+2))
	b.WriteString(style.Fit(source, c.source) + " " + g.relationStyle(r).On(sign) + " ")
	writeCells(&b, c, target, age)
	b.WriteString(g.Theme.Faint.On(why) + rest)
	return b.String()
}

// writeCells writes what stands between the relation and the reason.
func writeCells(b *strings.Builder, c columns, target, age string) {
	if c.target > 0 {
		b.WriteString(style.Fit(target, c.target))
	}
	b.WriteString("  ")
	if c.age > 0 {
		b.WriteString(style.Spaces(c.age-style.Width(age)) + style.Cut(age, c.age) + "  ")
	}
}

// shortAge says how long ago something was in four or five characters; empty where that is not known.
func (g *Grid) shortAge(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	switch age := g.Now.Sub(at); {
	case age < time.Minute:
		return "now"
	case age < time.Hour:
		return style.Number(int(age/time.Minute)) + " m"
	case age < 48*time.Hour: // as in the sentence of the preview
		return style.Number(int(age/time.Hour)) + " h"
	default:
		return style.Number(int(age/(24*time.Hour))) + " d"
	}
}

// severityWord names a severity, by a sign where there is little room.
func severityWord(s model.Severity, width int) string {
	if width >= screen.Narrow {
		return s.String()
	}
	return screen.SeveritySign(s)
}

func (g *Grid) relationStyle(r rows.Row) style.Style {
	switch {
	case r.Finding != model.None:
		return style.Style{}
	case r.Relation == model.Same:
		return g.Theme.Good
	default:
		return g.Theme.Medium
	}
}

// foundAt is when a finding came about. dated: its evidence says so; else it is when a read found it first, so that it
// may be older.
func (g *Grid) foundAt(f *model.Finding) (at time.Time, dated bool) {
	if at := f.Since(); !at.IsZero() {
		return at, true
	}
	first := g.Past.First[f.ID]
	if len(g.Past.Trend) == 1 {
		return time.Time{}, false // whatever there is was found first by the only read
	}
	return first, false
}

// oldestFinding is the finding of a cause group that is there longest, as far as that is known; else its worst.
func (g *Grid) oldestFinding(group *drift.CauseGroup) *model.Finding {
	oldest := &g.Set.Comparison.Findings[group.Findings[0]]
	for _, i := range group.Findings {
		at, _ := g.foundAt(&g.Set.Comparison.Findings[i])
		if since, _ := g.foundAt(oldest); since.IsZero() || !at.IsZero() && at.Before(since) {
			oldest = &g.Set.Comparison.Findings[i]
		}
	}
	return oldest
}

// ageOf is the age of a finding in a narrow column, with a sign where it may be older.
func (g *Grid) ageOf(f *model.Finding) string {
	at, dated := g.foundAt(f)
	age := g.shortAge(at)
	if !dated && age != "" && age != "now" {
		age = ">" + age
	}
	return age
}
