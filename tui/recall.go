package tui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/model/drift"
	"github.com/scimdrift/scimdrift/model/explain"
	"github.com/scimdrift/scimdrift/tui/rows"
	"github.com/scimdrift/scimdrift/tui/style"
)

// recalledMsg brings what an earlier program knew of a connection that is not being read.
type recalledMsg struct {
	of   Outside
	set  *rows.Set
	past drift.Past
}

// recalled asks for what an earlier program knew. That there is none, or that it cannot be read, changes nothing: the
// read that follows replaces it.
func recalled(ctx context.Context, outside Outside, box *mailbox) (*rows.Set, drift.Past) {
	if summary := outside.Summary(ctx); summary != nil {
		box.put(func() { box.summary = summary })
	}
	c, err := outside.Known(ctx)
	if err != nil || c == nil || !c.KnowsSomething() {
		return nil, drift.Past{}
	}
	known, past := rows.NewSet(c), outside.Past(ctx, c)
	box.put(func() { box.known, box.past = known, past })
	return known, past
}

// recallOnly shows what is known where nothing is read.
func (a *app) recallOnly() tea.Cmd {
	ctx, outside := a.ctx, a.outside
	return a.aside(func() tea.Msg {
		set, past := recalled(ctx, outside, newMailbox())
		return recalledMsg{outside, set, past}
	})
}

func (a *app) recalled(msg recalledMsg) tea.Cmd {
	if msg.set == nil || msg.of != a.outside || a.set != nil || a.fetch.active {
		return nil
	}
	a.trend = msg.past
	return a.show(ofEarlier(msg.set, lateRead{
		at: a.now, word: "was not begun",
		why: "was not begun, to leave the calls to others",
	}))
}

// recall makes what an earlier program knew what the read under way goes back to, where there was nothing before it.
func (a *app) recall(known *rows.Set) bool {
	if known == nil || a.fetch.before.known() != nil {
		return false
	}
	a.fetch.before = ofEarlier(known, lateRead{at: a.fetch.began, word: "has not ended", why: "has not ended yet"})
	return true
}

// summaryTable stands in the place of the grid until what an earlier program knew is there.
func (a *app) summaryTable(s *drift.Summary, height int) []string {
	var counts []string
	for _, severity := range model.Severities() {
		if n := s.Findings[severity.String()]; n > 0 {
			counts = append(counts, style.Number(n)+" "+severity.String())
		}
	}
	found := "no findings"
	if counts != nil {
		found = strings.Join(counts, ", ")
	}
	lines := []string{"", "  " + a.theme.Title.On(style.Cut(fmt.Sprintf("As of %s, %s: %s. Users: %s and %s.",
		a.context().Clock(s.At), a.context().Ago(s.At), found, style.Number(s.Users[0]),
		style.Number(s.Users[1])), a.width-4)), ""}
	for _, one := range s.First[:min(len(s.First), max(height-len(lines), 0))] {
		text := style.Fit(one.Severity, 10) + style.Fit(style.Name(one.Name), 40) + " " +
			explain.KindAndCause(one.Kind, one.Cause)
		lines = append(lines, "  "+style.Cut(text, a.width-4))
	}
	return lines
}

// ofEarlier shows what an earlier program knew: stale until a read of now takes its place.
func ofEarlier(known *rows.Set, late lateRead) shown { return shown{set: known, late: &late} }
