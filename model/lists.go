package model

import "slices"

// Lists holds many short lists of indices in two flat slices. A directory has millions of memberships; a slice header
// or a map for each group would cost more than the memberships themselves.
type Lists struct {
	start []int32 // start[i] to start[i+1] is list i
	items []int32
}

// Of gives list i, ascending and without duplicates. The caller must not change it.
func (l Lists) Of(i int) []int32 {
	if i+1 >= len(l.start) {
		return nil
	}
	return l.items[l.start[i]:l.start[i+1]:l.start[i+1]]
}

// Total is the length of all lists together.
func (l Lists) Total() int { return len(l.items) }

type listsBuilder struct{ Lists }

// newListsBuilder makes one with room for so many lists, and for all they hold: growing would hold a million of them twice.
func newListsBuilder(lists, items int) *listsBuilder {
	return &listsBuilder{Lists{start: make([]int32, 0, lists+1), items: make([]int32, 0, items)}}
}

// begin ends the list before and starts the next.
func (b *listsBuilder) begin() {
	b.close()
	b.start = append(b.start, int32(len(b.items)))
}

func (b *listsBuilder) add(item int32) { b.items = append(b.items, item) }

// close sorts the open list and drops what stands in it twice.
func (b *listsBuilder) close() {
	if len(b.start) == 0 {
		return
	}
	from := b.start[len(b.start)-1]
	open := b.items[from:]
	slices.Sort(open)
	b.items = b.items[:int(from)+len(slices.Compact(open))]
}

func (b *listsBuilder) build() Lists {
	b.begin() // the end of the last list
	return b.Lists
}
