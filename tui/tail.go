package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
)

// tailPace is the time between two questions for new events. OneLogin indexes them late anyway, and each question
// counts against the budget that a repair may need.
const tailPace = 15 * time.Second

// tail follows the log while the operator looks at it.
type tail struct {
	on bool
	// id tells the answers of this tail from those of one that was stopped.
	id     uint64
	ctx    context.Context //nolint:containedctx // it ends with the tail, and each question is asked from Update
	cancel context.CancelFunc
	asked  time.Time
	failed string
	came   int
}

func (t *tail) stop() {
	if t.on {
		t.cancel()
	}
	t.on = false
}

// tailMsg brings an answer.
type tailMsg struct {
	id      uint64
	events  []model.Event
	err     error
	budgets Budgets
}

// toggleTail starts or stops following; it begins with a question at once.
func (a *app) toggleTail() tea.Cmd {
	t := &a.events.tail
	if t.on {
		t.stop()
		a.status = "Stopped following."
		return nil
	}
	if a.directory(Source).Coverage[model.PartEvents].State == model.Skipped {
		a.status = "The configuration says not to read events."
		return nil
	}
	ctx, cancel := context.WithCancel(a.ctx)
	*t = tail{on: true, id: a.next(), ctx: ctx, cancel: cancel}
	return a.askTail(t.id)
}

// askTail asks for what came after the newest event there is. It is counted, so that the program does not end before it
// has ended.
func (a *app) askTail(id uint64) tea.Cmd {
	ctx, outside := a.events.tail.ctx, a.outside
	var after time.Time
	if all := a.events.events.All; len(all) > 0 {
		after = all[0].At
	} else if a.set != nil {
		after = a.directory(Source).ReadAt
	}
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		events, err := outside.Events(ctx, after)
		return tailMsg{id: id, events: events, err: err, budgets: outside.Budgets()}
	}
}

// tailed takes in an answer and asks again after a while; what comes after the end is dropped.
func (a *app) tailed(msg tailMsg) tea.Cmd {
	t := &a.events.tail
	if !t.on || msg.id != t.id {
		return nil
	}
	a.now = a.opts.Now()
	a.budgets = msg.budgets
	t.asked, t.failed = a.now, ""
	if msg.err != nil {
		t.failed = msg.err.Error()
	}
	t.came += a.events.add(msg.events)
	a.rejudge()
	return afterIn(t.ctx, a.events.pace, func() tea.Msg { return tailDueMsg(msg.id) })
}

// tailDueMsg says that it is time to ask again.
type tailDueMsg uint64

func (a *app) tailDue(id uint64) tea.Cmd {
	if t := &a.events.tail; !t.on || t.id != id {
		return nil
	}
	return a.askTail(id)
}
