package run

import (
	"maps"
	"sync"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
)

// Box passes progress from the run to the event loop: the last word, and the last comparison, which a later word
// that has none must not push out.
type Box struct {
	mu       sync.Mutex
	progress plan.RunProgress
	// ticks are the last of each step that was watched; the word that ends a step has none any more.
	ticks map[int][]plan.Tick
	// compared is the last comparison that nobody has fetched yet, told the last of all: a run repeats it with every
	// word, and what was read beside the run meanwhile must not be covered by it again.
	compared, told *drift.Comparison

	// Wake has something in it while there is something to take out.
	Wake chan struct{}
}

// NewBox is an empty one.
func NewBox() *Box {
	return &Box{ticks: map[int][]plan.Tick{}, Wake: make(chan struct{}, 1)}
}

// Put puts in what a run tells.
func (b *Box) Put(p plan.RunProgress) {
	b.mu.Lock()
	b.progress = p
	if len(p.Ticks) > 0 {
		b.ticks[p.Step] = p.Ticks
	}
	if p.Compared != nil && p.Compared != b.told {
		b.compared, b.told = p.Compared, p.Compared
	}
	b.mu.Unlock()
	select {
	case b.Wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

// Empty takes it out.
func (b *Box) Empty() (Heard, *drift.Comparison) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.compared
	b.compared = nil
	return Heard{Progress: b.progress, Ticks: maps.Clone(b.ticks)}, c
}
