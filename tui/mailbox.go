package tui

import (
	"maps"
	"slices"
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/plan"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/run"
)

// mailbox passes news from other goroutines to the event loop. It keeps only the newest word, so that who reports every
// page can never be held up by a slow terminal, nor flood it.
type mailbox[T any] struct {
	mu   sync.Mutex
	news T
	wake chan struct{}
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{wake: make(chan struct{}, 1)} }

func (m *mailbox[T]) put(change func(*T)) {
	m.mu.Lock()
	change(&m.news)
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

// take gives what is in it; after says what stays.
func (m *mailbox[T]) take(after func(*T)) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	news := m.news
	after(&m.news)
	return news
}

// heard puts in what a read tells: of each part its last word.
func heard(box *mailbox[newsMsg]) drift.Watch {
	return drift.Watch{
		Part: func(p model.Progress) {
			if int(p.Side) >= len(model.Sides()) {
				return
			}
			box.put(func(n *newsMsg) {
				n.parts = append(slices.DeleteFunc(n.parts, func(other model.Progress) bool {
					return other.Side == p.Side && other.Part == p.Part
				}), p)
			})
		},
		Interim: func(c *drift.Comparison) {
			if c != nil {
				set := rows.NewSet(c)
				box.put(func(n *newsMsg) { n.set = set })
			}
		},
	}
}

// runNews is what a run tells. compared is the last comparison that nobody has fetched yet, told the last of all: a run
// repeats it with every word, and what was read beside the run meanwhile must not be covered by it again.
type runNews struct {
	run.Heard

	compared, told *drift.Comparison
}

// hear takes in one word. The ticks of a step that was watched stay: the word that ends it has none any more.
func (n *runNews) hear(p plan.RunProgress) {
	n.Progress = p
	if len(p.Ticks) > 0 {
		ticks := maps.Clone(n.Ticks)
		if ticks == nil {
			ticks = map[int][]plan.Tick{}
		}
		ticks[p.Step] = p.Ticks
		n.Ticks = ticks
	}
	if p.Compared != nil && p.Compared != n.told {
		n.compared, n.told = p.Compared, p.Compared
	}
}

// fetched: the comparison was taken out.
func (n *runNews) fetched() { n.compared = nil }

// running counts the reads in flight, and lets no new one begin once the program ends.
type running struct {
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

func (r *running) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.group.Add(1)
	}
	return !r.closed
}

func (r *running) end() { r.group.Done() }

func (r *running) wait() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.group.Wait()
}
