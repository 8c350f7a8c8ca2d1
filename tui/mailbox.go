package tui

import (
	"sync"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// mailbox passes news from the loader's goroutines to the event loop. It keeps only the newest word on each part, so
// that a loader that reports every page can never be held up by a slow terminal, nor flood it.
type mailbox struct {
	mu    sync.Mutex
	parts map[partKey]model.Progress
	set   *rows.Set
	// known is what was known before the read.
	known *rows.Set
	past  drift.Past
	// summary is shown until that is there.
	summary *drift.Summary
	wake    chan struct{}
}

type partKey struct {
	side model.Side
	part model.Part
}

func newMailbox() *mailbox {
	return &mailbox{parts: map[partKey]model.Progress{}, wake: make(chan struct{}, 1)}
}

func (m *mailbox) put(change func()) {
	m.mu.Lock()
	change()
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

func (m *mailbox) watch() drift.Watch {
	return drift.Watch{
		Part: func(p model.Progress) {
			if int(p.Side) < len(model.Sides()) {
				m.put(func() { m.parts[partKey{p.Side, p.Part}] = p })
			}
		},
		Interim: func(c *drift.Comparison) {
			if c == nil {
				return
			}
			set := rows.NewSet(c)
			m.put(func() { m.set = set })
		},
	}
}

func (m *mailbox) empty() (news newsMsg) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.parts {
		news.parts = append(news.parts, p)
	}
	clear(m.parts)
	news.set, news.known, news.past, news.summary, m.set, m.known = m.set, m.known, m.past, m.summary, nil, nil
	return news
}

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
