package onelogin

import "slices"

// walk is a filtered and sorted list of ids, kept between the pages of one walk so that a page costs what it shows.
type walk struct {
	ids     []int64
	sizes   [4]int
	changes uint64
}

// walksKept bounds the memory; a dropped walk is only sorted again.
const walksKept = 32

// walkOf gives a list's ids in order. The first page always collects anew, later pages only when the world has changed
// (see world.Source.Changes).
func (s *Server) walkOf(p page, scope string, collect func() []int64, less func(a, b int64) int) []int64 {
	order := p.sort
	if p.descending {
		order = "-" + order
	}
	key := p.name + "\n" + scope + "\n" + order + "\n" + p.query.Encode()
	sizes := s.sizes()
	if w, ok := s.walks[key]; ok && p.number > 1 && w.sizes == sizes && w.changes == s.w.Source.Changes {
		return w.ids
	}
	found := collect()
	slices.SortFunc(found, func(a, b int64) int {
		n := less(a, b)
		if n == 0 {
			n = byID(a, b)
		}
		if p.descending {
			return -n
		}
		return n
	})
	if len(s.walks) >= walksKept {
		clear(s.walks)
	}
	s.walks[key] = walk{ids: found, sizes: sizes, changes: s.w.Source.Changes}
	return found
}

// sizes notice users and memberships that came or went since a walk began.
func (s *Server) sizes() [4]int {
	src := &s.w.Source
	n := [4]int{len(src.Users), len(src.Roles), len(src.Apps), 0}
	for _, r := range src.Roles {
		n[3] += len(r.Users) + len(r.Apps)
	}
	for _, a := range src.Apps {
		n[3] += len(a.Direct)
	}
	return n
}

func byID(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
