package tui

import (
	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/model/filter"
)

// setupTab lists the set-up checks, what is to mend first, under a heading for each result.
type setupTab struct {
	cursorWindow

	checks []model.Check
	keys   []string
	lines  []setupLine
	// matched is how many checks show, toMend how many there are to mend.
	matched, toMend int

	filter filter.Query
	// wrong leaves out what is fine.
	wrong bool
}

// setupLine is a check, or the heading of a result where there is none.
type setupLine struct {
	check  *model.Check
	result model.CheckResult
	count  int
}

// resultOrder is the order in which an operator has to do something about them.
func resultOrder() []model.CheckResult {
	return []model.CheckResult{model.CheckMend, model.CheckLook, model.CheckUnknown, model.CheckFine}
}

// use shows the checks; the operator stays on his check, and begins at the first.
func (s *setupTab) use(checks []model.Check) {
	at, fresh := s.current(), s.length == 0 || s.height == 0
	s.checks, s.keys, s.toMend = checks, nil, 0
	for i := range s.checks {
		c := &s.checks[i]
		if c.Result == model.CheckMend {
			s.toMend++
		}
		s.keys = append(s.keys, filter.Text(string(c.ID), explain.CheckTitle(c.ID), c.Result.String(),
			c.Seen, c.Todo, c.Menu))
	}
	s.lay()
	if fresh {
		s.cursor, s.top = 1, 0 // the first check, with its heading above
		return
	}
	s.toCheck(at)
}

// current is the id of the check at the cursor; empty on a heading.
func (s *setupTab) current() string {
	if c := s.check(); c != nil {
		return string(c.ID)
	}
	return ""
}

// check is the one at the cursor; nil on a heading.
func (s *setupTab) check() *model.Check {
	if s.cursor >= len(s.lines) {
		return nil
	}
	return s.lines[s.cursor].check
}

func (s *setupTab) toCheck(id string) {
	for at := range s.lines {
		if c := s.lines[at].check; c != nil && string(c.ID) == id {
			offset := s.cursor - s.top
			s.cursor, s.top = at, at-offset
			s.clamp()
			return
		}
	}
}

// lay makes the lines of the checks that the filter leaves.
func (s *setupTab) lay() {
	s.lines, s.matched = nil, 0
	for _, result := range resultOrder() {
		if s.wrong && result == model.CheckFine {
			continue
		}
		heading := len(s.lines)
		for i := range s.checks {
			c := &s.checks[i]
			if c.Result != result || !s.filter.MatchesText(s.keys[i]) {
				continue
			}
			if len(s.lines) == heading {
				s.lines = append(s.lines, setupLine{result: result})
			}
			s.lines = append(s.lines, setupLine{check: c, result: result})
			s.lines[heading].count++
			s.matched++
		}
	}
	s.setLen(len(s.lines))
}

// relay makes the lines anew and stays on the check.
func (s *setupTab) relay() {
	at := s.current()
	s.lay()
	s.toCheck(at)
}

// Filter is the text of the filter, empty if none is set.
func (s *setupTab) Filter() string { return s.filter.Text() }

func (s *setupTab) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != s.filter.Text() {
		s.filter = q
		s.relay()
	}
	return err
}

// Matches is how many checks show.
func (s *setupTab) Matches() int { return s.matched }

// Unfiltered is how many checks there are.
func (s *setupTab) Unfiltered() int { return len(s.checks) }
