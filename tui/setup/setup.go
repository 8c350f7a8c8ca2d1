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
	screen.Table

	Checks []model.Check
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
	s.Checks, s.ToMend = slices.Clone(checks), 0
	slices.SortStableFunc(s.Checks, func(x, y model.Check) int {
		return cmp.Compare(slices.Index(order, x.Result), slices.Index(order, y.Result))
	})
	ids, keys := make([]string, len(checks)), make([]string, len(checks))
	for i := range s.Checks {
		c := &s.Checks[i]
		if c.Result == model.CheckMend {
			s.ToMend++
		}
		ids[i] = string(c.ID)
		keys[i] = filter.Text(ids[i], explain.CheckTitle(c.ID), c.Result.String(), c.Seen, c.Todo, c.Menu)
	}
	s.Pass = func(i int) bool { return !s.Wrong || s.Checks[i].Result != model.CheckFine }
	s.Table.Use(ids, keys)
}

// Check is the one at the cursor; nil if none shows.
func (s *Tab) Check() *model.Check {
	if at := s.Item(); at >= 0 {
		return &s.Checks[at]
	}
	return nil
}

// Current is the id of the check at the cursor; empty if none shows.
func (s *Tab) Current() string {
	if c := s.Check(); c != nil {
		return string(c.ID)
	}
	return ""
}
