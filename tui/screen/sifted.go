package screen

import "github.com/scimdrift/scimdrift/model/filter"

// Sifted is a list of what a filter leaves of some items. Where the operator stands is kept by the item; at the very
// top they stay at the top, and see what comes in above.
type Sifted struct {
	List

	// Pass says which items show at all; nil is all.
	Pass func(item int) bool

	ids, keys []string
	matched   []int32
	query     filter.Query
}

// Use takes other items: what tells each from the others, and the text that a filter searches in it.
func (s *Sifted) Use(ids, keys []string) {
	at, offset := s.stand()
	s.ids, s.keys = ids, keys
	s.sift(at, offset)
}

// Sift works out anew which items show.
func (s *Sifted) Sift() { s.sift(s.stand()) }

func (s *Sifted) stand() (id string, offset int) {
	if item := s.Item(); item >= 0 && s.cursor > 0 {
		return s.ids[item], s.Offset()
	}
	return "", 0
}

func (s *Sifted) sift(at string, offset int) {
	s.matched = s.matched[:0]
	line := 0
	for i := range s.keys {
		if s.Pass != nil && !s.Pass(i) || !s.query.MatchesText(s.keys[i]) {
			continue
		}
		if at != "" && s.ids[i] == at {
			line = len(s.matched)
		}
		s.matched = append(s.matched, int32(i))
	}
	s.length = len(s.matched)
	s.Put(line, min(offset, line))
}

// Item is the one at the cursor; -1 if nothing shows.
func (s *Sifted) Item() int {
	if s.cursor >= len(s.matched) {
		return -1
	}
	return s.At(s.cursor)
}

// At is the item on a line.
func (s *Sifted) At(line int) int { return int(s.matched[line]) }

// Filter is the text of the filter, empty if none is set.
func (s *Sifted) Filter() string { return s.query.Text() }

// SetFilter leaves the items that it matches.
func (s *Sifted) SetFilter(text string) error {
	q, err := filter.Parse(text)
	if text != s.query.Text() {
		s.query = q
		s.Sift()
	}
	return err
}

// Matches is how many items show.
func (s *Sifted) Matches() int { return len(s.matched) }

// Unfiltered is how many there are.
func (s *Sifted) Unfiltered() int { return len(s.keys) }
