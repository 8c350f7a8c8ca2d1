// Package setup is the tab of the set-up checks, and one check in full.
package setup

import (
	"cmp"
	"slices"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Tab lists the set-up checks, what is to mend first.
type Tab struct {
	screen.Table[model.Check]

	// ToMend is how many checks there are to mend.
	ToMend int
	// Wrong leaves out what is fine.
	Wrong bool
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
	s.Pass = func(c *model.Check) bool { return !s.Wrong || c.Result != model.CheckFine }
	s.Table.Use(checks, func(c *model.Check) string { return string(c.ID) }, func(c *model.Check) string {
		return filter.Text(string(c.ID), explain.CheckTitle(c.ID), c.Result.String(), c.Seen, c.Todo, c.Menu)
	})
}
