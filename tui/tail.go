package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
)

// tailMsg brings an answer to the question for new events, tailDueMsg says that it is time to ask again.
type (
	tailMsg struct {
		id      uint64
		events  []model.Event
		err     error
		budgets Budgets
	}
	tailDueMsg uint64
)

// toggleTail starts or stops following the log; it begins with a question at once.
func (a *app) toggleTail() tea.Cmd {
	if a.events.Tail.On {
		a.events.Stop()
		a.status = "Stopped following."
		return nil
	}
	if a.Set.Directory(model.SourceSide).Coverage[model.PartEvents].State == model.Skipped {
		a.status = "The configuration says not to read events."
		return nil
	}
	a.events.Follow(a.ctx, a.next())
	return a.askTail()
}

// askTail asks for what came after the newest event there is.
func (a *app) askTail() tea.Cmd {
	id, ctx, outside := a.events.Tail.ID, a.events.Tail.Ctx, a.outside
	var after time.Time
	if all := a.events.All(); len(all) > 0 {
		after = all[0].At
	} else if a.Set != nil {
		after = a.Set.Directory(model.SourceSide).ReadAt
	}
	return a.aside(func() tea.Msg {
		events, err := outside.Events(ctx, after)
		return tailMsg{id: id, events: events, err: err, budgets: outside.Budgets()}
	})
}

// tailed takes in an answer and asks again after a while; what comes after the end is dropped.
func (a *app) tailed(msg tailMsg) tea.Cmd {
	t := &a.events.Tail
	if !t.On || msg.id != t.ID {
		return nil
	}
	a.now = a.opts.Now()
	a.budgets = msg.budgets
	a.events.Tailed(msg.events, msg.err, a.now)
	a.rejudge()
	return afterIn(t.Ctx, a.tailPace, func() tea.Msg { return tailDueMsg(msg.id) })
}

func (a *app) tailDue(id uint64) tea.Cmd {
	if t := &a.events.Tail; !t.On || t.ID != id {
		return nil
	}
	return a.askTail()
}
