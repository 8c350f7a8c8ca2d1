package tui

import (
	"cmp"
	"context"
	"slices"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// The messages of a read, each with its id.
type (
	readProgressMsg struct {
		id      uint64
		parts   []model.Progress
		set     *rows.Set
		known   *rows.Set // what an earlier program knew
		past    drift.Past
		summary *drift.Summary
		next    tea.Cmd // waits for more
	}
	readDoneMsg struct {
		id    uint64
		set   *rows.Set
		known *rows.Set
		past  drift.Past
		err   error
	}
)

func (a *app) startRead(subject *model.Subject) tea.Cmd {
	return a.startReadRequest(readRequest{subject: subject})
}

// readRequest is what a read is to bring; the zero value reads both sides.
type readRequest struct {
	subject *model.Subject // that record alone
	// custom is done in the place of reading both sides.
	custom func(context.Context) (*drift.Comparison, error)
	// look: nobody asked for it just now, so that it reads no more than it has to.
	look bool
}

// startReadRequest starts a read and overtakes the one before it. Of several only what was known before the first is
// gone back to, where anything was.
func (a *app) startReadRequest(want readRequest) tea.Cmd {
	before := a.Shown
	if a.Fetch.Active {
		before = a.Fetch.Fallback()
		a.Fetch.Cancel()
	}
	ctx, cancel := context.WithCancel(a.ctx)
	box := newMailbox[readProgressMsg]()
	a.Fetch = reading.Begin(reading.Fetch{
		ID: a.nextRequestID(), Cancel: cancel, Before: before, Began: a.opts.Now(), Subject: want.subject,
		Patch: want.subject != nil || want.custom != nil, Look: want.look,
	})
	a.status = ""
	id := a.Fetch.ID
	return tea.Batch(a.runRead(ctx, id, box, want), a.listenToRead(ctx, id, box),
		a.tickSecond(func() bool { return a.Fetch.Active && a.Fetch.ID == id }))
}

// runRead runs the read itself. It is counted, so that the program does not end before it has.
func (a *app) runRead(ctx context.Context, id uint64, box *mailbox[readProgressMsg], want readRequest) tea.Cmd {
	outside, first := a.outside, a.Set == nil
	return a.inBackground(func() tea.Msg {
		var c *drift.Comparison
		var known *rows.Set
		var past drift.Past
		var err error
		switch {
		case want.custom != nil:
			c, err = want.custom(ctx)
		case want.subject != nil:
			c, err = outside.Refresh(ctx, *want.subject)
		case want.look:
			c, err = outside.Look(ctx, progressWatch(box))
		default:
			if first {
				known, past = lastKnown(ctx, outside, box)
			}
			c, err = outside.Load(ctx, progressWatch(box))
		}
		done := readDoneMsg{id: id, known: known, past: past, err: cmp.Or(err, ctx.Err())}
		if done.err == nil {
			done.set, done.past = rows.NewSet(c), outside.Past(ctx, c)
		}
		return done
	})
}

func (a *app) listenToRead(ctx context.Context, id uint64, box *mailbox[readProgressMsg]) tea.Cmd {
	return a.sendThrottled(ctx, box.wake, func() tea.Msg {
		news := box.fetch(func(n *readProgressMsg) { *n = readProgressMsg{} })
		news.id, news.next = id, a.listenToRead(ctx, id, box)
		return news
	})
}

// applyTo takes in what a running read tells, and waits for more; late news of another read is dropped.
func (msg readProgressMsg) applyTo(a *app) tea.Cmd {
	if !a.Fetch.Active || msg.id != a.Fetch.ID {
		return nil
	}
	for _, p := range msg.parts {
		a.Fetch.Update(p, a.now)
	}
	if msg.summary != nil {
		a.Fetch.Summary = msg.summary
	}
	if msg.set != nil {
		a.Fetch.Latest = msg.set
	}
	switch {
	case a.setFallback(msg.known):
		a.trend = msg.past
		return tea.Batch(msg.next, a.show(a.Fetch.Before))
	case msg.set == nil, a.Fetch.Before.Known() != nil:
		return msg.next // what is known stays whole until the read has ended: no row and no count is of two reads
	}
	return tea.Batch(msg.next, a.show(reading.Shown{Set: msg.set, Interim: true}))
}

// applyTo takes in the end of a read; the end of another read is dropped.
func (msg readDoneMsg) applyTo(a *app) tea.Cmd {
	if !a.Fetch.Active || msg.id != a.Fetch.ID {
		return nil
	}
	a.Fetch.Cancel()
	a.Fetch.Active = false
	if a.setFallback(msg.known) || msg.set != nil {
		a.trend = msg.past
	}
	before := a.Fetch.Fallback()
	switch {
	case msg.set != nil && a.Fetch.Patch:
		return a.showPatch(before.Patched(msg.set), msg.set)
	case msg.set != nil:
		next := before.Succeed(msg.set, a.now)
		cmd := tea.Batch(a.show(next), a.noteChanges(before.Known()))
		if gone := a.marks.Retain(next.Set); gone > 0 {
			a.status = marksGone(gone)
		}
		if next.Late != nil {
			a.status = "This read knows less than the last one, which stays on the board; " +
				a.keyFor("coverage") + " shows what it lacks."
		}
		return cmd
	case a.Fetch.Patch:
		a.showError("Not read again: " + msg.err.Error())
	case before.Set != nil:
		if !a.Fetch.Look { // nobody waits for a look, and the notice says it
			a.showError("Reload failed, this is what was read before: " + msg.err.Error())
		}
		before = before.Fail(a.now, "failed", "failed: "+msg.err.Error())
	default:
		before.Failed = msg.err.Error()
	}
	return a.show(before)
}

// showPatch takes in what was read with one record, or one question, patched.
func (a *app) showPatch(next reading.Shown, set *rows.Set) tea.Cmd {
	subject := a.Fetch.Subject
	took := next.Set == set
	if took && subject != nil && next.Late != nil {
		next.MarkReread(subject)
	}
	cmd := a.show(next)
	again := "Read again on both sides."
	if subject != nil && subject.Type == model.SubjectGroup {
		again += " " + a.keyFor("entitlements") + " has OneLogin refresh its entitlements too."
	}
	switch gone := a.marks.Retain(next.Set); {
	case gone > 0:
		a.status = marksGone(gone)
	case !took:
		a.status = "Read again, and not shown: the last read of both sides knows less than what shows. " +
			a.keyFor("reload") + " reads them again."
	case subject != nil && a.status == "": // what was said meanwhile, such as what a settling found, is worth more
		a.status = again
	}
	return cmd
}

// cancelFetch goes back to what was shown before the read. Where every part was read, only details are given up.
func (a *app) cancelFetch() tea.Cmd {
	all, latest := a.AllRead(), a.Fetch.Latest
	a.Fetch.Cancel()
	a.Fetch.Active = false
	a.status = "Cancelled."
	before := a.Fetch.Fallback()
	switch {
	case a.Fetch.Patch, a.Fetch.Look:
	case all && before.Succeed(latest, a.now).Late == nil:
		shown := &reading.Shown{Set: latest}
		before = shown.Fail(a.now, "was cancelled", "was cancelled before its details were read")
	case before.Set != nil:
		before = before.Fail(a.now, "was cancelled", "was cancelled")
	case before.Failed == "":
		before.Failed = "Cancelled before anything was read. Press " + a.keyFor("reload") + " to read both sides."
	}
	return a.show(before)
}

// showUnlessOlder shows what a run has read, or patched. What it patched before both sides were read again is not shown
// over that.
func (a *app) showUnlessOlder(set *rows.Set) tea.Cmd {
	before := a.Known()
	if before == nil {
		return a.show(a.Succeed(set, a.now))
	}
	switch set.Comparison.Source.ReadAt.Compare(before.Comparison.Source.ReadAt) {
	case -1:
		return nil
	case 0:
		return a.show(a.Patched(set))
	}
	return a.show(a.Succeed(set, a.now))
}

func (a *app) pickedFindings(picks []model.Pick) []*model.Finding {
	wanted := map[string]bool{}
	for _, p := range picks {
		wanted[p.Finding] = true
	}
	var out []*model.Finding
	for i := range a.Set.Comparison.Findings {
		if f := &a.Set.Comparison.Findings[i]; wanted[f.ID] {
			out = append(out, f)
		}
	}
	return out
}

// showLateSet shows what the later read gave, gaps and all: the operator wants to go on with what there is.
func (a *app) showLateSet() tea.Cmd {
	a.pop()
	set := a.Late.Set
	cmd := a.show(reading.Shown{Set: set})
	a.status = "This is the last read as it came. What it did not get is unknown."
	if gone := a.marks.Retain(set); gone > 0 {
		a.status += " " + marksGone(gone)
	}
	return cmd
}

// mailbox passes news from other goroutines to the event loop. It keeps only the newest word, so that who reports every
// page can never be held up by a slow terminal, nor flood it.
type mailbox[T any] struct {
	mu    sync.Mutex
	value T
	wake  chan struct{}
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{wake: make(chan struct{}, 1)} }

func (m *mailbox[T]) update(change func(*T)) {
	m.mu.Lock()
	change(&m.value)
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default: // somebody is being woken already
	}
}

// fetch gives what is in it; after says what stays.
func (m *mailbox[T]) fetch(after func(*T)) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	news := m.value
	after(&m.value)
	return news
}

// progressWatch puts in what a read tells: of each part its last word.
func progressWatch(box *mailbox[readProgressMsg]) drift.Watch {
	return drift.Watch{
		Part: func(p model.Progress) {
			box.update(func(n *readProgressMsg) {
				n.parts = append(slices.DeleteFunc(n.parts, func(other model.Progress) bool {
					return other.Side == p.Side && other.Part == p.Part
				}), p)
			})
		},
		Interim: func(c *drift.Comparison) {
			if c != nil {
				set := rows.NewSet(c)
				box.update(func(n *readProgressMsg) { n.set = set })
			}
		},
	}
}
