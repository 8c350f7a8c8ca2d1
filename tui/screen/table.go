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
type Table[T any] struct {
	table.Model

	Items []T
	// Pass says which items show at all; nil is all.
	Pass func(item *T) bool
	// Keep: the operator stays on their item at the very top too.
	Keep bool

	id      func(item *T) string
	keys    []string
	matched []int
	query   filter.Query
	// top is the first line that shows, head how many lines stand above it.
	top, head int
}

// Use takes other items, with what tells each from the others and the text that a filter searches in it.
func (t *Table[T]) Use(items []T, id, key func(item *T) string) {
	keys := make([]string, len(items))
	for i := range items {
		keys[i] = key(&items[i])
	}
	t.UseKeyed(items, keys, id)
}

// UseKeyed takes items whose texts were worked out before.
func (t *Table[T]) UseKeyed(items []T, keys []string, id func(item *T) string) {
	at := t.currentItemID()
	t.Items, t.keys, t.id = items, keys, id
	t.refilter(at)
}

// Refilter works out anew which items show.
func (t *Table[T]) Refilter() { t.refilter(t.currentItemID()) }

func (t *Table[T]) currentItemID() (id string) {
	if item := t.Chosen(); item != nil && (t.Keep || t.Cursor() > 0) {
		id = t.id(item)
	}
	return id
}

func (t *Table[T]) refilter(at string) {
	t.matched = t.matched[:0]
	line := 0
	for i := range t.Items {
		if t.Pass != nil && !t.Pass(&t.Items[i]) || !t.query.MatchesText(t.keys[i]) {
			continue
		}
		if at != "" && t.id(&t.Items[i]) == at {
			line = len(t.matched)
		}
		t.matched = append(t.matched, i)
	}
	t.SetRows(make([]table.Row, len(t.matched))) // only those near the cursor are ever filled in
	t.To(line)
}

// Chosen is the item at the cursor; nil if nothing shows.
func (t *Table[T]) Chosen() *T {
	if at := t.Cursor(); at >= 0 && at < len(t.matched) {
		return &t.Items[t.matched[at]]
	}
	return nil
}

// Filter is the text of the filter, empty if none is set.
func (t *Table[T]) Filter() string { return t.query.Text() }

// SetFilter leaves the items that it matches.
func (t *Table[T]) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != t.query.Text() {
		t.query = q
		t.Refilter()
	}
	return err
}

// Matches is how many items show, Len the same as lines.
func (t *Table[T]) Matches() int { return len(t.matched) }

// Len is how many lines there are.
func (t *Table[T]) Len() int { return len(t.matched) }

// Position says at which of them the cursor stands, from 1 on.
func (t *Table[T]) Position() int { return t.Cursor() + 1 }

// Unfiltered is how many items there are.
func (t *Table[T]) Unfiltered() int { return len(t.Items) }

// Top is the first line that shows.
func (t *Table[T]) Top() int { return t.top }

// Head is how many lines stand above that.
func (t *Table[T]) Head() int { return t.head }

// Move moves the cursor, and the window with it.
func (t *Table[T]) Move(lines int) {
	if lines < 0 {
		t.MoveUp(-lines)
	} else {
		t.MoveDown(lines)
	}
}

// Leap is what the keys of pages do.
func (t *Table[T]) Leap(lines int) { t.Move(lines) }

// Scroll is what the wheel does.
func (t *Table[T]) Scroll(lines int) { t.Move(lines) }

// To goes to a line.
func (t *Table[T]) To(line int) {
	t.GotoTop()
	t.Move(line)
}

// SetHeight says how many lines there are for it, with the titles where there is room for them.
func (t *Table[T]) SetHeight(lines int) {
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
func (t *Table[T]) Draw(c *Context, width, height int, columns []table.Column, cells func(item *T) table.Row) []string {
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
		rows[i] = cells(&t.Items[t.matched[i]])
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
			line = c.Theme.Cursor.On(cursor + style.Fit(row, room-1))
		} else {
			line = style.Fit(" "+line, room)
		}
		lines[i] = line + thumb
	}
	return lines
}
