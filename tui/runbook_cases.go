package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/runbook"
	"github.com/scimdrift/scimdrift/tui/style"
)

// The messages of the runbooks that are kept: what there is after the start, and what became of keeping or forgetting
// one.
type (
	casesMsg struct {
		of      string // the connection
		entries []runbook.Entry
		err     error
	}
	keptMsg struct{ err error }
)

// aside runs something of the outside away from the event loop, counted, so that the program does not end before it
// has.
func (a *app) aside(f func() tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		return f()
	}
}

// askCases reads which runbooks an earlier program left under way.
func (a *app) askCases() tea.Cmd {
	of, outside := a.opts.Connection, a.outside
	return a.aside(func() tea.Msg {
		entries, err := outside.Cases(a.ctx)
		return casesMsg{of, entries, err}
	})
}

// takeCases takes them in, and says that there are some: who was interrupted must not have to remember.
func (a *app) takeCases(msg casesMsg) {
	if msg.of != a.opts.Connection {
		return
	}
	for _, e := range msg.entries {
		_, known := runbook.Find(e.Book)
		if known && !slices.ContainsFunc(a.cases, e.Same) {
			a.cases, a.resuming = append(a.cases, e), true
		}
	}
	switch n := len(a.cases); {
	case msg.err != nil:
		a.status = msg.err.Error()
	case n == 1:
		a.status = "1 runbook is under way: b goes on with it."
	case n > 1:
		a.status = style.Number(n) + " runbooks are under way: b goes on with them."
	}
}

// openRunbook begins a runbook, or goes on with it where it is under way.
func (a *app) openRunbook(e runbook.Entry) tea.Cmd {
	book, known := runbook.Find(e.Book)
	if !known {
		return nil
	}
	a.resuming = false
	if i := slices.IndexFunc(a.cases, e.Same); i >= 0 {
		a.push(&runbookScreen{entry: a.cases[i], book: book, old: true})
		return nil
	}
	e.Begun = a.opts.Now()
	a.cases = append([]runbook.Entry{e}, a.cases...)
	a.push(&runbookScreen{entry: e, book: book, old: true})
	outside := a.outside
	return a.aside(func() tea.Msg { return keptMsg{outside.KeepCase(a.ctx, e)} })
}

// dropCase ends a runbook: it is under way no longer.
func (a *app) dropCase(e runbook.Entry) tea.Cmd {
	a.cases = slices.DeleteFunc(a.cases, e.Same)
	outside := a.outside
	return a.aside(func() tea.Msg { return keptMsg{outside.DropCase(a.ctx, e)} })
}

// judged is what runbooks look at: what shows, with the checks as they were answered last and the events that came in
// since.
func (a *app) judged() *drift.Comparison {
	if a.set == nil {
		return nil
	}
	c := *a.set.Comparison
	c.Checks = a.checks()
	if all := a.events.events.All; len(all) > len(c.Source.Events) {
		c.Source.Events = all
	}
	return &c
}

// caseOf is a runbook with what is known now.
func (a *app) caseOf(e runbook.Entry) runbook.Case { return e.Case(a.judged(), a.past.runs) }

// rejudge has the runbooks on the screen look again: what they rest on has changed.
func (a *app) rejudge() {
	for _, s := range a.screens {
		if s, is := s.(*runbookScreen); is {
			s.stale()
		}
	}
}
