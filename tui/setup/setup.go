// Package setup is the tab of the set-up checks, and one check in full.
package setup

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
	"github.com/scimdrift/scimdrift/tui/keymap"
	"github.com/scimdrift/scimdrift/tui/screen"
)

// Tab lists the set-up checks, what is to mend first, under a heading for each result.
type Tab struct {
	screen.List

	Checks []model.Check
	keys   []string
	lines  []line
	// matched is how many checks show, ToMend how many there are to mend.
	matched, ToMend int

	filter filter.Query
	// Wrong leaves out what is fine.
	Wrong bool
}

// line is a check, or the heading of a result where there is none.
type line struct {
	check  *model.Check
	result model.CheckResult
	count  int
}

// resultOrder is the order in which an operator has to do something about them.
func resultOrder() []model.CheckResult {
	return []model.CheckResult{model.CheckMend, model.CheckLook, model.CheckUnknown, model.CheckFine}
}

// Keys are those of the checks.
func (*Tab) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/setup | Setup | on Setup
check         | enter | 1 look     | look at one check in full | a check at the cursor
not-fine-only | f     | 4 not fine | checks that are not fine only, or all | a read`

// Use shows the checks; the operator stays on theirs, and begins at the first.
func (s *Tab) Use(checks []model.Check) {
	at, fresh := s.Current(), s.Len() == 0 || s.Height() == 0
	s.Checks, s.keys, s.ToMend = checks, nil, 0
	for i := range s.Checks {
		c := &s.Checks[i]
		if c.Result == model.CheckMend {
			s.ToMend++
		}
		s.keys = append(s.keys, filter.Text(string(c.ID), explain.CheckTitle(c.ID), c.Result.String(),
			c.Seen, c.Todo, c.Menu))
	}
	s.lay()
	if fresh {
		s.Put(1, 1) // the first check, with its heading above
		return
	}
	s.toCheck(at)
}

// Current is the id of the check at the cursor; empty on a heading.
func (s *Tab) Current() string {
	if c := s.Check(); c != nil {
		return string(c.ID)
	}
	return ""
}

// Check is the one at the cursor; nil on a heading.
func (s *Tab) Check() *model.Check {
	if s.Cursor() >= len(s.lines) {
		return nil
	}
	return s.lines[s.Cursor()].check
}

func (s *Tab) toCheck(id string) {
	for at := range s.lines {
		if c := s.lines[at].check; c != nil && string(c.ID) == id {
			s.Put(at, s.Offset())
			return
		}
	}
}

// lay makes the lines of the checks that the filter leaves.
func (s *Tab) lay() {
	s.lines, s.matched = nil, 0
	for _, result := range resultOrder() {
		if s.Wrong && result == model.CheckFine {
			continue
		}
		heading := len(s.lines)
		for i := range s.Checks {
			c := &s.Checks[i]
			if c.Result != result || !s.filter.MatchesText(s.keys[i]) {
				continue
			}
			if len(s.lines) == heading {
				s.lines = append(s.lines, line{result: result})
			}
			s.lines = append(s.lines, line{check: c, result: result})
			s.lines[heading].count++
			s.matched++
		}
	}
	s.SetLen(len(s.lines))
}

// relay makes the lines anew and stays on the check.
func (s *Tab) relay() {
	at := s.Current()
	s.lay()
	s.toCheck(at)
}

// Filter is the text of the filter, empty if none is set.
func (s *Tab) Filter() string { return s.filter.Text() }

// SetFilter leaves the checks that it matches.
func (s *Tab) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != s.filter.Text() {
		s.filter = q
		s.relay()
	}
	return err
}

// Matches is how many checks show.
func (s *Tab) Matches() int { return s.matched }

// Unfiltered is how many checks there are.
func (s *Tab) Unfiltered() int { return len(s.Checks) }
