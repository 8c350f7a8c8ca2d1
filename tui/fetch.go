package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// fetch is the one read that may be under way. Its id tells the messages of this read from those of an older one, which
// can still arrive after it was cancelled or overtaken.
type fetch struct {
	id     uint64
	active bool
	cancel context.CancelFunc
	// before is what was shown when the read began: cancelling goes back to it.
	before  shown
	began   time.Time
	subject *model.Subject // nil: everything is read
	// patch: nothing is read as a whole; what comes is the last read with something patched.
	patch bool
	// look: it goes on in the background of a watch.
	look bool
	// latest is what this read has given so far; nil before it gave anything.
	latest *rows.Set
	// summary is of what an earlier program knew, until all of that is there.
	summary *drift.Summary
	parts   [2]map[model.Part]model.Progress
	// paces are how fast the parts are read.
	paces [2]map[model.Part]pace
}

// shown is what the board shows of the outside.
type shown struct {
	set *rows.Set
	// interim: the set is not the last word of its load, which goes on or was ended early.
	interim bool
	// failed is why there is no set; empty if there is one.
	failed string
	// late is a read that ended after that of the set and did not take its place; nil while the set is the last word.
	late *lateRead
}

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
	before := a.shown
	if a.fetch.active {
		before = a.fetch.endedEarly()
		a.fetch.cancel()
	}
	ctx, cancel := context.WithCancel(a.ctx)
	box := newMailbox()
	a.fetch = fetch{
		id: a.next(), active: true, cancel: cancel, before: before, began: a.opts.Now(),
		subject: want.subject, patch: want.subject != nil || want.how != nil, look: want.look,
		parts: [2]map[model.Part]model.Progress{{}, {}}, paces: [2]map[model.Part]pace{{}, {}},
	}
	a.status = ""
	return tea.Batch(a.read(ctx, a.fetch.id, box, want), a.listen(ctx, a.fetch.id, box, a.outside),
		a.second(a.fetch.id))
}

// read runs the read itself. It is counted, so that the program does not end before it has.
func (a *app) read(ctx context.Context, id uint64, box *mailbox, want wanted) tea.Cmd {
	outside, first := a.outside, a.set == nil
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
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
			c, err = outside.Look(ctx, box.watch())
		default:
			if first {
				known, past = recalled(ctx, outside, box)
			}
			c, err = outside.Load(ctx, box.watch())
		}
		done := doneMsg{id: id, known: known, past: past, err: err, budgets: outside.Budgets()}
		if err == nil && c != nil && ctx.Err() == nil {
			done.set, done.past = rows.NewSet(c), outside.Past(ctx, c)
		}
		return done
	}
}

// listen waits for news. The pace keeps progress from costing a slow line more than it tells.
func (a *app) listen(ctx context.Context, id uint64, box *mailbox, outside Outside) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-box.wake:
		}
		timer := time.NewTimer(a.pace)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		news := box.empty()
		news.id, news.budgets = id, outside.Budgets()
		return listenMsg{news, a.listen(ctx, id, box, outside)}
	}
}

// listenMsg is news with the command that waits for more.
type listenMsg struct {
	newsMsg

	again tea.Cmd
}

// news takes in what a running read tells; late news of another read is dropped.
func (a *app) news(msg newsMsg) tea.Cmd {
	if !a.fetch.active || msg.id != a.fetch.id {
		return nil
	}
	a.now = a.opts.Now()
	for _, p := range msg.parts {
		a.fetch.hear(p, a.now)
	}
	a.budgets = msg.budgets
	if msg.summary != nil {
		a.fetch.summary = msg.summary
	}
	if msg.set != nil {
		a.fetch.latest = msg.set
	}
	switch {
	case a.recall(msg.known):
		a.trend = msg.past
		return a.show(a.fetch.before)
	case msg.set == nil, a.fetch.before.known() != nil:
		return nil // what is known stays whole until the read has ended: no row and no count is of two reads
	}
	return a.show(shown{set: msg.set, interim: true})
}

// allRead: the read under way has every part of both sides, well read or not. Only details can still be to come.
func (a *app) allRead() bool {
	if !a.fetch.active || a.fetch.latest == nil {
		return false
	}
	c := a.fetch.latest.Comparison
	for side, coverages := range []*model.Coverages{&c.Source.Coverage, &c.Target.Coverage} {
		for _, part := range model.Side(side).Parts() {
			p := a.fetch.parts[side][part]
			if p.State != model.PartRead && p.State != model.PartFailed && coverages[part].State != model.Skipped {
				return false
			}
		}
	}
	return true
}
