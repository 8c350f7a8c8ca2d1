package load

import (
	"sync"
	"time"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
)

// watcher passes progress on, one at a time.
type watcher struct {
	mu    sync.Mutex
	watch drift.Watch
	// requestsBefore counts the requests of each side when the load began.
	requestsBefore [2]int
	countRequests  [2]func() int
	parts          map[partKey]*model.Progress
	ended          bool
}

type partKey struct {
	side model.Side
	part model.Part
}

func (w *watcher) update(side model.Side, part model.Part, change func(*model.Progress)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	key := partKey{side, part}
	p := w.parts[key]
	if p == nil {
		p = &model.Progress{Side: side, Part: part}
		w.parts[key] = p
	}
	change(p)
	w.report(p)
}

// report passes a part's progress on; the caller holds the lock.
func (w *watcher) report(p *model.Progress) {
	p.Requests = w.countRequests[p.Side]() - w.requestsBefore[p.Side]
	if w.watch.Part != nil {
		w.watch.Part(*p)
	}
}

func (w *watcher) startPart(side model.Side, part model.Part) func(done, expected int) {
	w.update(side, part, func(p *model.Progress) { p.State, p.WaitingFor = model.PartReading, "" })
	return func(done, expected int) {
		w.update(side, part, func(p *model.Progress) {
			p.Done, p.Expected, p.WaitingUntil, p.WaitingFor = done, max(expected, 0), time.Time{}, ""
		})
	}
}

func (w *watcher) finishPart(side model.Side, part model.Part, c model.Coverage) {
	w.update(side, part, func(p *model.Progress) {
		p.State, p.WaitingUntil, p.WaitingFor, p.Reason = model.PartRead, time.Time{}, "", c.Reason
		if c.State == model.Unknown {
			p.State = model.PartFailed
		}
	})
}

func (w *watcher) queuePart(side model.Side, part model.Part, behind string) {
	w.update(side, part, func(p *model.Progress) { p.WaitingFor = behind })
}

// reportWaiting tells every part that is being read on a side that its requests are held back, and why.
func (w *watcher) reportWaiting(side model.Side, until time.Time, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	for _, part := range model.SourceParts() {
		if p := w.parts[partKey{side, part}]; p != nil && p.State == model.PartReading {
			p.WaitingUntil, p.WaitingFor = until, why
			w.report(p)
		}
	}
}

// correctCoverages tells of parts that were reported as read and then not believed, or to which a later answer added
// something, so that the last that is told of a part is what the comparison says of it.
func (w *watcher) correctCoverages(side model.Side, coverages model.Coverages) {
	for _, part := range model.SourceParts() {
		w.mu.Lock()
		p := w.parts[partKey{side, part}]
		stale := p != nil && p.Reason != coverages[part].Reason
		w.mu.Unlock()
		if stale {
			w.finishPart(side, part, coverages[part])
		}
	}
}

func (w *watcher) stop() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
}

// Waiting tells the running load, if any, that requests to a side are held back until then and why, for its progress.
func (l *Loader) Waiting(side model.Side, until time.Time, why string) {
	l.mu.Lock()
	w := l.watch
	l.mu.Unlock()
	if w != nil {
		w.reportWaiting(side, until, why)
	}
}
