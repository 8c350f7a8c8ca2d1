package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/scimdrift/scimdrift/model"
	"github.com/scimdrift/scimdrift/tui/reading"
	"github.com/scimdrift/scimdrift/tui/rows"
)

// arrived shows what a run has read, or patched. What it patched before both sides were read again is not shown over
// that.
func (a *app) arrived(set *rows.Set) tea.Cmd {
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

// picked finds the findings of picks.
func (a *app) picked(picks []model.Pick) []*model.Finding {
	if a.Set == nil {
		return nil
	}
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

// asItCame shows what the later read gave, gaps and all: the operator wants to go on with what there is.
func (a *app) asItCame() tea.Cmd {
	a.pop()
	set := a.Late.Set
	cmd := a.show(reading.Shown{Set: set})
	a.status = "This is the last read as it came. What it did not get is unknown."
	if gone := a.marks.Retain(set); gone > 0 {
		a.status += " " + marksGone(gone)
	}
	return cmd
}

// hasLateSet: the coverage is looked at, and there is a later read to show.
func (a *app) hasLateSet() bool {
	return onTop[*reading.Screen](a) && a.Late != nil && a.Late.Set != nil
}
