package inspect

import "github.com/scimdrift/scimdrift/model/filter"

// The filter of the inspector leaves some of its members or groups, and of its events.

// Filter is the text of the filter, empty if none is set.
func (s *Screen) Filter() string { return s.filter.Text() }

// SetFilter leaves the members, groups and events that it matches.
func (s *Screen) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text == s.filter.Text() {
		return err
	}
	s.filter = q
	s.Stale()
	if s.known {
		s.sift()
	}
	return err
}

// Matches is how many members, groups and events the filter leaves.
func (s *Screen) Matches() int { return len(s.roster.matched) + len(s.timeline.matched) }

// Unfiltered is how many there are.
func (s *Screen) Unfiltered() int { return len(s.roster.all) + len(s.timeline.events) }

func (s *Screen) sift() {
	s.roster.matched = s.set.Sift(s.roster.all, !s.row.User, s.filter)
	s.timeline.sift(s.filter)
}

// ToList brings the first list into view, so that filtering shows what it does.
func (s *Screen) ToList() {
	for i := range s.sections {
		if s.sections[i].total >= 0 {
			s.goTo(i)
			return
		}
	}
}
