// Package setup is the tab of the set-up checks, and one check in full.
package setup

import (
	"cmp"
	"slices"

	"charm.land/bubbles/v2/table"
	"charm.land/lipgloss/v2"
	lgtable "charm.land/lipgloss/v2/table"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
	"github.com/scimdrift/scimdrift/tui/style"
)

// Tab lists the set-up checks, what is to mend first.
type Tab struct {
	screen.Table[model.Check]

	// ToMend is how many checks there are to mend.
	ToMend int
	// ProblemsOnly leaves out what is fine.
	ProblemsOnly bool
}

// Keys are those of the checks.
func (*Tab) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/setup | Setup | on Setup
check         | enter | 1 look     | look at one check in full | a check at the cursor
not-fine-only | f     | 4 not fine | checks that are not fine only, or all | a read`

// Use shows the checks, in the order in which an operator has to do something about them.
func (s *Tab) Use(checks []model.Check) {
	order := []model.CheckResult{model.CheckMend, model.CheckLook, model.CheckUnknown, model.CheckFine}
	checks = slices.SortedStableFunc(slices.Values(checks), func(x, y model.Check) int {
		return cmp.Compare(slices.Index(order, x.Result), slices.Index(order, y.Result))
	})
	s.ToMend = model.CountIf(checks, func(c model.Check) bool { return c.Result == model.CheckMend })
	s.Pass = func(c *model.Check) bool { return !s.ProblemsOnly || c.Result != model.CheckFine }
	s.Table.Use(checks, func(c *model.Check) string { return string(c.ID) }, func(c *model.Check) string {
		return filter.Text(string(c.ID), explain.CheckTitle(c.ID), c.Result.String(), c.Seen, c.Todo, c.Menu)
	})
}

// View draws the checks in the window.
func (s *Tab) View(c *screen.Context, width, height int) []string {
	switch {
	case len(s.Items) == 0:
		return screen.EmptyText("The set-up was not checked: nothing of the app was read. Press "+
			c.Key("reload")+" to read again.", width)
	case s.Len() == 0 && s.Filter() == "":
		return screen.EmptyText("Every check is fine. Press "+c.Key("not-fine-only")+" to see them all.", width)
	case s.Len() == 0:
		return screen.EmptyText(c.Unmatched(s.Filter()), width)
	}
	const mark, gaps = 9, 4
	title := min(max((width-14)*2/5, 1), 40)
	return s.Draw(c, width, height, []table.Column{
		{Title: "RESULT", Width: mark},
		{Title: "CHECK", Width: title},
		{Title: "SEEN", Width: max(width-mark-title-gaps, 1)},
	}, func(check *model.Check) table.Row {
		return table.Row{resultMark(c, check.Result).String(), explain.CheckTitle(check.ID), style.Name(check.Seen)}
	})
}

func resultMark(c *screen.Context, r model.CheckResult) screen.Mark {
	return cmp.Or(map[model.CheckResult]screen.Mark{
		model.CheckMend: {Text: "✗ mend", Look: c.Theme.Bad},
		model.CheckLook: {Text: "→ look", Look: c.Theme.Medium},
		model.CheckFine: {Text: "= fine", Look: c.Theme.Good},
	}[r], screen.Mark{Text: "? unknown", Look: c.Theme.Low})
}

// Detail is the pane below the checks. What to do has its place there, however much was seen.
func (s *Tab) Detail(c *screen.Context, width, height int) []string {
	check := s.Chosen()
	seen, rest := checkText(c, check, width, " ")
	room := max(height-1-len(rest), 1)
	return slices.Concat([]string{c.Rule(explain.CheckTitle(check.ID), width)}, style.Clip(seen, room, width-1), rest)
}

// checkText is all of a check: what was seen; what to do, and where.
func checkText(c *screen.Context, check *model.Check, width int, margin string) (seen, rest []string) {
	seen = append(style.Paragraphs(margin, width, check.Seen),
		attributeTable(c, check.Attributes, margin, width)...)
	rest = c.Labelled(margin, "Next:", check.Todo, width)
	return seen, append(rest, c.Place("Menu:", check.Location(), margin, width)...)
}

// Screen shows one check in full. It finds the check again after a reload.
type Screen struct {
	screen.Text

	tab *Tab
	// ID is the check's.
	ID model.Kind
}

// Look shows the check at the cursor, which then stays there.
func (s *Tab) Look() *Screen {
	s.Keep = true
	return &Screen{tab: s, ID: s.Chosen().ID}
}

// Check is what it shows; nil if it was not checked in the last read.
func (s *Screen) Check() *model.Check {
	at := slices.IndexFunc(s.tab.Items, func(c model.Check) bool { return c.ID == s.ID })
	if at < 0 {
		return nil
	}
	return &s.tab.Items[at]
}

// Title is the check's.
func (s *Screen) Title() string { return explain.CheckTitle(s.ID) }

// View draws it.
func (s *Screen) View(c *screen.Context, width, height int) []string {
	return s.Lines(width, height, func(width int) []string {
		check := s.Check()
		if check == nil {
			return []string{"", "  This was not checked in the last read. " + c.Key("back") + " goes back."}
		}
		seen, rest := checkText(c, check, width, "  ")
		head := "  " + resultMark(c, check.Result).String() + "  " + string(check.ID)
		return slices.Concat([]string{"", head, ""}, seen, []string{""}, rest)
	})
}

// attributeTable is the table of attributes for access control, and below it what is wrong with them and for whom.
func attributeTable(c *screen.Context, attributes []model.AccessAttribute, margin string, width int) []string {
	if len(attributes) == 0 {
		return nil
	}
	rows := model.Map(attributes, func(a *model.AccessAttribute) []string {
		return model.Map(explain.AccessRow(a), func(cell *string) string { return style.Name(*cell) })
	})
	lines := append([]string{""}, screen.Columns(margin, width, explain.AccessHeads(), rows,
		func(row, _ int) lipgloss.Style {
			if row == lgtable.HeaderRow {
				return c.Theme.Title.Lipgloss()
			}
			return lipgloss.NewStyle()
		})...)
	return append(lines, style.Paragraphs(margin, width, explain.AccessNotes(attributes)...)...)
}

// ToggleFine leaves out the checks that are fine, or shows them again.
func (s *Tab) ToggleFine() (wrong bool) {
	s.ProblemsOnly = !s.ProblemsOnly
	s.Refilter()
	return s.ProblemsOnly
}
