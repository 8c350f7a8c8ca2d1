package screen

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/table"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Table is a table of Bubbles with what a filter leaves of some items. Where the operator stands is kept by the item;
// at the very top they stay at the top, and see what comes in above.
type Table struct {
	table.Model

	// Pass says which items show at all; nil is all.
	Pass func(item int) bool
	// Keep: the operator stays on their item at the very top too.
	Keep bool

	ids, keys []string
	matched   []int
	query     filter.Query
	// top is the first line that shows, head how many lines stand above it.
	top, head int
}

// Use takes other items: what tells each from the others, and the text that a filter searches in it.
func (t *Table) Use(ids, keys []string) {
	at := t.stand()
	t.ids, t.keys = ids, keys
	t.sift(at)
}

// Sift works out anew which items show.
func (t *Table) Sift() { t.sift(t.stand()) }

func (t *Table) stand() (id string) {
	if item := t.Item(); item >= 0 && (t.Keep || t.Cursor() > 0) {
		id = t.ids[item]
	}
	return id
}

func (t *Table) sift(at string) {
	t.matched = t.matched[:0]
	line := 0
	for i := range t.keys {
		if t.Pass != nil && !t.Pass(i) || !t.query.MatchesText(t.keys[i]) {
			continue
		}
		if at != "" && t.ids[i] == at {
			line = len(t.matched)
		}
		t.matched = append(t.matched, i)
	}
	t.SetRows(make([]table.Row, len(t.matched))) // only those near the cursor are ever filled in
	t.To(line)
}

// Item is the one at the cursor; -1 if nothing shows.
func (t *Table) Item() int {
	if at := t.Cursor(); at >= 0 && at < len(t.matched) {
		return t.matched[at]
	}
	return -1
}

// Filter is the text of the filter, empty if none is set.
func (t *Table) Filter() string { return t.query.Text() }

// SetFilter leaves the items that it matches.
func (t *Table) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != t.query.Text() {
		t.query = q
		t.Sift()
	}
	return err
}

// Matches is how many items show, Len the same as lines.
func (t *Table) Matches() int { return len(t.matched) }

// Len is how many lines there are.
func (t *Table) Len() int { return len(t.matched) }

// Position says at which of them the cursor stands, from 1 on.
func (t *Table) Position() int { return t.Cursor() + 1 }

// Unfiltered is how many items there are.
func (t *Table) Unfiltered() int { return len(t.keys) }

// Top is the first line that shows.
func (t *Table) Top() int { return t.top }

// Head is how many lines stand above that.
func (t *Table) Head() int { return t.head }

// Move moves the cursor, and the window with it.
func (t *Table) Move(lines int) {
	if lines < 0 {
		t.MoveUp(-lines)
	} else {
		t.MoveDown(lines)
	}
}

// Leap is what the keys of pages do.
func (t *Table) Leap(lines int) { t.Move(lines) }

// Scroll is what the wheel does.
func (t *Table) Scroll(lines int) { t.Move(lines) }

// To goes to a line.
func (t *Table) To(line int) {
	t.GotoTop()
	t.Move(line)
}

// SetHeight says how many lines there are for it, with the titles where there is room for them.
func (t *Table) SetHeight(lines int) {
	const forTitles = 4
	if t.head = 1; lines < forTitles {
		t.head = 0
	}
	if lines = max(lines-t.head, 1); lines != t.Height() {
		t.Model.SetHeight(lines + 1)
		t.To(t.Cursor())
	}
}

// Draw draws the window. The cells are those of an item, harmless; a column without a width does not show.
func (t *Table) Draw(c *Context, width, height int, columns []table.Column, cells func(item int) table.Row) []string {
	if !slices.Equal(t.Columns(), columns) {
		t.SetRows(make([]table.Row, len(t.matched)))
		t.SetColumns(columns)
	}
	t.SetHeight(height)
	if t.Width() != width-1 {
		t.SetWidth(max(width-1, 1))
	}
	rows := t.Rows()
	for i := max(t.Cursor()-t.Height(), 0); i < min(t.Cursor()+t.Height(), len(rows)); i++ {
		rows[i] = cells(t.matched[i])
	}
	const cursor = "›"
	t.SetStyles(table.Styles{
		Cell: lipgloss.NewStyle().PaddingRight(1), Header: c.Theme.Faint.Lipgloss().PaddingRight(1),
		Selected: lipgloss.NewStyle().Transform(func(row string) string { return cursor + ansi.Strip(row) }),
	})
	lines := strings.Split(t.View(), "\n")[1-t.head:]
	if at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, cursor) }); at >= 0 {
		t.top = t.Cursor() - at + t.head
	}
	from, to := Thumb(t.Height(), t.top, t.Len())
	for i, line := range lines {
		room, thumb := width, ""
		if i >= from+t.head && i < to+t.head {
			room, thumb = width-1, "┃"
		}
		line = strings.TrimRight(line, " ") // the gap behind the last column is no text that could be cut
		if row, at := strings.CutPrefix(line, cursor); at {
			line = c.CursorLine(row, room)
		} else {
			line = style.Fit(" "+line, room)
		}
		lines[i] = line + thumb
	}
	return lines
}
