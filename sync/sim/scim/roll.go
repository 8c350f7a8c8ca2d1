package scim

import (
	"slices"
	"sort"
)

// roll is a list order with a number for each id that only grows, so that a cursor finds its place in O(log n) although
// rows before it, or its own row, were deleted meanwhile. Ids that are gone keep their number: ids are never reused.
type roll struct {
	ids         []string // the world's own slice as last seen, not to be written
	first, last string   // copies of its ends, to notice a change in place
	seq         map[string]int
	next        int
}

// follow brings the roll up to the world's order. It costs nothing where nothing has changed or the end has grown. The
// result is the ids that are new, and whether the order is otherwise another one, so that what was derived from it is stale.
func (r *roll) follow(order []string) (fresh []string, changed bool) {
	n := len(r.ids)
	switch {
	case len(order) == n && (n == 0 || &order[0] == &r.ids[0] && order[0] == r.first && order[n-1] == r.last):
		return nil, false
	case n > 0 && len(order) > n && order[0] == r.first && order[n-1] == r.last && !r.knows(order[n:]):
		fresh = order[n:]
	default:
		fresh, changed = order, true
	}
	if changed && !r.ascending(order) {
		r.seq = nil // somebody has reordered the list: number it anew, and let old cursors end
	}
	if r.seq == nil {
		r.seq = make(map[string]int, len(order))
	}
	for _, id := range fresh {
		if _, known := r.seq[id]; !known {
			r.next++
			r.seq[id] = r.next
		}
	}
	r.settle(order)
	return fresh, changed
}

// knows says whether one of the ids was listed before.
func (r *roll) knows(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return r.seq[id] != 0 })
}

// settle takes an order whose ids are all numbered already.
func (r *roll) settle(order []string) {
	r.ids = order
	if n := len(order); n > 0 {
		r.first, r.last = order[0], order[n-1]
	}
}

// ascending says whether the known ids of the order come in the order of their numbers, and the unknown ones after them.
func (r *roll) ascending(order []string) bool {
	before := 0
	for _, id := range order {
		number, known := r.seq[id]
		if !known {
			number = r.next + 1
		}
		if number < before {
			return false
		}
		before = number
	}
	return true
}

// after is the place behind an id, which may have been deleted; ok is false for an id that was never listed.
func (r *roll) after(id string) (place int, ok bool) {
	number, ok := r.seq[id]
	if !ok {
		return 0, false
	}
	return sort.Search(len(r.ids), func(i int) bool { return r.seq[r.ids[i]] > number }), true
}

// among is after for a few of the ids, in list order.
func (r *roll) among(ids []string) func(string) (int, bool) {
	return func(id string) (int, bool) {
		number, ok := r.seq[id]
		if !ok {
			return 0, false
		}
		return sort.Search(len(ids), func(i int) bool { return r.seq[ids[i]] > number }), true
	}
}
