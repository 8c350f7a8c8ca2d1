package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/tui/rows"
)

// recalledMsg brings what an earlier program knew of a connection that is not being read.
type recalledMsg struct {
	of  Outside
	set *rows.Set
}

// recalled asks for what an earlier program knew. That there is none, or that it cannot be read, changes nothing: the read that follows
// replaces it.
func recalled(ctx context.Context, outside Outside) *rows.Set {
	c, err := outside.Known(ctx)
	if err != nil || c == nil || !c.KnowsSomething() {
		return nil
	}
	return rows.NewSet(c)
}

// recallOnly shows what is known where nothing is read.
func (a *app) recallOnly() tea.Cmd {
	ctx, outside := a.ctx, a.outside
	return func() tea.Msg {
		if !a.running.begin() {
			return nil
		}
		defer a.running.end()
		return recalledMsg{outside, recalled(ctx, outside)}
	}
}

func (a *app) recalled(msg recalledMsg) tea.Cmd {
	if msg.set == nil || msg.of != a.outside || a.set != nil || a.fetch.active {
		return nil
	}
	return a.show(ofEarlier(msg.set, lateRead{at: a.now, word: "was not begun", why: "was not begun, to leave the calls to others"}))
}

// recall makes what an earlier program knew what the read under way goes back to, where there was nothing before it.
func (a *app) recall(known *rows.Set) bool {
	if known == nil || a.fetch.before.known() != nil {
		return false
	}
	a.fetch.before = ofEarlier(known, lateRead{at: a.fetch.began, word: "has not ended", why: "has not ended yet"})
	return true
}

// ofEarlier shows what an earlier program knew: stale until a read of now takes its place.
func ofEarlier(known *rows.Set, late lateRead) shown { return shown{set: known, late: &late} }
