package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// The messages of a read, each with its id.
type (
	newsMsg struct {
		id      uint64
		parts   []model.Progress
		set     *rows.Set
		known   *rows.Set // what an earlier program knew
		past    drift.Past
		summary *drift.Summary
		budgets Budgets
	}
	doneMsg struct {
		id      uint64
		set     *rows.Set
		known   *rows.Set
		past    drift.Past
		err     error
		budgets Budgets
	}
)

// begin starts a read of one record, or of everything.
func (a *app) begin(subject *model.Subject) tea.Cmd { return a.beginAs(wanted{subject: subject}) }

// wanted is what a read is to bring; the zero value reads both sides.
type wanted struct {
	subject *model.Subject // that record alone
	// how is done in the place of reading both sides.
	how func(context.Context) (*drift.Comparison, error)
	// look: nobody asked for it just now, so that it reads no more than it has to.
	look bool
}

// beginAs starts a read and overtakes the one before it. Of several only what was known before the first is gone
// back to, where anything was.
func (a *app) beginAs(want wanted) tea.Cmd {
	before := a.Shown
	if a.Fetch.Active {
		before = a.Fetch.EndedEarly()
		a.Fetch.Cancel()
	}
	ctx, cancel := context.WithCancel(a.ctx)
	box := newMailbox[newsMsg]()
	a.Fetch = reading.Begin(reading.Fetch{
		ID: a.next(), Cancel: cancel, Before: before, Began: a.opts.Now(), Subject: want.subject,
		Patch: want.subject != nil || want.how != nil, Look: want.look,
	})
	a.status = ""
	return tea.Batch(a.read(ctx, a.Fetch.ID, box, want), a.listen(ctx, a.Fetch.ID, box, a.outside),
		a.second(a.Fetch.ID))
}

// read runs the read itself. It is counted, so that the program does not end before it has.
func (a *app) read(ctx context.Context, id uint64, box *mailbox[newsMsg], want wanted) tea.Cmd {
	outside, first := a.outside, a.Set == nil
	return a.aside(func() tea.Msg {
		var c *drift.Comparison
		var known *rows.Set
		var past drift.Past
		var err error
		switch {
		case want.how != nil:
			c, err = want.how(ctx)
		case want.subject != nil:
			c, err = outside.Refresh(ctx, *want.subject)
		case want.look:
			c, err = outside.Look(ctx, heard(box))
		default:
			if first {
				known, past = recalled(ctx, outside, box)
			}
			c, err = outside.Load(ctx, heard(box))
		}
		done := doneMsg{id: id, known: known, past: past, err: err, budgets: outside.Budgets()}
		if err == nil && c != nil && ctx.Err() == nil {
			done.set, done.past = rows.NewSet(c), outside.Past(ctx, c)
		}
		return done
	})
}

// listen waits for news.
func (a *app) listen(ctx context.Context, id uint64, box *mailbox[newsMsg], outside Outside) tea.Cmd {
	return a.paced(ctx, box.wake, func() tea.Msg {
		news := box.take(func(n *newsMsg) { *n = newsMsg{} })
		news.id, news.budgets = id, outside.Budgets()
		return listenMsg{news, a.listen(ctx, id, box, outside)}
	})
}

// listenMsg is news with the command that waits for more.
type listenMsg struct {
	newsMsg

	again tea.Cmd
}

// news takes in what a running read tells; late news of another read is dropped.
func (a *app) news(msg newsMsg) tea.Cmd {
	if !a.Fetch.Active || msg.id != a.Fetch.ID {
		return nil
	}
	a.now = a.opts.Now()
	for _, p := range msg.parts {
		a.Fetch.Hear(p, a.now)
	}
	a.budgets = msg.budgets
	if msg.summary != nil {
		a.Fetch.Summary = msg.summary
	}
	if msg.set != nil {
		a.Fetch.Latest = msg.set
	}
	switch {
	case a.recall(msg.known):
		a.trend = msg.past
		return a.show(a.Fetch.Before)
	case msg.set == nil, a.Fetch.Before.Known() != nil:
		return nil // what is known stays whole until the read has ended: no row and no count is of two reads
	}
	return a.show(reading.Shown{Set: msg.set, Interim: true})
}
