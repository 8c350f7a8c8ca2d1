package load

import (
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// Side is one of the two systems.
type Side uint8

// The sides.
const (
	SourceSide Side = iota
	TargetSide
)

func (s Side) String() string { return [...]string{"source", "target"}[s] }

// State says where the reading of a part stands.
type State uint8

// The states of a part.
const (
	Queued State = iota
	Reading
	Read
	Failed
)

// Progress is where one part of one side stands. Load tells to which load it belongs: later loads have larger ids, and
// what comes from an older one can be dropped.
type Progress struct {
	Load           uint64
	Side           Side
	Part           model.Part
	State          State
	Done, Expected int
	// Requests counts those of the whole side since the load began.
	Requests int
	// Calls is how many requests the whole side will have taken at the least, as far as the first pages of its lists
	// tell.
	Calls int
	// WaitingUntil is when a wait for a rate limit, or after a failure, ends; zero when nothing waits. WaitingFor
	// says why; of a part that is queued, what has to be read before it.
	WaitingUntil time.Time
	WaitingFor   string
	// Reason says why a part failed or is not complete.
	Reason string
}

// Watch is told how a load goes; its functions may be nil, are called from several goroutines and must return quickly.
type Watch struct {
	Part func(Progress)
	// Interim gets a comparison as soon as users and groups are there; what is still being read has unknown coverage.
	Interim func(load uint64, c *drift.Comparison)
}

// watcher passes progress on, one at a time.
type watcher struct {
	mu    sync.Mutex
	load  uint64
	watch Watch
	// before counts the requests of each side when the load began.
	before [2]int
	count  [2]func() int
	// toCome is how many requests the source is known to take still; nil if it cannot tell.
	toCome func() int
	parts  map[partKey]*Progress
	ended  bool
}

// foreseer is a source that can tell from the first pages of its lists how many requests are still to come.
type foreseer interface {
	ToCome() int
}

type partKey struct {
	side Side
	part model.Part
}

// update changes one part's progress and passes it on.
func (w *watcher) update(side Side, part model.Part, change func(*Progress)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	key := partKey{side, part}
	p := w.parts[key]
	if p == nil {
		p = &Progress{Load: w.load, Side: side, Part: part}
		w.parts[key] = p
	}
	change(p)
	w.tell(p)
}

// tell passes a part's progress on; the caller holds the lock.
func (w *watcher) tell(p *Progress) {
	p.Requests = w.count[p.Side]() - w.before[p.Side]
	p.Calls = p.Requests
	if p.Side == SourceSide && w.toCome != nil {
		p.Calls += w.toCome()
	}
	if w.watch.Part != nil {
		w.watch.Part(*p)
	}
}

// reading gives the callback that a list reports its progress to.
func (w *watcher) reading(side Side, part model.Part) func(done, expected int) {
	w.update(side, part, func(p *Progress) { p.State, p.WaitingFor = Reading, "" })
	return func(done, expected int) {
		w.update(side, part, func(p *Progress) {
			p.Done, p.Expected, p.WaitingUntil, p.WaitingFor = done, max(expected, 0), time.Time{}, ""
		})
	}
}

// done tells how a part ended.
func (w *watcher) done(side Side, part model.Part, c model.Coverage) {
	w.update(side, part, func(p *Progress) {
		p.State, p.WaitingUntil, p.WaitingFor, p.Reason = Read, time.Time{}, "", c.Reason
		if c.State == model.Unknown {
			p.State = Failed
		}
	})
}

// queued tells what has to be read before a part.
func (w *watcher) queued(side Side, part model.Part, behind string) {
	w.update(side, part, func(p *Progress) { p.WaitingFor = behind })
}

// waiting tells every part that is being read on a side that its requests are held back, and why.
func (w *watcher) waiting(side Side, until time.Time, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	for _, part := range model.SourceParts() {
		if p := w.parts[partKey{side, part}]; p != nil && p.State == Reading {
			p.WaitingUntil, p.WaitingFor = until, why
			w.tell(p)
		}
	}
}

// correct tells of parts that were reported as read and then not believed, or to which a later answer added something,
// so that the last that is told of a part is what the comparison says of it.
func (w *watcher) correct(side Side, coverages model.Coverages) {
	for _, part := range model.SourceParts() {
		w.mu.Lock()
		p := w.parts[partKey{side, part}]
		stale := p != nil && p.Reason != coverages[part].Reason
		w.mu.Unlock()
		if stale {
			w.done(side, part, coverages[part])
		}
	}
}

func (w *watcher) end() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
}

// Waiting tells the running load, if any, that requests to a side are held back until then and why, for its progress.
func (l *Loader) Waiting(side Side, until time.Time, why string) {
	l.mu.Lock()
	w := l.watch
	l.mu.Unlock()
	if w != nil {
		w.waiting(side, until, why)
	}
}
